#pragma once
// A day report for a terminal: its state, the four counts, money, films and discrepancies. Pure.

#include <string>

#include <nlohmann/json.hpp>

namespace promenade::ticketing::api {

// REPORT is the report's own JSON, from the ledger or from a server; NATIONAL that of its NationalDay, null where the venue does
// not report nationally.
std::string report_summary(const nlohmann::json& report, const nlohmann::json& national);

}  // namespace promenade::ticketing::api
