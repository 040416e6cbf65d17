#include "showcontrol/protocol/codec.h"

#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <rapidcheck.h>

#include "tests/protocol/examples.h"
#include "tests/protocol/random_message.h"

using namespace promenade;
using namespace promenade::protocol;

namespace {

// The first field that came back changed by more than the wire may; empty when all is well.
std::string changed_field(const Message& sent, const Message& got) {
  const auto a = flatten(sent), b = flatten(got);
  if (sent.index() != got.index() || a.size() != b.size()) return "shape";
  for (std::size_t i = 0; i < a.size(); ++i) {
    double difference = b[i].value - a[i].value;
    if (a[i].wrap > 0.0) difference = std::remainder(difference, a[i].wrap);
    if (a[i].text != b[i].text || difference < -a[i].below - 1e-9 || difference > a[i].above + 1e-9) return a[i].name;
  }
  return {};
}

double angle_between(const glm::dquat& a, const glm::dquat& b) {
  const double dot = std::abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z);
  return 2.0 * std::acos(std::min(1.0, dot));
}

}  // namespace

TEST_CASE("every message comes back within its quantisation") {
  const std::size_t types = std::variant_size_v<Message>;
  for (std::size_t index = 0; index < types; ++index) {
    CHECK(rc::check([&](std::uint64_t seed, bool wild) {
      const Message sent = random_message(index, seed, wild);
      const base::Bytes bytes = encode(sent);
      const auto got = decode(bytes);
      RC_ASSERT(got.has_value());
      RC_ASSERT(changed_field(sent, *got) == "");
      RC_ASSERT(bytes.size() <= (delivery_of(sent) == Delivery::reliable ? kReliableMax : kDatagramMax));
      const base::Bytes again = encode(*got);
      RC_ASSERT(flatten(decode(again).value()).size() == flatten(*got).size());
    }));
  }
}

TEST_CASE("what was decoded encodes to itself") {
  CHECK(rc::check([](std::uint64_t seed, std::uint8_t pick) {
    const Message sent = random_message(pick % std::variant_size_v<Message>, seed, false);
    const Message once = decode(encode(sent)).value();
    const Message twice = decode(encode(once)).value();
    RC_ASSERT(changed_field(once, twice) == "");
    // A quaternion whose two largest parts are alike may be written in either of two ways.
    if (type_of(sent) != MessageType::headset_state) RC_ASSERT(encode(twice) == encode(once));
  }));
}

TEST_CASE("random bytes never crash, and what decodes encodes again") {
  CHECK(rc::check([](std::uint64_t seed, std::uint8_t pick, bool cut) {
    base::Random random(seed);
    base::Bytes bytes = encode(random_message(pick % std::variant_size_v<Message>, seed, false));
    for (int flips = 0; flips < 3; ++flips) bytes[3 + random.below(bytes.size() - 3)] ^= static_cast<std::uint8_t>(1u << random.below(8));
    if (cut) {
      bytes.resize(3 + random.below(bytes.size() - 2));
      bytes[1] = static_cast<std::uint8_t>(bytes.size() - 3);
      bytes[2] = static_cast<std::uint8_t>((bytes.size() - 3) >> 8);
    }
    const auto got = decode(bytes);
    if (!got) return;
    RC_ASSERT(check_encodable(*got).has_value());
    RC_ASSERT(decode(encode(*got)).has_value());
  }));
}

TEST_CASE("a body may be longer than what is known: later versions add fields at the end") {
  for (const auto& [name, message] : examples::all()) {
    INFO(name);
    base::Bytes bytes = encode(message);
    bytes.insert(bytes.end(), {0xab, 0xcd, 0xef});
    const std::size_t body = bytes.size() - 3;
    bytes[1] = static_cast<std::uint8_t>(body);
    bytes[2] = static_cast<std::uint8_t>(body >> 8);
    const auto got = decode(bytes);
    REQUIRE(got.has_value());
    CHECK(changed_field(message, *got).empty());
  }
}

TEST_CASE("packets that are no messages are refused by what is wrong with them") {
  const base::Bytes good = encode(examples::hall_state());
  CHECK(decode({}).error().code == "message-short");
  CHECK(decode(base::ByteView(good).first(good.size() - 1)).error().code == "message-length");
  base::Bytes unknown = good;
  unknown[0] = 200;
  CHECK(decode(unknown).error().code == "message-type");
  for (std::size_t cut = 0; cut + 4 < good.size(); ++cut) {
    base::Bytes shorter(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(cut + 3));
    shorter[1] = static_cast<std::uint8_t>(cut);
    shorter[2] = static_cast<std::uint8_t>(cut >> 8);
    REQUIRE(decode(shorter).error().code == "message-field");
  }
}

TEST_CASE("a value out of range is named") {
  RateFilm rate{PlayId{1}, 6};
  CHECK(check_encodable(rate).error().message.find("RateFilm.stars") != std::string::npos);
  CHECK_FALSE(check_encodable(ChooseFilm{1, FilmId{"12345"}, "zh"}));
  CHECK_FALSE(check_encodable(ChooseFilm{1, FilmId{"00110001202x"}, "zh"}));
  CHECK_FALSE(check_encodable(Hello{1, HeadsetId{}, "x", {}}));
  CHECK_FALSE(check_encodable(Hello{1, HeadsetId{1}, std::string(65, 'x'), {}}));
  HallState state = examples::hall_state();
  state.way_out_door.x = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(check_encodable(state));
  state = examples::hall_state();
  state.play->way_in.resize(kWaypointsMax + 1);
  CHECK(check_encodable(state).error().message.find("way_in") != std::string::npos);
  HeadsetState up = examples::headset_state();
  std::swap(up.samples.front(), up.samples.back());
  CHECK_FALSE(check_encodable(up));
  CHECK(is_wire_film(FilmId{"001100012026"}));
  CHECK_FALSE(is_wire_film(FilmId{}));
}

TEST_CASE("pose samples: 12 bytes whole, 7 as differences, turned by at most 0.105 degree") {
  HeadsetState m = examples::headset_state();
  m.samples.resize(1);
  const std::size_t one = encode(m).size();
  m.samples.push_back(m.samples.front());
  m.samples.back().time += std::chrono::milliseconds(11);
  CHECK(encode(m).size() - one == 7);
  m.samples.clear();
  CHECK(one - encode(m).size() >= 18);  // 12 bytes and the time of the bundle
  CHECK(one - encode(m).size() <= 20);
  CHECK(rc::check([](std::uint64_t seed) {
    const Message sent = random_message(1, seed, false);
    const Message got = decode(encode(sent)).value();
    const auto& a = std::get<HeadsetState>(sent).samples;
    const auto& b = std::get<HeadsetState>(got).samples;
    for (std::size_t i = 0; i < a.size(); ++i) {
      RC_ASSERT(angle_between(a[i].pose.orientation, b[i].pose.orientation) <= 0.105 * std::numbers::pi / 180.0);
    }
  }));
}

TEST_CASE("a bundle of three samples and a neighbour keep to their sizes") {
  CHECK(encode(examples::headset_state()).size() <= 104);
  HallState with = examples::hall_state(0);
  const std::size_t none = encode(with).size();
  with.neighbours = examples::fullest_hall_state().neighbours;
  CHECK(encode(with).size() - none <= 32 * 16);
}

TEST_CASE("the fullest state fits a datagram with nothing left out") {
  const HallState full = examples::fullest_hall_state();
  REQUIRE(full.play->way_in.size() == kWaypointsMax);
  REQUIRE(full.play->way_out.size() == kWaypointsMax);
  REQUIRE(full.play->way_in_stops.size() == kStopsMax);
  REQUIRE(full.play->way_out_stops.size() == kStopsMax);
  REQUIRE(full.neighbours.size() == kNeighboursMax);
  REQUIRE(full.menu.size() == kMenuMax);
  base::Bytes bytes;
  CHECK(encode_into(full, bytes) == Trimmed{});
  CHECK(bytes.size() <= 1000);
}

TEST_CASE("the fullest forecast of a play fits a datagram") {
  PlayForecast full{PlayId{1}, base::hall_time(5000.0), FilmId{"001100012026"}, {}, {}, true};
  for (std::uint16_t i = 1; i <= kForecastHeadsetsMax; ++i) full.headsets.push_back(HeadsetId{i});
  for (std::size_t i = 0; i < kForecastPointsMax; ++i) full.points.push_back({{0.1 * static_cast<double>(i), 1.0}, kForecastSpan});
  CHECK(check_encodable(full).has_value());
  const base::Bytes bytes = encode(full);
  CHECK(bytes.size() <= kDatagramMax);
  const auto got = std::get<PlayForecast>(decode(bytes).value());
  CHECK(got.points.size() == kForecastPointsMax);
  CHECK(got.points.back().after == kForecastSpan);
  full.points.push_back({});
  CHECK(check_encodable(full).error().code == "message-field");
}

TEST_CASE("a stop that is no point inside a way is not written and not read") {
  HallState state = examples::hall_state();
  REQUIRE(state.play->way_in_stops == std::vector<std::uint8_t>{1});
  const base::Bytes good = encode(state);
  for (const std::uint8_t index : {std::size_t{0}, kWaypointsMax - 1, kWaypointsMax}) {
    state.play->way_in_stops = {index};
    CHECK(check_encodable(state).error().message.find("HallState.index") != std::string::npos);
  }
  state = examples::hall_state();
  state.play->way_out_stops.assign(kStopsMax + 1, 1);
  CHECK(check_encodable(state).error().message.find("way_out_stops") != std::string::npos);
  // The four bits of the index stand where two messages differ that have another stop.
  state = examples::hall_state(0);
  state.play->way_in_stops = {1};
  const base::Bytes one = encode(state);
  state.play->way_in_stops = {14};
  const base::Bytes fourteen = encode(state);
  REQUIRE(one.size() == fourteen.size());
  base::Bytes zero = one, fifteen = one;
  for (std::size_t i = 0; i < one.size(); ++i) {
    zero[i] = one[i] & fourteen[i];
    fifteen[i] = one[i] | fourteen[i];
  }
  CHECK(decode(one).has_value());
  CHECK(decode(fourteen).has_value());
  CHECK(decode(zero).error().message.find("HallState.index") != std::string::npos);
  CHECK(decode(fifteen).error().message.find("HallState.index") != std::string::npos);
}

TEST_CASE("what does not fit goes in order: menu, planned points, neighbours; never safety") {
  const HallState full = examples::fullest_hall_state();
  base::Bytes bytes;
  static_cast<void>(encode_into(full, bytes));
  Trimmed before;
  for (std::size_t limit = bytes.size(); limit > 360; limit -= 7) {
    base::Bytes trimmed_bytes;
    const Trimmed trimmed = encode_into(full, trimmed_bytes, limit);
    REQUIRE(trimmed_bytes.size() <= limit);
    const HallState got = std::get<HallState>(decode(trimmed_bytes).value());
    REQUIRE(got.menu.size() + trimmed.menu == full.menu.size());
    REQUIRE(got.neighbours.size() + trimmed.neighbours == full.neighbours.size());
    REQUIRE(got.safety.level == full.safety.level);
    REQUIRE(got.authority.last_gate == full.authority.last_gate);
    REQUIRE(got.play.has_value());
    if (trimmed.planned > 0) REQUIRE(got.menu.empty());
    if (trimmed.neighbours > 0) REQUIRE(trimmed.planned == full.neighbours.size());
    REQUIRE(trimmed.menu + trimmed.planned + trimmed.neighbours >= before.menu + before.planned + before.neighbours);
    if (!got.neighbours.empty()) REQUIRE(got.neighbours.front().body == full.neighbours.front().body);
    before = trimmed;
  }
  CHECK(before.neighbours > 0);
}

TEST_CASE("lists beyond their bounds lose their ends") {
  HallState m = examples::fullest_hall_state();
  for (int i = 0; i < 3; ++i) m.neighbours.push_back(m.neighbours.front());
  m.menu.push_back(m.menu.front());
  base::Bytes bytes;
  CHECK(encode_into(m, bytes) == Trimmed{1, 0, 3});
}

TEST_CASE("sizes that guard people are rounded up") {
  HallState m = examples::hall_state(1);
  m.neighbours[0].radius_m = 0.1201;
  m.neighbours[0].age = std::chrono::milliseconds(101);
  const HallState got = std::get<HallState>(decode(encode(m)).value());
  CHECK(got.neighbours[0].radius_m >= 0.1201);
  CHECK(got.neighbours[0].age >= std::chrono::milliseconds(101));
}

TEST_CASE("placement and scale are rounded to what the wire holds") {
  tracking::Placement placement;
  placement.yaw = 1.23456789;
  placement.shift = {3.14159, -2.71828};
  placement.mirrored = true;
  const tracking::Placement rounded = wire_placement(placement);
  CHECK(wire_placement(rounded) == rounded);
  CHECK(std::abs(rounded.yaw - placement.yaw) < 0.0009);
  CHECK(std::abs(rounded.shift.x - placement.shift.x) <= 0.005);
  CHECK(rounded.mirrored);
  HallState m = examples::hall_state();
  m.play->placement = rounded;
  m.play->scale = wire_scale(1.23456);
  const HallState got = std::get<HallState>(decode(encode(m)).value());
  CHECK(got.play->placement == rounded);
  CHECK(got.play->scale == m.play->scale);
}

TEST_CASE("every message has its name, type and way of delivery") {
  CHECK(name_of(Message{HallState{}}) == "HallState");
  CHECK(type_of(Message{HallState{}}) == MessageType::hall_state);
  CHECK(delivery_of(Message{HallState{}}) == Delivery::unreliable);
  CHECK(delivery_of(Message{Welcome{}}) == Delivery::reliable);
  CHECK(delivery_of(Message{ClockRequest{}}) == Delivery::beside);
  CHECK(delivery_of(Message{ClockReply{}}) == Delivery::beside);
  CHECK(delivery_of(Message{PlayForecast{}}) == Delivery::unreliable);
  CHECK(to_string(Phase::guided_out) == "guided_out");
  for (std::size_t i = 0; i < std::variant_size_v<Message>; ++i) CHECK(!field_table(type_of(empty_message(i))).empty());
}

TEST_CASE("codec speed", "[.][benchmark]") {
  const HeadsetState up = examples::headset_state();
  const HallState down = examples::hall_state(8);
  base::Bytes bytes;
  BENCHMARK("encode HeadsetState") {
    bytes.clear();
    encode_into(up, bytes);
    return bytes.size();
  };
  BENCHMARK("decode HeadsetState") { return decode(bytes).has_value(); };
  BENCHMARK("encode HallState") {
    bytes.clear();
    encode_into(down, bytes);
    return bytes.size();
  };
  BENCHMARK("decode HallState") { return decode(bytes).has_value(); };
}
