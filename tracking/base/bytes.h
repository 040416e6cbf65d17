#pragma once
// Bytes in and out: little-endian writer and bounds-checked reader, hex and URL-safe base64.
// A reader that runs past its end returns zeros from then on and reports ok() == false; it never reads
// outside its span and never allocates more than the input holds.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promenade::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);

std::string to_hex(ByteView bytes);                                 // lower case
std::optional<Bytes> from_hex(std::string_view text);               // either case; nullopt on anything else
std::string to_base64url(ByteView bytes);                           // RFC 4648 section 5, no padding
std::optional<Bytes> from_base64url(std::string_view text);

class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}
  void u8(std::uint8_t v) { out_.push_back(v); }
  void u16(std::uint16_t v) { put(v, 2); }
  void u32(std::uint32_t v) { put(v, 4); }
  void u64(std::uint64_t v) { put(v, 8); }
  void i64(std::int64_t v) { put(static_cast<std::uint64_t>(v), 8); }
  void f64(double v);
  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  // Length as u16 (asserted to fit), then the bytes.
  void text(std::string_view text);

 private:
  void put(std::uint64_t v, int bytes) {
    for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
  }
  Bytes& out_;
};

class ByteReader {
 public:
  explicit ByteReader(ByteView in) : in_(in) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(get(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(get(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(get(4)); }
  std::uint64_t u64() { return get(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(get(8)); }
  double f64();
  ByteView raw(std::size_t size);  // empty and not ok() when fewer remain
  std::string text();
  std::size_t remaining() const { return in_.size() - at_; }
  bool ok() const { return ok_; }

 private:
  std::uint64_t get(int bytes);
  ByteView in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace promenade::base
