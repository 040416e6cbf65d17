// national.h, national_day.h: the records for the national system, what has been received, and entering late.
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/national_day.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

const base::UtcTime kFreeUntil = utc("2026-05-08T22:00:00Z");  // 06:00 in Shanghai, at the end of the seventh day after

NationalReceipt receipt(World& w, std::vector<int> records) { return {w.head(), kDay, std::move(records), w.now, "R-1"}; }
LateEntryApproval approval(World& w, base::UtcTime granted) { return {w.head(), kDay, "2026-0509", granted, "eva"}; }

NationalDay day_of(const World& w) { return national_day(w.state, kDay, w.now).value(); }

// Three sold and one of them given back, one comp, a change of film, a staff ticket: seven records.
World seven_records() {
  World w;
  const auto three = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 3)));
  w.must<SaleAnswer>(Request(w.sale(kReedLake, 1, TicketKind::comp)));
  w.must<SaleAnswer>(Request(w.sale(kTideCaves, 1, TicketKind::staff)));
  w.must<RefundAnswer>(Request(RefundRequest{w.head(), three.tickets[0].code, "", ""}));
  w.must<ChangeAnswer>(Request(ChangeRequest{w.head(), three.tickets[1].code, kTideCaves, {}}));
  return w;
}

bool day_replays(const World& w) {
  LedgerState replayed(w.state.venue());
  for (const Event& event : w.events)
    if (!replayed.apply(event)) return false;
  const auto was = national_day(w.state, kDay, w.now), is = national_day(replayed, kDay, w.now);
  return dump_rows(replayed.all_rows()) == dump_rows(w.state.all_rows()) && was.has_value() == is.has_value() && (!was || to_json(*was) == to_json(*is)) &&
         national_records_json(w.state, kDay, 0, 1000) == national_records_json(replayed, kDay, 0, 1000);
}

}  // namespace

TEST_CASE("each ticket sold and each given back is one record, numbered in the ledger's order; staff and test tickets are none") {
  const World w = seven_records();
  const auto records = national_records_json(w.state, kDay, 0, 100);
  REQUIRE(records["of"] == 7);
  std::vector<int> operations;
  for (const auto& r : records["records"]) operations.push_back(r["operation"]);
  CHECK(operations == std::vector{1, 1, 1, 1, 2, 2, 1});  // three and a comp sold; a refund; a change: back and sold anew
  const auto& first = records["records"][0];
  CHECK(first["record"] == "12345678-20260501-000001");
  CHECK(first["screen"] == "1234567800000201");
  CHECK(first["film"] == kSnowLine.value());
  CHECK(first["price"] == "88.00");
  CHECK(first["ticket"] == records["records"][4]["ticket"]);
  CHECK(first["received"] == false);
  CHECK(first["entry"].is_null());
  CHECK(records["records"][3]["price"] == "0.00");
  CHECK(records["records"][3]["ticket_kind"] == "comp");
  const auto rest = national_records_json(w.state, kDay, 5, 1);
  REQUIRE(rest["records"].size() == 1);
  CHECK(rest["records"][0]["number"] == 6);
  CHECK(national_records_json(w.state, kDay, 900, 10)["records"].empty());
  CHECK(day_replays(w));
}

TEST_CASE("a day is complete by screening and as a whole once 98 in 100 of its records are received") {
  World w = seven_records();
  NationalDay day = day_of(w);
  CHECK(day.records.records == 7);
  CHECK(day.records.missing() == 7);
  CHECK_FALSE(day.records.complete());
  CHECK(day.entry == EntryClass::on_time);
  CHECK(day.free_until == kFreeUntil);
  REQUIRE(day.screenings.size() == 3);
  const auto answer = w.must<NationalAnswer>(Request(receipt(w, {1, 2, 3, 4, 5, 6})));
  CHECK(answer.records == 6);
  CHECK(answer.entry == EntryClass::on_time);
  CHECK_FALSE(day_of(w).records.complete());  // six of seven
  w.must<NationalAnswer>(Request(receipt(w, {7})));
  day = day_of(w);
  CHECK(day.records.on_time == 7);
  CHECK(day.records.complete());
  Completeness sum;
  for (const NationalScreening& s : day.screenings) {
    CHECK(s.records.complete());
    sum.records += s.records.records;
    sum.on_time += s.records.on_time;
  }
  CHECK(sum == day.records);
  CHECK(day_replays(w));
}

TEST_CASE("records are received once, and only those that there are") {
  World w = seven_records();
  w.must<NationalAnswer>(Request(receipt(w, {2, 4})));
  CHECK(w.refused(Request(receipt(w, {1, 2}))) == "record-received");
  CHECK(w.refused(Request(receipt(w, {8}))) == "record-unknown");
  auto early = receipt(w, {1});
  early.sent = w.now + milliseconds(1);
  CHECK(w.refused(Request(early)) == "receipt-from-future");
  CHECK(w.refused(Request(receipt(w, {3, 3}))) == "request-malformed");
  CHECK(w.refused(Request(receipt(w, {}))) == "request-malformed");
  CHECK(w.refused(Request(receipt(w, std::vector<int>(51, 1)))) == "request-malformed");
  CHECK(day_of(w).records.reported() == 2);
}

TEST_CASE("late entry is free for seven days and says until when; then it is refused in words, but for 48 hours from an approval") {
  World w = seven_records();
  w.now += hours(1);
  w.must<DayAnswer>(Request(w.close(true)));
  const DayReport closed = w.state.report(kDay);
  w.now = utc("2026-05-02T04:00:00Z");
  CHECK(w.must<NationalAnswer>(Request(receipt(w, {1}))).entry == EntryClass::late);
  CHECK(w.refused(Request(approval(w, w.now))) == "late-entry-free");
  w.now = kFreeUntil - milliseconds(1);
  CHECK(w.must<NationalAnswer>(Request(receipt(w, {2}))).entry == EntryClass::late);
  w.now = kFreeUntil;
  const auto refused = w.ask(Request(receipt(w, {3})));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == "late-entry-closed");
  CHECK(refused.error().message == "Records of 2026-05-01 could be handed in without asking until 2026-05-09 06:00.");
  CHECK(refused.error().advice.contains("approve-late-entry"));
  CHECK(day_of(w).entry == EntryClass::approval_needed);
  // Handed in before the end and told after it: in time.
  auto told_late = receipt(w, {3});
  told_late.sent = kFreeUntil - milliseconds(1);
  CHECK(w.must<NationalAnswer>(Request(told_late)).entry == EntryClass::late);

  CHECK(w.refused(Request(approval(w, w.now + hours(1)))) == "approval-from-future");
  CHECK(w.refused(Request(approval(w, w.now - hours(49)))) == "approval-over");
  const base::UtcTime granted = w.now;
  w.now += hours(3);
  const auto approved = w.must<LateEntryAnswer>(Request(approval(w, granted)));
  CHECK(approved.missing == 4);
  CHECK(approved.until == granted + hours(48));
  CHECK(w.must<NationalAnswer>(Request(receipt(w, {4}))).entry == EntryClass::approved);
  w.now = granted + hours(48);
  CHECK(w.must<NationalAnswer>(Request(receipt(w, {5, 6}))).entry == EntryClass::approved);
  w.now += milliseconds(1);
  const auto over = w.ask(Request(receipt(w, {7})));
  REQUIRE_FALSE(over.has_value());
  CHECK(over.error().message.contains("The approval 2026-0509 was good until 2026-05-11 06:00."));
  const NationalDay day = day_of(w);
  CHECK(day.records.late == 3);
  CHECK(day.records.approved == 3);
  CHECK(day.records.missing() == 1);
  CHECK_FALSE(day.records.complete());
  // None of it changes the day that is closed, or makes a correction due.
  CHECK(report_json_text(w.state.report(kDay)) == report_json_text(closed));
  CHECK(w.state.days().at(kDay).late_events == 0);
  CHECK(day_replays(w));
}

TEST_CASE("a refund after the close is a record more of that day, and the day is no longer complete") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  w.must<NationalAnswer>(Request(receipt(w, {1})));
  w.now += hours(1);
  w.must<DayAnswer>(Request(w.close(true)));
  w.must<DayAnswer>(Request(Correction{w.head(), kDay, "ill", "eva", sold.tickets[0].code}));
  const NationalDay day = day_of(w);
  CHECK(day.records.records == 2);
  CHECK(day.records.missing() == 1);
  CHECK_FALSE(day.records.complete());
  CHECK(day_replays(w));
}

TEST_CASE("a venue that does not report nationally has no records and says so") {
  Config config = small_config();
  config.national_reporting = false;
  config.cinema_code.clear();
  World w(config);
  w.must<SaleAnswer>(Request(w.sale(kSnowLine)));
  CHECK_FALSE(national_day(w.state, kDay, w.now).has_value());
  CHECK(w.refused(Request(receipt(w, {1}))) == "national-not-reported");
  CHECK(w.refused(Request(approval(w, w.now))) == "national-not-reported");
  CHECK(report_csv(w.state.report(kDay)).contains(",,,,,,\r\n"));
}

TEST_CASE("the CSV has the national counts of each screening and of the day") {
  World w = seven_records();
  w.must<NationalAnswer>(Request(receipt(w, {1, 2, 3, 4, 5})));
  const NationalDay day = day_of(w);
  const std::string csv = report_csv(w.state.report(kDay), &day);
  CHECK(csv.contains(",data_through,national_records,national_on_time,national_late,national_approved,national_missing,national_complete\r\n"));
  const auto total = csv.substr(csv.find("\r\ntotal,"));
  CHECK(total.ends_with(",7,5,0,0,2,no\r\n"));
  int records = 0;
  for (const NationalScreening& s : day.screenings) records += s.records.records;
  CHECK(records == 7);
}
