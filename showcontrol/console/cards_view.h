#pragma once
// The right-hand side: the headsets, the worst first; one of them, or a body, with what can be done; the queue; the day.
// Drawn on the thread that owns the ImGui context, between its NewFrame and Render; points of the screen.

#include "showcontrol/console/widgets.h"

namespace promenade::console {

void draw_cards(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_headset(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, ImVec2 extent);
void draw_body(Frame& frame, const protocol::BodyCard& body, ImVec2 at, ImVec2 extent);
void draw_queue(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_day(Frame& frame, ImVec2 at, ImVec2 extent);

}  // namespace promenade::console
