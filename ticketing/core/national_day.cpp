#include "ticketing/core/national_day.h"

#include <algorithm>
#include <map>

#include "ticketing/core/ledger_state.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

const NationalBook& book_of(const LedgerState& state, BusinessDate date) {
  static const NationalBook kNone;
  const auto at = state.national().find(date);
  return at == state.national().end() ? kNone : at->second;
}

std::optional<EntryClass> received(const NationalRecord& record) { return record.receipt == 0 ? std::nullopt : std::optional(record.entry); }

json counts_json(const Completeness& c) {
  return {{"records", c.records}, {"on_time", c.on_time}, {"late", c.late}, {"approved", c.approved}, {"missing", c.missing()}, {"complete", c.complete()}};
}

}  // namespace

std::optional<NationalDay> national_day(const LedgerState& state, BusinessDate date, base::UtcTime now) {
  const NationalBook& book = book_of(state, date);
  if (!state.config()->national_reporting && book.records.empty()) return std::nullopt;
  NationalDay day;
  day.date = date;
  std::map<base::ScreeningId, Completeness> by_screening;
  for (const NationalRecord& record : book.records) {
    day.records.count(received(record));
    by_screening[record.screening].count(received(record));
  }
  for (const auto& [id, records] : by_screening) day.screenings.push_back({state.screenings().at(id).screening, records});
  std::ranges::sort(day.screenings, {}, [](const NationalScreening& s) { return std::pair(s.screening.window_from, s.screening.lane); });
  const BusinessCalendar& calendar = state.calendar();
  day.entry = entry_class(date, now, calendar, book.approval);
  day.free_until = calendar.ends_at(date.plus_days(kFreeLateDays));
  day.approval = book.approval;
  if (day.approval) day.approval_until = day.approval->granted + kApprovalLasts;
  day.data_through = state.head().seq;
  return day;
}

json to_json(const NationalDay& day) {
  json screenings = json::array();
  for (const NationalScreening& s : day.screenings) {
    json one = counts_json(s.records);
    one.update({{"screening", s.screening.id.value()}, {"screen", s.screening.lane.value()}, {"film", s.screening.film.value()}});
    screenings.push_back(std::move(one));
  }
  json out = counts_json(day.records);
  out.update({{"business_date", day.date.text()}, {"entry", to_text(day.entry)}, {"free_until", to_text(day.free_until)},
              {"data_through", day.data_through}, {"screenings", std::move(screenings)}, {"approval", nullptr}});
  if (day.approval) {
    out["approval"] = {{"reference", day.approval->reference}, {"granted", to_text(day.approval->granted)}, {"until", to_text(day.approval_until)}};
  }
  return out;
}

json national_records_json(const LedgerState& state, BusinessDate date, int after, std::size_t limit) {
  const NationalBook& book = book_of(state, date);
  json records = json::array();
  for (auto i = static_cast<std::size_t>(after); i < book.records.size() && records.size() < limit; ++i) {
    const NationalRecord& record = book.records[i];
    json one = to_json(record, state.config()->cinema_code, date);
    one["received"] = record.receipt != 0;
    one["entry"] = record.receipt != 0 ? json(to_text(record.entry)) : json(nullptr);
    records.push_back(std::move(one));
  }
  return {{"business_date", date.text()}, {"records", std::move(records)}, {"of", book.records.size()}};
}

std::optional<NationalBatch> next_national_batch(const LedgerState& state, base::UtcTime now, const NationalNumbers& leave_out) {
  for (const BusinessDate date : state.national_missing()) {
    const NationalBook& book = book_of(state, date);
    const EntryClass entry = entry_class(date, now, state.calendar(), book.approval);
    if (entry == EntryClass::approval_needed) continue;
    NationalBatch batch{state.config()->cinema_code, date, entry, entry == EntryClass::approved ? book.approval->reference : std::string(), {}};
    const auto left_out = leave_out.find(date);
    for (std::size_t i = book.first_missing; i < book.records.size() && batch.records.size() < kNationalBatch; ++i) {
      const NationalRecord& record = book.records[i];
      const bool left = left_out != leave_out.end() && left_out->second.contains(record.number);
      if (record.receipt == 0 && !left) batch.records.push_back(record);
    }
    if (!batch.records.empty()) return batch;
  }
  return std::nullopt;
}

base::Error late_entry_closed(BusinessDate date, const BusinessCalendar& calendar, const std::optional<Approval>& approval) {
  const auto minute = [&](base::UtcTime time) { return calendar.local_text(time).substr(0, 16); };
  std::string message = "Records of " + date.text() + " could be handed in without asking until " + minute(calendar.ends_at(date.plus_days(kFreeLateDays))) + ".";
  if (approval) message += " The approval " + approval->reference + " was good until " + minute(approval->granted + kApprovalLasts) + ".";
  return {"late-entry-closed", std::move(message),
          "Ask the authority for its approval, book it by `promenade boxoffice approve-late-entry`, and hand the records in within 48 hours of its grant."};
}

}  // namespace promenade::ticketing
