#include "tests/circuit/made_venue.h"

#include <algorithm>
#include <array>
#include <queue>
#include <stdexcept>

#include "ticketing/core/event_body.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/ledger_state.h"
#include "ticketing/core/merkle.h"
#include "ticketing/core/merkle_frontier.h"
#include "tracking/base/random.h"

namespace promenade::ticketing::tests {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

base::KeyPair key_from(std::string_view text) {
  base::KeySeed seed{};
  const base::Hash hash = base::blake2b(base::as_bytes(text));
  std::ranges::copy(hash, seed.begin());
  return base::KeyPair::from_seed(seed);
}

// One party: what it still has to do, by time.
struct Step {
  enum Deed { sell, redeem, grant, start, end, refund } deed = sell;
  std::size_t party = 0;
  int member = 0;
};

struct Party {
  base::FilmId film;
  TicketKind kind = TicketKind::paid;
  int count = 1;
  bool comes = true, gives_back = false;
  std::vector<SoldTicket> tickets;
  std::vector<RedemptionId> redemptions;
  std::vector<GrantId> grants;
  std::vector<PlayCode> plays;
};

class Maker {
 public:
  explicit Maker(const MadeDaysOptions& options) : options_(options), random_(options.seed), ids_(options.seed), state_(options.config.venue), calendar_(options.config.calendar().value()) {
    made_.config = options.config;
  }

  MadeDays run() {
    now_ = calendar_.starts_at(options_.first);
    take(**state_.decide_config(options_.config, key_.public_key(), now_));
    take(**state_.decide_log_key(log_key_of(options_.config.venue), nullptr, now_));
    for (int i = 0; i < options_.days; ++i) {
      const BusinessDate date = options_.first.plus_days(i);
      const bool last = i + 1 == options_.days;
      day(date, last && options_.last_admissions > 0 ? options_.last_admissions : options_.admissions);
      if (!last || options_.close_last) close(date);
    }
    return std::move(made_);
  }

 private:
  void take(const Event& event) {
    if (auto done = state_.apply(event); !done) throw std::runtime_error(done.error().text());
    made_.events.push_back(event);
  }

  RequestHead head(const char* device = "counter-1", const char* actor = "ann") { return {"k-" + std::to_string(++number_), device, now_, actor}; }

  // Nothing where the rules refuse it, as a full screening does.
  template <class AnswerOf>
  std::optional<AnswerOf> ask(const Request& request) {
    auto decision = state_.decide(request, now_, key_, ids_);
    if (!decision) return std::nullopt;
    for (const auto& event : decision->events) take(event);
    return std::get<AnswerOf>(decision->answer);
  }

  // Most in the early afternoon and most of all in the evening, none at night.
  base::UtcTime moment(BusinessDate date) {
    const double hour = random_.chance(0.45) ? random_.normal(14.5, 1.8) : random_.normal(19.3, 1.5);
    return calendar_.at_local(date, minutes(0)) - minutes(24 * 60) + minutes(static_cast<int>(std::clamp(hour, 9.5, 22.2) * 60.0)) + seconds(random_.below(60));
  }

  void day(BusinessDate date, int admissions) {
    parties_.clear();
    const auto plan = [&](base::UtcTime at, Step step) { steps_.emplace(at, order_++, step); };
    for (int sold = 0; sold < admissions;) {
      Party party;
      // A few films draw most.
      party.film = options_.config.films[std::min(random_.below(options_.config.films.size()), random_.below(options_.config.films.size()))].id;
      const double kind = random_.uniform();
      party.kind = kind < 0.955 ? TicketKind::paid : kind < 0.98 ? TicketKind::comp : kind < 0.99 ? TicketKind::staff : TicketKind::test;
      party.count = static_cast<int>(std::min<std::uint64_t>(1 + random_.below(2) * random_.below(3), 3));
      party.comes = !random_.chance(0.03);
      party.gives_back = random_.chance(0.02);
      sold += party.count;
      parties_.push_back(party);
      plan(moment(date), {Step::sell, parties_.size() - 1, 0});
    }
    plan_more_ = plan;
    while (!steps_.empty()) {
      const auto [at, order, step] = steps_.top();
      steps_.pop();
      now_ = std::max(now_, at);
      deed(step);
    }
    now_ = std::max(now_, calendar_.ends_at(date) - minutes(30));
    count_bodies(date);
  }

  void deed(const Step& step) {
    Party& party = parties_[step.party];
    const auto later = [&](int from_s, int to_s, Step::Deed what, int member) { plan_more_(now_ + seconds(from_s + static_cast<int>(random_.below(static_cast<std::uint64_t>(to_s - from_s)))), {what, step.party, member}); };
    const auto member = static_cast<std::size_t>(step.member);
    switch (step.deed) {
      case Step::sell: {
        SaleRequest sale;
        sale.head = head();
        sale.film = party.film;
        sale.count = party.count;
        sale.ticket_kind = party.kind;
        if (party.kind != TicketKind::paid) sale.reason = "house";
        const auto answer = ask<SaleAnswer>(sale);
        if (!answer) return;
        party.tickets = answer->tickets;
        party.redemptions.resize(party.tickets.size());
        party.grants.resize(party.tickets.size());
        party.plays.resize(party.tickets.size());
        const int wait = static_cast<int>(std::max<std::int64_t>(60, std::chrono::duration_cast<seconds>(answer->window_from - now_).count()));
        for (int i = 0; i < party.count; ++i) {
          if (party.gives_back) later(30, 60, Step::refund, i);
          else if (party.comes) later(wait, wait + 200, Step::redeem, i);
        }
        return;
      }
      case Step::refund: {
        RefundRequest refund;
        refund.head = head();
        refund.ticket = party.tickets[member].code;
        ask<RefundAnswer>(refund);
        return;
      }
      case Step::redeem: {
        RedemptionRequest redemption;
        redemption.head = head("hall-a", "hall");
        redemption.token = party.tickets[member].token;
        redemption.hall = options_.config.halls.front().id;
        redemption.headset = base::HeadsetId(static_cast<std::uint16_t>(1 + number_ % 24));
        const auto answer = ask<RedemptionAnswer>(redemption);
        if (!answer) return;
        ++entered_;
        party.redemptions[member] = answer->redemption;
        later(60, 150, Step::grant, step.member);
        return;
      }
      case Step::grant: {
        GrantRequest grant;
        grant.head = head("hall-a", "hall");
        grant.redemption = party.redemptions[member];
        grant.headset = base::HeadsetId(static_cast<std::uint16_t>(1 + number_ % 24));
        grant.film = party.film;
        grant.package_hash = package(party.film);
        grant.play = play_code(options_.config.halls.front().id, base::EpochId(1), ++plays_);
        const auto answer = ask<GrantAnswer>(grant);
        if (!answer) return;
        party.grants[member] = answer->grant;
        party.plays[member] = grant.play;
        later(10, 60, Step::start, step.member);
        return;
      }
      case Step::start: {
        PlayStarted started;
        started.head = head("hall-a", "hall");
        started.play = party.plays[member];
        started.grant = party.grants[member];
        started.film = party.film;
        started.package_hash = package(party.film);
        started.headset = base::HeadsetId(7);
        started.start = now_;
        if (ask<RecordedAnswer>(started)) later(200, 900, Step::end, step.member);
        return;
      }
      case Step::end: {
        PlayEnded ended;
        ended.head = head("hall-a", "hall");
        ended.play = party.plays[member];
        ended.completed = !random_.chance(0.015);
        ended.reason = ended.completed ? "end" : "viewer-left";
        ended.end = now_;
        ended.worn_share = random_.uniform(0.93, 1.0);
        ended.moved = true;
        ask<RecordedAnswer>(ended);
        return;
      }
    }
  }

  base::Hash package(const base::FilmId& film) const {
    const FilmEntry* entry = options_.config.film(film);
    return entry->package_hash.value_or(base::Hash{});
  }

  // The door counter's word of the day; on one day in eight it was out for a while.
  void count_bodies(BusinessDate date) {
    const HallEntry& hall = options_.config.halls.front();
    if (hall.sensors.empty()) return;
    Observation seen;
    seen.head = head("door-1", "counter");
    seen.sensor = hall.sensors.front().id;
    seen.hall = hall.id;
    seen.from = calendar_.starts_at(date);
    seen.to = now_;
    seen.known = !random_.chance(0.125);
    if (seen.known) seen.entered = entered_ + (random_.chance(0.3) ? 1 : 0);
    else seen.reason = "no answer from the counter";
    entered_ = 0;
    ask<RecordedAnswer>(seen);
  }

  void close(BusinessDate date) {
    DayClose close;
    close.head = head("office", "manager");
    close.date = date;
    close.force = true;
    if (!ask<DayAnswer>(close)) throw std::runtime_error("the day " + date.text() + " was not closed");
    made_.reports.emplace(made_.events.back().seq, state_.report(date));
  }

  const MadeDaysOptions& options_;
  base::Random random_;
  SeededIdSource ids_;
  base::KeyPair key_ = key_from("tickets");
  LedgerState state_;
  BusinessCalendar calendar_;
  base::UtcTime now_;
  MadeDays made_;
  std::vector<Party> parties_;
  using Timed = std::tuple<base::UtcTime, std::uint64_t, Step>;
  struct Later {
    bool operator()(const Timed& a, const Timed& b) const { return std::tie(std::get<0>(a), std::get<1>(a)) > std::tie(std::get<0>(b), std::get<1>(b)); }
  };
  std::priority_queue<Timed, std::vector<Timed>, Later> steps_;
  std::function<void(base::UtcTime, Step)> plan_more_;
  std::uint64_t order_ = 0, number_ = 0, plays_ = 0;
  int entered_ = 0;
};

}  // namespace

MadeDays make_days(const MadeDaysOptions& options) { return Maker(options).run(); }

base::KeyPair log_key_of(const base::VenueId& venue) { return key_from("log " + venue.value()); }

Checkpoint sign(const MadeLedger& ledger, std::uint64_t size, base::UtcTime at) {
  MerkleFrontier frontier;
  for (std::uint64_t i = 0; i < size; ++i) frontier.append(ledger.stored[i]);
  return sign_checkpoint({ledger.venue, size, frontier.root(), event_hash(ledger.stored[size - 1], ledger.venue), at, std::nullopt, {}, {}}, log_key_of(ledger.venue));
}

MadeLedger ledger_of(const MadeDays& days, const base::VenueId& venue, const std::string& name_zh, const std::string& name_en, std::size_t every) {
  MadeLedger ledger;
  ledger.venue = venue;
  Config config = days.config;
  config.venue = venue;
  config.name_zh = name_zh;
  config.name_en = name_en;
  const base::KeyPair log_key = log_key_of(venue);
  MerkleFrontier frontier;
  base::Hash previous{};
  for (Event event : days.events) {
    const auto settled = days.reports.find(event.seq);
    if (event.kind == kVenueSetUp) {
      auto body = nlohmann::json::parse(event.body);
      body["config"] = to_json(config);
      event.body = canonical_text(body);
    } else if (event.kind == kLogKeyEvent) {
      event.body = canonical_text(to_json(make_log_key(venue, event.seq, log_key, nullptr)));
    } else if (settled != days.reports.end()) {
      DayReport report = settled->second;
      report.venue = venue;
      report.venue_name_zh = name_zh;
      report.venue_name_en = name_en;
      report.data_through_hash = previous;
      const std::string text = report_json_text(report);
      auto booked = booked_from_text(event.body).value();
      std::get<DayAnswer>(booked.answer).report_hash = base::blake2b(base::as_bytes(text));
      event.body = body_text(booked);
      ledger.reports[{report.date, report.revision}] = text;
    }
    event.prev_hash = previous;
    base::Bytes stored = encode_event(event);
    previous = event_hash(stored, venue);
    frontier.append(stored);
    ledger.stored.push_back(std::move(stored));
    ledger.hashes.push_back(previous);
    const bool last = event.seq == days.events.back().seq;
    if (event.seq % every == 0 || settled != days.reports.end() || last) {
      Checkpoint checkpoint{venue, event.seq, frontier.root(), previous, event.ts, std::nullopt, {}, {}};
      if (settled != days.reports.end()) checkpoint.closes = settled->second.date;
      ledger.checkpoints.push_back(sign_checkpoint(checkpoint, log_key));
    }
  }
  return ledger;
}

}  // namespace promenade::ticketing::tests
