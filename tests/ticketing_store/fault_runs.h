#pragma once
// One seeded run of a box office that loses its power or is killed, and what must hold afterwards. Shared by the short test
// and the long one.

#include <cstdint>
#include <string>

#include "ticketing/store/ledger.h"

namespace promenade::ticketing::store::test {

// Works as a counter, a hall and a manager do until the power goes at an operation that SEED picks; for half of the seeds
// it goes once more while the ledger is opened again. Empty where then every acknowledged answer is given again, every
// acknowledged checkpoint is of the ledger, the chain is whole and the tables rebuild; else what does not hold.
std::string cut_power_once(std::uint64_t seed, Synchronous synchronous);

// The same work by a child process on the real file system, killed with SIGKILL at a moment that SEED picks.
std::string kill_once(std::uint64_t seed);

}  // namespace promenade::ticketing::store::test
