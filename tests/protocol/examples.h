#pragma once
// One message of every type with fixed content: goldens, documentation and the fuzz corpus are made of them.

#include <string>
#include <utility>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::protocol::examples {

HeadsetState headset_state();
HallState hall_state(std::size_t neighbours = 2);
HallState fullest_hall_state();  // every list at its bound, every optional there
std::vector<std::pair<std::string, Message>> all();  // file name and message

}  // namespace promenade::protocol::examples
