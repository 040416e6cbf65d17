#pragma once
// `promenade-plan week`: reads venue, films and expected demand, tells what the hall carries of it.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "showcontrol/planning/week.h"

namespace promenade::planning {

struct WeekOptions {
  std::string venue;
  std::string films;
  std::string demand;
  WeekHouse house;
  int headsets = 0;  // 0: as many as the venue says
  bool json = false;
  std::uint64_t seed = 1;
};

CLI::App* add_week_command(CLI::App& app, WeekOptions& options);
// Exit code 0: everybody who comes begins a film; 1: some do not; 2: unusable input.
int week(const WeekOptions& options);

}  // namespace promenade::planning
