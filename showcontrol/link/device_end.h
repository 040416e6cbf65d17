#pragma once
// A device's end of the secure link (headset, staff device): one connection to one hall. Pure, as hall_end.h; it does the
// asymmetric work of its handshake inline, about 3 ms once. One thread.

#include "showcontrol/link/hall_end.h"

namespace promenade::link {

class DeviceEnd {
 public:
  // Begins the handshake with the first tick.
  explicit DeviceEnd(std::shared_ptr<const SessionSettings> settings);

  void receive(base::ByteView datagram, Moment came); // what comes from the hall's address, and when
  void tick(Moment now);                              // timers; at least every 50 ms until it is open
  bool send(DatagramKind kind, base::ByteView bytes); // false: not open
  void close();                                       // says so to the hall

  Session::State state() const { return session_.state(); }
  const std::string& reason() const { return session_.reason(); }  // why it is over
  bool refused() const { return session_.refused(); }
  const Identity& hall() const { return session_.peer(); }         // once open
  std::vector<base::Bytes>& outgoing() { return session_.out(); }
  struct Inner { DatagramKind kind{}; base::Bytes bytes; base::Duration at{0}; };  // at: when it came
  std::vector<Inner>& delivered() { return delivered_; }
  std::uint64_t not_authentic() const { return not_authentic_; }  // datagrams dropped

 private:
  Session session_;
  std::deque<base::Bytes> inbox_;
  bool begun_ = false;
  std::vector<Inner> delivered_;
  std::vector<base::Bytes> inner_;
  base::Bytes text_;
  std::uint64_t not_authentic_ = 0;
};

}  // namespace promenade::link
