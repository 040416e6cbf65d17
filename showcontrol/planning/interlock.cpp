#include "showcontrol/planning/interlock.h"

#include <algorithm>
#include <limits>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr double kArrived_m = 1e-3;
constexpr double kSameTime_s = 1e-6;
constexpr double kSamePlace_m = 1.0;  // who is found no farther off has not gone: tags and steps on the spot move him so much
constexpr double kLateEntry_s = 5.0;  // an answer that was made so long before its commitment is made anew

std::size_t first_live_block(const Progress& at) { return at.block.value_or(0); }

bool occupies(const Progress& at, std::size_t block) {
  return (at.granted && block <= *at.granted) && block >= first_live_block(at);
}

// When he can go on from the place of `block`, if he enters it as `times` says.
double ready_s(const SavedPlay& play, const PlayPlan& times, std::size_t block, double now_s) {
  const bool there = play.at.block == block && play.at.position_m >= times.blocks[block].length_m - kArrived_m;
  return std::max(now_s, there ? play.at.ready_s : times.arrive_s(block) + times.blocks[block].stay_s);
}

}  // namespace

bool touches(const Block& block, const BlockingBody& body) {
  return touches(block, body.at, body.radius_m) || (!body.way.empty() && touches(block, body.way, body.radius_m));
}

Interlocking::Interlocking(FloorPlan floor) : floor_(std::move(floor)) {}

bool Interlocking::contains(base::PlayId play) const { return entries_.contains(play); }

const PlayPlan& Interlocking::plan(base::PlayId play) const {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  return found->second.plan;
}

const Progress& Interlocking::progress_of(base::PlayId play) const {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  return found->second.at;
}

const SavedPlay& Interlocking::saved(base::PlayId play) const {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  return found->second;
}

base::Result<void> Interlocking::restore(std::vector<SavedPlay> plays) {
  std::map<base::PlayId, Entry> entries;
  bool sound = true;
  for (SavedPlay& play : plays) {
    const std::size_t count = play.plan.blocks.size();
    sound = sound && count > 0 && play.plan.enter_s.size() == count && play.waits.size() == play.plan.block_count() && play.at.block.value_or(0) < count &&
            play.at.granted.value_or(0) < count && play.plan.speed_mps > 0.0;
    for (const Block& block : play.plan.blocks) sound = sound && !block.path.empty();
    std::size_t before = count;
    for (const Branch& branch : play.plan.branches) {
      sound = sound && branch.after < before && branch.after >= play.at.granted.value_or(0) && !branch.blocks.empty() && branch.enter_s.size() == branch.blocks.size();
      for (const Block& block : branch.blocks) sound = sound && !block.path.empty();
      before += branch.blocks.size();
    }
    const base::PlayId id = play.plan.play;
    sound = sound && entries.emplace(id, std::move(play)).second;
  }
  for (auto& [id, entry] : entries) {
    for (std::vector<Wait>& waits : entry.waits) {
      std::erase_if(waits, [&](const Wait& wait) { return !entries.contains(wait.play); });
      for (const Wait& wait : waits) sound = sound && wait.block < entries.at(wait.play).plan.block_count();
    }
  }
  if (!sound || !project(entries, 0.0)) {
    return base::fail("plans-contradict", "The recorded plans contradict each other.", "Lead the viewers out one by one.");
  }
  entries_ = std::move(entries);
  return {};
}

std::vector<base::PlayId> Interlocking::plays() const {
  std::vector<base::PlayId> ids;
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  return ids;
}

std::optional<std::size_t> due_gate(const SavedPlay& play, double now_s) {
  const Progress& at = play.at;
  if (at.granted != at.block) return std::nullopt;
  if (!at.block) return now_s >= play.plan.enter_s.front() ? std::optional<std::size_t>(0) : std::nullopt;
  const std::size_t here = *at.block;
  const bool ready = at.position_m >= play.plan.blocks[here].length_m - kArrived_m && at.ready_s <= now_s;
  if (!ready || here + 1 == play.plan.blocks.size() || play.plan.choice_open_at(here)) return std::nullopt;
  return here + 1;
}

bool Interlocking::cleared(const Wait& wait) const {
  const auto found = entries_.find(wait.play);
  if (found == entries_.end()) return true;
  const Progress& at = found->second.at;
  if (!at.block || *at.block < wait.block) return false;
  if (*at.block > wait.block) return true;
  return !wait.to_place && at.position_m >= wait.clear_m;
}

GateAnswer Interlocking::may_enter(base::PlayId play, std::size_t block) const {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  const Entry& entry = found->second;
  PROMENADE_ASSERT(block < entry.plan.blocks.size());
  GateAnswer answer;
  if (entry.at.granted && block <= *entry.at.granted) {
    answer.open = true;
    return answer;
  }
  const bool is_next = block == (entry.at.block ? *entry.at.block + 1 : 0);
  if (!is_next || entry.at.granted != entry.at.block || (block > 0 && entry.plan.choice_open_at(block - 1))) {
    answer.waits_for = play;
    answer.waits_for_block = entry.at.granted.value_or(0);
    return answer;
  }
  for (const Wait& wait : entry.waits[block]) {
    if (cleared(wait)) continue;
    answer.waits_for = wait.play;
    answer.waits_for_block = wait.block;
    return answer;
  }
  // Orders that are right leave nothing to find here; the floor is not entered on their word alone.
  for (const auto& [id, other] : entries_) {
    if (id == play || !other.at.granted || are_joined(entry.plan, other.plan)) continue;
    const double separation = pair_separation_m(floor_, entry.plan, other.plan);
    for (std::size_t a = first_live_block(other.at); a <= *other.at.granted; ++a) {
      const auto conflict = block_conflict(other.plan.blocks[a], entry.plan.blocks[block], separation);
      if (!conflict || cleared({id, a, conflict->clear_a_m, conflict->to_place_a})) continue;
      answer.waits_for = id;
      answer.waits_for_block = a;
      return answer;
    }
  }
  answer.body = body_in_way(entry.plan.blocks[block]);
  answer.open = answer.body.is_none();
  return answer;
}

base::BodyId Interlocking::body_in_way(const Block& block) const {
  for (const auto& [id, one] : bodies_) {
    if (touches(block, one.body)) return id;
  }
  return {};
}

void Interlocking::grant(base::PlayId play, std::size_t block) {
  PROMENADE_ASSERT(may_enter(play, block).open);
  Entry& entry = entries_.at(play);
  entry.at.granted = std::max(entry.at.granted.value_or(0), block);
  entry.passed = 0;
}

void Interlocking::revoke(base::PlayId play, std::size_t block) {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  Progress& at = found->second.at;
  PROMENADE_ASSERT(at.granted == block && at.block != block);
  at.granted = at.block;
}

bool Interlocking::progress(base::PlayId play, std::size_t block, double position_m, double now_s) {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  Entry& entry = found->second;
  Progress& at = entry.at;
  if (!at.granted || block > *at.granted) return false;
  if (at.block && (block < *at.block || (block == *at.block && position_m < at.position_m))) return false;
  const double length = entry.plan.blocks[block].length_m;
  const bool was_there = at.block == block && at.position_m >= length - kArrived_m;
  at.block = block;
  at.position_m = std::min(position_m, length);
  if (!was_there && at.position_m >= length - kArrived_m) {
    at.position_m = length;
    at.ready_s = now_s + entry.plan.blocks[block].stay_s;
  }
  return true;
}

void Interlocking::expect_ready(base::PlayId play, double ready_s) {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  found->second.at.ready_s = ready_s;
}

void Interlocking::expect_held(base::PlayId play, double until_s) {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  found->second.held_until_s = until_s;
}

void Interlocking::block_body(base::BodyId id, HallPoint at, double radius_m, double now_s) { block_way(id, at, radius_m, {}, now_s); }

void Interlocking::block_way(base::BodyId id, HallPoint at, double radius_m, Path way, double now_s) {
  const auto [found, is_new] = bodies_.try_emplace(id);
  Standing& one = found->second;
  // Who is led along his way moves, and the way is kept all the same.
  const bool stays = !way.empty() || tracking::distance(one.since_at, at) <= kSamePlace_m;
  if (is_new || !stays) {
    one.since_at = at;
    one.since_s = now_s;
  }
  one.body = {id, at, radius_m, std::move(way)};
}

void Interlocking::unblock_body(base::BodyId id) { bodies_.erase(id); }

void Interlocking::remove(base::PlayId play) {
  if (entries_.erase(play) == 0) return;
  for (auto& [id, entry] : entries_) {
    for (std::vector<Wait>& waits : entry.waits) std::erase_if(waits, [&](const Wait& w) { return w.play == play; });
  }
}

// The group does not leave the place where it is joined before the latecomer has come there.
base::Result<void> Interlocking::order_joined(const PlayPlan& plan, const ProjectedPlay& other, Orders& orders) const {
  const bool own_joins = plan.joins == other.plan.play;
  const PlayPlan& late = own_joins ? plan : other.plan;
  const PlayPlan& group = own_joins ? other.plan : plan;
  const std::size_t gate = late.joins_block + 1, last = late.blocks.size() - 1;
  const Wait wait{late.play, last, late.blocks[last].length_m, false};
  const auto held = entries_.find(group.play);
  const bool gone = held != entries_.end() && held->second.at.granted && *held->second.at.granted >= gate;
  if (gate >= group.blocks.size() || gone) {
    return base::fail("plan-conflicts", base::formatted("Play {} has left the place where play {} was to join it.", group.play.value(), late.play.value()), "Plan again from a newer snapshot.");
  }
  if (own_joins) orders.others.push_back({{group.play, gate}, wait});
  else if (!cleared(wait)) orders.own[gate].push_back(wait);
  return {};
}

base::Result<void> Interlocking::order_pair(const PlayPlan& plan, const ProjectedPlay& other, Orders& orders) const {
  if (are_joined(plan, other.plan)) return order_joined(plan, other, orders);
  const Progress& at = entries_.at(other.plan.play).at;
  const double separation = pair_separation_m(floor_, plan, other.plan);
  const std::size_t theirs = other.plan.block_count(), own = plan.block_count();
  for (std::size_t a = other.first_block; a < theirs; ++a) {
    for (std::size_t b = 0; b < own; ++b) {
      const auto conflict = block_conflict(other.plan.block(a), plan.block(b), separation);
      if (!conflict) continue;
      const Wait for_other{other.plan.play, a, conflict->clear_a_m, conflict->to_place_a};
      const Wait for_own{plan.play, b, conflict->clear_b_m, conflict->to_place_b};
      if (cleared(for_other) || (entries_.contains(plan.play) && cleared(for_own))) continue;
      const double other_clear_s = conflict->to_place_a ? other.plan.leave_s(a) : other.plan.entered_s(a) + other.plan.walk_s(a, conflict->clear_a_m);
      const double own_clear_s = conflict->to_place_b ? plan.leave_s(b) : plan.entered_s(b) + plan.walk_s(b, conflict->clear_b_m);
      const bool own_is_in = entries_.contains(plan.play) && occupies(entries_.at(plan.play).at, b);
      if (other_clear_s <= plan.entered_s(b) + kSameTime_s && !own_is_in) {
        orders.own[b].push_back(for_other);
      } else if (own_clear_s <= other.plan.entered_s(a) + kSameTime_s && !occupies(at, a)) {
        orders.others.push_back({{other.plan.play, a}, for_own});
      } else {
        return base::fail("plan-conflicts", base::formatted("Block {} of the plan meets block {} of play {} at {:.1f} s.", b, a, other.plan.play.value(), plan.entered_s(b)),
                          "Plan again from a newer snapshot.");
      }
    }
  }
  return {};
}

// What orders there were between the two is replaced by what their times say.
base::Result<void> Interlocking::order_anew(std::map<base::PlayId, Entry>& entries, const ProjectedPlay& one, const ProjectedPlay& other) const {
  const auto forget = [&](base::PlayId who, base::PlayId whom) {
    for (std::vector<Wait>& waits : entries.at(who).waits) std::erase_if(waits, [&](const Wait& wait) { return wait.play == whom; });
  };
  forget(one.plan.play, other.plan.play);
  forget(other.plan.play, one.plan.play);
  Orders orders;
  orders.own.resize(one.plan.block_count());
  if (auto ordered = order_pair(one.plan, other, orders); !ordered) return ordered;
  for (std::size_t b = 0; b < orders.own.size(); ++b) {
    auto& waits = entries.at(one.plan.play).waits[b];
    waits.insert(waits.end(), orders.own[b].begin(), orders.own[b].end());
  }
  for (const auto& [where, wait] : orders.others) entries.at(where.first).waits[where.second].push_back(wait);
  return {};
}

base::Result<std::map<base::PlayId, Interlocking::Entry>> Interlocking::with(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s) const {
  if (entries_.contains(plan.play)) {
    return base::fail("plan-duplicate", base::formatted("Play {} has a plan already.", plan.play.value()), "Remove it first.");
  }
  if (plan.enter_s.front() < now_s - kLateEntry_s) {
    return base::fail("plan-late", base::formatted("The plan enters {:.1f} s ago.", now_s - plan.enter_s.front()), "Plan again from a newer snapshot.");
  }
  std::map<base::PlayId, Entry> entries = entries_;
  std::vector<ProjectedPlay> plays = projected(now_s);
  std::vector<const ProjectedPlay*> moved;
  for (const Retimed& one : retimed) {
    const auto play = std::ranges::find(plays, one.play, [](const ProjectedPlay& p) { return p.plan.play; });
    if (play == plays.end() || one.enter_s.size() != play->plan.blocks.size() || !play->plan.branches.empty()) {
      return base::fail("plan-conflicts", base::formatted("Play {}, which was to make room, is over.", one.play.value()), "Plan again from a newer snapshot.");
    }
    // Where he is by now is not what was planned upon: only what is to come is taken over.
    const std::size_t from = std::max(play->let_into, play->first_block + 1);
    for (std::size_t k = from; k < one.enter_s.size(); ++k) play->plan.enter_s[k] = std::max(one.enter_s[k], ready_s(entries.at(one.play), play->plan, k - 1, now_s));
    play->plan.end_s = std::max(one.end_s, ready_s(entries.at(one.play), play->plan, one.enter_s.size() - 1, now_s));
    moved.push_back(&*play);
    Entry& entry = entries.at(one.play);
    entry.plan.enter_s = play->plan.enter_s;
    entry.plan.end_s = play->plan.end_s;
  }
  for (std::size_t i = 0; i < moved.size(); ++i) {
    for (const ProjectedPlay& other : plays) {
      const bool done = std::ranges::find(moved.begin(), moved.begin() + static_cast<std::ptrdiff_t>(i) + 1, &other) != moved.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      if (done) continue;
      if (auto ordered = order_anew(entries, *moved[i], other); !ordered) return std::unexpected(std::move(ordered.error()));
    }
  }
  Orders orders;
  orders.own.resize(plan.block_count());
  for (const ProjectedPlay& other : plays) {
    if (auto ordered = order_pair(plan, other, orders); !ordered) return std::unexpected(std::move(ordered.error()));
  }
  for (const auto& [where, wait] : orders.others) entries.at(where.first).waits[where.second].push_back(wait);
  Entry entry;
  entry.plan = plan;
  entry.waits = std::move(orders.own);
  entries.emplace(plan.play, std::move(entry));
  if (auto counted = count_passing(entries, now_s); !counted) return std::unexpected(std::move(counted.error()));
  if (!project(entries, now_s)) {
    return base::fail("plan-deadlock", "The plan's orders close a circle with those of other plays.", "Plan again from a newer snapshot.");
  }
  return entries;
}

base::Result<void> Interlocking::check(const PlayPlan& plan, double now_s) const {
  auto entries = with(plan, {}, now_s);
  if (!entries) return std::unexpected(std::move(entries.error()));
  return {};
}

base::Result<void> Interlocking::add(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s) {
  PROMENADE_ASSERT(!plan.blocks.empty() && plan.enter_s.size() == plan.blocks.size());
  auto entries = with(plan, retimed, now_s);
  if (!entries) return std::unexpected(std::move(entries.error()));
  entries_ = std::move(*entries);
  return {};
}

// Longest-path evaluation of the orders' graph: a gate's time is that of its viewer's readiness and of everything
// that it waits for. Depth-first with marks; a mark met again is a circle.
class Projection {
 public:
  struct Source {
    const PlayPlan* plan;
    const Progress* at;
    std::vector<double> enter_s;
    std::vector<char> mark;  // 0 unknown, 1 being worked out, 2 known
  };
  std::map<base::PlayId, Source> sources;
  double now_s = 0.0;
  bool circle = false;
};

std::optional<std::vector<ProjectedPlay>> Interlocking::project(const std::map<base::PlayId, Entry>& entries, double now_s, double slowness) const {
  PROMENADE_ASSERT(slowness >= 1.0);
  Projection state;
  state.now_s = now_s;
  for (const auto& [id, entry] : entries) {
    const std::size_t count = entry.plan.block_count();
    Projection::Source source{&entry.plan, &entry.at, entry.plan.enter_s, std::vector<char>(count, 0)};
    source.enter_s.resize(count);
    if (entry.at.block) {
      const std::size_t here = *entry.at.block;
      std::fill_n(source.mark.begin(), here + 1, char{2});
      const bool arrived = entry.at.position_m >= entry.plan.blocks[here].length_m - kArrived_m;
      const double arrived_s = std::min(now_s, entry.at.ready_s - entry.plan.blocks[here].stay_s);
      // Reckoned back as slowly as what is to come, so that only that takes longer.
      source.enter_s[here] = arrived ? arrived_s - entry.plan.walk_s(here) : now_s - slowness * entry.plan.walk_s(here, entry.at.position_m);
    }
    state.sources.emplace(id, std::move(source));
  }

  // When the viewer will be ready to leave the place of `block`, given the gate time of a block.
  const auto ready_time = [&](auto&& gate, base::PlayId id, std::size_t block) -> double {
    const Projection::Source& source = state.sources.at(id);
    const PlayPlan& plan = *source.plan;
    const bool there = source.at->block == block && source.at->position_m >= plan.block(block).length_m - kArrived_m;
    const double entered = gate(gate, id, block);
    const double earliest_s = source.at->block == block ? std::max(now_s, entries.at(id).held_until_s) : now_s;
    return std::max(earliest_s, there ? now_s + slowness * (source.at->ready_s - now_s) : entered + slowness * (plan.walk_s(block) + plan.block(block).stay_s));
  };
  // When he has certainly left it: at a choice, by whichever way it takes longest to be let into.
  const auto leave_time = [&](auto&& gate, base::PlayId id, std::size_t block) -> double {
    const PlayPlan& plan = *state.sources.at(id).plan;
    if (plan.branches.empty() && block + 1 < plan.blocks.size()) return gate(gate, id, block + 1);
    const std::vector<std::size_t> next = plan.followers(block);
    double time = next.empty() ? ready_time(gate, id, block) : now_s;
    for (const std::size_t one : next) time = std::max(time, gate(gate, id, one));
    return time;
  };
  // The time at which the gate of a block is passed.
  auto gate_time = [&](auto&& self, base::PlayId id, std::size_t block) -> double {
    Projection::Source& source = state.sources.at(id);
    const PlayPlan& plan = *source.plan;
    if (source.mark[block] == 2) return source.enter_s[block];
    if (source.mark[block] == 1) state.circle = true;
    if (state.circle) return now_s;
    source.mark[block] = 1;
    const auto before = plan.before(block);
    double time = before ? ready_time(self, id, *before) : std::max(now_s, plan.enter_s[0]);
    const bool granted = source.at->granted && block <= *source.at->granted;
    if (!granted) {
      if (time < now_s + kStandsStill_s && !body_in_way(plan.block(block)).is_none()) time = now_s + kStandsStill_s;
      for (const Wait& wait : entries.at(id).waits[block]) {
        const auto other = state.sources.find(wait.play);
        if (other == state.sources.end()) continue;
        const Progress& at = *other->second.at;
        if (at.block && *at.block > wait.block) continue;
        const double cleared_s = wait.to_place ? leave_time(self, wait.play, wait.block)
                                               : self(self, wait.play, wait.block) + slowness * other->second.plan->walk_s(wait.block, wait.clear_m);
        time = std::max(time, cleared_s);
        if (state.circle) return now_s;
      }
    }
    source.enter_s[block] = time;
    source.mark[block] = 2;
    return time;
  };

  std::vector<ProjectedPlay> plays;
  for (const auto& [id, entry] : entries) {
    ProjectedPlay play;
    play.plan = entry.plan;
    play.first_block = first_live_block(entry.at);
    play.let_into = entry.at.granted ? *entry.at.granted + 1 : 0;
    if (entry.passed >= kPassedMost) play.kept_gate = due_gate(entry, now_s);
    const std::size_t count = entry.plan.blocks.size();
    const double end = ready_time(gate_time, id, count - 1);
    std::size_t last = count;
    for (Branch& branch : play.plan.branches) {
      last += branch.blocks.size();
      branch.end_s = ready_time(gate_time, id, last - 1);
    }
    if (state.circle) return std::nullopt;
    const std::vector<double>& times = state.sources.at(id).enter_s;
    play.plan.enter_s.assign(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(count));
    auto from = times.begin() + static_cast<std::ptrdiff_t>(count);
    for (Branch& branch : play.plan.branches) {
      branch.enter_s.assign(from, from + static_cast<std::ptrdiff_t>(branch.blocks.size()));
      from += static_cast<std::ptrdiff_t>(branch.blocks.size());
    }
    play.plan.end_s = end;
    play.late_s = end - entry.plan.end_s;
    for (std::size_t k = play.first_block; k < count; ++k) {
      play.hold_s = std::max(play.hold_s, play.plan.planned_hold_s(k) - entry.plan.blocks[k].hold_max_s);
    }
    plays.push_back(std::move(play));
  }
  return plays;
}

std::vector<ProjectedPlay> Interlocking::projected(double now_s, double slowness) const {
  auto plays = project(entries_, now_s, slowness);
  PROMENADE_ASSERT(plays.has_value());
  return std::move(*plays);
}

base::Result<std::vector<ProjectedPlay>> Interlocking::projected_with(const PlayPlan& plan, const std::vector<Retimed>& retimed, double now_s, double slowness) const {
  const auto entries = with(plan, retimed, now_s);
  if (!entries) return std::unexpected(entries.error());
  auto plays = project(*entries, now_s, slowness);
  PROMENADE_ASSERT(plays.has_value());
  return std::move(*plays);
}

Snapshot Interlocking::snapshot(double now_s) const {
  Snapshot snapshot;
  snapshot.now_s = now_s;
  snapshot.plays = projected(now_s);
  for (const auto& [id, one] : bodies_) {
    snapshot.bodies.push_back(one.body);
    snapshot.bodies.back().stood_s = std::max(0.0, now_s - one.since_s);
    snapshot.bodies.back().radius_m += kPlannedClearance_m;
  }
  return snapshot;
}

std::optional<std::string> Interlocking::violation() const {
  for (auto first = entries_.begin(); first != entries_.end(); ++first) {
    for (auto second = std::next(first); second != entries_.end(); ++second) {
      const Entry& one = first->second;
      const Entry& two = second->second;
      if (!one.at.granted || !two.at.granted || are_joined(one.plan, two.plan)) continue;
      const double separation = pair_separation_m(floor_, one.plan, two.plan);
      for (std::size_t a = first_live_block(one.at); a <= *one.at.granted; ++a) {
        for (std::size_t b = first_live_block(two.at); b <= *two.at.granted; ++b) {
          const auto conflict = block_conflict(one.plan.blocks[a], two.plan.blocks[b], separation);
          if (!conflict || cleared({first->first, a, conflict->clear_a_m, conflict->to_place_a}) ||
              cleared({second->first, b, conflict->clear_b_m, conflict->to_place_b})) {
            continue;
          }
          return base::formatted("play {} in block {} and play {} in block {}", first->first.value(), a, second->first.value(), b);
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace promenade::planning
