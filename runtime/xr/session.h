#pragma once
// One OpenXR session on a Vulkan device: spaces, swapchains, hands and the calls of a frame. Private to runtime/xr;
// frame thread. Every function gives the XrResult that Life is to hear of; nothing here decides what follows.

#include <array>
#include <memory>
#include <optional>

#include "runtime/xr/actions.h"
#include "runtime/xr/anchors.h"
#include "runtime/xr/markers.h"
#include "runtime/xr/see_through.h"
#include "runtime/xr/swapchain.h"

namespace promenade::xr {

class Session {
 public:
  static std::unique_ptr<Session> create(const Instance& instance, gpu::Device& device, bool depth, XrResult& trouble);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  XrResult begin();
  XrResult end();                                 // gives back what is still acquired first
  XrResult ask_to_leave() { return xrRequestExitSession(handle_); }
  XrResult refresh_sizes();                       // makes the room's swapchains anew where the runtime wants other sizes

  XrResult wait(XrFrameState& state);
  XrResult begin_frame();
  XrResult locate(XrTime display, XrTime now, Sight& sight);
  XrResult read_hands(XrTime display, bool focused, std::array<HandState, 2>& hands);
  XrResult take_room(gpu::Target& target);
  bool menu_fits(std::uint32_t width, std::uint32_t height) const;  // and has been painted
  XrResult take_menu(std::uint32_t width, std::uint32_t height, gpu::Target& target);
  struct Layers {
    bool room = false;
    std::array<gpu::Eye, 2> eyes;
    std::optional<MenuLayer> menu;
    bool see_through = false;                     // the room's picture has alpha, and the real hall is to be seen behind it
  };
  // `shown`: whether any layer was handed over.
  XrResult end_frame(XrTime display, const Layers& layers, bool& shown);

  XrResult vibrate(std::size_t hand, const Vibration& vibration) { return actions_->vibrate(handle_, hand, vibration); }
  XrResult prefer_rate(double film_fps);
  SeeThrough& see_through() { return *see_through_; }
  Anchors& anchors() { return *anchors_; }
  Markers& markers() { return *markers_; }
  XrSpace room() const { return room_space_; }
  XrReferenceSpaceType space_type() const { return space_type_; }

 private:
  Session(const Instance& instance, gpu::Device& device, bool depth) : instance_(instance), device_(device), depth_wanted_(depth) {}
  XrResult make();
  XrResult make_handle();
  XrResult choose_formats();
  XrResult choose_space();
  XrResult hand_over(XrTime display, const Layers& layers, bool drawn, bool see_through, bool& shown);
  XrResult room_size(SwapchainSize& size) const;
  XrResult make_room(const SwapchainSize& size);

  const Instance& instance_;
  gpu::Device& device_;
  bool depth_wanted_;
  XrSession handle_ = XR_NULL_HANDLE;
  XrSpace room_space_ = XR_NULL_HANDLE, view_space_ = XR_NULL_HANDLE;
  XrReferenceSpaceType space_type_ = XR_REFERENCE_SPACE_TYPE_STAGE;
  XrEnvironmentBlendMode blend_ = XR_ENVIRONMENT_BLEND_MODE_OPAQUE;
  VkFormat color_ = VK_FORMAT_UNDEFINED;
  std::optional<VkFormat> depth_;
  std::unique_ptr<Actions> actions_;
  std::unique_ptr<SeeThrough> see_through_;
  std::unique_ptr<Anchors> anchors_;
  std::unique_ptr<Markers> markers_;
  std::unique_ptr<Swapchain> room_, room_depth_, menu_;
};

}  // namespace promenade::xr
