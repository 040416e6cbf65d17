#pragma once
// The halls in which safety is measured: a venue file at a separation, with the limits that it allows, and walking films
// from a planning case or from a folder of packages. Throws std::runtime_error on unusable input.

#include <string>

#include "tests/bench/safety_hall.h"

namespace promenade::bench::safety {

// `films`: a planning case file (*.json), or a folder of film packages. Walkers keep to their plan by `sigma_m`.
Setting make_setting(const std::string& venue_path, const std::string& films, double separation_m, double sigma_m);
// The same of a hall and routes that are at hand.
Setting make_setting(tracking::Venue venue, const std::vector<package::Route>& routes, double separation_m, double sigma_m);

}  // namespace promenade::bench::safety
