// What a headset is told: the whole present truth for it, in every frame.

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

namespace {

constexpr base::Duration kIdleEvery{500'000};        // to a headset that nobody wears
constexpr base::Duration kExtrapolate{300'000};      // a neighbour's place is carried on at its speed for so long
constexpr base::Duration kHoldGuess{5'000'000};      // told when the plan knows no better
constexpr double kClosingFloor_mps = 0.5;

static_assert(planning::kWayPointsMost <= protocol::kWaypointsMax);

}  // namespace

protocol::Relation Hall::State::relation(const Visit& self, const tracking::Body& other) const {
  if (other.hand_pair == self.body && !self.body.is_none()) return protocol::Relation::pair;
  if (tracking::sees_hall(other.kind)) return other.reports ? protocol::Relation::staff : protocol::Relation::placed_staff;
  if (other.kind == tracking::BodyKind::unknown) return protocol::Relation::unknown_body;
  const Visit* visit = viewer_body(other.id);
  const bool lost = other.kind == tracking::BodyKind::lost_viewer;
  if (visit == nullptr || !visit->play || !self.play || visit->play->course != self.play->course) return lost ? protocol::Relation::lost : protocol::Relation::stranger;
  if (lost) return protocol::Relation::lost_of_group;
  return self.play->hand == visit->viewer ? protocol::Relation::pair : protocol::Relation::group;
}

void Hall::State::add_neighbours(const Visit& visit, const tracking::Body& self, protocol::HallState& state) {
  struct Candidate {
    double soon = 0.0;
    const tracking::Body* body = nullptr;
  };
  const auto before = [](const Candidate& a, const Candidate& b) { return a.soon < b.soon || (a.soon == b.soon && a.body->id < b.body->id); };
  std::array<Candidate, protocol::kNeighboursMax> candidates;  // soonest first
  std::size_t kept = 0;
  bodies.for_each([&](const tracking::Body& body) {
    if (body.id == self.id || (body.kind == tracking::BodyKind::companion && body.hand_pair == self.id)) return;
    const HallVec offset = body.position - self.position;
    const double distance = tracking::length(offset);
    const double closing = distance > 1e-6 ? tracking::dot(self.velocity - body.velocity, offset) / distance : 0.0;
    const Candidate candidate{distance / std::max(kClosingFloor_mps, closing + kClosingFloor_mps), &body};
    if (kept == candidates.size() && !before(candidate, candidates.back())) return;
    std::size_t at = kept < candidates.size() ? kept++ : kept - 1;
    for (; at > 0 && before(candidate, candidates[at - 1]); --at) candidates[at] = candidates[at - 1];
    candidates[at] = candidate;
  });
  state.neighbours.resize(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const tracking::Body& body = *candidates[i].body;
    protocol::Neighbour& told = state.neighbours[i];
    told.body = body.id;
    told.relation = relation(visit, body);
    told.age = std::max(base::Duration{0}, now - body.heard);
    told.position = body.position + body.velocity * base::to_seconds(std::min(told.age, kExtrapolate));
    told.velocity = body.velocity;
    told.radius_m = body.error_m + body.widened_m + tracking::reach_m(body, now);
    const Visit* other = viewer_body(body.id);
    if (other != nullptr && other->has_planned) told.planned.assign(other->planned.begin(), other->planned.end());
  }
}

void Hall::State::add_play_order(const Visit& visit, const Headset& headset, protocol::HallState& state) {
  Course* course = course_of(visit);
  if (course == nullptr || !durable(course->plan_token)) return;
  const Play& play = *visit.play;
  const Walked& walked = play.walked;
  protocol::PlayOrder order;
  order.play = play.id;
  order.film = course->film;
  order.language = visit.language;
  if (course->shown != nullptr) order.package_hash = course->shown->package_hash;
  order.placement = course->plan.placement;
  order.scale = course->plan.scale;
  order.start = base::hall_time(course->plan.start_s());
  const std::size_t first_scene = course->first_scene();
  const auto group = course->plan.joins.is_none() ? courses.end() : courses.find(course->plan.joins);
  const Course& leaves_with = group == courses.end() ? *course : group->second;
  if (!play.joined_way.empty()) {  // that he came by, whatever the others did
    order.way_in = play.joined_way;
    order.way_in_stops = play.joined_stops;
  } else if (course->plan.blocks[first_scene].lane(play.place).size() > 1 || first_scene > 0) add_way(course->plan, 0, first_scene, play.place, order.way_in, order.way_in_stops);
  if (leaves_with.blocks() > leaves_with.scenes()) add_way(leaves_with.plan, leaves_with.scenes(), leaves_with.blocks() - 1, play.place, order.way_out, order.way_out_stops);
  const bool over = play.ended && !play.completed;
  order.run = over ? protocol::PlayRun::ended : visit.ordered.level >= tracking::Level::pause ? protocol::PlayRun::paused : protocol::PlayRun::running;
  if (headset.newest().progress.play != play.id) {  // a headset that has just come to this play
    order.resume_block = static_cast<std::uint8_t>(walked.block - play.shift);
    order.resume_stage = walked.stage;
    order.resume_scene_time = walked.scene_time;
  } else {
    order.resume_block = headset.newest().progress.block;
    order.resume_stage = headset.newest().progress.stage;
    order.resume_scene_time = headset.newest().progress.scene_time;
  }
  state.play = std::move(order);
  state.own_place = own_place_of(visit);
  state.ways = ways_told(*course);
  if (before_start(visit.phase)) state.told_start = state.play->start;
  if (authority_holds(visit, *course)) {
    state.authority.last_gate = static_cast<std::int8_t>(told_gate(*course) - play.shift);
    state.authority.until = std::min(now + config.limits.authority_valid, lead_until);
    course->authority_until = std::max(course->authority_until, state.authority.until);
  }
  if (state.phase == Phase::held) {
    const double planned_s = walked.block + std::size_t{1} < course->blocks() ? course->plan.enter_s[walked.block + std::size_t{1}] : 0.0;
    state.hold_until = std::max(now + kHoldGuess, base::hall_time(planned_s));
  }
}

void Hall::State::send_state(Headset& headset) {
  out->emplace_back(std::in_place_type<Send>, headset.peer(), protocol::Message(std::in_place_type<protocol::HallState>));
  auto& state = std::get<protocol::HallState>(std::get<Send>(out->back()).message);
  state.epoch = config.epoch;
  state.sequence = headset.next_sequence();
  state.time = now;
  state.headset = headset.id();
  state.last_headset_sequence = headset.heard_ever() ? headset.newest().sequence : 0;
  state.calibration_wanted = headset.wanted_revision();
  state.evacuate = mode.evacuate;
  state.way_out_door = config.venue.exit.at;
  const Shelf& place = shelf.at(headset.id());
  Visit* visit = place.visit.is_none() ? nullptr : &visit_of(place.visit);
  // A rise goes out of cadence and does not put off the next frame that is due.
  if (now >= headset.next_down) headset.next_down = now + (visit == nullptr ? kIdleEvery : config.limits.downlink_every);
  state.safety.expires = now + config.limits.order_valid;
  if (visit == nullptr) {
    state.phase = place.phase;
    if (mode.evacuate) state.safety = {tracking::Level::evacuate, tracking::Cause::fire, 0.0, state.safety.expires};
    return;
  }
  state.phase = shown_phase(*visit);
  state.safety.level = visit->ordered.level;
  state.safety.cause = visit->ordered.cause;
  state.safety.away_rad = tracking::wrap_angle(visit->ordered.bearing_rad + std::numbers::pi);
  state.safety.stay = visit->stay;
  state.lifted = visit->lifted;
  const tracking::Body* self = bodies.find(visit->body);
  if (!visit->way_out.path.empty()) {
    state.way_out_door = visit->way_out.door;
    state.way_out_name = visit->way_out.name;
    state.way_out = as_told(visit->way_out.path);
  } else if (self != nullptr && tracking::distance(self->position, config.venue.entrance.at) < tracking::distance(self->position, config.venue.exit.at)) {
    state.way_out_door = config.venue.entrance.at;
    state.way_out_name = protocol::DoorName::entrance;
  }
  if (visit->play) add_play_order(*visit, headset, state);
  if (visit->phase == Phase::choosing) {
    for (const base::FilmId& id : visit->allowed) {
      if (state.menu.size() == protocol::kMenuMax || film(id) == nullptr) continue;
      const bool available = mode.admission_open && !store_failing && !past_last_admission(id) && (id == visit->film || box_office_reachable);
      state.menu.push_back({id, expected_wait(id).at_most, available});
    }
  }
  if (self != nullptr && visit->phase >= Phase::calibrated) add_neighbours(*visit, *self, state);
}

}  // namespace promenade::hall
