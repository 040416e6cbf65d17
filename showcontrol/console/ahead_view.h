#pragma once
// The slider under the plan: from now to ten minutes ahead, by finger and by the arrow keys; and what shows that the plan
// is a forecast. The plan is live again by itself 30 s after the last touch, and at once when an alarm is raised, when
// something is to be placed, or when there is no forecast any more. Within an ImGui window; its thread.

#include "showcontrol/console/widgets.h"

namespace promenade::console {

inline constexpr float kAheadRow = 52.0F;  // height of the slider's row

void follow_ahead(Frame& frame);           // back to live where that is due; before anything is drawn
void draw_ahead(Frame& frame, ImVec2 at, float width);
// Over a plan that is a forecast: frame, stripes, and a band above the hall that says so.
void draw_ahead_veil(ImVec2 at, ImVec2 extent);
void draw_ahead_band(Frame& frame, ImVec2 at, ImVec2 extent, int untold);

}  // namespace promenade::console
