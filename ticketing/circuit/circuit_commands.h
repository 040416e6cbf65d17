#pragma once
// The commands of promenade-circuit that work on its database: venues, collecting, quarantine. Each prints what it did and gives
// its result; main turns errors into exit codes.

#include <functional>
#include <string>
#include <vector>

#include "tracking/base/result.h"

namespace CLI {
class App;
}

namespace promenade::ticketing::circuit {

struct CircuitCommand {
  CLI::App* command = nullptr;
  std::function<base::Result<void>()> run;
};

// Adds them to APP; the options live in what is returned.
std::vector<CircuitCommand> add_circuit_commands(CLI::App& app);

}  // namespace promenade::ticketing::circuit
