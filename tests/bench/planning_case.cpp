#include "tests/bench/planning_case.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "content-tools/package/package_file.h"
#include "showcontrol/planning/hall_floor.h"
#include "tracking/base/formatted.h"
#include "tracking/base/random.h"
#include "tracking/venue_file.h"

namespace promenade::bench {
namespace {

using Json = nlohmann::ordered_json;

planning::HallPoint point(const Json& json) { return {json.at(0).get<double>(), json.at(1).get<double>()}; }

planning::Polygon polygon(const Json& json) {
  planning::Polygon corners;
  for (const Json& corner : json) corners.push_back(point(corner));
  if (corners.size() < 3) throw std::runtime_error("a polygon has fewer than three corners");
  return corners;
}

CaseFilm film(const Json& json, double hold_total_max_s) {
  CaseFilm film;
  film.id = base::FilmId(json.at("id").get<std::string>());
  film.route.walk_speed_mps = json.at("walk_speed_mps").get<double>();
  film.route.hold_total_max_s = hold_total_max_s;
  film.route.mirrorable = json.at("mirrorable").get<bool>();
  film.route.group_max = json.value("group_max", 1);
  for (const Json& scene : json.at("scenes")) {
    const planning::HallPoint at = point(scene.at("at_m"));
    film.route.scenes.push_back({base::formatted("scene-{}", film.route.scenes.size()), {at.x, at.y}, 0.6,
                                 scene.at("dwell_s").get<double>(), scene.at("hold_max_s").get<double>()});
  }
  const base::Findings findings = package::check_route(film.route, film.id.value(), "route");
  if (film.route.scenes.empty()) throw std::runtime_error(base::to_string(findings));
  return film;
}

PlanningCase from_json(const Json& json) {
  if (json.at("format") != "promenade-planning-case/1") throw std::runtime_error("format is not promenade-planning-case/1");
  PlanningCase result;
  result.name = json.at("name").get<std::string>();
  const Json& hall = json.at("hall");
  result.floor.boundary = polygon(hall.at("boundary_m"));
  for (const Json& obstacle : hall.at("obstacles_m")) result.floor.obstacles.push_back(polygon(obstacle));
  result.floor.wall_margin_m = hall.at("wall_margin_m").get<double>();
  if (hall.contains("entrance_m")) result.entrance = point(hall.at("entrance_m"));
  if (hall.contains("exit_m")) result.exit = point(hall.at("exit_m"));
  result.floor.separation_m = json.at("separation_m").get<double>();
  result.floor.tolerance_s = json.at("time_tolerance_s").get<double>();
  std::map<std::string, std::size_t> numbers;
  for (const Json& one : json.at("films")) {
    numbers[one.at("id").get<std::string>()] = result.films.size();
    result.films.push_back(film(one, json.at("hold_total_max_s").get<double>()));
  }
  const Json& demand = json.at("demand");
  for (const Json& wish : demand.at("films")) result.wishes.push_back(numbers.at(wish.get<std::string>()));
  result.pool = demand.at("pool").get<std::size_t>();
  result.hours = demand.at("hours").get<double>();
  result.warmup_s = demand.at("warmup_s").get<double>();
  return result;
}

constexpr double kHeld_s = 1e-3;

// A way that is divided at stops, from block `first` to before `end`, as one.
planning::Path whole_way(const planning::PlayPlan& plan, std::size_t first, std::size_t end) {
  planning::Path way{plan.blocks[first].path.front()};
  for (std::size_t k = first; k < end; ++k) way.insert(way.end(), plan.blocks[k].path.begin() + 1, plan.blocks[k].path.end());
  return way;
}

// The format knows neither scales nor stops on ways.
void check_sayable(const Served& one) {
  const planning::PlayPlan& plan = one.plan;
  if (plan.scale != 1.0) throw std::runtime_error(base::formatted("viewer {}: his film is laid at scale {:.2f}, and promenade-plays/1 knows no scale", one.viewer, plan.scale));
  for (std::size_t k = 0; k + 1 < plan.blocks.size(); ++k) {
    const bool on_way = plan.blocks[k].scene == planning::kNoScene;
    if (on_way && plan.planned_hold_s(k) > kHeld_s) {
      throw std::runtime_error(base::formatted("viewer {}: he is held for {:.1f} s at a stop of a way, and promenade-plays/1 knows no stops: plan without --transit-stop", one.viewer, plan.planned_hold_s(k)));
    }
  }
}

Json path_json(const planning::Path& path) {
  Json points = Json::array();
  for (const planning::HallPoint p : path) points.push_back({p.x, p.y});
  return points;
}

}  // namespace

PlanningCase read_case(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(base::formatted("{}: cannot be read", path));
  try {
    return from_json(Json::parse(file));
  } catch (const std::exception& error) {
    throw std::runtime_error(base::formatted("{}: not a usable planning case: {}", path, error.what()));
  }
}

PlanningCase venue_case(const std::string& venue_path, const std::string& films_folder, double hours, std::uint64_t seed) {
  constexpr std::size_t kPool = 8;
  constexpr double kWishesPerHour = 1200.0;
  const auto venue = tracking::load_venue(venue_path);
  if (!venue) throw std::runtime_error(base::to_string(venue.error()));
  PlanningCase result;
  result.name = venue->hall.value();
  result.floor = planning::hall_floor(*venue);
  result.entrance = venue->entrance.at;
  result.enter_also = planning::launch_points(*venue);
  if (!result.enter_also.empty()) {
    result.entrance = result.enter_also.front();
    result.enter_also.erase(result.enter_also.begin());
  }
  result.exit = venue->exit.at;
  const auto folder = package::load_film_folder(films_folder);
  if (!folder) throw std::runtime_error(folder.error().text());
  if (base::has_errors(folder->findings)) throw std::runtime_error(base::to_string(folder->findings));
  for (const package::FilmFolder::Film& film : folder->films) {
    if (film.manifest.route) result.films.push_back({film.manifest.film, *film.manifest.route, std::nullopt});
  }
  if (result.films.empty()) throw std::runtime_error(base::formatted("{}: no walking film", films_folder));
  base::Random random(seed);
  result.wishes.resize(static_cast<std::size_t>(hours * kWishesPerHour) + kPool);
  for (std::size_t& wish : result.wishes) wish = random.below(result.films.size());
  result.pool = kPool;
  result.hours = hours;
  result.warmup_s = std::min(180.0, hours * 1800.0);
  return result;
}

std::string plays_text(const PlanningCase& planning_case, const std::vector<Served>& plays) {
  Json all = Json::array();
  for (const Served& one : plays) {
    check_sayable(one);
    const planning::PlayPlan& plan = one.plan;
    Json departs = Json::array();
    for (std::size_t k = plan.first_scene_block(); k <= plan.last_scene_block(); ++k) departs.push_back(plan.leave_s(k));
    Json play{{"viewer", one.viewer}, {"film", planning_case.films[one.film].id.value()}, {"planned_s", one.planned_s},
              {"yaw_rad", plan.placement.yaw}, {"shift_m", {plan.placement.shift.x, plan.placement.shift.y}},
              {"mirrored", plan.placement.mirrored}, {"start_s", plan.start_s()}, {"depart_s", std::move(departs)}};
    if (planning_case.entrance) play["in_path_m"] = path_json(whole_way(plan, 0, plan.first_scene_block() + 1));
    if (planning_case.exit) play["out_path_m"] = path_json(whole_way(plan, plan.last_scene_block() + 1, plan.blocks.size()));
    all.push_back(std::move(play));
  }
  return Json{{"format", "promenade-plays/1"}, {"case", planning_case.name}, {"plays", std::move(all)}}.dump() + "\n";
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) throw std::runtime_error(base::formatted("{}: cannot be written", path));
}

}  // namespace promenade::bench
