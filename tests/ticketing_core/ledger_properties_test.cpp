// Invariants under random sequences of requests: places, one redemption, one play, sums, replay byte for byte.
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <set>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::seconds;

namespace {

class Storm {
 public:
  explicit Storm(std::uint64_t seed) : w(config_with_concessions(), seed), random_(seed) {}

  void step() {
    w.now += seconds(random_.below(40));
    switch (random_.below(12)) {
      case 0: case 1: sell(); break;
      case 2: if (const auto* t = any_ticket()) (void)w.ask(Request(RefundRequest{w.head(), *t, random_.chance(0.5) ? "ill" : "", "eva"})); break;
      case 3: if (const auto* t = any_ticket()) (void)w.ask(Request(ChangeRequest{w.head(), *t, film(), {}})); break;
      case 4: redeem(random_.chance(0.2)); break;
      case 5: grant(random_.chance(0.2)); break;
      case 6: if (!grants_.empty()) (void)w.ask(Request(w.started(grants_[random_.below(grants_.size())]))); break;
      case 7: if (!grants_.empty()) (void)w.ask(Request(w.ended(grants_[random_.below(grants_.size())].play, random_.chance(0.8)))); break;
      case 8: (void)w.ask(Request(w.observation(w.now, w.now + seconds(60), static_cast<int>(random_.below(4))))); break;
      case 9: reserve(); break;
      case 10: if (!reservations_.empty()) (void)w.ask(Request(ReservationRelease{w.head(), reservations_[random_.below(reservations_.size())].head_id})); break;
      default: repeat(); break;
    }
    if (random_.chance(0.002)) (void)w.ask(Request(w.close(true)));
  }

  World w;

 private:
  base::FilmId film() {
    const base::FilmId films[] = {kTideCaves, kSnowLine, kReedLake};
    return films[random_.below(3)];
  }
  void sell() {
    const auto kind = random_.chance(0.8) ? TicketKind::paid : random_.chance(0.5) ? TicketKind::comp : TicketKind::staff;
    SaleRequest request = w.sale(film(), 1 + static_cast<int>(random_.below(3)), kind);
    if (!reservations_.empty() && random_.chance(0.4)) {
      const Kept& kept = reservations_[random_.below(reservations_.size())];
      request.reservation = kept.head_id;
      request.film = kept.film;
    }
    if (kind == TicketKind::paid && random_.chance(0.3)) request.discount = "pupil";
    else if (kind == TicketKind::paid && random_.chance(0.3)) {
      request.voucher = random_.chance(0.5) ? "gift" : "whole";
      for (int i = 0; i < request.count; ++i) request.voucher_codes.push_back("CODE000" + std::to_string(random_.below(6)));
    }
    const auto answer = w.ask(Request(request));
    if (!answer) return;
    asked_.push_back({Request(request), *answer});
    for (const auto& t : std::get<SaleAnswer>(*answer).tickets) tokens_.emplace_back(t.code, t.token);
  }
  void reserve() {
    ReservationRequest request{w.head(), film(), {}, 1 + static_cast<int>(random_.below(3)), "class 3"};
    const auto answer = w.ask(Request(request));
    if (!answer) return;
    asked_.push_back({Request(request), *answer});
    reservations_.push_back({std::get<ReservationAnswer>(*answer).reservation, request.film});
  }
  const base::TicketId* any_ticket() { return tokens_.empty() ? nullptr : &tokens_[random_.below(tokens_.size())].first; }
  void redeem(bool offline) {
    if (tokens_.empty()) return;
    RedemptionRequest request = w.redemption(tokens_[random_.below(tokens_.size())].second);
    request.offline = offline;
    request.door = random_.chance(0.3);
    const auto answer = w.ask(Request(request));
    if (!answer) return;
    asked_.push_back({Request(request), *answer});
    redeemed_.push_back(std::get<RedemptionAnswer>(*answer));
  }
  void grant(bool offline) {
    if (redeemed_.empty()) return;
    GrantRequest request = w.grant(redeemed_[random_.below(redeemed_.size())]);
    request.offline = offline;
    if (w.ask(Request(request))) grants_.push_back(request);
  }
  void repeat() {
    if (asked_.empty()) return;
    auto [request, answer] = asked_[random_.below(asked_.size())];
    if (random_.chance(0.5)) std::visit([&](auto& r) { r.head.device_ts = w.now; }, request);
    const auto before = w.state.head();
    RC_ASSERT((w.ask(request) == answer));
    RC_ASSERT(w.state.head() == before);
  }

  base::Random random_;
  std::vector<std::pair<base::TicketId, std::string>> tokens_;
  std::vector<RedemptionAnswer> redeemed_;
  std::vector<GrantRequest> grants_;
  struct Kept {
    ReservationId head_id;
    base::FilmId film;
  };
  std::vector<Kept> reservations_;
  std::vector<std::pair<Request, Answer>> asked_;
};

void check_places(const LedgerState& s, base::UtcTime now) {
  for (const auto& [id, record] : s.screenings()) {
    RC_ASSERT(static_cast<int>(record.live.size()) <= record.screening.slots);
    for (const auto& [slot, code] : record.live) {
      const TicketRecord& t = s.tickets().at(code);
      RC_ASSERT(t.slot == slot && slot >= 1 && slot <= record.screening.slots);
      RC_ASSERT(!t.refunded && !t.changed_away && t.screening == id);
    }
    const std::set<int> kept = s.kept_slots(id, now);
    for (const int slot : kept) RC_ASSERT(slot >= 1 && slot <= record.screening.slots && !record.live.contains(slot));
    const auto moment = record.screening.window_from + std::chrono::milliseconds(1);
    RC_ASSERT(s.live_in_hall(kHall, record.screening.window_from, moment) + s.kept_in_hall(kHall, record.screening.window_from, moment, now) <= 5);
    RC_ASSERT(s.live_in_hall(kHall, record.screening.window_from, record.screening.window_from + std::chrono::milliseconds(1)) <= 5);
    for (const auto& [other_id, other] : s.screenings()) {
      if (other_id == id || other.screening.lane != record.screening.lane) continue;
      RC_ASSERT(other.screening.ends <= record.screening.window_from || record.screening.ends <= other.screening.window_from);
    }
  }
}

void check_facts(const LedgerState& s) {
  std::map<base::TicketId, int> active;
  for (const auto& [id, r] : s.redemptions()) {
    if (!r.conflict && !r.revoked && !r.relieved) ++active[r.ticket];
  }
  for (const auto& [ticket, count] : active) RC_ASSERT(count == 1 && !s.tickets().at(ticket).redemption.is_none());
  std::set<base::TicketId> codes;
  std::size_t vouchers = 0;
  std::map<base::FilmId, std::int64_t> prices{{kTideCaves, 8800}, {kSnowLine, 8800}, {kReedLake, 4800}};
  for (const auto& [code, t] : s.tickets()) {
    RC_ASSERT(codes.insert(code).second);
    RC_ASSERT(t.price.minor_units + t.concession.off.minor_units == (t.kind == TicketKind::paid ? prices.at(t.film) : 0));
    RC_ASSERT(t.price.minor_units >= 0 && t.concession.off.minor_units >= 0);
    const bool live_voucher = !t.concession.voucher_key.empty() && !t.refunded && !t.changed_away;
    if (live_voucher) RC_ASSERT(s.vouchers().at(t.concession.voucher_key) == code && ++vouchers);
    RC_ASSERT(!(t.refunded && t.changed_away));
  }
  RC_ASSERT(vouchers == s.vouchers().size());  // no code on two live tickets, none lost
}

void check_reports(const LedgerState& s) {
  for (int day = 0; day < 2; ++day) {
    const DayReport r = s.report(BusinessDate::from_text("2026-05-01")->plus_days(day));
    Counts films, halls, screenings;
    for (const auto& row : r.films) films.add(row.counts);
    for (const auto& row : r.halls) halls.add(row.counts);
    for (const auto& row : r.screenings) screenings.add(row.counts);
    RC_ASSERT(films == r.totals);
    RC_ASSERT(halls == r.totals);
    RC_ASSERT(screenings == r.totals);
    RC_ASSERT(r.totals.played <= r.totals.redeemed);
    RC_ASSERT(r.totals.redeemed <= r.totals.sold + r.totals.comps);
    RC_ASSERT(r.totals.staff_test_plays <= r.totals.staff_test_redeemed);
    RC_ASSERT(r.totals.gross_minor >= r.totals.refunds_minor);
  }
}

}  // namespace

TEST_CASE("invariant 4: random days keep the invariants, and their ledger replays byte for byte") {
  CHECK(rc::check([](std::uint64_t seed) {
    Storm storm(seed);
    for (int i = 0; i < 250; ++i) storm.step();
    const LedgerState& state = storm.w.state;
    check_places(state, storm.w.now);
    check_facts(state);
    check_reports(state);
    LedgerState replayed(state.venue());
    ChainChecker chain(state.venue());
    for (const Event& event : storm.w.events) {
      const auto decoded = chain.next(encode_event(event));
      RC_ASSERT(decoded.has_value());
      const auto applied = replayed.apply(*decoded);
      RC_ASSERT(applied.has_value());
    }
    RC_ASSERT(chain.head() == state.head());
    RC_ASSERT(dump_rows(replayed.all_rows()) == dump_rows(state.all_rows()));
    // What the store was told to write piece by piece is the same as what the whole state says.
    std::map<std::pair<std::size_t, std::string>, Row> written;
    LedgerState piecewise(state.venue());
    for (const Event& event : storm.w.events) {
      RC_ASSERT(piecewise.apply(event).has_value());
      for (Row& row : piecewise.take_changed_rows()) {
        std::pair key(row.table, std::get<std::string>(row.cells.front()));
        written.insert_or_assign(std::move(key), std::move(row));
      }
    }
    std::vector<Row> rows;
    for (auto& [key, row] : written) rows.push_back(std::move(row));
    RC_ASSERT(dump_rows(rows) == dump_rows(state.all_rows()));
  }));
}

TEST_CASE("the same seed gives the same ledger bytes") {
  const auto bytes = [](std::uint64_t seed) {
    Storm storm(seed);
    for (int i = 0; i < 200; ++i) storm.step();
    base::Bytes out;
    for (const Event& event : storm.w.events) append_export_event(out, encode_event(event));
    return out;
  };
  CHECK(bytes(3) == bytes(3));
  CHECK(bytes(3) != bytes(4));
}
