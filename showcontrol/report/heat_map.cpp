#include "showcontrol/report/heat_map.h"

#include <algorithm>

namespace promenade::report {

std::vector<Mark> hall_marks(const std::vector<NearMissRecord>& records, const Filter& filter) {
  std::vector<Mark> marks;
  for (const NearMissRecord& one : records) {
    if (!passes(filter, one) || one.people.empty()) continue;
    Place at{one.people.front().x_m, one.people.front().y_m};
    if (one.people.size() > 1) at = {(at.x + one.people[1].x_m) / 2.0, (at.y + one.people[1].y_m) / 2.0};
    marks.push_back({at, is_wall(one.kind), is_contact(one.kind)});
  }
  return marks;
}

std::vector<Mark> film_marks(const std::vector<NearMissRecord>& records, const Filter& filter, const std::string& film, const std::string& package) {
  std::vector<Mark> marks;
  for (const NearMissRecord& one : records) {
    if (!passes(filter, one)) continue;
    for (const NearMissPerson& who : one.people) {
      if (who.film != film || who.package != package || (who.part != "scene" && who.part != "leg") || !who.film_x_m || !who.film_y_m) continue;
      marks.push_back({{*who.film_x_m, *who.film_y_m}, is_wall(one.kind), is_contact(one.kind)});
    }
  }
  return marks;
}

}  // namespace promenade::report
