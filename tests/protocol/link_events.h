#pragma once
// What a listener or a connection has told, by kind.

#include <variant>
#include <vector>

#include "showcontrol/protocol/transport.h"

namespace promenade::protocol {

template <class Event>
std::vector<Event> of(const std::vector<LinkEvent>& events) {
  std::vector<Event> out;
  for (const LinkEvent& event : events) {
    if (const auto* e = std::get_if<Event>(&event)) out.push_back(*e);
  }
  return out;
}

}  // namespace promenade::protocol
