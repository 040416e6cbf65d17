#pragma once
// Which button of which controller does what. Pure tables; paths as in the OpenXR specification, chapter 6.4 and the
// extensions named.

#include <span>
#include <string_view>
#include <vector>

#include "runtime/xr/choices.h"

namespace promenade::xr {

enum class Action { aim, grip, trigger, select, menu, haptic };
inline constexpr int kActions = 6;

struct Binding {
  Action action;
  std::string_view path;          // "/user/hand/left/input/..."
};
struct Profile {
  std::string_view path;          // "/interaction_profiles/..."
  std::vector<Binding> bindings;
};

// Those that may be suggested with the extensions that are on. A runtime picks the one of the controller in use.
std::vector<Profile> profiles(const Extensions& on);

}  // namespace promenade::xr
