#pragma once
// Filament, the renderer that bench render stands beside: one glTF asset, one light without shadow, a plain surround,
// drawn offscreen by its Vulkan back end. One thread; starts threads of its own. This is Filament's one home; where
// CMake does not find it, `create` is from filament_absent.cpp and says so.
// Frame: the asset's own, metres, y up. Light linear.

#include <cstdint>
#include <memory>
#include <string>

#include <glm/ext/vector_float3.hpp>

#include "runtime/gpu/renderer.h"

namespace promenade::bench {

struct PeerView {
  std::uint32_t width = 1280, height = 720, samples = 1;
  glm::vec3 eye{0.0f}, center{0.0f};
  float half_high_rad = 0.4f;                  // half of the field of view, upwards
  float near_m = 0.05f, far_m = 1000.0f;
  glm::vec3 sun_towards{0.0f, 1.0f, 0.0f};
  glm::vec3 sun_light{1.0f};                   // lux, as glTF has it
  float surround = 0.2f;                       // of all directions, seen and mirrored and lighting
};

class FilamentPeer {
 public:
  virtual ~FilamentPeer() = default;
  // Poses the first animation there, draws, and returns when the device has finished the picture.
  virtual void draw(double clip_s) = 0;
  virtual gpu::Picture picture(double clip_s) = 0;
  // True (as at first): the picture is finished, tone-mapped and of as many samples as ours. False: the colour pass alone,
  // straight to the picture: its values are cut off at white, and of one sample whatever was asked for.
  virtual void finished(bool on) = 0;

  // Null, with the reason in `why`: not built in, no Vulkan, or an asset that it does not read.
  static std::unique_ptr<FilamentPeer> create(base::ByteView glb, const PeerView& view, std::string& why);
};

}  // namespace promenade::bench
