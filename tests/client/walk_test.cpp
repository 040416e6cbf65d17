// The film clock alone: orders that fit and that do not, and what holds whatever gates are opened in whatever order.

#include "showcontrol/client/walk.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <rapidcheck.h>

#include "tests/client/rig.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using protocol::BlockStage;
using protocol::HallPoint;

namespace {

constexpr base::Duration kStep{100'000};

struct Walker {
  Walk walk;
  HallPoint head{5.0, 6.0};
  double t = 0.0;

  void step(int open_gate, bool frozen = false) {
    t += base::to_seconds(kStep);
    walk.step({kStep, base::hall_time(t + kHallAhead_s), head, frozen, open_gate});
  }
  void take(const protocol::PlayOrder& order, const std::vector<protocol::WayOrder>& ways = {}) { walk.follow(order, ways, *shelf()); }
};

bool is_walked(const protocol::PlayOrder& order) {
  Walker walker;
  walker.take(order);
  const bool known = walker.walk.film_known();
  for (int i = 0; i < 3; ++i) walker.step(20);
  const BlockStage stage = order.resume_stage;
  if (!known && (walker.walk.stage() != stage || walker.walk.block() != order.resume_block || walker.walk.target() ||
                 !walker.walk.path().empty() || walker.walk.stray_m({0.0, 0.0}) != 0.0)) {
    FAIL("an order that does not fit was walked");
  }
  return known;
}

// A way of 2 to 16 points through the hall, some of them double, and some of the points inside it as stops.
void random_way(base::Random& random, HallPoint from, std::vector<HallPoint>& way, std::vector<std::uint8_t>& stops, bool onward) {
  way = {from};
  const std::size_t points = 2 + random.below(protocol::kWaypointsMax - 1);
  while (way.size() < points) {
    const HallPoint last = way.back();
    if (random.chance(0.15)) way.push_back(last);
    else if (onward) way.push_back({last.x + random.uniform(0.1, 3.0), last.y + random.uniform(-1.0, 1.0)});
    else way.push_back({random.uniform(0.0, 20.0), random.uniform(0.0, 12.0)});
  }
  stops.clear();
  for (std::size_t i = 1; i + 1 < points && stops.size() < protocol::kStopsMax; ++i) {
    if (random.chance(0.4)) stops.push_back(static_cast<std::uint8_t>(i));
  }
}

protocol::PlayOrder random_order(base::Random& random, bool onward) {
  protocol::PlayOrder o = order(0.0);
  random_way(random, {5.0, 6.0}, o.way_in, o.way_in_stops, onward);
  if (onward) o.placement.shift = {o.way_in.back().x, o.way_in.back().y};
  const HallPoint last_scene{o.placement.shift.x + 3.0, o.placement.shift.y + 3.0};
  if (random.chance(0.9)) random_way(random, last_scene, o.way_out, o.way_out_stops, onward);
  else o.way_out.clear();
  return o;
}

std::size_t blocks_of(const protocol::PlayOrder& o) { return o.way_in_stops.size() + 3 + 1 + o.way_out_stops.size(); }

bool ends_no_further_than(const Walk& walk, int gate) {
  const protocol::PlayOrder& o = walk.order();
  if (walk.path().empty()) return true;
  const std::size_t w = o.way_in_stops.size(), open = static_cast<std::size_t>(std::max<int>(gate, walk.block()));
  if (walk.on_way_in()) {
    const std::size_t points = open < w ? o.way_in_stops[open] + std::size_t{1} : o.way_in.size() + 1;
    return walk.path().size() <= points;
  }
  if (!walk.on_way_out()) return walk.path().size() == 2;
  const std::size_t piece = open - w - 3;
  return walk.path().size() == (piece < o.way_out_stops.size() ? o.way_out_stops[piece] + std::size_t{1} : o.way_out.size());
}

}  // namespace

TEST_CASE("whatever gates are opened in whatever order, no block is entered whose gate is shut and none is entered again") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    const protocol::PlayOrder o = random_order(random, random.chance(0.5));
    const int most = static_cast<int>(blocks_of(o)) + 1;
    Walker walker;
    walker.take(o);
    RC_ASSERT(walker.walk.film_known());
    int gate = -1;
    for (int i = 0; i < 1500; ++i) {
      if (random.chance(0.1)) gate = static_cast<int>(random.below(static_cast<std::uint64_t>(most) + 1)) - 1;
      if (random.chance(0.3)) gate = std::min(walker.walk.block() + 1, most);
      if (random.chance(0.2)) gate = -1;
      if (random.chance(0.02)) walker.head = {random.uniform(0.0, 20.0), random.uniform(0.0, 12.0)};
      else if (const auto target = walker.walk.target(); target && random.chance(0.05)) walker.head = *target;
      else walker.head = walker.walk.planned(walker.head, 0.3);
      if (random.chance(0.02)) walker.walk.suspend();
      if (!walker.walk.ordered() || random.chance(0.2)) walker.take(o);
      const std::uint8_t block = walker.walk.block();
      const BlockStage stage = walker.walk.stage();
      walker.step(gate, random.chance(0.1));
      RC_ASSERT(walker.walk.block() >= block);
      RC_ASSERT(walker.walk.block() <= block + 1);
      if (walker.walk.block() > block || (stage == BlockStage::before && walker.walk.stage() != stage)) RC_ASSERT(gate >= walker.walk.block());
      else RC_ASSERT(walker.walk.stage() >= stage);
      RC_ASSERT(ends_no_further_than(walker.walk, gate));
      RC_ASSERT(std::isfinite(walker.walk.stray_m(walker.head)));
      RC_ASSERT(std::isfinite(walker.walk.planned(walker.head, 10.0).x));
    }
    RC_CLASSIFY(walker.walk.stage() == BlockStage::done, "came to the exit");
  }));
}

TEST_CASE("who walks as he is shown, gate by gate, comes to the exit, never astray") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    const protocol::PlayOrder o = random_order(random, true);
    Walker walker;
    walker.take(o);
    int gate = -1;
    for (int i = 0; i < 8000 && walker.walk.stage() != BlockStage::done; ++i) {
      if (random.chance(0.1)) gate = std::max<int>(gate, walker.walk.stage() == BlockStage::before ? 0 : walker.walk.block() + 1);
      walker.head = walker.walk.planned(walker.head, base::to_seconds(kStep));
      walker.step(gate);
      RC_ASSERT(walker.walk.stray_m(walker.head) < 1e-6);
    }
    RC_ASSERT(walker.walk.stage() == BlockStage::done);
    RC_ASSERT(walker.walk.block() + std::size_t{1} == blocks_of(o));
  }));
}

TEST_CASE("an order whose stops do not fit its ways is not walked") {
  CHECK(is_walked(order_with_stops(0.0)));
  for (const std::vector<std::uint8_t>& stops : std::vector<std::vector<std::uint8_t>>{{2, 1}, {1, 1}, {0}, {0, 1}, {3}, {1, 3}, {9}, {255}}) {
    protocol::PlayOrder in = order_with_stops(0.0), out = in;
    in.way_in_stops = stops;
    out.way_out_stops = stops;
    CHECK_FALSE(is_walked(in));
    CHECK_FALSE(is_walked(out));
  }
  protocol::PlayOrder nowhere = order_with_stops(0.0);
  nowhere.way_in.clear();
  CHECK_FALSE(is_walked(nowhere));
  nowhere.way_in_stops.clear();
  CHECK(is_walked(nowhere));
}

TEST_CASE("an order that takes a play up where it cannot stand is not walked") {
  const auto resumed = [](std::uint8_t block, BlockStage stage) {
    protocol::PlayOrder o = order_with_stops(0.0);
    o.resume_block = block;
    o.resume_stage = stage;
    return is_walked(o);
  };
  CHECK(resumed(7, BlockStage::walking));
  CHECK(resumed(7, BlockStage::done));
  CHECK(resumed(6, BlockStage::in_scene));
  CHECK_FALSE(resumed(7, BlockStage::in_scene));
  CHECK_FALSE(resumed(8, BlockStage::walking));
  CHECK_FALSE(resumed(255, BlockStage::done));
  CHECK_FALSE(resumed(3, BlockStage::before));
  CHECK_FALSE(resumed(3, BlockStage::done));
}

TEST_CASE("an order that changes under way: other points are followed, other blocks are not") {
  Walker walker;
  protocol::PlayOrder o = order_with_stops(0.0);
  walker.take(o);
  walker.step(0);
  walker.head = {7.1, 5.4};
  walker.step(1);
  REQUIRE(walker.walk.block() == 1);
  o.way_in[2] = {9.2, 5.4};
  walker.take(o);
  CHECK(walker.walk.film_known());
  CHECK(walker.walk.path().back() == HallPoint{9.2, 5.4});
  CHECK(walker.walk.block() == 1);
  const protocol::PlayOrder kept = o;
  o.way_in_stops = {1};
  for (int i = 0; i < 3; ++i) {
    walker.take(o);
    CHECK_FALSE(walker.walk.film_known());
    walker.step(7);
  }
  CHECK(walker.walk.block() == 1);
  walker.take(kept);
  CHECK(walker.walk.film_known());
  CHECK(walker.walk.path().back() == HallPoint{9.2, 5.4});
  // Before the first gate the blocks may still change.
  Walker fresh;
  fresh.take(kept);
  fresh.step(-1);
  fresh.take(o);
  fresh.step(0);
  CHECK(fresh.walk.film_known());
  CHECK(fresh.walk.stage() == BlockStage::walking);
}

TEST_CASE("another film or package in the same play is laid anew") {
  Walker walker;
  protocol::PlayOrder o = order_with_stops(0.0);
  walker.take(o);
  REQUIRE_FALSE(walker.walk.seated());
  o.film = kSeatedFilm;
  o.package_hash.fill(2);
  walker.take(o);
  CHECK(walker.walk.seated());
  o.package_hash.fill(3);
  walker.take(o);
  CHECK_FALSE(walker.walk.film_known());
}

TEST_CASE("ways without points, with one point and with double points") {
  Walker walker;
  protocol::PlayOrder o = order(0.0);
  SECTION("none") {
    o.way_in.clear();
    o.way_out.clear();
    walker.take(o);
    walker.step(0);
    CHECK(walker.walk.path() == std::vector<HallPoint>{{12.0, 4.0}});
    CHECK(walker.walk.stray_m({12.0, 6.0}) > 1.0);
    CHECK(walker.walk.planned({9.0, 4.0}, 2.0) == HallPoint{12.0, 4.0});
  }
  SECTION("one") {
    o.way_in = {{12.0, 4.0}};
    o.way_out = {{15.0, 7.0}};
    walker.take(o);
    walker.step(0);
    CHECK(walker.walk.path().size() == 1);
  }
  SECTION("double, and two stops in one place") {
    o.way_in = {{5.0, 6.0}, {5.0, 6.0}, {12.0, 4.0}, {12.0, 4.0}};
    o.way_in_stops = {1, 2};
    o.way_out = {{15.0, 7.0}, {15.0, 7.0}, {15.0, 7.0}};
    o.way_out_stops = {1};
    walker.take(o);
    walker.step(-1);
    CHECK(walker.walk.stage() == BlockStage::before);
  }
  for (int i = 0; i < 3000 && walker.walk.stage() != BlockStage::done; ++i) {
    walker.head = walker.walk.planned(walker.head, 0.1);
    walker.step(20);
  }
  CHECK(walker.walk.stage() == BlockStage::done);
}

TEST_CASE("who shares a play walks it at his own place") {
  Walker alone, shifted;
  protocol::OwnPlace place;
  place.offset = {0.7, -0.4};
  const protocol::PlayOrder o = order(0.0);
  alone.take(o);
  shifted.walk.follow(o, {}, *shelf(), place);
  const auto walk_to_scene = [](Walker& walker, std::size_t block) {
    for (int i = 0; i < 600 && !(walker.walk.block() == block && walker.walk.stage() == BlockStage::in_scene); ++i) {
      walker.head = walker.walk.planned(walker.head, 0.1);
      walker.step(static_cast<int>(block));
    }
    return walker.walk.block() == block && walker.walk.stage() == BlockStage::in_scene;
  };
  for (const std::size_t block : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    REQUIRE(walk_to_scene(alone, block));
    REQUIRE(walk_to_scene(shifted, block));
    const auto off = *shifted.walk.target() - *alone.walk.target();
    CHECK(std::abs(off.x - 0.7) < 1e-9);
    CHECK(std::abs(off.y + 0.4) < 1e-9);
  }
}

TEST_CASE("who waits for the start begins at it, between two pictures; who comes later begins when he comes") {
  Walker waiting;
  waiting.take(order(1.03));
  waiting.head = {12.0, 4.0};
  for (int i = 0; i < 10; ++i) waiting.step(0);
  CHECK(waiting.walk.stage() == BlockStage::walking);
  waiting.step(0);  // 1.1 s
  REQUIRE(waiting.walk.stage() == BlockStage::in_scene);
  CHECK(waiting.walk.scene_time() == std::chrono::milliseconds(70));
  waiting.step(0);
  CHECK(waiting.walk.scene_time() == std::chrono::milliseconds(170));

  Walker late;
  late.take(order(1.03));
  for (int i = 0; i < 15; ++i) late.step(0);
  late.head = {12.0, 4.0};
  late.step(0);
  REQUIRE(late.walk.stage() == BlockStage::in_scene);
  CHECK(late.walk.scene_time() == base::Duration{0});
}

TEST_CASE("who joins a group late begins in its scene, at its time, and walks on from there") {
  protocol::OwnPlace place;
  place.offset = {0.7, 0.0};
  place.enter_scene = 1;
  place.enter_scene_time = std::chrono::milliseconds(3500);
  Walker whole;
  whole.take(order(0.0));
  protocol::PlayOrder o = order(0.0);
  Walker late;
  late.walk.follow(o, {}, *shelf(), place);
  CHECK(late.walk.film_known());
  CHECK(late.walk.first_scene() == 1);
  for (int i = 0; i < 600 && late.walk.stage() != BlockStage::in_scene; ++i) {
    late.head = late.walk.planned(late.head, 0.1);
    late.step(0);
  }
  REQUIRE(late.walk.stage() == BlockStage::in_scene);
  CHECK(late.walk.block() == 0);
  CHECK(late.walk.scene_time() >= std::chrono::milliseconds(3500));
  CHECK_FALSE(late.walk.on_way_in());
  // Of the film's three scenes two are his: with block 2 he is on the way out.
  for (int i = 0; i < 900 && late.walk.block() < 2; ++i) {
    late.head = late.walk.planned(late.head, 0.1);
    late.step(2);
  }
  CHECK(late.walk.on_way_out());
  place.enter_scene = 3;
  Walker never;
  never.walk.follow(order(0.0), {}, *shelf(), place);
  for (int i = 0; i < 10; ++i) never.step(0);
  CHECK_FALSE(never.walk.film_shows());  // a scene that the film does not have is not walked
}
