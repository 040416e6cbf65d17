#include "showcontrol/planning/week.h"

#include <algorithm>
#include <optional>
#include <queue>

#include "showcontrol/planning/admission.h"
#include "tracking/base/assert.h"
#include "tracking/base/random.h"

namespace promenade::planning {
namespace {

constexpr double kStep_s = 10.0;
constexpr double kAfter_s = 1800.0;  // of waiting, after the last hour

using Earliest = std::priority_queue<double, std::vector<double>, std::greater<>>;  // when each of several is free

class Day {
 public:
  Day(const Planner& planner, const FitWays& ways, const std::vector<WeekFilm>& films, const WeekHouse& house, const DayDemand& demand, std::uint64_t seed)
      : films_(films), house_(house), demand_(demand), plans_(base::Random(seed).fork("plans")), hall_(planner, ways), seat_free_s_(house.seats.size(), 0.0) {
    hours_ = demand.viewers_per_hour.empty() ? 0 : demand.viewers_per_hour.begin()->second.size();
    for (int i = 0; i < house.headsets; ++i) headsets_.push(0.0);
    for (int i = 0; i < house.fitters; ++i) fitters_.push(0.0);
    draw_arrivals(base::Random(seed).fork("arrivals"));
  }

  DayCarried run() {
    DayCarried day;
    day.hours.resize(hours_);
    for (std::size_t hour = 0; hour < hours_; ++hour) {
      day.hours[hour].hour = demand_.opens_h + static_cast<int>(hour);
      for (double now = static_cast<double>(hour) * 3600.0; now < static_cast<double>(hour + 1) * 3600.0; now += kStep_s) step(now, day.hours[hour]);
      day.hours[hour].waiting = static_cast<int>(next_ - lobby_ + fitted_.size());
    }
    HourCarried after;
    for (double now = static_cast<double>(hours_) * 3600.0; now < static_cast<double>(hours_) * 3600.0 + kAfter_s; now += kStep_s) step(now, after);
    finish(day);
    return day;
  }

 private:
  struct Viewer {
    std::size_t film = 0;
    double come_s = 0.0;
    std::optional<double> begins_s;
  };
  struct Fitted {
    std::size_t viewer = 0;
    double ready_s = 0.0;
  };

  void draw_arrivals(base::Random random) {
    for (std::size_t film = 0; film < films_.size(); ++film) {
      const auto wished = demand_.viewers_per_hour.find(films_[film].film);
      if (wished == demand_.viewers_per_hour.end()) continue;
      PROMENADE_ASSERT(wished->second.size() == hours_);
      for (std::size_t hour = 0; hour < hours_; ++hour) {
        if (wished->second[hour] <= 0.0) continue;
        const double mean_s = 3600.0 / wished->second[hour], end_s = static_cast<double>(hour + 1) * 3600.0;
        for (double at = static_cast<double>(hour) * 3600.0 + random.exponential(mean_s); at < end_s; at += random.exponential(mean_s)) viewers_.push_back({film, at, std::nullopt});
      }
    }
    std::ranges::stable_sort(viewers_, {}, &Viewer::come_s);
  }

  void step(double now, HourCarried& hour) {
    hall_.go_on(now);
    for (; next_ < viewers_.size() && viewers_[next_].come_s <= now; ++next_) ++hour.come;
    fit(now);
    plan(now);
    count_waits(now, hour);
  }

  // In the order in which they came, each as soon as there are a headset and somebody to fit it.
  void fit(double now) {
    while (lobby_ < next_ && !headsets_.empty()) {
      const double from_s = std::max({viewers_[lobby_].come_s, headsets_.top(), fitters_.top()});
      if (from_s > now) return;
      headsets_.pop();
      fitters_.pop();
      fitters_.push(from_s + house_.fit_s);
      fitted_.push_back({lobby_++, from_s + house_.fit_s});
    }
  }

  void plan(double now) {
    std::vector<Waiting> ready;
    for (const Fitted& one : fitted_) {
      if (one.ready_s <= now) ready.push_back({base::PlayId(one.viewer + 1), films_[viewers_[one.viewer].film].film, one.ready_s});
    }
    const Admission admission = admission_order(std::move(ready), now);
    std::vector<char> no_room(films_.size(), 0);
    bool only_chairs = false;  // nobody else is let onto the floor before the one that room is kept for
    for (const base::PlayId id : admission.order) {
      const std::size_t viewer = id.value() - 1;
      const WeekFilm& film = films_[viewers_[viewer].film];
      char& none = no_room[viewers_[viewer].film];
      if (only_chairs && !film.seated) continue;
      if (none == 0 && !begin(viewer, now)) none = 1;
      if (none != 0 && admission.room_kept_for == id && !film.seated) only_chairs = true;
    }
  }

  bool begin(std::size_t viewer, double now) {
    const WeekFilm& film = films_[viewers_[viewer].film];
    std::optional<std::size_t> seat;
    if (film.seated) {
      const auto free = std::ranges::min_element(seat_free_s_);
      if (free == seat_free_s_.end() || *free > now) return false;
      seat = static_cast<std::size_t>(free - seat_free_s_.begin());
    }
    const PlayPlan* play = hall_.begin(base::PlayId(viewer + 1), film.film, film.route, seat ? std::optional(house_.seats[*seat]) : std::nullopt, plans_());
    if (play == nullptr) return false;
    viewers_[viewer].begins_s = play->start_s();
    headsets_.push(play->end_s + house_.clean_s);
    if (seat) seat_free_s_[*seat] = play->leave_s(play->last_scene_block());
    std::erase_if(fitted_, [viewer](const Fitted& one) { return one.viewer == viewer; });
    return true;
  }

  // Who waits for a headset that others wear while they wait for the floor or a chair, waits for these.
  void count_waits(double now, HourCarried& hour) {
    std::array<double, kLimits> fitted{};
    const bool chair_free = std::ranges::any_of(seat_free_s_, [now](double free_s) { return free_s <= now; });
    for (const Fitted& one : fitted_) {
      if (one.ready_s > now) continue;
      fitted[static_cast<std::size_t>(films_[viewers_[one.viewer].film].seated && !chair_free ? Limit::chairs : Limit::floor)] += kStep_s;
    }
    for (std::size_t i = 0; i < kLimits; ++i) hour.waited_s[i] += fitted[i];
    if (lobby_ == next_) return;
    Limit before = Limit::fitting;
    if (headsets_.empty() || headsets_.top() > now) {
      const double chairs = fitted[static_cast<std::size_t>(Limit::chairs)], floor = fitted[static_cast<std::size_t>(Limit::floor)];
      before = chairs <= 0.0 && floor <= 0.0 ? Limit::headsets : floor >= chairs ? Limit::floor : Limit::chairs;
    }
    hour.waited_s[static_cast<std::size_t>(before)] += kStep_s * static_cast<double>(next_ - lobby_);
  }

  void finish(DayCarried& day) const {
    std::vector<std::vector<double>> waits(hours_);
    for (const Viewer& one : viewers_) {
      ++day.come;
      if (!one.begins_s) continue;
      ++day.begin;
      const auto begins = static_cast<std::size_t>(*one.begins_s / 3600.0);
      if (begins < hours_) ++day.hours[begins].begin;
      waits[static_cast<std::size_t>(one.come_s / 3600.0)].push_back(*one.begins_s - one.come_s);
    }
    for (std::size_t hour = 0; hour < hours_; ++hour) {
      HourCarried& of = day.hours[hour];
      std::ranges::sort(waits[hour]);
      for (const double wait : waits[hour]) of.wait_mean_s += wait / static_cast<double>(waits[hour].size());
      if (!waits[hour].empty()) of.wait_p95_s = waits[hour][(waits[hour].size() - 1) * 95 / 100];
      double all_s = 0.0;
      for (const double one : of.waited_s) all_s += one;
      if (all_s <= kLittleWait_s * std::max(1, of.come)) continue;
      of.limit = static_cast<Limit>(std::ranges::max_element(of.waited_s) - of.waited_s.begin());
    }
  }

  const std::vector<WeekFilm>& films_;
  const WeekHouse& house_;
  const DayDemand& demand_;
  base::Random plans_;
  PlannedHall hall_;
  std::size_t hours_ = 0;
  std::vector<double> seat_free_s_;
  Earliest headsets_, fitters_;
  std::vector<Viewer> viewers_;   // by coming
  std::size_t next_ = 0;          // of them, the first who has not come yet
  std::size_t lobby_ = 0;         // the first who has not been fitted
  std::vector<Fitted> fitted_;    // with a headset on, or nearly, and no plan yet
};

}  // namespace

DayCarried carried_day(const Planner& planner, const FitWays& ways, const std::vector<WeekFilm>& films, const WeekHouse& house, const DayDemand& demand, std::uint64_t seed) {
  PROMENADE_ASSERT(house.headsets > 0 && house.fitters > 0);
  return Day(planner, ways, films, house, demand, seed).run();
}

}  // namespace promenade::planning
