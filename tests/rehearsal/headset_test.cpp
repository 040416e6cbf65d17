#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "showcontrol/rehearsal/headset.h"
#include "showcontrol/rehearsal/virtual_network.h"
#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

constexpr const char* kVenue = PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml";

std::string venue_text() {
  std::ifstream file(kVenue, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("A headset with a clock and a stage of its own finds its place by two marks, to a few centimetres") {
  const tracking::Venue venue = *tracking::load_venue(kVenue);
  double worst_m = 0.0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    HeadsetHabits habits;
    habits.tracking.faults = false;
    SimulatedHeadset headset(base::HeadsetId(1), std::make_shared<const client::FilmShelf>(), habits, base::Random(seed));
    NetworkHabits quiet;
    quiet.loss = 0.0;
    quiet.outage_every_s = 0.0;
    VirtualNetwork network({&headset}, quiet, base::Random(seed));
    server::HallMemory memory;
    hall::HallConfig config;
    config.venue = venue;
    config.venue_toml = venue_text();
    config.films = std::make_shared<const std::vector<hall::Film>>();
    config.start = hall_time_at(0.0);
    server::InlineHall hall(std::move(config), memory, {});
    network.set_hall(&hall, 0.0);
    const HallPoint at{14.0, 6.0};
    std::optional<protocol::HeadsetState> told;
    for (int k = 0; k < 200; ++k) {
      const double now = 0.1 * k;
      network.run(now);
      if (k == 50) headset.touch_mark("M1.first", venue.marks[0].first, venue.marks[0].arrow_rad(), now);
      if (k == 80) headset.touch_mark("M1.second", venue.marks[0].second, venue.marks[0].arrow_rad(), now);
      headset.step(now, {at, 1.6, 0.3, true});
      network.collect_from_endpoints(now);
      network.run(now + 0.04);
      hall.tick(hall_time_at(now + 0.04));
      network.collect_from_hall(now + 0.04);
    }
    headset.link_up(20.0);
    headset.step(20.1, {at, 1.6, 0.3, true});
    for (const protocol::Message& message : headset.take_outgoing()) {
      if (const auto* state = std::get_if<protocol::HeadsetState>(&message)) told = *state;
    }
    REQUIRE(told);
    CHECK(told->calibration.known);
    REQUIRE_FALSE(told->samples.empty());
    worst_m = std::max(worst_m, tracking::distance(tracking::floor_point(told->samples.back().pose), at));
  }
  CHECK(worst_m < 0.2);
  CHECK(worst_m > 0.0);
}

TEST_CASE("A dead headset is silent and wants no link") {
  SimulatedHeadset headset(base::HeadsetId(1), std::make_shared<const client::FilmShelf>(), {}, base::Random(1));
  headset.link_up(0.0);
  headset.step(0.1, {});
  CHECK_FALSE(headset.take_outgoing().empty());
  headset.kill();
  headset.step(0.2, {});
  CHECK(headset.take_outgoing().empty());
  CHECK_FALSE(headset.wants_link());
}
