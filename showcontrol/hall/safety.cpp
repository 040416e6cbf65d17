// Levels: evaluated when a viewer's bundle arrives, for him and for those near him; told at once when they rise.

#include <algorithm>
#include <array>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

using tracking::Cause;
using tracking::Concern;
using tracking::Evaluation;
using tracking::Level;
using tracking::Neighbour;

namespace {
constexpr std::size_t kNearMax = 32;
constexpr double kAgain_m = 4.0;           // who is nearer than this to a viewer who moved is evaluated again
constexpr double kPanicReach_m = 4.3;      // contact within 2 s at the possible speed
constexpr double kStill_mps = 0.3;
constexpr double kReleaseApart_m = 1.3;    // beyond every distance that pauses
constexpr base::Duration kSilent{1'000'000};
constexpr base::Duration kLiftEnds{5'000'000};  // longer than a head must be low to count

// Who is still being fitted is in an attendant's hands: a stop that somebody must release would say nothing to him.
Evaluation at_most_pause(const Evaluation& full) {
  Evaluation capped;
  for (Concern concern : full.concerns()) {
    concern.level = std::min(concern.level, Level::pause);
    capped.add(concern);
  }
  return capped;
}

// Not only because the other one of his pair is: what he is told names one cause of several.
bool is_held_himself(const Visit& visit) {
  for (std::size_t i = 0; i < tracking::kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (cause != Cause::companion && visit.filter.level_of(cause) >= Level::pause) return true;
  }
  return false;
}
}  // namespace

// What he is shown: the hall's order or, while it is heard, what his headset found by itself.
Concern Hall::State::effective(const Visit& visit, const Headset& headset) const {
  const protocol::HeadsetState& newest = headset.newest();
  const bool own = headset.heard_ever() && now - headset.heard() < kSilent && newest.level > visit.ordered.level;
  return own ? Concern{newest.level, newest.cause, 0.0, 0.0} : visit.ordered;
}

// Running and falling bring staff, once each time, whatever else raises the level.
void Hall::State::call_staff(Visit& visit, const tracking::Body& body, const tracking::Condition& condition) {
  const tracking::SafetyLimits& limits = config.venue.safety;
  const auto tell = [&](bool& told, bool begins, bool lasts, std::string_view text, std::string_view what_to_do, std::string_view code) {
    if (begins && !told) note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{}, std::string(text), std::string(what_to_do), std::string(code));
    told = begins || (told && lasts);
  };
  const bool low = condition.falling || condition.head_low_s >= limits.low_head_s;
  tell(visit.running, tracking::length(body.velocity) > limits.running_mps, visit.filter.level_of(Cause::running) >= Level::pause,
       "A viewer is running.", "Stop him; calm him before he goes on.", "viewer-running");
  tell(visit.fallen, low && !condition.low_is_fine, condition.head_low_s > 0.0, "A viewer has fallen, or is down on the floor.", "Go to the viewer.", "viewer-fallen");
}

tracking::Condition Hall::State::condition_of(const Visit& visit, const Headset& headset, const tracking::Body& body) const {
  tracking::Condition condition;
  const Course* course = course_of(visit);
  const bool walks = course != nullptr && !visit.play->out && under_way(visit.phase);
  if (body.zone == tracking::Zone::floor || body.zone == tracking::Zone::chair) {
    if (walks) {
      condition.stray_m = stray_m(*course, visit.play->walked, body.position, visit.play->place);
    } else if (before_start(visit.phase)) {
      condition.stray_m = tracking::nearest_on_outline(config.venue.kitting, body.position).distance_m;
    }
  }
  condition.tracking_lost_s = headset.tracking_lost_s(now);
  condition.calibration = headset.calibration();
  condition.head_low_s = headset.posture().head_low_s(now);
  condition.falling = headset.posture().falling();
  condition.low_is_fine = body.zone != tracking::Zone::floor || (walks && course->seat != Course::kNoSeat);
  condition.worn = headset.newest().worn;
  return condition;
}

void Hall::State::add_commands(const Visit& visit, const Headset& headset, const tracking::Body* body, Evaluation& evaluation) const {
  if (mode.evacuate) evaluation.add({Level::evacuate, Cause::fire, 0.0, 0.0});
  if (mode.stopped) evaluation.add({Level::stop, Cause::operator_command, 0.0, 0.0});
  if (mode.paused) evaluation.add({Level::pause, Cause::operator_command, 0.0, 0.0});
  if (visit.stopped) evaluation.add({Level::stop, visit.stop_cause, 0.0, 0.0});
  if (visit.panic) evaluation.add({Level::stop, Cause::panic, 0.0, 0.0});
  if (visit.staff_paused) evaluation.add({Level::pause, Cause::operator_command, 0.0, 0.0});
  // Until staff have said what becomes of him and have looked at his place.
  if (visit.interrupted && !mode.evacuate) evaluation.add({Level::stop, Cause::operator_command, 0.0, 0.0});
  if (visit.unopened_gate) evaluation.add({Level::pause, Cause::stray, 0.0, 0.0});
  // Who has not been heard since a restart could not be told: his film goes on as far as his authority.
  if (body != nullptr && headset.heard_ever() && now - headset.heard() >= kSilent) evaluation.add({Level::pause, Cause::link_lost, 0.0, 0.0});
  if (visit.party == 0 || !under_way(visit.phase)) return;
  for (const auto& [id, other] : visits) {
    if (other.party != visit.party || other.child == visit.child || !under_way(other.phase)) continue;
    if (companion_of(visit) != &other && companion_of(other) != &visit) continue;
    if (is_held_himself(other)) evaluation.add({Level::pause, Cause::companion, 0.0, 0.0});
  }
}

void Hall::State::evaluate(Visit& visit, const Headset& headset) {
  const double since_s = visit.evaluated_once ? std::min(1.0, base::to_seconds(now - visit.evaluated)) : 0.0;
  visit.evaluated = now;
  visit.evaluated_once = true;
  if (under_way(visit.phase)) {
    counts.level_seconds[static_cast<std::size_t>(visit.ordered.level)] += since_s;
    count_viewer_time(visit, since_s);
  }
  if (film_runs(visit.phase) && visit.play && !visit.interrupted) {  // what an evacuation takes is no part of the film
    visit.play->shown_s += since_s;
    if (headset.newest().worn && now - headset.heard() < kSilent) visit.play->worn_s += since_s;
  }
  const tracking::Body* body = bodies.find(visit.body);
  Evaluation evaluation;
  std::array<Neighbour, kNearMax> near;
  std::optional<std::span<const Neighbour>> watched;  // for near misses, once he has been told his level
  if ((body != nullptr || visit.counted_out) && visit.phase >= Phase::calibrated && visit.lost) {
    // Where he is nobody knows: there is nothing to tell him but to stand still.
    const bool heard = headset.heard_ever() && now - headset.heard() < kSilent;
    evaluation.add({Level::pause, !heard ? Cause::link_lost : headset.newest().worn ? Cause::tracking_lost : Cause::not_worn, 0.0, 0.0});
  } else if (visit.awaited) {
    // Restored at the place of his last record, which says nothing of where he is now; his headset guards him. Only a
    // headset that is heard and has no place itself is a reason to stop him.
    const bool placeless = headset.calibration() == tracking::CalibrationState::none || headset.tracking_lost_s(now) >= config.venue.safety.tracking_pause_s;
    if (headset.heard_ever() && placeless) evaluation.add({Level::pause, Cause::tracking_lost, 0.0, 0.0});
  } else if (body != nullptr && visit.phase >= Phase::calibrated) {
    std::size_t count = bodies.near(body->position, tracking::kInterestRadius_m, visit.body, near);
    if (before_start(visit.phase)) {
      // In the kitting area he stands among people who see him; only those who walk blind can come upon him.
      const auto end = std::remove_if(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), [this](const Neighbour& one) {
        const Visit* other = viewer_body(one.body->id);
        return other == nullptr || before_start(other->phase);
      });
      count = static_cast<std::size_t>(end - near.begin());
    }
    // Nor does the place of one who is awaited call for more than standing still until he is heard.
    const auto middle = std::partition(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), [this](const Neighbour& one) {
      const Visit* other = viewer_body(one.body->id);
      return other == nullptr || !other->awaited;
    });
    const std::span<const Neighbour> neighbours(near.begin(), middle);
    const tracking::Condition condition = condition_of(visit, headset, *body);
    evaluation = tracking::evaluate(*body, condition, neighbours, config.venue, now, &wall_grid);
    for (const Neighbour& awaited : std::span(near).subspan(neighbours.size(), count - neighbours.size())) {
      Concern concern = tracking::view_pair(*body, awaited, condition, config.venue, now).concern;
      concern.level = std::min(concern.level, Level::pause);
      evaluation.add(concern);
    }
    for (const BodyId id : runners) {  // who is not near, and could be within the horizon
      const tracking::Body* runner = bodies.find(id);
      if (runner == nullptr || id == visit.body) continue;
      const double gap_m = tracking::distance(runner->position, body->position);
      if (gap_m <= tracking::kInterestRadius_m || gap_m > tracking::interest_m(*runner, config.venue.safety)) continue;
      evaluation.add(tracking::view_pair(*body, {runner}, condition, config.venue, now).concern);
    }
    if (before_start(visit.phase) && body->zone == tracking::Zone::kitting) evaluation = at_most_pause(evaluation);
    if (under_way(visit.phase)) {
      call_staff(visit, *body, condition);
      watched = neighbours;
    }
  }
  add_commands(visit, headset, body, evaluation);
  if (under_way(visit.phase) && must_yield(visit)) evaluation.add({Level::pause, Cause::body, 0.0, visit.ordered.bearing_rad});
  if (visit.lifted != 0) evaluation = with_lifted(visit, evaluation);
  order(visit, visit.filter.update(now, evaluation));
  watch_long_hold(visit);
  watch_drift(visit, headset);
  const BodyId first = steps_away_first(visit);
  visit.stay = !first.is_none() && first != visit.body;
  if (!first.is_none()) visit.yields_to = visit.stay ? first : BodyId{};
  if (watched) watch_near_misses(visit, *body, *watched);
}

// What staff have lifted warns at most. It counts again once it has been gone for a while: then it is a new one.
Evaluation Hall::State::with_lifted(Visit& visit, const Evaluation& full) {
  Evaluation capped;
  for (Concern concern : full.concerns()) {
    const auto cause = static_cast<std::size_t>(concern.cause);
    if ((visit.lifted >> cause & 1U) != 0) {
      visit.lifted_seen[cause] = now;
      concern.level = std::min(concern.level, Level::warn);
    }
    capped.add(concern);
  }
  for (std::size_t cause = 0; cause < tracking::kCauseCount; ++cause) {
    const auto bit = static_cast<std::uint16_t>(1U << cause);
    if ((visit.lifted & bit) != 0 && now - visit.lifted_seen[cause] >= kLiftEnds) visit.lifted = static_cast<std::uint16_t>(visit.lifted & ~bit);
  }
  return capped;
}

void Hall::State::evaluate_near(const Visit& visit) {
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr || visit.phase < Phase::calibrated) return;
  std::array<Neighbour, kNearMax> near;
  const std::size_t count = bodies.near(body->position, kAgain_m, visit.body, near);
  for (std::size_t i = 0; i < count; ++i) {
    Visit* other = viewer_body(near[i].body->id);
    if (other == nullptr || !under_way(other->phase)) continue;
    evaluate(*other, headsets.at(other->headset));
  }
}

void Hall::State::order(Visit& visit, Concern concern) {
  const Concern before = visit.ordered;
  visit.ordered = concern;
  if (concern.level <= before.level) return;
  if (before.level == Level::clear) visit.warned_since = now;
  ++counts.level_entries[static_cast<std::size_t>(concern.level)];
  if (concern.level >= Level::pause && before.level < Level::pause && visit.play && film_runs(visit.phase)) ++visit.play->interruptions;
  const NoteKind kind = concern.level >= Level::stop ? NoteKind::alarm : NoteKind::level_change;
  if (under_way(visit.phase) || kind == NoteKind::alarm) {
    // Staff need no alarm for what they did themselves, nor one for each of those whom another's panic stops.
    const bool known = concern.cause == Cause::operator_command || concern.cause == Cause::fire || concern.cause == Cause::panic || concern.cause == Cause::companion;
    note(kind, visit.headset, visit.play ? visit.play->id : PlayId{},
         base::formatted("Level {} because of {}.", tracking::to_string(concern.level), tracking::to_string(concern.cause)), std::string(tracking::what_clears(concern.cause)),
         kind == NoteKind::alarm && !known ? base::formatted("stop-{}", tracking::to_string(concern.cause)) : std::string());
  }
  Headset& headset = headset_of(visit.headset);
  if (headset.is_connected()) send_state(headset);
}

void Hall::State::begin_panic(Visit& visit) {
  if (visit.panic) return;
  visit.panic = true;
  unwritten.visits.insert(visit.viewer);
  note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{}, "A viewer asks for help.", "Go to the viewer; release him when he is well.", "viewer-panic");
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr) return;
  const HallPoint at = body->position;
  for (auto& [id, other] : visits) {
    const tracking::Body* theirs = bodies.find(other.body);
    if (id == visit.viewer || theirs == nullptr || !under_way(other.phase)) continue;
    if (tracking::distance(theirs->position, at) > kPanicReach_m) continue;
    other.stopped = true;
    other.stop_cause = Cause::panic;
    unwritten.visits.insert(id);
    evaluate(other, headsets.at(other.headset));
  }
}

base::Result<void> Hall::State::may_release(const Visit& visit, const Headset& headset) const {
  if (mode.evacuate) return base::fail("hall-evacuating", "The hall is being evacuated.");
  if (mode.stopped) return base::fail("hall-stopped", "The hall is stopped.", "End the hall stop first, then release viewers one by one.");
  if (visit.interrupted && (visit.settlement == protocol::Settlement::rebook || visit.settlement == protocol::Settlement::refund)) {
    return base::fail("settled", "This ticket was rebooked or paid back.", "Lead the viewer out and take the headset back.");
  }
  const Course* course = visit.interrupted ? course_of(visit) : nullptr;
  if (course != nullptr && !visit.play->out && visit.head_known && stray_m(*course, visit.play->walked, visit.last_head, visit.play->place) >= config.venue.safety.stray_warn_m) {
    return base::fail("not-at-place", "The viewer is not at his place.", "Lead him to the place shown on the plan, then release him.");
  }
  if (mode.paused) return base::fail("hall-paused", "The whole hall is paused.", "Let all go on first.");
  if (!headset.heard_ever() || now - headset.heard() >= kSilent) return base::fail("headset-silent", "The headset is not heard.", "Wait for it, or swap it.");
  if (visit.phase < Phase::calibrated) return {};
  if (!headset.calibrated()) return base::fail("place-unknown", "The headset does not know its place.", "Touch both marks.");
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr) return {};
  if (tracking::length(body->velocity) > kStill_mps) return base::fail("viewer-moves", "The viewer is not standing still.", "Hold him and try again.");
  std::array<Neighbour, 8> near;
  const std::size_t count = bodies.near(body->position, kReleaseApart_m, visit.body, near);
  for (std::size_t i = 0; i < count; ++i) {
    const tracking::Body& other = *near[i].body;
    const bool group = !body->group.is_none() && other.group == body->group;  // they see each other
    if (tracking::sees_hall(other.kind) || other.hand_pair == body->id || group) continue;
    return base::fail("somebody-near", "Another person is too near.", "Lead one of them away first.");
  }
  return {};
}

}  // namespace promenade::hall
