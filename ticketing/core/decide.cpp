#include <algorithm>

#include "ticketing/core/decider.h"
#include "ticketing/core/json_fields.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

base::Result<void> check_date(BusinessDate date, BusinessDate today) {
  if (today < kFirstBusinessDate) {
    return base::fail("clock-wrong", "The box office's clock says that it is " + today.text() + ".", "Set the clock.");
  }
  if (date < kFirstBusinessDate) {
    return base::fail("date-too-early", "The business date " + date.text() + " is before " + kFirstBusinessDate.text() + ".", "Correct the date, or the clock that it comes from.");
  }
  if (const BusinessDate last = today.plus_days(kDaysAhead); date > last) {
    return base::fail("date-too-far", "The business date " + date.text() + " is more than " + std::to_string(kDaysAhead) + " days ahead.", "Until " + last.text() + " days can be booked.");
  }
  return {};
}

// What concerns a date that the ledger has screenings of stays possible: a ticket sold while the clock was wrong is given back.
base::Result<Decision> within_dates(base::Result<Decision> decision, const LedgerState& state, BusinessDate today) {
  if (!decision) return decision;
  for (const Event& event : decision->events) {
    if (!state.screenings_of(event.business_date).empty()) continue;
    if (auto fine = check_date(event.business_date, today); !fine) return std::unexpected(fine.error());
  }
  return decision;
}

}  // namespace

Decider::Decider(const LedgerState& state, base::UtcTime now, const base::KeyPair& key, IdSource& ids, const CheckedRequest& asked)
    : state_(state), config_(*state.config_), now_(now), key_(key), ids_(ids), asked_(asked) {}

void Decider::add_event(std::string_view kind, const RequestHead& head, BusinessDate date, std::string body, const std::string& key) {
  Event event;
  event.seq = next_seq();
  event.ts = now_;
  event.device_ts = head.device_ts;
  event.business_date = date;
  event.kind = kind;
  event.device = head.device;
  event.actor = head.actor;
  event.idempotency_key = key;
  event.body = std::move(body);
  event.prev_hash = decision_.events.empty() ? state_.head_.hash : decision_.events.back().hash;
  event.hash = event_hash(encode_event(event), state_.venue_);
  decision_.events.push_back(std::move(event));
}

base::Result<const TicketRecord*> Decider::ticket(const base::TicketId& code) const {
  const auto at = state_.tickets_.find(code);
  if (at == state_.tickets_.end()) {
    return base::fail("ticket-unknown", "Ticket " + code.value() + " is not in this venue's ledger.", "Check the number.");
  }
  return &at->second;
}

base::Result<const TicketRecord*> Decider::live_ticket(const base::TicketId& code) const {
  auto found = ticket(code);
  if (!found) return found;
  if ((*found)->refunded) {
    return base::fail("ticket-already-refunded", "Ticket " + code.value() + " was refunded.", "It cannot be used or refunded again.");
  }
  if ((*found)->changed_away) {
    return base::fail("ticket-changed", "Ticket " + code.value() + " was changed to ticket " + (*found)->changed_to.value() + ".", "Use that one.");
  }
  return found;
}

bool Decider::has_play(const base::TicketId& code, bool only_open) const {
  const auto at = state_.plays_by_ticket_.find(code);
  if (at == state_.plays_by_ticket_.end()) return false;
  return std::ranges::any_of(at->second, [&](const PlayCode& play) { return !(only_open && state_.plays_.at(play).ended); });
}

std::string Decider::token_of(const SoldTicket& sold, const Screening& screening, const std::string& price_class, TicketKind kind) const {
  Ticket ticket;
  ticket.venue = state_.venue_;
  ticket.code = sold.code;
  ticket.film = screening.film;
  ticket.lane = screening.lane;
  ticket.screening = screening.id;
  ticket.slot = sold.slot;
  ticket.business_date = screening.business_date;
  ticket.valid_from = sold.valid_from;
  ticket.valid_until = sold.valid_until;
  ticket.price_class = price_class;
  ticket.kind = kind;
  ticket.nonce = ticket_nonce(sold.code, key_);
  return issue_ticket(ticket, key_);
}

Answer Decider::with_tokens(Answer answer) const {
  const auto fill = [this](SoldTicket& sold) {
    const TicketRecord& record = state_.tickets_.at(sold.code);
    sold.token = token_of(sold, state_.screenings_.at(record.screening).screening, record.price_class, record.kind);
  };
  if (auto* sale = std::get_if<SaleAnswer>(&answer)) {
    for (auto& sold : sale->tickets) fill(sold);
  } else if (auto* change = std::get_if<ChangeAnswer>(&answer)) {
    fill(change->ticket);
  }
  return answer;
}

base::Result<std::optional<Event>> LedgerState::decide_config(const Config& config, const base::PublicKey& key, base::UtcTime now) const {
  if (config.venue != venue_) {
    return base::fail("venue-differs", "The configuration is of the venue " + config.venue.value() + ", the ledger of " + venue_.value() + ".",
                      "Use the ledger and the configuration of one venue.");
  }
  if (config_ && *config_ == config && ticket_keys_.back() == key) return std::nullopt;
  if (config_ && (config_->time_zone != config.time_zone || config_->cut_over != config.cut_over || config_->currency != config.currency)) {
    return base::fail("config-fixed", "Time zone, cut-over and currency of a ledger in use do not change.",
                      "Put them back, or begin a new ledger.");
  }
  const auto calendar = config.calendar();
  if (!calendar) return std::unexpected(calendar.error());
  if (const BusinessDate today = calendar->date_of(now); today < kFirstBusinessDate) return std::unexpected(check_date(today, today).error());
  return own_event(kVenueSetUp, calendar->date_of(now), canonical_text({{"config", to_json(config)}, {"ticket_key", base::to_hex(key)}}), now);
}

base::Result<std::optional<Event>> LedgerState::decide_log_key(const base::KeyPair& key, const base::KeyPair* previous, base::UtcTime now) const {
  const LogKey* last = log_keys_.last();
  if (last != nullptr && last->key == key.public_key()) return std::nullopt;
  if (last != nullptr && (previous == nullptr || previous->public_key() != last->key)) {
    return base::fail("log-key-unendorsed", "The ledger's log key is " + base::to_hex(last->key) + ", and this is another that it has not endorsed.",
                      "Put the log key back; another one takes its place by `promenade boxoffice rotate-key log` only.");
  }
  const LogKey made = make_log_key(venue_, head_.seq + 1, key, last == nullptr ? nullptr : previous);
  return own_event(kLogKeyEvent, calendar().date_of(now), canonical_text(to_json(made)), now);
}

// An event that no request asked for.
Event LedgerState::own_event(std::string_view kind, BusinessDate date, std::string body, base::UtcTime now) const {
  Event event;
  event.seq = head_.seq + 1;
  event.ts = event.device_ts = now;
  event.business_date = date;
  event.kind = kind;
  event.device = "box-office";
  event.actor = "box-office";
  event.body = std::move(body);
  event.prev_hash = head_.hash;
  event.hash = event_hash(encode_event(event), venue_);
  return event;
}

base::Result<Decision> LedgerState::decide(const Request& request, base::UtcTime now, const base::KeyPair& key, IdSource& ids) const {
  const auto asked = checked(request);
  if (!asked) return std::unexpected(asked.error());
  return decide(*asked, now, key, ids);
}

base::Result<Decision> LedgerState::decide(const CheckedRequest& asked, base::UtcTime now, const base::KeyPair& key, IdSource& ids) const {
  PROMENADE_ASSERT(config_.has_value());
  Decider decider(*this, now, key, ids, asked);
  const std::string& idempotency_key = head_of(asked.request).idempotency_key;
  if (const auto known = known_.find(idempotency_key); known != known_.end()) {
    // Sent again at another time of the sender's clock it is the same request still.
    Request first = asked.request;
    std::visit([&](auto& r) { r.head.device_ts = known->second.device_ts; }, first);
    if (known->second.digest != asked.digest && known->second.digest != digest_of(first)) {
      return base::fail("idempotency-mismatch", "The idempotency key " + idempotency_key + " was used for another request.",
                        "Use a new key for a new request.");
    }
    return Decision{{}, decider.with_tokens(known->second.answer), true};
  }
  return within_dates(std::visit([&](const auto& r) { return decider.decide(r); }, asked.request), *this, calendar().date_of(now));
}

}  // namespace promenade::ticketing
