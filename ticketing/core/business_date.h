#pragma once
// Business dates: the venue's day, cut over at a set local time; every instant has exactly one.
// Pure but for the time zone database, which is read once when a calendar is made.

#include <chrono>
#include <compare>
#include <string>
#include <string_view>

#include "tracking/base/clock.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

// A calendar day used as a label; text form "2026-05-01".
class BusinessDate {
 public:
  constexpr BusinessDate() = default;
  constexpr explicit BusinessDate(std::chrono::sys_days day) : day_(day) {}
  static base::Result<BusinessDate> from_text(std::string_view text);  // error "date-malformed"
  constexpr std::chrono::sys_days day() const { return day_; }
  std::string text() const;
  constexpr BusinessDate plus_days(int count) const { return BusinessDate(day_ + std::chrono::days(count)); }
  friend constexpr auto operator<=>(const BusinessDate&, const BusinessDate&) = default;

 private:
  std::chrono::sys_days day_{};
};

// Events of other business dates are not booked: a clock that is wrong, or a day that was mistyped. A circuit refuses them too,
// and allows a few days more, because its clock is another.
inline constexpr BusinessDate kFirstBusinessDate{std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)};  // before any walking cinema
inline constexpr int kDaysAhead = 56;

class BusinessCalendar {
 public:
  // ZONE as in the IANA database ("Asia/Shanghai"), CUT_OVER as time since local midnight, 0..24 h.
  // Errors: "time-zones-missing" (install tzdata), "time-zone-unknown", "cut-over-malformed".
  static base::Result<BusinessCalendar> make(std::string_view zone, std::chrono::minutes cut_over);

  // The one business date of an instant: starts_at(d) <= t < starts_at(d + 1). On days when the clock is
  // changed a business date lasts 23 or 25 hours.
  BusinessDate date_of(base::UtcTime time) const;
  base::UtcTime starts_at(BusinessDate date) const;
  base::UtcTime ends_at(BusinessDate date) const { return starts_at(date.plus_days(1)); }
  // The instant of a local wall time on a business date; times before the cut-over are on the next calendar
  // day. A local time that does not exist gives the moment of the change; one that exists twice the earlier.
  base::UtcTime at_local(BusinessDate date, std::chrono::minutes since_midnight) const;
  std::string local_text(base::UtcTime time) const;  // "2026-05-01 19:30:05"

 private:
  BusinessCalendar(const std::chrono::time_zone* zone, std::chrono::minutes cut_over)
      : zone_(zone), cut_over_(cut_over) {}
  base::UtcTime to_utc(std::chrono::local_time<std::chrono::minutes> local) const;
  const std::chrono::time_zone* zone_;  // owned by the process-wide database
  std::chrono::minutes cut_over_;
};

// "2026-05-01T11:30:05.250Z", always three decimals; the reader takes none to three and the years 1970 to 2199.
// Error "time-malformed".
std::string to_text(base::UtcTime time);
base::Result<base::UtcTime> utc_from_text(std::string_view text);

}  // namespace promenade::ticketing
