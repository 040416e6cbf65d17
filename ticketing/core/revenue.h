#pragma once
// How a day's takings are divided: the film fund, tax with its surcharges, and the parties' shares of what is left. Pure,
// in whole minor units; nothing is lost or made by rounding.
//
// base = gross - refunds - service fees (which are not box office). Fund and tax are each a part of the base, rounded to the
// nearest minor unit, halves up. Shares divide base - fund - tax: each is rounded down, and the units that are left go one
// each to those whose cut-off part was largest, the first named where two are equal (largest remainder). In China the fund
// is 5 % and tax 3.3 % by custom; contracts name the shares.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/money.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

inline constexpr std::int64_t kWhole = 1'000'000;  // parts per million

struct RevenueShare {
  std::string name;
  std::int64_t ppm = 0;
  friend bool operator==(const RevenueShare&, const RevenueShare&) = default;
};

struct RevenueRules {
  std::int64_t fund_ppm = 50'000, tax_ppm = 33'000;
  std::vector<RevenueShare> shares;  // add up to kWhole
  friend bool operator==(const RevenueRules&, const RevenueRules&) = default;
};
nlohmann::json to_json(const RevenueRules& rules);
base::Result<RevenueRules> revenue_rules_from_json(const nlohmann::json& json);  // error "config-malformed"
// Empty where the rules can be used, else what is wrong with them.
std::string wrong_with(const RevenueRules& rules);

struct Revenue {
  std::int64_t gross_minor = 0, refunds_minor = 0, fees_minor = 0;
  std::int64_t fund_minor = 0, tax_minor = 0, net_minor = 0;  // net: what is shared
  std::vector<std::int64_t> shares_minor;                     // as in the rules
  std::int64_t base_minor() const { return gross_minor - refunds_minor - fees_minor; }
  // Sums of divisions under the same rules: a day is the sum of its films, never divided a second time.
  void add(const Revenue& other);
  friend bool operator==(const Revenue&, const Revenue&) = default;
};

// RULES can be used (asserted). Error "revenue-out-of-range" where the base is negative or more than 10^12 minor units.
base::Result<Revenue> divide_revenue(std::int64_t gross_minor, std::int64_t refunds_minor, std::int64_t fees_minor, const RevenueRules& rules);
nlohmann::json to_json(const Revenue& revenue, const RevenueRules& rules, Currency currency);

}  // namespace promenade::ticketing
