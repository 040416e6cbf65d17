#pragma once
// What the box office knows about its venue: halls, films, lanes, prices and rules, as read from boxoffice.toml
// and as kept in the ledger. Pure values.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/core/business_date.h"
#include "ticketing/core/money.h"
#include "ticketing/core/revenue.h"
#include "tracking/base/clock.h"
#include "tracking/base/crypto.h"
#include "tracking/base/finding.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

enum class FilmKind { walking, seated };

struct FilmEntry {
  base::FilmId id;  // film code, 12 digits
  std::string title_zh, title_en;
  std::string permit;  // empty only where the venue does not report nationally
  FilmKind kind = FilmKind::walking;
  std::chrono::seconds length{0};
  std::chrono::seconds longest_hold{0};  // sum of the longest holds at its gates
  Money price;
  std::string price_class;
  std::optional<base::Hash> package_hash;  // where given, a play of another package is a discrepancy
  friend bool operator==(const FilmEntry&, const FilmEntry&) = default;
};

struct SensorEntry {          // a door counter that is independent of headsets and tickets
  std::string id;
  double miss_rate = 0.0;     // share of passages it is known to miss or double, 0..0.2
  friend bool operator==(const SensorEntry&, const SensorEntry&) = default;
};

struct HallEntry {
  base::HallId id;
  std::string name_zh, name_en;
  int capacity = 0;  // people; physical, over all its lanes
  std::vector<SensorEntry> sensors;
  friend bool operator==(const HallEntry&, const HallEntry&) = default;
};

struct LaneEntry {
  base::LaneId id;  // screen code, 16 digits
  base::HallId hall;
  base::FilmId film;
  int slots = 0;
  std::chrono::seconds start_window{0};  // how long one screening lets viewers start
  std::chrono::seconds offset{0};        // of its first screening from opening, so that lanes of a film alternate
  friend bool operator==(const LaneEntry&, const LaneEntry&) = default;
};

struct DiscountEntry {  // given at the counter: pupils, over sixties
  std::string id, name_zh, name_en;
  int percent = 0;  // off the film's price, 1..99; the cents that are left over are the venue's
  friend bool operator==(const DiscountEntry&, const DiscountEntry&) = default;
};

struct VoucherEntry {  // a kind of voucher that the venue takes, paid for elsewhere and settled elsewhere
  std::string id, name_zh, name_en;
  std::optional<Money> value;  // of one; none: a whole ticket, whatever its price
  int code_size = 0;           // letters and digits of a code, 8..64; 0: any of these lengths
  friend bool operator==(const VoucherEntry&, const VoucherEntry&) = default;
};

// By what a day is judged and divided; it never changes within one, see by_date.h.
struct DayRules {
  double worn_share_floor = 0.8;        // a play counts as watched from this share of its time worn
  std::optional<RevenueRules> revenue;  // none: reports do not divide the takings
  friend bool operator==(const DayRules&, const DayRules&) = default;
};

struct Config {
  base::VenueId venue;
  std::string name_zh, name_en;
  std::string cinema_code;  // 8 digits; empty only where the venue does not report nationally
  std::string time_zone;    // IANA name
  std::chrono::minutes cut_over{6 * 60};
  std::chrono::minutes opens{6 * 60}, closes{6 * 60};  // local; equal means the whole business day
  Currency currency;
  bool free_choice = false;         // a viewer may change the film within a price class, on the headset
  bool national_reporting = true;   // off: exhibition mode, no permit and cinema code required
  std::chrono::seconds ticket_early{0};   // before its start window a ticket is already taken at the door
  std::chrono::seconds ticket_grace{0};   // after its start window it still is
  double worn_share_floor = 0.8;    // these two are rules of the day
  std::optional<RevenueRules> revenue;
  std::vector<HallEntry> halls;
  std::vector<FilmEntry> films;
  std::vector<LaneEntry> lanes;
  std::chrono::seconds reservation{300};  // how long places are kept for somebody
  int gates = 1;  // doors with a device of its own each; a ticket is for one of them, see gate_of
  std::vector<DiscountEntry> discounts;
  std::vector<VoucherEntry> vouchers;

  DayRules rules() const { return {worn_share_floor, revenue}; }
  const DiscountEntry* discount(const std::string& id) const;
  const VoucherEntry* voucher(const std::string& id) const;
  const FilmEntry* film(const base::FilmId& id) const;
  const HallEntry* hall(const base::HallId& id) const;
  const LaneEntry* lane(const base::LaneId& id) const;
  base::Result<BusinessCalendar> calendar() const;
  friend bool operator==(const Config&, const Config&) = default;
};

// What is wrong with the values themselves (codes, duplicates, references, limits); keys as in boxoffice.toml,
// no file and line.
base::Findings check(const Config& config);

// Canonical form, kept in the ledger; reads back equal.
nlohmann::json to_json(const Config& config);
base::Result<Config> config_from_json(const nlohmann::json& json);

}  // namespace promenade::ticketing
