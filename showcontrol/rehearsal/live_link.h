#pragma once
// The connection of one endpoint to the hall, made again for as long as the endpoint wants one. One thread;
// rehearsal seconds.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/protocol/transport.h"
#include "showcontrol/rehearsal/ports.h"

namespace promenade::rehearsal {

class LiveLink {
 public:
  LiveLink(Endpoint& endpoint, std::string host, std::uint16_t port, std::shared_ptr<const link::SessionSettings> security);
  void receive(double now_s);   // connects, hands over what has arrived
  void send(double now_s);      // takes the endpoint's outgoing messages
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  void close(double now_s);

  Endpoint& endpoint_;
  protocol::ConnectionConfig config_;
  std::optional<protocol::Connection> connection_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  double again_s_ = 0.0, heard_s_ = 0.0;
  bool up_ = false;
  std::uint64_t unreadable_ = 0;
};

}  // namespace promenade::rehearsal
