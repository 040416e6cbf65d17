#include "showcontrol/planning/redirect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

constexpr double kPiece_m = 0.2;    // of an arc, and between the points whose room is measured
constexpr double kSpare_m = 0.01;   // more than the margins: between two such points the room may be a little less
constexpr double kNoLeg_m = 1e-6;
constexpr int kStartDraws = 3000;   // placements looked at for a beginning
constexpr std::size_t kStarts = 8;  // of them, the nearest to fitting
constexpr int kSteps = 1500;        // of one climb
constexpr int kHalvings = 5;        // of the strength
constexpr double kShift_m = 0.5, kYaw_rad = 0.25;
constexpr double kSizes[] = {0.05, 0.3, 1.0};  // of a climb's steps

double between(double least, double most, double strength, double at) { return std::clamp(at, 1.0 - (1.0 - least) * strength, 1.0 + (most - 1.0) * strength); }
double part_of(double value, double least, double most) { return value < 1.0 ? (1.0 - value) / (1.0 - least) : (value - 1.0) / (most - 1.0); }

class Bending {
 public:
  Bending(const Floor& floor, const package::Route& route) : floor_(floor), route_(route), margins_(floor.margins({})) {}

  // By how much a point breaks a margin; 0 where it keeps all.
  double lack_m(HallPoint p) const {
    double most = floor_.plan().wall_margin_m + kSpare_m - floor_.clearance_m(p);
    for (std::size_t i = 0; i < margins_.size(); ++i) {
      most = std::max(most, margins_[i] + kSpare_m - polygon_distance_m(floor_.plan().keep_clear[i].outline, p));
    }
    return std::max(0.0, most);
  }
  double lack_sum_m(const BentRoute& bent) const {
    double sum = 0.0;
    for (const Path& leg : walk_of(route_, bent)) {
      for (const HallPoint p : leg) sum += lack_m(p);
    }
    return sum;
  }
  double overhang_m(const BentRoute& bent) const {
    double most = 0.0;
    for (const Path& leg : walk_of(route_, bent)) {
      for (const HallPoint p : leg) most = std::max(most, lack_m(p));
    }
    return most;
  }
  bool fits(const BentRoute& bent) const {
    for (const Path& leg : walk_of(route_, bent)) {
      for (std::size_t i = 1; i < leg.size(); ++i) {
        if (!floor_.keeps(leg[i - 1], leg[i], margins_)) return false;
      }
    }
    return true;
  }

  std::vector<BentRoute> starts(base::Random& random) const {
    std::vector<std::pair<double, BentRoute>> drawn;
    for (int i = 0; i < kStartDraws; ++i) {
      tracking::Placement placement;
      placement.yaw = random.uniform(-std::numbers::pi, std::numbers::pi);
      placement.mirrored = route_.mirrorable && random.chance(0.5);
      const std::vector<HallPoint> places = lay(route_, placement, 1.0);
      const HallPoint at{random.uniform(floor_.low().x, floor_.high().x), random.uniform(floor_.low().y, floor_.high().y)};
      placement.shift = at - places[random.below(places.size())];
      const BentRoute bent = unbent(route_, placement);
      const double lack = lack_sum_m(bent);
      if (drawn.size() == kStarts && lack >= drawn.back().first) continue;
      drawn.insert(std::ranges::upper_bound(drawn, lack, {}, &std::pair<double, BentRoute>::first), {lack, bent});
      if (drawn.size() > kStarts) drawn.pop_back();
    }
    std::vector<BentRoute> best;
    for (auto& one : drawn) best.push_back(std::move(one.second));
    return best;
  }

  // Small steps that lack no more, as far as they lead.
  std::pair<double, BentRoute> climb(BentRoute bent, double strength, base::Random& random) const {
    double lack = lack_sum_m(bent);
    for (int i = 0; i < kSteps && lack > 0.0; ++i) {
      BentRoute next = bent;
      step(next, strength, random);
      const double now = lack_sum_m(next);
      if (now > lack) continue;
      lack = now;
      bent = std::move(next);
    }
    return {lack, std::move(bent)};
  }

  std::pair<double, BentRoute> best_climb(const std::vector<BentRoute>& from, double strength, base::Random random) const {
    std::pair<double, BentRoute> best{std::numeric_limits<double>::infinity(), {}};
    for (const BentRoute& one : from) {
      auto reached = climb(one, strength, random);
      if (reached.first < best.first) best = std::move(reached);
      if (best.first <= 0.0) break;
    }
    return best;
  }

  // Takes back every bend that need not be, or half of it.
  void straighten(BentRoute& bent) const {
    const auto ease = [&](double& value, double neutral) {
      double kept = value;
      for (const double part : {0.0, 0.25, 0.5, 0.75}) {
        value = neutral + (kept - neutral) * part;
        if (lack_sum_m(bent) <= 0.0) return;
      }
      value = kept;
    };
    for (LegBend& leg : bent.legs) ease(leg.curve_per_m, 0.0);
    for (double& turn : bent.turns) ease(turn, 1.0);
    for (LegBend& leg : bent.legs) ease(leg.gain, 1.0);
  }

 private:
  void step(BentRoute& bent, double strength, base::Random& random) const {
    const double size = kSizes[random.below(std::size(kSizes))];
    const std::size_t legs = bent.legs.size();
    const std::size_t bends = strength > 0.0 ? 2 * legs + (legs - 1) : 0;
    const std::uint64_t which = random.below(2 * std::max<std::size_t>(bends, 1));
    if (which >= bends) {
      const HallVec shift = HallVec{random.normal(), random.normal()} * (kShift_m * size);
      const double turn = random.normal() * kYaw_rad * size;
      // Round the middle of the route, so that a turn alone does not carry it away.
      const HallPoint middle = middle_of(bent);
      bent.placement.yaw += turn;
      bent.placement.shift = bent.placement.shift + (middle - middle_of(bent)) + shift;
    } else if (which < legs) {
      double& gain = bent.legs[which].gain;
      gain = between(kGainLeast, kGainMost, strength, gain + random.normal() * size * (kGainMost - kGainLeast));
    } else if (which < 2 * legs) {
      const double most = strength / kRadiusLeast_m;
      double& curve = bent.legs[which - legs].curve_per_m;
      curve = std::clamp(curve + random.normal() * size * most, -most, most);
    } else {
      double& turn = bent.turns[which - 2 * legs + 1];
      turn = between(kTurnLeast, kTurnMost, strength, turn + random.normal() * size * (kTurnMost - kTurnLeast));
    }
  }

  HallPoint middle_of(const BentRoute& bent) const {
    const std::vector<HallPoint> places = lay(route_, bent.placement, 1.0);
    HallVec sum;
    for (const HallPoint p : places) sum = sum + (p - HallPoint{});
    return HallPoint{} + sum * (1.0 / static_cast<double>(places.size()));
  }

  const Floor& floor_;
  const package::Route& route_;
  std::vector<double> margins_;
};

// Its bends as far from none as `part` of what they are.
BentRoute weaker(BentRoute bent, double part) {
  for (LegBend& leg : bent.legs) leg = {1.0 + (leg.gain - 1.0) * part, leg.curve_per_m * part};
  for (double& turn : bent.turns) turn = 1.0 + (turn - 1.0) * part;
  return bent;
}

}  // namespace

BentRoute unbent(const package::Route& route, const tracking::Placement& placement) {
  return {placement, std::vector<LegBend>(route.scenes.size() - 1), std::vector<double>(route.scenes.size(), 1.0)};
}

std::vector<Path> walk_of(const package::Route& route, const BentRoute& bent) {
  using FilmPoint = tracking::Point<tracking::Film>;
  std::vector<Path> walk;
  FilmPoint at{route.scenes.front().at.x_m, route.scenes.front().at.y_m};
  std::optional<double> before;  // the last leg's direction in the film
  double heading = 0.0;          // of the walk, on the film's plan
  for (std::size_t i = 0; i < bent.legs.size(); ++i) {
    const package::FilmPoint& from = route.scenes[i].at;
    const package::FilmPoint& to = route.scenes[i + 1].at;
    const double film_m = std::hypot(to.x_m - from.x_m, to.y_m - from.y_m);
    Path path{bent.placement * at};
    if (film_m > kNoLeg_m) {
      const double direction = std::atan2(to.y_m - from.y_m, to.x_m - from.x_m);
      heading = before ? heading + bent.turns[i] * tracking::wrap_angle(direction - *before) : direction;
      before = direction;
      const double walked_m = film_m / bent.legs[i].gain;
      const int pieces = std::max(1, static_cast<int>(std::ceil(walked_m / kPiece_m)));
      const double piece_m = walked_m / pieces, bend = piece_m * bent.legs[i].curve_per_m;
      for (int piece = 0; piece < pieces; ++piece) {
        heading += bend / 2.0;
        at = {at.x + piece_m * std::cos(heading), at.y + piece_m * std::sin(heading)};
        heading += bend / 2.0;
        path.push_back(bent.placement * at);
      }
    }
    walk.push_back(std::move(path));
  }
  return walk;
}

double strength_of(const BentRoute& bent) {
  double most = 0.0;
  for (const LegBend& leg : bent.legs) most = std::max({most, part_of(leg.gain, kGainLeast, kGainMost), std::abs(leg.curve_per_m) * kRadiusLeast_m});
  for (const double turn : bent.turns) most = std::max(most, part_of(turn, kTurnLeast, kTurnMost));
  return most;
}

Redirection redirect(const Floor& floor, const package::Route& route, base::Random random) {
  PROMENADE_ASSERT(route.scenes.size() >= 2);
  const Bending bending(floor, route);
  base::Random start_draws = random.fork("starts");
  std::vector<BentRoute> from = bending.starts(start_draws);
  Redirection found;
  found.as_made.bent = bending.best_climb(from, 0.0, random.fork("as made")).second;
  found.as_made.overhang_m = bending.overhang_m(found.as_made.bent);
  from.insert(from.begin(), found.as_made.bent);
  auto best = bending.best_climb(from, 1.0, random.fork("bent"));
  if (best.first <= 0.0) {
    double low = 0.0, high = 1.0;
    for (int i = 0; i < kHalvings; ++i) {
      const double middle = (low + high) / 2.0;
      std::vector<BentRoute> near{weaker(best.second, middle / high)};
      near.insert(near.end(), from.begin(), from.end());
      auto reached = bending.best_climb(near, middle, random.fork("weaker", static_cast<std::uint64_t>(i)));
      if (reached.first > 0.0) {
        low = middle;
        continue;
      }
      high = middle;
      best = std::move(reached);
    }
    bending.straighten(best.second);
    if (bending.fits(best.second)) found.strength = strength_of(best.second);
  }
  found.bent.bent = std::move(best.second);
  found.bent.overhang_m = found.strength ? 0.0 : bending.overhang_m(found.bent.bent);
  return found;
}

}  // namespace promenade::planning
