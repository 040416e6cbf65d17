// The planning queue: parties that wait for each other, a fair order, one question to the planner at a time, and
// the commitment of its answer after a second look.

#include <algorithm>

#include "showcontrol/hall/records.h"
#include "showcontrol/hall/state.h"
#include "showcontrol/planning/admission.h"
#include "showcontrol/planning/hall_floor.h"
#include "showcontrol/protocol/codec.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

std::vector<Hall::State::Turn> Hall::State::turns() const {
  std::vector<Turn> found;
  std::map<std::pair<std::uint16_t, base::FilmId>, std::vector<ViewerId>> parties;
  for (const auto& [id, visit] : visits) {
    const Film* chosen_film = film(visit.film);
    if (!may_plan(visit) || chosen_film == nullptr || group_to_join(visit) != nullptr) continue;
    const bool shares = visit.party != 0 && chosen_film->manifest.route && chosen_film->manifest.route->group_max > 1;
    if (shares) parties[{visit.party, visit.film}].push_back(id);
    else found.push_back({{id}, visit.film, *visit.chosen, {false}, 0});
  }
  for (auto& [who, waiting] : parties) {
    for (Turn& turn : group_turns(who.first, *film(who.second), std::move(waiting))) found.push_back(std::move(turn));
  }
  std::erase_if(found, [&](const Turn& turn) { return visits.at(turn.members.front()).unfit && is_asked_later(turn.members.front()); });
  return found;
}

bool Hall::State::is_asked_later(ViewerId id) const {
  const auto later = plan_not_before.find(id);
  return later != plan_not_before.end() && now < later->second;
}

void Hall::State::plan_next() {
  look_for_the_late();
  learn_from_the_late();
  if (planning_now || mode.stopped || mode.evacuate || !mode.admission_open || store_failing) return;
  if (ask_join() || ask_for_waiting()) return;
  look_for_room();
}

bool Hall::State::ask_for_waiting() {
  std::vector<Turn> waiting = turns();
  if (waiting.empty()) return false;
  std::vector<planning::Waiting> queue;
  for (const Turn& turn : waiting) queue.push_back({PlayId(turn.members.front().value()), turn.film, base::seconds_since_zero(turn.joined)});
  const planning::Admission admission = planning::admission_order(queue, now_s(), admission_rules());
  for (const PlayId id : admission.order) {
    const auto turn = std::ranges::find_if(waiting, [&](const Turn& one) { return one.members.front().value() == id.value(); });
    if (is_asked_later(turn->members.front())) continue;  // his place before others he keeps
    // Room is kept for whoever has waited too long: until he is planned only seats are given to others.
    const Film* turn_film = film(turn->film);
    const bool walks = turn_film->manifest.kind == package::FilmKind::walking;
    if (!admission.room_kept_for.is_none() && id != admission.room_kept_for && walks) continue;
    if (ask_plan(*turn, static_cast<int>(std::ranges::count(waiting, turn->film, &Turn::film)) - 1)) return true;
  }
  return false;
}

planning::AdmissionRules Hall::State::admission_rules() const {
  planning::AdmissionRules rules;
  rules.patience_s = config.limits.plan_patience_s;
  return rules;
}

std::size_t Hall::State::best_seat(double& free_from_s) const {
  const std::vector<double> free_s = seats_free_s();
  const auto best = std::ranges::min_element(free_s);
  if (best == free_s.end()) return Course::kNoSeat;
  free_from_s = *best;
  return static_cast<std::size_t>(best - free_s.begin());
}

// A way begins where its viewer stands, so that nobody has to be led past others: in the kitting area, and moved off
// the wall where he stands nearer to it than plans may.
HallPoint Hall::State::start_of(const Visit& visit) const {
  constexpr double kStep_m = 0.6;  // the first step that a viewer is asked to make by himself
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr || !tracking::contains(config.venue.kitting, body->position)) return muster;
  HallPoint start = body->position;
  for (int corner = 0; corner < 2; ++corner) {
    const tracking::Nearest wall = config.venue.nearest_wall(start);
    const HallVec off = start - wall.point;
    const double length = tracking::length(off);
    if (wall.distance_m > config.venue.wall_margin_m || length < 1e-6) break;
    start = wall.point + off * ((config.venue.wall_margin_m + 0.05) / length);
  }
  const bool usable = config.venue.clearance_m(start) > config.venue.wall_margin_m && tracking::distance(start, body->position) <= kStep_m;
  return usable ? start : muster;
}

// Where ways from the kitting area to the floor come out, the shortest first: straight, so that nobody who waits is passed.
// Only where that is free floor.
std::vector<HallPoint> Hall::State::off_the_kitting(HallPoint from) const {
  constexpr double kBeyond_m = 0.05;
  const auto& outline = config.venue.kitting;
  std::vector<std::pair<double, HallPoint>> found;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const HallPoint a = outline[i];
    const HallPoint b = outline[(i + 1) % outline.size()];
    const HallPoint edge = tracking::nearest_on_segment(a, b, from);
    const HallVec way = edge - from;
    const double length = tracking::length(way);
    if (length < 1e-6) continue;
    const HallPoint beyond = edge + way * ((planning::kKittingClear_m + kBeyond_m) / length);
    if (config.venue.clearance_m(beyond) < config.venue.wall_margin_m || tracking::contains(outline, beyond)) continue;
    found.emplace_back(length, beyond);
  }
  std::ranges::stable_sort(found, {}, &std::pair<double, HallPoint>::first);
  std::vector<HallPoint> points;
  for (const auto& [length, beyond] : found) points.push_back(beyond);
  return points;
}

// By the nearest of them.
std::optional<HallPoint> Hall::State::straight_off(HallPoint from) const {
  const std::vector<HallPoint> points = off_the_kitting(from);
  return points.empty() ? std::nullopt : std::optional(points.front());
}

// A viewer who stands in the kitting area would be passed closely.
bool Hall::State::passes_somebody(ViewerId who, HallPoint from, HallPoint by) const {
  return std::ranges::any_of(visits, [&](const auto& one) {
    const tracking::Body* body = bodies.find(one.second.body);
    return one.first != who && body != nullptr && tracking::distance_to_segment_m(from, by, body->position) < config.venue.safety.kitting.warn_m;
  });
}

planning::PlanRequest Hall::State::request_for(const Film& wanted, HallPoint enter_from) const {
  planning::PlanRequest request;
  request.route = planned_route(wanted.manifest);
  request.earliest_s = now_s() + config.limits.plan_lead_s;
  request.enter_from = enter_from;
  request.enter_by = straight_off(enter_from);
  request.leave_to = config.venue.exit.at;
  request.wait_max_s = config.limits.plan_wait_max_s;
  return request;
}

bool Hall::State::ask_plan(const Turn& turn, int fellows) {
  const Film& wanted = *film(turn.film);
  PlanInFlight asked;
  planning::PlanRequest request = request_for(wanted, start_of(visits.at(turn.members.front())));
  if (wanted.manifest.kind == package::FilmKind::seated) {
    double free_from_s = 0.0;
    asked.seat = best_seat(free_from_s);
    if (asked.seat == Course::kNoSeat) return false;
    request.seat = config.venue.seats[asked.seat].at;
    request.earliest_s = std::max(request.earliest_s, free_from_s);
  }
  asked.members = turn.members;
  asked.hands = turn.hands;
  asked.film = turn.film;
  request.members = static_cast<int>(turn.members.size()) + turn.absent;
  request.fellows = fellows;
  for (std::size_t i = 0; request.members > 1 && i < turn.members.size(); ++i) {
    const HallPoint from = start_of(visits.at(turn.members[i]));
    std::vector<HallPoint> sides = off_the_kitting(from);
    std::erase_if(sides, [&](HallPoint by) { return passes_somebody(turn.members[i], from, by); });
    request.group.push_back({from, straight_off(from), std::move(sides), turn.hands[i]});
  }
  if (request.members > 1) request.group.resize(static_cast<std::size_t>(request.members));
  ask(std::move(asked), std::move(request));
  return true;
}

void Hall::State::ask(PlanInFlight asked, planning::PlanRequest request) {
  if (!asked.look) visit_of(asked.members.front()).unfit = false;
  asked.request = RequestId(next_request++);
  asked.course = PlayId(mode.next_play);
  if (!asked.look) ++mode.next_play;
  asked.asked = now;
  request.play = asked.course;
  request.film = asked.film;
  ++(asked.look ? counts.looks_asked : counts.plans_asked);
  // A look draws from the seed of plans nothing: whoever only looks changes nobody's plan.
  const std::uint64_t seed = asked.look ? asked.request.value() : random();
  out->push_back(AskPlan{asked.request, std::move(request), interlocking.snapshot(now_s()), config.limits.budget, seed});
  planning_now = std::move(asked);
}

void Hall::State::on(const PlanAnswered& event) {
  if (!planning_now || planning_now->request != event.request) return;
  const PlanInFlight asked = std::move(*planning_now);
  planning_now.reset();
  if (asked.look) {
    looks[asked.film] = {asked.asked, event.answer.plan ? std::optional(base::hall_time(event.answer.plan->start_s())) : std::nullopt};
    return;
  }
  // Whoever left meanwhile leaves the question moot: a group is asked for anew as it now is.
  const bool still = std::ranges::all_of(asked.members, [&](ViewerId id) {
    const auto visit = visits.find(id);
    return visit != visits.end() && visit->second.phase == Phase::waiting && !visit->second.play && visit->second.film == asked.film;
  });
  if (!still || !mode.admission_open || mode.evacuate) return;
  if (!event.answer.plan) {
    plan_not_before[asked.members.front()] = now + config.limits.plan_again_after;
    if (event.answer.placements_fitting == 0 && event.answer.placements_tried > 0 && asked.join_by == HallTime{}) {
      note(NoteKind::alarm, visit_of(asked.members.front()).headset, {},
           base::formatted("Film {} does not fit this hall: {}", asked.film.value(), event.answer.reasons.empty() ? std::string("no placement keeps the margins.") : event.answer.reasons.front()),
           "Offer the viewer another film.", "film-unfit");
      plan_not_before[asked.members.front()] = now + std::chrono::seconds(30);
      visit_of(asked.members.front()).unfit = true;
    }
    return;
  }
  if (!event.answer.plan->joins.is_none() && !may_join(asked, *event.answer.plan)) {
    plan_not_before[asked.members.front()] = now + config.limits.plan_again_after;
    return;
  }
  if (!ends_before_closing(event.answer)) {
    plan_not_before[asked.members.front()] = now + config.limits.plan_again_after;
    turn_away(asked.members);
    return;
  }
  std::map<PlayId, std::vector<std::vector<planning::OrderWait>>> orders_before;
  for (const PlayId id : interlocking.plays()) orders_before.emplace(id, interlocking.saved(id).waits);
  const auto added = interlocking.add(*event.answer.plan, event.answer.retimed, now_s());
  if (!added) {
    ++counts.plans_stale;
    return;  // he keeps his turn and is asked for again with a new snapshot
  }
  commit(asked, *event.answer.plan);
  // Plays that are now to wait for the new one, or to be held otherwise, have changed as well.
  std::vector<StateRecord> changed;
  for (const auto& [id, orders] : orders_before) {
    const auto course = courses.find(id);
    if (course == courses.end()) continue;
    const planning::SavedPlay& held = interlocking.saved(id);
    course->second.plan.enter_s = held.plan.enter_s;
    course->second.plan.end_s = held.plan.end_s;
    if (held.waits != orders) changed.push_back({"course", std::to_string(id.value()), to_record(course->second, &held)});
  }
  if (changed.empty()) return;
  Course& added_course = courses.at(asked.course);
  added_course.plan_token = persist(std::move(changed));
}

void Hall::State::commit(const PlanInFlight& asked, const planning::PlayPlan& plan) {
  Course course;
  course.id = asked.course;
  course.film = asked.film;
  course.shown = film(asked.film);
  course.plan = plan;
  course.plan.placement = protocol::wire_placement(plan.placement);  // what the headset will have
  course.plan.scale = protocol::wire_scale(plan.scale);
  course.members = asked.members;
  course.seat = asked.seat;
  course.committed = now;
  Course& kept = courses.emplace(course.id, std::move(course)).first->second;
  ++counts.plans_committed;
  const auto group = kept.plan.joins.is_none() ? courses.end() : courses.find(kept.plan.joins);
  if (group != courses.end()) {  // the film lies where his group has it
    kept.plan.placement = group->second.plan.placement;
    kept.plan.scale = group->second.plan.scale;
  }
  if (kept.seat == Course::kNoSeat && kept.plan.joins.is_none()) learn_turn(kept.members.size());
  bool first = true;
  for (std::size_t i = 0; i < kept.members.size(); ++i) {
    const ViewerId id = kept.members[i];
    Visit& visit = visit_of(id);
    Play play;
    play.id = first ? kept.id : PlayId(mode.next_play++);
    play.code = ticketing::play_code(config.venue.hall, config.epoch, play.id.value()).value();
    play.course = kept.id;
    play.place = static_cast<std::uint8_t>(i);
    if (i < asked.hands.size() && asked.hands[i]) play.hand = kept.members[i - 1];
    if (i + 1 < asked.hands.size() && asked.hands[i + 1]) play.hand = kept.members[i + 1];
    if (group != courses.end()) {
      play.place = free_places(group->second).front();
      play.enter_scene = static_cast<std::uint8_t>(kept.plan.joins_block - group->second.first_scene());
    }
    visit.play = std::move(play);
    first = false;
    save(visit);
    plan_not_before.erase(id);
    if (group != courses.end()) {
      note(NoteKind::play_event, visit.headset, visit.play->id,
           base::formatted("He is led to his group, which is held for him in scene {}, and joins it in {:.0f} s.", visit.play->enter_scene + 1, plan.start_s() - now_s()));
      continue;
    }
    note(NoteKind::play_event, visit.headset, visit.play->id,
         base::formatted("Film {} is planned to start in {:.0f} s.", kept.film.value(), plan.start_s() - now_s()));
  }
  for (const auto& [id, visit] : visits) {  // who is still being fitted has a place in the group, and joins it later
    if (kept.members.size() + kept.awaited.size() >= static_cast<std::size_t>(kept.plan.members)) break;
    const bool coming = visit.party == visits.at(kept.members.front()).party && visit.phase >= Phase::redeemed && visit.phase < Phase::waiting;
    if (coming && visit.party != 0 && visit.film == kept.film && visit.wants_hand.is_none()) kept.awaited.push_back(id);
  }
  save_mode();
  plan_class_group(kept);
  kept.plan_token = save(visit_of(kept.members.front()), kept);
}

// In an evacuation: who had only a start told to him waits again; nobody walks a plan that has not begun.
void Hall::State::cancel_what_has_not_begun() {
  std::vector<PlayId> not_begun;
  for (const auto& [id, course] : courses) {
    if (!course.closed && course.granted_gate < 0) not_begun.push_back(id);
  }
  for (const PlayId id : not_begun) cancel_course(id, "the hall is being evacuated");
}

void Hall::State::cancel_course(PlayId id, std::string_view why) {
  const auto found = courses.find(id);
  if (found == courses.end()) return;
  Course& course = found->second;
  interlocking.remove(id);
  forget_class_group(id);
  for (const ViewerId member : course.members) {
    const auto at = visits.find(member);
    if (at == visits.end()) continue;
    at->second.play.reset();
    set_phase(at->second, Phase::waiting);
    note(NoteKind::play_event, at->second.headset, id, base::formatted("The planned start was given up: {}.", why), "The viewer keeps his turn.");
    save(at->second);
  }
  courses.erase(found);
  persist({StateRecord{"course", std::to_string(id.value()), {}}});
}

}  // namespace promenade::hall
