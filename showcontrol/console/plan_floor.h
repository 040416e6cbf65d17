#pragma once
// The hall's floor as the plan shows it, and where on the screen each of its points lies. Hall metres, points of the
// screen; drawn on the current ImGui window; its thread.

#include "showcontrol/console/signs.h"
#include "tracking/venue.h"

namespace promenade::console {

inline constexpr float kBeak = kDisc + 10.0F;   // to the tip of what shows where a viewer looks
inline constexpr float kPlanMargin = 16.0F;
inline constexpr float kPlanMarginHigh = 30.0F;  // below: the doors' names stand there
inline constexpr float kPlanMarginTop = 38.0F;   // above: so do they, or the band of a forecast

// Hall metres to pixels: x to the right, y upwards, as large as fits.
struct View {
  HallPoint low, high;
  ImVec2 origin;  // of hall (0, 0)
  float scale = 1.0F;
  ImVec2 operator()(HallPoint p) const { return {origin.x + static_cast<float>(p.x) * scale, origin.y - static_cast<float>(p.y) * scale}; }
  HallPoint back(ImVec2 p) const { return {(p.x - origin.x) / scale, (origin.y - p.y) / scale}; }
};

View fit(const tracking::Venue& venue, ImVec2 at, ImVec2 extent);
// Walls, columns, kitting area, chairs and doors; in an evacuation both doors are ways out, and are marked as such.
void draw_floor(Frame& frame, const tracking::Venue& venue, const View& view);
void draw_scale_bar(Frame& frame, const View& view);

}  // namespace promenade::console
