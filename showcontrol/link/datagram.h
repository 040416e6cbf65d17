#pragma once
// What the link's layers hand to each other: datagrams, where they come from, and when it is. Pure. A socket is an
// interface, so that the same ENet and the same DTLS run over UDP, over a bad network on purpose, and in memory under a
// virtual clock.

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "tracking/base/bytes.h"
#include "tracking/base/clock.h"

namespace promenade::link {

// Largest UDP payload that either end sends or takes: it crosses any network in one piece.
inline constexpr std::size_t kOuterMax = 1200;
// Largest inner payload. A record adds 13 bytes of header, 8 of connection id, 8 of nonce, 16 of tag, the datagram's kind,
// its content type, and padding of these two and the payload to 16 (RFC 9146; the padding is Mbed TLS's).
inline constexpr std::size_t kInnerMax = 1150;

// First byte of each inner datagram. Others are dropped.
enum class DatagramKind : std::uint8_t { enet = 1, clock = 2, state = 3, renewal = 4 };
constexpr bool known_kind(std::uint8_t kind) { return kind >= 1 && kind <= 4; }

struct Address {  // IPv4, both numbers in host byte order
  std::uint32_t host = 0;
  std::uint16_t port = 0;
  friend auto operator<=>(const Address&, const Address&) = default;
};
std::string to_string(Address address);  // "10.0.0.7:50112"

struct Moment {
  base::Duration steady{0};  // since any fixed zero; never goes back
  base::UtcTime utc{};       // for the validity of certificates
};

// A bound socket. One thread. Nothing blocks but `wait`.
class DatagramSocket {
 public:
  virtual ~DatagramSocket() = default;
  virtual Moment now() const = 0;
  virtual base::Duration steady() const { return now().steady; }  // which is asked for far more often than both
  virtual Address local() const = 0;
  virtual void send(Address to, base::ByteView datagram) = 0;  // what cannot be sent is lost, as on a network
  struct Received {
    Address from;
    std::size_t size = 0;  // of what was written into the buffer
    base::Duration at{0};  // when it came to this socket, as Moment::steady: not after now(), and before it where it waited
  };
  // The next datagram; nothing when none is there. One that is larger than the buffer is dropped.
  virtual std::optional<Received> receive(std::span<std::uint8_t> buffer) = 0;
  // Until `receive` may have something, or at most so long.
  virtual void wait(base::Duration at_most) = 0;
};

}  // namespace promenade::link
