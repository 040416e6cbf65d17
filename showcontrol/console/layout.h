#pragma once
// Where things are on the screen, by name, for hands that are programs: each frame's widgets and the plan's place.
// Pixels of the window, origin at its upper left corner. Plain values; `write` is the rim.

#include <map>
#include <string>

#include "tracking/geometry.h"

namespace promenade::console {

struct Box {
  float x = 0.0F, y = 0.0F, width = 0.0F, height = 0.0F;
  friend bool operator==(const Box&, const Box&) = default;
};

struct Layout {
  float width = 0.0F, height = 0.0F;
  std::map<std::string, Box> widgets;      // "pause-all", "headset-7", "action-release", …; only what can be tapped now
  std::map<std::string, std::string> says; // "link": "connected", "chosen": "7", …
  bool has_plan = false;
  float plan_x = 0.0F, plan_y = 0.0F;      // where the hall's origin is
  float plan_px_per_m = 0.0F;              // x to the right, y upwards
  friend bool operator==(const Layout&, const Layout&) = default;
};

std::string to_json(const Layout& layout);
bool write(const Layout& layout, const std::string& path);  // as a whole or not at all; false: it could not

}  // namespace promenade::console
