#include "showcontrol/rehearsal/visitor.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/headset.h"
#include "tests/rehearsal/sample_world.h"

using namespace promenade;
using namespace promenade::rehearsal;
using promenade::rehearsal::test::world;

namespace {

Visitor somebody() {
  VisitorPlan plan;
  plan.number = 1;
  plan.film = base::FilmId("001100012026");
  return Visitor(plan, {}, base::Random(1), std::make_shared<const client::FilmShelf>(), 0.0);
}

void pass(Visitor& visitor, double from, double to) {
  for (double t = from; t <= to; t += 0.1) visitor.step(t, {}, world());
}

// Shows what the test says, and nothing else.
class Showing : public HeadsetDevice {
 public:
  client::View shown;
  base::HeadsetId id() const override { return base::HeadsetId(1); }
  void step(double, const HeadPlace&) override {}
  void touch_mark(const std::string&, HallPoint, double, double) override {}
  void choose(const base::FilmId&, const std::string&, double) override {}
  void choose_way(std::uint8_t, double) override {}
  void rate(std::uint8_t, double) override {}
  const client::View& view() const override { return shown; }
  bool linked() const override { return true; }
  bool dead() const override { return false; }
  const AuthorityWatch* authority() const override { return nullptr; }
};

}  // namespace

TEST_CASE("Who strays from his scene is as far away as he strayed, however often he is shown the way back") {
  const HallPoint scene{14.0, 7.5};  // four metres from the nearest column
  constexpr double kStrayMost_m = 3.0, kFree_m = 0.6;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    WalkerHabits habits;
    habits.stray_per_play = 1e4;  // one stray after the other
    habits.run_per_play = habits.fall_per_hour = habits.lift_visor_per_hour = habits.take_off_per_hour = 0.0;
    VisitorPlan plan;
    plan.number = 1;
    Visitor visitor(plan, habits, base::Random(seed), std::make_shared<const client::FilmShelf>(), 0.0);
    Showing headset;
    visitor.let_in({13.0, 7.5}, {scene}, 0.0);
    pass(visitor, 0.1, 3.0);
    visitor.bound(headset, 3.0);
    visitor.put_on(3.0);
    headset.shown.screen = client::Screen::film;
    headset.shown.target = scene;
    headset.shown.target_radius_m = kFree_m;
    double farthest_m = 0.0;
    for (double t = 3.1; t <= 200.0; t += 0.1) {
      visitor.step(t, {}, world());
      farthest_m = std::max(farthest_m, tracking::distance(visitor.position(), scene));
    }
    CHECK(farthest_m > kFree_m + 1.0);  // so far that he was shown the way back
    CHECK(farthest_m < kStrayMost_m + kFree_m + habits.wander_beyond_free_m + 0.2);
  }
}

TEST_CASE("A visitor comes in by the way he is shown, sits down, and is blind once the headset is on") {
  Visitor visitor = somebody();
  CHECK_FALSE(visitor.inside());
  visitor.let_in({8.0, 4.0}, {{10.0, 5.0}, {12.0, 6.0}}, 0.0);
  CHECK(visitor.stage() == Stage::entering);
  pass(visitor, 0.1, 10.0);
  CHECK(visitor.stage() == Stage::fitting);
  CHECK(tracking::distance(visitor.position(), HallPoint{12.0, 6.0}) < 0.2);
  SimulatedHeadset headset(base::HeadsetId(1), std::make_shared<const client::FilmShelf>(), {}, base::Random(2));
  visitor.bound(headset, 10.0);
  CHECK_FALSE(visitor.blind());
  visitor.put_on(10.2);
  CHECK(visitor.blind());
  CHECK(visitor.stage() == Stage::waiting);
  headset.kill();
  CHECK_FALSE(visitor.blind());
}

TEST_CASE("Led by the hand he goes where he is led and stays there") {
  Visitor visitor = somebody();
  visitor.let_in({8.0, 4.0}, {{8.0, 5.0}}, 0.0);
  pass(visitor, 0.1, 3.0);
  SimulatedHeadset headset(base::HeadsetId(1), std::make_shared<const client::FilmShelf>(), {}, base::Random(2));
  visitor.bound(headset, 3.0);
  visitor.put_on(3.0);
  visitor.lead({{12.0, 5.0}}, Person{}.number + 99, 0.9);
  CHECK(visitor.person().hand == 99);
  pass(visitor, 3.1, 9.0);
  CHECK(visitor.has_arrived());
  visitor.let_go();
  pass(visitor, 9.1, 20.0);
  CHECK(tracking::distance(visitor.position(), HallPoint{12.0, 5.0}) < 1.0);
}

TEST_CASE("Sent out, he leaves by the door") {
  Visitor visitor = somebody();
  visitor.let_in({12.0, 8.0}, {{12.0, 9.0}}, 0.0);
  pass(visitor, 0.1, 3.0);
  visitor.send_out({14.0, 12.0}, 3.0);
  CHECK(visitor.stage() == Stage::leaving);
  pass(visitor, 3.1, 15.0);
  CHECK(visitor.stage() == Stage::gone);
  CHECK(visitor.times().left_s > 3.0);
}
