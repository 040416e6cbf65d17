// The invariants of the ledger that one name holds together, against a model that counts for itself. (5 and 9 need a disk
// and threads: tests/ticketing_store, tests/ticketing_api; 8: revenue_test.cpp; 10: values_test.cpp, clock_test.cpp.)
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <map>
#include <set>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {

// One screening of three slots, as somebody with a pencil would keep it.
struct Model {
  enum class Ticket { sold, redeemed, granted, playing, played, refunded };
  std::vector<Ticket> tickets;  // in order of sale
  int live() const { return static_cast<int>(std::ranges::count_if(tickets, [](Ticket t) { return t != Ticket::refunded; })); }
};

// The ledger, and by what its tickets are called.
struct System {
  World w;
  struct Known {
    base::TicketId code;
    std::string token;
    RedemptionAnswer redemption;
    GrantRequest grant;
    int headset = 7;
  };
  std::vector<Known> tickets;
};

using Command = rc::state::Command<Model, System>;

constexpr int kSlots = 3;

struct Sell : Command {
  void checkPreconditions(const Model& m) const override { RC_PRE(m.tickets.size() < 12U); }
  void apply(Model& m) const override {
    if (m.live() < kSlots) m.tickets.push_back(Model::Ticket::sold);
  }
  void run(const Model& m, System& s) const override {
    const auto answer = s.w.ask(Request(s.w.sale(kSnowLine)));
    // The next window takes who finds this one full; here one window is the world.
    if (m.live() >= kSlots) {
      if (answer) RC_ASSERT(std::get<SaleAnswer>(*answer).window_from > noon());
      return;
    }
    RC_ASSERT(answer.has_value());
    const auto& sold = std::get<SaleAnswer>(*answer);
    RC_ASSERT(sold.window_from == noon());
    s.tickets.push_back({sold.tickets[0].code, sold.tickets[0].token, {}, {}, 7});
  }
};

// A command about one ticket that has been sold; WHICH is taken modulo their number.
struct OfTicket : Command {
  std::size_t which = *rc::gen::inRange<std::size_t>(0, 12);
  void checkPreconditions(const Model& m) const override { RC_PRE(!m.tickets.empty()); }
  Model::Ticket of(const Model& m) const { return m.tickets[which % m.tickets.size()]; }
  Model::Ticket& of(Model& m) const { return m.tickets[which % m.tickets.size()]; }
  System::Known& of(System& s) const { return s.tickets[which % s.tickets.size()]; }
};

struct Redeem : OfTicket {
  void apply(Model& m) const override {
    if (of(m) == Model::Ticket::sold) of(m) = Model::Ticket::redeemed;
  }
  void run(const Model& m, System& s) const override {
    const auto answer = s.w.ask(Request(s.w.redemption(of(s).token)));
    RC_ASSERT(answer.has_value() == (of(m) == Model::Ticket::sold));
    if (answer) of(s).redemption = std::get<RedemptionAnswer>(*answer);
  }
};

struct Grant : OfTicket {
  void apply(Model& m) const override {
    if (of(m) == Model::Ticket::redeemed) of(m) = Model::Ticket::granted;
  }
  void run(const Model& m, System& s) const override {
    if (of(m) == Model::Ticket::sold) return;  // it has no redemption to name
    if (of(s).redemption.redemption.is_none()) return;
    const GrantRequest request = s.w.grant(of(s).redemption);
    const auto answer = s.w.ask(Request(request));
    const auto state = of(m);
    // A grant whose play has not begun may be given anew; one that plays, has played or was revoked not.
    RC_ASSERT(answer.has_value() == (state == Model::Ticket::redeemed || state == Model::Ticket::granted));
    if (answer) of(s).grant = request;
  }
};

struct Start : OfTicket {
  void apply(Model& m) const override {
    if (of(m) == Model::Ticket::granted) of(m) = Model::Ticket::playing;
  }
  void run(const Model& m, System& s) const override {
    if (of(m) != Model::Ticket::granted && of(m) != Model::Ticket::playing && of(m) != Model::Ticket::played) return;
    const auto answer = s.w.ask(Request(s.w.started(of(s).grant)));
    RC_ASSERT(answer.has_value() == (of(m) == Model::Ticket::granted));
  }
};

struct Swap : OfTicket {
  void apply(Model&) const override {}
  void run(const Model& m, System& s) const override {
    if (of(m) != Model::Ticket::playing && of(m) != Model::Ticket::played) return;
    const int to = of(s).headset + 1;
    const auto plays = s.w.state.plays().size();
    const auto answer = s.w.ask(Request(HeadsetSwap{s.w.head(), of(s).grant.play, base::HeadsetId(static_cast<std::uint16_t>(of(s).headset)), base::HeadsetId(static_cast<std::uint16_t>(to))}));
    RC_ASSERT(s.w.state.plays().size() == plays);
    if (of(m) == Model::Ticket::playing) {
      RC_ASSERT(answer.has_value());
      of(s).headset = to;
    }
  }
};

struct End : OfTicket {
  void apply(Model& m) const override {
    if (of(m) == Model::Ticket::playing) of(m) = Model::Ticket::played;
  }
  void run(const Model& m, System& s) const override {
    if (of(m) != Model::Ticket::playing && of(m) != Model::Ticket::played) return;
    const auto answer = s.w.ask(Request(s.w.ended(of(s).grant.play)));
    RC_ASSERT(answer.has_value() == (of(m) == Model::Ticket::playing));
  }
};

struct Refund : OfTicket {
  void apply(Model& m) const override {
    // After its play a ticket is refunded and keeps its slot: the seat was used.
    if (of(m) == Model::Ticket::sold || of(m) == Model::Ticket::redeemed || of(m) == Model::Ticket::granted) of(m) = Model::Ticket::refunded;
  }
  void run(const Model& m, System& s) const override {
    const auto state = of(m);
    if (state == Model::Ticket::played) return;
    const auto answer = s.w.ask(Request(RefundRequest{s.w.head(), of(s).code, "ill", "eva"}));
    RC_ASSERT(answer.has_value() == (state != Model::Ticket::refunded && state != Model::Ticket::playing));
    if (answer) RC_ASSERT(std::get<RefundAnswer>(*answer).amount.minor_units == 8800);
  }
};

}  // namespace

TEST_CASE("invariants 1 and 2: slots, redemptions and plays are those of a pencil model, whatever is asked in whatever order") {
  CHECK(rc::check([] {
    System system;
    Model model;
    rc::state::check(model, system, rc::state::gen::execOneOfWithArgs<Sell, Redeem, Grant, Start, Swap, End, Refund>());
    std::map<base::TicketId, int> redeemed, completed;
    for (const auto& [id, r] : system.w.state.redemptions()) redeemed[r.ticket] += r.conflict || r.revoked ? 0 : 1;
    for (const auto& [code, p] : system.w.state.plays()) completed[p.ticket] += p.completed ? 1 : 0;
    for (const auto& [ticket, count] : redeemed) RC_ASSERT(count <= 1);
    for (const auto& [ticket, count] : completed) RC_ASSERT(count <= 1);
  }));
}

TEST_CASE("invariant 7: screenings, films and halls add up to the day, days to the week, in report and CSV alike") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    World w(small_config(), seed);
    Counts week, from_csv;
    for (int day = 0; day < 7; ++day) {
      for (int i = 0; i < 6; ++i) {
        w.now += std::chrono::minutes(5 + random.below(20));
        const auto kind = random.chance(0.7) ? TicketKind::paid : TicketKind::comp;
        const auto answer = w.ask(Request(w.sale(random.chance(0.5) ? kSnowLine : kReedLake, 1, kind)));
        if (!answer) continue;
        const auto& sold = std::get<SaleAnswer>(*answer);
        if (random.chance(0.5)) w.watch(sold.tickets[0].token);
        else if (random.chance(0.3)) w.must<RefundAnswer>(Request(RefundRequest{w.head(), sold.tickets[0].code, "", ""}));
      }
      const BusinessDate date = w.state.calendar().date_of(w.now);
      w.must<DayAnswer>(Request(w.close(true)));
      const DayReport report = w.state.report(date);
      Counts screenings, films, halls;
      for (const auto& row : report.screenings) screenings.add(row.counts);
      for (const auto& row : report.films) films.add(row.counts);
      for (const auto& row : report.halls) halls.add(row.counts);
      RC_ASSERT(screenings == report.totals);
      RC_ASSERT(films == report.totals);
      RC_ASSERT(halls == report.totals);
      week.add(report.totals);
      // The total line of the CSV, read as a spreadsheet would.
      const std::string csv = report_csv(report);
      std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(1));
      for (const char c : csv) {
        if (c == ',') lines.back().emplace_back();
        else if (c == '\n') lines.emplace_back(1);
        else if (c != '\r') lines.back().back() += c;
      }
      lines.front().front().erase(0, 3);  // the BOM
      const auto column = [&](const char* name) { return static_cast<std::size_t>(std::ranges::find(lines.front(), name) - lines.front().begin()); };
      for (const auto& line : lines) {
        if (line.front() != "total") continue;
        from_csv.sold += std::stoi(line.at(column("sold")));
        from_csv.comps += std::stoi(line.at(column("comps")));
        from_csv.redeemed += std::stoi(line.at(column("redeemed")));
        from_csv.played += std::stoi(line.at(column("played")));
        from_csv.gross_minor += money_from_decimal(line.at(column("gross")), report.currency)->minor_units;
        from_csv.refunds_minor += money_from_decimal(line.at(column("refunds")), report.currency)->minor_units;
      }
      w.now = w.state.calendar().starts_at(date.plus_days(1)) + std::chrono::hours(6);
    }
    RC_ASSERT(from_csv.sold == week.sold);
    RC_ASSERT(from_csv.comps == week.comps);
    RC_ASSERT(from_csv.redeemed == week.redeemed);
    RC_ASSERT(from_csv.played == week.played);
    RC_ASSERT(from_csv.gross_minor == week.gross_minor);
    RC_ASSERT(from_csv.refunds_minor == week.refunds_minor);
  }));
}

TEST_CASE("invariant 12: comps count as admissions and plays, never as gross") {
  World w;
  SaleRequest unexplained = w.sale(kSnowLine, 1, TicketKind::comp);
  unexplained.reason.clear();
  CHECK(w.refused(Request(unexplained)) == "reason-needed");
  const auto comp = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2, TicketKind::comp)));
  const auto paid = w.must<SaleAnswer>(Request(w.sale(kReedLake)));
  CHECK(comp.total.minor_units == 0);
  w.watch(comp.tickets[0].token);
  w.watch(paid.tickets[0].token);
  CHECK(w.must<RefundAnswer>(Request(RefundRequest{w.head(), comp.tickets[1].code, "", ""})).amount.minor_units == 0);
  w.must<DayAnswer>(Request(w.close()));
  const Counts c = w.state.report(*BusinessDate::from_text("2026-05-01")).totals;
  CHECK(c.comps == 2);
  CHECK(c.sold == 1);
  CHECK(c.redeemed == 2);
  CHECK(c.played == 2);
  CHECK(c.gross_minor == 4800);
  CHECK(c.refunds_minor == 0);
}
