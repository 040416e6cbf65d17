// Encounters that must end well, played through the shipped evaluation and level filter: people who see nothing of each
// other, poses at 30 Hz through a pose history, and everybody obeys a pause or stop after 0.48 s by slowing to rest within
// 0.58 s (means of adults at emergency stops). Then he stands: who goes on first is the hall's to say.

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

#include "tests/tracking/sample_hall.h"
#include "tracking/level_filter.h"
#include "tracking/pose_history.h"
#include "tracking/safety.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;

namespace {

constexpr double kStep_s = 1.0 / 30.0;
constexpr double kReaction_s = 0.48;
constexpr double kSlowing_s = 0.58;
constexpr double kHead_m = 1.6;

using Way = std::function<HallVec(HallPoint at, double walked_s)>;  // velocity wanted; walked_s stands still while he does

Way straight(HallVec velocity) {
  return [velocity](HallPoint, double) { return velocity; };
}

// Round `middle` at `radius`, counter-clockwise.
Way round(HallPoint middle, double speed) {
  return [middle, speed](HallPoint at, double) {
    const HallVec out = at - middle;
    return HallVec{-out.y, out.x} * (speed / length(out));
  };
}

struct Person {
  HallPoint at;
  Way way;
  bool obeys = true;
  bool frozen = false;  // his headset repeats its last pose
  bool planned = false; // as he walks; otherwise he has left his plan
  PoseHistory poses{};
  LevelFilter filter{};
  Pose<Hall> sent{};
  double walked_s = 0.0;
  std::optional<double> warned_s{}; // first times
  std::optional<double> paused_s{};
  std::optional<double> stopped_s{};
  Concern paused_by{};
};

class Scene {
 public:
  explicit Scene(std::vector<Person> people, Venue venue = sample_hall()) : people_(std::move(people)), venue_(std::move(venue)) {}

  void run(double seconds) {
    for (const double end = now_s_ + seconds; now_s_ < end; now_s_ += kStep_s) {
      for (Person& person : people_) move(person);
      std::vector<Body> bodies;
      for (std::size_t i = 0; i < people_.size(); ++i) bodies.push_back(body_of(people_[i], static_cast<std::uint32_t>(i + 1)));
      for (std::size_t i = 0; i < people_.size(); ++i) judge(people_[i], bodies, i);
      for (std::size_t i = 0; i < people_.size(); ++i) {
        clearance_m_ = std::min(clearance_m_, venue_.clearance_m(people_[i].at));
        for (std::size_t j = 0; j < i; ++j) gap_m_ = std::min(gap_m_, distance(people_[i].at, people_[j].at));
      }
    }
  }
  Person& operator[](std::size_t i) { return people_[i]; }
  double least_gap_m() const { return gap_m_; }
  double least_clearance_m() const { return clearance_m_; }
  double now_s() const { return now_s_; }

 private:
  base::HallTime now() const { return hall_time(100.0 + now_s_); }

  void move(Person& person) {
    double share = 1.0;
    if (person.paused_s && person.obeys) share = std::clamp(1.0 - (now_s_ - *person.paused_s - kReaction_s) / kSlowing_s, 0.0, 1.0);
    person.at = person.at + person.way(person.at, person.walked_s) * (share * kStep_s);
    person.walked_s += share * kStep_s;
    // No head is still to the last bit, but one that is not seen any more.
    if (!person.frozen) person.sent = pose_at<Hall>(person.at, kHead_m + 1e-4 * std::sin(40.0 * now_s_), 0.0);
    (void)person.poses.add(now(), person.sent);
  }

  Body body_of(const Person& person, std::uint32_t id) const {
    Body body = walker(id, floor_point(person.poses.newest()), person.poses.velocity(), person.poses.newest_time() - person.poses.frozen_for());
    body.zone = Zone::floor;
    if (!person.planned) body.ahead.reset();
    return body;
  }

  void judge(Person& person, const std::vector<Body>& bodies, std::size_t self) {
    std::vector<Neighbour> near;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (i != self && distance(bodies[i].position, bodies[self].position) < kInterestRadius_m) near.push_back({&bodies[i]});
    }
    const Condition condition{.tracking_lost_s = base::to_seconds(person.poses.frozen_for())};
    const Concern shown = person.filter.update(now(), evaluate(bodies[self], condition, near, venue_, now()));
    const auto first = [&](Level level, std::optional<double>& when) {
      if (shown.level >= level && !when) when = now_s_;
    };
    if (shown.level >= Level::pause && !person.paused_s) person.paused_by = shown;
    first(Level::warn, person.warned_s);
    first(Level::pause, person.paused_s);
    first(Level::stop, person.stopped_s);
  }

  std::vector<Person> people_;
  Venue venue_;
  double now_s_ = 0.0;
  double gap_m_ = std::numeric_limits<double>::infinity();
  double clearance_m_ = std::numeric_limits<double>::infinity();
};

// 28 m long and so narrow that nobody passes anybody.
Venue corridor(double width_m) {
  Venue venue;
  venue.boundary = {{0, 0}, {28, 0}, {28, width_m}, {0, width_m}};
  return venue;
}

const double kContact_m = SafetyLimits{}.contact_m;
const double kWallContact_m = SafetyLimits{}.wall_contact_m;
const DistanceRule& stranger() { return sample_hall().safety.stranger; }
constexpr double kLate_s = 0.1;  // three poses
constexpr double kRow_m = 5.0;  // clear of walls and columns

// From somebody who stands to one who walks up to him, when the two are warned and not yet paused.
constexpr double kWalk_mps = 0.8;
double warned_gap_m() {
  const double soon_m = kContact_m + kWalk_mps * (stranger().warn_contact_s + stranger().pause_contact_s) / 2.0;
  return std::max(soon_m, (stranger().warn_m + stranger().pause_m) / 2.0);
}

}  // namespace

TEST_CASE("scene: head-on, both are warned and paused as long before they would touch as the limits say, and do not") {
  for (const double speed : {0.8, 1.24, 1.5}) {
    INFO(speed << " m/s each");
    Scene scene({{.at = {9, kRow_m}, .way = straight({speed, 0})}, {.at = {19, kRow_m}, .way = straight({-speed, 0})}});
    scene.run(10.0);
    const double touch_s = (10.0 - kContact_m) / (2.0 * speed);  // if nobody were told
    for (std::size_t i = 0; i < 2; ++i) {
      REQUIRE(scene[i].warned_s);
      REQUIRE(scene[i].paused_s);
      const double seen_s = (kInterestRadius_m - kContact_m) / (2.0 * speed);  // who is farther away is not looked at
      CHECK(touch_s - *scene[i].warned_s >= std::min(stranger().warn_contact_s, seen_s) - kLate_s);
      CHECK(touch_s - *scene[i].paused_s >= std::min(stranger().pause_contact_s, seen_s) - kLate_s);
    }
    CHECK(std::abs(*scene[0].paused_s - *scene[1].paused_s) < 1e-9);
    CHECK(scene.least_gap_m() > stranger().stop_m);
  }
}

TEST_CASE("scene: head-on and only one of them obeys, the other still does not reach him before he stands") {
  Scene scene({{.at = {9, kRow_m}, .way = straight({0.8, 0}), .obeys = false}, {.at = {19, kRow_m}, .way = straight({-0.8, 0})}});
  while (!scene[1].paused_s || scene.now_s() < *scene[1].paused_s + kReaction_s + kSlowing_s) scene.run(kStep_s);
  CHECK(scene.least_gap_m() > kContact_m);
  CHECK(scene[0].paused_s);
  scene.run(2.0 + sample_hall().safety.off_plan.pause_contact_s);
  CHECK(scene.least_gap_m() < kContact_m);  // why both are commanded, and staff are called
  CHECK(scene[0].stopped_s);
}

TEST_CASE("scene: crossing at right angles at the same moment") {
  for (const double other_mps : {0.8, 1.2}) {
    INFO(other_mps);
    Scene scene({{.at = {9, kRow_m}, .way = straight({0.8, 0})}, {.at = {14, kRow_m + 5.0 * other_mps / 0.8}, .way = straight({0, -other_mps})}});
    scene.run(12.0);
    CHECK(scene[0].paused_s);
    CHECK(scene[1].paused_s);
    CHECK(scene.least_gap_m() > stranger().stop_m);
  }
}

TEST_CASE("scene: overtaking on the same line") {
  Scene scene({{.at = {12, kRow_m}, .way = straight({0.3, 0})}, {.at = {8, kRow_m}, .way = straight({1.2, 0})}});
  scene.run(12.0);
  CHECK(scene[0].paused_s);  // he, too, who is come upon from behind
  CHECK(scene[1].paused_s);
  CHECK(scene.least_gap_m() > stranger().stop_m);
}

TEST_CASE("scene: following another round a column, faster than he walks") {
  const HallPoint column{9.5, 7.5};
  Scene scene({{.at = {column.x, column.y - 1.6}, .way = round(column, 0.5)}, {.at = {column.x - 1.6, column.y}, .way = round(column, 1.0)}});
  scene.run(12.0);
  CHECK(scene[0].paused_s);
  CHECK(scene[1].paused_s);
  CHECK(scene[1].paused_by.cause == Cause::body);
  CHECK(scene.least_gap_m() > kContact_m + 0.1);
  CHECK(scene.least_clearance_m() > 1.0);
}

TEST_CASE("scene: three come to one place at once") {
  std::vector<Person> people;
  for (int i = 0; i < 3; ++i) {
    const double angle = 2.0 * std::numbers::pi / 3.0 * i;
    const HallVec out{std::cos(angle), std::sin(angle)};
    people.push_back({.at = HallPoint{14, 6} + out * 4.5, .way = straight(out * -0.9)});
  }
  Scene scene(people);
  scene.run(8.0);
  for (std::size_t i = 0; i < 3; ++i) CHECK(scene[i].paused_s);
  CHECK(scene.least_gap_m() > stranger().stop_m);
}

TEST_CASE("scene: head-on where there is no way round") {
  Scene scene({{.at = {9, 1.0}, .way = straight({0.8, 0})}, {.at = {19, 1.0}, .way = straight({-0.8, 0})}}, corridor(2.0));
  scene.run(10.0);
  CHECK(scene[0].paused_s);
  CHECK(scene[1].paused_s);
  CHECK(scene[0].paused_by.cause == Cause::body);
  CHECK(scene.least_gap_m() > stranger().stop_m);
  CHECK(scene.least_clearance_m() > kWallContact_m);
}

TEST_CASE("scene: somebody stands with a wall behind him and another comes") {
  Scene scene({{.at = {14, 0.9}, .way = straight({0, 0})}, {.at = {14, 7}, .way = straight({0, -1.0})}}, corridor(15.0));
  scene.run(10.0);
  REQUIRE(scene[0].paused_s);
  CHECK(scene[1].paused_s);
  CHECK(scene[0].paused_by.cause == Cause::body);
  CHECK(std::abs(scene[0].paused_by.bearing_rad) < 0.1);  // the danger is up the hall, not the wall
  CHECK(scene.least_gap_m() > stranger().stop_m);
}

TEST_CASE("scene: a headset repeats its last pose while its viewer walks on towards somebody") {
  Scene scene({{.at = {9, kRow_m}, .way = straight({0.8, 0}), .planned = true}, {.at = {13.5, kRow_m}, .way = straight({0, 0}), .planned = true}});
  scene.run(1.0);
  CHECK_FALSE(scene[0].paused_s);
  const SafetyLimits& limits = sample_hall().safety;
  scene[0].frozen = true;
  scene.run(6.0);
  REQUIRE(scene[0].paused_s);
  CHECK(scene[0].paused_by.cause == Cause::tracking_lost);
  CHECK(*scene[0].paused_s < 1.0 + limits.tracking_pause_s + 2.0 * kStep_s);
  REQUIRE(scene[0].stopped_s);
  CHECK(*scene[0].stopped_s < 1.0 + limits.tracking_stop_s + 2.0 * kStep_s);
  CHECK(scene[1].paused_s);  // he may be anywhere by then
  CHECK(scene.least_gap_m() > kContact_m);
}

TEST_CASE("scene: a pose that jumps is not believed, and neither frees nor frightens the neighbour") {
  PoseHistory poses;
  for (int i = 0; i < 10; ++i) REQUIRE(poses.add(hall_time(i * kStep_s), pose_at<Hall>({9.0 + kWalk_mps * i * kStep_s, kRow_m}, kHead_m + 1e-4 * i, 0.0)));
  const HallVec velocity = poses.velocity();
  const double walked_m = floor_point(poses.newest()).x - 9.0;
  const auto level = [&] {
    const Body self = walker(1, {9.0 + walked_m + warned_gap_m(), kRow_m}, {}, poses.newest_time());
    const Body other = walker(2, floor_point(poses.newest()), poses.velocity(), poses.newest_time());
    return view_pair(self, {&other}, {}, sample_hall(), poses.newest_time()).concern.level;
  };
  const Level before = level();
  CHECK(before == Level::warn);
  for (const double jump_m : {-3.0, 1.5}) {
    const auto added = poses.add(hall_time(10 * kStep_s), pose_at<Hall>({9.24 + jump_m, kRow_m}, kHead_m, 0.0));
    REQUIRE_FALSE(added);
    CHECK(added.error().code == "pose-jump");
    CHECK(poses.velocity() == velocity);
    CHECK(level() == before);
  }
}

TEST_CASE("scene: a clock that steps back changes no body, and a body from the future is as one of now") {
  PoseHistory poses;
  for (int i = 0; i < 10; ++i) REQUIRE(poses.add(hall_time(50 + i * kStep_s), pose_at<Hall>({9.0 + 0.8 * i * kStep_s, kRow_m}, kHead_m, 0.0)));
  const HallVec velocity = poses.velocity();
  const auto back = poses.add(hall_time(49.0), pose_at<Hall>({9.0, kRow_m}, kHead_m, 0.0));
  REQUIRE_FALSE(back);
  CHECK(back.error().code == "pose-time-back");
  CHECK(poses.velocity() == velocity);
  const Body self = walker(1, {9.0 + warned_gap_m(), kRow_m}, {}, hall_time(50));
  for (const double ahead_s : {0.0, 0.5, 3600.0}) {
    const Body other = walker(2, {9.0, kRow_m}, {kWalk_mps, 0}, hall_time(50.0 + ahead_s));
    CHECK(reach_m(other, hall_time(50)) == 0.0);
    CHECK(view_pair(self, {&other}, {}, sample_hall(), hall_time(50)).concern.level == Level::warn);
  }
}

TEST_CASE("scene: numbers that are none are refused before they can be somebody's place") {
  PoseHistory poses;
  REQUIRE(poses.add(hall_time(1), pose_at<Hall>({9, kRow_m}, kHead_m, 0.0)));
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  for (const HallPoint at : {HallPoint{kNaN, kRow_m}, HallPoint{9, kNaN}, HallPoint{std::numeric_limits<double>::infinity(), kRow_m}}) {
    const auto added = poses.add(hall_time(1.1), pose_at<Hall>(at, kHead_m, 0.0));
    REQUIRE_FALSE(added);
    CHECK(added.error().code == "pose-not-finite");
  }
  const auto turned = poses.add(hall_time(1.1), pose_at<Hall>({9, kRow_m}, kHead_m, kNaN));
  REQUIRE_FALSE(turned);
  CHECK(floor_point(poses.newest()) == HallPoint{9, kRow_m});
  CHECK(poses.velocity() == HallVec{});
}
