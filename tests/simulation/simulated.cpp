#include "tests/simulation/simulated.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "ticketing/core/event.h"

namespace promenade::simulation {

using namespace rehearsal;

bool long_form() {
  const char* value = std::getenv("PROMENADE_LONG");
  return value != nullptr && std::string_view(value) == "1";
}

namespace {

const char* only_seed() { return std::getenv("PROMENADE_SEED"); }

}  // namespace

std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t last) {
  if (only_seed()) return {std::strtoull(only_seed(), nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = first; seed <= last; ++seed) all.push_back(seed);
  return all;
}

DayOptions sample_day(double film_scale) {
  DayFiles files{PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml", PROMENADE_BINARY_DIR "/films",
                 PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/boxoffice.toml", film_scale};
  auto options = load_day(files);
  INFO((options ? std::string() : options.error().text()));
  REQUIRE(options);
  return std::move(*options);
}

DayResult run(DayOptions options, const DayWatch& watch) {
  const PrivateFolder folder;
  options.ledger_path = folder.path() + "/ledger.sqlite";
  if (only_seed()) options.story = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  auto day = run_day(std::move(options), watch);
  INFO((day ? std::string() : day.error().text()));
  REQUIRE(day);
  if (only_seed()) std::fprintf(stderr, "%s\n", day_text(*day, {}, 1.0).c_str());
  return std::move(*day);
}

namespace {

// Starts and ends by play code, as the exported ledger has them.
void check_plays_once(const DayResult& day) {
  const auto content = ticketing::read_export(day.exported);
  REQUIRE(content);
  std::map<std::string, int> starts, ends, grants;
  for (const ticketing::Event& event : content->events) {
    if (event.kind == "play_started") ++starts[event.idempotency_key];
    if (event.kind == "play_ended") ++ends[event.idempotency_key];
    if (event.kind == "grant") ++grants[event.idempotency_key];
  }
  for (const auto& [key, count] : starts) CHECK(count == 1);
  for (const auto& [key, count] : grants) CHECK(count == 1);
  for (const auto& [key, count] : ends) {
    CHECK(count == 1);
    CHECK(starts.contains("start-" + key.substr(4)));
  }
  CHECK(starts.size() == ends.size());
  CHECK(starts.size() >= day.hall.plays_started);  // a start that was recorded when the hall was killed is in no count
  CHECK(starts.size() <= grants.size());
}

}  // namespace

void WaysTold::look(const House& house) {
  for (const auto& visitor : house.visitors()) {
    if (visitor->headset() == nullptr) continue;
    const auto& play = visitor->headset()->view().play;
    if (!play || !seen_.insert(play->play).second) continue;
    for (const auto* way : {&play->way_in, &play->way_out}) {
      for (std::size_t i = 1; i < way->size(); ++i) {
        const double at_ends_m = std::min(venue_.clearance_m((*way)[i - 1]), venue_.clearance_m((*way)[i]));
        if (at_ends_m >= venue_.wall_margin_m - 0.02) nearest_m_ = std::min(nearest_m_, venue_.segment_clearance_m((*way)[i - 1], (*way)[i]));
      }
    }
  }
}

namespace {
int explained(const DayResult& day, std::initializer_list<std::string_view> codes) {
  int count = 0;
  for (const ticketing::Discrepancy& one : day.report.discrepancies) {
    if (std::ranges::contains(codes, std::string_view(one.code))) count += one.count;
  }
  return count;
}
}  // namespace

void check_end(const DayResult& day) {
  CHECK(day.finished);
  CHECK(day.closed);
  CHECK(day.problem == "");
  CHECK(day.chain_ok);
  CHECK(day.rebuilt_identical);
  CHECK(day.undecodable == 0);
  CHECK(day.refused_facts == 0);
  CHECK(day.tally.gates_passed > 0);
  CHECK(day.tally.gates_passed_without_authority == 0);
  CHECK(day.hall.commands_without_gate == 0);
  CHECK(day.tally.bodies == day.tally.left);
  REQUIRE_FALSE(day.report.halls.empty());
  REQUIRE(day.report.halls.front().bodies.entered);
  const int bodies = *day.report.halls.front().bodies.entered;
  // Whom an evacuation sent home went in through the door, and is no longer among the redeemed.
  const int sent_home = day.report.totals.evacuated_refunded + day.report.totals.evacuated_rebooked;
  CHECK(std::abs(bodies - day.report.totals.redeemed) <= explained(day, {"door-counter-error", "fewer-bodies", "unticketed-entry", "evacuation-reentry"}) + sent_home);
  CHECK(explained(day, {"plays-exceed-redeemed", "play-without-grant", "film-mismatch"}) == 0);
  // The counter's own error, and those who came in again after an evacuation: where both together are more than what is
  // allowed for them, all of it is told.
  CHECK(explained(day, {"unticketed-entry"}) <= std::max(0, bodies - static_cast<int>(day.tally.bodies)));
}

void check_day(const DayResult& day, double wait_most_s) {
  INFO(day_text(day, {}, 1.0));
  check_end(day);
  check_plays_once(day);
  for (const VisitTimes& visit : day.visits) {
    if (visit.chosen_s >= 0.0 && visit.started_s >= 0.0) CHECK(visit.started_s - visit.chosen_s < wait_most_s);
  }
  // Sold, redeemed, played, bodies: each difference has its explanation in the report.
  const ticketing::Counts& counts = day.report.totals;
  CHECK(counts.redeemed - counts.played <= explained(day, {"play-missing", "play-interrupted", "play-not-watched", "play-open-at-close"}) + counts.refunded);
  CHECK(counts.sold + counts.comps - counts.refunded - counts.redeemed <= explained(day, {"no-show"}));
}

}  // namespace promenade::simulation
