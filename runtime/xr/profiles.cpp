#include "runtime/xr/profiles.h"

#include <utility>

namespace promenade::xr {
namespace {

// Both hands: {action, path of the left hand, path of the right hand}.
struct Pair {
  Action action;
  std::string_view left, right;
};

#define PROMENADE_BOTH(end) "/user/hand/left" end, "/user/hand/right" end

Profile profile(std::string_view path, std::initializer_list<Pair> pairs) {
  Profile made{path, {{Action::aim, "/user/hand/left/input/aim/pose"},
                      {Action::aim, "/user/hand/right/input/aim/pose"},
                      {Action::grip, "/user/hand/left/input/grip/pose"},
                      {Action::grip, "/user/hand/right/input/grip/pose"}}};
  for (const Pair& pair : pairs) {
    if (!pair.left.empty()) made.bindings.push_back({pair.action, pair.left});
    if (!pair.right.empty()) made.bindings.push_back({pair.action, pair.right});
  }
  return made;
}

}  // namespace

std::vector<Profile> profiles(const Extensions& on) {
  std::vector<Profile> all{
      profile("/interaction_profiles/khr/simple_controller",
              {{Action::trigger, PROMENADE_BOTH("/input/select/click")},
               {Action::select, PROMENADE_BOTH("/input/select/click")},
               {Action::menu, PROMENADE_BOTH("/input/menu/click")},
               {Action::haptic, PROMENADE_BOTH("/output/haptic")}}),
      profile("/interaction_profiles/oculus/touch_controller",
              {{Action::trigger, PROMENADE_BOTH("/input/trigger/value")},
               {Action::select, "/user/hand/left/input/x/click", "/user/hand/right/input/a/click"},
               {Action::menu, "/user/hand/left/input/menu/click", "/user/hand/right/input/b/click"},
               {Action::haptic, PROMENADE_BOTH("/output/haptic")}}),
      profile("/interaction_profiles/valve/index_controller",
              {{Action::trigger, PROMENADE_BOTH("/input/trigger/value")},
               {Action::select, PROMENADE_BOTH("/input/a/click")},
               {Action::menu, PROMENADE_BOTH("/input/b/click")},
               {Action::haptic, PROMENADE_BOTH("/output/haptic")}}),
      profile("/interaction_profiles/htc/vive_controller",
              {{Action::trigger, PROMENADE_BOTH("/input/trigger/value")},
               {Action::select, PROMENADE_BOTH("/input/trackpad/click")},
               {Action::menu, PROMENADE_BOTH("/input/menu/click")},
               {Action::haptic, PROMENADE_BOTH("/output/haptic")}}),
  };
  if (on.pico) {
    for (const std::string_view path : {"/interaction_profiles/bytedance/pico_neo3_controller", "/interaction_profiles/bytedance/pico4_controller"}) {
      // The right controller of the PICO 4 has no menu button.
      const bool neo3 = path.ends_with("neo3_controller");
      all.push_back(profile(path, {{Action::trigger, PROMENADE_BOTH("/input/trigger/value")},
                                   {Action::select, "/user/hand/left/input/x/click", "/user/hand/right/input/a/click"},
                                   {Action::menu, "/user/hand/left/input/menu/click",
                                    neo3 ? "/user/hand/right/input/menu/click" : "/user/hand/right/input/b/click"},
                                   {Action::haptic, PROMENADE_BOTH("/output/haptic")}}));
    }
  }
  if (on.hand_interaction) {
    all.push_back(profile("/interaction_profiles/ext/hand_interaction_ext",
                          {{Action::trigger, PROMENADE_BOTH("/input/pinch_ext/value")},
                           {Action::select, PROMENADE_BOTH("/input/aim_activate_ext/value")}}));
  }
  return all;
}

#undef PROMENADE_BOTH

}  // namespace promenade::xr
