// The headset's own safety: walls, bodies, staleness, silence, panic; and what it then shows and tells.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numbers>

#include "showcontrol/client/guard.h"
#include "tests/client/rig.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using Catch::Matchers::WithinAbs;
using tracking::Cause;
using tracking::Level;

namespace {

constexpr double kErrors_m = 0.05;  // taken off the distance of two headsets at most

void in_scene_0(Rig& rig) {
  rig.play();
  rig.authorise(0);
  rig.run(0.2);
  rig.walk_to(kScene0);
  rig.run(0.5);
  REQUIRE(rig.client.view().screen == Screen::film);
  REQUIRE(rig.client.view().level == Level::clear);
}

const tracking::SafetyLimits& limits() { return venue().safety; }
protocol::HallPoint ahead_of_scene_0(double gap_m) { return {kScene0.x, kScene0.y + gap_m}; }
// So near that strangers are paused, and not yet stopped.
protocol::HallPoint too_near() { return ahead_of_scene_0((limits().stranger.pause_m + limits().stranger.stop_m) / 2.0 + kErrors_m); }

protocol::Neighbour neighbour(protocol::HallPoint at, tracking::Vec<tracking::Hall> velocity = {}) {
  protocol::Neighbour n;
  n.body = base::BodyId{9};
  n.position = at;
  n.velocity = velocity;
  n.radius_m = 0.1;
  n.age = std::chrono::milliseconds(30);
  n.planned = {at, at, at};
  return n;
}

}  // namespace

TEST_CASE("walls are guarded with and without a hall") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.play->placement.shift = {12.0, 1.0};
  rig.run(0.1);
  SECTION("with") {}
  SECTION("without") {
    rig.hall_talks = false;
    rig.client.link_down(rig.now());
  }
  rig.walk_to({12.0, limits().wall.warn_m + 0.05}, 0.4);
  CHECK(rig.client.view().boundary_grid > 0.0);
  rig.walk_to({12.0, limits().wall.stop_m}, 0.4);
  CHECK(rig.client.view().level >= Level::pause);
  CHECK(rig.client.view().cause == Cause::wall);
  CHECK(rig.client.view().word_stop);
  CHECK(rig.client.view().boundary_grid == 1.0);
  CHECK_FALSE(rig.client.view().film_running);
  REQUIRE(rig.client.view().arrow_rad.has_value());
  CHECK_THAT(*rig.client.view().arrow_rad, WithinAbs(0.0, 0.1));  // away from the south wall: along +y
}

TEST_CASE("a neighbour is a ring always, a ghost when near, and a level when too near") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.neighbours = {neighbour(ahead_of_scene_0(limits().ghost_m + 1.0))};
  rig.run(0.2);
  REQUIRE(rig.client.view().ghosts.size() == 1);
  CHECK(rig.client.view().ghosts[0].ring > 0.0);
  CHECK(rig.client.view().ghosts[0].opacity == 0.0);
  CHECK(rig.client.view().level == Level::clear);
  rig.frame.neighbours = {neighbour(ahead_of_scene_0((limits().ghost_m + limits().stranger.warn_m) / 2.0))};
  rig.run(0.2);
  CHECK(rig.client.view().ghosts[0].opacity > 0.2);
  CHECK(rig.client.view().level == Level::clear);
  rig.frame.neighbours = {neighbour(too_near())};
  rig.run(0.2);
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::body);
  CHECK(rig.client.view().ghosts[0].opacity == 1.0);
  CHECK(rig.client.view().word_stop);
  REQUIRE(rig.client.view().arrow_rad.has_value());
  CHECK_THAT(std::abs(*rig.client.view().arrow_rad), WithinAbs(std::numbers::pi, 0.1));
}

TEST_CASE("of two who are held too close only he is shown the arrow whom the hall lets step away first") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.neighbours = {neighbour(too_near())};
  rig.frame.safety.stay = true;
  rig.run(0.2);
  CHECK(rig.client.view().level == Level::pause);
  CHECK_FALSE(rig.client.view().arrow_rad.has_value());
  rig.frame.safety.stay = false;
  rig.run(0.2);
  CHECK(rig.client.view().arrow_rad.has_value());
}

TEST_CASE("a body whose place nobody sends is as wide as the hall says, however old: it does not grow like one that fell silent") {
  using protocol::Relation;
  const base::HallTime now = base::hall_time(100.0);
  for (const Relation relation : {Relation::unknown_body, Relation::lost, Relation::lost_of_group, Relation::placed_staff}) {
    protocol::Neighbour n = neighbour(kScene0);
    n.relation = relation;
    n.age = std::chrono::milliseconds(3150);  // as old as the wire can say
    n.radius_m = 2.05;
    for (const double later_s : {0.0, 0.1, 1.0}) {
      const tracking::Body body = told_body(n, now, now + base::from_seconds(later_s));
      INFO(to_string(relation) << ", " << later_s << " s after the frame");
      const double width_m = body.error_m + tracking::reach_m(body, now + base::from_seconds(later_s));
      CHECK(width_m >= n.radius_m - 1e-9);
      CHECK(width_m <= n.radius_m + tracking::kLostSpeed_mps * later_s + 1e-9);
      CHECK(tracking::sees_hall(body.kind) == (relation == Relation::placed_staff));
    }
  }
}

TEST_CASE("a pair that holds hands is one body; a group has shorter distances") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.neighbours = {neighbour({12.0, 4.6})};
  rig.frame.neighbours[0].relation = protocol::Relation::pair;
  rig.run(0.2);
  CHECK(rig.client.view().level == Level::clear);
  CHECK(rig.client.view().ghosts[0].opacity == 1.0);
  rig.frame.neighbours[0] = neighbour(ahead_of_scene_0(limits().group.warn_m + 0.1));
  rig.frame.neighbours[0].relation = protocol::Relation::group;
  rig.run(0.2);
  CHECK(rig.client.view().level == Level::clear);
}

TEST_CASE("where a neighbour stands counts as where the viewer himself does: staff in the kitting area are no danger to him at its edge") {
  Rig rig;
  in_scene_0(rig);
  const double edge = std::ranges::max(venue().kitting, {}, &protocol::HallPoint::y).y;
  const protocol::HallPoint place{12.0, edge + 0.3};
  rig.frame.play->placement.shift = {place.x, place.y};
  rig.walk_to(place);
  rig.run(3.0);
  REQUIRE(rig.client.view().level == Level::clear);
  REQUIRE(venue().zone_at(place) == tracking::Zone::floor);
  protocol::Neighbour fitter = neighbour({place.x, place.y - 0.6});
  fitter.relation = protocol::Relation::staff;
  fitter.planned.clear();
  REQUIRE(venue().zone_at(fitter.position) == tracking::Zone::kitting);
  rig.frame.neighbours = {fitter};
  rig.run(0.5);
  CHECK(rig.client.view().level == Level::clear);
  rig.frame.neighbours[0].position.y = place.y + 0.6;  // on the floor he is
  rig.run(0.5);
  CHECK(rig.client.view().level == Level::pause);
}

TEST_CASE("a level that rises is told at once, out of cadence") {
  Rig rig;
  in_scene_0(rig);
  rig.run(0.2, 0.002);
  const int before = rig.ups;
  rig.run(1.0, 0.002);
  CHECK(rig.ups - before >= 28);
  CHECK(rig.ups - before <= 32);
  REQUIRE(rig.run_until([&, ups = rig.ups] { return rig.ups > ups; }, 1.0, 0.002));
  const int just_sent = rig.ups;
  rig.frame.neighbours = {neighbour(too_near())};
  rig.step(0.002);
  CHECK(rig.ups == just_sent + 1);
  CHECK(rig.up->level == Level::pause);
  CHECK(rig.up->cause == Cause::body);
}

TEST_CASE("silence of the hall: warned by 300 ms and paused by 1 s only if somebody could be met") {
  Rig rig;
  in_scene_0(rig);
  SECTION("nobody near: the play goes on for ten seconds, then the headset asks to be lifted off") {
    rig.hall_talks = false;
    rig.client.link_down(rig.now());
    rig.run(limits().silence_lift_off_s - 0.5);
    CHECK(rig.client.view().level == Level::clear);
    CHECK(rig.client.view().film_running);
    rig.run(1.0);
    CHECK(rig.client.view().level == Level::evacuate);
    CHECK(rig.client.view().cause == Cause::link_lost);
    CHECK_FALSE(rig.client.view().film_running);
    CHECK(rig.client.view().screen == Screen::evacuate);
    CHECK(rig.client.view().way_out_door == protocol::HallPoint{27.2, 7.5});
    // The hall comes back: it takes its viewers back, and the play goes on.
    rig.hall_talks = true;
    rig.client.link_up(rig.now());
    rig.epoch = base::EpochId{2};
    rig.sequence = 0;
    rig.run(6.0);
    CHECK(rig.client.view().level == Level::clear);
    CHECK(rig.client.view().screen == Screen::film);
  }
  SECTION("somebody whose plan comes near") {
    protocol::Neighbour other = neighbour({12.0, 9.0}, {0.0, -0.5});
    other.planned = {{12.0, 7.5}, {12.0, 6.1}, {12.0, 6.05}};
    rig.frame.neighbours = {other};
    rig.run(0.2);
    REQUIRE(rig.client.view().level == Level::clear);
    rig.hall_talks = false;
    rig.run(0.25);
    CHECK(rig.client.view().level == Level::clear);
    rig.run(0.15);
    CHECK(rig.client.view().level == Level::warn);
    CHECK(rig.client.view().cause == Cause::stale);
    rig.run(0.7);
    CHECK(rig.client.view().level == Level::pause);
    CHECK(rig.client.view().ghosts.size() == 1);
  }
  SECTION("somebody whose plan stays away") {
    protocol::Neighbour other = neighbour({12.0, 9.5});
    rig.frame.neighbours = {other};
    rig.run(0.2);
    rig.hall_talks = false;
    rig.run(3.0);
    CHECK(rig.client.view().level == Level::clear);
  }
}

TEST_CASE("frames that come late are as stale as none") {
  Rig rig;
  in_scene_0(rig);
  protocol::Neighbour other = neighbour({12.0, 9.0}, {0.0, -0.5});
  other.planned = {{12.0, 7.5}, {12.0, 6.1}, {12.0, 6.05}};
  rig.frame.neighbours = {other};
  rig.run(0.2);
  REQUIRE(rig.client.view().level == Level::clear);
  rig.hall_talks = false;
  std::vector<protocol::HallState> kept;
  for (int i = 0; i < 60; ++i) {  // the network holds each frame for 1.2 s
    kept.push_back(rig.make_frame());
    if (i >= 36) rig.deliver(kept[static_cast<std::size_t>(i - 36)]);
    rig.step();
  }
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::stale);
}

TEST_CASE("a neighbour of whom the hall has no news") {
  Rig rig;
  in_scene_0(rig);
  protocol::Neighbour other = neighbour({12.0, 6.4}, {0.0, -0.5});  // could be met within 2 s
  other.planned = {{12.0, 4.9}, {12.0, 3.4}, {12.0, 1.4}};
  other.age = std::chrono::milliseconds(400);
  rig.frame.neighbours = {other};
  rig.run(0.1);
  CHECK(rig.client.view().level == Level::warn);
  CHECK(rig.client.view().cause == Cause::stale);
  rig.frame.neighbours[0].age = std::chrono::milliseconds(1200);
  rig.run(0.1);
  CHECK(rig.client.view().level >= Level::pause);
}

TEST_CASE("tracking lost pauses, then stops; frozen poses are no tracking") {
  Rig rig;
  in_scene_0(rig);
  rig.send_poses = false;
  rig.run(0.5);
  CHECK(rig.client.view().level <= Level::warn);
  rig.run(0.5);
  CHECK(rig.client.view().level == Level::pause);
  rig.run(0.5);
  CHECK(rig.client.view().level == Level::stop);
  CHECK(rig.client.view().cause == Cause::tracking_lost);
  // Found again; the hall, which knows of the stop, orders less: it ends after a moment.
  rig.send_poses = true;
  rig.echo = false;
  rig.run(3.0);
  CHECK(rig.client.view().level == Level::stop);
  rig.echo = true;
  rig.run(6.0);
  CHECK(rig.client.view().level == Level::clear);
}

TEST_CASE("the hall's order counts until it expires; a stop until the hall says otherwise") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.safety = {Level::pause, Cause::stray, 0.0, {}};
  rig.run(0.2);
  CHECK(rig.client.view().level == Level::pause);
  rig.hall_talks = false;
  rig.run(0.9);
  CHECK(rig.client.view().level == Level::pause);
  rig.run(0.3);
  CHECK(rig.client.view().level == Level::clear);
  rig.hall_talks = true;
  rig.frame.safety = {Level::stop, Cause::operator_command, 0.0, {}};
  rig.run(0.2);
  rig.hall_talks = false;
  rig.run(5.0);
  CHECK(rig.client.view().level == Level::stop);
  CHECK(rig.client.view().dim == 1.0);
}

TEST_CASE("panic stops until staff have released the viewer") {
  Rig rig;
  in_scene_0(rig);
  rig.client.panic(rig.now());
  rig.step();
  CHECK(rig.client.view().level == Level::stop);
  CHECK(rig.client.view().cause == Cause::panic);
  CHECK(rig.up->panic);
  rig.run(2.0);  // the hall has not answered yet: nothing releases it
  CHECK(rig.up->panic);
  rig.frame.safety = {Level::stop, Cause::panic, 0.0, {}};
  rig.run(2.0);
  CHECK(rig.up->panic);
  rig.frame.safety = {};
  rig.run(0.2);
  CHECK_FALSE(rig.up->panic);
  CHECK(rig.client.view().level == Level::clear);
  rig.run(0.5);
  CHECK(rig.client.view().film_running);
}

TEST_CASE("visor lifted pauses; evacuation overrides all") {
  Rig rig;
  in_scene_0(rig);
  rig.device.worn = false;
  rig.run(0.1);
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::not_worn);
  rig.device.worn = true;
  rig.run(3.0);
  CHECK(rig.client.view().level == Level::clear);
  rig.frame.evacuate = true;
  rig.run(0.1);
  CHECK(rig.client.view().screen == Screen::evacuate);
  CHECK(rig.client.view().level == Level::evacuate);
  CHECK_FALSE(rig.client.view().film_running);
}

TEST_CASE("leaving the leg or the scene's area is straying") {
  Rig rig;
  in_scene_0(rig);
  rig.walk_to(ahead_of_scene_0(0.6 + limits().stray_pause_m + 0.2));  // its area reaches 0.6 m
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::stray);
  REQUIRE(rig.client.view().arrow_rad.has_value());
  CHECK_THAT(std::abs(*rig.client.view().arrow_rad), WithinAbs(std::numbers::pi, 0.1));  // back: along -y
}

TEST_CASE("what staff have lifted for a viewer is a warning at most, in his headset too; what they may not lift stays") {
  Rig rig;
  in_scene_0(rig);
  const auto bit = [](Cause cause) { return static_cast<std::uint16_t>(1u << static_cast<unsigned>(cause)); };
  rig.height_m = 0.7;  // sits on the floor
  rig.run(2.5);
  REQUIRE(rig.client.view().level == Level::pause);
  REQUIRE(rig.client.view().cause == Cause::posture);
  rig.frame.lifted = bit(Cause::posture);
  rig.run(2.0);
  CHECK(rig.client.view().level == Level::warn);
  CHECK(rig.client.view().cause == Cause::posture);
  CHECK(rig.up->level == Level::warn);  // the hall is told the same
  rig.frame.lifted = 0;
  rig.run(0.1);
  CHECK(rig.client.view().level == Level::pause);
  rig.height_m = 1.65;
  rig.run(7.0);  // a second pause within a moment is a longer one
  REQUIRE(rig.client.view().level == Level::clear);

  rig.frame.lifted = static_cast<std::uint16_t>(bit(Cause::wall) | bit(Cause::body) | bit(Cause::not_worn));
  rig.device.worn = false;
  rig.run(0.1);
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::not_worn);
  rig.device.worn = true;
  rig.run(2.5);
  rig.frame.neighbours = {neighbour(too_near())};
  rig.run(0.1);
  CHECK(rig.client.view().level >= Level::pause);
  CHECK(rig.client.view().cause == Cause::body);
  REQUIRE(rig.client.view().danger_rad.has_value());
  CHECK_THAT(*rig.client.view().danger_rad, WithinAbs(0.0, 0.05));  // he stands along +y
}

TEST_CASE("where danger lies is told as far as it is known: own finding first, else as the hall orders it") {
  Rig rig;
  in_scene_0(rig);
  CHECK_FALSE(rig.client.view().danger_rad.has_value());
  rig.frame.safety.level = Level::warn;
  rig.frame.safety.cause = Cause::body;
  rig.frame.safety.away_rad = 1.0;
  rig.run(0.1);
  REQUIRE(rig.client.view().danger_rad.has_value());
  CHECK_THAT(*rig.client.view().danger_rad, WithinAbs(1.0 - std::numbers::pi, 0.01));
  rig.frame.safety.cause = Cause::operator_command;
  rig.frame.safety.level = Level::pause;
  rig.run(0.1);
  CHECK_FALSE(rig.client.view().danger_rad.has_value());
}

TEST_CASE("in an evacuation the way out is known by its name, its door and the way there") {
  Rig rig;
  in_scene_0(rig);
  rig.frame.evacuate = true;
  rig.frame.way_out_door = {0.0, 12.0};
  rig.frame.way_out_name = protocol::DoorName::entrance;
  rig.frame.way_out = {{12.0, 4.0}, {6.0, 9.0}, {0.0, 12.0}};
  rig.run(0.1);
  const View& view = rig.client.view();
  CHECK(view.screen == Screen::evacuate);
  CHECK(view.way_out_name == protocol::DoorName::entrance);
  CHECK(view.way_out.size() == 3);
  CHECK(view.way_out_door == protocol::HallPoint{0.0, 12.0});
}

TEST_CASE("a lifted visor pauses at once; put on again the hall has not moved, and the drift is unknown until it is measured") {
  Rig rig;
  in_scene_0(rig);
  REQUIRE(rig.up->calibration.drift == tracking::CalibrationState::good);
  const auto before = rig.client.hall_from_stage();
  REQUIRE(before);
  rig.device.worn = false;
  rig.step();
  CHECK(rig.client.view().level == Level::pause);
  CHECK(rig.client.view().cause == Cause::not_worn);
  CHECK_FALSE(rig.client.view().film_running);
  rig.run(5.0);
  rig.device.worn = true;
  rig.run(0.2);
  REQUIRE(rig.client.hall_from_stage());
  CHECK(rig.client.hall_from_stage()->shift == before->shift);
  CHECK(rig.client.hall_from_stage()->yaw == before->yaw);
  CHECK(rig.up->calibration.known);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::unknown);
  rig.run(2.0);
  CHECK(rig.client.view().level == Level::clear);
  CHECK(rig.client.view().film_running);
  rig.client.touch_mark("M1.first", rig.stage_pose(venue().marks.front().first, 0.03), rig.now());
  rig.run(0.1);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::good);
}

TEST_CASE("a re-centre makes the place unknown at once, worn or not, and nobody is laid into the hall by it") {
  for (const bool worn : {true, false}) {
    Rig rig;
    in_scene_0(rig);
    rig.device.worn = worn;
    rig.client.recentred(rig.now());
    rig.step();
    CHECK_FALSE(rig.client.hall_from_stage());
    CHECK(rig.client.view().level >= Level::pause);
    rig.device.worn = true;
    rig.run(3.0);
    CHECK_FALSE(rig.client.hall_from_stage());
    CHECK(rig.client.view().screen == Screen::stand_still);
    CHECK_FALSE(rig.up->calibration.known);
    CHECK(rig.up->samples.empty());  // the hall is told no place
  }
}
