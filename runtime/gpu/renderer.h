#pragma once
// Draws Frames for two eyes: glTF worlds with image-based light and one shadow, safety pictures over them, video
// domes, user interface. One pass for both eyes by multiview, which every device that is taken has (device_choice.h);
// two passes where DeviceSettings says so.
// Frame thread only. Uploading may be spread: `upload` queues, `draw` uploads within its budget, `ready` tells.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/gpu/device.h"
#include "runtime/gpu/picture.h"
#include "runtime/gpu/ui_draw.h"
#include "tracking/base/bytes.h"

namespace promenade::gpu {

inline constexpr float kNearM = 0.05f;           // depth 1; infinity is depth 0

struct Target {  // an image of one layer for each eye (left, right) that is in COLOR_ATTACHMENT_OPTIMAL before and after
  VkImage image = VK_NULL_HANDLE;
  VkFormat format = VK_FORMAT_R8G8B8A8_SRGB;
  std::uint32_t width = 0, height = 0;
  VkImage depth = VK_NULL_HANDLE;                // D32, as many layers, reversed Z, for the depth layer; none: not kept
  std::uint32_t eyes = 2;                        // 1: an image of one layer, which gets the frame's first eye
};

struct Picture {  // sRGB, rows from the top; of a frame that is see-through, light is multiplied by alpha before it is encoded
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
};

struct RendererSettings {
  std::uint32_t samples = 4;                     // MSAA; the device's most where it has fewer
  std::uint32_t shadow_size = 2048;
};

struct FrameCost {  // of the newest frame that is finished
  double cpu_ms = 0.0;                           // thread time up to submit
  double gpu_ms = 0.0;                           // by timestamps; 0 where there are none
  std::uint32_t draws = 0;
};

enum class TextureKind : std::uint8_t { rgba_srgb, yuv420, alpha };  // rgba: straight alpha; yuv420: three planes, BT.709, limited range; alpha: a font's atlas

class Renderer {
 public:
  static base::Result<std::unique_ptr<Renderer>> create(Device& device, const RendererSettings& settings = {});
  ~Renderer();

  ModelHandle upload(std::shared_ptr<const film::Model> model);
  bool ready(ModelHandle model) const;
  void release_model(ModelHandle model);

  TextureHandle make_texture(TextureKind kind, std::uint32_t width, std::uint32_t height);
  // rgba: width * height * 4 bytes; yuv420: the Y plane, then U, then V, without padding
  // (chroma rounded up where a size is odd). The newest wins where there are several before a draw.
  void update(TextureHandle texture, base::ByteView bytes);
  void release_texture(TextureHandle texture);

  // Paints the interface into the texture of its surface (made on first use, remade when the size changes) and returns
  // it. Frames that show the surface keep showing what was painted last, so unchanged interfaces need no painting.
  TextureHandle paint(const UiDraw& ui);
  // The same straight into an image of one layer (an OpenXR quad layer), in COLOR_ATTACHMENT_OPTIMAL before and after.
  base::Result<void> paint(const UiDraw& ui, const Target& target);

  // Records and submits; returns when the commands are on the queue. Error: "device-lost".
  base::Result<void> draw(const Frame& frame, const Target& target);
  // Draws the frame again into memory at any size, one picture per eye, and waits for it.
  base::Result<std::array<Picture, 2>> draw_to_memory(const Frame& frame, std::uint32_t width, std::uint32_t height);
  FrameCost cost() const;

 private:
  struct State;
  explicit Renderer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

base::Result<void> write_png(const Picture& picture, const std::string& path);
base::Result<Picture> read_png(const std::string& path);
// Share of pixels whose difference a viewer would see: both pictures blurred by one pixel, CIE76 above `delta_e`.
double difference(const Picture& a, const Picture& b, double delta_e = 6.0);

}  // namespace promenade::gpu
