#include "ticketing/circuit/admissions.h"

#include <algorithm>

#include "ticketing/core/answers.h"
#include "ticketing/core/event_body.h"

namespace promenade::ticketing::circuit {
namespace {

std::unexpected<base::Error> inconsistent(const Fact& fact, const std::string& what) {
  return base::fail(kCorrupt, "Event " + std::to_string(fact.seq) + ": " + what + ".", "The ledger does not fit itself: ask the venue.");
}

bool is_guest(const Admission& a) { return a.kind == TicketKind::staff || a.kind == TicketKind::test; }

}  // namespace

void DayCounts::add(const DayCounts& o, std::int64_t sign) {
  sold += sign * o.sold;
  comps += sign * o.comps;
  refunded += sign * o.refunded;
  changed += sign * o.changed;
  redeemed += sign * o.redeemed;
  plays_started += sign * o.plays_started;
  played += sign * o.played;
  guests += sign * o.guests;
  evacuated += sign * o.evacuated;
  gross_minor += sign * o.gross_minor;
  refunds_minor += sign * o.refunds_minor;
}

// As Composer::add_ticket of reconcile.cpp counts one ticket.
DayCounts counts_of(const Admission& a) {
  DayCounts c;
  if (a.changed) {
    c.changed = is_guest(a) ? 0 : 1;
    return c;
  }
  if (is_guest(a)) {
    c.guests = 1;
    return c;
  }
  if (a.kind == TicketKind::paid) {
    c.sold = 1;
    c.gross_minor = a.price_minor;
  } else {
    c.comps = 1;
  }
  if (a.refunded) {
    c.refunded = 1;
    c.refunds_minor = a.price_minor;
  }
  c.redeemed = a.redeemed ? 1 : 0;
  c.plays_started = a.plays;
  c.played = a.played ? 1 : 0;
  c.evacuated = a.evacuated ? 1 : 0;
  return c;
}

std::vector<std::string> AdmissionBook::unknown_in(const std::vector<Fact>& facts) {
  std::set<std::string> known, unknown;
  const auto needs = [&](const char* prefix, const std::string& name) {
    if (name.empty()) return;
    std::string key = prefix + name;
    if (!known.contains(key)) unknown.insert(std::move(key));
  };
  const auto brings = [&](const char* prefix, const std::string& name) { known.insert(prefix + name); };
  for (const Fact& fact : facts) {
    using enum Fact::Kind;
    switch (fact.kind) {
      case sale:
        for (const auto& ticket : fact.tickets) brings("t:", ticket);
        break;
      case change:
        needs("t:", fact.old_ticket);
        needs("r:", fact.redemption);
        brings("t:", fact.tickets.front());
        break;
      case redemption:
        needs("t:", fact.tickets.front());
        brings("r:", fact.redemption);
        break;
      case grant:
        needs("r:", fact.redemption);
        brings("g:", fact.grant);
        break;
      case play_started:
        if (!fact.without_ticket) needs("g:", fact.grant);
        brings("p:", fact.play);  // without a ticket as well: its end is then no news
        break;
      case play_ended: needs("p:", fact.play); break;
      case refund:
      case settlement: needs("t:", fact.tickets.front()); break;
      case day_settled:
      case none: break;
    }
  }
  return {unknown.begin(), unknown.end()};
}

void AdmissionBook::know(Admission earlier) {
  const std::string ticket = earlier.ticket;
  for (const auto& name : earlier.links) links_.emplace(name, ticket);
  Entry& entry = tickets_[ticket];
  entry.before = earlier;
  entry.now = std::move(earlier);
}

AdmissionBook::Entry* AdmissionBook::find(const std::string& name) {
  const std::string* ticket = &name;
  if (name.size() > 2 && name[1] == ':') {
    const auto link = links_.find(name);
    if (link == links_.end()) return nullptr;
    ticket = &link->second;
  }
  const auto entry = tickets_.find(*ticket);
  return entry == tickets_.end() ? nullptr : &entry->second;
}

AdmissionBook::Entry* AdmissionBook::need(const std::string& name, const Fact& fact, base::Result<void>& result) {
  Entry* entry = find(name);
  if (entry == nullptr) result = inconsistent(fact, "it speaks of " + name + ", which no event before it has brought");
  return entry;
}

template <class Deed>
void AdmissionBook::alter(Entry& entry, const Deed& deed) {
  DayCounts& sum = by_film_[{entry.now.date, entry.now.film}];
  sum.add(counts_of(entry.now), -1);
  deed(entry.now);
  sum.add(counts_of(entry.now));
}

void AdmissionBook::link(Entry& entry, const char* prefix, const std::string& name) {
  std::string key = prefix + name;
  links_.insert_or_assign(key, entry.now.ticket);
  if (!std::ranges::contains(entry.now.links, key)) entry.now.links.push_back(std::move(key));
}

base::Result<void> AdmissionBook::sell(const Fact& fact, const std::string& ticket, TicketKind kind, bool redeemed) {
  const auto price = money_from_decimal(fact.price, currency_);
  if (!price || fact.currency != currency_.code()) return inconsistent(fact, "its price is not one of the venue's currency");
  const auto [at, fresh] = tickets_.try_emplace(ticket);
  if (!fresh) return inconsistent(fact, "a ticket code is used twice");
  Admission& a = at->second.now;
  a.date = fact.date;
  a.ticket = ticket;
  a.film = fact.film;
  a.screening = fact.screening;
  a.kind = kind;
  a.price_minor = price->minor_units;
  a.sold_at = fact.at;
  a.redeemed = redeemed;
  by_film_[{a.date, a.film}].add(counts_of(a));
  return {};
}

base::Result<void> AdmissionBook::start_play(const Fact& fact) {
  const std::string name = "p:" + fact.play;
  if (Entry* known = find(name)) {  // resumed after an evacuation under its own code
    if (known->now.evacuated && known->now.settlement == Settlement::open) settle_evacuation(*known, Settlement::resume);
    return {};
  }
  if (fact.without_ticket) return {};
  base::Result<void> result;
  Entry* entry = need("g:" + fact.grant, fact, result);
  if (entry == nullptr) return result;
  link(*entry, "p:", fact.play);
  // A play after an evacuation continues the one before, unless the ticket was rebooked.
  const bool goes_on = entry->now.evacuated && entry->now.plays > 0 && (entry->now.settlement == Settlement::open || entry->now.settlement == Settlement::resume);
  if (goes_on && entry->now.settlement == Settlement::open) settle_evacuation(*entry, Settlement::resume);
  if (!goes_on) alter(*entry, [](Admission& a) { ++a.plays; });
  return {};
}

void AdmissionBook::settle_evacuation(Entry& entry, Settlement settlement) {
  alter(entry, [&](Admission& a) {
    const bool was_rebooked = a.evacuated && a.settlement == Settlement::rebook;
    // A play that was rebooked does not count as started, unless another settlement takes that one's place.
    if (settlement == Settlement::rebook && !was_rebooked && a.plays > 0) --a.plays;
    if (settlement != Settlement::rebook && was_rebooked && a.plays == 0) ++a.plays;
    a.evacuated = true;
    a.settlement = settlement;
  });
}

base::Result<void> AdmissionBook::take(const Fact& fact) {
  base::Result<void> result;
  Entry* entry = nullptr;
  using enum Fact::Kind;
  switch (fact.kind) {
    case none: return {};
    case sale:
      for (const auto& ticket : fact.tickets)
        if (auto done = sell(fact, ticket, fact.ticket_kind, false); !done) return done;
      if (fact.ticket_kind == TicketKind::paid || fact.ticket_kind == TicketKind::comp)
        moments_.push_back({fact.date, fact.at, true, static_cast<std::int64_t>(fact.tickets.size())});
      return {};
    case change: {
      if ((entry = need(fact.old_ticket, fact, result)) == nullptr) return result;
      const TicketKind kind = entry->now.kind;
      alter(*entry, [&](Admission& a) {
        a.changed = true;
        a.redeemed = false;
        std::erase(a.links, "r:" + fact.redemption);  // the redemption is the new ticket's from here
      });
      if (auto done = sell(fact, fact.tickets.front(), kind, !fact.redemption.empty()); !done) return done;
      if (!fact.redemption.empty()) link(tickets_.at(fact.tickets.front()), "r:", fact.redemption);
      return {};
    }
    case redemption:
      if ((entry = need(fact.tickets.front(), fact, result)) == nullptr) return result;
      link(*entry, "r:", fact.redemption);
      if (!fact.conflict && !entry->now.redeemed) {
        alter(*entry, [](Admission& a) { a.redeemed = true; });
        if (!is_guest(entry->now)) moments_.push_back({entry->now.date, fact.at, false, 1});
      }
      return {};
    case grant:
      if ((entry = need("r:" + fact.redemption, fact, result)) == nullptr) return result;
      link(*entry, "g:", fact.grant);
      return {};
    case play_started: return start_play(fact);
    case play_ended:
      if ((entry = find("p:" + fact.play)) == nullptr) return {};  // of a play without a ticket
      if (fact.completed && fact.moved && fact.worn_share >= floors_.on(fact.date)) alter(*entry, [](Admission& a) { a.played = true; });
      if (!fact.completed && fact.evacuated) settle_evacuation(*entry, entry->now.refunded ? Settlement::refund : Settlement::open);
      return {};
    case refund:
      if ((entry = need(fact.tickets.front(), fact, result)) == nullptr) return result;
      alter(*entry, [&](Admission& a) {
        a.refunded = true;
        if (fact.revoked_redemption) a.redeemed = false;
      });
      if (entry->now.evacuated) settle_evacuation(*entry, Settlement::refund);
      return {};
    case settlement: {
      if ((entry = need(fact.tickets.front(), fact, result)) == nullptr) return result;
      const auto settled = settlement_from_text(fact.settlement);
      if (!settled) return inconsistent(fact, settled.error().message);
      settle_evacuation(*entry, *settled);
      if (*settled == Settlement::refund)
        alter(*entry, [&](Admission& a) {
          a.refunded = true;
          if (fact.revoked_redemption) a.redeemed = false;
        });
      return {};
    }
    case day_settled: {
      const auto bytes = base::from_hex(fact.report_hash);
      if (!bytes || bytes->size() != sizeof(base::Hash)) return inconsistent(fact, "its report has no hash");
      SettledDay day{fact.date, fact.revision, fact.seq, {}, {}, fact.reckoning};
      std::ranges::copy(*bytes, day.report_hash.begin());
      for (const auto& [key, counts] : by_film_)
        if (key.first == fact.date) day.counted.add(counts);
      settled_.push_back(day);
      return {};
    }
  }
  return {};
}

std::vector<const Admission*> AdmissionBook::added() const {
  std::vector<const Admission*> out;
  for (const auto& [ticket, entry] : tickets_)
    if (!entry.before) out.push_back(&entry.now);
  // In the order of the index, so that the database writes its pages one after another.
  std::ranges::sort(out, [](const Admission* a, const Admission* b) { return std::tie(a->date, a->ticket) < std::tie(b->date, b->ticket); });
  return out;
}

std::vector<const Admission*> AdmissionBook::altered() const {
  std::vector<const Admission*> out;
  for (const auto& [ticket, entry] : tickets_)
    if (entry.before && *entry.before != entry.now) out.push_back(&entry.now);
  return out;
}

}  // namespace promenade::ticketing::circuit
