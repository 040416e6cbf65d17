#include "runtime/headset/story.h"

#include <algorithm>

namespace promenade::headset {

const client::Film* find_film(const client::FilmShelf& shelf, const base::FilmId& film) {
  const auto found = std::ranges::find(shelf, film, [](const client::Film& each) { return each.manifest.film; });
  return found == shelf.end() ? nullptr : &*found;
}

std::optional<film::Moment> moment_of(const client::View& view, const package::Manifest& film, double ahead_s) {
  const bool on_leg = view.screen == client::Screen::leg;
  if (!view.play || (view.screen != client::Screen::film && !on_leg)) return std::nullopt;
  std::vector<std::uint8_t> taken;
  for (const protocol::WayOrder& way : view.ways) taken.push_back(way.way);
  const std::vector<std::uint32_t> scenes = film.route ? package::scenes_by(*film.route, taken) : std::vector<std::uint32_t>{0};
  const int scene = static_cast<int>(view.block) - static_cast<int>(view.play->way_in_stops.size()) + view.first_scene - (on_leg ? 1 : 0);
  if (scene < 0 || static_cast<std::size_t>(scene) >= scenes.size()) return std::nullopt;
  return film::Moment{scenes[static_cast<std::size_t>(scene)], view.scene_time_s + (view.film_running ? ahead_s : 0.0), on_leg};
}

double nominal_play_s(const package::Manifest& film, const film::Moment& moment) {
  if (!film.route) return moment.time_s;
  double before = 0.0;
  const auto routes = package::complete_routes(*film.route);
  const auto by = std::ranges::find_if(routes, [&](const auto& scenes) { return std::ranges::contains(scenes, moment.scene); });
  for (std::size_t i = 0; by != routes.end() && (*by)[i] != moment.scene; ++i) {
    before += film.route->scenes[(*by)[i]].dwell_s + package::leg_length_m(*film.route, (*by)[i], (*by)[i + 1]) / film.route->walk_speed_mps;
  }
  const double dwell = film.route->scenes[moment.scene].dwell_s;
  return before + (moment.on_leg ? dwell + moment.time_s : std::min(moment.time_s, dwell));
}

}  // namespace promenade::headset
