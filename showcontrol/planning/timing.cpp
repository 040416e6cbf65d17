#include "showcontrol/planning/timing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace promenade::planning {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kRounding_s = 1e-7;
constexpr double kEntryStep_s = 1.0;
constexpr double kRounding_m = 1e-4;
constexpr double kBodyStays_s = 30.0;  // a body in the way is planned round for so long

void merge(Intervals& intervals) {
  std::ranges::sort(intervals, {}, &Interval::from_s);
  Intervals merged;
  for (const Interval& one : intervals) {
    if (one.to_s <= one.from_s) continue;
    if (!merged.empty() && one.from_s < merged.back().to_s) {
      merged.back().to_s = std::max(merged.back().to_s, one.to_s);
    } else {
      merged.push_back(one);
    }
  }
  intervals = std::move(merged);
}

void forbid_blocks(const PlayPlan& plan, const ProjectedPlay& other, const FloorPlan& floor, Forbidden& forbidden) {
  const double separation = pair_separation_m(floor, plan, other.plan);
  const double tolerance = floor.tolerance_s;
  for (std::size_t b = 0; b < plan.blocks.size(); ++b) {
    for (std::size_t a = other.first_block; a < other.plan.blocks.size(); ++a) {
      const auto conflict = block_conflict(other.plan.blocks[a], plan.blocks[b], separation);
      if (!conflict) continue;
      const double entered = other.plan.enter_s[a];
      const double cleared = conflict->to_place_a ? other.plan.leave_s(a) : entered + other.plan.walk_s(a, conflict->clear_a_m);
      const double own_clear = plan.walk_s(b, conflict->to_place_b ? plan.blocks[b].length_m : conflict->clear_b_m);
      forbidden.entry[b].push_back({entered - tolerance - own_clear, cleared + tolerance});
      if (conflict->to_place_b) forbidden.stay[b].push_back({entered - tolerance, cleared + tolerance});
    }
  }
}

// Fractions of q0-q1 within `radius` of `p`, as an interval; empty when from > to.
std::pair<double, double> fractions_within(HallPoint q0, HallPoint q1, HallPoint p, double radius) {
  const HallVec along = q1 - q0;
  const HallVec offset = q0 - p;
  const double a = tracking::dot(along, along);
  const double c = tracking::dot(offset, offset) - radius * radius;
  if (a == 0.0) return c < 0.0 ? std::pair{0.0, 1.0} : std::pair{1.0, 0.0};
  const double b = tracking::dot(along, offset);
  const double root = b * b - a * c;
  if (root <= 0.0) return {1.0, 0.0};
  const double half = std::sqrt(root);
  return {std::max(0.0, (-b - half) / a), std::min(1.0, (-b + half) / a)};
}

struct Leg {  // a straight piece of a play in time
  HallPoint from, to;
  double from_s = 0.0;
  double to_s = 0.0;
};

// `stands_s`: until he sets off.
std::vector<Leg> walk_legs(const Block& block, double enter_s, double speed_mps, double stands_s) {
  std::vector<Leg> legs;
  double time = enter_s;
  if (stands_s > 0.0) {
    time += stands_s;
    legs.push_back({block.path.front(), block.path.front(), enter_s, time});
  }
  for (std::size_t i = 1; i < block.path.size(); ++i) {
    const double next = time + tracking::distance(block.path[i - 1], block.path[i]) / speed_mps;
    if (next > time) legs.push_back({block.path[i - 1], block.path[i], time, next});
    time = next;
  }
  return legs;
}

HallVec velocity(const Leg& leg) { return leg.to_s > leg.from_s ? (leg.to - leg.from) * (1.0 / (leg.to_s - leg.from_s)) : HallVec{}; }

bool legs_apart(const Leg& a, const Leg& b, double by_m) {
  return std::max(a.from.x, a.to.x) + by_m < std::min(b.from.x, b.to.x) || std::max(b.from.x, b.to.x) + by_m < std::min(a.from.x, a.to.x) ||
         std::max(a.from.y, a.to.y) + by_m < std::min(b.from.y, b.to.y) || std::max(b.from.y, b.to.y) + by_m < std::min(a.from.y, a.to.y);
}

// Forbids the entries that bring both within the separation; own leg times are since entry. The pairs of times at which
// they are too near are an ellipse (a strip for parallel walks), cut off at the legs' ends. An entry is the difference of
// such a pair, so the first and last forbidden one are found on the cuts or where the ellipse itself is tangent.
void forbid_leg(const Leg& own, const Leg& other, double separation, double tolerance, Intervals& entry) {
  if (legs_apart(own, other, separation)) return;
  const double own_length_s = own.to_s - own.from_s;
  const double other_length_s = other.to_s - other.from_s;
  double least = kInfinite;
  double most = -kInfinite;
  auto take = [&](double other_s, double own_s) {
    least = std::min(least, other_s - own_s);
    most = std::max(most, other_s - own_s);
  };
  for (const bool end : {false, true}) {
    const auto [from, to] = fractions_within(other.from, other.to, end ? own.to : own.from, separation);
    if (from > to) continue;
    const double own_s = end ? own.to_s : own.from_s;
    take(other.from_s + other_length_s * from, own_s);
    take(other.from_s + other_length_s * to, own_s);
  }
  for (const bool end : {false, true}) {
    const auto [from, to] = fractions_within(own.from, own.to, end ? other.to : other.from, separation);
    if (from > to) continue;
    const double other_s = end ? other.to_s : other.from_s;
    take(other_s, own.from_s + own_length_s * from);
    take(other_s, own.from_s + own_length_s * to);
  }
  const HallVec theirs = velocity(other);
  const HallVec closing = theirs - velocity(own);
  const double turn = tracking::cross(closing, theirs);
  if (turn != 0.0) {
    const HallVec apart = other.from - own.from;
    const double square = tracking::dot(closing, closing);
    for (const double side : {-1.0, 1.0}) {
      const double shift = (side * separation * std::sqrt(square) - tracking::cross(closing, apart)) / turn;
      const double own_s = -tracking::dot(closing, apart + theirs * shift) / square;
      const double other_s = own_s + shift;
      if (own_s >= 0.0 && own_s <= own_length_s && other_s >= 0.0 && other_s <= other_length_s) take(other.from_s + other_s, own.from_s + own_s);
    }
  }
  if (least <= most) entry.push_back({least - tolerance, most + tolerance});
}

void forbid_points(const PlayPlan& plan, const ProjectedPlay& other, const std::vector<std::vector<Leg>>& own, const FloorPlan& floor, Forbidden& forbidden) {
  const double separation = pair_separation_m(floor, plan, other.plan) + kRounding_m;
  for (std::size_t a = other.first_block; a < other.plan.blocks.size(); ++a) {
    const Block& theirs = other.plan.blocks[a];
    std::vector<Leg> legs;  // made only where something is near
    for (std::size_t b = 0; b < plan.blocks.size(); ++b) {
      const Block& block = plan.blocks[b];
      if (boxes_apart(theirs.low, theirs.high, block.low, block.high, separation)) continue;
      if (legs.empty()) {
        legs = walk_legs(theirs, other.plan.enter_s[a], other.plan.speed_mps, other.plan.walk_s(a, 0.0));
        legs.push_back({theirs.place(), theirs.place(), other.plan.arrive_s(a), other.plan.leave_s(a)});
      }
      for (const Leg& leg : legs) {
        for (const Leg& mine : own[b]) forbid_leg(mine, leg, separation, floor.tolerance_s, forbidden.entry[b]);
        const auto [from, to] = fractions_within(leg.from, leg.to, block.place(), separation);
        if (from > to) continue;
        const double length_s = leg.to_s - leg.from_s;
        forbidden.stay[b].push_back({leg.from_s + length_s * from - floor.tolerance_s, leg.from_s + length_s * to + floor.tolerance_s});
      }
    }
  }
}

// One block's part of the reachability: entries to departures. A departure is within the same free window of the
// place as the arrival.
struct Stage {
  double walk_s = 0.0;
  double stay_s = 0.0;
  double hold_max_s = 0.0;
  const Intervals* entry = nullptr;
  Intervals windows;  // free times of the place
};

Intervals without(const Intervals& set, const Intervals& forbidden) {
  Intervals rest;
  for (Interval one : set) {
    for (const Interval& hole : forbidden) {
      if (hole.to_s <= one.from_s || hole.from_s >= one.to_s) continue;
      if (hole.from_s >= one.from_s) rest.push_back({one.from_s, hole.from_s});
      one.from_s = hole.to_s;
    }
    if (one.from_s <= one.to_s) rest.push_back(one);  // a single moment counts
  }
  return rest;
}

Intervals windows_of(const Intervals& forbidden) {
  Intervals windows;
  double from = -kInfinite;
  for (const Interval& hole : forbidden) {
    windows.push_back({from, hole.from_s});
    from = hole.to_s;
  }
  windows.push_back({from, kInfinite});
  return windows;
}

Intervals departures(const Intervals& entries, const Stage& stage, double latest_s) {
  Intervals result;
  for (const Interval& one : entries) {
    for (const Interval& window : stage.windows) {
      const double from = std::max(one.from_s + stage.walk_s, window.from_s);
      const double to = std::min(one.to_s + stage.walk_s, window.to_s - stage.stay_s);
      if (from > to) continue;
      const double last = std::min({to + stage.stay_s + stage.hold_max_s, window.to_s, latest_s});
      if (from + stage.stay_s <= last + kRounding_s) result.push_back({from + stage.stay_s, std::max(last, from + stage.stay_s)});
    }
  }
  std::ranges::sort(result, {}, &Interval::from_s);
  Intervals merged;
  for (const Interval& one : result) {
    if (!merged.empty() && one.from_s <= merged.back().to_s) {
      merged.back().to_s = std::max(merged.back().to_s, one.to_s);
    } else {
      merged.push_back(one);
    }
  }
  return merged;
}

// The latest entry of a block from which its departure can be at `leave_s`.
std::optional<double> entry_for(const Intervals& entries, const Stage& stage, double leave_s) {
  std::optional<double> best;
  for (const Interval& one : entries) {
    for (const Interval& window : stage.windows) {
      if (leave_s > window.to_s + kRounding_s || leave_s < window.from_s) continue;
      const double low = std::max({one.from_s, leave_s - stage.walk_s - stage.stay_s - stage.hold_max_s, window.from_s - stage.walk_s});
      const double high = std::min(one.to_s, leave_s - stage.walk_s - stage.stay_s);
      if (low <= high + kRounding_s && (!best || high > *best)) best = std::max(low, high);
    }
  }
  return best;
}

std::optional<GateTimes> times_from(const std::vector<Stage>& stages, Interval start, double hold_total_max_s) {
  std::vector<Intervals> entries;
  Intervals now{start};
  double nominal = 0.0;
  for (const Stage& stage : stages) {
    entries.push_back(without(now, *stage.entry));
    nominal += stage.walk_s + stage.stay_s;
    now = departures(entries.back(), stage, start.to_s + nominal + hold_total_max_s);
    if (now.empty()) return std::nullopt;
  }
  GateTimes times;
  times.end_s = now.front().from_s;
  times.enter_s.resize(stages.size());
  double leave = times.end_s;
  for (std::size_t k = stages.size(); k-- > 0;) {
    const auto entry = entry_for(entries[k], stages[k], leave);
    if (!entry) return std::nullopt;
    times.enter_s[k] = leave = *entry;
  }
  return times;
}

}  // namespace

Forbidden forbidden_times(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule) {
  Forbidden forbidden;
  forbidden.entry.resize(plan.blocks.size());
  forbidden.stay.resize(plan.blocks.size());
  std::vector<std::vector<Leg>> own;  // of each block, since its entry
  if (rule == ConflictRule::points_in_time) {
    for (std::size_t b = 0; b < plan.blocks.size(); ++b) own.push_back(walk_legs(plan.blocks[b], 0.0, plan.speed_mps, plan.walk_s(b, 0.0)));
  }
  for (const ProjectedPlay& other : snapshot.plays) {
    if (rule == ConflictRule::blocks) {
      forbid_blocks(plan, other, floor, forbidden);
    } else {
      forbid_points(plan, other, own, floor, forbidden);
    }
  }
  for (const BlockingBody& body : snapshot.bodies) {
    for (std::size_t b = 0; b < plan.blocks.size(); ++b) {
      if (touches(plan.blocks[b], body.at, body.radius_m)) forbidden.entry[b].push_back({-kInfinite, snapshot.now_s + kBodyStays_s});
    }
  }
  for (Intervals& one : forbidden.entry) merge(one);
  for (Intervals& one : forbidden.stay) merge(one);
  return forbidden;
}

std::optional<GateTimes> earliest_times(const PlayPlan& plan, const Forbidden& forbidden, double earliest_s,
                                        double latest_s, double hold_total_max_s) {
  std::vector<Stage> stages;
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
    stages.push_back({plan.walk_s(k), plan.blocks[k].stay_s, plan.blocks[k].hold_max_s, &forbidden.entry[k], windows_of(forbidden.stay[k])});
  }
  if (!times_from(stages, {earliest_s, latest_s}, hold_total_max_s)) return std::nullopt;
  std::vector<double> tries;
  for (double at = earliest_s; at <= latest_s; at += kEntryStep_s) tries.push_back(at);
  for (const Interval& hole : forbidden.entry.front()) {
    if (hole.to_s > earliest_s && hole.to_s < latest_s) tries.push_back(hole.to_s);
  }
  std::ranges::sort(tries);
  for (const double at : tries) {
    if (auto times = times_from(stages, {at, at}, hold_total_max_s)) return times;
  }
  return std::nullopt;
}

}  // namespace promenade::planning
