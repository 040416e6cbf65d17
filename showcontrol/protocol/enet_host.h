#pragma once
// ENet over a DatagramSocket: the only file that knows ENet is enet_host.cpp. Debian's libenet calls its socket and time
// functions through the dynamic linker, so that the program's own definitions win: every call ENet makes for a host goes to
// that host's DatagramSocket, time included, and ENet itself needs no change. `interposed` proves it at start-up.
//
// One thread for each host. Pure where its socket is.

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "showcontrol/link/datagram.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/base/result.h"

namespace promenade::protocol {

class EnetHost {
 public:
  using Slot = std::uint32_t;  // of a peer, used again for another one later
  struct Connected { Slot slot = 0; link::Address from; };
  struct Gone { Slot slot = 0; link::Address from; std::uint32_t code = 0; };  // 0: silent
  struct Packet { Slot slot = 0; base::Bytes bytes; };
  using Event = std::variant<Connected, Gone, Packet>;

  // Whether ENet's calls come to this file: a host is made on a socket that listens to what it is told. Code
  // "link-layer-missing". Looked at once for a program.
  static base::Result<void> interposed();

  // `socket` outlives it. `one_per_host`: no more than one peer from a host (of virtual addresses, each is a connection).
  EnetHost(link::DatagramSocket& socket, std::size_t peers, bool one_per_host);
  ~EnetHost();
  EnetHost(const EnetHost&) = delete;
  EnetHost& operator=(const EnetHost&) = delete;

  std::optional<Slot> connect(link::Address to, std::uint32_t timeout_ms);
  // False: ENet does not take it. Asserts the size limits.
  bool send(Slot slot, base::ByteView bytes, Delivery delivery);
  std::optional<Event> service();  // sends what is due and takes what has come; never waits
  std::optional<Event> next();     // another one of what `service` has taken
  void flush();

  enum class Manner {
    told,      // the other end is told until it has answered; Gone follows
    flushed,   // the same once it has what was sent before
    at_once,   // one word, no answer awaited, no event
    dropped,   // not a word
  };
  void disconnect(Slot slot, std::uint32_t code, Manner manner);
  std::uint32_t round_trip_ms(Slot slot) const;

  // What ENet holds for all peers: commands that it has yet to send or to see acknowledged, with their bytes, and bytes that have come
  // and wait for what came before them. Bounded while every peer answers; what rises for hours leaks.
  struct Waiting { std::uint64_t commands = 0, bytes_out = 0, bytes_in = 0; };
  Waiting waiting() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace promenade::protocol
