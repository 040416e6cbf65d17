#pragma once
// What the simulations share: days on the sample venue with the sample films, and what must hold on each of them.

#include <cstdint>
#include <vector>

#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_report.h"

namespace promenade::simulation {

bool long_form();  // PROMENADE_LONG=1

// The seeds from `first` to `last`; PROMENADE_SEED=n: that one alone, and who is where goes to standard error.
std::vector<std::uint64_t> seeds(std::uint64_t first, std::uint64_t last);

// The sample venue; scenes as long as in the packages times `film_scale` (0: visits of about 12 minutes).
rehearsal::DayOptions sample_day(double film_scale);
rehearsal::DayResult run(rehearsal::DayOptions options, const rehearsal::DayWatch& watch = {});

// Every play in the ledger exactly once, chain and rebuild right, no gate passed without authority, nobody left
// behind or kept waiting for ever, the four counts agreeing or explained, nothing refused. Checks with Catch2.
void check_day(const rehearsal::DayResult& day, double wait_most_s);

}  // namespace promenade::simulation
