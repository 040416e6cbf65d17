#include "showcontrol/planning/fit.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/placements.h"
#include "showcontrol/planning/timing.h"
#include "showcontrol/planning/transit.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr int kPlacements = 4000;       // tried at each scale
constexpr double kScaleStep = 0.05;
constexpr double kScaleLeast = 0.3;     // below it nothing is suggested
constexpr double kFewShare = 0.02;      // of placements fitting: under this the film is hard to lay beside others
constexpr int kTroubleDraws = 60'000;
constexpr std::size_t kNamedMost = 3;   // scenes and legs
constexpr double kGainStep = 0.01;
constexpr double kHeadwaySearch_s = 600.0;

bool is_tight(const FitReport& report) { return report.placements_fitting < kPlacements * kFewShare; }

struct Placed {
  int fitting = 0;
  int mirrored = 0;
  double clearance_m = -1.0;
  LaidRoute best;
};

double clearance_of(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(route, laid.placement, laid.scale);
  double least = floor.clearance_m(places.front());
  for (std::size_t i = 1; i < places.size(); ++i) least = std::min(least, floor.leg_clearance_m(places[i - 1], places[i]));
  return least;
}

Placed place_at(const Floor& floor, const package::Route& route, double scale, std::uint64_t seed) {
  Placed placed;
  PlacementSampler sampler(floor, route, {}, base::Random(seed));
  for (int i = 0; i < kPlacements; ++i) {
    const auto laid = sampler.draw(scale);
    if (!laid || !keeps_margins(floor, route, *laid)) continue;
    ++placed.fitting;
    if (laid->placement.mirrored) ++placed.mirrored;
    const double clearance = clearance_of(floor, route, *laid);
    if (clearance <= placed.clearance_m) continue;
    placed.clearance_m = clearance;
    placed.best = *laid;
  }
  return placed;
}

std::optional<double> largest_scale(const Floor& floor, const package::Route& route, double from, double least, std::uint64_t seed, Placed& placed) {
  for (int i = 0; from - kScaleStep * i >= least - 1e-9; ++i) {
    const double scale = from - kScaleStep * i;
    placed = place_at(floor, route, scale, seed);
    if (placed.fitting > 0) return scale;
  }
  return std::nullopt;
}

PlayPlan alone(const Floor& floor, const package::Route& route, const LaidRoute& laid, const FitWays& ways) {
  const std::vector<HallPoint> places = lay(route, laid.placement, laid.scale);
  const std::vector<double> costs = crossing_costs(floor, {}, 0.0, 1.0);
  Path in;
  Path out;
  for (const HallPoint from : ways.enter_from) {
    const auto way = TransitField(floor, from, std::nullopt, costs).way_to(places.front());
    if (way && (in.empty() || path_length_m(*way) < path_length_m(in))) in = *way;
  }
  if (ways.leave_to) {
    const auto way = TransitField(floor, *ways.leave_to, std::nullopt, costs).way_to(places.back());
    if (way) out.assign(way->rbegin(), way->rend());
  }
  PlayPlan plan = make_plan(route, laid.placement, laid.scale, in, out, floor.plan());
  const auto times = earliest_times(plan, forbidden_times(plan, {}, floor.plan(), ConflictRule::blocks), 0.0, 0.0, 0.0);
  PROMENADE_ASSERT(times.has_value());  // nobody else is there
  plan.enter_s = times->enter_s;
  plan.end_s = times->end_s;
  return plan;
}

std::optional<double> headway_of(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  PlayPlan plan = alone(floor, route, laid, {});
  Snapshot snapshot;
  snapshot.plays.push_back({plan, 0, 0.0, 0.0});
  const Forbidden forbidden = forbidden_times(plan, snapshot, floor.plan(), ConflictRule::blocks);
  const auto times = earliest_times(plan, forbidden, 1.0, kHeadwaySearch_s, 0.0);
  if (!times || times->enter_s.front() >= plan.end_s) return std::nullopt;
  return times->enter_s.front();
}

// The two scenes that keep a second viewer waiting longest: he may not pass the gate into one block before the viewer
// ahead has cleared the other.
std::optional<std::pair<std::size_t, std::size_t>> comes_back(const package::Route& route, double scale, double separation_m) {
  const std::vector<HallPoint> places = lay(route, {}, scale);
  std::vector<double> begins{0.0};  // of the way to each scene
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    begins.push_back(begins.back() + (i > 0 ? package::leg_length_m(route, i - 1) * scale / route.walk_speed_mps : 0.0) + route.scenes[i].dwell_s);
  }
  const auto way_from = [&](std::size_t i) { return places[i > 0 ? i - 1 : 0]; };
  std::optional<std::pair<std::size_t, std::size_t>> most;
  double longest_s = 0.0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = i + 2; j < places.size(); ++j) {
      if (tracking::segment_distance_m(way_from(i), places[i], way_from(j), places[j]) >= separation_m) continue;
      if (begins[j] - begins[i] <= longest_s) continue;
      longest_s = begins[j] - begins[i];
      most = {i, j};
    }
  }
  return most;
}

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}
std::string words_for(const package::Route& route, std::size_t scene) { return base::formatted("scene {} ({})", scene + 1, spoken(route.scenes[scene].name)); }
std::string words_for(const package::Route& route, const PartTrouble& part) {
  return part.leg ? base::formatted("the leg from scene {} to scene {}", part.scene + 1, part.scene + 2) : words_for(route, part.scene);
}

void advise(base::Severity severity, std::string code, std::string key, std::string message, std::string expected, const std::string& file, FitReport& report) {
  report.findings.push_back({severity, std::move(code), file, 0, std::move(key), std::move(message), std::move(expected)});
}

void name_trouble(const package::Route& route, const std::string& file, FitReport& report) {
  std::vector<PartTrouble> worst = report.trouble;
  std::ranges::stable_sort(worst, std::ranges::greater{}, &PartTrouble::share);
  if (worst.size() > kNamedMost) worst.resize(kNamedMost);
  for (const PartTrouble& part : worst) {
    if (part.share < kTroubleShare) return;
    std::string words = words_for(route, part);
    words.front() = words.front() == 's' ? 'S' : 'T';
    advise(base::Severity::warning, part.leg ? "leg-in-the-way" : "scene-in-the-way", base::formatted("route.scenes[{}]", part.scene),
           base::formatted("{} alone spoils {:.0f} % of the placements in which everything else keeps the margins.", words, part.share * 100.0),
           part.leg ? "Lead the way between them round less floor, or draw the two scenes together." : "Draw it nearer to the other scenes.", file, report);
  }
}

void explain(const Floor& floor, const package::Route& route, const std::string& file, std::uint64_t seed, FitReport& report) {
  using base::Severity;
  if (!report.fits) {
    Placed placed;
    const auto scale = largest_scale(floor, route, route.scale_min - kScaleStep, kScaleLeast, seed, placed);
    advise(Severity::error, "film-too-large", "route.scenes",
           base::formatted("The route takes {:.1f} x {:.1f} m; the hall has no room for it with {:.2f} m to the walls.", report.width_m, report.depth_m, floor.plan().wall_margin_m),
           scale ? base::formatted("Make it {:.0f} % of its size, or allow scale_min {:.2f}.", *scale * 100.0, *scale) : std::string("Draw the scenes together."), file, report);
    name_trouble(route, file, report);
    return;
  }
  if (report.scale < 1.0) {
    advise(Severity::warning, "film-scaled", "route.scale_min", base::formatted("The film fits only at {:.0f} % of its size.", report.scale * 100.0), "Check that its world still reads at that size.", file, report);
  }
  if (is_tight(report)) {
    advise(Severity::warning, "film-tight", "route.scenes", base::formatted("Only {} of {} placements fit.", report.placements_fitting, report.placements_tried),
           route.mirrorable ? "Draw the scenes together, so that others have room beside it." : "Draw the scenes together, or allow mirroring.", file, report);
  }
  if (report.scale < 1.0 || is_tight(report)) name_trouble(route, file, report);
  if (route.scenes.size() > 1 && !report.headway_s) {
    advise(Severity::warning, "film-without-trains", "route.scenes", report.comes_back ? base::formatted("Nobody can follow in the same placement before the viewer ahead has finished: {} lies within {:.1f} m of {} or the ways to them do.",
                                               words_for(route, report.comes_back->second), floor.plan().separation_m, words_for(route, report.comes_back->first))
                             : std::string("Nobody can follow in the same placement before the viewer ahead has finished: the way comes back upon itself."),
           "A way that goes on in one direction takes several viewers in the same room.", file, report);
  }
  if (route.headway_min_s > 0.0 && report.headway_s && *report.headway_s > route.headway_min_s + 1.0) {
    advise(Severity::warning, "headway-longer", "route.headway_min_s", base::formatted("In this hall the second viewer can follow after {:.0f} s, not {:.0f} s.", *report.headway_s, route.headway_min_s),
           "The hall keeps the longer one.", file, report);
  }
}

void measure(const package::Route& route, FitReport& report) {
  double low_x = std::numeric_limits<double>::infinity(), high_x = -low_x, low_y = low_x, high_y = -low_x;
  for (const package::Scene& scene : route.scenes) {
    low_x = std::min(low_x, scene.at.x_m);
    high_x = std::max(high_x, scene.at.x_m);
    low_y = std::min(low_y, scene.at.y_m);
    high_y = std::max(high_y, scene.at.y_m);
  }
  report.width_m = high_x - low_x;
  report.depth_m = high_y - low_y;
}

// Where fewer may share a play than the film allows, the author is told which scene is too small, and what it would take.
void look_at_groups(const FloorPlan& plan, const package::Route& route, const std::string& file, std::uint64_t seed, FitReport& report) {
  report.group_room = group_room(route, plan.member_apart_m);
  const int wanted = std::min(route.group_max, kGroupMost);
  const auto radius_of_group = [&](int members) { return ring_radius_m(std::vector<GroupMember>(static_cast<std::size_t>(members)), plan.member_apart_m); };
  if (report.group_room < wanted) {
    std::size_t scene = 0;
    const double room = scene_room_m(route, &scene);
    report.findings.push_back({base::Severity::warning, "scene-small-for-group", file, 0, base::formatted("route.scenes[{}].group_radius_m", scene),
                               base::formatted("Groups of up to {} may share the film, but scene {} has room for {}: {:.2f} m round its place.", wanted, scene + 1, report.group_room, room),
                               base::formatted("Keep {:.2f} m clear round every scene and say so, or set group_max to {}.", radius_of_group(wanted), report.group_room)});
  }
  if (report.group_room < 2) return;
  FloorPlan around = plan;  // wherever the point of the group is free here, so is each member's place
  around.wall_margin_m += radius_of_group(report.group_room);
  for (KeepClear& area : around.keep_clear) area.margin_m += radius_of_group(report.group_room);
  report.group_fitting = place_at(Floor(around), route, 1.0, seed).fitting;
  if (report.group_fitting > 0 || report.placements_fitting == 0) return;
  report.findings.push_back({base::Severity::warning, "hall-small-for-group", file, 0, "route.group_max",
                             base::formatted("A group of {} finds no placement here: each of them keeps the wall margin, {:.2f} m round the route.", report.group_room, radius_of_group(report.group_room)),
                             "In this hall offer the film to smaller groups."});
}

void run(const Planner& planner, const DemandFilm& film, const FitWays& ways, const FitSetting& setting, FitReport& report) {
  DemandSetting demand;
  demand.hours = setting.hours;
  demand.seed = setting.seed;
  report.alone = carried(planner, ways, {film}, demand).all;
  if (setting.others.empty()) return;
  std::vector<DemandFilm> films = setting.others;
  FitAmong among;
  among.without = carried(planner, ways, films, demand).all;
  films.push_back(film);
  const CarriedByFilm together = carried(planner, ways, films, demand);
  among.film = together.films.back();
  among.all = together.all;
  among.films = static_cast<int>(films.size());
  report.among = among;
}

}  // namespace

namespace {

std::string names_of(const package::Route& route, const std::vector<std::uint32_t>& scenes) {
  std::string names;
  for (const std::uint32_t scene : scenes) names += (names.empty() ? "" : ", ") + spoken(route.scenes[scene].name);
  return names;
}

// Each by itself: a way that keeps the margins nowhere is never on offer.
void try_routes(const Floor& floor, const package::Route& route, const std::string& file, std::uint64_t seed, FitReport& report) {
  for (const std::vector<std::uint32_t>& scenes : package::complete_routes(route)) {
    Placed placed;
    const auto scale = largest_scale(floor, package::along(route, scenes), 1.0, route.scale_min, seed, placed);
    if (!scale && !report.routes.empty()) {
      advise(base::Severity::warning, "way-too-large", "route.scenes", base::formatted("The way by {} has no room in the hall and is never on offer.", names_of(route, scenes)),
             "Draw its scenes nearer to the others.", file, report);
    }
    report.routes.push_back({scenes, scale.has_value(), scale.value_or(1.0), placed.fitting});
  }
}

}  // namespace

FitReport fit_film(const FloorPlan& floor_plan, const DemandFilm& film, const FitWays& ways, const std::string& film_file, const FitSetting& setting) {
  FitReport report;
  const Planner planner(floor_plan);
  const Floor& floor = planner.floor();
  const package::Route route = package::along(film.route, package::default_scenes(film.route));
  measure(route, report);
  Placed placed;
  const auto scale = largest_scale(floor, route, 1.0, route.scale_min, setting.seed, placed);
  report.placements_tried = kPlacements;
  report.fits = scale.has_value();
  const base::Random random(setting.seed);
  report.trouble = find_trouble(floor, route, 1.0, kTroubleDraws, random.fork("trouble"));
  if (report.fits) {
    report.scale = *scale;
    report.placements_fitting = placed.fitting;
    report.mirrored_fitting = placed.mirrored;
    report.clearance_best_m = placed.clearance_m;
    report.best = alone(floor, route, placed.best, ways);
    report.headway_s = headway_of(floor, route, placed.best);
    report.comes_back = comes_back(route, *scale, floor_plan.separation_m);
    run(planner, film, ways, setting, report);
  }
  const bool own_size = report.fits && report.scale >= 1.0;
  if (!own_size || is_tight(report)) {
    for (double gain = 1.0; gain < kGainMost + kGainStep / 2.0; gain += kGainStep) report.by_gain.push_back({gain, place_at(floor, route, 1.0 / gain, setting.seed).fitting});
  }
  if (!own_size && route.scenes.size() > 1) report.redirection = redirect(floor, route, random.fork("redirection"));
  explain(floor, route, film_file, setting.seed, report);
  if (route.group_max > 1) look_at_groups(floor_plan, route, film_file, setting.seed, report);
  if (package::has_choices(film.route)) try_routes(floor, film.route, film_file, setting.seed, report);
  return report;
}

}  // namespace promenade::planning
