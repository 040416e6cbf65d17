#include "tests/bench/planned_plays.h"

#include <algorithm>

#include "showcontrol/hall/course_motion.h"

namespace promenade::bench {
namespace {

using protocol::BlockStage;

constexpr double kReadyAhead_s = 2.0, kNearStop_m = 2.0, kOvertakeEvery_s = 1.0;  // the hall's
constexpr double kNotYetThere_m = 0.01;

}  // namespace

const PlannedPlay* PlannedPlays::find(base::PlayId id) const {
  const auto at = plays_.find(id);
  return at == plays_.end() ? nullptr : &at->second;
}

bool PlannedPlays::add(const planning::PlanAnswer& answer, const hall::Film& film, std::vector<std::size_t> slots, double now_s) {
  const planning::PlayPlan& plan = *answer.plan;
  if (!interlocking_.add(plan, answer.retimed, now_s)) return false;
  PlannedPlay one;
  one.course.id = plan.play;
  one.course.film = film.manifest.film;
  one.course.shown = &film;
  one.course.plan = plan;
  one.slots = std::move(slots);
  plays_.emplace(plan.play, std::move(one));
  return true;
}

void PlannedPlays::remove(base::PlayId id) {
  interlocking_.remove(id);
  plays_.erase(id);
}

// Of several, who is least far.
std::pair<hall::Walked, std::size_t> PlannedPlays::last_of(const PlannedPlay& one) const {
  std::pair last{walking_.walked(one.slots.front()), one.slots.front()};
  for (const std::size_t slot : one.slots) {
    const hall::Walked walked = walking_.walked(slot);
    if (hall::is_ahead(last.first, walked)) last = {walked, slot};
  }
  return last;
}

double PlannedPlays::along_m(const PlannedPlay& one, const hall::Walked& walked, std::size_t slot) const {
  const hall::Course& course = one.course;
  const planning::Block& block = course.plan.blocks[std::min<std::size_t>(walked.block, course.blocks() - 1)];
  if (walked.stage != BlockStage::walking) return block.length_m;
  return std::min(hall::along_block_m(block, walked, walking_.known(slot), one.place_of(slot)), std::max(0.0, block.length_m - kNotYetThere_m));
}

double PlannedPlays::remaining_s(const PlannedPlay& one) const {
  double most = 0.0;
  for (const std::size_t slot : one.slots) most = std::max(most, hall::remaining_stay_s(one.course, walking_.walked(slot)));
  return most;
}

void PlannedPlays::report(double now_s) {
  for (const auto& [id, one] : plays_) {
    if (!one.under_way) continue;
    const auto [last, slot] = last_of(one);
    if (last.stage == BlockStage::before || static_cast<int>(last.block) > one.course.granted_gate) continue;
    interlocking_.progress(id, last.block, along_m(one, last, slot), now_s);
    if (last.stage == BlockStage::in_scene) interlocking_.expect_ready(id, now_s + remaining_s(one));
  }
}

bool PlannedPlays::gate_is_due(const PlannedPlay& one, double now_s) const {
  const hall::Course& course = one.course;
  if (course.granted_gate < 0) return now_s >= course.plan.enter_s[0] && !walking_.crowded(course.plan.blocks[0].path.front());
  const auto [last, slot] = last_of(one);
  const bool on_way = last.block < course.first_scene() || last.block >= course.scenes();
  const bool nears = on_way && last.stage == BlockStage::walking && along_m(one, last, slot) + kNearStop_m > course.plan.blocks[last.block].length_m;
  if (static_cast<int>(last.block) != course.granted_gate || (last.stage != BlockStage::in_scene && !nears)) return false;
  return remaining_s(one) <= kReadyAhead_s && std::ranges::all_of(one.slots, [&](std::size_t each) { return walking_.may_go_on(each); });
}

void PlannedPlays::open_gates(double now_s) {
  for (auto& [id, one] : plays_) {
    hall::Course& course = one.course;
    const int gate = course.granted_gate + 1;
    if (gate >= static_cast<int>(course.blocks()) || !gate_is_due(one, now_s)) continue;
    const auto block = static_cast<std::size_t>(gate);
    if (gate > 0 && course.plan.choice_open_at(block - 1)) {  // they all go the first way
      interlocking_.choose(id, 0);
      course.plan.choose(block - 1, 0);
    }
    if (!interlocking_.may_enter(id, block).open && now_s >= base::seconds_since_zero(course.next_overtake)) {
      course.next_overtake = base::hall_time(now_s + kOvertakeEvery_s);
      interlocking_.overtake(id, block, now_s);
    }
    if (!interlocking_.may_enter(id, block).open) continue;
    interlocking_.grant(id, block);
    course.granted_gate = gate;
    if (gate > 0) continue;
    one.under_way = true;
    walking_.set_out(one);
  }
}

std::vector<base::PlayId> PlannedPlays::walked_out() const {
  std::vector<base::PlayId> out;
  for (const auto& [id, one] : plays_) {
    const auto done = [&](std::size_t slot) { return walking_.walked(slot).stage == BlockStage::done; };
    if (one.under_way && std::ranges::all_of(one.slots, done)) out.push_back(id);
  }
  return out;
}

}  // namespace promenade::bench
