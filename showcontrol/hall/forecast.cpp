// What staff are told of the time to come: the way of every play as the interlocking projects it, and what somebody who
// stands still waits for, as the interlocking answers. Nothing here decides anything.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "showcontrol/protocol/codec.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kForecastEvery{2'000'000};
}  // namespace

void Hall::State::send_forecasts() {
  next_forecasts = now + kForecastEvery;
  gate_times.clear();
  std::vector<PeerId> staff;
  for (const auto& [id, peer] : peers) {
    if (peer.role == PeerRole::staff) staff.push_back(id);
  }
  if (staff.empty() || mode.stopped || mode.evacuate || mode.paused) return;
  const double until_s = now_s() + base::to_seconds(protocol::kForecastSpan);
  for (planning::ProjectedPlay& play : interlocking.projected(now_s())) {
    const auto found = courses.find(play.plan.play);
    if (found == courses.end()) continue;
    const Course& course = found->second;
    protocol::PlayForecast forecast;
    forecast.play = course.id;
    forecast.time = now;
    if (protocol::is_wire_film(course.film)) forecast.film = course.film;
    for (const ViewerId id : course.members) {  // of a group each by himself, as each walks his own lane
      const auto visit = visits.find(id);
      if (visit == visits.end() || !visit->second.play || visit->second.play->out) continue;
      forecast.play = visit->second.play->id;
      forecast.headsets = {visit->second.headset};
      forecast.points.clear();
      const std::vector<planning::TimedPoint> points = play.plan.course(now_s(), until_s, visit->second.play->place);
      for (const planning::TimedPoint& point : points) {
        if (forecast.points.size() == protocol::kForecastPointsMax) break;
        forecast.points.push_back({point.at, base::from_seconds(point.time_s - now_s())});
      }
      forecast.ends = forecast.points.size() == points.size() && play.plan.end_s <= until_s;
      for (const PeerId peer : staff) send(peer, forecast);
    }
    gate_times.emplace(course.id, std::move(play.plan.enter_s));
  }
}

std::optional<HallTime> Hall::State::gate_time(const Course& course, std::size_t gate) const {
  const auto found = gate_times.find(course.id);
  if (found == gate_times.end() || gate >= found->second.size()) return std::nullopt;
  return std::max(now, base::hall_time(found->second[gate]));
}

// In the order in which open_gates looks: who is not ready, what has not played, who is behind, who is before or in the way.
Hall::State::Waiting Hall::State::waiting_of(const Visit& visit) const {
  using protocol::WaitsFor;
  Waiting waiting;
  if (mode.stopped || mode.evacuate || mode.paused || visit.lost || visit.leading_out) return waiting;
  if (!visit.play) {
    if (visit.phase == Phase::waiting) waiting.why = WaitsFor::plan;
    return waiting;
  }
  const Course* course = course_of(visit);
  if (course == nullptr || course->closed || visit.play->out || !interlocking.contains(course->id)) return waiting;
  const Walked& walked = visit.play->walked;
  const bool came_in = walked.stage != BlockStage::before;
  if (came_in && walked.stage != BlockStage::in_scene) return waiting;
  const std::size_t gate = came_in ? walked.block + std::size_t{1} : 0;
  if (gate >= course->blocks()) return waiting;
  waiting.at = course->plan.blocks[gate].lane(visit.play->place).back();
  const auto stands_at = [&](BodyId body) {
    waiting.why = WaitsFor::body;
    waiting.body = body;
    if (const Visit* other = viewer_body(body)) waiting.headset = other->headset;
    if (const tracking::Body* found = bodies.find(body)) waiting.at = found->position;
    return waiting;
  };
  if (!is_fit(visit)) {
    waiting.why = WaitsFor::ready;
    const Visit* companion = companion_of(visit);  // what holds one of a pair holds both
    if (companion != nullptr && effective(visit, headsets.at(visit.headset)).cause == tracking::Cause::companion) {
      waiting.why = WaitsFor::companion;
      waiting.headset = companion->headset;
    }
    return waiting;
  }
  if (static_cast<int>(gate) <= course->granted_gate) {  // open, but not told while somebody stands behind it
    const BodyId body = interlocking.body_in_way(course->plan.blocks[gate]);
    return body.is_none() ? Waiting{} : stands_at(body);
  }
  if (gate == 0 && now_s() < course->plan.enter_s[0]) {
    waiting.why = WaitsFor::start;
    waiting.until = gate_time(*course, 0).value_or(base::hall_time(course->plan.enter_s[0]));
    return waiting;
  }
  const double left_s = gate == 0 ? 0.0 : remaining_stay_s(*course, walked);
  if (left_s > config.limits.ready_ahead_s) {
    waiting.why = WaitsFor::scene;
    waiting.at = course->plan.blocks[walked.block].lane(visit.play->place).back();
    waiting.until = now + base::from_seconds(left_s);
    return waiting;
  }
  for (const ViewerId id : course->members) {
    const auto other = visits.find(id);
    if (id == visit.viewer || other == visits.end() || !other->second.play || other->second.play->out) continue;
    const Walked& his = other->second.play->walked;
    const bool there = gate == 0 || his.block > walked.block || (his.block == walked.block && his.stage >= BlockStage::in_scene);
    const bool fit = is_fit(other->second);
    if (there && fit && (gate == 0 || remaining_stay_s(*course, his) <= config.limits.ready_ahead_s)) continue;
    waiting.why = WaitsFor::companion;
    waiting.headset = other->second.headset;
    if (fit) waiting.until = gate_time(*course, gate);
    return waiting;
  }
  const planning::GateAnswer answer = interlocking.may_enter(course->id, gate);
  if (!answer.body.is_none()) return stands_at(answer.body);
  if (answer.open || answer.waits_for == course->id || answer.waits_for.is_none()) return {};
  waiting.why = WaitsFor::play;
  waiting.course = answer.waits_for;
  const auto before = courses.find(answer.waits_for);
  for (std::size_t i = 0; before != courses.end() && i < before->second.members.size() && waiting.headset.is_none(); ++i) {
    const auto other = visits.find(before->second.members[i]);
    if (other != visits.end() && other->second.play && !other->second.play->out) waiting.headset = other->second.headset;
  }
  waiting.until = gate_time(*course, gate);
  return waiting;
}

// The projection knows nobody who has been stopped, and no body in the way: behind those no time can be told.
bool Hall::State::is_held_up(PlayId id) const {
  using protocol::WaitsFor;
  for (std::size_t links = 0; links <= courses.size(); ++links) {
    const auto course = courses.find(id);
    if (course == courses.end()) return false;
    if (!members_fit(course->second)) return true;
    id = PlayId{};
    for (const ViewerId member : course->second.members) {
      const auto visit = visits.find(member);
      if (visit == visits.end()) continue;
      const Waiting next = waiting_of(visit->second);
      if (next.why == WaitsFor::body) return true;
      if (next.why == WaitsFor::play) id = next.course;
    }
    if (id.is_none()) return false;
  }
  return true;
}

void Hall::State::add_waiting(const Visit& visit, protocol::HeadsetCard& card) const {
  Waiting waiting = waiting_of(visit);
  if (waiting.why == protocol::WaitsFor::play && is_held_up(waiting.course)) waiting.until.reset();
  card.waits_for = waiting.why;
  card.waits_for_headset = waiting.headset;
  card.waits_for_body = waiting.body;
  card.waits_at = waiting.at;
  card.waits_until = waiting.until;
}

}  // namespace promenade::hall
