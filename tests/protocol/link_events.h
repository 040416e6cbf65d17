#pragma once
// What a listener or a connection has told, by kind; and what they are given to send.

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

inline base::Bytes payload(std::size_t size, std::uint8_t first) {
  base::Bytes bytes(size, 0x5a);
  bytes[0] = first;
  return bytes;
}

}  // namespace promenade::protocol
