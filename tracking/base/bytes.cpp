#include "tracking/base/bytes.h"

#include <sodium.h>

#include <bit>
#include <cstring>

#include "tracking/base/assert.h"

namespace promenade::base {

ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.empty()) return Bytes{};  // libsodium takes no null pointer, not even for nothing
  Bytes bytes(text.size() / 2);
  std::size_t size = 0;
  const char* end = nullptr;
  if (text.size() % 2 != 0 ||
      sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return bytes;
}

std::string to_base64url(ByteView bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();
  return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.empty()) return Bytes{};
  Bytes bytes(text.size());
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  // sodium_base642bin also takes some bytes above 0x7f as digits; only the one spelling counts here, so that a
  // signed text cannot be altered and still read the same.
  if (to_base64url(bytes) != text) return std::nullopt;
  return bytes;
}

void ByteWriter::f64(double v) { u64(std::bit_cast<std::uint64_t>(v)); }

void ByteWriter::text(std::string_view text) {
  PROMENADE_ASSERT(text.size() <= 0xffff);
  u16(static_cast<std::uint16_t>(text.size()));
  raw(as_bytes(text));
}

std::uint64_t ByteReader::get(int bytes) {
  if (!ok_ || remaining() < static_cast<std::size_t>(bytes)) {
    ok_ = false;
    return 0;
  }
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i) v |= static_cast<std::uint64_t>(in_[at_++]) << (8 * i);
  return v;
}

double ByteReader::f64() { return std::bit_cast<double>(u64()); }

ByteView ByteReader::raw(std::size_t size) {
  if (!ok_ || remaining() < size) {
    ok_ = false;
    return {};
  }
  const ByteView view = in_.subspan(at_, size);
  at_ += size;
  return view;
}

std::string ByteReader::text() {
  const std::size_t size = u16();
  return std::string(as_text(raw(size)));
}

}  // namespace promenade::base
