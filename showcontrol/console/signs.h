#pragma once
// The signs of the plan and of what stands beside it: they mean the same wherever they are. Points of the screen; drawn
// on the current ImGui window; its thread.

#include <imgui.h>

#include "showcontrol/console/widgets.h"
#include "tracking/calibration.h"

namespace promenade::console {

inline constexpr float kDisc = 15.0F;  // radius of a viewer on the plan

void dashed(ImVec2 a, ImVec2 b, ImU32 ink, float thick, float on = 5.0F, float off = 5.0F);
void dashed_circle(ImVec2 c, float radius, ImU32 ink, float thick);
void attendant_sign(ImVec2 c, float half = 12.0F, ImU32 ground = colour::kAttendant);  // head and shoulders on a square
void companion_sign(ImVec2 c, float radius);                                          // the same on a disc
void forecast_sign(ImVec2 c, float half, ImU32 film, float thick = 2.5F);             // where a play will be: a hollow diamond
void hands(ImVec2 a, ImVec2 b);                                                       // two who hold each other's hand
void out_sign(ImVec2 c, float radius);                                                // ticked off
// What is known of the drift of a headset's place. Not known is never drawn like good.
void drift_sign(Frame& frame, tracking::CalibrationState state, ImVec2 c, float radius);
ImU32 of_drift(tracking::CalibrationState state);
// A broad light way with arrows along it: an attendant leads somebody there, and it is kept free. `half`: half its width.
void kept_way(const std::vector<ImVec2>& points, float half);

// What the signs mean, as many as have room. Signs of rare things only while they are on the plan.
void draw_legend(Frame& frame, ImVec2 at, ImVec2 extent);

}  // namespace promenade::console
