// What staff see: the hall in one line, a card for each headset and for each body without one.

#include <algorithm>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kConnectedLately{1'000'000};
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
  return summary;
}

protocol::HeadsetCard Hall::State::card(const Headset& headset) const {
  protocol::HeadsetCard card;
  card.sequence = card_sequence;
  card.headset = headset.id();
  const protocol::HeadsetState& newest = headset.newest();
  card.connected = headset.is_connected() && headset.heard_ever() && now - headset.heard() < kConnectedLately;
  card.worn = newest.worn;
  card.battery_percent = newest.battery_percent;
  card.loss_percent = newest.loss_percent;
  card.error_m = newest.calibration.error_m;
  card.age = headset.heard_ever() ? now - headset.heard() : base::Duration{0};
  card.tracking = headset.tracking_lost_s(now) > 0.0 || !headset.has_pose() ? protocol::TrackingQuality::lost : protocol::TrackingQuality::good;
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
  }
  const Course* course = course_of(visit);
  if (course == nullptr) {
    if (visit.phase == Phase::waiting || visit.phase == Phase::choosing) card.wait = menu_wait(visit.film);
    return card;
  }
  const Walked& walked = visit.play->walked;
  card.block = walked.block;
  card.blocks = static_cast<std::uint8_t>(course->blocks());
  card.remaining = base::from_seconds(remaining_s(*course, walked, 0.0));
  if (before_start(visit.phase)) card.wait = std::max(base::Duration{0}, base::hall_time(course->plan.start_s()) - now);
  if (visit.play->out) return card;
  for (std::size_t k = walked.block; k < course->blocks() && card.route_ahead.size() < protocol::kWaypointsMax; ++k) {
    card.route_ahead.push_back(course->plan.blocks[k].place());
  }
  return card;
}

void Hall::State::send_cards() {
  const bool anybody = std::ranges::any_of(peers, [](const auto& one) { return one.second.role == PeerRole::staff; });
  if (!anybody) return;
  ++card_sequence;
  std::vector<protocol::Message> cards;
  cards.emplace_back(make_summary());
  for (const auto& [id, headset] : headsets) cards.emplace_back(card(headset));
  for (const auto& [id, other] : others) {
    const tracking::Body* body = bodies.find(id);
    if (body == nullptr) continue;
    cards.emplace_back(protocol::BodyCard{card_sequence, id, other.staff ? protocol::Relation::staff : protocol::Relation::unknown_body, body->position,
                                          body->error_m + tracking::reach_m(*body, now), std::max(base::Duration{0}, now - body->heard)});
  }
  for (const auto& [id, peer] : peers) {
    if (peer.role != PeerRole::staff) continue;
    for (const protocol::Message& message : cards) send(id, message);
  }
}

}  // namespace promenade::hall
