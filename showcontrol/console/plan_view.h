#pragma once
// The hall seen from above: walls, columns, doors, kitting area, chairs; everybody in it with heading, film and safety
// colour; ways ahead and what of them is reserved; alarms. A tap chooses, or places somebody.

#include "showcontrol/console/widgets.h"

namespace promenade::console {

void draw_plan(Frame& frame, ImVec2 at, ImVec2 extent);
}  // namespace promenade::console
