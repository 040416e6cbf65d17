#include "showcontrol/planning/fit_command.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "content-tools/package/package_file.h"
#include "showcontrol/planning/fit_sheet.h"
#include "showcontrol/planning/hall_floor.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::planning {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kFits = 0;
constexpr int kFitsNot = 1;
constexpr int kFitUnusable = 2;

Json json_of(const base::Findings& findings) {
  Json all = Json::array();
  for (const base::Finding& one : findings) {
    all.push_back({{"severity", one.severity == base::Severity::error ? "error" : "warning"}, {"code", one.code}, {"key", one.key}, {"message", one.message}, {"expected", one.expected}});
  }
  return all;
}

Json json_of(const Carried& one) { return {{"at_once", one.at_once}, {"viewers_per_hour", one.viewers_per_hour}, {"wait_mean_s", one.wait_mean_s}}; }

Json json_of(const Redirection& redirection) {
  const auto laid = [](const NearestLaid& one) {
    Json bends = Json::array();
    for (std::size_t i = 0; i < one.bent.legs.size(); ++i) {
      bends.push_back({{"from_scene", i + 1}, {"turn", one.bent.turns[i]}, {"gain", one.bent.legs[i].gain}, {"curve_per_m", one.bent.legs[i].curve_per_m}});
    }
    return Json{{"overhang_m", one.overhang_m}, {"yaw_rad", one.bent.placement.yaw}, {"shift_m", {one.bent.placement.shift.x, one.bent.placement.shift.y}},
                {"mirrored", one.bent.placement.mirrored}, {"legs", std::move(bends)}};
  };
  return {{"thresholds", {{"gain", {kGainLeast, kGainMost}}, {"turn", {kTurnLeast, kTurnMost}}, {"radius_least_m", kRadiusLeast_m}, {"source", "Steinicke et al. 2010, IEEE TVCG 16(1)"}}},
          {"allowed_by_film", false}, {"strength", redirection.strength ? Json(*redirection.strength) : Json()}, {"as_made", laid(redirection.as_made)}, {"bent", laid(redirection.bent)}};
}

Json json_of(const std::string& title, const package::Route& route, const FitReport& report) {
  Json trouble = Json::array();
  for (const PartTrouble& part : report.trouble) {
    trouble.push_back({{part.leg ? "leg_from_scene" : "scene", part.scene + 1}, {"name", route.scenes[part.scene].name}, {"spoils_alone", part.share}});
  }
  Json gains = Json::array();
  for (const GainFit& one : report.by_gain) gains.push_back({{"gain", one.gain}, {"placements_fitting", one.placements_fitting}});
  Json json{{"film", title}, {"fits", report.fits}, {"scale", report.scale}, {"width_m", report.width_m}, {"depth_m", report.depth_m},
            {"placements_tried", report.placements_tried}, {"placements_fitting", report.placements_fitting}, {"mirrored_fitting", report.mirrored_fitting},
            {"clearance_best_m", report.clearance_best_m}, {"group_room", report.group_room}, {"group_fitting", report.group_fitting}, {"headway_s", report.headway_s ? Json(*report.headway_s) : Json()},
            {"at_once", report.alone.at_once}, {"viewers_per_hour", report.alone.viewers_per_hour}};
  if (report.best) {
    const tracking::Placement& placement = report.best->placement;
    json["placement"] = {{"yaw_rad", placement.yaw}, {"shift_m", {placement.shift.x, placement.shift.y}}, {"mirrored", placement.mirrored}};
  }
  if (report.comes_back) json["comes_back"] = {report.comes_back->first + 1, report.comes_back->second + 1};
  if (report.among) {
    json["among"] = {{"films", report.among->films}, {"film", json_of(report.among->film)}, {"all", json_of(report.among->all)}, {"without", json_of(report.among->without)}};
  }
  json["trouble"] = std::move(trouble);
  if (!report.by_gain.empty()) json["by_gain"] = std::move(gains);
  if (report.redirection) json["redirection"] = json_of(*report.redirection);
  json["findings"] = json_of(report.findings);
  return json;
}

void print_trouble(const package::Route& route, const FitReport& report) {
  std::vector<PartTrouble> worst = report.trouble;
  std::ranges::stable_sort(worst, std::ranges::greater{}, &PartTrouble::share);
  constexpr std::size_t kLines = 5;
  if (worst.front().share <= 0.0) {
    std::printf("  trouble            no single scene or leg: without any one of them %s\n", report.fits ? "it fits no better" : "it would not fit either");
    return;
  }
  std::printf("  trouble            of the placements in which everything else keeps the margins, each of these alone spoils:\n");
  for (std::size_t i = 0; i < std::min(kLines, worst.size()); ++i) {
    const PartTrouble& part = worst[i];
    if (part.share <= 0.0) break;
    const std::string name = part.leg ? base::formatted("leg {} to {}", part.scene + 1, part.scene + 2) : base::formatted("scene {} ({})", part.scene + 1, route.scenes[part.scene].name);
    std::printf("    %5.1f %%  %s\n", part.share * 100.0, name.c_str());
  }
}

void print_redirection(const FitReport& report) {
  if (report.by_gain.empty()) return;
  const auto least = std::ranges::find_if(report.by_gain, [](const GainFit& one) { return one.placements_fitting > 0; });
  std::printf("  if redirected, at its own size (no film can allow this yet, and it is never safety; thresholds of Steinicke et al. 2010, within which some people notice even so)\n");
  if (least == report.by_gain.end()) std::printf("    walked shorter   not even at a translation gain of %.2f, the most that is not noticed\n", kGainMost);
  else std::printf("    walked shorter   fits from a translation gain of %.2f (%d of %d placements); at %.2f, the most that is not noticed, %d\n", least->gain, least->placements_fitting, report.placements_tried, kGainMost, report.by_gain.back().placements_fitting);
  if (!report.redirection) return;
  const Redirection& bend = *report.redirection;
  if (bend.strength && *bend.strength <= 0.0) std::printf("    leg by leg       as it is it fits in places too few to be found by drawing\n");
  else if (bend.strength) std::printf("    leg by leg       fits with %.0f %% of the thresholds: gain %.2f-%.2f, turns %.2f-%.2f, arcs of %.0f m or more\n", *bend.strength * 100.0, kGainLeast, kGainMost, kTurnLeast, kTurnMost, kRadiusLeast_m);
  else std::printf("    leg by leg       does not fit within the thresholds (gain %.2f-%.2f, turns %.2f-%.2f, arcs of %.0f m or more): still %.2f m over, %.2f m as made\n", kGainLeast, kGainMost, kTurnLeast, kTurnMost, kRadiusLeast_m, bend.bent.overhang_m, bend.as_made.overhang_m);
  if (!bend.strength) return;
  constexpr double kNothing = 0.005, kNoArc = 0.02;
  for (std::size_t i = 0; i < bend.bent.bent.legs.size(); ++i) {
    const LegBend& leg = bend.bent.bent.legs[i];
    std::string words;
    if (std::abs(bend.bent.bent.turns[i] - 1.0) > kNothing) words += base::formatted("  turn x {:.2f}", bend.bent.bent.turns[i]);
    if (std::abs(leg.gain - 1.0) > kNothing) words += base::formatted("  gain {:.2f}", leg.gain);
    if (std::abs(leg.curve_per_m) * kRadiusLeast_m > kNoArc) words += base::formatted("  arc of {:.0f} m to the {}", 1.0 / std::abs(leg.curve_per_m), leg.curve_per_m > 0.0 ? "left" : "right");
    if (!words.empty()) std::printf("      scene %zu to %zu:%s\n", i + 1, i + 2, words.c_str());
  }
}

void print_fit(const FitOptions& options, const std::string& title, const package::Route& route, const FitReport& report) {
  if (options.json) {
    std::printf("%s\n", json_of(title, route, report).dump().c_str());
    return;
  }
  std::printf("%s: %s\n", title.c_str(), report.fits ? "fits" : "does not fit");
  std::printf("  route              %.1f x %.1f m, at %.0f %% of its size\n", report.width_m, report.depth_m, report.scale * 100.0);
  std::printf("  placements         %d of %d tried keep the margins, %d of them mirrored\n", report.placements_fitting, report.placements_tried, report.mirrored_fitting);
  if (report.fits) {
    std::printf("  room               %.2f m to walls and obstacles at best\n", report.clearance_best_m);
    if (report.group_room > 1) std::printf("  groups             of up to %d share a play; %d of %d placements hold so many\n", report.group_room, report.group_fitting, report.placements_tried);
    if (report.headway_s) std::printf("  headway            a second viewer may follow after %.0f s in the same placement\n", *report.headway_s);
    std::printf("  alone in the hall  %.1f viewers at once, %.0f an hour\n", report.alone.at_once, report.alone.viewers_per_hour);
  }
  if (report.among) {
    const FitAmong& among = *report.among;
    std::printf("  with %2d others     %.1f viewers at once, %.0f an hour; of them %.1f and %.0f of this film; without it %.1f and %.0f\n", among.films - 1, among.all.at_once,
                among.all.viewers_per_hour, among.film.at_once, among.film.viewers_per_hour, among.without.at_once, among.without.viewers_per_hour);
  }
  for (std::size_t i = 0; i < report.routes.size(); ++i) {
    const FitRoute& one = report.routes[i];
    std::string scenes;
    for (const std::uint32_t scene : one.scenes) scenes += base::formatted("{}{}", scenes.empty() ? "" : "-", scene + 1);
    std::printf("  %-18s %s, %s\n", i == 0 ? "routes" : "", scenes.c_str(), one.fits ? base::formatted("fits at {:.0f} % of its size in {} places", one.scale * 100.0, one.placements_fitting).c_str() : "has no room");
  }
  print_trouble(route, report);
  print_redirection(report);
  std::fputs(base::to_string(report.findings).c_str(), stdout);
}

// The walking films of folders and packages, each once, without the one that is fitted.
std::optional<std::vector<DemandFilm>> others_of(const FitOptions& options, const base::FilmId& film) {
  std::vector<DemandFilm> others;
  const auto add = [&](const package::Manifest& manifest) {
    const bool known = std::ranges::any_of(others, [&](const DemandFilm& one) { return one.film == manifest.film; });
    if (manifest.route && manifest.film != film && !known) others.push_back({manifest.film, *manifest.route, 1.0});
  };
  for (const std::string& path : options.with) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      const auto manifest = package::load_manifest(path);
      if (!manifest) {
        std::fprintf(stderr, "%s\n", manifest.error().text().c_str());
        return std::nullopt;
      }
      add(*manifest);
      continue;
    }
    const auto folder = package::load_film_folder(path);
    if (!folder || base::has_errors(folder->findings)) {
      std::fputs((folder ? base::to_string(folder->findings) : folder.error().text() + "\n").c_str(), stderr);
      return std::nullopt;
    }
    for (const package::FilmFolder::Film& one : folder->films) add(one.manifest);
  }
  if (!options.with.empty() && others.empty()) {
    std::fprintf(stderr, "--with: none of these is another walking film. Give a folder of packages (.prom), or packages.\n");
    return std::nullopt;
  }
  return others;
}

bool write(const std::string& path, const base::Result<std::string>& bytes) {
  if (!bytes) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), bytes.error().text().c_str());
    return false;
  }
  std::ofstream file(path, std::ios::binary);
  file << *bytes;
  file.flush();
  if (!file) std::fprintf(stderr, "%s: cannot be written. Give a path that you may write.\n", path.c_str());
  return file.good();
}

}  // namespace

CLI::App* add_fit_command(CLI::App& app, FitOptions& options) {
  CLI::App* command = app.add_subcommand("fit", "Does a film fit a hall, which scene is the trouble, and how many of its viewers at once");
  command->add_option("film", options.film, "Film package (.prom)")->required();
  command->add_option("--venue", options.venue, "Venue file (venue.toml)")->required();
  command->add_option("--with", options.with, "The venue's other films: a folder of packages, or packages; seated films are passed over");
  command->add_option("--svg", options.svg, "Draw the hall, the best placement and its trouble into this file");
  command->add_option("--png", options.png, "The same as pixels");
  command->add_option("--hours", options.hours, "Hours of hall time for the density, simulated with somebody always waiting")->check(CLI::Range(0.1, 24.0))->capture_default_str();
  command->add_option("--seed", options.seed, "Seed of the placements tried and of the wishes")->capture_default_str();
  command->add_flag("--json", options.json, "Print one JSON object");
  return command;
}

int fit(const FitOptions& options) {
  const auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::fputs(base::to_string(venue.error()).c_str(), stderr);
    return kFitUnusable;
  }
  const auto manifest = package::load_manifest(options.film);
  if (!manifest) {
    std::fprintf(stderr, "%s\n", manifest.error().text().c_str());
    return kFitUnusable;
  }
  const std::string& title = manifest->title("en");
  if (!manifest->route) {
    std::printf("%s: a seated film; it fits every seat of the venue (%zu).\n", title.c_str(), venue->seats.size());
    return venue->seats.empty() ? kFitsNot : kFits;
  }
  auto others = others_of(options, manifest->film);
  if (!others) return kFitUnusable;
  const FloorPlan floor = hall_floor(*venue);
  FitWays ways{launch_points(*venue), venue->exit.at};
  if (ways.enter_from.empty()) ways.enter_from.push_back(venue->entrance.at);
  const package::Route route = package::along(*manifest->route, package::default_scenes(*manifest->route));
  const FitReport report = fit_film(floor, {manifest->film, *manifest->route, 1.0}, ways, options.film, {options.seed, options.hours, std::move(*others)});
  const FitHeading heading{manifest->title("zh"), title, venue->hall.value()};
  if (!options.svg.empty() && !write(options.svg, fit_svg(floor, route, report, heading))) return kFitUnusable;
  if (!options.png.empty() && !write(options.png, fit_png(floor, route, report, heading))) return kFitUnusable;
  print_fit(options, title, route, report);
  return report.fits ? kFits : kFitsNot;
}

}  // namespace promenade::planning
