#include "showcontrol/console/layout.h"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace promenade::console {

std::string to_json(const Layout& layout) {
  nlohmann::json widgets = nlohmann::json::object();
  for (const auto& [name, box] : layout.widgets) widgets[name] = {box.x, box.y, box.width, box.height};
  nlohmann::json json{{"size", {layout.width, layout.height}}, {"widgets", std::move(widgets)}, {"says", layout.says}};
  if (layout.has_plan) json["plan"] = {{"x", layout.plan_x}, {"y", layout.plan_y}, {"px_per_m", layout.plan_px_per_m}};
  return json.dump();
}

bool write(const Layout& layout, const std::string& path) {
  const std::string beside = path + ".new";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << to_json(layout) << '\n';
    if (!out) return false;
  }
  return std::rename(beside.c_str(), path.c_str()) == 0;
}

}  // namespace promenade::console
