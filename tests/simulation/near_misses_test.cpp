// What the hall keeps of near misses beside the truth of the rehearsal: people who stray and run, seen by tracking that
// errs as in the walker model.

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "showcontrol/rehearsal/invitations.h"
#include "tests/simulation/simulated.h"
#include "ticketing/store/near_miss_log.h"

using namespace promenade;
using namespace promenade::simulation;
using namespace promenade::rehearsal;

namespace {

// Two headsets' errors (σ 0.05 m each, drift up to 0.10 m), and a step of both between two bundles.
constexpr double kPlaceWithin_m = 0.40, kGapWithin_m = 0.55;
constexpr double kKeptFor_s = 5.0;

// Where everybody under a headset really is, for the last seconds.
class Truth {
 public:
  void look(const House& house, double now_s) {
    auto& now = at_[std::llround(now_s * 1000.0)];
    for (const auto& one : house.visitors()) {
      if (one->headset() != nullptr && one->wears()) now[one->headset()->id().value()] = one->position();
    }
    for (; seen_ < house.world().near_misses().size(); ++seen_) {
      const Episode& episode = house.world().near_misses()[seen_];
      const auto is_blind = [&](std::uint32_t number) {
        return number == 0 || std::ranges::any_of(house.visitors(), [&](const auto& one) { return one->plan().number == number && one->blind(); });
      };
      if (is_blind(episode.a) && is_blind(episode.b)) (episode.a == 0 || episode.b == 0 ? walls : pairs).push_back(seen_);
    }
  }
  const HallPoint* find(std::int64_t at_ms, int headset) const {
    auto found = at_.lower_bound(at_ms);
    if (found == at_.end()) return nullptr;
    if (found != at_.begin() && at_ms - std::prev(found)->first < found->first - at_ms) --found;
    const auto who = found->second.find(static_cast<std::uint16_t>(headset));
    return who == found->second.end() ? nullptr : &who->second;
  }
  std::vector<std::size_t> pairs, walls;  // of the world's near misses, those of people under headsets

 private:
  std::map<std::int64_t, std::map<std::uint16_t, HallPoint>> at_;
  std::size_t seen_ = 0;
};

}  // namespace

TEST_CASE("Near misses kept by the hall are those that happened, within what tracking errs", "[simulation]") {
  std::size_t kept_pairs = 0, kept_walls = 0, true_pairs = 0, true_walls = 0, clear_truths = 0, missed = 0;
  for (const std::uint64_t seed : seeds(1, 2)) {
    DayOptions options = sample_day(1.0);
    options.seed = seed;
    options.busy = BusyRun{1500.0, 0, 0, 4.0, 0.0};
    set_faults(options, Faults::heavy);
    options.faults.kill_every_s = 0.0;            // an episode that is open when the hall dies is lost with it
    options.habits.headset.tracking.faults = false;  // errors and drift stay
    hurry(options.habits, options.venue, *options.busy);
    const PrivateFolder folder;
    options.near_misses_path = folder.path() + "/near-misses.sqlite";
    const std::int64_t opens_ms = options.opens.time_since_epoch().count();
    const tracking::Venue venue = options.venue;
    Truth truth;
    std::vector<Episode> happened;
    const DayResult day = run(std::move(options), [&](const House& house, const hall::Hall*, double now_s) {
      truth.look(house, now_s);
      happened = house.world().near_misses();
    });
    REQUIRE(day.problem.empty());
    const auto reader = ticketing::store::NearMissReader::open(folder.path() + "/near-misses.sqlite");
    REQUIRE(reader);
    const auto kept = reader->read(0, std::numeric_limits<std::int64_t>::max());
    REQUIRE(kept);
    for (const auto& one : *kept) {
      INFO("seed " << seed << " number " << one.number << " " << one.kind << " at " << (one.nearest_ms - opens_ms) / 1000.0 << " s, " << one.gap_m << " m");
      std::vector<HallPoint> really;
      for (const auto& who : one.people) {
        const HallPoint* at = truth.find(one.nearest_ms - opens_ms, who.headset);
        REQUIRE(at != nullptr);
        CHECK(tracking::distance(*at, HallPoint{who.x_m, who.y_m}) < kPlaceWithin_m);
        really.push_back(*at);
      }
      const double gap_m = really.size() > 1 ? tracking::distance(really[0], really[1]) : venue.clearance_m(really[0]);
      CHECK(std::abs(gap_m - one.gap_m) < kGapWithin_m);
      if (one.kind == "near_miss") ++kept_pairs;
      if (one.kind == "wall_near_miss") ++kept_walls;
    }
    // And what happened so clearly that no error of tracking hides it was kept.
    for (const auto* list : {&truth.pairs, &truth.walls}) {
      const bool wall = list == &truth.walls;
      (wall ? true_walls : true_pairs) += list->size();
      for (const std::size_t index : *list) {
        const Episode& episode = happened[index];
        if (episode.least_m > (wall ? 0.25 : 0.65)) continue;
        ++clear_truths;
        const bool found = std::ranges::any_of(*kept, [&](const auto& one) {
          const double begin_s = static_cast<double>(one.begin_ms - opens_ms) / 1000.0;
          return one.kind.starts_with("wall") == wall && std::abs(begin_s - episode.begin_s) < kKeptFor_s &&
                 tracking::distance(HallPoint{one.people.front().x_m, one.people.front().y_m}, episode.where) < 2.0;
        });
        INFO("seed " << seed << " happened at " << episode.begin_s << " s, " << episode.least_m << " m: " << (wall ? "wall" : "viewers"));
        CHECK(found);
        missed += found ? 0 : 1;
      }
    }
  }
  // As many, too, but for those on either side of the edge.
  CAPTURE(kept_pairs, true_pairs, kept_walls, true_walls, clear_truths, missed);
  CHECK(kept_pairs + kept_walls >= 5);
  CHECK(kept_pairs + kept_walls <= 2 * (true_pairs + true_walls) + 3);
  CHECK(true_pairs + true_walls <= 2 * (kept_pairs + kept_walls) + 3);
}
