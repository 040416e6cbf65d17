#include "ticketing/core/screenings.h"

#include <algorithm>
#include <string>

#include "ticketing/core/codes.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kLastNumber = 9999;

int number_of(const base::ScreeningId& id) { return std::stoi(id.value().substr(12)); }

bool overlap(const Screening& a, const Screening& b) { return a.window_from < b.ends && b.window_from < a.ends; }

// One lane's start windows, of the same length one after another. They begin on whole minutes of stride so that printed times are round.
class LanePlan {
 public:
  LanePlan(BusinessDate date, const Config& config, const LaneEntry& lane, const FilmEntry& film, const BusinessCalendar& calendar, const std::vector<Screening>& open)
      : date_(date), lane_(lane), film_(film) {
    first_ = calendar.at_local(date, config.opens) + lane.offset;
    stride_ = std::chrono::ceil<minutes>(lane.start_window + film.length + film.longest_hold);
    for (const Screening& s : open)
      if (s.lane == lane.id) open_.push_back({number_of(s.id), &s});
    std::ranges::sort(open_, {}, &Open::number);
    earlier_ = numbers_of_earlier_plans();
    count_ = std::min(fitting(config, calendar), kLastNumber - earlier_);
  }

  int count() const { return count_; }
  int earlier() const { return earlier_; }

  // As it was opened, where it was.
  Screening at(int index) const {
    const auto opened = std::ranges::lower_bound(open_, earlier_ + index + 1, {}, &Open::number);
    return opened != open_.end() && opened->number == earlier_ + index + 1 ? *opened->screening : make(index);
  }
  bool free(const Screening& s) const {
    return std::ranges::none_of(open_, [&](const Open& other) { return overlap(*other.screening, s) && other.screening->id != s.id; });
  }
  // Opened under an earlier plan, of the lane's film.
  std::vector<Screening> kept() const {
    std::vector<Screening> out;
    for (const auto& [number, screening] : open_)
      if (number <= earlier_ && screening->film == lane_.film) out.push_back(*screening);
    return out;
  }
  // The first of the plan whose window is not over at TIME.
  std::optional<Screening> next(base::UtcTime time) const {
    std::int64_t index = time < first_ ? 0 : (time - first_) / stride_;
    if (time >= first_ + stride_ * index + lane_.start_window) ++index;
    for (; index < count_; ++index)
      if (const Screening s = at(static_cast<int>(index)); free(s)) return s;
    return std::nullopt;
  }

 private:
  struct Open {
    int number = 0;
    const Screening* screening = nullptr;
  };

  Screening make(int index) const {
    Screening s;
    const std::chrono::year_month_day ymd(date_.day());
    const std::string screen = lane_.id.value();
    s.id = base::ScreeningId(base::formatted("{}{:02}{:02}{:02}{:04}", screen.substr(screen.size() - 6), static_cast<int>(ymd.year()) % 100,
                                         static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), earlier_ + index + 1));
    s.lane = lane_.id;
    s.hall = lane_.hall;
    s.film = lane_.film;
    s.business_date = date_;
    s.slots = lane_.slots;
    s.window_from = first_ + stride_ * index;
    s.window_until = s.window_from + lane_.start_window;
    s.ends = s.window_until + film_.length + film_.longest_hold;
    return s;
  }

  bool fits(const Open& open, int earlier) const {
    const Screening& s = *open.screening;
    return s.window_from == first_ + stride_ * (open.number - 1 - earlier) && s.window_until == s.window_from + lane_.start_window &&
           s.ends == s.window_until + film_.length + film_.longest_hold && s.film == lane_.film && s.hall == lane_.hall;
  }

  // The fewest after which all that is open fits the plan.
  int numbers_of_earlier_plans() const {
    const auto fit_after = [&](int earlier) {
      return std::ranges::all_of(open_, [&](const Open& one) { return one.number <= earlier || fits(one, earlier); });
    };
    if (fit_after(0)) return 0;
    for (const Open& one : open_)
      if (fit_after(one.number)) return one.number;
    return 0;
  }

  // How many screenings the lane holds that day: the last one's stretch ends by the end of the business day, its
  // window by closing time.
  int fitting(const Config& config, const BusinessCalendar& calendar) const {
    const base::UtcTime closing = config.closes == config.cut_over ? calendar.ends_at(date_) : calendar.at_local(date_, config.closes);
    const auto last_start = std::min<base::UtcTime>(closing - lane_.start_window, calendar.ends_at(date_) - (lane_.start_window + film_.length + film_.longest_hold));
    if (last_start < first_) return 0;
    return static_cast<int>(std::min<std::int64_t>((last_start - first_) / stride_ + 1, kLastNumber));
  }

  BusinessDate date_;
  const LaneEntry& lane_;
  const FilmEntry& film_;
  base::UtcTime first_;
  seconds stride_{0};
  std::vector<Open> open_;  // of this lane, by number
  int earlier_ = 0, count_ = 0;
};

}  // namespace

std::vector<Screening> plan_lane(BusinessDate date, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar, const std::vector<Screening>& open) {
  const FilmEntry* film = config.film(lane.film);
  if (film == nullptr) return {};
  const LanePlan plan(date, config, lane, *film, calendar, open);
  std::vector<Screening> out = plan.kept();
  for (int i = 0; i < plan.count(); ++i)
    if (Screening s = plan.at(i); plan.free(s)) out.push_back(std::move(s));
  std::ranges::sort(out, {}, &Screening::window_from);
  return out;
}

std::vector<Screening> plan_screenings(BusinessDate date, const Config& config, const BusinessCalendar& calendar, const std::vector<Screening>& open) {
  std::vector<Screening> out;
  for (const auto& lane : config.lanes) {
    for (auto& screening : plan_lane(date, config, lane, calendar, open)) out.push_back(std::move(screening));
  }
  return out;
}

std::optional<BusinessDate> date_of_screening(const base::ScreeningId& id) {
  const std::string& code = id.value();
  if (!is_screening_code(code)) return std::nullopt;
  const auto date = BusinessDate::from_text("20" + code.substr(6, 2) + "-" + code.substr(8, 2) + "-" + code.substr(10, 2));
  return date ? std::optional(*date) : std::nullopt;
}

std::optional<Screening> find_screening(const base::ScreeningId& id, const Config& config, const BusinessCalendar& calendar, const std::vector<Screening>& open) {
  if (const auto opened = std::ranges::find(open, id, &Screening::id); opened != open.end()) return *opened;
  const auto date = date_of_screening(id);
  if (!date) return std::nullopt;
  const std::string& code = id.value();
  for (const auto& lane : config.lanes) {
    const FilmEntry* film = config.film(lane.film);
    if (film == nullptr || lane.id.value().size() < 6 || !lane.id.value().ends_with(code.substr(0, 6))) continue;
    const LanePlan plan(*date, config, lane, *film, calendar, open);
    const int index = number_of(id) - 1 - plan.earlier();
    if (index < 0 || index >= plan.count()) return std::nullopt;
    const Screening s = plan.at(index);
    return plan.free(s) ? std::optional(s) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Screening> current_or_next(base::UtcTime time, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar, const std::vector<Screening>& open) {
  const FilmEntry* film = config.film(lane.film);
  if (film == nullptr) return std::nullopt;
  const LanePlan plan(calendar.date_of(time), config, lane, *film, calendar, open);
  auto soonest = plan.next(time);
  for (const Screening& s : plan.kept()) {
    if (time < s.window_until && (!soonest || s.window_from < soonest->window_from)) soonest = s;
  }
  return soonest;
}

}  // namespace promenade::ticketing
