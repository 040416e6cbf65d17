// Two primaries in a partition, thousands of times; and the proof that each rule is needed: without it the same runs fail.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/succession/partition.h"

using namespace promenade;
using namespace promenade::succession_test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 200, kSeedsToFail = 100;  // ten times as slow, and what sanitizers look for is in every run
#else
constexpr std::uint64_t kSeeds = 3'000, kSeedsToFail = 600;
#endif

std::string text_of(std::uint64_t seed, const Outcome& outcome) {
  std::string text = "seed " + std::to_string(seed) + "\n";
  for (const std::string& fault : outcome.faults) text += fault + "\n";
  return text;
}

struct Failing {
  std::size_t seeds = 0;    // that find that something does not hold
  std::size_t viewers = 0;  // of them, in which it comes to a viewer: a place given twice, or a gate passed that nobody opened
  std::string first;        // of the latter, else of all
};

Failing failing(succession::Rules rules) {
  Failing found;
  for (std::uint64_t seed = 1; seed <= kSeedsToFail; ++seed) {
    const Outcome outcome = run_partition(seed, rules);
    if (outcome.faults.empty()) continue;
    const bool viewer = std::ranges::any_of(outcome.faults, [](const std::string& fault) { return fault.contains("viewer"); });
    if (found.seeds++ == 0 || (viewer && found.viewers == 0)) found.first = text_of(seed, outcome);
    found.viewers += viewer ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("Whatever is lost, cut off and killed: one epoch for each headset, one viewer for each place, no gate without authority") {
  Outcome all;
  std::uint64_t settled = 0, with_two = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Outcome one = run_partition(seed);
    INFO(text_of(seed, one));
    REQUIRE(one.faults.empty());
    REQUIRE(one.settled);
    ++settled;
    with_two += one.two_leading > 0 ? 1 : 0;
    all.gates += one.gates;
    all.take_overs += one.take_overs;
    all.kills += one.kills;
    all.cuts += one.cuts;
    all.taken_back += one.taken_back;
    all.longest_without_s = std::max(all.longest_without_s, one.longest_without_s);
  }
  WARN("gates " << all.gates << ", take-overs " << all.take_overs << ", kills " << all.kills << ", cuts " << all.cuts << ", taken back " << all.taken_back
                << ", runs with two that took themselves for the leader " << with_two << ", longest without authority while both hear each other "
                << all.longest_without_s << " s");
  // What the runs are for has happened in them.
  CHECK(all.gates > 5 * kSeeds);
  CHECK(all.take_overs > kSeeds / 2);
  CHECK(with_two > kSeeds / 20);
  CHECK(all.taken_back > kSeeds / 20);
}

TEST_CASE("A seed gives the same run again") {
  const Outcome one = run_partition(17), two = run_partition(17);
  CHECK(one.gates == two.gates);
  CHECK(one.cuts == two.cuts);
  CHECK(one.two_leading == two.two_leading);
}

TEST_CASE("Without any one of its rules the pair fails in these runs") {
  succession::Rules rules;
  SECTION("authority that does not end with the lease") { rules.lease_ends = false; }
  SECTION("records told before the other one has them") { rules.records_at_both = false; }
  SECTION("leading before the other one has been heard") { rules.new_run_waits = false; }
  SECTION("a take-over under the same epoch") { rules.epochs_rise = false; }
  const Failing found = failing(rules);
  INFO(found.seeds << " of " << kSeedsToFail << " seeds, " << found.viewers << " with a viewer; the first: " << found.first);
  CHECK(found.seeds > 0);
  CHECK(found.viewers > 0);
  WARN(found.seeds << " of " << kSeedsToFail << " seeds, " << found.viewers << " with a viewer; the first: " << found.first);
}
