// What bench link sends: a real hall's messages, for more headsets than that hall has.

#include "tests/bench/link_traffic.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "showcontrol/protocol/codec.h"

using namespace promenade;
using namespace promenade::bench;

TEST_CASE("messages taken from a hall can be said by any number of headsets, and are read as they were meant") {
  const LinkTraffic traffic = real_traffic(4, 1);
  REQUIRE(traffic.bundles.size() == 4);
  REQUIRE(traffic.frames.size() == 4);
  CHECK(traffic.evaluation_us > 0.0);
  const base::HallTime now = base::hall_time(1000.0);
  for (const std::size_t index : {std::size_t{0}, std::size_t{3}, std::size_t{499}}) {
    base::Bytes bytes;
    protocol::encode_into(traffic.bundle(index, 7, now), bytes);
    CHECK(bytes.size() <= protocol::kDatagramMax);
    const auto up = protocol::decode(bytes);
    REQUIRE(up.has_value());
    const auto& bundle = std::get<protocol::HeadsetState>(*up);
    CHECK(bundle.headset == base::HeadsetId(static_cast<std::uint16_t>(index + 1)));
    CHECK(bundle.sequence == 7);
    REQUIRE(bundle.samples.size() == 3);
    const base::Duration off = now - bundle.samples.back().time;  // what age is taken from
    CHECK(off < base::Duration{200});
    CHECK(off > base::Duration{-200});
    bytes.clear();
    protocol::encode_into(traffic.frame(index), bytes);
    CHECK(bytes.size() <= protocol::kDatagramMax);
    const auto down = protocol::decode(bytes);
    REQUIRE(down.has_value());
    const auto& frame = std::get<protocol::HallState>(*down);
    CHECK(frame.headset == bundle.headset);
    CHECK(frame.play.has_value());
    CHECK_FALSE(frame.neighbours.empty());
  }
  const LinkSizes few = sizes_of(traffic, 4), many = sizes_of(traffic, 400);
  CHECK(std::abs(few.bundle - many.bundle) < 1e-6);
  CHECK(few.frame > few.bundle);
}

TEST_CASE("every headset asks for the time eight times in four seconds") {
  for (const std::size_t index : {std::size_t{0}, std::size_t{17}, std::size_t{499}}) {
    int asked = 0;
    for (std::uint64_t turn = 0; turn < 120; ++turn) asked += asks_the_clock(index, turn) ? 1 : 0;
    CHECK(asked == 8);
  }
}
