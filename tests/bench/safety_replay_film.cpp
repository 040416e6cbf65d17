#include "tests/bench/safety_replay_film.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tracking/base/assert.h"

namespace promenade::bench {
namespace {

constexpr double kSmooth_s = 0.5;         // 1 σ: half a stride and more
constexpr std::size_t kEvery = 3;         // samples between two steps of the registration: 10 Hz
constexpr double kBegin_m = 2.0;          // a viewer's walk begins within this of the film's beginning
constexpr std::size_t kStepsMax = 3;      // of the path in 0.1 s: 3 m/s
constexpr double kSpeedWeight = 0.05;     // of a squared step more or less than his speed asks for
constexpr double kDistanceMax_m = 2.0;    // further off counts no more than this
constexpr double kHeadingWeight = 0.5;    // m² for a heading at right angles
constexpr double kWalking_mps = 0.5;      // a heading counts in full from here on
constexpr double kRateWindow_s = 2.0;
constexpr double kRateMin = 0.3, kRateMax = 2.0;
constexpr double kNear_m = 1.5;           // a viewer's walk that is the film's way keeps this near it ...
constexpr double kNearShare = 0.95;       // ... for so much of its time
constexpr double kFar = 1e9;

std::vector<HallPoint> smoothed(const std::vector<HallPoint>& at) {
  const auto reach = static_cast<std::ptrdiff_t>(samples_in(3.0 * kSmooth_s));
  std::vector<double> weight;
  for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
    const double z = static_cast<double>(k) / (kSmooth_s * kReplayRate_hz);
    weight.push_back(std::exp(-z * z / 2.0));
  }
  std::vector<HallPoint> out;
  out.reserve(at.size());
  const auto last = static_cast<std::ptrdiff_t>(at.size()) - 1;
  for (std::ptrdiff_t i = 0; i <= last; ++i) {
    HallVec sum;
    double total = 0.0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
      const double w = weight[static_cast<std::size_t>(k + reach)];
      sum = sum + (at[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i + k, 0, last))] - HallPoint{}) * w;
      total += w;
    }
    out.push_back(HallPoint{} + sum * (1.0 / total));
  }
  return out;
}

struct Between {
  std::size_t index;
  double part;
};
Between between(double arc_m, std::size_t size) {
  const double steps = std::clamp(arc_m / FilmPath::kStep_m, 0.0, static_cast<double>(size - 1));
  const std::size_t index = std::min(static_cast<std::size_t>(steps), size - 2);
  return {index, steps - static_cast<double>(index)};
}

}  // namespace

HallPoint FilmPath::at_arc(double arc_m) const {
  const Between b = between(arc_m, at.size());
  return at[b.index] + (at[b.index + 1] - at[b.index]) * b.part;
}

double FilmPath::clock_at_arc(double arc_m) const {
  const Between b = between(arc_m, at.size());
  return clock_s[b.index] + (clock_s[b.index + 1] - clock_s[b.index]) * b.part;
}

double FilmPath::arc_at_clock(double clock) const {
  const auto after = std::ranges::upper_bound(clock_s, clock);
  if (after == clock_s.begin()) return 0.0;
  if (after == clock_s.end()) return kStep_m * static_cast<double>(clock_s.size() - 1);
  const auto index = static_cast<std::size_t>(after - clock_s.begin()) - 1;
  return kStep_m * (static_cast<double>(index) + (clock - clock_s[index]) / (clock_s[index + 1] - clock_s[index]));
}

FilmPath film_of(const Walk& walk) {
  PROMENADE_ASSERT(walk.at.size() > 1);
  const std::vector<HallPoint> even = smoothed(walk.at);
  FilmPath film;
  double arc_m = 0.0;
  film.at.push_back(even[0]);
  film.clock_s.push_back(0.0);
  for (std::size_t i = 1; i < even.size(); ++i) {
    const double step_m = distance(even[i - 1], even[i]);
    for (double next = FilmPath::kStep_m * static_cast<double>(film.at.size()); next <= arc_m + step_m && step_m > 0.0;
         next = FilmPath::kStep_m * static_cast<double>(film.at.size())) {
      const double part = (next - arc_m) / step_m;
      film.at.push_back(even[i - 1] + (even[i] - even[i - 1]) * part);
      film.clock_s.push_back((static_cast<double>(i - 1) + part) / kReplayRate_hz);
    }
    arc_m += step_m;
  }
  PROMENADE_ASSERT(film.at.size() > 2);
  for (std::size_t i = 0; i < film.at.size(); ++i) {
    const HallVec along = film.at[std::min(i + 1, film.at.size() - 1)] - film.at[i > 0 ? i - 1 : 0];
    film.heading.push_back(along * (1.0 / std::max(1e-9, length(along))));
  }
  return film;
}

std::vector<double> arcs_along(const FilmPath& film, const Walk& viewer) {
  const std::size_t places = film.at.size();
  std::vector<double> cost(places, kFar);
  std::vector<double> before(places);
  std::fill_n(cost.begin(), std::min(places, static_cast<std::size_t>(kBegin_m / FilmPath::kStep_m)), 0.0);
  std::vector<double> arcs;
  arcs.reserve(viewer.at.size());
  for (std::size_t i = 0; i < viewer.at.size(); ++i) {
    if (i % kEvery != 0) {
      arcs.push_back(arcs.back());
      continue;
    }
    const double speed = length(viewer.velocity[i]);
    const HallVec heading = viewer.velocity[i] * (1.0 / std::max(1e-6, speed));
    const double heading_weight = kHeadingWeight * std::min(1.0, speed / kWalking_mps);
    const double steps = speed * static_cast<double>(kEvery) / kReplayRate_hz / FilmPath::kStep_m;
    std::swap(cost, before);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t place = 0; place < places; ++place) {
      double best = kFar;
      for (std::size_t step = 0; step <= std::min(kStepsMax, place); ++step) {
        const double odd = static_cast<double>(step) - steps;
        best = std::min(best, before[place - step] + kSpeedWeight * odd * odd);
      }
      const HallVec off = viewer.at[i] - film.at[place];
      const double near = std::min(dot(off, off), kDistanceMax_m * kDistanceMax_m);
      const double turned = heading_weight * (1.0 - dot(film.heading[place], heading));
      cost[place] = std::min(kFar, best + (near + turned) * static_cast<double>(kEvery) / kReplayRate_hz);
      least = std::min(least, cost[place]);
    }
    for (double& c : cost) c -= least;  // so that a long walk loses no digits
    arcs.push_back(FilmPath::kStep_m * static_cast<double>(std::ranges::min_element(cost) - cost.begin()));
  }
  return arcs;
}

std::vector<tracking::PlanAhead> aheads_along(const FilmPath& film, const Walk& viewer) {
  const std::vector<double> arcs = arcs_along(film, viewer);
  const std::size_t window = samples_in(kRateWindow_s);
  std::vector<tracking::PlanAhead> aheads;
  aheads.reserve(arcs.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    const double clock = film.clock_at_arc(arcs[i]);
    const std::size_t back = i - std::min(i, window);
    const double kept = i > back ? (clock - film.clock_at_arc(arcs[back])) / (static_cast<double>(i - back) / kReplayRate_hz) : 1.0;
    const double rate = std::clamp(kept, kRateMin, kRateMax);
    const double speed = length(viewer.velocity[i]);
    const auto after = [&](double seconds) {
      return film.at_arc((arcs[i] + speed * seconds + film.arc_at_clock(clock + rate * seconds)) / 2.0);
    };
    aheads.push_back({film.at_arc(arcs[i]), after(1.0), after(2.0)});
  }
  return aheads;
}

std::vector<Viewing> viewings_of(const std::vector<Walk>& walks) {
  std::vector<Viewing> viewings;
  for (const Walk& author : walks) {
    const FilmPath film = film_of(author);
    for (const Walk& viewer : walks) {
      if (viewer.task != author.task || viewer.way != author.way || viewer.user == author.user) continue;
      auto aheads = aheads_along(film, viewer);
      std::size_t near = 0;
      for (std::size_t i = 0; i < aheads.size(); ++i) near += distance(viewer.at[i], aheads[i].now) < kNear_m ? 1 : 0;
      if (static_cast<double>(near) < kNearShare * static_cast<double>(aheads.size())) continue;
      viewings.push_back({&author, &viewer, std::move(aheads)});
    }
  }
  return viewings;
}

}  // namespace promenade::bench
