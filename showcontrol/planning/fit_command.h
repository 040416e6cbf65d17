#pragma once
// `promenade-plan fit`: reads venue and films, tells what `fit_film` finds, draws it.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace promenade::planning {

struct FitOptions {
  std::string film;
  std::string venue;
  std::vector<std::string> with;  // folders of packages, and packages
  std::string svg;
  std::string png;
  bool json = false;
  double hours = 2.0;
  std::uint64_t seed = 1;
};

CLI::App* add_fit_command(CLI::App& app, FitOptions& options);
// Exit code 0: it fits; 1: it does not; 2: unusable input.
int fit(const FitOptions& options);

}  // namespace promenade::planning
