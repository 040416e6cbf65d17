// Ledgers that were written before a rule changed replay to the reports that they were closed with.
#include <catch2/catch_test_macros.hpp>

#include <fstream>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {

// A day of three viewers whom the door let in and the hall bound, closed, and corrected after the venue's rules had changed.
LedgerState first_reckoning() {
  LedgerState state(kVenue);
  std::ifstream file(std::string(PROMENADE_SOURCE_DIR) + "/tests/ticketing_core/golden/ledger_of_first_reckoning.hex");
  for (std::string line; std::getline(file, line);) {
    const auto stored = base::from_hex(line).value();
    const Event event = decode_event(stored, kVenue).value();
    const auto applied = state.apply(event);
    if (!applied) FAIL(applied.error().text());
  }
  return state;
}

}  // namespace

TEST_CASE("a ledger of the first reckoning replays to the reports it was closed with") {
  const LedgerState state = first_reckoning();
  CHECK(state.head().seq == 23);
  CHECK(matches_golden("report_of_first_reckoning.json", report_json_text(*state.report(kDay, 1)) + report_json_text(*state.report(kDay, 2))));
}
