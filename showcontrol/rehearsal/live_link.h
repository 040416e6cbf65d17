#pragma once
// The connection of one endpoint to the hall, made again for as long as the endpoint wants one. One thread;
// rehearsal seconds.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "showcontrol/protocol/hall_connection.h"
#include "showcontrol/rehearsal/ports.h"

namespace promenade::rehearsal {

class LiveLink {
 public:
  using Open = std::function<base::Result<protocol::HallConnection>()>;
  LiveLink(Endpoint& endpoint, Open open);
  void receive(double now_s);   // connects, hands over what has arrived
  void send(double now_s);      // takes the endpoint's outgoing messages
  std::uint64_t unreadable() const { return unreadable_; }
  bool connected() const { return up_; }
  void set_impairment(const protocol::ImpairmentSettings& outgoing, const protocol::ImpairmentSettings& incoming);  // of the present connection, if there is one

 private:
  void close(double now_s, double again_after_s);

  Endpoint& endpoint_;
  Open open_;
  std::optional<protocol::HallConnection> connection_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  double again_s_ = 0.0, heard_s_ = 0.0;
  bool up_ = false;
  std::uint64_t unreadable_ = 0;
};

}  // namespace promenade::rehearsal
