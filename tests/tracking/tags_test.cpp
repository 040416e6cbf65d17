#include "tracking/tags.h"

#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "tests/tracking/sample_hall.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
using base::hall_time;
using Catch::Approx;

namespace {

const Transform<Hall, Stage> kTruth{0.8, {2.0, -3.0}, 0.0, false};

TagSighting seen(int id, HallPoint at, double height = 0.0) { return {id, inverse(kTruth) * pose_at(at, height, 0.0)}; }
Pose<Stage> head_at(HallPoint at, double height = 1.6) { return inverse(kTruth) * pose_at(at, height, 0.0); }
HallPoint off(const Tag& tag, double x, double y) { return tag.at + HallVec{x, y}; }
const Tag& tag(int id) { return *sample_hall().find_tag(id); }

}  // namespace

TEST_CASE("every mark's sheet carries a tag behind its cross") {
  const Venue& hall = sample_hall();
  REQUIRE(hall.tags.size() == 4);
  for (std::size_t i = 0; i < hall.marks.size(); ++i) {
    const MarkPair& pair = hall.marks[i];
    const Tag first = mark_tag(pair, i, false), second = mark_tag(pair, i, true);
    CHECK(first.id == static_cast<int>(2 * i));
    CHECK(second.id == first.id + 1);
    CHECK(distance(first.at, pair.first) == Approx(kTagBehindMark_m));
    CHECK(distance(first.at, second.at) == Approx(distance(pair.first, pair.second)));
    CHECK(distance(first.at, pair.second) == Approx(distance(pair.first, pair.second) + kTagBehindMark_m));
    CHECK(pair.arrow_rad() == Approx(-1.5707963));
  }
}

TEST_CASE("a tag too far, too much from the side or placed at no number is not believed") {
  const Tag& floor = tag(0);
  CHECK(sighting_error_m(floor, head_at(off(floor, 0.5, 0.5)), seen(0, floor.at)));
  CHECK(*sighting_error_m(floor, head_at(off(floor, 1.5, 0.5)), seen(0, floor.at)) > *sighting_error_m(floor, head_at(off(floor, 0.2, 0.2)), seen(0, floor.at)));
  CHECK_FALSE(sighting_error_m(floor, head_at(off(floor, 0.0, 3.5)), seen(0, floor.at)));
  CHECK_FALSE(sighting_error_m(floor, head_at(off(floor, 0.0, 2.0), 0.3), seen(0, floor.at)));
  TagSighting nowhere = seen(0, floor.at);
  nowhere.tag.position.x = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(sighting_error_m(floor, head_at(off(floor, 0.5, 0.5)), nowhere));
}

TEST_CASE("one sighting says nothing; two that agree give the offset") {
  TagWatch watch;
  const auto head = head_at(off(tag(0), 0.6, 0.4));
  const auto look = [&](std::vector<TagSighting> all, double at) { return watch.offset(sample_hall(), kTruth, head, all, hall_time(at)); };
  CHECK_FALSE(look({seen(0, off(tag(0), 0.11, 0.0))}, 10.0));
  CHECK_FALSE(look({seen(0, off(tag(0), 0.11, 0.0))}, 10.1));  // the same glance
  const auto found = look({seen(0, off(tag(0), 0.13, 0.0))}, 10.4);
  REQUIRE(found);
  CHECK(*found == Approx(0.12).margin(0.015));
  CHECK_FALSE(look({}, 10.5));
  CHECK_FALSE(look({seen(77, {9.0, 1.6})}, 10.6));                            // no tag of this hall
  CHECK_FALSE(look({seen(0, off(tag(0), 0.11, 0.0), 0.9)}, 10.7));             // a sheet in somebody's hand
  CHECK_FALSE(look({seen(0, off(tag(0), 0.11, 0.0))}, 60.0));                  // the others are history
}

TEST_CASE("a sighting that contradicts the others is left out, and where nothing agrees nothing is said") {
  TagWatch watch;
  const auto head = head_at(off(tag(0), 0.6, 0.4));
  const auto look = [&](HallPoint at, double t) { return watch.offset(sample_hall(), kTruth, head, std::array{seen(0, at)}, hall_time(t)); };
  look(off(tag(0), 0.02, 0.0), 1.0);
  look(off(tag(0), 0.02, 0.01), 1.3);
  const auto one_wild = look(off(tag(0), 0.9, 0.9), 1.5);
  REQUIRE(one_wild);
  CHECK(*one_wild < 0.05);
  TagWatch torn;
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(torn.offset(sample_hall(), kTruth, head, std::array{seen(0, off(tag(0), 0.4 * i, 0.0))}, hall_time(1.0 + 0.3 * i)));
  }
}

TEST_CASE("the offset found is the offset there is, whatever it is and however sightings err by centimetres") {
  CHECK(holds("tags measure the slide of the stage", [] {
    const HallVec slide{*within(-0.3, 0.3), *within(-0.3, 0.3)};
    TagWatch watch;
    std::optional<double> found;
    for (int i = 0; i < 6; ++i) {
      const HallVec err{*within(-0.015, 0.015), *within(-0.015, 0.015)};
      found = watch.offset(sample_hall(), kTruth, head_at(off(tag(1), 0.5, 0.5)), std::array{seen(1, tag(1).at + slide + err)}, hall_time(5.0 + 0.25 * i));
    }
    RC_ASSERT(found.has_value());
    RC_ASSERT(std::abs(*found - length(slide)) < 0.025);
  }));
}

TEST_CASE("a place out of nothing wants two tags, far apart, each seen often") {
  TagWatch watch;
  const auto look = [&](int id, double at) {
    return watch.locate(sample_hall(), head_at(off(tag(id), 0.5, 0.5)), std::array{seen(id, tag(id).at)}, hall_time(at));
  };
  for (int i = 0; i < 4; ++i) CHECK_FALSE(look(1, 1.0 + i)->has_value());
  for (int i = 0; i < 4; ++i) CHECK_FALSE(look(2, 6.0 + i)->has_value());  // M1.second and M2.first are 1.2 m apart
  CHECK_FALSE(look(3, 11.0)->has_value());
  CHECK_FALSE(look(3, 11.1)->has_value());
  const auto found = look(3, 11.2);
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK((*found)->residual_m < 1e-9);
  CHECK(std::abs(wrap_angle((*found)->hall_from_stage.yaw - kTruth.yaw)) < 1e-9);
}

TEST_CASE("a sheet that lies elsewhere gives a residual and no place") {
  TagWatch watch;
  base::Result<std::optional<Calibration>> found = std::optional<Calibration>{};
  for (const auto& [id, at] : {std::pair{0, tag(0).at}, std::pair{3, off(tag(3), 0.6, 0.0)}}) {
    for (int i = 0; i < 3; ++i) found = watch.locate(sample_hall(), head_at(at + HallVec{0.5, 0.5}), std::array{seen(id, at)}, hall_time(10.0 * id + i));
  }
  REQUIRE_FALSE(found);
  CHECK(found.error().code == "calibration-residual");
}
