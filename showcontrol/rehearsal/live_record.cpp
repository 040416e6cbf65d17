#include "showcontrol/rehearsal/live_record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace promenade::rehearsal {
namespace {

constexpr double kTrackEvery = 0.2;  // s
constexpr int kFullViewers = 12;
constexpr int kFullSeated = 3;
constexpr std::size_t kFullFilms = 6;

double tenth(double value) { return std::round(value * 10.0) / 10.0; }

double quantile(std::vector<double> values, double q) {  // nearest rank below; 0 without values
  if (values.empty()) return 0.0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

}  // namespace

Record::Record(const client::FilmShelf& films) {
  for (const client::Film& film : films) {
    if (film.manifest.kind == package::FilmKind::seated) seated_films_.insert(film.manifest.film);
  }
}

void Record::look(const House& house, double now_s) {
  under_way_ = walkers_ = seated_ = 0;
  std::set<base::FilmId> walking_films, watched_films;
  int walkers_under_way = 0;
  const bool draw = now_s >= next_track_s_;
  for (const Sight& sight : house.sights()) {
    if (sight.attendant || !sight.on_floor) continue;
    const bool sits = seated_films_.contains(sight.film);
    ++under_way_;
    if (!sits) {
      ++walkers_under_way;
      walking_films.insert(sight.film);
    }
    if (sight.in_film) {
      (sits ? seated_ : walkers_) += 1;
      if (!sits) watched_films.insert(sight.film);
    }
    if (draw) track(sight, sits, now_s);
  }
  if (draw) next_track_s_ = now_s + kTrackEvery;
  for (const auto& visitor : house.visitors()) {
    if (const auto found = plays_.find(visitor->plan().number); found != plays_.end() && visitor->completed()) found->second.completed = true;
  }
  walkers_max_ = std::max(walkers_max_, walkers_under_way);
  seated_max_ = std::max(seated_max_, seated_);
  watching_max_ = std::max(watching_max_, walkers_ + seated_);
  under_way_max_ = std::max(under_way_max_, under_way_);
  films_max_ = std::max(films_max_, static_cast<int>(walking_films.size()));
  watched_max_ = std::max(watched_max_, static_cast<int>(watched_films.size()));
  if (under_way_ >= kFullViewers && seated_ >= kFullSeated && walking_films.size() >= kFullFilms) full_s_ += now_s - last_s_;
  last_s_ = now_s;
}

void Record::track(const Sight& sight, bool sits, double now_s) {
  PlayTrack& play = plays_[sight.number];
  play.viewer = sight.number;
  play.seated = sits;
  play.film = sight.film;
  play.points.push_back({now_s, sight.at});
}

Tracks Record::tracks(double seconds) const {
  Tracks out;
  out.seconds = seconds;
  for (const auto& [number, play] : plays_) out.plays.push_back(play);
  std::ranges::sort(out.plays, {}, &PlayTrack::begin_s);
  return out;
}

nlohmann::json Record::report(const House& house, double seconds) const {
  const Tally& tally = house.tally();
  std::vector<double> waits;
  for (const VisitTimes& times : house.visits_done()) {
    if (times.chosen_s >= 0.0 && times.started_s >= 0.0) waits.push_back(times.started_s - times.chosen_s);
  }
  nlohmann::json visits = nlohmann::json::array();
  for (const VisitTimes& times : house.visits_done()) {
    visits.push_back({{"entered_s", tenth(times.entered_s)}, {"bound_s", tenth(times.bound_s)}, {"fitted_s", tenth(times.fitted_s)}, {"chosen_s", tenth(times.chosen_s)},
                      {"led_in_s", tenth(times.led_in_s)}, {"started_s", tenth(times.started_s)}, {"ended_s", tenth(times.ended_s)}, {"left_s", tenth(times.left_s)}});
  }
  nlohmann::json levels;
  constexpr std::array kLevels = {"clear", "warn", "pause", "stop", "evacuate"};
  for (std::size_t i = 0; i < kLevels.size(); ++i) levels[kLevels[i]] = tenth(tally.level_s[i]);
  return {{"seconds", tenth(seconds)},
          {"viewers", tally.visitors},
          {"viewers_at_once_max", under_way_max_},
          {"watching_at_once_max", watching_max_},
          {"walking_films_at_once_max", films_max_},
          {"walking_films_watched_at_once_max", watched_max_},
          {"walkers_at_once_max", walkers_max_},
          {"seated_at_once_max", seated_max_},
          {"full_seconds", tenth(full_s_)},
          {"plays_started", tally.started},
          {"plays_completed", tally.completed},
          {"contacts", house.world().contacts().size()},
          {"wall_contacts", house.world().wall_contacts().size()},
          {"near_misses", house.world().near_misses().size()},
          {"viewer_seconds", std::round(house.world().viewer_seconds())},
          {"safety_level_seconds", levels},
          {"wait_s", {{"p50", tenth(quantile(waits, 0.5))}, {"p95", tenth(quantile(waits, 0.95))}, {"samples", waits.size()}}},
          {"visits", visits},
          {"bodies_true", tally.bodies},
          {"sold", tally.sold},
          {"comps", tally.comps},
          {"refunded", tally.refunded},
          {"no_shows", tally.no_shows},
          {"turned_away", tally.turned_away},
          {"evacuation", {{"fetched", tally.fetched}, {"counted_out", tally.counted_out}, {"resumed", tally.resumed}, {"brought_back", tally.brought_back},
                          {"rebooked", tally.rebooked}, {"paid_back", tally.paid_back}}},
          {"gates_passed", tally.gates_passed},
          {"gates_passed_without_authority", tally.gates_passed_without_authority}};
}

}  // namespace promenade::rehearsal
