#include "showcontrol/planning/admission.h"

#include <algorithm>
#include <tuple>

namespace promenade::planning {

Admission admission_order(std::vector<Waiting> waiting, double now_s, const AdmissionRules& rules) {
  std::ranges::sort(waiting, [](const Waiting& a, const Waiting& b) {
    return std::tie(a.joined_s, a.play) < std::tie(b.joined_s, b.play);
  });
  Admission admission;
  if (!waiting.empty() && now_s - waiting.front().joined_s >= rules.keep_room_after_s) {
    admission.room_kept_for = waiting.front().play;
  }
  const auto patient = std::ranges::find_if(waiting, [&](const Waiting& one) { return now_s - one.joined_s < rules.patience_s; });
  const std::vector<Waiting> all = waiting;
  const auto of_film = [&](const Waiting& one) { return std::ranges::count(all, one.film, &Waiting::film); };
  std::stable_sort(patient, waiting.end(), [&](const Waiting& a, const Waiting& b) {
    const auto a_wanted = of_film(a), b_wanted = of_film(b);
    return a_wanted != b_wanted ? a_wanted > b_wanted : a.film < b.film;
  });
  for (const Waiting& one : waiting) admission.order.push_back(one.play);
  return admission;
}

}  // namespace promenade::planning
