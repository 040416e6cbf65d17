#pragma once
// The right-hand side: the headsets, the worst first; one of them, or a body, with what can be done; the queue; the day.
// Drawn on the thread that owns the ImGui context, between its NewFrame and Render; points of the screen.

#include "showcontrol/console/widgets.h"

namespace promenade::console {

void draw_cards(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_headset(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, ImVec2 extent);
void draw_body(Frame& frame, const protocol::BodyCard& body, ImVec2 at, ImVec2 extent);
// Parts of a headset's details; each returns the height that it took.
float draw_what_holds(Frame& frame, const Judged& judged, ImVec2 at, float width);
float draw_hand(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width);      // who holds his, or shall
float draw_drift(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width);
float draw_bind_form(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width);
float draw_settlement(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width);  // what becomes of his film
void place_beside(Frame& frame, const protocol::HeadsetCard& card);  // somebody takes his hand
// The roll of an evacuation; and, when it has ended, what becomes of the films that it interrupted.
void draw_roll(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_settlements(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_queue(Frame& frame, ImVec2 at, ImVec2 extent);
void draw_day(Frame& frame, ImVec2 at, ImVec2 extent);

}  // namespace promenade::console
