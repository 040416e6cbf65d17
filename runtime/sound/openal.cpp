#include "runtime/sound/openal.h"

#include "tracking/base/formatted.h"

namespace promenade::sound {
namespace {

constexpr ALCint kRate_hz = 48000;

template <class F>
F device_function(ALCdevice* device, const char* name) {
  return reinterpret_cast<F>(alcGetProcAddress(device, name));
}

}  // namespace

base::Result<std::unique_ptr<AlDevice>> AlDevice::open(bool loopback) {
  std::unique_ptr<AlDevice> out(new AlDevice());
  out->loopback_ = loopback;
  if (loopback) {
    const auto open_loopback = device_function<LPALCLOOPBACKOPENDEVICESOFT>(nullptr, "alcLoopbackOpenDeviceSOFT");
    out->render_ = device_function<LPALCRENDERSAMPLESSOFT>(nullptr, "alcRenderSamplesSOFT");
    if (!open_loopback || !out->render_ || !(out->device_ = open_loopback(nullptr))) {
      return base::fail("sound-broken", "OpenAL Soft cannot render into memory.", "Install the package libopenal1.");
    }
  } else if (!(out->device_ = alcOpenDevice(nullptr))) {
    return base::fail("no-sound-device", "There is no sound device.", "Connect one, or choose one in the system's settings.");
  }
  const ALCint head[] = {ALC_HRTF_SOFT, ALC_TRUE, ALC_FREQUENCY, kRate_hz, 0};
  const ALCint memory[] = {ALC_HRTF_SOFT, ALC_TRUE, ALC_FREQUENCY, kRate_hz, ALC_FORMAT_CHANNELS_SOFT, ALC_STEREO_SOFT,
                           ALC_FORMAT_TYPE_SOFT, ALC_FLOAT_SOFT, 0};
  out->context_ = alcCreateContext(out->device_, loopback ? memory : head);
  if (!out->context_ || !alcMakeContextCurrent(out->context_)) {
    return base::fail("sound-broken", base::formatted("OpenAL Soft makes no context (error {:#x}).", alcGetError(out->device_)));
  }
  const ALCchar* name = alcGetString(out->device_, ALC_ALL_DEVICES_SPECIFIER);
  out->name_ = name ? name : "";
  return out;
}

AlDevice::~AlDevice() {
  if (alcGetCurrentContext() == context_) alcMakeContextCurrent(nullptr);
  if (context_) alcDestroyContext(context_);
  if (device_) alcCloseDevice(device_);
}

// OpenAL Soft names its null output "No Output".
bool AlDevice::is_real() const { return !loopback_ && name_.find("No Output") == std::string::npos; }

bool AlDevice::hrtf() const {
  ALCint on = ALC_FALSE;
  alcGetIntegerv(device_, ALC_HRTF_SOFT, 1, &on);
  return on == ALC_TRUE;
}

bool AlDevice::connected() const {
  ALCint connected = ALC_TRUE;
  if (!loopback_) alcGetIntegerv(device_, ALC_CONNECTED, 1, &connected);
  return connected == ALC_TRUE;
}

bool AlDevice::reopen() {
  const auto reopen_device = device_function<LPALCREOPENDEVICESOFT>(device_, "alcReopenDeviceSOFT");
  const ALCint head[] = {ALC_HRTF_SOFT, ALC_TRUE, ALC_FREQUENCY, kRate_hz, 0};
  if (!reopen_device || !reopen_device(device_, nullptr, head)) return false;
  const ALCchar* name = alcGetString(device_, ALC_ALL_DEVICES_SPECIFIER);
  name_ = name ? name : "";
  return true;
}

void AlDevice::render(std::span<float> stereo) {
  if (render_) render_(device_, stereo.data(), static_cast<ALCsizei>(stereo.size() / 2));
}

}  // namespace promenade::sound
