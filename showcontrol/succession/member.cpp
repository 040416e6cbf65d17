#include "showcontrol/succession/member.h"

#include <algorithm>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::succession {

namespace {
constexpr std::size_t kSentMax = 256;  // far more than kPromise has room for
}

Member::Member(Place place, Kept kept, Position records, Rules rules)
    : place_(place), rules_(rules), kept_(kept), records_(records) {
  ++kept_.run;
  if (kept_.alone || !rules_.new_run_waits) take_lead(next_own(kept_.epoch), kept_.alone);
  else note(kept_.epoch, false);
}

EpochId Member::next_own(EpochId after) const {
  if (!rules_.epochs_rise) return EpochId(std::max<std::uint64_t>(after.value(), 1));
  const std::uint64_t parity = place_ == Place::first ? 1 : 0;
  const std::uint64_t next = after.value() + 1;
  return EpochId(next % 2 == parity ? next : next + 1);
}

void Member::note(EpochId epoch, bool alone) { to_save_ = Save{{epoch, kept_.run, alone}, false}; }
void Member::take_lead(EpochId epoch, bool alone) { to_save_ = Save{{epoch, kept_.run, alone}, true}; }

void Member::become(Role role) {
  role_ = role;
  may_take_over_ = false;
  wants_ = {};
  urgent_ = true;
}

void Member::saved(const Save& save) {
  if (to_save_ != save) return;  // something newer waits to be written
  to_save_.reset();
  kept_ = save.kept;
  begun_ = true;
  urgent_ = true;
  if (save.begins_records) {
    become(Role::leading);
    records_ = {kept_.epoch, 0};
    sent_.clear();
    lease_until_ = MemberTime::min();
    armed_run_ = arming_run_ = other_index_ = 0;
  } else if (role_ == Role::leading && !kept_.alone) {
    armed_run_ = std::exchange(arming_run_, 0);
  } else if (role_ == Role::leading) {
    armed_run_ = 0;
  }
}

void Member::records_kept(Position records) {
  if (records_ == records) return;
  records_ = records;
  urgent_ = true;
  arm_when_level();
}

void Member::leave() {
  // Who leads, or has begun to write that it does, goes on until it is ended: the other one takes over then.
  if ((role_ != Role::following && role_ != Role::waiting) || (to_save_ && to_save_->begins_records)) return;
  become(Role::left);
}

// ---------------------------------------------------------------- hearing

void Member::hear(const Word& word, MemberTime now) {
  if (!begun_ || role_ == Role::left) return;
  if (to_save_ && to_save_->begins_records) return;  // taking the lead: nothing binds this end any more
  if (other_ && (word.run < other_->run || (word.run == other_->run && word.number <= other_->number))) return;
  other_ = word;
  if (role_ == Role::waiting) hear_waiting(word, now);
  else if (role_ == Role::following) hear_following(word, now);
  else hear_leading(word, now);
}

// From here on the sender may rely on it that this end does not take over for kPromise.
void Member::bind(const Word& word, MemberTime now) {
  bound_run_ = word.run;
  bound_ = word.number;
  promised_until_ = now + kPromise;
}

void Member::follow(const Word& leader, MemberTime now) {
  become(Role::following);
  if (leader.epoch != kept_.epoch || kept_.alone) note(leader.epoch, false);
  bind(leader, now);
}

void Member::agree(const Word& word, MemberTime now) {
  if (word.wants < kept_.epoch) return;
  if (word.wants > kept_.epoch) note(word.wants, false);
  bind(word, now);
  urgent_ = true;
}

bool Member::outranks(const Word& word) const {
  if (records_ != word.records) return records_ > word.records;
  return word.role == Role::following || place_ == Place::first;  // who is followed has led
}

void Member::hear_waiting(const Word& word, MemberTime now) {
  if (word.role == Role::leading) {
    if (word.epoch >= kept_.epoch) follow(word, now);
    return;
  }
  if (word.role == Role::left) return;
  if (!outranks(word)) {
    wants_ = {};
    if (!word.wants.is_none()) agree(word, now);
    else bind(word, now);
    return;
  }
  bind(word, now);
  if (wants_.is_none() || word.epoch > wants_) {
    wants_ = next_own(std::max(kept_.epoch, word.epoch));
    urgent_ = true;
  } else if (word.epoch == wants_ && word.heard_run == kept_.run) {
    take_lead(wants_, false);
  }
}

void Member::hear_following(const Word& word, MemberTime now) {
  if (word.role == Role::leading) {
    if (word.epoch < kept_.epoch) {
      urgent_ = true;  // it hears from our word that it is replaced
      return;
    }
    if (word.epoch > kept_.epoch) follow(word, now);
    else bind(word, now);
    may_take_over_ = word.armed && word.heard_run == kept_.run && records_.epoch == word.epoch && kept_.epoch == word.epoch;
  } else if (word.role == Role::waiting) {
    const bool newer_here = records_ > word.records;
    if (!word.wants.is_none() && !newer_here) agree(word, now);
    else if (newer_here && !may_take_over_) become(Role::waiting);
  }
}

void Member::hear_leading(const Word& word, MemberTime now) {
  if (word.epoch > kept_.epoch) {
    if (word.role == Role::leading) return follow(word, now);
    become(Role::waiting);
    note(word.epoch, false);
    return;
  }
  bound_run_ = word.run;
  bound_ = word.number;
  if (word.role == Role::leading) return;  // of a lower epoch: it gives way when it hears this end
  if (word.role == Role::left) {
    if (!kept_.alone && !to_save_) note(kept_.epoch, true);
    return;
  }
  if (word.epoch == kept_.epoch && word.heard_run == kept_.run) {
    const auto sent = std::ranges::find(sent_, word.heard, &Sent::number);
    if (sent != sent_.end()) lease_until_ = std::max(lease_until_, sent->at + kPromise - kLeaseMargin);
  }
  if (word.records.epoch == kept_.epoch) other_index_ = std::max(other_index_, word.records.index);
  arm_when_level();
}

void Member::arm_when_level() {
  if (role_ != Role::leading || to_save_ || !other_ || other_->role != Role::following || other_->run == armed_run_) return;
  if (other_->records.epoch != kept_.epoch || other_index_ < records_.index) return;
  if (kept_.alone) {
    arming_run_ = other_->run;
    note(kept_.epoch, false);
  } else {
    armed_run_ = other_->run;
  }
  urgent_ = true;
}

// ---------------------------------------------------------------- time

void Member::step(MemberTime now) {
  while (!sent_.empty() && sent_.front().at + kPromise < now) sent_.pop_front();
  if (role_ != Role::following || to_save_ || now < promised_until_) return;
  if (may_take_over_) take_lead(next_own(kept_.epoch), true);
  else become(Role::waiting);
}

Word Member::word(MemberTime now) {
  PROMENADE_ASSERT(begun_);
  urgent_ = false;
  Word said;
  said.role = role_;
  said.epoch = kept_.epoch;
  said.wants = wants_;
  said.run = kept_.run;
  said.number = ++number_;
  said.heard_run = bound_run_;
  said.heard = bound_;
  said.records = records_;
  said.armed = armed();
  if (role_ == Role::leading) {
    sent_.push_back({said.number, now});
    if (sent_.size() > kSentMax) sent_.pop_front();
  }
  return said;
}

bool Member::take_urgent() { return std::exchange(urgent_, false); }

bool Member::armed() const {
  if (role_ == Role::leading) return armed_run_ != 0 && armed_run_ == bound_run_;
  return role_ == Role::following && may_take_over_;
}

MemberTime Member::authority_until() const {
  if (role_ != Role::leading) return MemberTime::min();
  return alone() || !rules_.lease_ends ? MemberTime::max() : lease_until_;
}

std::uint64_t Member::shared_index() const {
  if (role_ != Role::leading) return 0;
  return alone() || !rules_.records_at_both ? records_.index : std::min(records_.index, other_index_);
}

std::optional<EpochId> Member::leader_epoch() const {
  if (role_ != Role::following || to_save_) return std::nullopt;
  return kept_.epoch;
}

}  // namespace promenade::succession
