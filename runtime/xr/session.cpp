#include "runtime/xr/session.h"

#include <algorithm>
#include <limits>
#include <span>

#include "runtime/xr/poses.h"

namespace promenade::xr {
namespace {

constexpr XrViewConfigurationType kStereo = XR_VIEW_CONFIGURATION_TYPE_PRIMARY_STEREO;
constexpr float kEyeHeight = 1.6f;  // m, above the floor, where a runtime knows no floor
constexpr float kNear = 0.05f;      // m, of the renderer's projection

// Calls a two-step enumeration of OpenXR.
template <class T, class Enumerate>
XrResult list(std::vector<T>& all, const T& blank, Enumerate enumerate) {
  std::uint32_t count = 0;
  if (const XrResult result = enumerate(0u, &count, static_cast<T*>(nullptr)); XR_FAILED(result)) return result;
  all.assign(count, blank);
  const XrResult result = enumerate(count, &count, all.data());
  all.resize(std::min<std::size_t>(all.size(), count));
  return result;
}

}  // namespace

std::unique_ptr<Session> Session::create(const Instance& instance, gpu::Device& device, bool depth, XrResult& trouble) {
  std::unique_ptr<Session> made(new Session(instance, device, depth));
  trouble = made->make();
  return XR_SUCCEEDED(trouble) ? std::move(made) : nullptr;
}

Session::~Session() {
  menu_.reset();
  room_depth_.reset();
  room_.reset();
  see_through_.reset();
  markers_.reset();
  anchors_.reset();
  actions_.reset();
  for (const XrSpace space : {room_space_, view_space_}) {
    if (space != XR_NULL_HANDLE) xrDestroySpace(space);
  }
  if (handle_ != XR_NULL_HANDLE) xrDestroySession(handle_);
}

XrResult Session::make() {
  if (const XrResult result = make_handle(); XR_FAILED(result)) return result;
  if (const XrResult result = choose_formats(); XR_FAILED(result)) return result;
  if (const XrResult result = choose_space(); XR_FAILED(result)) return result;
  XrResult result = XR_SUCCESS;
  actions_ = Actions::create(instance_, handle_, result);
  if (!actions_) return result;
  anchors_ = std::make_unique<Anchors>(instance_, handle_);
  markers_ = std::make_unique<Markers>(instance_, handle_);
  if (instance_.call().performance_level) {  // advice that a runtime may ignore: how it went changes nothing
    for (const XrPerfSettingsDomainEXT domain : {XR_PERF_SETTINGS_DOMAIN_CPU_EXT, XR_PERF_SETTINGS_DOMAIN_GPU_EXT}) {
      instance_.call().performance_level(handle_, domain, XR_PERF_SETTINGS_LEVEL_SUSTAINED_HIGH_EXT);
    }
  }
  return refresh_sizes();
}

XrResult Session::make_handle() {
  auto binding = typed<XrGraphicsBindingVulkan2KHR>(XR_TYPE_GRAPHICS_BINDING_VULKAN2_KHR);
  binding.instance = device_.instance();
  binding.physicalDevice = device_.physical();
  binding.device = device_.handle();
  binding.queueFamilyIndex = device_.queue_family();
  binding.queueIndex = 0;
  auto info = typed<XrSessionCreateInfo>(XR_TYPE_SESSION_CREATE_INFO);
  info.next = &binding;
  info.systemId = instance_.system();
  return xrCreateSession(instance_.handle(), &info, &handle_);
}

XrResult Session::choose_formats() {
  std::vector<std::int64_t> formats;
  XrResult result = list<std::int64_t>(formats, 0, [&](auto capacity, auto* count, auto* out) { return xrEnumerateSwapchainFormats(handle_, capacity, count, out); });
  if (XR_FAILED(result)) return result;
  const auto color = color_format(formats);
  if (!color) return XR_ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED;
  color_ = *color;
  if (depth_wanted_ && instance_.on().depth) depth_ = depth_format(formats);
  std::vector<XrEnvironmentBlendMode> modes;
  result = list<XrEnvironmentBlendMode>(modes, XR_ENVIRONMENT_BLEND_MODE_OPAQUE, [&](auto capacity, auto* count, auto* out) {
    return xrEnumerateEnvironmentBlendModes(instance_.handle(), instance_.system(), kStereo, capacity, count, out);
  });
  if (XR_FAILED(result)) return result;
  blend_ = blend_mode(modes).value_or(XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
  see_through_ = std::make_unique<SeeThrough>(instance_, handle_, passthrough_ways(modes, instance_.has_fb_passthrough(), instance_.has_htc_passthrough()));
  return XR_SUCCESS;
}

XrResult Session::choose_space() {
  std::vector<XrReferenceSpaceType> spaces;
  XrResult result = list<XrReferenceSpaceType>(spaces, XR_REFERENCE_SPACE_TYPE_VIEW,
                                               [&](auto capacity, auto* count, auto* out) { return xrEnumerateReferenceSpaces(handle_, capacity, count, out); });
  if (XR_FAILED(result)) return result;
  space_type_ = room_space(spaces, instance_.at_least_1_1() || instance_.on().local_floor).value_or(XR_REFERENCE_SPACE_TYPE_LOCAL);
  auto info = typed<XrReferenceSpaceCreateInfo>(XR_TYPE_REFERENCE_SPACE_CREATE_INFO);
  info.poseInReferenceSpace.orientation.w = 1.0f;
  info.referenceSpaceType = XR_REFERENCE_SPACE_TYPE_VIEW;
  result = xrCreateReferenceSpace(handle_, &info, &view_space_);
  if (XR_FAILED(result)) return result;
  info.referenceSpaceType = space_type_;
  if (space_type_ == XR_REFERENCE_SPACE_TYPE_LOCAL) info.poseInReferenceSpace.position.y = -kEyeHeight;
  return xrCreateReferenceSpace(handle_, &info, &room_space_);
}

XrResult Session::room_size(SwapchainSize& size) const {
  std::vector<XrViewConfigurationView> views;
  const XrResult result = list<XrViewConfigurationView>(views, {XR_TYPE_VIEW_CONFIGURATION_VIEW, nullptr, 0, 0, 0, 0, 0, 0}, [&](auto capacity, auto* count, auto* out) {
    return xrEnumerateViewConfigurationViews(instance_.handle(), instance_.system(), kStereo, capacity, count, out);
  });
  if (XR_FAILED(result)) return result;
  if (views.size() != 2) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
  // Both eyes are layers of one image: the larger of the two counts.
  size = {std::max(views[0].recommendedImageRectWidth, views[1].recommendedImageRectWidth),
          std::max(views[0].recommendedImageRectHeight, views[1].recommendedImageRectHeight), 2};
  return result;
}

XrResult Session::refresh_sizes() {
  SwapchainSize size;
  if (const XrResult result = room_size(size); XR_FAILED(result)) return result;
  if (room_ && room_->size() == size) return XR_SUCCESS;
  return make_room(size);
}

XrResult Session::make_room(const SwapchainSize& size) {
  XrResult result = XR_SUCCESS;
  if (room_) {  // the old images may still be drawn into
    std::lock_guard lock(device_.queue_lock());
    vkQueueWaitIdle(device_.queue());
  }
  room_depth_.reset();
  room_.reset();
  room_ = Swapchain::create(handle_, color_, XR_SWAPCHAIN_USAGE_COLOR_ATTACHMENT_BIT, size, result);
  if (room_ && depth_) {
    room_depth_ = Swapchain::create(handle_, *depth_, XR_SWAPCHAIN_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT, size, result);
    if (!room_depth_ && judge(result) == Verdict::lost && result != XR_ERROR_SESSION_LOST && result != XR_ERROR_INSTANCE_LOST) {
      depth_.reset();  // colour alone will do
      result = XR_SUCCESS;
    }
  }
  return result;
}

XrResult Session::begin() {
  if (const XrResult result = refresh_sizes(); XR_FAILED(result)) return result;
  auto info = typed<XrSessionBeginInfo>(XR_TYPE_SESSION_BEGIN_INFO);
  info.primaryViewConfigurationType = kStereo;
  return xrBeginSession(handle_, &info);
}

XrResult Session::end() {
  for (const auto& swapchain : {room_.get(), room_depth_.get(), menu_.get()}) {
    if (!swapchain) continue;
    if (const XrResult result = swapchain->give_back(device_.queue_lock()); XR_FAILED(result)) return result;
  }
  return xrEndSession(handle_);
}

XrResult Session::wait(XrFrameState& state) {
  const XrFrameWaitInfo info{XR_TYPE_FRAME_WAIT_INFO, nullptr};
  return xrWaitFrame(handle_, &info, &state);
}

XrResult Session::begin_frame() {
  const XrFrameBeginInfo info{XR_TYPE_FRAME_BEGIN_INFO, nullptr};
  std::lock_guard lock(device_.queue_lock());
  return xrBeginFrame(handle_, &info);
}

XrResult Session::locate(XrTime display, XrTime now, Sight& sight) {
  auto info = typed<XrViewLocateInfo>(XR_TYPE_VIEW_LOCATE_INFO);
  info.viewConfigurationType = kStereo;
  info.displayTime = display;
  info.space = room_space_;
  auto state = typed<XrViewState>(XR_TYPE_VIEW_STATE);
  std::array<XrView, 2> views{{{XR_TYPE_VIEW, nullptr, {}, {}}, {XR_TYPE_VIEW, nullptr, {}, {}}}};
  std::uint32_t count = 0;
  if (const XrResult result = xrLocateViews(handle_, &info, &state, static_cast<std::uint32_t>(views.size()), &count, views.data()); XR_FAILED(result)) return result;
  constexpr XrViewStateFlags kValid = XR_VIEW_STATE_ORIENTATION_VALID_BIT | XR_VIEW_STATE_POSITION_VALID_BIT;
  sight.eyes_valid = (state.viewStateFlags & kValid) == kValid && count == views.size();
  for (std::size_t eye = 0; sight.eyes_valid && eye < views.size(); ++eye) {
    sight.eyes[eye] = eye_of(views[eye].pose, views[eye].fov);
    sight.eyes_valid = drawable(sight.eyes[eye]);
  }
  auto head = typed<XrSpaceLocation>(XR_TYPE_SPACE_LOCATION);
  const XrResult result = xrLocateSpace(view_space_, room_space_, now, &head);
  if (XR_SUCCEEDED(result)) sight.head = located_of(head);
  return result;
}

XrResult Session::read_hands(XrTime display, bool focused, std::array<HandState, 2>& hands) {
  return actions_->read(handle_, room_space_, display, focused, hands);
}

XrResult Session::take_room(gpu::Target& target) {
  if (const XrResult result = room_->take(device_.queue_lock()); result != XR_SUCCESS) return result;
  target = {room_->image(), room_->format(), room_->size().width, room_->size().height, VK_NULL_HANDLE};
  if (!room_depth_) return XR_SUCCESS;
  if (const XrResult result = room_depth_->take(device_.queue_lock()); result != XR_SUCCESS) return result;
  target.depth = room_depth_->image();
  return XR_SUCCESS;
}

bool Session::menu_fits(std::uint32_t width, std::uint32_t height) const {
  return menu_ && menu_->filled() && menu_->size() == SwapchainSize{width, height, 1};
}

XrResult Session::take_menu(std::uint32_t width, std::uint32_t height, gpu::Target& target) {
  const SwapchainSize size{width, height, 1};
  if (!menu_ || menu_->size() != size) {
    if (menu_) {
      std::lock_guard lock(device_.queue_lock());
      vkQueueWaitIdle(device_.queue());
    }
    menu_.reset();
    XrResult result = XR_SUCCESS;
    menu_ = Swapchain::create(handle_, color_, XR_SWAPCHAIN_USAGE_COLOR_ATTACHMENT_BIT, size, result);
    if (!menu_) return result;
  }
  if (const XrResult result = menu_->take(device_.queue_lock()); result != XR_SUCCESS) return result;
  target = {menu_->image(), menu_->format(), width, height, VK_NULL_HANDLE};
  return XR_SUCCESS;
}

XrResult Session::end_frame(XrTime display, const Layers& layers, bool& shown) {
  const bool drawn = layers.room && room_->taken();
  for (const auto& swapchain : {room_.get(), room_depth_.get(), menu_.get()}) {
    if (!swapchain) continue;
    if (const XrResult result = swapchain->give_back(device_.queue_lock()); XR_FAILED(result)) return result;
  }
  const bool through = layers.see_through && see_through_->way() != Passthrough::none;
  const XrResult result = hand_over(display, layers, drawn, through, shown);
  const bool refused = result == XR_ERROR_ENVIRONMENT_BLEND_MODE_UNSUPPORTED || result == XR_ERROR_LAYER_INVALID || result == XR_ERROR_HANDLE_INVALID;
  if (!through || !refused) return result;
  // What is drawn over the real hall can be read without it too: this frame is shown all the same.
  see_through_->give_up();
  return hand_over(display, layers, drawn, false, shown);
}

// `see_through` as far as there is a way for it.
XrResult Session::hand_over(XrTime display, const Layers& layers, bool drawn, bool see_through, bool& shown) {
  std::array<XrCompositionLayerProjectionView, 2> views;
  std::array<XrCompositionLayerDepthInfoKHR, 2> depths;
  auto room = typed<XrCompositionLayerProjection>(XR_TYPE_COMPOSITION_LAYER_PROJECTION);
  auto menu = typed<XrCompositionLayerQuad>(XR_TYPE_COMPOSITION_LAYER_QUAD);
  std::vector<const XrCompositionLayerBaseHeader*> all;
  if (see_through) {
    if (const auto* hall = see_through_->layer(room_space_)) all.push_back(hall);
  }
  if (drawn) {
    for (std::uint32_t eye = 0; eye < 2; ++eye) {
      views[eye] = {XR_TYPE_COMPOSITION_LAYER_PROJECTION_VIEW, nullptr, pose_of(layers.eyes[eye].position, layers.eyes[eye].orientation),
                    fov_of(layers.eyes[eye]), room_->sub_image(eye)};
      if (!room_depth_ || !room_depth_->filled()) continue;
      // Reversed Z without a far plane: depth 0 is infinity and depth 1 the near plane.
      depths[eye] = {XR_TYPE_COMPOSITION_LAYER_DEPTH_INFO_KHR, nullptr, room_depth_->sub_image(eye), 0.0f, 1.0f,
                     std::numeric_limits<float>::infinity(), kNear};
      views[eye].next = &depths[eye];
    }
    if (see_through) room.layerFlags = XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT;  // premultiplied
    room.space = room_space_;
    room.viewCount = static_cast<std::uint32_t>(views.size());
    room.views = views.data();
    all.push_back(reinterpret_cast<const XrCompositionLayerBaseHeader*>(&room));
  }
  if (layers.menu && menu_ && menu_->filled()) {
    menu.layerFlags = XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT;
    menu.space = room_space_;
    menu.eyeVisibility = XR_EYE_VISIBILITY_BOTH;
    menu.subImage = menu_->sub_image(0);
    menu.pose = pose_of(layers.menu->center, layers.menu->orientation);
    menu.size = {layers.menu->size_m.x, layers.menu->size_m.y};
    all.push_back(reinterpret_cast<const XrCompositionLayerBaseHeader*>(&menu));
  }
  shown = !all.empty();
  auto info = typed<XrFrameEndInfo>(XR_TYPE_FRAME_END_INFO);
  info.displayTime = display;
  info.environmentBlendMode = see_through ? see_through_->blend(blend_) : blend_;
  info.layerCount = static_cast<std::uint32_t>(all.size());
  info.layers = all.data();
  std::lock_guard lock(device_.queue_lock());
  return xrEndFrame(handle_, &info);
}

XrResult Session::prefer_rate(double film_fps) {
  const Functions& call = instance_.call();
  if (!call.refresh_rates || !call.request_refresh_rate) return XR_SUCCESS;
  std::vector<float> rates;
  if (const XrResult result = list<float>(rates, 0.0f, [&](auto capacity, auto* count, auto* out) { return call.refresh_rates(handle_, capacity, count, out); });
      XR_FAILED(result)) {
    return result;
  }
  const auto rate = refresh_rate(rates, film_fps);
  return rate ? call.request_refresh_rate(handle_, *rate) : XR_SUCCESS;
}

}  // namespace promenade::xr
