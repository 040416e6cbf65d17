#include "ticketing/core/revenue.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "ticketing/core/json_fields.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

constexpr std::int64_t kMostMinor = 1'000'000'000'000;  // times kWhole it still fits 64 bits
constexpr std::size_t kMostShares = 20;

std::int64_t part_of(std::int64_t minor, std::int64_t ppm) { return (minor * ppm + kWhole / 2) / kWhole; }

}  // namespace

std::string wrong_with(const RevenueRules& rules) {
  const auto share = [](std::int64_t ppm) { return ppm >= 0 && ppm <= kWhole; };
  if (!share(rules.fund_ppm) || !share(rules.tax_ppm) || rules.fund_ppm + rules.tax_ppm > kWhole) return "Fund and tax are not between 0 and 1 together.";
  if (rules.shares.empty() || rules.shares.size() > kMostShares) return "There are not 1 to 20 shares.";
  std::set<std::string> names;
  std::int64_t sum = 0;
  for (const auto& one : rules.shares) {
    if (one.name.empty() || one.name.size() > 80 || !names.insert(one.name).second) return "A share has no name, or one that another has.";
    if (!share(one.ppm)) return "The share of " + one.name + " is not between 0 and 1.";
    sum += one.ppm;
  }
  return sum == kWhole ? std::string() : "The shares do not add up to 1.";
}

nlohmann::json to_json(const RevenueRules& rules) {
  nlohmann::json shares = nlohmann::json::array();
  for (const auto& share : rules.shares) shares.push_back({{"name", share.name}, {"ppm", share.ppm}});
  return {{"fund_ppm", rules.fund_ppm}, {"tax_ppm", rules.tax_ppm}, {"shares", shares}};
}

base::Result<RevenueRules> revenue_rules_from_json(const nlohmann::json& document) {
  FieldReader in(document, "revenue rules", "config-malformed");
  RevenueRules rules;
  rules.fund_ppm = in.number("fund_ppm", 0, kWhole);
  rules.tax_ppm = in.number("tax_ppm", 0, kWhole);
  const auto& shares = in.any("shares");
  if (!shares.is_array() || shares.size() > kMostShares) in.reject("\"shares\" of the revenue rules is not a list of at most 20.");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  for (const auto& one : shares) {
    FieldReader share(one, "share", "config-malformed");
    rules.shares.push_back({share.text("name", 1, 80), share.number("ppm", 0, kWhole)});
    if (auto done = share.finish(); !done) return std::unexpected(done.error());
  }
  if (const std::string wrong = wrong_with(rules); !wrong.empty()) return base::fail("config-malformed", wrong, "Correct the revenue rules.");
  return rules;
}

void Revenue::add(const Revenue& other) {
  gross_minor += other.gross_minor;
  refunds_minor += other.refunds_minor;
  fees_minor += other.fees_minor;
  fund_minor += other.fund_minor;
  tax_minor += other.tax_minor;
  net_minor += other.net_minor;
  if (shares_minor.empty()) shares_minor.resize(other.shares_minor.size());
  PROMENADE_ASSERT(shares_minor.size() == other.shares_minor.size());
  for (std::size_t i = 0; i < shares_minor.size(); ++i) shares_minor[i] += other.shares_minor[i];
}

base::Result<Revenue> divide_revenue(std::int64_t gross_minor, std::int64_t refunds_minor, std::int64_t fees_minor, const RevenueRules& rules) {
  PROMENADE_ASSERT(wrong_with(rules).empty());
  Revenue r{gross_minor, refunds_minor, fees_minor, 0, 0, 0, {}};
  for (const std::int64_t amount : {gross_minor, refunds_minor, fees_minor, r.base_minor()}) {
    if (amount < 0 || amount > kMostMinor) return base::fail("revenue-out-of-range", "The takings to divide are out of range.", "Look at the day's refunds and fees.");
  }
  r.fund_minor = part_of(r.base_minor(), rules.fund_ppm);
  // Where fund and tax together are all there is, both halves up would be more than that.
  r.tax_minor = std::min(part_of(r.base_minor(), rules.tax_ppm), r.base_minor() - r.fund_minor);
  r.net_minor = r.base_minor() - r.fund_minor - r.tax_minor;
  for (const auto& share : rules.shares) r.shares_minor.push_back(r.net_minor * share.ppm / kWhole);
  std::vector<std::size_t> order(rules.shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return r.net_minor * rules.shares[i].ppm % kWhole; });
  std::int64_t left = r.net_minor - std::accumulate(r.shares_minor.begin(), r.shares_minor.end(), std::int64_t{0});
  for (std::size_t i = 0; left > 0; ++i, --left) ++r.shares_minor[order[i]];
  return r;
}

nlohmann::json to_json(const Revenue& revenue, const RevenueRules& rules, Currency currency) {
  const auto decimal = [&](std::int64_t minor) { return to_decimal(Money{minor, currency}); };
  nlohmann::json shares = nlohmann::json::array();
  for (std::size_t i = 0; i < revenue.shares_minor.size(); ++i) {
    shares.push_back({{"name", rules.shares[i].name}, {"share", static_cast<double>(rules.shares[i].ppm) / kWhole}, {"amount", decimal(revenue.shares_minor[i])}});
  }
  return {{"gross", decimal(revenue.gross_minor)}, {"refunds", decimal(revenue.refunds_minor)}, {"service_fees", decimal(revenue.fees_minor)},
          {"fund", decimal(revenue.fund_minor)}, {"tax", decimal(revenue.tax_minor)}, {"net", decimal(revenue.net_minor)}, {"shares", shares}};
}

}  // namespace promenade::ticketing
