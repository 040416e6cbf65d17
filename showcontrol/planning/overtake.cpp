// Orders turned round while plays run: people are faster or slower than planned, and whoever has come to a gate need
// not wait for one who will come to the contested place much later.

#include <algorithm>
#include <set>

#include "showcontrol/planning/interlock.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr int kOvertakenMost = 4;     // times for one play: nobody waits for ever
constexpr double kWorthwhile_s = 2.0; // by which all plays together must end sooner

double sum_of_ends(const std::vector<ProjectedPlay>& plays) {
  double sum = 0.0;
  for (const ProjectedPlay& play : plays) sum += play.plan.end_s;
  return sum;
}

}  // namespace

// Who waits at a gate is passed by a few at most whom a plan has put before him since he came there: those who come later
// may be projected to be gone before he can go on, and be late themselves, one after the other.
base::Result<void> Interlocking::count_passing(std::map<base::PlayId, Entry>& entries, double now_s) const {
  for (auto& [id, entry] : entries) {
    const auto held = entries_.find(id);
    const auto gate = due_gate(entry, now_s);
    if (held == entries_.end() || !gate) continue;
    std::set<base::PlayId> passing;
    for (const Wait& wait : entry.waits[*gate]) {
      const bool is_his = entries.at(wait.play).plan.joins == id;  // who is late of his own group
      if (!is_his && !std::ranges::contains(held->second.waits[*gate], wait.play, &Wait::play)) passing.insert(wait.play);
    }
    if (passing.empty()) continue;
    entry.passed += static_cast<int>(passing.size());
    if (entry.passed > kPassedMost) {
      return base::fail("plan-conflicts", base::formatted("Play {} waits at gate {}, and {} others were put before it already.", id.value(), *gate, held->second.passed),
                        "Plan again from a newer snapshot.");
    }
  }
  return {};
}

// Turns the orders between `play` (from `block` on) and `other` wherever `play` waits and `other` has not yet been let
// into the contested block.
bool Interlocking::turn_orders(std::map<base::PlayId, Entry>& entries, base::PlayId play, std::size_t block, std::size_t last, base::PlayId other) const {
  Entry& mine = entries.at(play);
  Entry& theirs = entries.at(other);
  const double separation = pair_separation_m(floor_, mine.plan, theirs.plan);
  bool turned = false;
  for (std::size_t b = block; b <= last; ++b) {
    std::erase_if(mine.waits[b], [&](const Wait& wait) {
      const bool let_in = theirs.at.granted && wait.block <= *theirs.at.granted;
      if (wait.play != other || let_in || cleared(wait)) return false;
      const auto conflict = block_conflict(theirs.plan.block(wait.block), mine.plan.block(b), separation);
      if (conflict) theirs.waits[wait.block].push_back({play, b, conflict->clear_b_m, conflict->to_place_b});
      turned = true;
      return true;
    });
  }
  return turned;
}

std::vector<base::PlayId> Interlocking::overtake(base::PlayId play, std::size_t block, double now_s) {
  const GateAnswer answer = may_enter(play, block);
  const base::PlayId other = answer.waits_for;
  if (answer.open || other.is_none() || other == play) return {};
  const Entry& theirs = entries_.at(other);
  if (are_joined(entries_.at(play).plan, theirs.plan)) return {};
  if (theirs.overtaken >= kOvertakenMost || (theirs.at.granted && answer.waits_for_block <= *theirs.at.granted)) return {};
  const double ends_s = sum_of_ends(projected(now_s));
  const std::size_t count = entries_.at(play).plan.block_count();
  // Past this place only; to the end of his play.
  for (const std::size_t last : {block, count - 1}) {
    std::map<base::PlayId, Entry> entries = entries_;
    if (!turn_orders(entries, play, block, last, other)) return {};
    const auto projection = project(entries, now_s);
    if (!projection || sum_of_ends(*projection) > ends_s - kWorthwhile_s) continue;
    ++entries.at(other).overtaken;
    entries_ = std::move(entries);
    return {play, other};
  }
  return {};
}

}  // namespace promenade::planning
