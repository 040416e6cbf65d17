#pragma once
// Owning handles of OpenAL Soft's device and context, for runtime/sound alone.

#include <AL/al.h>
#include <AL/alc.h>
#include <AL/alext.h>

#include <memory>
#include <span>
#include <string>

#include "tracking/base/result.h"

namespace promenade::sound {

class AlDevice {
 public:
  // The default device, or one that renders into memory. Error: "sound-broken", or "no-sound-device".
  static base::Result<std::unique_ptr<AlDevice>> open(bool loopback);
  ~AlDevice();
  AlDevice(const AlDevice&) = delete;
  AlDevice& operator=(const AlDevice&) = delete;

  void make_current() const { alcMakeContextCurrent(context_); }
  const std::string& name() const { return name_; }
  bool is_real() const;    // something may be heard
  bool hrtf() const;
  bool connected() const;
  bool reopen();           // after it was unplugged: the new default device
  void render(std::span<float> stereo);  // loopback only

 private:
  AlDevice() = default;
  ALCdevice* device_ = nullptr;
  ALCcontext* context_ = nullptr;
  std::string name_;
  bool loopback_ = false;
  LPALCRENDERSAMPLESSOFT render_ = nullptr;
};

}  // namespace promenade::sound
