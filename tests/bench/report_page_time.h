#pragma once
// How long a box office takes for the page of an open day, with days before it in the same ledger: the program's own service is
// asked over HTTP on this computer.

#include <cstdint>
#include <string>

#include "ticketing/core/config.h"

namespace promenade::bench {

struct PageTime {
  int admissions = 0;    // of the day
  std::uint64_t events = 0;
  double p50_ms = 0.0, p99_ms = 0.0;
  double first_ms = 0.0;  // the page asked for first
};

// DAYS_BEFORE of EACH admissions, closed, then one of about ADMISSIONS, open; the ledger lies in FOLDER. Throws std::runtime_error.
PageTime time_report_page(const ticketing::Config& config, int days_before, int each, int admissions, int pages, const std::string& folder, std::uint64_t seed);

}  // namespace promenade::bench
