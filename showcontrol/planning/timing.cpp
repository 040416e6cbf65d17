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
constexpr double kSpanSlack_s = 1.0;   // far more than times are rounded by

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

// When a block can be entered and must have been left: what others do outside of that is of no account.
struct Span {
  double from_s = -kInfinite;
  double to_s = kInfinite;
  double left_by_s = kInfinite;
};

// Whether a block that is occupied in [entered_s, left_s] may keep another, whose way takes `walk_s`, from its times.
bool meets(const Span& span, double walk_s, double entered_s, double left_s, double tolerance_s) {
  if (left_s + tolerance_s + kSpanSlack_s < span.from_s) return false;
  const double begins_s = entered_s - tolerance_s - kSpanSlack_s;
  return begins_s - walk_s < span.to_s || begins_s < span.left_by_s;
}

void forbid_block(const PlayPlan& plan, std::size_t b, const ProjectedPlay& other, const FloorPlan& floor, const Span& span, Intervals& entry, Intervals& stay) {
  const double separation = pair_separation_m(floor, plan, other.plan);
  const double tolerance = floor.tolerance_s;
  const Block& block = plan.block(b);
  const double walk = plan.walk_s(b);
  for (std::size_t a = other.first_block; a < other.plan.block_count(); ++a) {
    const double passed = other.plan.entered_s(a);
    const double entered = other.kept_gate == a ? -kInfinite : passed;
    if (!meets(span, walk, entered, other.plan.leave_s(a), tolerance)) continue;
    const auto conflict = block_conflict(other.plan.block(a), block, separation);
    if (!conflict) continue;
    const double cleared = conflict->to_place_a ? other.plan.leave_s(a) : passed + other.plan.walk_s(a, conflict->clear_a_m);
    const double own_clear = conflict->to_place_b ? walk : plan.walk_s(b, conflict->clear_b_m);
    entry.push_back({entered - tolerance - own_clear, cleared + tolerance});
    if (conflict->to_place_b) stay.push_back({entered - tolerance, cleared + tolerance});
  }
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

void forbid_points(const PlayPlan& plan, std::size_t b, const std::vector<Leg>& own, const ProjectedPlay& other, const FloorPlan& floor, const Span& span,
                   Intervals& entry, Intervals& stay) {
  const double separation = centre_separation_m(floor, plan, other.plan) + kRounding_m;
  const Block& block = plan.block(b);
  const double walk = plan.walk_s(b);
  for (std::size_t a = other.first_block; a < other.plan.block_count(); ++a) {
    const Block& theirs = other.plan.block(a);
    if (!meets(span, walk, other.plan.entered_s(a), other.plan.leave_s(a), floor.tolerance_s)) continue;
    if (boxes_apart(theirs.low, theirs.high, block.low, block.high, separation)) continue;
    std::vector<Leg> legs = walk_legs(theirs, other.plan.entered_s(a), other.plan.speed_mps, other.plan.walk_s(a, 0.0));
    legs.push_back({theirs.place(), theirs.place(), other.plan.arrive_s(a), other.plan.leave_s(a)});
    for (const Leg& leg : legs) {
      for (const Leg& mine : own) forbid_leg(mine, leg, separation, floor.tolerance_s, entry);
      const auto [from, to] = fractions_within(leg.from, leg.to, block.place(), separation);
      if (from > to) continue;
      const double length_s = leg.to_s - leg.from_s;
      stay.push_back({leg.from_s + length_s * from - floor.tolerance_s, leg.from_s + length_s * to + floor.tolerance_s});
    }
  }
}

// What the others and the bodies in the way forbid of block `b`, as far as it falls into the span.
void forbid(const PlayPlan& plan, std::size_t b, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule, const Span& span, Intervals& entry, Intervals& stay) {
  std::vector<Leg> own;  // since the block's entry
  if (rule == ConflictRule::points_in_time) own = walk_legs(plan.block(b), 0.0, plan.speed_mps, plan.walk_s(b, 0.0));
  for (const ProjectedPlay& other : snapshot.plays) {
    if (are_joined(plan, other.plan)) continue;
    if (rule == ConflictRule::blocks) forbid_block(plan, b, other, floor, span, entry, stay);
    else forbid_points(plan, b, own, other, floor, span, entry, stay);
  }
  for (const BlockingBody& body : snapshot.bodies) {
    if (touches(plan.block(b), body)) entry.push_back({-kInfinite, stays_until_s(body, snapshot.now_s)});
  }
  merge(entry);
  merge(stay);
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

}  // namespace

double stays_until_s(const BlockingBody& body, double now_s) { return now_s + std::max(kBodyStays_s, body.stood_s); }

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

namespace {

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

// `no_later_s`: the latest start, from which the holds' total is reckoned.
std::optional<GateTimes> times_from(const std::vector<Stage>& stages, Interval start, double no_later_s, double hold_total_max_s) {
  std::vector<Intervals> entries;
  Intervals now{start};
  double nominal = 0.0;
  for (const Stage& stage : stages) {
    entries.push_back(without(now, *stage.entry));
    nominal += stage.walk_s + stage.stay_s;
    now = departures(entries.back(), stage, no_later_s + nominal + hold_total_max_s);
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

std::optional<GateTimes> first_times(const std::vector<Stage>& stages, double earliest_s, double latest_s, double hold_total_max_s) {
  if (!times_from(stages, {earliest_s, latest_s}, latest_s, hold_total_max_s)) return std::nullopt;
  std::vector<double> tries;
  for (double at = earliest_s; at <= latest_s; at += kEntryStep_s) tries.push_back(at);
  for (const Interval& hole : *stages.front().entry) {
    if (hole.to_s > earliest_s && hole.to_s < latest_s) tries.push_back(hole.to_s);
  }
  std::ranges::sort(tries);
  for (const double at : tries) {
    if (auto times = times_from(stages, {at, at}, at, hold_total_max_s)) return times;
  }
  return std::nullopt;
}

// Which departures can be reached from block to block; ends at the first block that cannot be, and looks at others only
// while a block can be occupied. `no_later_s`: the latest entry, from which the holds' total is reckoned.
class Reach {
 public:
  Reach(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule) : plan_(plan), snapshot_(snapshot), floor_(floor), rule_(rule) {
    forbidden_.entry.resize(plan.blocks.size());
    forbidden_.stay.resize(plan.blocks.size());
    stages_.reserve(plan.blocks.size());
  }

  bool whole(Interval entry, double no_later_s, double hold_total_max_s, std::size_t first_block = 0) {
    Intervals now{entry};
    double nominal = 0.0;
    for (std::size_t k = first_block; k < plan_.blocks.size(); ++k) {
      Stage stage{plan_.walk_s(k), plan_.blocks[k].stay_s, plan_.blocks[k].hold_max_s, &forbidden_.entry[k], {}};
      nominal += stage.walk_s + stage.stay_s;
      const double left_by_s = no_later_s + nominal + hold_total_max_s;
      forbid(plan_, k, snapshot_, floor_, rule_, {now.front().from_s, now.back().to_s, left_by_s}, forbidden_.entry[k], forbidden_.stay[k]);
      stage.windows = windows_of(forbidden_.stay[k]);
      now = departures(without(now, forbidden_.entry[k]), stage, left_by_s);
      if (now.empty()) return false;
      stages_.push_back(std::move(stage));
    }
    return true;
  }
  const std::vector<Stage>& stages() const { return stages_; }

 private:
  const PlayPlan& plan_;
  const Snapshot& snapshot_;
  const FloorPlan& floor_;
  ConflictRule rule_;
  Forbidden forbidden_;
  std::vector<Stage> stages_;
};

}  // namespace

Forbidden forbidden_times(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule) {
  Forbidden forbidden;
  forbidden.entry.resize(plan.block_count());
  forbidden.stay.resize(plan.block_count());
  for (std::size_t b = 0; b < plan.block_count(); ++b) forbid(plan, b, snapshot, floor, rule, {}, forbidden.entry[b], forbidden.stay[b]);
  return forbidden;
}

std::optional<GateTimes> earliest_times(const PlayPlan& plan, const Forbidden& forbidden, double earliest_s,
                                        double latest_s, double hold_total_max_s) {
  std::vector<Stage> stages;
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
    stages.push_back({plan.walk_s(k), plan.blocks[k].stay_s, plan.blocks[k].hold_max_s, &forbidden.entry[k], windows_of(forbidden.stay[k])});
  }
  return first_times(stages, earliest_s, latest_s, hold_total_max_s);
}

std::optional<GateTimes> earliest_times(const PlayPlan& plan, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule,
                                        double earliest_s, double latest_s, double hold_total_max_s, std::size_t* reached) {
  Reach reach(plan, snapshot, floor, rule);
  const bool whole = reach.whole({earliest_s, latest_s}, latest_s, hold_total_max_s);
  if (reached != nullptr) *reached = reach.stages().size();
  if (!whole) return std::nullopt;
  return first_times(reach.stages(), earliest_s, latest_s, hold_total_max_s);
}

bool may_be_timed(const PlayPlan& scenes, const Snapshot& snapshot, const FloorPlan& floor, ConflictRule rule, Interval arrival,
                  double hold_total_max_s, std::size_t* reached) {
  Reach reach(scenes, snapshot, floor, rule);
  const bool whole = reach.whole({arrival.from_s, arrival.to_s + hold_total_max_s}, arrival.to_s, hold_total_max_s);
  if (reached != nullptr) *reached = reach.stages().size();
  return whole;
}

std::size_t first_free_gate(const ProjectedPlay& play, double free_from_s) {
  if (!play.plan.branches.empty()) return play.plan.blocks.size();  // whose way nobody knows yet is not held otherwise
  std::size_t gate = std::max({play.first_block + 1, play.plan.first_scene_block() + 1, play.let_into});
  while (gate < play.plan.blocks.size() && play.plan.enter_s[gate] <= free_from_s) ++gate;
  return std::min(gate, play.plan.blocks.size());
}

namespace {

double ready_s(const PlayPlan& plan, std::size_t block, double free_from_s) { return std::max(plan.arrive_s(block) + plan.blocks[block].stay_s, free_from_s); }

}  // namespace

ProjectedPlay fixed_part(const ProjectedPlay& play, std::size_t gate, double free_from_s) {
  ProjectedPlay fixed = play;
  fixed.plan.blocks.resize(gate);
  fixed.plan.enter_s.resize(gate);
  fixed.plan.end_s = ready_s(play.plan, gate - 1, free_from_s);
  return fixed;
}

std::optional<GateTimes> retimed(const ProjectedPlay& play, std::size_t gate, const Snapshot& others, const FloorPlan& floor, ConflictRule rule,
                                 double free_from_s) {
  const PlayPlan& plan = play.plan;
  const std::size_t here = gate - 1;
  const double nominal_s = plan.arrive_s(here) + plan.blocks[here].stay_s;
  const double from_s = ready_s(plan, here, free_from_s);
  double to_s = std::max(from_s, nominal_s + plan.blocks[here].hold_max_s);
  Intervals entry, stay;
  forbid(plan, here, others, floor, rule, {plan.enter_s[here], plan.enter_s[here], to_s}, entry, stay);
  const auto next = std::ranges::find_if(stay, [&](const Interval& hole) { return hole.to_s > from_s + kRounding_s; });
  if (next != stay.end()) to_s = std::min(to_s, next->from_s);
  if (to_s < from_s - kRounding_s) return std::nullopt;
  to_s = std::max(to_s, from_s);
  double held_s = 0.0;
  for (std::size_t k = plan.first_scene_block(); k < here; ++k) held_s += plan.planned_hold_s(k);
  const double left_s = std::max(0.0, plan.hold_total_max_s - held_s);
  Reach reach(plan, others, floor, rule);
  if (!reach.whole({from_s, to_s}, nominal_s, left_s, gate)) return std::nullopt;
  auto rest = times_from(reach.stages(), {from_s, to_s}, nominal_s, left_s);
  if (!rest) return std::nullopt;
  GateTimes times;
  times.enter_s.assign(plan.enter_s.begin(), plan.enter_s.begin() + static_cast<std::ptrdiff_t>(gate));
  times.enter_s.insert(times.enter_s.end(), rest->enter_s.begin(), rest->enter_s.end());
  times.end_s = rest->end_s;
  return times;
}

}  // namespace promenade::planning
