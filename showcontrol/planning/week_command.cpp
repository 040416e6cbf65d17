#include "showcontrol/planning/week_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "content-tools/package/package_file.h"
#include "showcontrol/planning/demand.h"
#include "showcontrol/planning/hall_floor.h"
#include "showcontrol/planning/week_demand.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::planning {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kAllBegin = 0;
constexpr int kSomeDoNot = 1;
constexpr int kWeekUnusable = 2;
constexpr const char* kLimitWords[kLimits] = {"nothing", "fitting", "headsets", "chairs", "floor"};
constexpr double kSeatHold_s = 60.0, kSeatedHolds_s = 120.0;  // in the chair after the film, and on the way out, as the hall allows

struct Ceilings {  // viewers an hour, each as if nothing else limited
  double fitting = 0.0;
  double floor = 0.0;    // walking films, in the proportions in which the week wishes for them
  double floor_at_once = 0.0;
};

bool wished(const std::vector<DayDemand>& days, const base::FilmId& film) {
  return std::ranges::any_of(days, [&](const DayDemand& day) { return day.viewers_per_hour.contains(film); });
}

double in_a_week(const std::vector<DayDemand>& days, const base::FilmId& film) {
  double sum = 0.0;
  for (const DayDemand& day : days) {
    const auto found = day.viewers_per_hour.find(film);
    if (found == day.viewers_per_hour.end()) continue;
    for (const double one : found->second) sum += day.times * one;
  }
  return sum;
}

std::vector<WeekFilm> films_of(const package::FilmFolder& folder, const std::vector<DayDemand>& days) {
  std::vector<WeekFilm> films;
  for (const package::FilmFolder::Film& one : folder.films) {
    if (!wished(days, one.manifest.film)) continue;
    WeekFilm film{one.manifest.film, {}, !one.manifest.route};
    if (one.manifest.route) {
      film.route = *one.manifest.route;
    } else {
      film.route.scenes.push_back({"seat", {}, one.manifest.place ? one.manifest.place->radius_m : 0.6, one.manifest.length_s, kSeatHold_s});
      film.route.hold_total_max_s = kSeatedHolds_s;
    }
    films.push_back(std::move(film));
  }
  return films;
}

// Films that the demand names and the folder lacks.
base::Findings missing(const std::vector<DayDemand>& days, const std::vector<WeekFilm>& films, bool chairs, const std::string& file) {
  base::Findings findings;
  std::set<base::FilmId> told;
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (const auto& [code, hours] : days[i].viewers_per_hour) {
      const auto found = std::ranges::find(films, code, &WeekFilm::film);
      if ((found != films.end() && (chairs || !found->seated)) || !told.insert(code).second) continue;
      const std::string key = base::formatted("days[{}].viewers_per_hour.\"{}\"", i, code.value());
      if (found == films.end()) findings.push_back({base::Severity::error, "film-unknown", file, 0, key, "No package of the folder is this film.", "Add its package, or take it out."});
      else findings.push_back({base::Severity::error, "film-without-chair", file, 0, key, "The film is seated, and the venue has no chair.", "Add a chair to the venue, or take it out."});
    }
  }
  return findings;
}

Ceilings ceilings(const Planner& planner, const FitWays& ways, const std::vector<WeekFilm>& films, const std::vector<DayDemand>& days, const WeekOptions& options) {
  Ceilings found;
  found.fitting = options.house.fitters * 3600.0 / options.house.fit_s;
  std::vector<DemandFilm> walking;
  for (const WeekFilm& film : films) {
    const double often = in_a_week(days, film.film);
    if (!film.seated && often > 0.0) walking.push_back({film.film, film.route, often});
  }
  if (walking.empty()) return found;
  DemandSetting setting;
  setting.hours = 1.0;
  setting.seed = options.seed;
  const Carried all = carried(planner, ways, walking, setting).all;
  found.floor = all.viewers_per_hour;
  found.floor_at_once = all.at_once;
  return found;
}

// How many hours of the week each of the limits was the limit of.
std::array<int, kLimits> hours_limited(const std::vector<DayDemand>& days, const std::vector<DayCarried>& carried_days) {
  std::array<int, kLimits> hours{};
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (const HourCarried& hour : carried_days[i].hours) hours[static_cast<std::size_t>(hour.limit)] += days[i].times;
  }
  return hours;
}

// Of an hour in which more come than go in.
const char* full_hour_limit(const Ceilings& most) { return kLimitWords[static_cast<std::size_t>(most.floor > 0.0 && most.floor < most.fitting ? Limit::floor : Limit::fitting)]; }

void print(const std::vector<DayDemand>& days, const std::vector<DayCarried>& carried_days, const WeekHouse& house, const Ceilings& most) {
  std::printf("%d fitters, %.0f s a viewer: %.0f viewers an hour at most; %d headsets, each back %.0f s after its viewer; %zu chairs\n", house.fitters, house.fit_s, most.fitting,
              house.headsets, house.clean_s, house.seats.size());
  if (most.floor > 0.0) std::printf("floor, always somebody waiting: %.0f viewers of these walking films an hour, %.1f at once\n", most.floor, most.floor_at_once);
  if (most.floor > 0.0) std::printf("of the two %s limits an hour in which walking viewers always wait\n", full_hour_limit(most));
  int come = 0, begin = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    std::printf("\n%s (%d in a week): %d come, %d begin\n  hour    come  begin   wait s (mean, p95)   waiting   limit\n", days[i].name.c_str(), days[i].times, carried_days[i].come, carried_days[i].begin);
    for (const HourCarried& hour : carried_days[i].hours) {
      std::printf("  %02d:00  %5d  %5d   %6.0f  %6.0f       %5d     %s\n", hour.hour % 24, hour.come, hour.begin, hour.wait_mean_s, hour.wait_p95_s, hour.waiting, kLimitWords[static_cast<std::size_t>(hour.limit)]);
    }
    come += days[i].times * carried_days[i].come;
    begin += days[i].times * carried_days[i].begin;
  }
  std::printf("\nweek: %d come, %d begin a film; hours by their limit:", come, begin);
  const std::array<int, kLimits> hours = hours_limited(days, carried_days);
  for (std::size_t i = 0; i < kLimits; ++i) std::printf(" %s %d%s", kLimitWords[i], hours[i], i + 1 < kLimits ? "," : "\n");
  std::printf("Everybody walks exactly to plan here, and nobody gives up: people carry it less far (promenade rehearse day).\n");
}

void print_json(const std::vector<DayDemand>& days, const std::vector<DayCarried>& carried_days, const WeekHouse& house, const Ceilings& most) {
  Json json{{"fitters", house.fitters}, {"fit_s", house.fit_s}, {"headsets", house.headsets}, {"clean_s", house.clean_s}, {"chairs", house.seats.size()},
            {"fitting_viewers_per_hour", most.fitting}, {"floor_viewers_per_hour", most.floor}, {"floor_at_once", most.floor_at_once}, {"full_hour_limit", full_hour_limit(most)}, {"hours_by_limit", Json::object()}, {"days", Json::array()}};
  const std::array<int, kLimits> limited = hours_limited(days, carried_days);
  for (std::size_t k = 0; k < kLimits; ++k) json["hours_by_limit"][kLimitWords[k]] = limited[k];
  for (std::size_t i = 0; i < days.size(); ++i) {
    Json hours = Json::array();
    for (const HourCarried& hour : carried_days[i].hours) {
      Json waited = Json::object();
      for (std::size_t k = 1; k < kLimits; ++k) waited[kLimitWords[k]] = hour.waited_s[k];
      hours.push_back({{"hour", hour.hour}, {"come", hour.come}, {"begin", hour.begin}, {"wait_mean_s", hour.wait_mean_s}, {"wait_p95_s", hour.wait_p95_s}, {"waiting", hour.waiting},
                       {"waited_s", std::move(waited)}, {"limit", kLimitWords[static_cast<std::size_t>(hour.limit)]}});
    }
    json["days"].push_back({{"name", days[i].name}, {"times", days[i].times}, {"come", carried_days[i].come}, {"begin", carried_days[i].begin}, {"hours", std::move(hours)}});
  }
  std::printf("%s\n", json.dump().c_str());
}

}  // namespace

CLI::App* add_week_command(CLI::App& app, WeekOptions& options) {
  CLI::App* command = app.add_subcommand("week", "What a hall carries of an expected demand, hour by hour, and what limits it");
  command->add_option("--venue", options.venue, "Venue file (venue.toml)")->required();
  command->add_option("--films", options.films, "Folder of film packages")->required();
  command->add_option("--demand", options.demand, "Expected viewers an hour, by film and kind of day (promenade-demand/1)")->required();
  command->add_option("--fitters", options.house.fitters, "Attendants who fit headsets at the same time")->check(CLI::Range(1, 50))->capture_default_str();
  command->add_option("--fit-s", options.house.fit_s, "Seconds that one of them needs for a viewer (default: as rehearsals assume)")->check(CLI::Range(1.0, 1800.0))->capture_default_str();
  command->add_option("--clean-s", options.house.clean_s, "Seconds from a viewer's leaving until his headset may be given to another (default: as rehearsals assume)")->check(CLI::Range(0.0, 3600.0))->capture_default_str();
  command->add_option("--headsets", options.headsets, "Headsets in use (default: the venue's capacity.viewers)")->check(CLI::Range(1, 1000));
  command->add_option("--seed", options.seed, "Seed of who comes when, and of the planner")->capture_default_str();
  command->add_flag("--json", options.json, "Print one JSON object");
  return command;
}

int week(const WeekOptions& asked) {
  WeekOptions options = asked;
  const auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::fputs(base::to_string(venue.error()).c_str(), stderr);
    return kWeekUnusable;
  }
  const auto days = load_demand(options.demand);
  if (!days) {
    std::fputs(base::to_string(days.error()).c_str(), stderr);
    return kWeekUnusable;
  }
  const auto folder = package::load_film_folder(options.films);
  if (!folder || base::has_errors(folder->findings)) {
    std::fputs((folder ? base::to_string(folder->findings) : folder.error().text() + "\n").c_str(), stderr);
    return kWeekUnusable;
  }
  const std::vector<WeekFilm> films = films_of(*folder, *days);
  const base::Findings lacking = missing(*days, films, !venue->seats.empty(), options.demand);
  if (!lacking.empty()) {
    std::fputs(base::to_string(lacking).c_str(), stderr);
    return kWeekUnusable;
  }
  options.house.headsets = options.headsets > 0 ? options.headsets : venue->capacity.viewers;
  for (const tracking::Seat& seat : venue->seats) options.house.seats.push_back(seat.at);
  const Planner planner(hall_floor(*venue));
  FitWays ways{launch_points(*venue), venue->exit.at};
  if (ways.enter_from.empty()) ways.enter_from.push_back(venue->entrance.at);
  std::vector<DayCarried> carried_days;
  bool all = true;
  for (const DayDemand& day : *days) {
    carried_days.push_back(carried_day(planner, ways, films, options.house, day, options.seed));
    all = all && carried_days.back().begin == carried_days.back().come;
  }
  const Ceilings most = ceilings(planner, ways, films, *days, options);
  if (options.json) print_json(*days, carried_days, options.house, most);
  else print(*days, carried_days, options.house, most);
  return all ? kAllBegin : kSomeDoNot;
}

}  // namespace promenade::planning
