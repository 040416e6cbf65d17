#pragma once
// Why somebody stands still, in words: "Caravan waits for the north corner until 14:03:20." From the card's reason
// (protocol::WaitsFor), in the reader's language.

#include "showcontrol/console/ui.h"

namespace promenade::console {

std::string place_text(const Frame& frame, HallPoint at);                        // "north corner"
std::string wait_text(const Frame& frame, const protocol::HeadsetCard& card);    // whole sentences; empty: he does not wait
// For a row, of what only the hall can end (another play, a companion, a body); empty: nothing of that.
std::string wait_short(const Frame& frame, const protocol::HeadsetCard& card);
// He waits for somebody else: more than his own scene, his turn or himself.
bool waits_for_others(const protocol::HeadsetCard& card);

}  // namespace promenade::console
