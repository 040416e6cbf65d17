// Groups and a class in a day: people with each his own pace and wander, led each to his own place. Nobody of a group touches
// another of it, hands that hold each other excepted, and strangers keep their distance to every member.

#include <algorithm>
#include <map>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/crew.h"
#include "tests/simulation/simulated.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::simulation;

namespace {

rehearsal::DayOptions day_of_groups(std::uint64_t seed) {
  rehearsal::DayOptions options = sample_day(long_form() ? 0.0 : 2.0);
  options.seed = seed;
  options.hours = long_form() ? 6.0 : 1.0;
  options.visits = long_form() ? 240 : 36;
  options.last_arrival_before_end_s = 900.0;
  options.groups_share = 0.7;
  set_faults(options, rehearsal::Faults::usual);
  options.faults.kill_every_s = 0.0;
  options.habits.walker.stray_per_play = options.habits.walker.run_per_play = 0.0;
  return options;
}

int contacts_of_viewers(const rehearsal::DayResult& day) {
  return static_cast<int>(std::ranges::count_if(day.meetings, [](const rehearsal::Meeting& one) {
    return one.kind == "contact" && one.episode.a < rehearsal::Crew::kFirstNumber && one.episode.b < rehearsal::Crew::kFirstNumber;
  }));
}

}  // namespace

TEST_CASE("Groups of friends and families walk their films without touching each other or anybody else") {
  std::size_t in_groups = 0;
  for (const std::uint64_t seed : seeds(1, long_form() ? 12 : 2)) {
    INFO("seed " << seed);
    std::set<std::uint32_t> shared;
    std::map<std::uint32_t, std::string> who;
    const rehearsal::DayResult day = run(day_of_groups(seed), [&](const rehearsal::House& house, const hall::Hall*, double) {
      for (const auto& visitor : house.visitors()) {
        const rehearsal::VisitorPlan& plan = visitor->plan();
        if (!who.contains(plan.number)) who[plan.number] = base::formatted("party {} of {}, pair {}, child {}, {:.2f} m", plan.party, plan.people, plan.pair, plan.child, visitor->walker().standing_height_m());
        if (visitor->in_film() && visitor->headset() != nullptr && visitor->headset()->view().play && visitor->plan().people > 2) shared.insert(visitor->plan().number);
      }
    });
    in_groups += shared.size();
    check_day(day, 2700.0);
    for (const rehearsal::Meeting& one : day.meetings) {
      const rehearsal::Episode& episode = one.episode;
      if (one.kind != "contact" || episode.a >= rehearsal::Crew::kFirstNumber || episode.b >= rehearsal::Crew::kFirstNumber) continue;
      FAIL_CHECK(episode.a << " (" << who[episode.a] << ") and " << episode.b << " (" << who[episode.b] << "): " << one.what);
    }
  }
  CHECK(in_groups > 10);
}

TEST_CASE("A class comes, is split into groups that start in turn, and sees its film") {
  for (const std::uint64_t seed : seeds(1, long_form() ? 4 : 1)) {
    INFO("seed " << seed);
    rehearsal::DayOptions options = day_of_groups(seed);
    options.groups_share = 0.0;
    options.visits = 6;
    options.class_people = long_form() ? 40 : 20;
    options.hours = long_form() ? 3.0 : 1.5;
    bool told = false;
    const rehearsal::DayResult day = run(std::move(options), [&](const rehearsal::House&, const hall::Hall* hall, double now_s) {
      if (hall != nullptr && !told) told = !hall->summary(base::hall_time(now_s)).classes.empty();
    });
    CHECK(told);
    check_day(day, 3600.0);
    CHECK(contacts_of_viewers(day) == 0);
  }
}
