// The state from its events: the chain, the venue's set-up, screenings, days.

#include "ticketing/core/applier.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/reconcile.h"

namespace promenade::ticketing {

base::Result<void> Applier::run() {
  if (event_.seq != state_.head_.seq + 1 || event_.prev_hash != state_.head_.hash) return broken("it does not continue the chain");
  base::Result<void> done;
  if (event_.kind == kVenueSetUp) done = venue_set_up();
  else if (!state_.config_) return broken("it comes before the venue's set-up");
  else if (event_.kind == kLogKeyEvent) done = log_key();
  else if (event_.kind == kScreeningOpened) done = screening_opened();
  else done = booked();
  if (!done) return done;
  state_.head_ = {event_.seq, event_.hash};
  return {};
}

std::unexpected<base::Error> Applier::broken(const std::string& what) const {
  return base::fail(kCorrupt, "Event " + std::to_string(event_.seq) + " (" + event_.kind + "): " + what + ".",
                    "The ledger was altered or is of another version.");
}

base::Result<void> Applier::venue_set_up() {
  const auto body = nlohmann::json::parse(event_.body, nullptr, false);
  if (body.is_discarded()) return broken("its body is not JSON");
  FieldReader in(body, "venue set-up", kCorrupt);
  auto config = config_from_json(in.any("config"));
  const base::Hash key = in.hash("ticket_key");
  if (auto done = in.finish(); !done) return done;
  if (!config) return broken(config.error().message);
  if (config->venue != state_.venue_) return broken("it is of the venue " + config->venue.value());
  auto calendar = config->calendar();
  if (!calendar) return std::unexpected(calendar.error());
  state_.rules_.set(event_.business_date, config->rules());
  state_.config_ = std::move(*config);
  state_.calendar_ = *calendar;
  std::erase(state_.ticket_keys_, key);  // one that is used again is the last again
  state_.ticket_keys_.push_back(key);
  return {};
}

base::Result<void> Applier::log_key() {
  const auto body = nlohmann::json::parse(event_.body, nullptr, false);
  if (body.is_discarded()) return broken("its body is not JSON");
  const auto key = log_key_from_json(body);
  if (!key) return broken(key.error().message);
  if (key->venue != state_.venue_ || key->from != event_.seq) return broken("its log key is of another venue or event");
  if (const auto added = state_.log_keys_.add(*key); !added) return broken(added.error().message);
  return {};
}

base::Result<void> Applier::screening_opened() {
  auto screening = screening_from_text(event_.body);
  if (!screening) return broken(screening.error().message);
  const base::ScreeningId id = screening->id;
  if (state_.screenings_.contains(id)) return broken("the screening was open already");
  state_.screenings_by_day_[screening->business_date].push_back(id);
  state_.open_by_day_[screening->business_date].push_back(*screening);
  state_.screenings_[id].screening = std::move(*screening);
  state_.touch(kScreeningTable, id.value());
  return {};
}

base::Result<void> Applier::booked() {
  auto read = booked_from_text(event_.body);
  if (!read) return broken(read.error().message);
  booked_ = std::move(*read);
  if (kind_of(booked_.request) != event_.kind) return broken("its body is another request");
  if (seq_of(booked_.answer) != event_.seq) return broken("its answer is another event's");
  auto done = std::visit([this](const auto& request) { return take(request); }, booked_.request);
  if (!done) return done;
  if (!event_.idempotency_key.empty()) {
    const bool fresh = state_.known_.emplace(event_.idempotency_key, LedgerState::Known{booked_.digest, event_.seq, booked_.answer, event_.device_ts}).second;
    if (!fresh) return broken("its idempotency key was used before");
  }
  // What is said to the national system changes no report.
  const bool settles = event_.kind == DayClose::kKind || event_.kind == Correction::kKind || event_.kind == NationalReceipt::kKind || event_.kind == LateEntryApproval::kKind;
  if (const auto day = state_.days_.find(event_.business_date); day != state_.days_.end() && !settles) {
    ++day->second.late_events;
    state_.touch(kDayTable, event_.business_date.text());
  }
  return {};
}

base::Result<void> Applier::settle(BusinessDate date) {
  const auto* day = answer<DayAnswer>();
  if (day == nullptr) return broken("its answer is of another kind");
  DayRecord& record = state_.days_[date];
  DayReport report = compose_day_report(state_, date, true, record.revision + 1, day->reckoning);
  const base::Hash hash = base::blake2b(base::as_bytes(report_json_text(report)));
  if (day->revision != report.revision || hash != day->report_hash) return broken("its report is not what the events before it amount to");
  record.revision = report.revision;
  record.data_through = report.data_through;
  record.late_events = 0;
  record.revisions.push_back(std::move(report));
  state_.touch(kDayTable, date.text());
  state_.touch(kRevisionTable, date.text() + "#" + std::to_string(record.revision));
  return {};
}
base::Result<void> LedgerState::apply(const Event& event) { return Applier(*this, event).run(); }

}  // namespace promenade::ticketing
