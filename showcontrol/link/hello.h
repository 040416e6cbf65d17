#pragma once
// What the hall reads of a datagram before it believes anything: record header, ClientHello, and the cookie that proves
// that an address can be heard from, so that a forged one costs one hash and no memory (RFC 6347 section 4.2.1). Pure; any
// bytes are safe; nothing is read outside the span.

#include <array>
#include <cstdint>
#include <optional>

#include "showcontrol/link/datagram.h"
#include "tracking/base/crypto.h"

namespace promenade::link {

inline constexpr std::size_t kConnectionIdSize = 8;  // of every id that a hall gives out

struct RecordHeader {  // of a datagram's first record
  enum class Type : std::uint8_t { change_cipher_spec = 20, alert = 21, handshake = 22, application = 23, connection_id = 25 };
  Type type{};
  std::uint64_t number = 0;         // epoch in the upper 16 bits, sequence in the lower 48
  std::uint64_t connection_id = 0;  // of Type::connection_id
  std::uint16_t epoch() const { return static_cast<std::uint16_t>(number >> 48); }
};
// Nothing: no DTLS 1.0 or 1.2 record whose length lies within the datagram.
std::optional<RecordHeader> read_record_header(base::ByteView datagram);

// The records of a datagram that are protected (epoch 1 and above), one after the other, if all of it is records; else
// nothing. Only these may reach a connection that is open: unprotected ones could end it or begin it anew.
base::Bytes protected_records(base::ByteView datagram);

struct ClientHello {
  std::uint64_t record_number = 0;
  std::array<std::uint8_t, 32> random{};
  base::ByteView cookie;  // into the datagram
};
// Nothing: no whole ClientHello stands in the first record.
std::optional<ClientHello> read_client_hello(base::ByteView datagram);

class CookieMaker {
 public:
  explicit CookieMaker(const base::Hash& secret) : secret_(secret) {}
  // A cookie is valid for its address and random number until the end of the minute after the one it was made in.
  bool valid(const ClientHello& hello, Address from, base::Duration now) const;
  // The HelloVerifyRequest that answers a hello without one: 44 bytes, less than any hello.
  base::Bytes hello_verify_request(const ClientHello& hello, Address from, base::Duration now) const;

 private:
  static constexpr std::size_t kSize = 16;
  std::array<std::uint8_t, kSize> cookie(const ClientHello& hello, Address from, std::int64_t minute) const;
  base::Hash secret_;
};

}  // namespace promenade::link
