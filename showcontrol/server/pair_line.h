#pragma once
// The line between the two hall programs of one hall: the venue's own link (DTLS, certificates under the venue's root) on a
// port of its own. The first waits to be connected to, the second connects, and again and again whenever the line is
// lost. Rim: sockets and clocks; one thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/succession/channel.h"

namespace promenade::server {

struct PairAddress {
  succession::Member::Place place = succession::Member::Place::first;
  std::string bind = "0.0.0.0";  // of the first
  std::string host;              // of the first, where the second finds it
  std::uint16_t port = 0;        // of the first; 0: the system picks
};

class PairLine {
 public:
  // `keys`: the link's, of which both programs have the same root. Codes as Listener::open and HallKeys have them.
  static base::Result<PairLine> open(PairAddress address, link::HallKeys keys);

  // Waits at most `timeout` for the first message.
  void poll(std::chrono::milliseconds timeout, std::vector<succession::Said>& said);
  // Words go unreliably, all else reliably and in order. False: there is no line, and it is as if it had been lost.
  bool send(const succession::Said& said, bool surely = false);
  // Counts the lines made: what was sent reliably on an earlier one may not have arrived.
  std::uint64_t lines() const { return lines_; }
  bool up() const { return up_; }
  std::uint16_t port() const { return listener_ ? listener_->port() : address_.port; }
  // What was wrong since it was asked last, a sentence for a person; each kind once while it lasts.
  std::optional<std::string> take_complaint();

 private:
  using Clock = std::chrono::steady_clock;
  PairLine(PairAddress address, link::HallKeys keys) : address_(std::move(address)), keys_(std::move(keys)) {}
  void connect(Clock::time_point now);
  void take(const protocol::LinkEvent& event, std::vector<succession::Said>& said);
  void lose();
  void complain(const std::string& text);
  void look_at_keys(Clock::time_point now);

  PairAddress address_;
  link::HallKeys keys_;
  std::string certificate_;                         // of the first, in use: its serial
  std::optional<protocol::Listener> listener_;      // of the first
  std::optional<protocol::Connection> connection_;  // of the second
  protocol::LinkId link_;                           // at the listener
  bool up_ = false;
  std::uint64_t lines_ = 0;
  succession::Reader reader_;
  std::vector<protocol::LinkEvent> events_;
  Clock::time_point heard_{}, again_{}, keys_again_{};
  std::string last_complaint_;
  std::optional<std::string> complaint_;
};

}  // namespace promenade::server
