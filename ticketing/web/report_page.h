#pragma once
// The day report as a page: state and revision first, then the four counts, money, films by screening,
// the verdict on each screening, completeness, what the national system has received, and every discrepancy with its explanation. Pure; says the same numbers as the report's JSON.

#include <functional>
#include <string>

#include "ticketing/core/national_day.h"
#include "ticketing/core/report.h"
#include "ticketing/core/verdict.h"
#include "ticketing/web/html.h"

namespace promenade::ticketing::web {

struct ReportPage {
  DayReport report;
  std::optional<NationalDay> national = {};  // as of now; none: the venue does not report nationally
  DayVerdict verdict = {};           // likewise
  std::string data_through_local;  // the venue's local time of the last event taken in; empty: none yet
  std::function<std::string(base::UtcTime)> local_text;  // "2026-05-01 19:30:05"
  bool navigation = true;          // false for a saved copy
};

std::string report_page(const ReportPage& page, Language language);

}  // namespace promenade::ticketing::web
