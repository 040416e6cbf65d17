// Closing time: staff say by when everybody is to be out. What might end later in the worst case of what runs is not
// started, and everybody is told beforehand until when each film can still be chosen.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/box.h"

namespace promenade::hall {

namespace {

// The worst case: everybody takes so many times as long as planned for all that is before him. Times of people on one
// route spread by up to 23 % (planning-and-safety.md); twice that is slower than all but one or two of a hundred, and here
// all are so slow at once. Somebody who stops for good is led out by an attendant and is nobody's worst case.
constexpr double kSlowest = 1.46;
constexpr base::Duration kLookEvery{1'000'000};
constexpr double kWaysAcross = 2.0;  // in and out together, of the hall's diagonal: round others, and to a film that lies far off

}  // namespace

static double last_end_s(const std::vector<planning::ProjectedPlay>& plays) {
  double last_s = 0.0;
  for (const planning::ProjectedPlay& play : plays) {
    last_s = std::max(last_s, play.plan.end_s);
    for (const planning::Branch& branch : play.plan.branches) last_s = std::max(last_s, branch.end_s);
  }
  return last_s;
}

// When the film must start at the latest, counted from a viewer's setting out.
std::optional<HallTime> Hall::State::latest_start(const base::FilmId& film_id) const {
  const Film* shown = film(film_id);
  if (!mode.closing || shown == nullptr) return std::nullopt;
  double speed_mps = package::Route{}.walk_speed_mps, length_s = shown->manifest.length_s;
  if (shown->manifest.route) {
    const package::Route& route = *shown->manifest.route;
    speed_mps = route.walk_speed_mps;
    for (const std::vector<std::uint32_t>& scenes : package::complete_routes(route)) length_s = std::max(length_s, package::nominal_length_s(package::along(route, scenes)));
  }
  const tracking::Box box = tracking::box_of(config.venue.boundary);
  return *mode.closing - base::from_seconds(kSlowest * (length_s + kWaysAcross * tracking::distance(box.low, box.high) / speed_mps));
}

std::optional<HallTime> Hall::State::last_admission(const base::FilmId& film_id) const {
  const auto start = latest_start(film_id);
  if (!start) return std::nullopt;
  const ExpectedWait wait = expected_wait(film_id);
  return *start - std::max(wait.at_most, base::from_seconds(kSlowest * base::to_seconds(wait.likely)));
}

bool Hall::State::past_last_admission(const base::FilmId& film_id) const {
  const auto last = last_admission(film_id);
  return last && now > *last;
}

bool Hall::State::has_film_before_closing(const Visit& visit) const {
  return std::ranges::any_of(visit.allowed, [&](const base::FilmId& film_id) { return film(film_id) != nullptr && !past_last_admission(film_id); });
}

std::optional<HallTime> Hall::State::all_out() const {
  if (!mode.closing || interlocking.plays().empty()) return std::nullopt;
  return base::hall_time(last_end_s(interlocking.projected(now_s(), kSlowest)));
}

// With a new play in it, the hall is empty at closing time, or no later than it would have been.
bool Hall::State::ends_before_closing(const planning::PlanAnswer& answer) const {
  if (!mode.closing) return true;
  const auto with = interlocking.projected_with(*answer.plan, answer.retimed, now_s(), kSlowest);
  if (!with) return true;  // taken in it is not either, and asked for again
  const auto own = std::ranges::find(*with, answer.plan->play, [](const planning::ProjectedPlay& play) { return play.plan.play; });
  const double closing_s = base::seconds_since_zero(*mode.closing);
  if (last_end_s({*own}) > closing_s) return false;
  const double before_s = last_end_s(interlocking.projected(now_s(), kSlowest));
  return last_end_s(*with) <= std::max(closing_s, before_s);
}

// Who waits for a film that no longer goes is not left waiting: he chooses again where his ticket has a film that still does,
// and otherwise staff are told.
void Hall::State::turn_away(const std::vector<ViewerId>& members) {
  for (const ViewerId id : members) {
    Visit& visit = visit_of(id);
    const auto latest = latest_start(visit.film);
    if (!latest || now <= *latest) continue;  // a shorter way may still turn up
    if (has_film_before_closing(visit) && set_phase(visit, Phase::choosing)) {
      visit.chosen.reset();
      visit.first_told.reset();
      save(visit);
      note(NoteKind::info, visit.headset, {}, "His film would not end before closing time: he chooses another one.");
      continue;
    }
    call_for_the_late(visit);
  }
}

void Hall::State::call_for_the_late(Visit& visit) {
  visit.too_late = true;
  note(NoteKind::alarm, visit.headset, {}, "No film of his ticket would end before closing time: none is started.",
       "Take his headset back and let the box office rebook or refund his ticket, or set a later closing time.", "closing-soon");
}

// Who has come to the menu and finds nothing that he can choose any more.
void Hall::State::look_for_the_late() {
  if (!mode.closing || now < next_look_for_the_late) return;
  next_look_for_the_late = now + kLookEvery;
  for (auto& [id, visit] : visits) {
    if (visit.phase != Phase::choosing || visit.too_late || visit.allowed.empty()) continue;
    if (!has_film_before_closing(visit)) call_for_the_late(visit);
  }
}

}  // namespace promenade::hall
