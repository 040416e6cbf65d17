#include "showcontrol/protocol/bits.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::protocol;

TEST_CASE("what is written bit by bit is read again") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    std::array<std::uint8_t, 1024> storage;
    std::vector<std::pair<std::uint64_t, unsigned>> values;
    BitWriter writer(storage.data(), storage.size());
    for (std::uint64_t i = random.below(100); i > 0; --i) {
      const auto bits = static_cast<unsigned>(1 + random.below(64));
      const std::uint64_t value = bits == 64 ? random() : random() & ((std::uint64_t{1} << bits) - 1);
      values.emplace_back(value, bits);
      writer.put(value, bits);
    }
    std::size_t total = 0;
    for (const auto& [value, bits] : values) total += bits;
    RC_ASSERT(writer.bits_written() == total);
    const std::size_t size = writer.finish();
    RC_ASSERT(size == (total + 7) / 8);
    BitReader reader({storage.data(), size});
    for (const auto& [value, bits] : values) RC_ASSERT(reader.get(bits) == value);
    RC_ASSERT(reader.ok());
    RC_ASSERT(reader.remaining_bits() < 8u);
  }));
}

TEST_CASE("bits are least significant first") {
  std::array<std::uint8_t, 4> storage{};
  BitWriter writer(storage.data(), storage.size());
  writer.put(1, 1);
  writer.put(0b101, 3);
  writer.put(0xab, 8);
  CHECK(writer.finish() == 2);
  CHECK(storage[0] == 0xbb);
  CHECK(storage[1] == 0x0a);
}

TEST_CASE("neither end is ever passed") {
  std::array<std::uint8_t, 8> storage{};
  BitWriter writer(storage.data(), 2);
  writer.put(0xffff, 16);
  writer.put(1, 1);
  CHECK(writer.finish() == 0);
  CHECK(writer.full());
  BitReader reader({storage.data(), 1});
  CHECK(reader.get(4) == 0);
  CHECK(reader.get(5) == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.get(1) == 0);
}
