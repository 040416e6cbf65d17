// Who is led by somebody: a viewer without a working headset, led out by an attendant along a way that is kept free, and
// a child with a parent at his side who wears no headset.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr double kTakenByHand_m = 1.3;      // an attendant's tag so near has him by the hand
constexpr double kOffTheWay_m = 1.8;        // a tag so far from the way has let him go
constexpr base::Duration kLookAgain{1'000'000};
constexpr base::Duration kTagFresh{2'000'000};
constexpr double kArm_m = 0.5;              // a parent is within an arm's length, on a side that nobody knows
}  // namespace

// A headset that is silent leads nobody: its viewer walks out at an attendant's hand. From the command until his body is
// confirmed gone, no gate opens into a block that his way to the exit touches.
void Hall::State::escort(Visit& visit) {
  const bool led = visit.leading_out && visit.lost && !mode.evacuate && bodies.find(visit.body) != nullptr;
  if (!led) {
    if (!visit.escort_way.empty()) {
      visit.escort_way.clear();
      visit.escort_hand = BodyId{};
      release_block(visit);
      if (const tracking::Body* body = bodies.find(visit.body)) keep_clear_of(visit, *body);
    }
    return;
  }
  follow_hand(visit);
  const tracking::Body& body = *bodies.find(visit.body);
  if (!visit.escort_way.empty() && now - visit.escort_kept < kLookAgain) return;
  visit.escort_kept = now;
  if (visit.escort_way.empty()) {
    WaysOut::Way way = ways().to_exit(body.position);
    visit.escort_way = way.path.empty() ? planning::Path{body.position, way.door} : std::move(way.path);
  }
  interlocking.block_way(visit.body, body.position, config.limits.attendant_radius_m, rest_of_way(visit), now_s());
  visit.blocks_others = true;
}

planning::Path Hall::State::rest_of_way(const Visit& visit) const {
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr || visit.escort_way.empty()) return visit.escort_way;
  const double along_m = nearest_on_path(visit.escort_way, body->position).along_m;
  planning::Path rest{body->position};
  double passed_m = 0.0;
  for (std::size_t i = 1; i < visit.escort_way.size(); ++i) {
    passed_m += tracking::distance(visit.escort_way[i - 1], visit.escort_way[i]);
    if (passed_m > along_m || i + 1 == visit.escort_way.size()) rest.push_back(visit.escort_way[i]);
  }
  return rest;
}

// His place is then the attendant's: the tag is heard, he is not.
void Hall::State::follow_hand(Visit& visit) {
  const tracking::Body before = *bodies.find(visit.body);
  const auto off_way_m = [&](HallPoint at) { return visit.escort_way.empty() ? 0.0 : nearest_on_path(visit.escort_way, at).distance_m; };
  if (!visit.escort_hand.is_none()) {
    const tracking::Body* hand = bodies.find(visit.escort_hand);
    if (hand == nullptr || now - hand->heard > kTagFresh || off_way_m(hand->position) > kOffTheWay_m) visit.escort_hand = BodyId{};
  }
  if (visit.escort_hand.is_none()) {
    double nearest_m = kTakenByHand_m;
    for (const auto& [id, other] : others) {
      const tracking::Body* hand = bodies.find(id);
      if (!other.tag || hand == nullptr || now - hand->heard > kTagFresh || off_way_m(hand->position) > kOffTheWay_m) continue;
      const double apart_m = tracking::distance(hand->position, before.position);
      if (apart_m >= nearest_m) continue;
      nearest_m = apart_m;
      visit.escort_hand = id;
    }
  }
  if (visit.escort_hand.is_none()) return;
  const tracking::Body& hand = *bodies.find(visit.escort_hand);
  tracking::Body body = before;
  body.position = hand.position;
  body.heard = hand.heard;
  body.error_m = hand.error_m;
  body.widened_m = std::max(before.widened_m, kArm_m);
  body.zone = config.venue.zone_at(body.position);
  bodies.put(body);
  visit.last_head = body.position;
}

// ---------------------------------------------------------------- parents

std::size_t Hall::State::bodies_beside(HeadsetId headset) const {
  return static_cast<std::size_t>(std::ranges::count_if(others, [&](const auto& one) { return one.second.beside == headset; }));
}

void Hall::State::move_beside(const Visit& visit) {
  const tracking::Body* body = bodies.find(visit.body);
  if (body == nullptr) return;
  const tracking::Body viewer = *body;
  for (auto& [id, other] : others) {
    if (other.beside != visit.headset) continue;
    other.at = viewer.position;
    other.heard = viewer.heard;
    tracking::Body parent;
    parent.id = id;
    parent.kind = tracking::BodyKind::companion;
    parent.position = viewer.position;
    parent.velocity = viewer.velocity;
    parent.heard = viewer.heard;
    parent.error_m = viewer.error_m;
    parent.widened_m = kArm_m;
    parent.zone = viewer.zone;
    parent.hand_pair = viewer.id;
    parent.group = viewer.group;
    bodies.put(parent);
    if (other.blocks) interlocking.unblock_body(id);  // he goes where the viewer's plan leads
    other.blocks = false;
  }
}

void Hall::State::forget_beside(HeadsetId headset) {
  std::vector<BodyId> gone;
  for (const auto& [id, other] : others) {
    if (other.beside == headset) gone.push_back(id);
  }
  for (const BodyId id : gone) forget_other(id);
}

bool Hall::State::is_alone(const Visit& child) const {
  if (bodies_beside(child.headset) > 0) return false;
  return std::ranges::none_of(visits, [&](const auto& one) {
    return child.party != 0 && one.second.party == child.party && !one.second.child && one.second.phase >= Phase::redeemed && one.second.phase < Phase::returned;
  });
}

}  // namespace promenade::hall
