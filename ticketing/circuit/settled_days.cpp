#include "ticketing/circuit/settled_days.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "ticketing/circuit/circuit_store.h"
#include "ticketing/circuit/pull.h"

namespace promenade::ticketing::circuit {
namespace {

using nlohmann::json;

constexpr std::size_t kMostDiscrepancies = 20'000;

// Where the report's totals are not what was counted; empty where they are. PLAYED: whether these can be compared.
std::string difference(const json& totals, const DayCounts& ours, Currency currency, bool played) {
  std::string out;
  const auto compare = [&](const char* name, const json& here) {
    const json there = totals.value(name, json());
    if (there != here) out += (out.empty() ? "" : ", ") + std::string(name) + " " + there.dump() + " there and " + here.dump() + " here";
  };
  compare("sold", ours.sold);
  compare("comps", ours.comps);
  compare("refunded", ours.refunded);
  compare("changed", ours.changed);
  compare("redeemed", ours.redeemed);
  if (played) compare("played", ours.played);
  if (ours.evacuated == 0) compare("plays_started", ours.plays_started);
  compare("gross", to_decimal(Money{ours.gross_minor, currency}));
  compare("refunds", to_decimal(Money{ours.refunds_minor, currency}));
  return out;
}

void add_discrepancies(const json& report, const SettledDay& day, VenueBatch& batch) {
  const auto text = [](const json& one, const char* name, std::size_t most) { return storable(one.value(name, ""), most); };
  std::size_t count = 0;
  for (const auto& one : report.value("discrepancies", json::array())) {
    if (!one.is_object() || ++count > kMostDiscrepancies) break;
    const std::string level = one.value("level", "");
    batch.discrepancies.row().date(as_date(day.date)).integer(batch.after.id).text(text(one, "code", 80)).smallint(level == "alarm" ? 2 : level == "warning" ? 1 : 0);
    batch.discrepancies.text(text(one, "subject", 120)).bigint(one.value("count", std::int64_t{0})).text(text(one, "explanation_zh", 600)).text(text(one, "explanation_en", 600));
  }
}

base::Result<void> take_day(const json& report, std::string text, const SettledDay& day, bool stands, const DayCounts& counted, VenueBatch& batch) {
  try {
    const json totals = report.value("totals", json::object());
    // The first reckoning judged a day by the floor of the moment at which it was closed, which no event tells of once it has changed.
    const bool played = day.reckoning > 1 || batch.after.worn_floors.all().size() == 1;
    if (const std::string differs = difference(totals, counted, batch.after.currency, played); !differs.empty())
      return base::fail("report-differs", "The report of " + day.date.text() + " by the venue " + batch.after.venue.value() + " is not what its own events amount to: " + differs + ".",
                        "Keep the report as evidence and ask the venue.");
    if (stands) add_discrepancies(report, day, batch);
  } catch (const json::exception&) {  // a field of another type
    return base::fail("report-differs", "The report of " + day.date.text() + " by the venue " + batch.after.venue.value() + " is not of the form that reports have.", "Ask the venue.");
  }
  batch.days.push_back({day.date, day.revision, day.seq, counted.admissions(), std::move(text)});
  return {};
}

}  // namespace

base::Result<void> settled_days(base::http::Client& client, const std::string& path, const VenueRecord& venue, const std::vector<SettledDay>& days,
                                const std::function<base::Result<DayCounts>(BusinessDate)>& counted, VenueBatch& batch, std::string& evidence) {
  for (const SettledDay& day : days) {
    const auto response = client.get(path + "/v1/reports/days/" + day.date.text() + "?revision=" + std::to_string(day.revision));
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(venue_error(*response));
    const json report = json::parse(response->body, nullptr, false);
    if (base::blake2b(base::as_bytes(response->body)) != day.report_hash) {
      evidence = response->body;
      return base::fail("report-altered", "The report of " + day.date.text() + " that the venue " + venue.venue.value() + " shows is not the one in its ledger.", "Keep the report as evidence and ask the venue.");
    }
    if (!report.is_object()) return base::fail("http-error", "The report of " + day.date.text() + " is not JSON.", "Ask again.");
    // A correction later in the same batch takes this revision's place.
    const bool stands = std::ranges::none_of(days, [&](const SettledDay& other) { return other.date == day.date && other.revision > day.revision; });
    auto sum = counted(day.date);
    if (!sum) return std::unexpected(sum.error());
    sum->add(day.counted);
    const std::string was = std::exchange(evidence, response->body);
    if (auto done = take_day(report, response->body, day, stands, *sum, batch); !done) return done;
    evidence = was;
    batch.dates.insert(day.date);
  }
  return {};
}

}  // namespace promenade::ticketing::circuit
