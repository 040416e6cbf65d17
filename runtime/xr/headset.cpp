#include "runtime/xr/headset.h"

#include <algorithm>
#include <utility>

#include "runtime/xr/life.h"
#include "runtime/xr/session.h"
#include "runtime/xr/space_changes.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::xr {
namespace {

constexpr int kEventsMax = 64;                              // in one poll; the rest waits for the next
constexpr base::Duration kSizeCheck = std::chrono::seconds(2);
constexpr base::Duration kAnchorsEvery = std::chrono::seconds(1);
constexpr base::Duration kTagsEvery = std::chrono::milliseconds(250);
constexpr std::size_t kLogMax = 200;                        // lines kept for take_log

std::string explain(XrResult trouble) {
  switch (trouble) {
    case XR_ERROR_FORM_FACTOR_UNAVAILABLE: return "No headset answers the OpenXR runtime: is it plugged in and switched on?";
    case XR_ERROR_API_LAYER_NOT_PRESENT: return "The OpenXR validation layer is not installed: install openxr-layer-corevalidation or leave --validate out.";
    case XR_ERROR_EXTENSION_NOT_PRESENT: return "The OpenXR runtime has no Vulkan (XR_KHR_vulkan_enable2): this runtime cannot be used.";
    default: return base::formatted("No OpenXR runtime answers ({}): start it.", name_of(trouble));
  }
}

std::int64_t nanoseconds_of(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

}  // namespace

struct Headset::State {
  explicit State(const Settings& given) : settings(given) {}

  void say(std::string line);
  void make_instance(HeadsetTime now);
  void find_headset(HeadsetTime now);
  void handle_events(HeadsetTime now);
  void handle(const XrEventDataBuffer& event, HeadsetTime now);
  XrTime xr_time(HeadsetTime time) const;
  HeadsetTime headset_time(XrTime time, HeadsetTime now) const;
  void tell_passthrough();
  bool noticed(XrResult result, const char* call, HeadsetTime now);

  Settings settings;
  Life life;
  ValidationCount validation;
  std::unique_ptr<Instance> instance;
  gpu::Device* device = nullptr;
  std::unique_ptr<Session> session;
  SpaceChanges space_changes;
  Pacing pacing;
  std::optional<bool> worn;
  Passthrough passthrough = Passthrough::none;  // as said last
  bool warm = false;
  std::set<std::string> reached;
  std::string runtime, version, headset;
  XrResult said = XR_SUCCESS;              // trouble that was said last
  std::vector<std::string> log;

  XrFrameState frame{XR_TYPE_FRAME_STATE, nullptr, 0, 0, XR_FALSE};
  std::int64_t offset_ns = 0;              // XrTime - headset time, where the runtime does not convert
  bool begun = false;
  HeadsetTime next_size_check{HeadsetTime::min()}, next_anchors{HeadsetTime::min()}, next_tags{HeadsetTime::min()};
};

void Headset::State::say(std::string line) {
  if (log.size() < kLogMax) log.push_back(std::move(line));
}

bool Headset::State::noticed(XrResult result, const char* call, HeadsetTime now) {
  const bool was_losing = life.losing();
  if (life.noticed(result, now)) return true;
  if (!was_losing) say(base::formatted("{} answered {}: the session is taken down and made again.", call, name_of(result)));
  return false;
}

// ---------------------------------------------------------------- session life

void Headset::State::make_instance(HeadsetTime now) {
  XrResult trouble = XR_SUCCESS;
  instance = Instance::create(settings.validation, validation, trouble);
  life.instance_made(instance ? XR_SUCCESS : trouble, now);
  if (!instance) {
    if (said != trouble) say(explain(trouble));
    said = trouble;
    return;
  }
  runtime = instance->runtime();
  version = instance->version();
  say(base::formatted("OpenXR {}: {}", version, runtime));
}

void Headset::State::find_headset(HeadsetTime now) {
  const XrResult result = instance->find_headset();
  life.headset_found(result, now);
  if (XR_SUCCEEDED(result)) {
    headset = instance->headset();
    said = XR_SUCCESS;
    say("Headset: " + headset);
  } else if (said != result) {
    say(explain(result));
    said = result;
  }
}

void Headset::State::handle_events(HeadsetTime now) {
  for (int left = kEventsMax; left > 0 && !life.losing(); --left) {
    XrEventDataBuffer event{XR_TYPE_EVENT_DATA_BUFFER, nullptr, {}};
    const XrResult result = xrPollEvent(instance->handle(), &event);
    if (result == XR_EVENT_UNAVAILABLE || !noticed(result, "xrPollEvent", now)) return;
    handle(event, now);
  }
}

void Headset::State::handle(const XrEventDataBuffer& event, HeadsetTime now) {
  switch (event.type) {
    case XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED: {
      const auto& change = reinterpret_cast<const XrEventDataSessionStateChanged&>(event);
      const std::string name(name_of(change.state));
      say("Session: " + name);
      reached.insert(name);
      life.state_changed(change.state, now);
      next_size_check = now;
      break;
    }
    case XR_TYPE_EVENT_DATA_INSTANCE_LOSS_PENDING:
      say("The runtime is about to go.");
      life.instance_loss_pending(now);
      break;
    case XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
      space_changes.announced(reinterpret_cast<const XrEventDataReferenceSpaceChangePending&>(event));
      break;
    case XR_TYPE_EVENT_DATA_USER_PRESENCE_CHANGED_EXT:
      worn = reinterpret_cast<const XrEventDataUserPresenceChangedEXT&>(event).isUserPresent == XR_TRUE;
      break;
    case XR_TYPE_EVENT_DATA_PASSTHROUGH_STATE_CHANGED_FB:
      session->see_through().state_changed(reinterpret_cast<const XrEventDataPassthroughStateChangedFB&>(event).flags);
      tell_passthrough();
      break;
    case XR_TYPE_EVENT_DATA_EVENTS_LOST:
      // Session states are told again by what calls answer; that the room has moved is told by nothing else.
      say(base::formatted("The runtime lost {} events.", reinterpret_cast<const XrEventDataEventsLost&>(event).lostEventCount));
      space_changes.events_lost();
      next_size_check = now;
      break;
    default: break;
  }
}

Headset::Headset(const Settings& settings) : state_(std::make_unique<State>(settings)) {}

Headset::~Headset() {
  state_->session.reset();
  state_->instance.reset();
}

Need Headset::poll(HeadsetTime now) {
  State& s = *state_;
  if (s.instance && s.session && !s.life.losing()) s.handle_events(now);
  switch (s.life.next(now)) {
    case Deed::none: break;
    case Deed::make_instance: s.make_instance(now); break;
    case Deed::find_headset: s.find_headset(now); break;
    case Deed::make_session: return Need::device;
    case Deed::begin_session: {
      const XrResult result = s.session->begin();
      s.noticed(result, "xrBeginSession", now);
      s.life.session_begun(result, now);
      break;
    }
    case Deed::end_session: {
      const XrResult result = s.session->end();
      s.noticed(result, "xrEndSession", now);
      s.life.session_ended(result, now);
      s.pacing.pause();
      break;
    }
    case Deed::take_down: return Need::take_down;
  }
  if (s.life.losing()) return Need::take_down;
  return s.life.running() ? Need::frame : Need::nothing;
}

gpu::Hooks Headset::hooks() {
  PROMENADE_ASSERT(state_->instance);
  const Instance* instance = state_->instance.get();
  gpu::Hooks hooks;
  hooks.create_instance = [instance](const VkInstanceCreateInfo& wanted, VkInstance* made) {
    auto needed = typed<XrGraphicsRequirementsVulkan2KHR>(XR_TYPE_GRAPHICS_REQUIREMENTS_VULKAN2_KHR);
    if (XR_FAILED(instance->call().graphics_requirements(instance->handle(), instance->system(), &needed))) return VK_ERROR_INITIALIZATION_FAILED;
    auto info = typed<XrVulkanInstanceCreateInfoKHR>(XR_TYPE_VULKAN_INSTANCE_CREATE_INFO_KHR);
    info.systemId = instance->system();
    info.pfnGetInstanceProcAddr = vkGetInstanceProcAddr;
    info.vulkanCreateInfo = &wanted;
    VkResult vulkan = VK_ERROR_INITIALIZATION_FAILED;
    const XrResult result = instance->call().create_vulkan_instance(instance->handle(), &info, made, &vulkan);
    return XR_FAILED(result) && vulkan == VK_SUCCESS ? VK_ERROR_INITIALIZATION_FAILED : vulkan;
  };
  hooks.physical_device = [instance](VkInstance vulkan) {
    auto info = typed<XrVulkanGraphicsDeviceGetInfoKHR>(XR_TYPE_VULKAN_GRAPHICS_DEVICE_GET_INFO_KHR);
    info.systemId = instance->system();
    info.vulkanInstance = vulkan;
    VkPhysicalDevice found = VK_NULL_HANDLE;
    const XrResult result = instance->call().graphics_device(instance->handle(), &info, &found);
    return XR_SUCCEEDED(result) ? found : VkPhysicalDevice{VK_NULL_HANDLE};
  };
  hooks.create_device = [instance](VkPhysicalDevice physical, const VkDeviceCreateInfo& wanted, VkDevice* made) {
    auto info = typed<XrVulkanDeviceCreateInfoKHR>(XR_TYPE_VULKAN_DEVICE_CREATE_INFO_KHR);
    info.systemId = instance->system();
    info.pfnGetInstanceProcAddr = vkGetInstanceProcAddr;
    info.vulkanPhysicalDevice = physical;
    info.vulkanCreateInfo = &wanted;
    VkResult vulkan = VK_ERROR_INITIALIZATION_FAILED;
    const XrResult result = instance->call().create_vulkan_device(instance->handle(), &info, made, &vulkan);
    return XR_FAILED(result) && vulkan == VK_SUCCESS ? VK_ERROR_INITIALIZATION_FAILED : vulkan;
  };
  return hooks;
}

void Headset::start(gpu::Device& device, HeadsetTime now) {
  State& s = *state_;
  PROMENADE_ASSERT(s.instance && !s.session);
  s.device = &device;
  XrResult trouble = XR_SUCCESS;
  s.session = Session::create(*s.instance, device, s.settings.depth, trouble);
  s.noticed(trouble, "Making the session", now);
  s.life.session_made(trouble, now);
  if (!s.session) return;
  s.space_changes.watch(s.session->space_type());
  s.passthrough = Passthrough::none;
  s.warm = false;
  s.tell_passthrough();
  if (s.passthrough == Passthrough::none) s.say("Passthrough: none; a stop draws the hall's outline.");
  s.worn = s.instance->tells_presence() ? std::optional(false) : std::nullopt;
  s.next_size_check = now + kSizeCheck;
}

void Headset::lose(HeadsetTime now) { state_->life.lose(now); }

void Headset::take_down() {
  State& s = *state_;
  s.session.reset();
  s.instance.reset();
  s.device = nullptr;
  s.worn.reset();
  s.begun = false;
  s.pacing.pause();
  s.life.taken_down();
}

bool Headset::ask_to_leave(HeadsetTime now) {
  State& s = *state_;
  if (!s.session || !s.life.running() || s.life.losing()) return false;
  return s.noticed(s.session->ask_to_leave(), "xrRequestExitSession", now);
}

bool Headset::alive() const { return state_->session && !state_->life.losing(); }

void Headset::State::tell_passthrough() {
  const Passthrough now = session->see_through().way();
  if (now == passthrough) return;
  passthrough = now;
  if (now == Passthrough::none) say("Passthrough is lost: the hall's outline is drawn in its place.");
  else say(base::formatted("Passthrough: {}.", to_string(now)));
}

// ---------------------------------------------------------------- a frame

XrTime Headset::State::xr_time(HeadsetTime time) const {
  const std::int64_t ns = std::chrono::nanoseconds(time.time_since_epoch()).count();
  if (instance->call().time_from_timespec) {
    const timespec monotonic{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
    XrTime converted = 0;
    if (XR_SUCCEEDED(instance->call().time_from_timespec(instance->handle(), &monotonic, &converted)) && converted > 0) return converted;
  }
  return ns + offset_ns;
}

HeadsetTime Headset::State::headset_time(XrTime time, HeadsetTime now) const {
  std::int64_t ns = time - offset_ns;
  timespec monotonic{};
  if (instance->call().timespec_from_time && XR_SUCCEEDED(instance->call().timespec_from_time(instance->handle(), time, &monotonic))) {
    ns = nanoseconds_of(monotonic);
  }
  // A prediction of more than a second is no prediction.
  const HeadsetTime shown{std::chrono::duration_cast<base::Duration>(std::chrono::nanoseconds(ns))};
  return std::clamp(shown, now, now + std::chrono::seconds(1));
}

std::optional<Wait> Headset::wait(HeadsetTime now) {
  State& s = *state_;
  if (!s.life.running() || s.life.losing()) return std::nullopt;
  if (now >= s.next_size_check) {
    s.next_size_check = now + kSizeCheck;
    if (!s.noticed(s.session->refresh_sizes(), "Making swapchains", now)) return std::nullopt;
  }
  s.frame = {XR_TYPE_FRAME_STATE, nullptr, 0, 0, XR_FALSE};
  const XrResult result = s.session->wait(s.frame);
  if (!s.noticed(result, "xrWaitFrame", now) || judge(result) != Verdict::good) return std::nullopt;
  s.offset_ns = s.frame.predictedDisplayTime - s.frame.predictedDisplayPeriod - std::chrono::nanoseconds(now.time_since_epoch()).count();
  s.pacing.waited(s.frame.predictedDisplayTime, s.frame.predictedDisplayPeriod, s.frame.shouldRender == XR_TRUE);
  Wait wait;
  wait.shown = s.headset_time(s.frame.predictedDisplayTime, now);
  wait.period = std::chrono::duration_cast<base::Duration>(std::chrono::nanoseconds(s.frame.predictedDisplayPeriod));
  wait.should_render = s.frame.shouldRender == XR_TRUE;
  return wait;
}

Sight Headset::look(HeadsetTime now) {
  State& s = *state_;
  Sight sight;
  if (s.life.losing() || !s.session) return sight;
  sight.recentred = s.space_changes.due(s.frame.predictedDisplayTime);
  if (!s.noticed(s.session->locate(s.frame.predictedDisplayTime, s.xr_time(now), sight), "xrLocateViews", now)) return Sight{};
  const XrResult read = s.session->read_hands(s.frame.predictedDisplayTime, s.life.focused(), sight.hands);
  if (!s.noticed(read, "xrSyncActions", now) || judge(read) != Verdict::good) sight.hands = {};
  return sight;
}

bool Headset::begin(HeadsetTime now) {
  State& s = *state_;
  if (s.life.losing() || !s.session) return false;
  const XrResult result = s.session->begin_frame();
  s.begun = s.noticed(result, "xrBeginFrame", now) && judge(result) == Verdict::good;
  return s.begun;
}

std::optional<gpu::Target> Headset::acquire(HeadsetTime now) {
  State& s = *state_;
  if (!s.begun || s.frame.shouldRender != XR_TRUE) return std::nullopt;
  gpu::Target target;
  const XrResult result = s.session->take_room(target);
  if (!s.noticed(result, "xrAcquireSwapchainImage", now) || result != XR_SUCCESS) return std::nullopt;
  return target;
}

bool Headset::must_paint(std::uint32_t width, std::uint32_t height) const {
  return state_->session && !state_->session->menu_fits(width, height);
}

std::optional<gpu::Target> Headset::acquire_menu(std::uint32_t width, std::uint32_t height, HeadsetTime now) {
  State& s = *state_;
  if (!s.begun || s.life.losing()) return std::nullopt;
  gpu::Target target;
  const XrResult result = s.session->take_menu(width, height, target);
  if (!s.noticed(result, "xrAcquireSwapchainImage", now) || result != XR_SUCCESS) return std::nullopt;
  return target;
}

void Headset::end(const std::array<gpu::Eye, 2>& eyes, bool drawn, bool see_through, const std::optional<MenuLayer>& menu, HeadsetTime now) {
  State& s = *state_;
  if (!s.begun) return;
  s.begun = false;
  if (s.life.losing()) return;
  const bool render = s.frame.shouldRender == XR_TRUE;
  bool shown = false;
  const XrResult result = s.session->end_frame(s.frame.predictedDisplayTime, {render && drawn, eyes, render ? menu : std::nullopt, render && see_through}, shown);
  s.tell_passthrough();
  if (s.noticed(result, "xrEndFrame", now)) s.pacing.ended(shown, result == XR_FRAME_DISCARDED);
}

Passthrough Headset::passthrough() const { return state_->session && !state_->life.losing() ? state_->session->see_through().way() : Passthrough::none; }

void Headset::warm_passthrough(bool wanted) {
  State& s = *state_;
  if (!s.session || s.life.losing() || !s.life.running() || wanted == s.warm) return;
  s.warm = wanted;
  s.session->see_through().warm(wanted);
  s.tell_passthrough();
}

void Headset::set_anchors(std::span<const glm::vec3> places, HeadsetTime now) {
  State& s = *state_;
  if (!s.session || !s.life.running() || s.life.losing()) return;
  if (!s.noticed(s.session->anchors().set(s.session->room(), s.xr_time(now), places), "xrCreateSpatialAnchorMSFT", now)) return;
  s.next_anchors = now + kAnchorsEvery;
  if (const std::size_t set = s.session->anchors().count(); set > 0) s.say(base::formatted("Anchors: {} set.", set));
}

std::optional<double> Headset::anchors_slid(HeadsetTime now) {
  State& s = *state_;
  if (!s.session || !s.life.running() || s.life.losing() || now < s.next_anchors) return std::nullopt;
  s.next_anchors = now + kAnchorsEvery;
  std::optional<double> metres;
  s.noticed(s.session->anchors().slid(s.session->room(), s.xr_time(now), metres), "xrLocateSpace", now);
  return metres;
}

std::vector<TagSeen> Headset::tags_seen(bool wanted, double size_m, HeadsetTime now) {
  State& s = *state_;
  std::vector<TagSeen> seen;
  if (!s.session || !s.life.running() || s.life.losing()) return seen;
  if (!s.noticed(s.session->markers().watch(wanted, size_m), "xrCreateMarkerDetectorML", now)) return seen;
  const bool due = now >= s.next_tags;
  if (due) s.next_tags = now + kTagsEvery;
  s.noticed(s.session->markers().step(s.session->room(), s.xr_time(now), due, seen), "xrSnapshotMarkerDetectorML", now);
  return seen;
}

void Headset::vibrate(std::size_t hand, const Vibration& vibration, HeadsetTime now) {
  State& s = *state_;
  if (s.session && s.life.focused() && !s.life.losing()) s.noticed(s.session->vibrate(hand, vibration), "xrApplyHapticFeedback", now);
}

void Headset::prefer_rate(double film_fps, HeadsetTime now) {
  State& s = *state_;
  if (s.session && s.life.running() && !s.life.losing()) s.noticed(s.session->prefer_rate(film_fps), "xrRequestDisplayRefreshRateFB", now);
}

// ---------------------------------------------------------------- what is known

Missing Headset::missing() const {
  switch (state_->life.stage()) {
    case Stage::no_runtime: return Missing::runtime;
    case Stage::no_headset: return Missing::headset;
    default: return Missing::nothing;
  }
}

bool Headset::focused() const { return state_->life.focused(); }
bool Headset::shows_menu() const { return state_->instance && state_->instance->layers_max() >= 2; }
std::optional<bool> Headset::worn() const { return state_->worn; }
const FrameCounts& Headset::counts() const { return state_->pacing.counts(); }
const std::set<std::string>& Headset::states_reached() const { return state_->reached; }
std::string Headset::runtime() const { return state_->runtime; }
std::string Headset::api_version() const { return state_->version; }
std::string Headset::headset() const { return state_->headset; }
std::uint64_t Headset::validation_messages() const { return state_->validation.messages; }
std::string Headset::last_validation_message() const {
  std::lock_guard lock(state_->validation.mutex);
  return state_->validation.last;
}
std::vector<std::string> Headset::take_log() { return std::exchange(state_->log, {}); }

}  // namespace promenade::xr
