// The simulation behind bench safety-hours: the same seed gives the same figures, and its encounters are such.

#include <catch2/catch_test_macros.hpp>

#include "tests/bench/safety_encounter.h"
#include "tests/bench/safety_setting.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::bench::safety;

namespace {

package::Route square_route() {
  package::Route route;
  route.walk_speed_mps = 0.6;
  route.hold_total_max_s = 180.0;
  route.scenes = {{"a", {0.0, 0.0}, 0.6, 10.0, 20.0}, {"b", {3.0, 0.0}, 0.6, 10.0, 20.0}, {"c", {3.0, 3.0}, 0.6, 10.0, 20.0}};
  return route;
}

Setting sample_setting() {
  const auto venue = tracking::load_venue(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  REQUIRE(venue);
  return make_setting(*venue, {square_route()}, 1.5, 0.14);
}

}  // namespace

TEST_CASE("a hall's figures depend on its seed only, and people walk in it") {
  const Setting setting = sample_setting();
  const HallFigures one = run_hall(setting, 0.05, 7);
  const HallFigures same = run_hall(setting, 0.05, 7);
  const HallFigures other = run_hall(setting, 0.05, 8);
  CHECK(one.plays > 0);
  CHECK(one.viewer_s > 180.0);
  CHECK(one.viewer_s == same.viewer_s);
  CHECK(one.of(tracking::Level::warn).all() == same.of(tracking::Level::warn).all());
  CHECK(one.leads_s == same.leads_s);
  CHECK(one.viewer_s != other.viewer_s);
}

TEST_CASE("without obedience an encounter ends in contact; with it hardly ever, and somebody was warned") {
  const Setting setting = sample_setting();
  MeetingFigures deaf, obeying;
  for (std::uint64_t i = 0; i < 100; ++i) {
    run_meeting(setting, Meeting::both_ignore, 3, i, deaf);
    run_meeting(setting, Meeting::obeying, 3, i, obeying);
  }
  CHECK(deaf.count > 90);
  CHECK(deaf.contacts * 10 >= deaf.count * 9);
  CHECK(obeying.contacts * 5 < obeying.count);
  CHECK(obeying.unwarned == 0);
}

TEST_CASE("limits at a smaller separation are those that it allows") {
  const Setting setting = sample_setting();
  CHECK(tracking::check_limits(setting.venue.safety, 1.5, setting.venue.wall_margin_m, "venue.toml", "safety").empty());
  CHECK(setting.venue.safety.stranger.warn_m <= 1.2);
}
