// What staff see: the hall in one line, a card for each headset and for each body without one, alarms until somebody
// takes them.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "showcontrol/protocol/codec.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kConnectedLately{1'000'000};
constexpr std::size_t kTitleMax = 96;  // as the wire takes them

std::uint8_t small(std::size_t count) { return static_cast<std::uint8_t>(std::min<std::size_t>(count, 255)); }
}  // namespace

protocol::HallSummary Hall::State::make_summary() const {
  protocol::HallSummary summary;
  summary.epoch = config.epoch;
  summary.sequence = card_sequence;
  summary.time = now;
  summary.stopped = mode.stopped;
  summary.evacuate = mode.evacuate;
  summary.admission_open = mode.admission_open;
  summary.box_office_reachable = box_office_reachable;
  for (const auto& [id, headset] : headsets) {
    if (headset.is_connected()) ++summary.headsets;
  }
  for (const auto& [id, visit] : visits) {
    if (visit.phase == Phase::waiting) ++summary.waiting;
    if (visit.phase >= Phase::guided && visit.phase <= Phase::finished) ++summary.playing;
  }
  summary.plays_today = mode.plays_today;
  summary.near_misses_today = mode.near_misses_today;
  summary.outbox = outbox;
  summary.paused = mode.paused;
  summary.records_failing = store_failing;
  summary.viewers = static_cast<std::uint16_t>(visits.size());
  summary.redeemed_today = mode.redeemed_today;
  summary.completed_today = mode.completed_today;
  summary.ended_early_today = mode.ended_early_today;
  summary.contacts_today = mode.contacts_today;
  add_evacuation(summary);
  summary.classes = class_progress();
  summary.closing = mode.closing;
  summary.all_out = all_out();
  for (const auto& [id, one] : films) {
    if (summary.waits.size() == protocol::kMenuMax || !protocol::is_wire_film(id)) continue;
    const auto count = [&](auto in) { return small(static_cast<std::size_t>(std::ranges::count_if(visits, [&](const auto& v) { return v.second.film == id && in(v.second.phase); }))); };
    summary.waits.push_back({id, expected_wait(id).at_most, count([](Phase phase) { return phase == Phase::waiting; }),
                             count([](Phase phase) { return phase >= Phase::guided && phase <= Phase::finished; }), last_admission(id)});
  }
  return summary;
}

// The places to come and the way through them: as far as authority goes they are kept for him alone.
void Hall::State::add_route(const Course& course, const Visit& visit, protocol::HeadsetCard& card) const {
  const Walked& walked = visit.play->walked;
  const tracking::Body* body = bodies.find(visit.body);
  for (std::size_t k = walked.block; k < course.blocks(); ++k) {
    const planning::Block& block = course.plan.blocks[k];
    const planning::Path& lane = block.lane(visit.play->place);
    const bool kept = static_cast<int>(k) <= course.granted_gate;
    if (card.route_ahead.size() < protocol::kWaypointsMax) {
      card.route_ahead.push_back(lane.back());
      if (kept) card.reserved = static_cast<std::uint8_t>(card.route_ahead.size());
    }
    if (k == walked.block && (walked.stage == BlockStage::in_scene || walked.stage == BlockStage::done)) continue;
    const bool from_here = k == walked.block && walked.stage == BlockStage::walking && body != nullptr;
    const double along_m = from_here ? nearest_on_path(lane, body->position).along_m : 0.0;
    double passed_m = 0.0;
    for (std::size_t i = 1; i < lane.size() && card.path_ahead.size() < protocol::kWaypointsMax; ++i) {
      passed_m += tracking::distance(lane[i - 1], lane[i]);
      if (passed_m <= along_m && i + 1 < lane.size()) continue;
      card.path_ahead.push_back(lane[i]);
      if (kept) card.path_reserved = static_cast<std::uint8_t>(card.path_ahead.size());
    }
  }
}

bool Hall::State::is_heard(const Headset& headset) const {
  return headset.is_connected() && headset.heard_ever() && now - headset.heard() < kConnectedLately;
}

protocol::HeadsetCard Hall::State::card(const Headset& headset) const {
  protocol::HeadsetCard card;
  card.sequence = card_sequence;
  card.headset = headset.id();
  const protocol::HeadsetState& newest = headset.newest();
  card.connected = is_heard(headset);
  card.worn = newest.worn;
  card.battery_percent = newest.battery_percent;
  card.battery_known = newest.battery_known;
  card.loss_percent = newest.loss_percent;
  card.error_m = newest.calibration.error_m;
  card.age = headset.heard_ever() ? now - headset.heard() : base::Duration{0};
  card.tracking = headset.tracking_lost_s(now) > 0.0 || !headset.has_pose() ? protocol::TrackingQuality::lost : protocol::TrackingQuality::good;
  card.residual_m = newest.calibration.residual_m;
  card.drift = headset.calibration();
  card.measured_by = newest.calibration.measured_by;
  card.offset_m = newest.calibration.offset_m;
  card.measured_ago = newest.calibration.measured_ago;
  card.charging = newest.charging;
  card.temperature_c = newest.temperature_c;
  card.round_trip_ms = newest.round_trip_ms;
  card.clock_error_us = newest.clock_error_us;
  card.frame_rate = headset.frame_rate();
  card.late_permille = headset.late_permille();
  card.photon_ms = newest.timing.photon_ms;
  const Shelf& place = shelf.at(headset.id());
  card.phase = place.phase;
  if (place.visit.is_none()) return card;
  const Visit& visit = visits.at(place.visit);
  card.body = visit.body;
  card.phase = shown_phase(visit);
  card.film = visit.film;
  const tracking::Concern shown = effective(visit, headset);
  card.level = shown.level;
  card.cause = shown.cause;
  if (const tracking::Body* body = bodies.find(visit.body)) {
    card.position = body->position;
    card.yaw_rad = visit.last_yaw;
    card.placed = true;
    card.radius_m = body->error_m + body->widened_m + tracking::reach_m(*body, now);
  }
  card.party = visit.party;
  card.child = visit.child;
  card.staff_paused = visit.staff_paused;
  card.stopped = visit.stopped || visit.panic;
  card.panic = visit.panic;
  card.lost = visit.lost;
  card.swapping = visit.lost && visit.swap_until;
  card.leading_out = visit.leading_out;
  card.marks_wanted = !headset.calibrated();
  card.age_years = visit.age_years;
  card.lifted = visit.lifted;
  card.counted_out = visit.counted_out;
  card.interrupted = visit.interrupted;
  card.settlement = visit.settlement;
  card.escorted = !visit.escort_way.empty();
  card.waited = now - visit.chosen.value_or(visit.arrived);
  if (card.escorted) {
    card.path_ahead = as_told(rest_of_way(visit));
    card.path_reserved = static_cast<std::uint8_t>(card.path_ahead.size());
  }
  add_waiting(visit, card);
  add_latecomer(visit, card);
  const Course* course = course_of(visit);
  const auto lateness = [&](HallTime expected) { return visit.first_told ? std::max(base::Duration{0}, expected - *visit.first_told) : base::Duration{0}; };
  if (course == nullptr) {
    if (visit.phase == Phase::waiting || visit.phase == Phase::choosing) card.wait = expected_wait(visit.film, visit.chosen).likely;
    if (visit.phase == Phase::waiting) card.late = lateness(now + card.wait);
    return card;
  }
  const Walked& walked = visit.play->walked;
  card.block = walked.block;
  card.blocks = static_cast<std::uint8_t>(course->blocks());
  card.remaining = base::from_seconds(remaining_s(*course, walked, 0.0));
  if (before_start(visit.phase)) {
    const HallTime start = std::max(now, base::hall_time(course->plan.start_s()));
    card.wait = start - now;
    card.late = lateness(start);
  }
  card.stage = walked.stage;
  card.seated = course->seat != Course::kNoSeat;
  card.scenes = small(course->scenes() - course->first_scene());
  if (walked.block >= course->first_scene() && walked.block < course->scenes()) card.scene = small(walked.block - course->first_scene() + 1);
  if (!visit.play->out && !card.escorted) add_route(*course, visit, card);
  return card;
}

void Hall::State::tell_films(PeerId peer) {
  for (const auto& [id, one] : films) {
    if (!protocol::is_wire_film(id)) continue;
    const package::Manifest& manifest = one->manifest;
    send(peer, protocol::FilmCard{id, clipped(manifest.title("zh"), kTitleMax), clipped(manifest.title("en"), kTitleMax), manifest.kind == package::FilmKind::seated,
                                  small(manifest.route ? manifest.route->scenes.size() : 1), base::from_seconds(manifest.length_s)});
  }
}

void Hall::State::tell_alarms(PeerId peer) {
  for (const Alarm& alarm : alarms) send(peer, alarm.told);
}

void Hall::State::raise_alarm(const Note& note) {
  const auto again = std::ranges::find_if(alarms, [&](const Alarm& one) {
    return one.told.taken_by.empty() && one.told.code == note.code && one.told.headset == note.headset && one.film == note.film;
  });
  protocol::StaffAlarm alarm;
  alarm.number = next_alarm++;
  if (again != alarms.end()) {  // still waiting to be taken: one line, brought up to date
    alarm.number = again->told.number;
    --next_alarm;
    alarms.erase(again);
  }
  alarm.time = note.time;
  alarm.headset = note.headset;
  const Visit* visit = note.headset.is_none() ? nullptr : visit_in(note.headset);
  const tracking::Body* body = visit == nullptr ? nullptr : bodies.find(visit->body);
  if (body != nullptr) {
    alarm.placed = true;
    alarm.at = body->position;
  }
  alarm.code = clipped(note.code, kCodeMax);
  alarm.text = clipped(note.text, kTextMax);
  alarm.what_to_do = clipped(note.what_to_do, kTextMax);
  alarms.push_back({alarm, note.film});
  // Taken ones make room; one that waits stays.
  while (alarms.size() > kAlarmsKept) {
    const auto taken = std::ranges::find_if(alarms, [](const Alarm& one) { return !one.told.taken_by.empty(); });
    if (taken == alarms.end()) break;
    alarms.erase(taken);
  }
  for (const auto& [id, peer] : peers) {
    if (peer.role == PeerRole::staff) send(id, alarm);
  }
}

void Hall::State::send_cards() {
  const bool anybody = std::ranges::any_of(peers, [](const auto& one) { return one.second.role == PeerRole::staff; });
  if (!anybody) return;
  ++card_sequence;
  std::vector<protocol::Message> cards;
  cards.emplace_back(make_summary());
  for (const auto& [id, headset] : headsets) {
    Shelf& place = shelf.at(id);
    const bool connected = is_heard(headset);
    const bool news = !place.visit.is_none() || place.phase != place.carded_phase || connected != place.carded_connected;
    if (!news && now < place.next_card) continue;
    place.next_card = now + config.limits.shelf_card_every;
    place.carded_phase = place.phase;
    place.carded_connected = connected;
    cards.emplace_back(card(headset));
  }
  for (const auto& [id, other] : others) {
    const tracking::Body* body = bodies.find(id);
    if (body == nullptr) continue;
    cards.emplace_back(protocol::BodyCard{card_sequence, id, other.staff ? protocol::Relation::staff : protocol::Relation::unknown_body, body->position,
                                          body->error_m + tracking::reach_m(*body, now), std::max(base::Duration{0}, now - body->heard),
                                          other.tag ? *other.tag : other.number.value_or(0), other.tag.has_value(), other.beside, other.counted_out});
  }
  for (const auto& [id, peer] : peers) {
    if (peer.role != PeerRole::staff) continue;
    for (const protocol::Message& message : cards) send(id, message);
  }
}

}  // namespace promenade::hall
