#pragma once
// The hall seen from above: walls, columns, doors, kitting area, chairs; everybody in it with heading, film and safety
// colour; ways ahead and what of them is reserved; alarms. A tap chooses, or places somebody.

#include "showcontrol/console/widgets.h"

namespace promenade::console {

void draw_plan(Frame& frame, ImVec2 at, ImVec2 extent);
// What the signs mean, in one or two lines; returns the height.
float draw_legend(Frame& frame, ImVec2 at, float width);

}  // namespace promenade::console
