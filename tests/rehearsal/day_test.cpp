// A small day: everybody comes and goes, and the same seed gives the same ledger.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_report.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

DayResult small_day(std::uint64_t seed, Faults faults) {
  DayFiles files{PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml", PROMENADE_BINARY_DIR "/films",
                 PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/boxoffice.toml", 1.0};
  auto options = load_day(files);
  INFO((options ? std::string() : options.error().text()));
  REQUIRE(options);
  const PrivateFolder folder;
  options->ledger_path = folder.path() + "/ledger.sqlite";
  options->seed = seed;
  options->visits = 12;
  options->hours = 0.5;
  options->last_arrival_before_end_s = 900.0;
  set_faults(*options, faults);
  auto day = run_day(std::move(*options));
  REQUIRE(day);
  return std::move(*day);
}

}  // namespace

TEST_CASE("A small day without faults: everybody watches his film and leaves; the counts agree") {
  const DayResult day = small_day(1, Faults::none);
  INFO(day_text(day, {}, 1.0));
  CHECK(day.finished);
  CHECK(day.closed);
  CHECK(day.chain_ok);
  CHECK(day.rebuilt_identical);
  CHECK(day.undecodable == 0);
  CHECK(day.refused_facts == 0);
  CHECK(day.tally.gates_passed > 12);
  CHECK(day.tally.gates_passed_without_authority == 0);
  CHECK(day.hall.plays_started == day.tally.started);
  CHECK(day.report.totals.redeemed == static_cast<int>(day.tally.bound));
  CHECK(day.tally.bodies == day.tally.left);
  CHECK(day.contacts == 0);
}

TEST_CASE("A busy hall over ENet and the secure link: everybody watches his film and leaves") {
  DayFiles files{PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml", PROMENADE_BINARY_DIR "/films",
                 PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/boxoffice.toml", 1.0};
  auto options = load_day(files);
  REQUIRE(options);
  const PrivateFolder folder;
  options->ledger_path = folder.path() + "/ledger.sqlite";
  options->datagrams = true;
  options->busy = BusyRun{30.0, 4, 0, 4.0, 0.0};
  hurry(options->habits, options->venue, *options->busy);
  set_faults(*options, Faults::none);
  const auto day = run_day(std::move(*options));
  REQUIRE(day);
  INFO(day_text(*day, files, 1.0));
  CHECK(day->finished);
  CHECK(day->chain_ok);
  CHECK(day->undecodable == 0);
  CHECK(day->hall.plays_started == 4);
  CHECK(day->tally.gates_passed_without_authority == 0);
  CHECK(day->contacts == 0);
}

TEST_CASE("The same seed gives the same export, another seed another") {
  const DayResult one = small_day(5, Faults::usual);
  const DayResult again = small_day(5, Faults::usual);
  const DayResult other = small_day(6, Faults::usual);
  CHECK(one.exported == again.exported);
  CHECK(one.export_hash == again.export_hash);
  CHECK(one.exported != other.exported);
}

TEST_CASE("Quantiles of nothing and of something") {
  CHECK(quantile_of({}, 0.5) == 0.0);
  CHECK(quantile_of({3.0, 1.0, 2.0}, 0.5) == 2.0);
  CHECK(quantile_of({3.0, 1.0, 2.0}, 1.0) == 3.0);
}
