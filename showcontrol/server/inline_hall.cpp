#include "showcontrol/server/inline_hall.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::server {

namespace {

constexpr std::size_t kBatch = 200;

hall::HallConfig with_epoch(hall::HallConfig config, HallMemory& memory) {
  config.epoch = memory.take_next_epoch();
  return config;
}

template <class Answer>
base::Result<Answer> only(base::Result<ticketing::Answer> answer) {
  if (!answer) return std::unexpected(std::move(answer.error()));
  Answer* one = std::get_if<Answer>(&*answer);
  PROMENADE_ASSERT(one != nullptr);
  return std::move(*one);
}

}  // namespace

void HallMemory::append(const hall::Persist& persist) {
  for (const hall::StateRecord& record : persist.records) {
    if (record.value.empty()) records_.erase({record.kind, record.key});
    else records_[{record.kind, record.key}] = record.value;
  }
  for (const hall::OutboxItem& fact : persist.facts) {
    if (fact_keys_.insert(fact.idempotency_key).second) facts_.push_back(fact);
  }
}

std::vector<hall::StateRecord> HallMemory::records() const {
  std::vector<hall::StateRecord> list;
  for (const auto& [key, value] : records_) list.push_back({key.first, key.second, value});
  return list;
}

InlineHall::InlineHall(hall::HallConfig config, HallMemory& memory, BoxOfficeLine line, std::optional<OfflineDesk> offline)
    : memory_(memory),
      line_(std::move(line)),
      offline_(std::move(offline)),
      start_(config.start),
      utc_at_start_(config.utc_at_start),
      hall_(with_epoch(config, memory), memory.records()),
      planner_(hall::floor_plan(config.venue)),
      reachable_(line_.ask != nullptr) {
  if (!offline_) return;
  for (const base::TicketId& code : memory_.used_offline) offline_->note_used(code, base::UtcTime::max());
}

base::UtcTime InlineHall::utc(base::HallTime now) const {
  return utc_at_start_ + std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
}

void InlineHall::connected(hall::PeerId peer, base::HallTime now) { handle(hall::PeerConnected{peer}, now); }
void InlineHall::lost(hall::PeerId peer, base::HallTime now) { handle(hall::PeerLost{peer}, now); }

void InlineHall::receive(hall::PeerId peer, protocol::Message message, base::HallTime now) {
  if (const auto* request = std::get_if<protocol::ClockRequest>(&message)) {
    sends_.push_back({peer, protocol::ClockReply{request->sequence, request->sent, now, now}});
    return;
  }
  handle(hall::Received{peer, std::move(message)}, now);
}

std::vector<hall::Send> InlineHall::take_sends() {
  std::vector<hall::Send> taken;
  taken.reserve(sends_.size());  // the next tick sends about as many
  taken.swap(sends_);
  return taken;
}

void InlineHall::tick(base::HallTime now) {
  if (reachable_ != told_reachable_) {
    told_reachable_ = reachable_;
    handle(hall::BoxOfficeReachable{reachable_, static_cast<std::uint16_t>(std::min<std::size_t>(outbox(), 65535))}, now);
  }
  if (now >= next_delivery_) {
    next_delivery_ = now + kDeliverEvery;
    deliver(now);
  }
  hall::Effects effects = std::exchange(scratch_, {});
  hall_.tick(now, effects);
  run(effects, now);
  effects.clear();
  scratch_ = std::move(effects);
}

void InlineHall::handle(const hall::Event& event, base::HallTime now) {
  hall::Effects effects = std::exchange(scratch_, {});
  hall_.handle(event, now, effects);
  run(effects, now);
  effects.clear();
  if (hall_.has_unwritten()) {
    hall_.write_down(now, effects);
    run(effects, now);
    effects.clear();
  }
  scratch_ = std::move(effects);
}

// Effects may lead to further events, whose effects are worked off after those of the first.
void InlineHall::run(hall::Effects& effects, base::HallTime now) {
  for (hall::Effect& effect : effects) {
    if (auto* send = std::get_if<hall::Send>(&effect)) {
      sends_.push_back(std::move(*send));
    } else if (auto* disconnect = std::get_if<hall::Disconnect>(&effect)) {
      disconnects_.push_back(std::move(*disconnect));
    } else if (auto* note = std::get_if<hall::Note>(&effect)) {
      notes_.push_back(std::move(*note));
    } else if (auto* near_miss = std::get_if<hall::NearMissKept>(&effect)) {
      near_misses_.push_back(std::move(*near_miss));
    } else if (auto* time = std::get_if<hall::ViewerTime>(&effect)) {
      viewer_times_.push_back(std::move(*time));
    } else if (const auto* ticket = std::get_if<hall::AskTicket>(&effect)) {
      answer(*ticket, now);
    } else if (const auto* change = std::get_if<hall::AskChange>(&effect)) {
      auto said = reachable_ ? line_.ask(change->change, utc(now)) : base::fail("http-unreachable", "The box office cannot be reached.");
      handle(hall::ChangeAnswered{change->request, only<ticketing::ChangeAnswer>(std::move(said))}, now);
    } else if (const auto* plan = std::get_if<hall::AskPlan>(&effect)) {
      const bool nothing = finds_nothing_ && finds_nothing_(*plan);
      handle(hall::PlanAnswered{plan->request, nothing ? planning::PlanAnswer{} : planner_.plan(plan->plan, plan->snapshot, plan->budget, plan->seed)}, now);
    } else if (const auto* records = std::get_if<hall::Persist>(&effect)) {
      persist(*records, now);
    }
  }
}

void InlineHall::answer(const hall::AskTicket& ask, base::HallTime now) {
  if (reachable_) {
    auto said = only<ticketing::RedemptionAnswer>(line_.ask(ask.redemption, utc(now)));
    if (said) {
      memory_.used_offline.insert(said->ticket);
      if (offline_) offline_->note_used(said->ticket, base::UtcTime::max());
    }
    handle(hall::TicketAnswered{ask.request, std::move(said)}, now);
    return;
  }
  base::Result<ticketing::RedemptionAnswer> said =
      offline_ ? offline_->redeem(ask.redemption, utc(now)) : base::fail("box-office-away", "The box office cannot be reached.", "Try again later.");
  if (said) {
    memory_.used_offline.insert(said->ticket);
    offline_->note_used(said->ticket, base::UtcTime::max());
  }
  handle(hall::TicketAnswered{ask.request, std::move(said)}, now);
}

void InlineHall::persist(const hall::Persist& records, base::HallTime now) {
  if (before_write_) before_write_(records);
  if (disk_full_) {
    unwritten_.push_back(records);
    handle(hall::PersistFailed{records.token, {"disk-full", "The disk is full.", "Make room on it."}}, now);
    return;
  }
  memory_.append(records);
  handle(hall::Persisted{records.token}, now);
}

void InlineHall::set_box_office_reachable(bool reachable, base::HallTime now) {
  reachable_ = reachable && line_.ask != nullptr;
  tick(now);
}

void InlineHall::set_disk_full(bool full, base::HallTime now) {
  disk_full_ = full;
  if (full) return;
  for (const hall::Persist& records : std::exchange(unwritten_, {})) persist(records, now);
}

void InlineHall::deliver(base::HallTime now) {
  if (!reachable_) return;
  while (memory_.delivered() < memory_.facts().size()) {
    const std::size_t from = memory_.delivered();
    const std::size_t count = std::min(kBatch, memory_.facts().size() - from);
    std::vector<ticketing::Request> requests;
    for (std::size_t i = from; i < from + count; ++i) {
      auto request = ticketing::request_from_text(memory_.facts()[i].body_json, memory_.facts()[i].kind);
      PROMENADE_ASSERT(request.has_value());
      requests.push_back(std::move(*request));
    }
    std::vector<base::Result<ticketing::Answer>> answers;
    if (line_.ask_all) {
      answers = line_.ask_all(requests, utc(now));
    } else {
      for (const ticketing::Request& request : requests) answers.push_back(line_.ask(request, utc(now)));
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (answers[i]) continue;
      if (is_unreachable(answers[i].error())) {
        memory_.set_delivered(from + i);
        return;  // facts go in order; this one is tried again
      }
      // The same deed under the same key with another body: it is in the ledger already.
      if (answers[i].error().code != "idempotency-mismatch") refused_.push_back({memory_.facts()[from + i], answers[i].error()});
    }
    memory_.set_delivered(from + count);
  }
}

}  // namespace promenade::server
