#pragma once
// What Listener and Connection share. For listener.cpp and connection.cpp only.

#include <algorithm>
#include <chrono>
#include <vector>

#include "showcontrol/protocol/impaired_socket.h"
#include "showcontrol/protocol/transport.h"

namespace promenade::protocol {

inline CloseCode close_code(std::uint32_t code) { return code <= static_cast<std::uint32_t>(CloseCode::refused) ? static_cast<CloseCode>(code) : CloseCode::refused; }
inline SteadyTime steady_time(base::Duration steady) { return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(steady)); }

inline constexpr std::size_t kEventsMax = 4096;  // of a turn

// Calls `turn`, which takes what has come; waits at most `timeout` for the first event of ours. `quiet`: nothing is left to be sent, so
// that it waits first: a turn costs a look at the socket and ENet's look at every peer, and half of them would find nothing.
template <class Turn>
void poll_socket(link::DatagramSocket& socket, std::chrono::milliseconds timeout, bool quiet, std::vector<LinkEvent>& events, Turn turn) {
  constexpr base::Duration kServiceEvery{10'000};  // ENet's own timers, while nothing comes
  const base::Duration deadline = socket.steady() + timeout;
  const std::size_t before = events.size();
  for (base::Duration left = timeout;;) {
    if (quiet && left > base::Duration{0}) socket.wait(std::min(left, kServiceEvery));
    quiet = true;
    turn();
    left = deadline - socket.steady();
    if (events.size() > before || left <= base::Duration{0}) return;
  }
}

inline LinkTotals count(const ImpairedSocket& network, LinkTotals totals) {
  totals.packets_in = network.packets_in;
  totals.packets_out = network.packets_out;
  totals.bytes_in = network.bytes_in;
  totals.bytes_out = network.bytes_out;
  return totals;
}

}  // namespace promenade::protocol
