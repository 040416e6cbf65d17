// The measure's own parts on tracks made by hand: what is read, what counts as a contact, a lead and a false alarm.

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>

#include "tests/bench/safety_replay_film.h"
#include "tests/bench/safety_replay_score.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::bench;
using Catch::Approx;

namespace {

// Straight from `from`, at a velocity, for so long.
std::vector<HallPoint> straight(HallPoint from, HallVec velocity, double seconds) {
  std::vector<HallPoint> at;
  for (std::size_t i = 0; i <= samples_in(seconds); ++i) at.push_back(from + velocity * (static_cast<double>(i) / kReplayRate_hz));
  return at;
}

std::vector<std::uint8_t> on_between(std::size_t size, std::size_t begin, std::size_t end) {
  std::vector<std::uint8_t> alarm(size, 0);
  std::fill(alarm.begin() + static_cast<std::ptrdiff_t>(begin), alarm.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{1});
  return alarm;
}

}  // namespace

TEST_CASE("samples at uneven times become thirty a second") {
  const auto at = resampled({{0, 0}, {1, 0}, {1, 2}}, {9.0, 0.5, 1.0});  // the first interval is before the walk
  REQUIRE(at.size() == 45);
  CHECK(at[0] == HallPoint{0, 0});
  CHECK(at[6].x == Approx(0.4));
  CHECK(at[30].x == Approx(1.0));
  CHECK(at[30].y == Approx(1.0));
}

TEST_CASE("a walk has the velocity that a pose history reckons") {
  const Walk walk = walk_of(straight({1, 2}, {0.6, -0.3}, 1.0));
  CHECK(walk.velocity[0] == HallVec{});
  CHECK(walk.velocity[20].x == Approx(0.6).epsilon(1e-3));
  CHECK(walk.velocity[20].y == Approx(-0.3).epsilon(1e-3));
}

TEST_CASE("walks are read from their folders, and what is wrong is said") {
  const package::testing::TemporaryFolder folder;
  const std::filesystem::path root = folder.path();
  REQUIRE_FALSE(read_walks(root / "nowhere"));
  CHECK(read_walks(root / "nowhere").error().code == "walks-missing");
  CHECK(read_walks(root).error().code == "walks-missing");
  const auto way = root / "searching" / "user4" / "2";
  std::filesystem::create_directories(way);
  std::ofstream(way / "user_virtual_positions.csv") << "0, 0\n0.5, 0\n1.0, 0.25\n";
  std::ofstream(way / "sampling_intervals.csv") << "0.04\n0.5\n0.5\n";
  const auto walks = read_walks(root);
  REQUIRE(walks);
  REQUIRE(walks->size() == 1);
  CHECK(walks->front().task == "searching");
  CHECK(walks->front().user == 4);
  CHECK(walks->front().way == 2);
  CHECK(walks->front().at.size() == 30);
  std::ofstream(way / "sampling_intervals.csv") << "0.04\n0.5\n";
  CHECK(read_walks(root).error().code == "walks-unreadable");
  std::ofstream(way / "sampling_intervals.csv") << "0.04\n0.5\nsoon\n";
  CHECK(read_walks(root).error().code == "walks-unreadable");
}

TEST_CASE("windows keep the margin, turned and shifted, and keep their shape") {
  const Walk walk = walk_of(straight({100, 50}, {0.4, 0.1}, 40.0));
  const std::vector<Walk> walks{walk};
  const WindowSource source(walks, 30.0, {});
  base::Random random(3);
  for (int i = 0; i < 50; ++i) {
    const Window window = source.draw(random);
    REQUIRE(window.size() == samples_in(30.0) + 1);
    for (const std::size_t k : {std::size_t{0}, window.size() / 2, window.size() - 1}) {
      const HallPoint p = window.at(k);
      CHECK((p.x >= 0.5 - 1e-9 && p.x <= 27.5 + 1e-9 && p.y >= 0.5 - 1e-9 && p.y <= 14.5 + 1e-9));
    }
    CHECK(distance(window.at(0), window.at(window.size() - 1)) == Approx(30.0 * std::hypot(0.4, 0.1)));
    CHECK(length(window.velocity(window.size() - 1)) == Approx(std::hypot(0.4, 0.1)).epsilon(1e-3));
  }
}

TEST_CASE("a contact is an entry, armed again further out") {
  const std::vector<double> gap{1.0, 0.6, 0.8, 0.6, 1.0, 0.6};
  CHECK(contacts_of(gap, 0.7, 0.9, 0) == std::vector<std::size_t>{1, 5});
  CHECK(contacts_of(gap, 0.7, 0.9, 2) == std::vector<std::size_t>{5});
  CHECK(contacts_of(gap, 0.7, 1.5, 0) == std::vector<std::size_t>{1});
}

TEST_CASE("leads and false alarms") {
  std::vector<double> gap(300, 3.0);
  std::fill(gap.begin() + 150, gap.begin() + 160, 0.5);
  AlarmScore good;
  good.add(gap, on_between(300, 105, 170));
  CHECK(good.contacts() == 1);
  CHECK(good.share_with_lead(1.5) == 1.0);
  CHECK(good.share_with_lead(1.6) == 0.0);
  CHECK(good.false_alarms() == 0);

  AlarmScore broken;  // a gap of more than half a second begins the lead anew
  auto alarm = on_between(300, 90, 120);
  std::fill(alarm.begin() + 140, alarm.begin() + 160, std::uint8_t{1});
  broken.add(gap, alarm);
  CHECK(broken.share_with_lead(0.3) == 1.0);
  CHECK(broken.share_with_lead(0.4) == 0.0);
  CHECK(broken.false_alarms() == 0);  // the first is within 2 s of the contact

  AlarmScore false_one;
  false_one.add(gap, on_between(300, 10, 40));
  CHECK(false_one.false_alarms() == 1);
  CHECK(false_one.share_with_lead(0.1) == 0.0);
  CHECK(false_one.false_per_contact() == 1.0);
}

TEST_CASE("the baseline sees a meeting two seconds ahead, and a pass at 1.3 m not at all") {
  CHECK(baseline_alarm({1.1 + 1.4 * 1.9, 0}, {-1.4, 0}));
  CHECK_FALSE(baseline_alarm({1.1 + 1.4 * 2.1, 0}, {-1.4, 0}));
  CHECK_FALSE(baseline_alarm({2.0, 1.3}, {-1.4, 0}));
  CHECK(baseline_alarm({1.19, 0}, {1, 0}));
  CHECK_FALSE(baseline_alarm({1.21, 0}, {1, 0}));
}

TEST_CASE("a viewer's place in another's film is found from his walk so far, at his own pace and round a corner") {
  auto film_at = straight({0, 0}, {0.8, 0}, 10.0);
  for (const HallPoint p : straight(film_at.back(), {0, 0.8}, 10.0)) film_at.push_back(p);
  auto viewer_at = straight({0, 0.2}, {0.5, 0}, 16.0);
  for (const HallPoint p : straight(viewer_at.back(), {0, 0.5}, 14.0)) viewer_at.push_back(p);
  const FilmPath film = film_of(walk_of(film_at));
  const Walk viewer = walk_of(viewer_at);
  const auto arcs = arcs_along(film, viewer);
  CHECK(arcs[samples_in(8)] == Approx(4.0).margin(0.35));
  CHECK(arcs[samples_in(24)] == Approx(12.0).margin(0.8));
  // Half a second before the corner the film turns him already, where his velocity does not.
  const auto ahead = aheads_along(film, viewer)[samples_in(15.5)];
  CHECK(ahead.in_2s.y - ahead.now.y > 0.3);
}

TEST_CASE("viewings pair people of the same way only") {
  Walk first = walk_of(straight({0, 0}, {0.7, 0}, 30.0));
  Walk second = walk_of(straight({0, 0.3}, {0.6, 0}, 35.0));
  Walk elsewhere = walk_of(straight({0, 0}, {0, 0.7}, 30.0));
  first.user = 0;
  second.user = 2;
  elsewhere.user = 4;
  const std::vector<Walk> walks{first, second, elsewhere};
  const auto viewings = viewings_of(walks);
  REQUIRE(viewings.size() == 2);
  CHECK(viewings[0].film->user != viewings[0].viewer->user);
  CHECK(viewings[0].ahead.size() == viewings[0].viewer->at.size());
}
