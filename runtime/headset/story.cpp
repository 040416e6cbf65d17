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
  const int scene = static_cast<int>(view.block) - static_cast<int>(view.play->way_in_stops.size()) + view.first_scene - (on_leg ? 1 : 0);
  if (scene < 0 || static_cast<std::size_t>(scene) >= film.scene_count()) return std::nullopt;
  return film::Moment{static_cast<std::uint32_t>(scene), view.scene_time_s + (view.film_running ? ahead_s : 0.0), on_leg};
}

double nominal_play_s(const package::Manifest& film, const film::Moment& moment) {
  if (!film.route) return moment.time_s;
  double before = 0.0;
  for (std::size_t scene = 0; scene < moment.scene; ++scene) {
    before += film.route->scenes[scene].dwell_s + package::leg_length_m(*film.route, scene) / film.route->walk_speed_mps;
  }
  const double dwell = film.route->scenes[moment.scene].dwell_s;
  return before + (moment.on_leg ? dwell + moment.time_s : std::min(moment.time_s, dwell));
}

}  // namespace promenade::headset
