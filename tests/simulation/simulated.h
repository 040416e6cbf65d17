#pragma once
// What the simulations share: days on the sample venue with the sample films, and what must hold on each of them.

#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_report.h"
#include "showcontrol/rehearsal/house.h"
#include "tracking/venue.h"

namespace promenade::simulation {

bool long_form();  // PROMENADE_LONG=1

// The seeds from `first` to `last`; PROMENADE_SEED=n: that one alone, and who is where goes to standard error.
std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t last);

// The sample venue; scenes as long as in the packages times `film_scale` (0: visits of about 12 minutes).
rehearsal::DayOptions sample_day(double film_scale);
rehearsal::DayResult run(rehearsal::DayOptions options, const rehearsal::DayWatch& watch = {});

// The ways in and out that headsets were told, as the crow walks them: how near they come to walls and columns. Pieces
// that begin or end nearer than the margin (where somebody stood, at a door) are left out.
class WaysTold {
 public:
  explicit WaysTold(const tracking::Venue& venue) : venue_(venue) {}
  void look(const rehearsal::House& house);
  double nearest_m() const { return nearest_m_; }
  std::size_t plays() const { return seen_.size(); }

 private:
  const tracking::Venue& venue_;
  std::set<base::PlayId> seen_;
  double nearest_m_ = std::numeric_limits<double>::infinity();
};

// Every play in the ledger exactly once, chain and rebuild right, no gate passed without authority, nobody left
// behind or kept waiting for ever, the four counts agreeing or explained, nothing refused. Checks with Catch2.
// check_end: the part that holds of a day with an evacuation in it as well.
void check_end(const rehearsal::DayResult& day);
void check_day(const rehearsal::DayResult& day, double wait_most_s);

}  // namespace promenade::simulation
