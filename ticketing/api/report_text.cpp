#include "ticketing/api/report_text.h"

#include "tracking/base/formatted.h"

namespace promenade::ticketing::api {
namespace {

using nlohmann::json;

std::string bodies_text(const json& bodies) {
  if (bodies.value("known", false)) return std::to_string(bodies.value("entered", 0));
  return "unknown (" + bodies.value("reason", std::string("no reason given")) + ")";
}

// Whether what is missing may still be handed in.
std::string entry_words(const json& national) {
  const std::string entry = national.value("entry", "");
  const std::string free_until = national.value("free_until", "");
  if (entry == "approved") return "may be handed in by the approval " + national["approval"].value("reference", "") + " until " + national["approval"].value("until", "");
  if (entry == "approval_needed") return "late entry was free until " + free_until + "; now it needs the authority's approval: promenade boxoffice approve-late-entry";
  return "may be handed in without asking until " + free_until;
}

}  // namespace

std::string report_summary(const json& report, const json& national) {
  const json totals = report.value("totals", json::object());
  const auto number = [&](const char* name) { return totals.value(name, 0); };
  const std::string currency = report.value("currency", "");
  std::string out = base::formatted("{} ({}), {}\n", report.value("venue_name_en", ""), report.value("venue_name_zh", ""), report.value("business_date", ""));
  out += base::formatted("state       {}, revision {}, data through event {}\n", report.value("state", ""), report.value("revision", 0), report.value("data_through", 0));
  out += base::formatted("sold        {}  (comps {}, refunded {}, changed {})\n", number("sold"), number("comps"), number("refunded"), number("changed"));
  out += base::formatted("redeemed    {}  (no-shows {})\n", number("redeemed"), number("no_show"));
  out += base::formatted("played      {}  (started {})\n", number("played"), number("plays_started"));
  for (const json& hall : report.value("halls", json::array()))
    out += base::formatted("bodies      {}  {}\n", bodies_text(hall.value("bodies", json::object())), hall.value("name_en", ""));
  out += base::formatted("gross       {} {}, refunds {}, net {}\n", totals.value("gross", ""), currency, totals.value("refunds", ""), totals.value("net", ""));
  if (national.is_object()) {
    out += base::formatted("national    {} records: {} on time, {} late, {} approved, {} missing; {}\n", national.value("records", 0), national.value("on_time", 0), national.value("late", 0),
                           national.value("approved", 0), national.value("missing", 0), national.value("complete", false) ? "complete" : "not complete");
    if (national.value("missing", 0) > 0) out += base::formatted("            {}\n", entry_words(national));
  }
  for (const json& film : report.value("films", json::array())) {
    const json counts = film.value("counts", json::object());
    if (counts.value("sold", 0) + counts.value("comps", 0) == 0) continue;
    out += base::formatted("  {}  sold {:4} redeemed {:4} played {:4}  {}\n", film.value("film", ""), counts.value("sold", 0), counts.value("redeemed", 0),
                       counts.value("played", 0), film.value("title_en", ""));
  }
  for (const json& d : report.value("discrepancies", json::array()))
    out += base::formatted("{}: {}: {}\n", d.value("level", ""), d.value("code", ""), d.value("explanation_en", ""));
  return out;
}

}  // namespace promenade::ticketing::api
