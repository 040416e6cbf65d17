#pragma once
// A network in memory under a virtual clock, for simulation and tests: sockets that deliver at once, in order, to whoever is
// bound to an address; what goes nowhere is lost. A bad network is made by an impairment above a socket. Pure; one thread;
// it outlives its sockets.

#include <deque>
#include <map>
#include <memory>

#include "showcontrol/link/datagram.h"

namespace promenade::link {

class MemoryNetwork {
 public:
  explicit MemoryNetwork(Moment start) : now_(start) {}
  Moment now() const { return now_; }
  void advance(base::Duration by);
  // Nothing: somebody is bound to it.
  std::unique_ptr<DatagramSocket> bind(Address address);

 private:
  class Socket;
  struct Arrived { Address from; base::Bytes bytes; base::Duration at; };
  static constexpr std::size_t kWaitingMax = 4096;  // of one socket; beyond it datagrams are lost, as in a system's buffer
  Moment now_;
  std::map<Address, std::deque<Arrived>> bound_;
};

}  // namespace promenade::link
