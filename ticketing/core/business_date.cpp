#include "ticketing/core/business_date.h"

#include <charconv>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// Reads exactly COUNT digits at the front of TEXT.
bool take_number(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  std::from_chars(text.data(), text.data() + count, out);
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Years 1970 to 2199: a mistyped year must not become an event that no reader takes.
bool take_date(std::string_view& text, std::chrono::sys_days& out) {
  int year = 0, month = 0, day = 0;
  if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') ||
      !take_number(text, 2, day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1970 || year > 2199) return false;
  out = std::chrono::sys_days(date);
  return true;
}

}  // namespace

base::Result<BusinessDate> BusinessDate::from_text(std::string_view text) {
  std::string_view rest = text;
  std::chrono::sys_days day;
  if (!take_date(rest, day) || !rest.empty()) {
    return base::fail("date-malformed", "\"" + std::string(text.substr(0, 40)) + "\" is not a date.",
                      "Write it as 2026-05-01.");
  }
  return BusinessDate(day);
}

std::string BusinessDate::text() const { return base::formatted("{:%Y-%m-%d}", day_); }

base::Result<BusinessCalendar> BusinessCalendar::make(std::string_view zone, minutes cut_over) {
  if (cut_over < minutes(0) || cut_over >= minutes(24 * 60)) {
    return base::fail("cut-over-malformed", "The cut-over is not a time of day.", "Write it as 06:00.");
  }
  const std::chrono::time_zone* found = nullptr;
  try {
    const auto& database = std::chrono::get_tzdb();
    try {
      found = database.locate_zone(zone);
    } catch (const std::runtime_error&) {
      return base::fail("time-zone-unknown", "There is no time zone \"" + std::string(zone) + "\".",
                        "Use a name of the IANA database, such as Asia/Shanghai.");
    }
  } catch (const std::runtime_error&) {
    return base::fail("time-zones-missing", "This machine has no time zone database.", "Install the package tzdata.");
  }
  return BusinessCalendar(found, cut_over);
}

base::UtcTime BusinessCalendar::to_utc(std::chrono::local_time<minutes> local) const {
  const auto time = zone_->to_sys(local, std::chrono::choose::earliest);
  return std::chrono::time_point_cast<milliseconds>(time);
}

base::UtcTime BusinessCalendar::starts_at(BusinessDate date) const {
  return to_utc(std::chrono::local_days(date.day().time_since_epoch()) + cut_over_);
}

BusinessDate BusinessCalendar::date_of(base::UtcTime time) const {
  const auto local = zone_->to_local(std::chrono::floor<std::chrono::seconds>(time));
  const auto day = std::chrono::floor<std::chrono::days>(local - cut_over_);
  BusinessDate date{std::chrono::sys_days(day.time_since_epoch())};
  // Where the clock is changed near the cut-over the local reading is off by a day at most either way; the
  // starts of days decide.
  for (int i = 0; i < 3 && time < starts_at(date); ++i) date = date.plus_days(-1);
  for (int i = 0; i < 3 && time >= ends_at(date); ++i) date = date.plus_days(1);
  PROMENADE_ASSERT(starts_at(date) <= time && time < ends_at(date));
  return date;
}

base::UtcTime BusinessCalendar::at_local(BusinessDate date, minutes since_midnight) const {
  const int days = since_midnight < cut_over_ ? 1 : 0;
  return to_utc(std::chrono::local_days(date.plus_days(days).day().time_since_epoch()) + since_midnight);
}

std::string BusinessCalendar::local_text(base::UtcTime time) const {
  const auto local = zone_->to_local(std::chrono::floor<std::chrono::seconds>(time));
  return base::formatted("{:%Y-%m-%d %H:%M:%S}", local);
}

std::string to_text(base::UtcTime time) { return base::formatted("{:%Y-%m-%dT%H:%M:%S}Z", time); }

base::Result<base::UtcTime> utc_from_text(std::string_view text) {
  std::string_view rest = text;
  std::chrono::sys_days day;
  int hour = 0, minute = 0, second = 0, fraction = 0;
  bool ok = take_date(rest, day) && take(rest, 'T') && take_number(rest, 2, hour) && take(rest, ':') &&
            take_number(rest, 2, minute) && take(rest, ':') && take_number(rest, 2, second);
  if (ok && take(rest, '.')) {
    int digit = 0, digits = 0;
    for (int scale = 100; scale > 0 && take_number(rest, 1, digit); scale /= 10, ++digits) fraction += digit * scale;
    ok = digits > 0;
  }
  ok = ok && rest == "Z" && hour < 24 && minute < 60 && second < 60;
  if (!ok) {
    return base::fail("time-malformed", "\"" + std::string(text.substr(0, 40)) + "\" is not a UTC time.",
                      "Write it as 2026-05-01T11:30:05.250Z.");
  }
  return day + std::chrono::hours(hour) + minutes(minute) + std::chrono::seconds(second) + milliseconds(fraction);
}

}  // namespace promenade::ticketing
