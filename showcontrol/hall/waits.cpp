// Honest waits: what somebody is told who chooses a film now, and what is learned from how long it took.

#include <algorithm>
#include <vector>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

namespace {

// Measured over twelve rehearsed busy hours of the 420 m² hall (`promenade-rehearse day --busy`), by least absolute
// deviation. Plays that have not begun use the ways in one after the other; those under way make films be laid farther
// off and hold newcomers at crossings.
constexpr double kWayIn_s = 15.0;      // into an empty hall
constexpr double kEachBefore_s = 7.0;  // for everybody before him who has not begun, in the queue or on his way in
constexpr double kEachSeated_s = 3.5;  // for one whose film is seated: his way is to the wall
constexpr double kEachUnderWay_s = 2.5;
constexpr double kChangeover_s = 30.0; // from one viewer of a chair to the next

// How the factor learns: each start later than told raises it, each other one lowers it a little, so that in the long run
// four of five start no later than told, kLate_s aside.
constexpr double kLearn = 0.05;
constexpr double kNoLaterShare = 0.8;
constexpr double kLate_s = 20.0;       // what everybody takes for punctual
constexpr double kFactorLeast = 0.4, kFactorMost = 4.0;

// A hall that is full gives starts as others end, however many it could place in an empty one: the mean time from one to
// the next while somebody waits, over about the last eight.
constexpr double kTurnLearn = 0.12;
constexpr double kTurnMost_s = 600.0;

}  // namespace

std::vector<double> Hall::State::seats_free_s() const {
  std::vector<double> free_s(config.venue.seats.size(), now_s());
  for (const auto& [id, course] : courses) {
    if (course.seat == Course::kNoSeat || course.closed) continue;
    double left = now_s();
    for (const ViewerId member : course.members) {
      const auto visit = visits.find(member);
      if (visit != visits.end() && visit->second.play) left = std::max(left, now_s() + remaining_s(course, visit->second.play->walked, 0.0));
    }
    const bool not_started = course.granted_gate < 0;
    free_s[course.seat] = std::max(free_s[course.seat], not_started ? course.plan.end_s : left);
  }
  return free_s;
}

base::Duration Hall::State::expected_wait(const base::FilmId& film_id, std::optional<HallTime> chosen) const {
  const auto is_seated = [this](const base::FilmId& id) {
    const Film* one = film(id);
    return one != nullptr && one->manifest.kind == package::FilmKind::seated;
  };
  const bool seated = is_seated(film_id);
  std::size_t walkers_before = 0, sitters_before = 0;
  for (const auto& [id, visit] : visits) {
    if (visit.phase != Phase::waiting || visit.play || (chosen && visit.chosen && *visit.chosen >= *chosen)) continue;
    ++(is_seated(visit.film) ? sitters_before : walkers_before);
  }
  double wait_s = config.limits.plan_lead_s + kWayIn_s;
  // A chair is planned for once it is free within the time that the planner looks ahead, whoever walks meanwhile.
  wait_s += std::max(kEachBefore_s, turn_s) * static_cast<double>(walkers_before) * (seated ? 0.5 : 1.0);
  for (const auto& [id, course] : courses) {
    if (course.closed || course.members.empty()) continue;
    const auto first = visits.find(course.members.front());
    const bool begun = first != visits.end() && first->second.play && first->second.play->started;
    if (!begun) wait_s += course.seat == Course::kNoSeat ? kEachBefore_s : kEachSeated_s;
    else if (course.seat == Course::kNoSeat) wait_s += kEachUnderWay_s;
  }
  wait_s *= wait_factor;
  if (seated && !config.venue.seats.empty()) {
    std::vector<double> free_s = seats_free_s();
    std::ranges::sort(free_s);
    const std::size_t seats = free_s.size();
    const Film* shown = film(film_id);
    const double each_s = (shown == nullptr ? 0.0 : shown->manifest.length_s) + kChangeover_s;
    wait_s += free_s[sitters_before % seats] - now_s() + each_s * static_cast<double>(sitters_before / seats);
  }
  return base::from_seconds(wait_s);
}

void Hall::State::learn_turn(std::size_t viewers) {
  if (last_turn) {
    const double each_s = std::min(kTurnMost_s, base::to_seconds(now - *last_turn)) / static_cast<double>(viewers);
    turn_s = turn_s <= 0.0 ? each_s : turn_s + kTurnLearn * (each_s - turn_s);
  }
  const bool others_wait = std::ranges::any_of(visits, [&](const auto& one) {
    const Film* chosen = film(one.second.film);
    return may_plan(one.second) && chosen != nullptr && chosen->manifest.kind == package::FilmKind::walking;
  });
  last_turn = others_wait ? std::optional(now) : std::nullopt;
}

void Hall::State::learn_wait(const Visit& visit) {
  if (!visit.chosen || !visit.first_told) return;
  const bool late = now > *visit.first_told + base::from_seconds(kLate_s);
  wait_factor *= 1.0 + kLearn * (late ? kNoLaterShare : kNoLaterShare - 1.0);
  wait_factor = std::clamp(wait_factor, kFactorLeast, kFactorMost);
}

}  // namespace promenade::hall
