#include <algorithm>
#include <cmath>
#include <optional>

#include "showcontrol/report/heat_map.h"
#include "tracking/base/formatted.h"

namespace promenade::report {
namespace {

using drawing::Align;
using drawing::Canvas;
using drawing::Point;
using package::FilmPoint;
using package::Route;

constexpr double kFilmHeightMost = 860.0;
constexpr double kRoom_m = 1.0;        // round the free areas
constexpr double kStrayMost_m = 2.5;   // so far round them the picture goes where near misses were
constexpr double kStrayRoom_m = 0.5;
constexpr double kBadge = 14.0;
constexpr double kSceneRow = 46.0, kLegRow = 30.0;

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

struct Box {
  Place low, high;
};

// Near misses farther off, of those who strayed or were led out, would make the route small.
bool is_near(const Box& route, const Mark& mark) {
  return mark.at.x > route.low.x - kStrayMost_m && mark.at.x < route.high.x + kStrayMost_m && mark.at.y > route.low.y - kStrayMost_m && mark.at.y < route.high.y + kStrayMost_m;
}

Box box_of(const Route& route, const std::vector<Mark>& marks) {
  const FilmPoint& first = route.scenes.front().at;
  Box box{{first.x_m, first.y_m}, {first.x_m, first.y_m}};
  const auto reach = [](Box& which, double x, double y, double by) {
    which.low = {std::min(which.low.x, x - by), std::min(which.low.y, y - by)};
    which.high = {std::max(which.high.x, x + by), std::max(which.high.y, y + by)};
  };
  for (const package::Scene& scene : route.scenes) reach(box, scene.at.x_m, scene.at.y_m, scene.free_radius_m + kRoom_m);
  Box wide = box;
  for (const Mark& mark : marks) {
    if (is_near(box, mark)) reach(wide, mark.at.x, mark.at.y, kStrayRoom_m);
  }
  return wide;
}

// From which scene to which people walk.
std::vector<std::pair<std::uint32_t, std::uint32_t>> legs_of(const Route& route) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> legs;
  for (std::uint32_t scene = 0; scene < route.scenes.size(); ++scene) {
    for (const std::uint32_t next : package::followers(route, scene)) legs.emplace_back(scene, next);
  }
  return legs;
}

void draw_route(Canvas& canvas, const Frame& frame, const Route& route) {
  const auto at = [&](std::size_t scene) { return frame.at(route.scenes[scene].at.x_m, route.scenes[scene].at.y_m); };
  for (const package::Scene& scene : route.scenes) {
    canvas.ring(frame.at(scene.at.x_m, scene.at.y_m), scene.free_radius_m * frame.scale, {kFaint, 1.4, {5, 4}});
  }
  for (const auto& [leg, next] : legs_of(route)) {
    const Point a = at(leg), b = at(next);
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 3.0 * kBadge) continue;
    const double ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
    const Point from{a.x + ux * kBadge, a.y + uy * kBadge}, tip{b.x - ux * (kBadge + 3), b.y - uy * (kBadge + 3)};
    const Point neck{tip.x - ux * 11, tip.y - uy * 11};
    canvas.line(from, neck, {drawing::colour(0xffffff, 0.85), 6.0});
    canvas.line(from, neck, {kInk, 2.4});
    canvas.fill(std::vector<Point>{tip, {neck.x - uy * 6, neck.y + ux * 6}, {neck.x + uy * 6, neck.y - ux * 6}}, kInk);
    // The gate: where a viewer is held until the way on is free.
    const double gate = std::min(route.scenes[leg].free_radius_m * frame.scale, 0.4 * length);
    const Point g{a.x + ux * std::max(gate, kBadge + 6.0), a.y + uy * std::max(gate, kBadge + 6.0)};
    canvas.line({g.x - uy * 10, g.y + ux * 10}, {g.x + uy * 10, g.y - ux * 10}, {drawing::colour(0xffffff, 0.9), 8.0, {}, false});
    canvas.line({g.x - uy * 9, g.y + ux * 9}, {g.x + uy * 9, g.y - ux * 9}, {kInk, 4.0, {}, false});
  }
}

struct Area {
  double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;
  bool meets(const Area& other) const { return left < other.right && other.left < right && top < other.bottom && other.top < bottom; }
};

void draw_scene_numbers(Canvas& canvas, const Frame& frame, const Route& route) {
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const Point at = frame.at(route.scenes[i].at.x_m, route.scenes[i].at.y_m);
    canvas.disc(at, kBadge + 1.5, kFloor);
    canvas.disc(at, kBadge, kInk);
    canvas.text({at.x, at.y + 5.5}, base::formatted("{}", i + 1), {.size = 15, .colour = kFloor, .align = Align::middle, .bold = true});
  }
}

// Each beside its scene, where it covers neither another name nor a number, and best no way.
void draw_scene_names(Canvas& canvas, const Frame& frame, const Route& route) {
  constexpr double kSize = 14.0, kApart = kBadge + 8.0;
  std::vector<Area> taken;
  std::vector<Point> ways;  // points along them
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const Point at = frame.at(route.scenes[i].at.x_m, route.scenes[i].at.y_m);
    taken.push_back({at.x - kBadge, at.y - kBadge, at.x + kBadge, at.y + kBadge});
  }
  for (const auto& [from, to] : legs_of(route)) {
    const Point at = frame.at(route.scenes[from].at.x_m, route.scenes[from].at.y_m);
    const Point next = frame.at(route.scenes[to].at.x_m, route.scenes[to].at.y_m);
    for (double part = 0.05; part < 1.0; part += 0.05) ways.push_back({at.x + part * (next.x - at.x), at.y + part * (next.y - at.y)});
  }
  for (const package::Scene& scene : route.scenes) {
    const Point at = frame.at(scene.at.x_m, scene.at.y_m);
    const std::string name = spoken(scene.name);
    const double width = canvas.text_width(name, kSize);
    std::optional<Area> best;
    double least = 0.0;
    for (const Area& area : {Area{at.x + kApart, at.y - 9, at.x + kApart + width, at.y + 9}, Area{at.x - kApart - width, at.y - 9, at.x - kApart, at.y + 9},
                             Area{at.x - width / 2, at.y - kApart - 16, at.x + width / 2, at.y - kApart + 2}, Area{at.x - width / 2, at.y + kApart - 2, at.x + width / 2, at.y + kApart + 16}}) {
      double cost = area.left < frame.left + 3 || area.right > frame.left + frame.width() - 3 ? 1000.0 : 0.0;
      for (const Area& other : taken) cost += area.meets(other) ? 100.0 : 0.0;
      for (const Point& way : ways) cost += area.meets({way.x, way.y, way.x, way.y}) ? 1.0 : 0.0;
      if (!best || cost < least) best = area, least = cost;
    }
    taken.push_back(*best);
    canvas.text({best->left, best->bottom - 4}, name, {.size = kSize, .colour = kInk, .halo = 3.0});
  }
}

struct Line {  // of the column beside the map
  std::string part;
  int scene = -1;
  std::string name;
  const Row* row = nullptr;  // none: nothing happened, nobody was there
};

std::vector<Line> lines_of(const Route& route, const std::vector<Row>& rows) {
  std::vector<Line> lines;
  const auto add = [&](const std::string& part, int scene, const std::string& name) {
    const auto found = std::ranges::find_if(rows, [&](const Row& row) { return row.part == part && row.scene == scene; });
    lines.push_back({part, scene, name, found == rows.end() ? nullptr : &*found});
  };
  add("way_in", -1, "入场  way in");
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const int scene = static_cast<int>(i);
    add("scene", scene, spoken(route.scenes[i].name));
    std::string to;
    for (const std::uint32_t next : package::followers(route, static_cast<std::uint32_t>(i))) to += base::formatted("{}{}", to.empty() ? "" : ", ", next + 1);
    if (!to.empty()) add("leg", scene, base::formatted("{} → {}", i + 1, to));
  }
  add("way_out", -1, "离场  way out");
  return lines;
}

double column_height(const std::vector<Line>& lines) {
  double height = 40.0;
  for (const Line& line : lines) height += line.part == "scene" ? kSceneRow : kLegRow;
  return height;
}

void draw_column(Canvas& canvas, const std::vector<Line>& lines) {
  const double left = kColumnLeft, right = kColumnLeft + kColumnWidth, rate_x = right - 76.0;
  double most = 0.0;
  for (const Line& line : lines) {
    if (line.part == "scene" && line.row != nullptr) most = std::max(most, line.row->per_1000_hours().value_or(0.0));
  }
  canvas.text({left, kPlanTop + 14}, "按场景  By scene", {.size = 16, .colour = kInk, .bold = true});
  canvas.text({rate_x, kPlanTop + 14}, "每千小时 / 1000 h", {.size = 12, .colour = kFaint, .align = Align::right});
  canvas.text({right, kPlanTop + 14}, "险情 all", {.size = 12, .colour = kFaint, .align = Align::right});
  double y = kPlanTop + 28.0;
  for (const Line& line : lines) {
    const bool scene = line.part == "scene";
    const double height = scene ? kSceneRow : kLegRow, base = y + (scene ? 22.0 : 20.0);
    canvas.line({left, y}, {right, y}, {kRule, 1.0, {}, false});
    if (scene) {
      canvas.disc({left + 11, y + 17}, 11.0, kInk);
      canvas.text({left + 11, y + 21.5}, base::formatted("{}", line.scene + 1), {.size = 13, .colour = kFloor, .align = Align::middle, .bold = true});
    }
    canvas.text({left + 30, base}, shortened(canvas, line.name, scene ? 15 : 13, 150), {.size = scene ? 15.0 : 13.0, .colour = scene ? kInk : kFaint, .bold = scene});
    const bool hours = line.row != nullptr && line.row->hours > 0.0;
    const double rate = hours ? *line.row->per_1000_hours() : 0.0;
    const std::size_t near = line.row != nullptr ? line.row->near_misses() : 0, contacts = line.row != nullptr ? line.row->contacts + line.row->wall_contacts : 0;
    canvas.text({rate_x, base}, hours ? base::formatted("{:.0f}", rate) : std::string("–"), {.size = 14, .colour = near > 0 ? kInk : kFaint, .align = Align::right, .bold = scene && near > 0});
    canvas.text({right, base}, contacts > 0 ? base::formatted("{} (×{})", near, contacts) : base::formatted("{}", near), {.size = 14, .colour = near + contacts > 0 ? kInk : kFaint, .align = Align::right});
    if (scene) {
      canvas.rectangle({left + 30, y + 32}, 160.0, 5.0, drawing::colour(0xe3e8ec), 2.5);
      if (rate > 0.0) canvas.rectangle({left + 30, y + 32}, std::max(5.0, 160.0 * rate / most), 5.0, heat_colour(0.62), 2.5);
    }
    y += height;
  }
  canvas.line({left, y}, {right, y}, {kRule, 1.0, {}, false});
  canvas.text({left, y + 20}, "(×)：碰触  contacts, counted besides", {.size = 12, .colour = kFaint});
}

}  // namespace

Sheet film_sheet(const package::Manifest& manifest, const std::string& package, const std::vector<Mark>& marks, const Summary& summary, const Heading& heading) {
  const Box box = box_of(*manifest.route, marks);
  const Frame frame = fit_frame(box.low, box.high, kFilmHeightMost);
  std::vector<Row> rows;
  for (const Row& row : summary.rows) {
    if (row.film == manifest.film.value() && row.package == package) rows.push_back(row);
  }
  std::vector<Place> places;
  for (const Mark& mark : marks) {
    if (!mark.contact) places.push_back(mark.at);
  }
  const double legend_top = kPlanTop + frame.height() + 44.0;
  SheetHeading head{manifest.title("zh"), manifest.title("en"), "险情热图，影片坐标  Where near misses were, in the film's own place", heading.period, {}};
  double hours = 0.0;
  for (const Row& row : rows) hours += row.hours;
  head.facts = base::formatted("{} · 此版本 this cut {} · 场景与行进中险情 {} near misses in scenes and on the ways between them", manifest.film.value(), package.substr(0, 8), places.size());
  if (hours > 0.0) head.facts += base::formatted(" · {:.1f} viewer-hours", hours);
  const Box route_box = box_of(*manifest.route, {});
  const auto off = std::ranges::count_if(marks, [&](const Mark& mark) { return !mark.contact && !is_near(route_box, mark); });
  if (off > 0) head.facts += base::formatted(" · 图外 {0}，{0} beyond the picture", off);
  head.beside = heading.hall;
  Sheet sheet;
  sheet.height = std::max(legend_top + kLegendHeight, kPlanTop + column_height(lines_of(*manifest.route, rows))) + 24.0;
  sheet.draw = [=, route = *manifest.route, height = sheet.height](Canvas& canvas) {
    const Density density(frame.low, frame.high, places);
    draw_heading(canvas, height, head);
    canvas.rectangle({frame.left, frame.top}, frame.width(), frame.height(), kFloor);
    const std::vector<std::vector<Point>> floor{{{frame.left, frame.top}, {frame.left + frame.width(), frame.top}, {frame.left + frame.width(), frame.top + frame.height()}, {frame.left, frame.top + frame.height()}}};
    canvas.clip(floor);
    draw_grid(canvas, frame);
    draw_density(canvas, frame, density);
    draw_route(canvas, frame, route);
    draw_marks(canvas, frame, marks);
    draw_scene_numbers(canvas, frame, route);
    draw_scene_names(canvas, frame, route);
    canvas.unclip();
    draw_column(canvas, lines_of(route, rows));
    draw_legend(canvas, legend_top, density, frame, marks, true);
  };
  return sheet;
}

}  // namespace promenade::report
