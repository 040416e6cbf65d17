// The interlocking's promise at any pace, also with bodies in the way, overtaking and viewers who are led out: conflicting
// blocks are never occupied at once and everybody finishes. PROMENADE_SEED=n: that one of the drawn halls alone.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <map>

#include "tests/planning/random_hall.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::planning;
using namespace promenade::planning::testing;

namespace {

struct Walker {
  double speed_factor = 1.0;
  double paused_until_s = 0.0;
  double in_place_since_s = -1.0;
  bool stopped = false;  // for good: until he is led out, or all trouble is over
};

std::vector<std::uint64_t> halls_drawn(std::uint64_t count) {
  if (const char* only = std::getenv("PROMENADE_SEED")) return {std::strtoull(only, nullptr, 10)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
  return all;
}

// Steps of one second with walkers from half to twice their speed who stop now and then for up to a minute. New
// plays join meanwhile, some of them by holding others otherwise. With trouble, for the first `kTrouble_s`: bodies come, move
// and go, whoever is held at a gate tries to overtake (afterwards as well), and viewers stop for good and are led out along kept
// ways. After that everybody walks. Returns what went wrong.
class Floorful {
 public:
  using Film = package::Route (*)(base::Random&);
  enum class Trouble { none, all };
  Floorful(const FloorPlan& floor, std::uint64_t seed, Film film = random_route, Trouble trouble = Trouble::none)
      : random_(seed), floor_(floor), film_(film), trouble_(trouble), planner_(floor), interlocking_(floor) {
    breach_ = plan_crowd(planner_, interlocking_, 6, random_, std::nullopt, std::nullopt, film).breach.value_or("");
  }

  std::string run() {
    if (!breach_.empty()) return breach_;
    constexpr int kSteps = 6000;
    for (int step = 0; step < kSteps && !interlocking_.plays().empty(); ++step) {
      now_s_ = step;
      if (trouble_ == Trouble::none) {
        if (step % 40 == 20 && joined_ < 4) join();
        for (const base::PlayId id : interlocking_.plays()) move(id);
      } else {
        step_with_trouble();
      }
      if (const auto violation = interlocking_.violation()) return *violation;
      if (const std::string near = too_near(); !near.empty()) return near;
      if (!breach_.empty()) return breach_;
    }
    return interlocking_.plays().empty() ? "" : "somebody never finished";
  }
  int chosen() const { return chosen_; }  // other ways than the first on offer
  std::size_t held_otherwise() const { return held_otherwise_; }  // plays under way that made room for one who joined
  struct Met {  // how much of the trouble there was
    int shut_by_body = 0, shut_by_way = 0, overtaken = 0, led_out = 0, walked_calmly = 0;
  };
  const Met& met() const { return met_; }

 private:
  static constexpr double kTrouble_s = 400.0;
  static constexpr std::size_t kBodiesMost = 3;

  struct Led {  // of whom is led out: his body, and the play whose blocks he still has
    base::PlayId play;
    double frees_s = 0.0;  // then his blocks are free, and only his way is kept
    double gone_s = 0.0;
    Path way;
  };

  void step_with_trouble() {
    if (now_s_ < kTrouble_s) {
      if (random_.chance(0.07) && joined_ < 10) join();
      trouble_bodies();
      trouble_viewers();
    } else if (!calm_) {
      calm_ = true;
      for (const auto& [id, body] : bodies_) interlocking_.unblock_body(id);
      bodies_.clear();
      for (const auto& [id, led] : led_) interlocking_.remove(led.play);
      led_.clear();
      for (auto& [id, walker] : walkers_) walker.stopped = false, walker.paused_until_s = 0.0;
      ends_by_s_ = now_s_ + one_by_one_s();
    }
    std::vector<base::PlayId> plays = interlocking_.plays();
    for (std::size_t i = plays.size(); i > 1; --i) std::swap(plays[i - 1], plays[random_.below(i)]);
    for (const base::PlayId id : plays) move(id);
    if (calm_) ++met_.walked_calmly;
    if (calm_ && now_s_ > ends_by_s_) breach_ = "somebody waits although all could have walked one by one meanwhile";
  }

  // Of all that is still to come, at the slowest pace, if in each second only one of all went on.
  double one_by_one_s() const {
    double sum_s = 0.0;
    for (const base::PlayId id : interlocking_.plays()) {
      const PlayPlan& plan = interlocking_.plan(id);
      for (std::size_t k = interlocking_.progress_of(id).block.value_or(0); k < plan.block_count(); ++k) {
        sum_s += std::ceil(plan.block(k).length_m / (0.5 * plan.speed_mps)) + std::ceil(2.0 * plan.block(k).stay_s) + 3.0;
      }
    }
    return sum_s;
  }

  HallPoint anywhere() {
    const HallPoint far = floor_.boundary[2];
    return {random_.uniform(0.0, far.x), random_.uniform(0.0, far.y)};
  }

  void put(base::BodyId id, HallPoint at, Path way = {}) {
    const double radius_m = floor_.separation_m;
    if (way.empty()) interlocking_.block_body(id, at, radius_m, now_s_);
    else interlocking_.block_way(id, at, radius_m, way, now_s_);
    bodies_[id] = {id, at, radius_m, std::move(way)};
  }

  void take_away(base::BodyId id) {
    interlocking_.unblock_body(id);
    bodies_.erase(id);
  }

  // Attendants and people whom staff placed: anywhere, also right before somebody.
  void trouble_bodies() {
    std::vector<base::BodyId> placed;
    for (const auto& [id, body] : bodies_) {
      if (id.value() < kLedFrom) placed.push_back(id);
    }
    for (const base::BodyId id : placed) {
      if (random_.chance(0.01)) take_away(id);
      else if (random_.chance(0.05)) put(id, anywhere());
    }
    if (placed.size() < kBodiesMost && random_.chance(0.03)) put(base::BodyId(++next_body_), anywhere());
  }

  void trouble_viewers() {
    for (const base::PlayId id : interlocking_.plays()) {
      Walker& walker = walkers_[id];
      const Progress& at = interlocking_.progress_of(id);
      if (!at.block) continue;
      if (!walker.stopped && random_.chance(0.002)) walker.stopped = true;
      const base::BodyId body(kLedFrom + static_cast<std::uint32_t>(id.value()));
      if (!walker.stopped || led_.contains(body)) continue;
      const HallPoint stands = members_in(interlocking_.plan(id), *at.block, share(interlocking_.plan(id), at)).front();
      if (!bodies_.contains(body)) put(body, stands);
      if (!random_.chance(0.03)) continue;  // staff have not come yet
      Led led{id, now_s_ + random_.uniform(0.0, 5.0), now_s_ + random_.uniform(10.0, 90.0), {stands, anywhere(), anywhere()}};
      put(body, stands, led.way);
      led_.emplace(body, std::move(led));
    }
    std::vector<base::BodyId> gone;
    for (auto& [body, led] : led_) {
      if (now_s_ >= led.frees_s && interlocking_.contains(led.play)) {
        interlocking_.remove(led.play);
        walkers_.erase(led.play);
        ++met_.led_out;
      }
      if (led.way.size() > 2 && random_.chance(0.05)) {  // he has come to the corner
        led.way.erase(led.way.begin());
        put(body, led.way.front(), led.way);
      }
      if (now_s_ >= led.gone_s) gone.push_back(body);
    }
    for (const base::BodyId body : gone) {
      take_away(body);
      led_.erase(body);
    }
  }

  static double share(const PlayPlan& plan, const Progress& at) {
    const double length_m = plan.blocks[*at.block].length_m;
    return length_m > 0.0 ? at.position_m / length_m : 1.0;
  }

  // By sampling every tenth of the way of every member; knows nothing of how the interlocking looks.
  bool meets_body(const PlayPlan& plan, std::size_t block) const {
    constexpr double kAllowance_m = 1e-3;
    constexpr int kSteps = 10;
    for (int i = 0; i <= kSteps; ++i) {
      for (const HallPoint p : members_in(plan, block, static_cast<double>(i) / kSteps)) {
        for (const auto& [id, body] : bodies_) {
          double apart_m = tracking::distance(p, body.at);
          for (std::size_t k = 1; k < body.way.size(); ++k) apart_m = std::min(apart_m, tracking::distance_to_segment_m(body.way[k - 1], body.way[k], p));
          if (apart_m < body.radius_m - kAllowance_m) return true;
        }
      }
    }
    return false;
  }

  // True: he may go on. Whoever waits tries to overtake now and then, as the hall does for whose gate is due and shut.
  bool opens(base::PlayId id, std::size_t next) {
    const GateAnswer answer = interlocking_.may_enter(id, next);
    if (trouble_ == Trouble::none) return answer.open;
    if (!answer.body.is_none()) {
      const auto body = bodies_.find(answer.body);
      if (body == bodies_.end()) breach_ = base::formatted("play {} waits for body {}, which is gone", id.value(), answer.body.value());
      else ++(body->second.way.empty() ? met_.shut_by_body : met_.shut_by_way);
    }
    if (!answer.open && random_.chance(0.5) && !interlocking_.overtake(id, next, now_s_).empty()) ++met_.overtaken;
    if (!interlocking_.may_enter(id, next).open) return false;
    if (meets_body(interlocking_.plan(id), next)) breach_ = base::formatted("play {} is let into block {}, where a body stands", id.value(), next);
    return true;
  }

  void join() {
    PlanRequest request;
    request.play = base::PlayId(100 + static_cast<std::uint64_t>(++joined_));
    request.film = base::FilmId("newcomer");
    request.route = film_(random_);
    request.earliest_s = now_s_;
    request.wait_max_s = 60.0;
    const PlanAnswer answer = planner_.plan(request, interlocking_.snapshot(now_s_), WorkBudget{40, 6, 2, 0, 60}, random_());
    if (answer.plan && interlocking_.add(*answer.plan, answer.retimed, now_s_)) held_otherwise_ += answer.retimed.size();
  }

  void move(base::PlayId id) {
    Walker& walker = walkers_[id];
    const PlayPlan& plan = interlocking_.plan(id);
    const Progress at = interlocking_.progress_of(id);
    if (!calm_ && random_.chance(0.02)) walker.paused_until_s = now_s_ + random_.uniform(0.0, 60.0);
    if (random_.chance(0.05)) walker.speed_factor = random_.uniform(0.5, 2.0);
    if (walker.stopped || now_s_ < walker.paused_until_s) {
      if (trouble_ == Trouble::all) interlocking_.expect_held(id, now_s_ + kStandsStill_s);
      return;
    }
    const bool in_place = !at.block || at.position_m >= plan.blocks[*at.block].length_m;
    if (!in_place) {
      interlocking_.progress(id, *at.block, at.position_m + plan.speed_mps * walker.speed_factor, now_s_);
      return;
    }
    if (at.block && walker.in_place_since_s < 0.0) walker.in_place_since_s = now_s_;
    if (at.block && now_s_ < walker.in_place_since_s + plan.blocks[*at.block].stay_s * walker.speed_factor) return;
    if (at.block && plan.choice_open_at(*at.block)) choose(id, *at.block);
    const std::size_t next = at.block ? *at.block + 1 : 0;
    if (next == plan.blocks.size()) {
      interlocking_.remove(id);
      walkers_.erase(id);
      return;
    }
    if (!opens(id, next)) return;
    interlocking_.grant(id, next);
    interlocking_.progress(id, next, 0.0, now_s_);
    walker.in_place_since_s = -1.0;
  }

  // The hindmost of a play's members is as far as it says; the others may be anywhere before him in the block.
  std::vector<HallPoint> walkers_of(base::PlayId play, const Progress& at) const {
    const PlayPlan& plan = interlocking_.plan(play);
    const double walked = share(plan, at);
    std::vector<HallPoint> points = members_in(plan, *at.block, walked);
    for (const double ahead : {(1.0 + walked) / 2.0, 1.0}) {
      if (plan.members == 1) break;
      for (const HallPoint p : members_in(plan, *at.block, ahead)) points.push_back(p);
    }
    return points;
  }

  void choose(base::PlayId id, std::size_t block) {
    std::vector<std::uint8_t> options{0};
    for (const Branch& branch : interlocking_.plan(id).branches) {
      if (branch.after == block) options.push_back(branch.option);
    }
    const std::uint8_t option = options[random_.below(options.size())];
    interlocking_.choose(id, option);
    if (option != 0) ++chosen_;
  }

  std::string too_near() const {
    for (const base::PlayId one : interlocking_.plays()) {
      for (const base::PlayId two : interlocking_.plays()) {
        if (!(one < two)) continue;
        const Progress& a = interlocking_.progress_of(one);
        const Progress& b = interlocking_.progress_of(two);
        if (!a.block || !b.block) continue;
        const double separation = pair_separation_m(floor_, interlocking_.plan(one), interlocking_.plan(two));
        for (const HallPoint p : walkers_of(one, a)) {
          for (const HallPoint q : walkers_of(two, b)) {
            if (tracking::distance(p, q) < separation - 1e-3) return "two walkers too near";
          }
        }
      }
    }
    return "";
  }

  base::Random random_;
  FloorPlan floor_;
  Film film_;
  Trouble trouble_;
  Planner planner_;
  Interlocking interlocking_;
  static constexpr std::uint32_t kLedFrom = 10'000;  // bodies of viewers who stopped for good, by play
  std::map<base::PlayId, Walker> walkers_;
  std::map<base::BodyId, BlockingBody> bodies_;
  std::map<base::BodyId, Led> led_;
  std::uint32_t next_body_ = 0;
  bool calm_ = false;  // the trouble is over
  double ends_by_s_ = 0.0;
  Met met_;
  double now_s_ = 0.0;
  std::string breach_;
  int joined_ = 0;
  int chosen_ = 0;
  std::size_t held_otherwise_ = 0;
};

}  // namespace

TEST_CASE("nobody meets and everybody finishes at any pace") {
  std::size_t held_otherwise = 0;
  for (const std::uint64_t seed : halls_drawn(300)) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    INFO("seed " << seed);
    Floorful floorful(floor, seed);
    CHECK(floorful.run() == "");
    held_otherwise += floorful.held_otherwise();
  }
  CHECK((held_otherwise > 0 || halls_drawn(2).size() == 1));  // the promise holds for them, too
}

TEST_CASE("nobody meets and everybody finishes at any pace, whatever they choose") {
  int chosen = 0;
  for (const std::uint64_t seed : halls_drawn(200)) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    INFO("seed " << seed);
    Floorful floorful(floor, seed, random_graph);
    CHECK(floorful.run() == "");
    chosen += floorful.chosen();
  }
  CHECK((chosen > 100 || halls_drawn(2).size() == 1));
}

TEST_CASE("nobody meets and everybody finishes, with bodies in the way, overtaking and viewers who are led out") {
  Floorful::Met met;
  for (const std::uint64_t seed : halls_drawn(300)) {
    base::Random random(seed);
    const FloorPlan floor = random_hall(random);
    INFO("seed " << seed);
    Floorful floorful(floor, seed, seed % 4 == 0 ? random_graph : random_route, Floorful::Trouble::all);
    CHECK(floorful.run() == "");
    met.shut_by_body += floorful.met().shut_by_body;
    met.shut_by_way += floorful.met().shut_by_way;
    met.overtaken += floorful.met().overtaken;
    met.led_out += floorful.met().led_out;
    met.walked_calmly += floorful.met().walked_calmly;
  }
  CAPTURE(met.shut_by_body, met.shut_by_way, met.overtaken, met.led_out, met.walked_calmly);
  if (halls_drawn(2).size() == 1) return;
  CHECK(met.shut_by_body > 1000);
  CHECK(met.shut_by_way > 1000);
  CHECK(met.overtaken > 50);
  CHECK(met.led_out > 50);
  CHECK(met.walked_calmly > 1000);
}
