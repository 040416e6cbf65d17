// Bodies: where every person is, who is no longer heard of, and who stands in other people's way.

#include <algorithm>
#include <cmath>

#include "showcontrol/hall/state.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr base::Duration kTagSilent{10'000'000};  // a tag this silent in the kitting area or a doorway has been put away
constexpr double kMovedEnough_m = 0.2;            // before the interlocking hears of a body's new place
constexpr double kTurnArm_m = 0.3;                // turning the head by a radian counts as so much way
constexpr base::Duration kTagPast{3'000'000};
// A tag's places are some 0.3 m off each, one by one: an alpha-beta filter (beta = alpha^2 / (2 - alpha)) steadies
// them to 0.4 of that, within half a second of a person's walk.
constexpr double kTagAlpha = 0.25;
constexpr double kTagBeta = 0.036;
constexpr double kTagSteadied = 0.5;
// So far from where it came off a headset is in a hand, not pushed up on a head: its viewer is still where he took it off.
constexpr double kCarriedOff_m = 1.5;
}  // namespace

BodyId Hall::State::new_body() {
  for (std::uint32_t tried = 0; tried < kBodyIdMax; ++tried) {
    const BodyId id(mode.next_body);
    mode.next_body = mode.next_body % kBodyIdMax + 1;
    if (visit_of_body[id.value()] == nullptr && !others.contains(id) && bodies.find(id) == nullptr) return id;
  }
  PROMENADE_ASSERT(!"fewer bodies than body numbers");
  return {};
}

const Visit* Hall::State::companion_of(const Visit& visit) const {
  if (visit.party == 0) return nullptr;
  if (visit.play && !visit.play->hand.is_none()) {
    const auto hand = visits.find(visit.play->hand);
    return hand == visits.end() ? nullptr : &hand->second;
  }
  if (is_class(visit.party)) return nullptr;  // which child goes with whom is settled as their group is made
  // A child's companion is the first adult of his party, and that adult's companion its first child.
  for (const auto& [id, other] : visits) {
    if (other.party == visit.party && other.child != visit.child) return &other;
  }
  return nullptr;
}

void Hall::State::place_viewer(Visit& visit, Headset& headset) {
  const protocol::HeadsetState& newest = headset.newest();
  const tracking::SafetyLimits& limits = config.venue.safety;
  if (!headset.calibrated() || !headset.has_pose() || visit.phase < Phase::calibrated) {
    if (visit.play) follow_progress(visit, newest, visit.last_head);
    return;
  }
  if (headset.unworn_s(now) >= limits.not_worn_body_s) {
    lose_taken_off(visit, "the headset is not worn");
    return;
  }
  const protocol::HallPose& pose = headset.poses().newest();
  const HallPoint head = tracking::floor_point(pose);
  if (newest.worn) leave_where_taken_off(visit, head);
  if (newest.worn || !visit.worn_at) visit.worn_at = head;
  if (tracking::distance(*visit.worn_at, head) > kCarriedOff_m && !mode.evacuate) {  // then they carry them out themselves
    visit.last_head = *visit.worn_at;
    lose_taken_off(visit, "the headset was carried away from where it came off", visit.worn_at);
    return;
  }
  tracking::Body body;
  body.id = visit.body;
  body.headset = visit.headset;
  body.position = head;
  body.velocity = headset.poses().velocity();
  // A pose that is repeated bit by bit says nothing of where he is since it came first.
  body.heard = std::min(headset.poses().newest_time() - headset.poses().frozen_for(), now);
  body.error_m = newest.calibration.error_m;
  body.zone = config.venue.zone_at(body.position);
  const bool low = headset.posture().falling() || headset.posture().head_low_s(now) >= limits.low_head_s;
  if (low && body.zone == tracking::Zone::floor) body.widened_m = limits.fallen_radius_m - limits.contact_m / 2.0;

  if (visit.head_known && film_runs(visit.phase)) {
    visit.play->motion_m += tracking::distance(body.position, visit.last_head) +
                            kTurnArm_m * std::abs(tracking::wrap_angle(tracking::yaw_rad(pose) - visit.last_yaw));
  }
  visit.last_yaw = tracking::yaw_rad(pose);
  visit.last_head = body.position;
  visit.head_known = true;
  if (visit.play) follow_progress(visit, newest, body.position);

  const Course* course = course_of(visit);
  visit.has_planned = false;
  if (course != nullptr && course->plan.members > 1) {  // also at the exit, where one after the other hands his headset back
    body.group = base::GroupId(static_cast<std::uint32_t>(course->id.value()));
    const auto hand = visits.find(visit.play->hand);
    if (hand != visits.end()) body.hand_pair = hand->second.body;
  }
  if (course != nullptr && !visit.play->out) {
    if (course->granted_gate >= 0) {
      const Walked& walked = visit.play->walked;
      const planning::Block& block = course->plan.blocks[std::min<std::size_t>(walked.block, course->blocks() - 1)];
      const std::size_t place = visit.play->place;
      const double along = walked.stage == BlockStage::walking ? nearest_on_path(block.lane(place), body.position).along_m : 0.0;
      // Who has been told to stand still stays where he is, whatever his film had planned.
      const bool stands = effective(visit, headset).level >= tracking::Level::pause;
      const auto at = [&](double ahead_s) { return stands ? body.position : planned_point(*course, walked, along, ahead_s, place); };
      body.ahead = tracking::PlanAhead{at(0.0), at(1.0), at(2.0)};
      body.off_plan_m = off_plan_m(*course, walked, body.position, body.velocity, place);
      visit.planned = {at(3.0), at(6.0), at(10.0)};
      visit.has_planned = true;
    }
  }
  if (!bodies.put(body)) {
    note(NoteKind::alarm, visit.headset, {}, "There are more bodies than this hall can follow.", "Confirm bodies that are gone.", "bodies-full");
    return;
  }
  std::erase(runners, body.id);
  if (tracking::length(body.velocity) > limits.running_mps) runners.push_back(body.id);
  visit.awaited = false;
  // The silence paused nobody: meanwhile his headset guarded him, and a pause now would come too late.
  visit.filter.drop(tracking::Cause::link_lost);
  visit.swap_until.reset();
  if (visit.lost) {
    visit.lost = visit.taken_off = false;
    note(NoteKind::info, visit.headset, {}, "The headset is heard and worn again.");
  }
  near_misses.track(body.id, now, body.position);
  keep_clear_of(visit, *bodies.find(visit.body));
  move_beside(visit);
}

// Worn again farther off than its viewer can have come: whoever wears it now need not be he.
void Hall::State::leave_where_taken_off(const Visit& visit, HallPoint head) {
  const tracking::Body* known = bodies.find(visit.body);
  if (!visit.lost || !visit.taken_off || visit.awaited || mode.evacuate || known == nullptr || known->zone != tracking::Zone::floor) return;
  if (tracking::distance(known->position, head) <= kCarriedOff_m + tracking::reach_m(*known, now)) return;
  leave_body(*known, visit.headset, "A headset is worn again far from where it came off; its viewer may still be there.");
}

void Hall::State::leave_body(const tracking::Body& body, HeadsetId headset, std::string text) {
  OtherBody other;
  other.id = new_body();
  other.at = body.position;
  other.heard = now;
  OtherBody& kept = others.emplace(other.id, other).first->second;
  put_other(kept, tracking::BodyKind::unknown, body.error_m, false, {});
  save_other(kept);
  note(NoteKind::alarm, headset, {}, std::move(text), "Confirm that nobody stands there.", "body-left");
}

void Hall::State::lose_taken_off(Visit& visit, std::string_view why, std::optional<HallPoint> at) {
  if (!visit.lost) visit.taken_off = true;
  lose(visit, why, at);
}

void Hall::State::lose(Visit& visit, std::string_view why, std::optional<HallPoint> at) {
  if (visit.lost) return;
  const tracking::Body* known = bodies.find(visit.body);
  if (known == nullptr) return;  // he has not yet been placed: he is with an attendant
  visit.lost = true;
  tracking::Body body = *known;
  body.kind = tracking::BodyKind::lost_viewer;
  body.reports = false;
  body.velocity = {};
  body.ahead.reset();  // his plan says no more where he is
  body.off_plan_m = 0.0;
  visit.has_planned = false;
  body.position = at.value_or(body.position);
  body.zone = config.venue.zone_at(body.position);
  bodies.put(body);
  keep_clear_of(visit, *bodies.find(visit.body));
  if (under_way(visit.phase) && !visit.swap_until) {
    note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{}, base::formatted("A viewer is out of sight: {}.", why),
         "Go to the place shown; swap the headset, or confirm that nobody is there.", "viewer-lost");
  }
  leave_floor_if_out(visit);
}

// Counted out of an evacuation and his headset on nobody's head: nobody stands where it was last heard. He is a body again
// once he wears it, or when the count is taken back.
void Hall::State::leave_floor_if_out(Visit& visit) {
  if (!visit.lost || bodies.find(visit.body) == nullptr || !visit.counted_out) return;
  release_block(visit);
  bodies.remove(visit.body);
  near_misses.forget(visit.body);
}

void Hall::State::release_block(Visit& visit) {
  if (!visit.blocks_others) return;
  interlocking.unblock_body(visit.body);
  visit.blocks_others = false;
}

void Hall::State::keep_clear_of(Visit& visit, const tracking::Body& body) {
  if (!visit.escort_way.empty()) return;  // his whole way is kept free
  const bool walks = visit.play && !visit.play->out && course_of(visit) != nullptr && under_way(visit.phase);
  const bool on_floor = body.zone == tracking::Zone::floor;
  const bool down = body.widened_m > 0.0;
  double radius_m = config.limits.placed_radius_m + body.widened_m;
  bool blocks = false;
  if (visit.lost) {
    blocks = on_floor;
    radius_m += tracking::reach_m(body, now);
  } else if (!walks) {
    // Blind at the exit, until his headset is taken back: nobody comes up behind him, and staff can reach him.
    blocks = on_floor || (body.zone == tracking::Zone::door && visit.phase >= Phase::guided_out && visit.phase < Phase::returned);
  } else {
    blocks = on_floor && (down || visit.unopened_gate || stray_m(*course_of(visit), visit.play->walked, body.position, visit.play->place) > config.limits.stray_body_m);
  }
  if (!blocks) return release_block(visit);
  const bool same = visit.blocks_others && tracking::distance(visit.blocks_at, body.position) < kMovedEnough_m &&
                    std::abs(visit.blocks_radius_m - radius_m) < kMovedEnough_m;
  if (same) return;
  interlocking.block_body(visit.body, body.position, radius_m, now_s());
  visit.blocks_others = true;
  visit.blocks_at = body.position;
  visit.blocks_radius_m = radius_m;
}

void Hall::State::watch_silence() {
  for (auto& [id, visit] : visits) {
    if (visit.phase == Phase::arrived && visit.ticket_request.is_none() && durable(visit.durable_at)) ask_ticket(visit);
    Headset& headset = headset_of(visit.headset);
    if (!headset.heard_ever()) {
      // Restored from an earlier run and not heard since.
      if (now - config.start >= config.limits.lost_after) lose(visit, "its headset has not come back");
    } else if (now - headset.heard() >= config.limits.lost_after) {
      lose(visit, "its headset is silent");
    } else if (headset.unworn_s(now) >= config.venue.safety.not_worn_body_s && visit.phase >= Phase::calibrated) {
      lose_taken_off(visit, "the headset is not worn");
    } else if (const tracking::Body* body = bodies.find(visit.body); body != nullptr && !visit.awaited && now - body->heard >= config.limits.lost_after) {
      lose(visit, "its headset does not know its place");
    }
    if (visit.swap_until && now >= *visit.swap_until) {
      visit.swap_until.reset();
      note(NoteKind::alarm, visit.headset, visit.play ? visit.play->id : PlayId{}, "A viewer's headset was swapped, and the new one does not know its place yet.",
           "Go to the place shown; lead him to the marks and touch both, or take another headset.", "swap-unfinished");
    }
    if (visit.lost) {
      if (const tracking::Body* body = bodies.find(visit.body)) keep_clear_of(visit, *body);
    }
    escort(visit);
    const bool silent = !headset.heard_ever() || now - headset.heard() >= std::chrono::milliseconds(300);
    if (silent && visit.phase >= Phase::calibrated) evaluate(visit, headset);
  }
  find_ways_out();
  for (auto& [id, place] : shelf) {
    if (place.visit.is_none() && place.phase == Phase::returned) {
      place.phase = Phase::cleaning;
      save_shelf(id);
    }
  }
  std::vector<BodyId> put_away;
  for (auto& [id, other] : others) {
    const tracking::Body* body = bodies.find(id);
    if (body == nullptr || !other.tag || now - other.heard < kTagSilent) continue;
    if (body->zone == tracking::Zone::kitting || body->zone == tracking::Zone::door) put_away.push_back(id);
  }
  for (const BodyId id : put_away) forget_other(id);
  const auto day = std::chrono::floor<std::chrono::days>(utc()).time_since_epoch().count();
  if (day != mode.day) {
    mode.day = day;
    mode.plays_today = 0;
    mode.near_misses_today = mode.contacts_today = 0;
    mode.redeemed_today = mode.completed_today = mode.ended_early_today = 0;
    std::vector<std::uint16_t> over;  // of yesterday; not all of them came
    for (const auto& [party, one] : classes) {
      if (std::ranges::none_of(visits, [&, id = party](const auto& visit) { return visit.second.party == id; })) over.push_back(party);
    }
    for (const std::uint16_t party : over) {
      classes.erase(party);
      save_class(party);
    }
  }
}

// ---------------------------------------------------------------- bodies that are not viewers

void Hall::State::put_other(OtherBody& other, tracking::BodyKind kind, double error_m, bool reports, HallVec velocity) {
  tracking::Body body;
  body.id = other.id;
  body.kind = kind;
  body.position = other.at;
  body.velocity = velocity;
  body.heard = other.heard;
  body.error_m = error_m;
  body.reports = reports;
  body.zone = config.venue.zone_at(other.at);
  if (!bodies.put(body)) return;
  const bool blocks = body.zone == tracking::Zone::floor;
  if (!blocks) {
    if (other.blocks) interlocking.unblock_body(other.id);
    other.blocks = false;
    return;
  }
  if (other.blocks && tracking::distance(other.blocks_at, other.at) < kMovedEnough_m) return;
  interlocking.block_body(other.id, other.at, other.staff ? config.limits.attendant_radius_m : config.limits.placed_radius_m, now_s());
  other.blocks = true;
  other.blocks_at = other.at;
}

void Hall::State::forget_other(BodyId id) {
  if (mode.evacuate) {
    ++mode.evacuation_gone;
    save_mode();
  }
  bodies.remove(id);
  near_misses.forget(id);
  interlocking.unblock_body(id);
  others.erase(id);
  persist({StateRecord{"body", std::to_string(id.value()), {}}});
}

void Hall::State::take_tag(const protocol::TagReport& report) {
  if (report.time > now + std::chrono::milliseconds(100) || report.time < now - kTagPast) return;
  auto at = std::ranges::find_if(others, [&](const auto& one) { return one.second.tag == report.tag; });
  if (at == others.end()) {
    if (bodies.size() >= bodies.capacity()) return;
    OtherBody other;
    other.id = new_body();
    other.tag = report.tag;
    other.staff = true;
    other.at = report.at;
    other.heard = report.time;
    at = others.emplace(other.id, other).first;
  }
  OtherBody& other = at->second;
  const double dt_s = base::to_seconds(report.time - other.heard);
  const tracking::Body* known = bodies.find(other.id);
  if (dt_s < 0.0 || (known != nullptr && dt_s < 1e-3)) return;
  HallVec velocity{};
  HallPoint at_filtered = report.at;
  double error_m = report.error_m;
  if (known != nullptr && dt_s < 1.0) {
    const HallPoint expected = other.at + known->velocity * dt_s;
    const HallVec off = report.at - expected;
    at_filtered = expected + off * kTagAlpha;
    velocity = known->velocity + off * (kTagBeta / dt_s);
    error_m *= kTagSteadied;
  }
  other.at = at_filtered;
  other.heard = std::min(report.time, now);
  put_other(other, tracking::BodyKind::attendant, error_m, true, velocity);
  near_misses.track(other.id, now, other.at);
}

base::Result<void> Hall::State::place_body(const protocol::PlaceBody& place) {
  if (config.venue.zone_at(place.at) == tracking::Zone::outside) return base::fail("outside-hall", "This place is outside the hall.", "Tap a place on the floor.");
  if (!place.beside.is_none()) {
    if (place.staff) return base::fail("beside-staff", "An attendant is placed by himself.", "Place a parent beside the viewer, or an attendant on the floor.");
    if (visit_in(place.beside) == nullptr) return base::fail("no-viewer", "No viewer is bound to this headset.", "Check the headset's number.");
  }
  auto at = std::ranges::find_if(others, [&](const auto& one) { return one.second.number == place.number; });
  if (at == others.end()) {
    if (bodies.size() >= bodies.capacity()) return base::fail("bodies-full", "There are more bodies than this hall can follow.", "Confirm bodies that are gone.");
    OtherBody other;
    other.id = new_body();
    other.number = place.number;
    at = others.emplace(other.id, other).first;
  }
  OtherBody& other = at->second;
  other.staff = place.staff;
  other.beside = place.beside;
  other.at = place.at;
  other.heard = now;
  put_other(other, place.staff ? tracking::BodyKind::attendant : tracking::BodyKind::unknown, 0.3, false, {});
  save_other(other);
  if (!place.beside.is_none()) move_beside(*visit_in(place.beside));
  return {};
}

base::Result<void> Hall::State::confirm_gone(BodyId id) {
  if (others.contains(id)) {
    forget_other(id);
    return {};
  }
  Visit* visit = viewer_body(id);
  if (visit == nullptr) return {};  // gone already
  if (!visit->lost) return base::fail("body-reports", "This viewer's headset still reports where he is.", "Lead the viewer out, or swap the headset.");
  bodies.remove(id);
  near_misses.forget(id);
  end_visit(*visit, "fault", Phase::returned);
  return {};
}

bool Hall::State::leave_body_behind(const Visit& visit) {
  const tracking::Body* known = bodies.find(visit.body);
  near_misses.forget(visit.body);
  if (known == nullptr) return false;
  const tracking::Body body = *known;
  bodies.remove(visit.body);
  // Awaited: that place is of before the restart. Counted out: he was seen to leave.
  if (body.zone != tracking::Zone::floor || visit.awaited || visit.counted_out) return false;
  leave_body(body, visit.headset, "A headset was handed back in the middle of the hall; its viewer may still be there.");
  return true;
}

}  // namespace promenade::hall
