#pragma once
// The picture of a fit: the hall from above with the best placement (or the one that comes nearest), which of its scenes
// spoils how many placements, and the figures. In Chinese and English side by side; the same as SVG and PNG.

#include <string>

#include "showcontrol/planning/fit.h"
#include "tracking/base/result.h"

namespace promenade::planning {

struct FitHeading {
  std::string zh, en;  // the film's titles
  std::string hall;
};

// The file's bytes. Error: drawing-failed.
base::Result<std::string> fit_svg(const FloorPlan& floor, const package::Route& route, const FitReport& report, const FitHeading& heading);
base::Result<std::string> fit_png(const FloorPlan& floor, const package::Route& route, const FitReport& report, const FitHeading& heading);

}  // namespace promenade::planning
