#include "tests/bench/branch_case.h"

#include <algorithm>

#include "tracking/base/random.h"

namespace promenade::bench {
namespace {

constexpr std::uint32_t kLeastBetween = 3;  // scenes from one choice to the next
constexpr double kChoose_s = 5.0;

void divide(package::Route& route, base::Random random) {
  const double before_s = package::nominal_length_s(route);
  const auto count = static_cast<std::uint32_t>(route.scenes.size());
  std::uint64_t choices = 1 + random.below(3);
  for (std::uint32_t at = 1 + static_cast<std::uint32_t>(random.below(4)); at + 3 < count && choices > 0; --choices) {
    package::Scene& scene = route.scenes[at];
    scene.next = std::vector<package::Next>{package::Next{at + 1}, package::Next{at + 2}};
    scene.choose_s = std::min(kChoose_s, scene.dwell_s);
    if (random.chance(0.6)) route.scenes[at + 1].next = std::vector<package::Next>{package::Next{at + 3}};  // either of two
    at += kLeastBetween + static_cast<std::uint32_t>(random.below(4));
  }
  double played_s = 0.0;
  for (const std::uint32_t one : package::default_scenes(route)) played_s += route.scenes[one].dwell_s;
  const double factor = 1.0 + (before_s - package::nominal_length_s(route)) / played_s;
  for (package::Scene& scene : route.scenes) scene.dwell_s *= factor;
}

}  // namespace

PlanningCase with_choices(PlanningCase planning_case, double share, std::uint64_t seed) {
  base::Random random = base::Random(seed).fork("choices");
  for (CaseFilm& film : planning_case.films) {
    const base::Random own = random.fork(film.id.value());
    if (random.chance(share)) divide(film.route, own);
  }
  return planning_case;
}

PlanningCase without_choices(PlanningCase planning_case) {
  for (CaseFilm& film : planning_case.films) film.route = package::along(film.route, package::default_scenes(film.route));
  return planning_case;
}

}  // namespace promenade::bench
