// Honest waits: what somebody is told who chooses a film now, and what is learned from how long it took.

#include <algorithm>
#include <array>
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

// How a factor and a time learn: each start later than told raises it, each other one lowers it a little, so that in the
// long run the share that it is for starts no later than told, what everybody takes for punctual aside. The time by which
// nearly all have started hangs so little on how many are before one, and so much on which films find room, that it is
// learned by itself.
struct Learning {
  double share, step, late_s, least, most;
};
constexpr Learning kLikely{0.5, 0.05, 0.0, 0.2, 4.0};
constexpr Learning kAtMost{0.97, 0.2, 20.0, 30.0, 3600.0};  // for nineteen of twenty: what is learned comes late

// What the planner said of a film's room is asked again after this, while somebody chooses and while nobody does (then staff
// tell it to people at the door), and believed for so long.
constexpr base::Duration kLookAgain{8'000'000};
constexpr base::Duration kLookAgainIdle{120'000'000};
constexpr base::Duration kLookGood{150'000'000};

void learn_late(double& value, bool late, const Learning& how) {
  value = std::clamp(value * (1.0 + how.step * (late ? how.share : how.share - 1.0)), how.least, how.most);
}

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

bool Hall::State::is_seated(const base::FilmId& film_id) const {
  const Film* one = film(film_id);
  return one != nullptr && one->manifest.kind == package::FilmKind::seated;
}

// One question at a time, and only when nobody waits for an answer: of the films whose look is due, the one that was looked
// at longest ago.
bool Hall::State::look_for_room() {
  const auto chooser = std::ranges::find(visits, Phase::choosing, [](const auto& one) { return one.second.phase; });
  const bool choosing = chooser != visits.end();
  const Film* due = nullptr;
  HallTime due_at = now - (choosing ? kLookAgain : kLookAgainIdle);
  for (const auto& [id, one] : films) {
    if (one->manifest.kind != package::FilmKind::walking) continue;
    const auto last = looks.find(id);
    if (last != looks.end() && last->second.at >= due_at) continue;
    due = one;
    due_at = last == looks.end() ? HallTime{} : last->second.at;
    if (last == looks.end()) break;
  }
  if (due == nullptr) return false;
  PlanInFlight asked;
  asked.film = due->manifest.film;
  asked.look = true;
  ask(std::move(asked), request_for(*due, choosing ? start_of(chooser->second) : muster));
  return true;
}

bool Hall::State::waits_before(const Visit& visit, std::optional<HallTime> chosen) const {
  return may_plan(visit) && (!chosen || *visit.chosen < *chosen);
}

std::size_t Hall::State::waiting_before(std::optional<HallTime> chosen, bool seated) const {
  return static_cast<std::size_t>(std::ranges::count_if(visits, [&](const auto& one) { return waits_before(one.second, chosen) && is_seated(one.second.film) == seated; }));
}

// Nothing while the same film is waited for by somebody before him, or room is kept for anybody: what is free now is theirs.
const RoomLook* Hall::State::room_for(const base::FilmId& film_id, std::optional<HallTime> chosen) const {
  const auto found = looks.find(film_id);
  if (found == looks.end() || !found->second.start || now > found->second.at + kLookGood) return nullptr;
  const HallTime kept_since = now - base::from_seconds(admission_rules().keep_room_after_s);
  const bool before_him = std::ranges::any_of(visits, [&](const auto& one) {
    const Visit& visit = one.second;
    return waits_before(visit, chosen) && (visit.film == film_id || (*visit.chosen < kept_since && !is_seated(visit.film)));
  });
  return before_him ? nullptr : &found->second;
}

ExpectedWait Hall::State::expected_wait(const base::FilmId& film_id, std::optional<HallTime> chosen) const {
  ExpectedWait wait;
  const RoomLook* room = room_for(film_id, chosen);
  const std::size_t walkers_before = waiting_before(chosen, false);
  wait.kind = is_seated(film_id) ? WaitKind::chair : room == nullptr ? WaitKind::no_room : walkers_before > 0 ? WaitKind::contested : WaitKind::room;
  const auto kind = static_cast<std::size_t>(wait.kind);
  const double wait_s = room != nullptr ? std::max(kWayIn_s, base::to_seconds(*room->start - now)) : wait_in_turn_s(film_id, walkers_before);
  const double chair_s = wait.kind == WaitKind::chair ? chair_free_s(film_id, chosen) : 0.0;
  wait.likely = base::from_seconds(chair_s + wait_s * likely_factor[kind]);
  wait.at_most = std::max(wait.likely, base::from_seconds(chair_s + at_most_s[kind]));
  return wait;
}

// Until a chair is free for him, after those who wait for one before him.
double Hall::State::chair_free_s(const base::FilmId& film_id, std::optional<HallTime> chosen) const {
  if (config.venue.seats.empty()) return 0.0;
  std::vector<double> free_s = seats_free_s();
  std::ranges::sort(free_s);
  const std::size_t seats = free_s.size();
  const Film* shown = film(film_id);
  const double each_s = (shown == nullptr ? 0.0 : shown->manifest.length_s) + kChangeover_s;
  const std::size_t before = waiting_before(chosen, true);
  return free_s[before % seats] - now_s() + each_s * static_cast<double>(before / seats);
}

double Hall::State::wait_in_turn_s(const base::FilmId& film_id, std::size_t walkers_before) const {
  double wait_s = config.limits.plan_lead_s + kWayIn_s;
  // A chair is planned for once it is free within the time that the planner looks ahead, whoever walks meanwhile.
  wait_s += std::max(kEachBefore_s, turn_s) * static_cast<double>(walkers_before) * (is_seated(film_id) ? 0.5 : 1.0);
  for (const auto& [id, course] : courses) {
    if (course.closed || course.members.empty()) continue;
    const auto first = visits.find(course.members.front());
    const bool begun = first != visits.end() && first->second.play && first->second.play->started;
    if (!begun) wait_s += course.seat == Course::kNoSeat ? kEachBefore_s : kEachSeated_s;
    else if (course.seat == Course::kNoSeat) wait_s += kEachUnderWay_s;
  }
  return wait_s;
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

// Whoever is not in his film by the time that he was told: learned from at once, however long he still waits.
void Hall::State::learn_from_the_late() {
  for (auto& [id, visit] : visits) {
    const bool waits = visit.chosen && visit.first_told && visit.phase >= Phase::waiting && before_start(visit.phase);
    if (!waits || visit.late_learned || now <= *visit.first_told + base::from_seconds(kAtMost.late_s)) continue;
    visit.late_learned = true;
    learn_late(at_most_s[static_cast<std::size_t>(visit.told_kind)], true, kAtMost);
  }
}

void Hall::State::learn_wait(const Visit& visit) {
  if (!visit.chosen || !visit.first_told) return;
  const auto kind = static_cast<std::size_t>(visit.told_kind);
  if (visit.first_likely) learn_late(likely_factor[kind], now > *visit.first_likely, kLikely);
  if (!visit.late_learned) learn_late(at_most_s[kind], now > *visit.first_told + base::from_seconds(kAtMost.late_s), kAtMost);
}

}  // namespace promenade::hall
