#include "showcontrol/link/hello.h"

#include <algorithm>

namespace promenade::link {

namespace {

constexpr std::size_t kRecordHeader = 13, kHandshakeHeader = 12;
constexpr std::uint8_t kClientHello = 1, kHelloVerifyRequest = 3;

// Network byte order, bounds checked by `ok`.
class Reader {
 public:
  explicit Reader(base::ByteView in) : in_(in) {}
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : raw(bytes)) value = value << 8 | byte;
    return value;
  }
  base::ByteView raw(std::size_t size) {
    if (size > in_.size()) ok_ = false;
    if (!ok_) return {};
    const base::ByteView part = in_.first(size);
    in_ = in_.subspan(size);
    return part;
  }
  bool ok() const { return ok_; }
  std::size_t left() const { return in_.size(); }

 private:
  base::ByteView in_;
  bool ok_ = true;
};

void put(base::Bytes& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

bool known(std::uint64_t type) { return (type >= 20 && type <= 23) || type == 25; }
bool dtls(std::uint64_t version) { return version == 0xfeff || version == 0xfefd; }

std::int64_t minute_of(base::Duration now) { return std::chrono::floor<std::chrono::minutes>(now).count(); }

}  // namespace

namespace {

std::optional<RecordHeader> read_header(Reader& reader, std::uint64_t& length) {
  const std::uint64_t type = reader.number(1), version = reader.number(2);
  RecordHeader header;
  header.number = reader.number(8);
  if (type == 25) header.connection_id = reader.number(kConnectionIdSize);
  length = reader.number(2);
  if (!reader.ok() || !known(type) || !dtls(version) || length == 0 || length > reader.left()) return std::nullopt;
  header.type = static_cast<RecordHeader::Type>(type);
  return header;
}

}  // namespace

std::optional<RecordHeader> read_record_header(base::ByteView datagram) {
  Reader reader(datagram);
  std::uint64_t length = 0;
  return read_header(reader, length);
}

base::Bytes protected_records(base::ByteView datagram) {
  base::Bytes kept;
  Reader reader(datagram);
  while (reader.left() > 0) {
    const std::size_t begin = datagram.size() - reader.left();
    std::uint64_t length = 0;
    const auto header = read_header(reader, length);
    if (!header) return {};
    reader.raw(length);
    const auto record = datagram.subspan(begin, datagram.size() - reader.left() - begin);
    if (header->epoch() > 0) kept.insert(kept.end(), record.begin(), record.end());
  }
  return kept;
}

std::optional<ClientHello> read_client_hello(base::ByteView datagram) {
  const auto record = read_record_header(datagram);
  if (!record || record->type != RecordHeader::Type::handshake || record->epoch() != 0) return std::nullopt;
  Reader reader(datagram);
  reader.raw(kRecordHeader - 2);
  const std::uint64_t record_length = reader.number(2);
  if (record_length < kHandshakeHeader) return std::nullopt;
  Reader message(reader.raw(record_length));
  const std::uint64_t type = message.number(1), length = message.number(3);
  message.raw(2);  // message sequence
  const std::uint64_t offset = message.number(3), fragment = message.number(3);
  // A hello in fragments would need memory for an address that has proved nothing; ours are far smaller than a datagram.
  if (type != kClientHello || offset != 0 || fragment != length || length != message.left()) return std::nullopt;
  ClientHello hello;
  hello.record_number = record->number;
  const std::uint64_t version = message.number(2);
  const base::ByteView random = message.raw(hello.random.size());
  message.raw(message.number(1));  // session id
  hello.cookie = message.raw(message.number(1));
  const std::uint64_t suites = message.number(2);
  message.raw(suites);
  if (!message.ok() || version != 0xfefd || suites < 2) return std::nullopt;
  std::ranges::copy(random, hello.random.begin());
  return hello;
}

std::array<std::uint8_t, CookieMaker::kSize> CookieMaker::cookie(const ClientHello& hello, Address from, std::int64_t minute) const {
  base::Bytes text(secret_.begin(), secret_.end());
  put(text, from.host, 4);
  put(text, from.port, 2);
  put(text, static_cast<std::uint64_t>(minute), 8);
  text.insert(text.end(), hello.random.begin(), hello.random.end());
  // BLAKE2b needs no HMAC around it: with the secret before the text it is a keyed hash (RFC 7693).
  const base::Hash hash = base::blake2b(text);
  std::array<std::uint8_t, kSize> out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

bool CookieMaker::valid(const ClientHello& hello, Address from, base::Duration now) const {
  if (hello.cookie.size() != kSize) return false;
  for (const std::int64_t minute : {minute_of(now), minute_of(now) - 1}) {
    const auto right = cookie(hello, from, minute);
    std::uint8_t difference = 0;
    for (std::size_t i = 0; i < kSize; ++i) difference |= static_cast<std::uint8_t>(right[i] ^ hello.cookie[i]);
    if (difference == 0) return true;
  }
  return false;
}

base::Bytes CookieMaker::hello_verify_request(const ClientHello& hello, Address from, base::Duration now) const {
  constexpr std::size_t kBody = 3 + kSize;
  base::Bytes out;
  out.reserve(kRecordHeader + kHandshakeHeader + kBody);
  put(out, static_cast<std::uint64_t>(RecordHeader::Type::handshake), 1);
  put(out, 0xfeff, 2);  // RFC 6347: whatever version follows
  put(out, hello.record_number, 8);
  put(out, kHandshakeHeader + kBody, 2);
  put(out, kHelloVerifyRequest, 1);
  put(out, kBody, 3);
  put(out, 0, 2);
  put(out, 0, 3);
  put(out, kBody, 3);
  put(out, 0xfeff, 2);
  put(out, kSize, 1);
  const auto made = cookie(hello, from, minute_of(now));
  out.insert(out.end(), made.begin(), made.end());
  return out;
}

}  // namespace promenade::link
