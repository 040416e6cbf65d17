#include "showcontrol/server/hall_clock.h"

#include <algorithm>
#include <charconv>

#include "tracking/base/formatted.h"

namespace promenade::server {

std::string ClockMark::text() const { return base::formatted("{} {}", hall.time_since_epoch().count(), utc.time_since_epoch().count()); }

std::optional<ClockMark> ClockMark::from_text(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view part) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    return value;
  };
  const auto hall = number(text.substr(0, space));
  const auto utc = number(text.substr(space + 1));
  if (!hall || !utc) return std::nullopt;
  return ClockMark{base::HallTime(base::Duration(*hall)), base::UtcTime(std::chrono::milliseconds(*utc))};
}

base::HallTime first_hall_time(const std::optional<ClockMark>& last, base::UtcTime now) {
  if (!last) return base::hall_time(1.0);
  constexpr base::Duration kLeast = kClockRecordEvery + base::Duration{1'000'000};
  return last->hall + std::max<base::Duration>(kLeast, now - last->utc);
}

base::UtcTime system_time() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace promenade::server
