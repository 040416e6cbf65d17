#include "runtime/xr/actions.h"

#include <cstdio>

#include "runtime/xr/poses.h"

namespace promenade::xr {
namespace {

struct Described {
  Action action;
  XrActionType type;
  const char* name;
  const char* shown;
};
constexpr std::array<Described, kActions> kDescribed{{
    {Action::aim, XR_ACTION_TYPE_POSE_INPUT, "aim", "Point at a film"},
    {Action::grip, XR_ACTION_TYPE_POSE_INPUT, "grip", "Hand"},
    {Action::trigger, XR_ACTION_TYPE_BOOLEAN_INPUT, "trigger", "Choose; touch a mark"},
    {Action::select, XR_ACTION_TYPE_BOOLEAN_INPUT, "select", "Choose with the thumb"},
    {Action::menu, XR_ACTION_TYPE_BOOLEAN_INPUT, "menu", "Stop"},
    {Action::haptic, XR_ACTION_TYPE_VIBRATION_OUTPUT, "haptic", "Vibration"},
}};

template <std::size_t N>
void copy(char (&to)[N], const char* from) { std::snprintf(to, N, "%s", from); }

}  // namespace

std::unique_ptr<Actions> Actions::create(const Instance& instance, XrSession session, XrResult& trouble) {
  std::unique_ptr<Actions> made(new Actions);
  trouble = made->make(instance, session);
  return XR_SUCCEEDED(trouble) ? std::move(made) : nullptr;
}

Actions::~Actions() {
  for (const auto& spaces : {aim_, grip_}) {
    for (const XrSpace space : spaces) {
      if (space != XR_NULL_HANDLE) xrDestroySpace(space);
    }
  }
  if (set_ != XR_NULL_HANDLE) xrDestroyActionSet(set_);  // with its actions
}

XrResult Actions::make(const Instance& instance, XrSession session) {
  hands_ = {instance.path("/user/hand/left"), instance.path("/user/hand/right")};
  auto set_info = typed<XrActionSetCreateInfo>(XR_TYPE_ACTION_SET_CREATE_INFO);
  copy(set_info.actionSetName, "viewer");
  copy(set_info.localizedActionSetName, "Viewer");
  if (const XrResult result = xrCreateActionSet(instance.handle(), &set_info, &set_); XR_FAILED(result)) return result;
  for (const Described& one : kDescribed) {
    auto info = typed<XrActionCreateInfo>(XR_TYPE_ACTION_CREATE_INFO);
    info.actionType = one.type;
    info.countSubactionPaths = static_cast<std::uint32_t>(hands_.size());
    info.subactionPaths = hands_.data();
    copy(info.actionName, one.name);
    copy(info.localizedActionName, one.shown);
    if (const XrResult result = xrCreateAction(set_, &info, &actions_[static_cast<std::size_t>(one.action)]); XR_FAILED(result)) return result;
  }
  if (const XrResult result = suggest(instance); XR_FAILED(result)) return result;
  for (std::size_t hand = 0; hand < hands_.size(); ++hand) {
    for (const auto& [action, space] : {std::pair{Action::aim, &aim_[hand]}, std::pair{Action::grip, &grip_[hand]}}) {
      auto info = typed<XrActionSpaceCreateInfo>(XR_TYPE_ACTION_SPACE_CREATE_INFO);
      info.action = actions_[static_cast<std::size_t>(action)];
      info.subactionPath = hands_[hand];
      info.poseInActionSpace.orientation.w = 1.0f;
      if (const XrResult result = xrCreateActionSpace(session, &info, space); XR_FAILED(result)) return result;
    }
  }
  auto attach = typed<XrSessionActionSetsAttachInfo>(XR_TYPE_SESSION_ACTION_SETS_ATTACH_INFO);
  attach.countActionSets = 1;
  attach.actionSets = &set_;
  return xrAttachSessionActionSets(session, &attach);
}

// A runtime may know fewer profiles than there are: it is enough if it takes one.
XrResult Actions::suggest(const Instance& instance) {
  XrResult last = XR_ERROR_PATH_UNSUPPORTED;
  bool taken = false;
  for (const Profile& profile : profiles(instance.on())) {
    std::vector<XrActionSuggestedBinding> bindings;
    for (const Binding& binding : profile.bindings) {
      bindings.push_back({actions_[static_cast<std::size_t>(binding.action)], instance.path(binding.path)});
    }
    auto suggested = typed<XrInteractionProfileSuggestedBinding>(XR_TYPE_INTERACTION_PROFILE_SUGGESTED_BINDING);
    suggested.interactionProfile = instance.path(profile.path);
    suggested.countSuggestedBindings = static_cast<std::uint32_t>(bindings.size());
    suggested.suggestedBindings = bindings.data();
    const XrResult result = xrSuggestInteractionProfileBindings(instance.handle(), &suggested);
    if (XR_SUCCEEDED(result)) taken = true;
    else last = result;
    if (result == XR_ERROR_INSTANCE_LOST) return result;
  }
  return taken ? XR_SUCCESS : last;
}

XrResult Actions::read_bool(XrSession session, Action action, std::size_t hand, bool& held) {
  auto info = typed<XrActionStateGetInfo>(XR_TYPE_ACTION_STATE_GET_INFO);
  info.action = actions_[static_cast<std::size_t>(action)];
  info.subactionPath = hands_[hand];
  auto state = typed<XrActionStateBoolean>(XR_TYPE_ACTION_STATE_BOOLEAN);
  const XrResult result = xrGetActionStateBoolean(session, &info, &state);
  held = XR_SUCCEEDED(result) && state.isActive && state.currentState;
  return result;
}

XrResult Actions::read(XrSession session, XrSpace room, XrTime time, bool focused, std::array<HandState, 2>& hands) {
  hands = {};
  if (!focused) return XR_SUCCESS;
  const XrActiveActionSet active{set_, XR_NULL_PATH};
  auto sync = typed<XrActionsSyncInfo>(XR_TYPE_ACTIONS_SYNC_INFO);
  sync.countActiveActionSets = 1;
  sync.activeActionSets = &active;
  const XrResult synced = xrSyncActions(session, &sync);
  if (synced != XR_SUCCESS) return synced;
  for (std::size_t hand = 0; hand < hands.size(); ++hand) {
    HandState& state = hands[hand];
    for (const auto& [action, held] : {std::pair{Action::trigger, &state.trigger}, std::pair{Action::select, &state.select}, std::pair{Action::menu, &state.menu}}) {
      if (const XrResult result = read_bool(session, action, hand, *held); XR_FAILED(result)) return result;
    }
    for (const auto& [space, located] : {std::pair{aim_[hand], &state.aim}, std::pair{grip_[hand], &state.grip}}) {
      auto location = typed<XrSpaceLocation>(XR_TYPE_SPACE_LOCATION);
      if (const XrResult result = xrLocateSpace(space, room, time, &location); XR_FAILED(result)) return result;
      *located = located_of(location);
    }
  }
  return XR_SUCCESS;
}

XrResult Actions::vibrate(XrSession session, std::size_t hand, const Vibration& vibration) {
  auto wave = typed<XrHapticVibration>(XR_TYPE_HAPTIC_VIBRATION);
  wave.amplitude = vibration.amplitude;
  wave.duration = vibration.seconds > 0.0 ? static_cast<XrDuration>(vibration.seconds * 1e9) : XR_MIN_HAPTIC_DURATION;
  wave.frequency = vibration.frequency_hz > 0.0f ? vibration.frequency_hz : XR_FREQUENCY_UNSPECIFIED;
  auto info = typed<XrHapticActionInfo>(XR_TYPE_HAPTIC_ACTION_INFO);
  info.action = actions_[static_cast<std::size_t>(Action::haptic)];
  info.subactionPath = hands_[hand];
  return xrApplyHapticFeedback(session, &info, reinterpret_cast<const XrHapticBaseHeader*>(&wave));
}

}  // namespace promenade::xr
