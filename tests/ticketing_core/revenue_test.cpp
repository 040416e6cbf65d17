// revenue.h and late_entry.h: dividing takings, and when a record may still be handed in.
#include "ticketing/core/revenue.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <numeric>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/config_file.h"
#include "ticketing/core/late_entry.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

const RevenueRules kThirds{50'000, 33'000, {{"venue", 333'333}, {"distributor", 333'333}, {"producer", 333'334}}};

std::int64_t sum(const std::vector<std::int64_t>& values) { return std::accumulate(values.begin(), values.end(), std::int64_t{0}); }

}  // namespace

TEST_CASE("the takings of a public penalty notice are divided to the cent") {
  // Gross 58,530.00, fund 2,926.50, VAT and surcharges 1,908.08 (3.26 % there), net 53,695.42, of it 43.5 % and 56.5 %.
  const RevenueRules rules{50'000, 32'600, {{"distribution", 435'000}, {"venue", 565'000}}};
  const auto r = divide_revenue(5'853'000, 0, 0, rules).value();
  CHECK(r.fund_minor == 292'650);
  CHECK(r.tax_minor == 190'808);
  CHECK(r.net_minor == 5'369'542);
  CHECK(r.shares_minor == std::vector<std::int64_t>{2'335'751, 3'033'791});
  const auto json = to_json(r, rules, *Currency::from_code("CNY"));
  CHECK(json["shares"][0]["amount"] == "23357.51");
  CHECK(json["shares"][1]["amount"] == "30337.91");
}

TEST_CASE("the cents that are left go to the largest parts cut off, the first named where they are equal") {
  const RevenueRules halves{0, 0, {{"a", 500'000}, {"b", 500'000}}};
  CHECK(divide_revenue(101, 0, 0, halves)->shares_minor == std::vector<std::int64_t>{51, 50});
  CHECK(divide_revenue(100, 0, 0, RevenueRules{0, 0, kThirds.shares})->shares_minor == std::vector<std::int64_t>{33, 33, 34});
  CHECK(divide_revenue(0, 0, 0, kThirds)->shares_minor == std::vector<std::int64_t>{0, 0, 0});
}

TEST_CASE("invariant 8: gross less refunds is fund, tax and shares, with nothing left over") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    RevenueRules rules{static_cast<std::int64_t>(random.below(200'000)), static_cast<std::int64_t>(random.below(200'000)), {}};
    std::int64_t left = kWhole;
    for (int i = 0; i < 5; ++i) {
      const auto ppm = i == 4 ? left : static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(left) + 1));
      rules.shares.push_back({"party " + std::to_string(i), ppm});
      left -= ppm;
    }
    const auto gross = static_cast<std::int64_t>(random.below(1'000'000'000)), refunds = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(gross) + 1));
    const auto r = divide_revenue(gross, refunds, 0, rules).value();
    RC_ASSERT(gross - refunds == r.fund_minor + r.tax_minor + sum(r.shares_minor));
    for (std::size_t i = 0; i < 5; ++i) {
      RC_ASSERT(r.shares_minor[i] >= r.net_minor * rules.shares[i].ppm / kWhole && r.shares_minor[i] <= r.net_minor * rules.shares[i].ppm / kWhole + 1);
    }
  }));
}

TEST_CASE("invariant 8 of a day: films add up to the total, comps and refunds included") {
  Config config = small_config();
  config.revenue = kThirds;
  World w(config);
  w.must<SaleAnswer>(w.sale(kTideCaves));
  const auto refunded = w.must<SaleAnswer>(w.sale(kSnowLine, 2));
  w.must<RefundAnswer>(RefundRequest{w.head(), refunded.tickets[0].code, "", ""});
  w.must<SaleAnswer>(w.sale(kReedLake, 1, TicketKind::comp));
  w.must<DayAnswer>(w.close(true));
  const DayReport report = w.state.report(*BusinessDate::from_text("2026-05-01"));
  const auto day = revenue_of(report).value();
  CHECK(day.total.gross_minor == report.totals.gross_minor);
  CHECK(day.total.refunds_minor == report.totals.refunds_minor);
  CHECK(report.totals.net_minor() == day.total.fund_minor + day.total.tax_minor + sum(day.total.shares_minor));
  const auto json = nlohmann::json::parse(report_json_text(report));
  CHECK(json["revenue"]["total"]["gross"] == "264.00");
  CHECK(json["revenue"]["films"].size() == 3);
  CHECK_FALSE(to_json(World().state.report(report.date)).contains("revenue"));
}

TEST_CASE("a day is judged and divided by the rules that it began with, also where it is corrected later") {
  Config config = small_config();
  config.revenue = kThirds;
  World w(config);
  const auto set = [&](double floor, std::optional<RevenueRules> rules) {
    config.worn_share_floor = floor;
    config.revenue = std::move(rules);
    const auto event = w.state.decide_config(config, w.key.public_key(), w.now);
    w.events.push_back(event->value());
    REQUIRE(w.state.apply(w.events.back()));
  };
  const auto visit = [&](double worn) {
    const SoldTicket ticket = w.must<SaleAnswer>(w.sale(kSnowLine)).tickets[0];
    const GrantRequest grant = w.grant(w.must<RedemptionAnswer>(w.redemption(ticket.token)));
    w.must<GrantAnswer>(grant);
    w.must<RecordedAnswer>(w.started(grant));
    PlayEnded end = w.ended(grant.play);
    end.worn_share = worn;
    w.must<RecordedAnswer>(end);
  };
  visit(0.7);
  visit(0.9);
  const BusinessDate day = *BusinessDate::from_text("2026-05-01");
  set(0.5, std::nullopt);
  CHECK(w.state.report(day).totals.played == 1);  // the change counts from the next day on
  CHECK(w.state.report(day).revenue_rules == std::optional(kThirds));
  w.must<DayAnswer>(w.close(true));
  w.now += hours(24);
  visit(0.7);
  CHECK(w.state.report(day.plus_days(1)).totals.played == 1);
  CHECK_FALSE(w.state.report(day.plus_days(1)).revenue_rules.has_value());
  w.must<DayAnswer>(Correction{w.head(), day, "asked", "eva", {}});
  CHECK(w.state.report(day).revision == 2);
  CHECK(w.state.report(day).totals.played == 1);
  CHECK(w.state.report(day).revenue_rules == std::optional(kThirds));
  LedgerState replayed(w.state.venue());
  for (const Event& event : w.events) REQUIRE(replayed.apply(event).has_value());
  CHECK(dump_rows(replayed.all_rows()) == dump_rows(w.state.all_rows()));
}

TEST_CASE("rules that cannot be used are refused by name") {
  CHECK(wrong_with(kThirds).empty());
  CHECK_FALSE(wrong_with({50'000, 33'000, {}}).empty());
  CHECK_FALSE(wrong_with({50'000, 33'000, {{"a", 999'999}}}).empty());
  CHECK_FALSE(wrong_with({950'000, 60'000, {{"a", kWhole}}}).empty());
  CHECK_FALSE(wrong_with({0, 0, {{"a", 500'000}, {"a", 500'000}}}).empty());
  CHECK_FALSE(wrong_with({-1, 0, {{"a", kWhole}}}).empty());
  CHECK(revenue_rules_from_json(to_json(kThirds)) == base::Result<RevenueRules>(kThirds));
  CHECK(revenue_rules_from_json(nlohmann::json::object()).error().code == "config-malformed");
  CHECK(divide_revenue(100, 200, 0, kThirds).error().code == "revenue-out-of-range");
  CHECK(divide_revenue(INT64_MAX, 0, 0, kThirds).error().code == "revenue-out-of-range");
  Config config = small_config();
  config.revenue = RevenueRules{50'000, 33'000, {{"venue", 565'000}}};
  CHECK(base::has_errors(check(config)));
  config.revenue = kThirds;
  CHECK_FALSE(base::has_errors(check(config)));
  CHECK(config_from_json(to_json(config)) == base::Result<Config>(config));
}

TEST_CASE("late entry is free for seven business days, then by an approval of 48 hours") {
  const auto calendar = BusinessCalendar::make("Asia/Shanghai", hours(6)).value();
  const BusinessDate date = *BusinessDate::from_text("2026-05-01");
  const auto end = calendar.ends_at(date);
  const auto seventh = calendar.ends_at(date.plus_days(7));
  CHECK(entry_class(date, calendar.starts_at(date) - hours(1), calendar) == EntryClass::on_time);
  CHECK(entry_class(date, end - milliseconds(1), calendar) == EntryClass::on_time);
  CHECK(entry_class(date, end, calendar) == EntryClass::late);
  CHECK(entry_class(date, seventh - milliseconds(1), calendar) == EntryClass::late);
  CHECK(entry_class(date, seventh, calendar) == EntryClass::approval_needed);
  const Approval approval{"2026-0509", seventh + hours(3)};
  CHECK(entry_class(date, seventh + hours(2), calendar, approval) == EntryClass::approval_needed);  // not given yet
  CHECK(entry_class(date, seventh + hours(3), calendar, approval) == EntryClass::approved);
  CHECK(entry_class(date, seventh + hours(51), calendar, approval) == EntryClass::approved);
  CHECK(entry_class(date, seventh + hours(51) + milliseconds(1), calendar, approval) == EntryClass::approval_needed);
  CHECK(entry_class(date, seventh + hours(4), calendar, Approval{"", seventh}) == EntryClass::approval_needed);
  // Seven days over the change to summer time are an hour shorter; the cut-over decides, not hours.
  const auto berlin = BusinessCalendar::make("Europe/Berlin", hours(6)).value();
  const BusinessDate before = *BusinessDate::from_text("2026-03-25");
  CHECK(berlin.ends_at(before.plus_days(7)) - berlin.ends_at(before) == hours(7 * 24 - 1));
  CHECK(entry_class(before, berlin.ends_at(before.plus_days(7)) - milliseconds(1), berlin) == EntryClass::late);
}

TEST_CASE("a day is complete from 98 in 100 of its records on") {
  Completeness c;
  CHECK(c.complete());
  for (int i = 0; i < 97; ++i) c.count(EntryClass::on_time);
  for (int i = 0; i < 3; ++i) c.count(std::nullopt);
  CHECK(c.missing() == 3);
  CHECK_FALSE(c.complete());
  Completeness enough;
  for (int i = 0; i < 96; ++i) enough.count(EntryClass::on_time);
  enough.count(EntryClass::late);
  enough.count(EntryClass::approved);
  enough.count(EntryClass::approval_needed);
  enough.count(std::nullopt);
  CHECK(enough.records == 100);
  CHECK(enough.reported() == 98);
  CHECK(enough.complete());
}
