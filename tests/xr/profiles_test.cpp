#include "runtime/xr/profiles.h"

#include <algorithm>
#include <set>

#include <catch2/catch_test_macros.hpp>

using namespace promenade::xr;

TEST_CASE("Every controller can point, choose and touch a mark with either hand") {
  Extensions on;
  on.pico = on.hand_interaction = true;
  const auto all = profiles(on);
  CHECK(all.size() == 7);
  for (const Profile& profile : all) {
    CAPTURE(profile.path);
    std::set<std::pair<Action, std::string_view>> seen;
    for (const Binding& binding : profile.bindings) {
      CHECK(seen.insert({binding.action, binding.path}).second);
      CHECK((binding.path.starts_with("/user/hand/left/") || binding.path.starts_with("/user/hand/right/")));
    }
    for (const Action action : {Action::aim, Action::grip, Action::trigger, Action::select}) {
      for (const std::string_view hand : {"/user/hand/left/", "/user/hand/right/"}) {
        CHECK(std::ranges::any_of(profile.bindings, [&](const Binding& b) { return b.action == action && b.path.starts_with(hand); }));
      }
    }
  }
}

TEST_CASE("Profiles of extensions that are off are not suggested") {
  const auto all = profiles({});
  CHECK(all.size() == 4);
  CHECK(std::ranges::none_of(all, [](const Profile& p) { return p.path.contains("bytedance") || p.path.contains("hand_interaction"); }));
}
