#include "ticketing/core/screenings.h"

#include <algorithm>
#include <string>

#include "ticketing/core/codes.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct LaneDay {
  base::UtcTime first, closing;
  seconds stride{0};  // from one start window to the next
};

// Start windows begin on whole minutes of stride so that printed times are round.
LaneDay lane_day(BusinessDate date, const Config& config, const LaneEntry& lane, const FilmEntry& film, const BusinessCalendar& calendar) {
  LaneDay day;
  day.first = calendar.at_local(date, config.opens) + lane.offset;
  day.closing = config.closes == config.cut_over ? calendar.ends_at(date) : calendar.at_local(date, config.closes);
  const seconds busy = lane.start_window + film.length + film.longest_hold;
  day.stride = std::chrono::ceil<minutes>(busy);
  return day;
}

Screening make(BusinessDate date, const LaneEntry& lane, const FilmEntry& film, const LaneDay& day, int number) {
  Screening s;
  const std::chrono::year_month_day ymd(date.day());
  const std::string screen = lane.id.value();
  s.id = base::ScreeningId(base::formatted("{}{:02}{:02}{:02}{:04}", screen.substr(screen.size() - 6), static_cast<int>(ymd.year()) % 100,
                                       static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), number + 1));
  s.lane = lane.id;
  s.hall = lane.hall;
  s.film = lane.film;
  s.business_date = date;
  s.slots = lane.slots;
  s.window_from = day.first + day.stride * number;
  s.window_until = s.window_from + lane.start_window;
  s.ends = s.window_until + film.length + film.longest_hold;
  return s;
}

// How many screenings the lane holds that day: the last one's stretch ends by the end of the business day, its
// window by closing time.
int count_of(const LaneDay& day, const LaneEntry& lane, const FilmEntry& film, base::UtcTime day_end) {
  const auto last_start = std::min<base::UtcTime>(day.closing - lane.start_window, day_end - (lane.start_window + film.length + film.longest_hold));
  if (last_start < day.first) return 0;
  return static_cast<int>(std::min<std::int64_t>((last_start - day.first) / day.stride + 1, 9999));
}

}  // namespace

std::vector<Screening> plan_lane(BusinessDate date, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar) {
  std::vector<Screening> out;
  const FilmEntry* film = config.film(lane.film);
  if (film == nullptr) return out;
  const LaneDay day = lane_day(date, config, lane, *film, calendar);
  const int count = count_of(day, lane, *film, calendar.ends_at(date));
  for (int i = 0; i < count; ++i) out.push_back(make(date, lane, *film, day, i));
  return out;
}

std::vector<Screening> plan_screenings(BusinessDate date, const Config& config, const BusinessCalendar& calendar) {
  std::vector<Screening> out;
  for (const auto& lane : config.lanes) {
    for (auto& screening : plan_lane(date, config, lane, calendar)) out.push_back(std::move(screening));
  }
  return out;
}

std::optional<Screening> find_screening(const base::ScreeningId& id, const Config& config, const BusinessCalendar& calendar) {
  const std::string& code = id.value();
  if (!is_screening_code(code)) return std::nullopt;
  const auto date = BusinessDate::from_text("20" + code.substr(6, 2) + "-" + code.substr(8, 2) + "-" + code.substr(10, 2));
  const int number = std::stoi(code.substr(12)) - 1;
  if (!date || number < 0) return std::nullopt;
  for (const auto& lane : config.lanes) {
    const FilmEntry* film = config.film(lane.film);
    if (film == nullptr || lane.id.value().size() < 6 || !lane.id.value().ends_with(code.substr(0, 6))) continue;
    const LaneDay day = lane_day(*date, config, lane, *film, calendar);
    if (number >= count_of(day, lane, *film, calendar.ends_at(*date))) return std::nullopt;
    return make(*date, lane, *film, day, number);
  }
  return std::nullopt;
}

std::optional<Screening> current_or_next(base::UtcTime time, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar) {
  const FilmEntry* film = config.film(lane.film);
  if (film == nullptr) return std::nullopt;
  const BusinessDate date = calendar.date_of(time);
  const LaneDay day = lane_day(date, config, lane, *film, calendar);
  std::int64_t number = time < day.first ? 0 : (time - day.first) / day.stride;
  if (time >= day.first + day.stride * number + lane.start_window) ++number;
  if (number >= count_of(day, lane, *film, calendar.ends_at(date))) return std::nullopt;
  return make(date, lane, *film, day, static_cast<int>(number));
}

}  // namespace promenade::ticketing
