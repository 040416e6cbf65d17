// What a circuit counts from events alone is what the venue's own rules report.
#include "ticketing/circuit/admissions.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/circuit/circuit_fixture.h"
#include "tests/ticketing_api/office_fixture.h"
#include "ticketing/core/ledger_state.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;

namespace {

// Events in batches as a circuit takes them in, each with a book that knows of earlier tickets only what it asks for.
class Batches {
 public:
  void take(std::span<const Event> events) {
    std::vector<Fact> facts;
    for (const Event& event : events) facts.push_back(fact_of(event).value());
    AdmissionBook book(floors, Currency{});
    for (const auto& name : AdmissionBook::unknown_in(facts)) {
      for (const auto& [ticket, admission] : admissions) {
        const bool is_it = name == "t:" + ticket || std::ranges::contains(admission.links, name);
        if (is_it && known_.insert(ticket).second) book.know(admission);
      }
    }
    known_.clear();
    for (const Fact& fact : facts) {
      const auto done = book.take(fact);
      INFO((done ? "" : done.error().text()));
      REQUIRE(done);
    }
    for (const auto* one : book.added()) REQUIRE(admissions.emplace(one->ticket, *one).second);
    for (const auto* one : book.altered()) admissions.at(one->ticket) = *one;
    for (const auto& [key, counts] : book.by_film()) sums[key.first].add(counts);
    for (const auto& day : book.settled()) settled.push_back(day);
  }
  ByDate<double> floors{0.8};
  std::map<std::string, Admission> admissions;
  std::map<BusinessDate, DayCounts> sums;
  std::vector<SettledDay> settled;

 private:
  std::set<std::string> known_;
};

void check_against(const DayReport& report, const DayCounts& ours) {
  const Counts& theirs = report.totals;
  CHECK(ours.sold == theirs.sold);
  CHECK(ours.comps == theirs.comps);
  CHECK(ours.refunded == theirs.refunded);
  CHECK(ours.changed == theirs.changed);
  CHECK(ours.redeemed == theirs.redeemed);
  CHECK(ours.plays_started == theirs.plays_started);
  CHECK(ours.played == theirs.played);
  CHECK(ours.guests == theirs.staff_test_tickets);
  CHECK(ours.gross_minor == theirs.gross_minor);
  CHECK(ours.refunds_minor == theirs.refunds_minor);
}

std::vector<Event> events_of(OfficeFixture& office) {
  std::vector<Event> events;
  REQUIRE(office.desk->look([&](const store::BoxOffice& box, base::UtcTime) { events = box.events_after(0, 100'000).value().events; }));
  return events;
}

}  // namespace

TEST_CASE("write the corpus of circuit_fuzz", "[.corpus]") {
  std::ofstream out(std::string(PROMENADE_SOURCE_DIR) + "/tests/fuzz/corpus/circuit/day.txt", std::ios::binary);
  std::map<std::string, int> of_kind;
  for (const Event& event : few_days().events)
    if (++of_kind[event.kind] <= 4) out << event.kind << ' ' << event.body << '\n';
}

TEST_CASE("however a ledger is cut into batches, admissions come to what the venue's report says") {
  const auto days = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 3, .admissions = 60, .close_last = true, .seed = 3});
  REQUIRE(days.reports.size() == 3);
  REQUIRE(days.reports.begin()->second.totals.played > 20);
  for (const std::uint64_t seed : {0U, 1U, 2U, 3U}) {
    base::Random random(seed);
    Batches batches;
    for (std::size_t at = 0; at < days.events.size();) {
      const std::size_t size = seed == 0 ? days.events.size() : std::min<std::size_t>(days.events.size() - at, 1 + random.below(seed * 40));
      batches.take(std::span(days.events).subspan(at, size));
      at += size;
    }
    REQUIRE(batches.settled.size() == 3);
    for (const auto& [seq, report] : days.reports) {
      INFO(report.date.text());
      check_against(report, batches.sums.at(report.date));
      DayCounts from_rows;
      for (const auto& [ticket, admission] : batches.admissions)
        if (admission.date == report.date) from_rows.add(counts_of(admission));
      CHECK(from_rows == batches.sums.at(report.date));
    }
  }
}

TEST_CASE("refunds after the door, changes of film and comps are counted as the venue counts them") {
  OfficeFixture office;
  using nlohmann::json;
  office.whole_visit(kWalk, 1);
  const auto watched = office.whole_visit(kSit, 2);
  office.made("/v1/refunds", office.body({{"ticket", watched["tickets"][0]["code"]}, {"reason", "ill"}, {"supervisor", "eva"}}));
  const auto sale = office.made("/v1/sales", office.body({{"film", kSit}, {"count", 3}}));
  office.made("/v1/refunds", office.body({{"ticket", sale["tickets"][0]["code"]}}));
  const auto redemption = office.made("/v1/redemptions", office.body({{"token", sale["tickets"][1]["token"]}, {"hall", "hall-a"}, {"headset", 3}}));
  office.made("/v1/refunds", office.body({{"ticket", sale["tickets"][1]["code"]}, {"reason", "ill"}, {"supervisor", "eva"}}));
  const auto walk = office.made("/v1/sales", office.body({{"film", kWalk}}));
  office.made("/v1/redemptions", office.body({{"token", walk["tickets"][0]["token"]}, {"hall", "hall-a"}, {"headset", 4}}));
  office.made("/v1/changes", office.body({{"ticket", walk["tickets"][0]["code"]}, {"film", kOther}}));
  for (const char* kind : {"comp", "staff", "test"}) office.made("/v1/sales", office.body({{"film", kSit}, {"ticket_kind", kind}, {"reason", "house"}}));
  office.made("/v1/days/2026-05-01/close", office.body(json::object()));
  const auto events = events_of(office);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{5}, events.size()}) {
    Batches batches;
    for (std::size_t at = 0; at < events.size(); at += cut) batches.take(std::span(events).subspan(at, std::min(cut, events.size() - at)));
    std::optional<DayReport> report;
    REQUIRE(office.desk->look([&](const store::BoxOffice& box, base::UtcTime) { report = box.state().report(BusinessDate::from_text("2026-05-01").value()); }));
    check_against(*report, batches.sums.at(report->date));
    CHECK(report->totals.changed == 1);
    CHECK(report->totals.refunded == 3);
  }
}

TEST_CASE("plays are judged by the floor of their date, however late they are told") {
  const auto days = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 2, .admissions = 20, .close_last = true, .seed = 3});
  const BusinessDate first = days.reports.begin()->second.date;
  Batches batches;
  batches.floors.set(first, 1.0);
  batches.take(days.events);
  check_against(days.reports.begin()->second, batches.sums.at(first));
  CHECK(batches.sums.at(first.plus_days(1)).played == 0);
  CHECK(days.reports.rbegin()->second.totals.played > 0);
}

TEST_CASE("a body that is none, or speaks of a ticket that there is not, is an inconsistent ledger") {
  const auto days = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 1, .admissions = 5, .close_last = true, .seed = 1});
  const auto redemption = std::ranges::find(days.events, "redemption", &Event::kind);
  REQUIRE(redemption != days.events.end());
  AdmissionBook book(ByDate<double>(0.8), Currency{});
  CHECK(book.take(fact_of(*redemption).value()).error().code == "ledger-inconsistent");
  for (const char* body : {"", "{", "[]", "{\"answer\":{}}", "{\"answer\":{\"ticket\":\"1\\u0000\",\"redemption\":\"r\"}}", "{\"answer\":{\"ticket\":7}}"}) {
    Event event = *redemption;
    event.body = body;
    INFO(body);
    CHECK_FALSE(fact_of(event));
  }
  const auto sale = std::ranges::find(days.events, "sale", &Event::kind);
  Event other = *sale;
  other.body.replace(other.body.find("CNY"), 3, "USD");
  CHECK_FALSE(book.take(fact_of(other).value()));
}
