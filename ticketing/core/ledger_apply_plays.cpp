// Through the door, granted, played.

#include <algorithm>

#include "ticketing/core/applier.h"

namespace promenade::ticketing {

namespace {

bool has(const std::vector<std::string>& codes, std::string_view code) { return std::ranges::find(codes, code) != codes.end(); }

}  // namespace

void Applier::concerns(const RedemptionId& redemption) {
  if (const auto at = state_.redemptions_.find(redemption); at != state_.redemptions_.end()) concerns(at->second.ticket);
}

void Applier::revoke(GrantRecord& grant) {
  grant.revoked = true;
  state_.grant_by_play_.erase(grant.play);
  state_.touch(kGrantTable, grant.id.value());
}

// R becomes the ticket's redemption, in the place of the one there is, unless that is the hall's and R only the door's.
void Applier::take_place(RedemptionRecord& r) {
  TicketRecord& ticket = state_.tickets_.at(r.ticket);
  const auto before = state_.redemptions_.find(ticket.redemption);
  const bool same_visit = before != state_.redemptions_.end() && !before->second.relieved;
  if (same_visit && r.door) {
    before->second.door = true;
    before->second.went_in = std::min(before->second.went_in, r.at);
    r.relieved = r.same_visit = true;
    return;
  }
  if (same_visit) {
    before->second.relieved = before->second.same_visit = true;
    r.door = before->second.door;
    r.went_in = before->second.went_in;
  }
  ticket.redemption = r.id;
  state_.touch(kTicketTable, r.ticket.value());
}

base::Result<void> Applier::take(const RedemptionRequest& request) {
  const auto* redeemed = answer<RedemptionAnswer>();
  if (redeemed == nullptr || !state_.tickets_.contains(redeemed->ticket)) return broken("its ticket or answer is missing");
  RedemptionRecord r;
  concerns(redeemed->ticket);
  r.id = redeemed->redemption;
  r.ticket = redeemed->ticket;
  r.hall = request.hall;
  r.screening = redeemed->screening;
  r.headset = request.headset;
  r.at = request.offline ? event_.device_ts : event_.ts;
  r.went_in = r.at;
  r.business_date = event_.business_date;
  r.offline = request.offline;
  r.conflict = redeemed->conflict;
  r.door = request.door;
  r.bound = !request.door;
  r.gate = request.gate;
  r.device = event_.device;
  if (!r.conflict) {
    come_again(r);
    take_place(r);
  }
  state_.touch(kRedemptionTable, r.id.value());
  if (!state_.redemptions_.emplace(r.id, r).second) return broken("the redemption is there twice");
  state_.redemptions_by_ticket_[r.ticket].push_back(r.id);
  state_.records_by_day_[r.business_date].redemptions.insert(r.id);
  return {};
}

base::Result<void> Applier::take(const GrantRequest& request) {
  const auto* granted = answer<GrantAnswer>();
  const auto redemption = state_.redemptions_.find(request.redemption);
  if (granted == nullptr || redemption == state_.redemptions_.end()) return broken("its redemption or answer is missing");
  if (const auto earlier = state_.grants_.find(redemption->second.grant); earlier != state_.grants_.end()) {
    revoke(earlier->second);
  }
  concerns(request.redemption);
  redemption->second.grant = granted->grant;
  state_.touch(kRedemptionTable, redemption->first.value());
  state_.touch(kGrantTable, granted->grant.value());
  const GrantRecord g{granted->grant, request.redemption, request.headset, request.film, request.package_hash, request.play,
                      request.offline, granted->conflict, false};
  if (!state_.grants_.emplace(g.id, g).second) return broken("the grant is there twice");
  state_.grants_by_redemption_[g.redemption].push_back(g.id);
  if (!state_.grant_by_play_.emplace(g.play, g.id).second) return broken("its play has a grant already");
  return {};
}

base::Result<void> Applier::take(const PlayStarted& request) {
  const auto* recorded = answer<RecordedAnswer>();
  if (recorded == nullptr) return broken("its answer is of another kind");
  if (const auto known = state_.plays_.find(request.play); known != state_.plays_.end()) {
    concerns(known->second.redemption);
    return go_on(known->second);
  }
  PlayRecord p;
  p.code = request.play;
  p.grant = request.grant;
  p.film = request.film;
  p.package_hash = request.package_hash;
  p.headset = request.headset;
  p.start = request.start;
  p.business_date = event_.business_date;
  p.film_mismatch = has(recorded->discrepancies, "film-mismatch");
  if (!has(recorded->discrepancies, "play-without-grant")) {
    const auto grant = state_.grants_.find(request.grant);
    if (grant == state_.grants_.end()) return broken("its grant is missing");
    p.redemption = grant->second.redemption;
    const auto redemption = state_.redemptions_.find(p.redemption);
    if (redemption == state_.redemptions_.end()) return broken("its redemption is missing");
    if (!has(recorded->discrepancies, "double-redemption")) p.ticket = redemption->second.ticket;
  }
  concerns(p.redemption);
  follow(p);
  state_.touch(kPlayTable, p.code.value());
  if (!state_.plays_.emplace(p.code, p).second) return broken("the play is there twice");
  state_.records_by_day_[p.business_date].plays.insert(p.code);
  if (!p.ticket.is_none()) state_.plays_by_ticket_[p.ticket].push_back(p.code);
  return {};
}

base::Result<void> Applier::take(const PlayEnded& request) {
  const auto play = state_.plays_.find(request.play);
  if (play == state_.plays_.end()) return broken("its play is missing");
  PlayRecord& p = play->second;
  concerns(p.redemption);
  if (p.ended) {  // resumed after an evacuation, its second start not told
    if (auto done = go_on(p); !done) return done;
  }
  p.ended = true;
  p.completed = request.completed;
  p.moved = request.moved;
  p.worn_share = request.worn_share;
  p.interruptions = request.interruptions;
  p.swaps = std::max(p.swaps, request.swaps);
  p.came_in_again = std::max(p.came_in_again, request.came_in_again);
  p.reason = request.reason;
  p.end = request.end;
  state_.touch(kPlayTable, p.code.value());
  if (!p.completed && p.reason == kEvacuated && !p.ticket.is_none()) open_case(p, request);
  const auto redemption = state_.redemptions_.find(p.redemption);
  if (p.completed && redemption != state_.redemptions_.end() && redemption->second.completed.is_none()) {
    redemption->second.completed = p.code;
    state_.touch(kRedemptionTable, redemption->first.value());
  }
  return {};
}

base::Result<void> Applier::take(const HeadsetSwap& request) {
  const auto play = state_.plays_.find(request.play);
  if (play == state_.plays_.end()) return broken("its play is missing");
  concerns(play->second.redemption);
  play->second.headset = request.to;
  ++play->second.swaps;
  state_.touch(kPlayTable, play->first.value());
  return {};
}

base::Result<void> Applier::take(const Observation& request) {
  state_.touch(kObservationTable, std::to_string(state_.observations_.size()));
  state_.records_by_day_[event_.business_date].observations.push_back(state_.observations_.size());
  state_.observations_.push_back({event_.seq, request, event_.business_date});
  return {};
}
}  // namespace promenade::ticketing
