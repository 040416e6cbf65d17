#include "content-tools/package/byte_source.h"

#include <array>
#include <catch2/catch_test_macros.hpp>

using namespace promenade::package;

TEST_CASE("a memory source gives its bytes and nothing beyond them") {
  MemorySource source({1, 2, 3, 4});
  std::array<std::uint8_t, 2> out{};
  REQUIRE(source.read(2, out));
  CHECK(out == std::array<std::uint8_t, 2>{3, 4});
  CHECK(source.read(3, out).error().code == "source-cut-short");
  CHECK(source.read(~std::uint64_t{0}, out).error().code == "source-cut-short");
  CHECK(source.read(4, {}));
}

TEST_CASE("a memory sink keeps what was written in order") {
  MemorySink sink;
  const promenade::base::Bytes first = {1, 2}, second = {3};
  REQUIRE(sink.write(first));
  REQUIRE(sink.write(second));
  CHECK(sink.bytes() == promenade::base::Bytes{1, 2, 3});
}
