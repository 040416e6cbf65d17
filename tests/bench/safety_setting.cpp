#include "tests/bench/safety_setting.h"

#include <stdexcept>

#include "content-tools/package/package_file.h"
#include "tests/bench/planning_case.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::bench::safety {

Setting make_setting(tracking::Venue venue, const std::vector<package::Route>& routes, double separation_m, double sigma_m) {
  Setting setting;
  setting.name = base::formatted("{:.1f} m, σ {:.2f} m", separation_m, sigma_m);
  setting.venue = std::move(venue);
  setting.venue.separation_m = separation_m;
  setting.venue.safety = tracking::tied_to(setting.venue.safety, separation_m);
  setting.walker.sigma_m = sigma_m;
  for (const package::Route& route : routes) {
    hall::Film film;
    film.manifest.film = base::FilmId(base::formatted("film-{}", setting.films.size() + 1));
    film.manifest.kind = package::FilmKind::walking;
    film.manifest.route = route;
    film.manifest.route->group_max = 2;  // for a child and his adult
    setting.shelf.push_back({film.manifest, film.package_hash});
    setting.films.push_back(std::move(film));
  }
  return setting;
}

Setting make_setting(const std::string& venue_path, const std::string& films, double separation_m, double sigma_m) {
  const auto venue = tracking::load_venue(venue_path);
  if (!venue) throw std::runtime_error(base::to_string(venue.error()));
  std::vector<package::Route> routes;
  if (films.ends_with(".json")) {
    for (const CaseFilm& film : read_case(films).films) routes.push_back(film.route);
  } else {
    const auto folder = package::load_film_folder(films);
    if (!folder) throw std::runtime_error(folder.error().text());
    for (const package::FilmFolder::Film& film : folder->films) {
      if (film.manifest.route) routes.push_back(*film.manifest.route);
    }
  }
  if (routes.empty()) throw std::runtime_error(base::formatted("{}: no walking film", films));
  return make_setting(*venue, routes, separation_m, sigma_m);
}

}  // namespace promenade::bench::safety
