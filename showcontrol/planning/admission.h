#pragma once
// Whose turn it is to be planned: longest wait first, or those of one film together as long as they have not waited long,
// and room kept for whoever has waited too long.
// Pure; hall time in seconds.

#include <vector>

#include "tracking/base/id.h"

namespace promenade::planning {

struct Waiting {
  base::PlayId play;
  base::FilmId film;
  double joined_s = 0.0;
};

struct AdmissionRules {
  double keep_room_after_s = 300.0;  // from this wait on, the oldest goes before everybody
  // Behind all who have waited so long come films of which most wait, each with all of its own: fellows can be laid beside
  // each other.
  double patience_s = 0.0;
};

struct Admission {
  std::vector<base::PlayId> order;  // whom to try to plan now, first to last
  // Set when the oldest has waited beyond the limit: nobody else is planned before this one is, so that nobody starves.
  base::PlayId room_kept_for;
};
Admission admission_order(std::vector<Waiting> waiting, double now_s, const AdmissionRules& rules = {});

}  // namespace promenade::planning
