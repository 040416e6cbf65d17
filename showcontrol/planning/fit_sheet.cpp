#include "showcontrol/planning/fit_sheet.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "showcontrol/drawing/canvas.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

using drawing::Align;
using drawing::Canvas;
using drawing::Colour;
using drawing::Point;

constexpr Colour kInk = drawing::colour(0x26323c), kFaint = drawing::colour(0x6b7782), kPaper = drawing::colour(0xf7f8f9), kFree = drawing::colour(0xffffff),
                 kKept = drawing::colour(0xe6eaee), kArea = drawing::colour(0xd3dbe3), kRule = drawing::colour(0xd5dce1), kTaken = drawing::colour(0xd9e9f7),
                 kWay = drawing::colour(0x2a8a4a), kBent = drawing::colour(0x7a3fb0);
constexpr Colour kQuiet = drawing::colour(0x1f6fb2), kSome = drawing::colour(0xe07b00), kTrouble = drawing::colour(0xc8102e);
constexpr double kSomeShare = 0.1;

constexpr double kWidth = 1400.0, kMargin = 56.0, kColumn = 350.0, kGap = 44.0, kPlanTop = 172.0, kPlanHeightMost = 760.0;
constexpr double kPlanWidth = kWidth - 2.0 * kMargin - kColumn - kGap, kColumnLeft = kWidth - kMargin - kColumn;
constexpr double kSceneRow = 44.0, kLegRow = 26.0, kFigureRow = 25.0, kLegendRow = 26.0;
constexpr double kBadge = 12.0;
constexpr std::size_t kRowsMost = 45;  // scenes told beside the plan
constexpr double kPngScale = 2.0;

Colour colour_of(double share) { return share >= kTroubleShare ? kTrouble : share >= kSomeShare ? kSome : kQuiet; }

struct Plan {  // hall metres, y up, on the sheet
  HallPoint low, high;
  double scale = 1.0, left = 0.0;
  Point at(HallPoint p) const { return {left + (p.x - low.x) * scale, kPlanTop + (high.y - p.y) * scale}; }
  std::vector<Point> at(const std::vector<HallPoint>& points) const {
    std::vector<Point> drawn;
    for (const HallPoint p : points) drawn.push_back(at(p));
    return drawn;
  }
  double bottom() const { return kPlanTop + (high.y - low.y) * scale; }
  double right() const { return left + (high.x - low.x) * scale; }
};

constexpr double kBeyondMost_m = 6.0, kBeyondRoom_m = 0.7;  // of a film that does not fit, outside the walls

Plan plan_of(const FloorPlan& floor, const std::vector<HallPoint>& places) {
  Plan plan{floor.boundary.front(), floor.boundary.front()};
  for (const HallPoint p : floor.boundary) {
    plan.low = {std::min(plan.low.x, p.x), std::min(plan.low.y, p.y)};
    plan.high = {std::max(plan.high.x, p.x), std::max(plan.high.y, p.y)};
  }
  const HallPoint low = plan.low, high = plan.high;
  for (const HallPoint p : places) {
    plan.low = {std::min(plan.low.x, std::max(p.x - kBeyondRoom_m, low.x - kBeyondMost_m)), std::min(plan.low.y, std::max(p.y - kBeyondRoom_m, low.y - kBeyondMost_m))};
    plan.high = {std::max(plan.high.x, std::min(p.x + kBeyondRoom_m, high.x + kBeyondMost_m)), std::max(plan.high.y, std::min(p.y + kBeyondRoom_m, high.y + kBeyondMost_m))};
  }
  plan.scale = std::min(kPlanWidth / (plan.high.x - plan.low.x), kPlanHeightMost / (plan.high.y - plan.low.y));
  plan.left = kMargin + (kPlanWidth - (plan.high.x - plan.low.x) * plan.scale) / 2.0;
  return plan;
}

std::string name_of(const KeepClear& area) {
  if (area.name == "kitting") return "准备区  Kitting";
  if (area.name == "entrance") return "入口  In";
  if (area.name == "exit") return "出口  Out";
  if (area.name.starts_with("seat ")) return area.name.substr(5);
  return area.name;
}

// What stays white is where a film's places and ways may lie.
void draw_hall(Canvas& canvas, const Plan& plan, const FloorPlan& floor) {
  const std::vector<Point> walls = plan.at(floor.boundary);
  canvas.fill(walls, kFree);
  canvas.clip(std::vector<std::vector<Point>>{walls});
  canvas.line(walls, {kKept, 2.0 * floor.wall_margin_m * plan.scale}, true);
  for (const Polygon& obstacle : floor.obstacles) {
    canvas.fill(plan.at(obstacle), kKept);
    canvas.line(plan.at(obstacle), {kKept, 2.0 * floor.wall_margin_m * plan.scale}, true);
  }
  for (const KeepClear& area : floor.keep_clear) {
    if (area.outline.size() < 3) {
      canvas.disc(plan.at(area.outline.front()), area.margin_m * plan.scale, kKept);
    } else {
      canvas.fill(plan.at(area.outline), kKept);
      canvas.line(plan.at(area.outline), {kKept, 2.0 * area.margin_m * plan.scale}, true);
    }
  }
  for (const KeepClear& area : floor.keep_clear) {
    if (area.outline.size() >= 3) canvas.fill(plan.at(area.outline), kArea);
    else if (area.solid_m > 0.0) canvas.disc(plan.at(area.outline.front()), area.solid_m * plan.scale, kArea);
  }
  canvas.unclip();
  for (const Polygon& obstacle : floor.obstacles) canvas.fill(plan.at(obstacle), drawing::colour(0x4a5660));
  canvas.line(walls, {kInk, 4.0, {}, false}, true);
}

void draw_area_names(Canvas& canvas, const Plan& plan, const FloorPlan& floor) {
  for (const KeepClear& area : floor.keep_clear) {
    HallVec sum;
    for (const HallPoint p : area.outline) sum = sum + (p - HallPoint{});
    const Point at = plan.at(HallPoint{} + sum * (1.0 / static_cast<double>(area.outline.size())));
    const bool door = area.outline.size() < 3 && area.solid_m <= 0.0;
    if (door) canvas.disc(at, 4.0, kFaint);
    const double beside = at.y > (kPlanTop + plan.bottom()) / 2.0 ? -9.0 : 19.0;
    canvas.text({at.x, at.y + (door ? beside : 4.5)}, name_of(area), {.size = 13, .colour = kFaint, .align = Align::middle, .halo = 3.0, .halo_colour = door ? kKept : kArea});
  }
}

void draw_arrow(Canvas& canvas, Point a, Point b, const Colour& colour) {
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  if (length < 2.4 * kBadge) {
    canvas.line(a, b, {colour, 3.0});
    return;
  }
  const double ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
  const Point from{a.x + ux * kBadge, a.y + uy * kBadge}, tip{b.x - ux * (kBadge + 2), b.y - uy * (kBadge + 2)}, neck{tip.x - ux * 8, tip.y - uy * 8};
  canvas.line(from, neck, {colour, 3.0});
  canvas.fill(std::vector<Point>{tip, {neck.x - uy * 5, neck.y + ux * 5}, {neck.x + uy * 5, neck.y - ux * 5}}, colour);
}

double share_of(const FitReport& report, std::size_t scene, bool leg) {
  const auto found = std::ranges::find_if(report.trouble, [&](const PartTrouble& part) { return part.scene == scene && part.leg == leg; });
  return found == report.trouble.end() ? 0.0 : found->share;
}

void draw_badge(Canvas& canvas, Point at, double radius, std::size_t scene, const Colour& colour) {
  canvas.disc(at, radius + 1.5, kFree);
  canvas.disc(at, radius, colour);
  canvas.text({at.x, at.y + radius * 0.38}, base::formatted("{}", scene + 1), {.size = radius * 1.12, .colour = kFree, .align = Align::middle, .bold = true});
}

// Where a badge can be read: pushed off the one before it that it would cover.
Point beside(const std::vector<Point>& badges, Point at) {
  for (const Point& other : badges) {
    const double dx = at.x - other.x, dy = at.y - other.y, apart = std::hypot(dx, dy), wanted = 2.0 * kBadge + 1.0;
    if (apart >= wanted) continue;
    if (apart < 1.0) at.x = other.x + wanted;
    else at = {other.x + dx * wanted / apart, other.y + dy * wanted / apart};
  }
  return at;
}

std::vector<HallPoint> places_of(const package::Route& route, const FitReport& report) {
  if (report.best) return lay(route, report.best->placement, report.best->scale);
  if (report.redirection) return lay(route, report.redirection->as_made.bent.placement, 1.0);
  return {};
}

void draw_film(Canvas& canvas, const Plan& plan, const FloorPlan& floor, const package::Route& route, const FitReport& report) {
  const std::vector<HallPoint> places = places_of(route, report);
  if (places.empty()) return;
  for (const HallPoint p : places) canvas.disc(plan.at(p), floor.separation_m / 2.0 * plan.scale, kTaken);
  canvas.line(plan.at(places), {kTaken, floor.separation_m * plan.scale});
  if (report.best) {
    for (const Block& block : report.best->blocks) {
      if (block.scene <= 0 && block.path.size() > 1) canvas.line(plan.at(block.path), {kWay, 2.0, {7, 5}, false});
      if (block.scene == kNoScene) canvas.ring(plan.at(block.place()), 3.5, {kWay, 1.5});
    }
  }
  if (report.redirection) {
    for (const Path& leg : walk_of(route, report.redirection->bent.bent)) {
      canvas.line(plan.at(leg), {kBent, 2.5, {8, 4}, false});
      canvas.disc(plan.at(leg.front()), 4.5, kBent);
      canvas.disc(plan.at(leg.back()), 4.5, kBent);
    }
  }
  for (std::size_t i = 0; i + 1 < places.size(); ++i) draw_arrow(canvas, plan.at(places[i]), plan.at(places[i + 1]), colour_of(share_of(report, i, true)));
  std::vector<Point> badges;
  for (std::size_t i = 0; i < places.size(); ++i) {
    badges.push_back(beside(badges, plan.at(places[i])));
    draw_badge(canvas, badges.back(), kBadge, i, colour_of(share_of(report, i, false)));
  }
  if (report.best) return;
  const LaidRoute laid{report.redirection->as_made.bent.placement, 1.0};
  for (const PartTrouble& part : broken_parts(Floor(floor), route, laid)) {
    Point at = plan.at(places[part.scene]);
    if (part.leg) {
      const Point next = plan.at(places[part.scene + 1]);
      at = {(at.x + next.x) / 2.0, (at.y + next.y) / 2.0};
    }
    canvas.ring(at, kBadge + 6.0, {kTrouble, 3.0, {5, 4}});
  }
}

double column_height(const package::Route& route) {
  const std::size_t scenes = std::min(route.scenes.size(), kRowsMost);
  return 56.0 + static_cast<double>(scenes) * kSceneRow + static_cast<double>(scenes) * kLegRow;
}

std::string cut(Canvas& canvas, std::string words, double size, double width) {
  std::ranges::replace(words, '_', ' ');
  if (canvas.text_width(words, size, true) <= width) return words;
  while (!words.empty() && canvas.text_width(words + "…", size, true) > width) {
    while ((static_cast<unsigned char>(words.back()) & 0xC0U) == 0x80U) words.pop_back();  // the rest of a letter
    words.pop_back();
  }
  return words + "…";
}

std::string bend_words(const BentRoute& bent, std::size_t scene, bool leg) {
  constexpr double kNothing = 0.005, kNoArc = 0.02;
  if (!leg) return std::abs(bent.turns[scene] - 1.0) > kNothing ? base::formatted("转 turn ×{:.2f}", bent.turns[scene]) : std::string();
  const LegBend& bend = bent.legs[scene];
  std::string words = std::abs(bend.gain - 1.0) > kNothing ? base::formatted("增益 gain {:.2f}", bend.gain) : std::string();
  if (std::abs(bend.curve_per_m) * kRadiusLeast_m > kNoArc) words += base::formatted("{}弧 arc {:.0f} m {}", words.empty() ? "" : "  ", 1.0 / std::abs(bend.curve_per_m), bend.curve_per_m > 0.0 ? "左 L" : "右 R");
  return words;
}

void draw_column(Canvas& canvas, const package::Route& route, const FitReport& report) {
  const double left = kColumnLeft, right = kColumnLeft + kColumn;
  canvas.text({left, kPlanTop + 12}, "单独一处使多少布位落空", {.size = 16, .colour = kInk, .bold = true});
  canvas.text({left, kPlanTop + 32}, "Placements that one scene alone spoils", {.size = 14, .colour = kInk});
  double y = kPlanTop + 48.0;
  const std::size_t scenes = std::min(route.scenes.size(), kRowsMost);
  const BentRoute* bent = report.redirection && report.redirection->strength ? &report.redirection->bent.bent : nullptr;
  for (std::size_t i = 0; i < scenes; ++i) {
    const double share = share_of(report, i, false);
    canvas.line({left, y}, {right, y}, {kRule, 1.0, {}, false});
    draw_badge(canvas, {left + 12, y + 18}, 11.0, i, colour_of(share));
    canvas.text({left + 32, y + 23}, cut(canvas, route.scenes[i].name, 15, bent != nullptr ? 150 : 240), {.size = 15, .colour = kInk, .bold = true});
    if (bent != nullptr) canvas.text({right - 52, y + 23}, bend_words(*bent, i, false), {.size = 13, .colour = kBent, .align = Align::right});
    canvas.text({right, y + 23}, base::formatted("{:.0f} %", share * 100.0), {.size = 15, .colour = share >= kTroubleShare ? kTrouble : kInk, .align = Align::right, .bold = share >= kTroubleShare});
    canvas.rectangle({left + 32, y + 32}, kColumn - 32.0, 5.0, kRule, 2.5);
    if (share > 0.0) canvas.rectangle({left + 32, y + 32}, std::max(5.0, (kColumn - 32.0) * share), 5.0, colour_of(share), 2.5);
    y += kSceneRow;
    if (i + 1 == route.scenes.size()) break;
    const double leg = share_of(report, i, true);
    canvas.text({left + 32, y + 18}, base::formatted("{} → {}", i + 1, i + 2), {.size = 13, .colour = kFaint});
    if (bent != nullptr) canvas.text({right - 52, y + 18}, bend_words(*bent, i, true), {.size = 13, .colour = kBent, .align = Align::right});
    canvas.text({right, y + 18}, base::formatted("{:.0f} %", leg * 100.0), {.size = 13, .colour = leg >= kSomeShare ? colour_of(leg) : kFaint, .align = Align::right, .bold = leg >= kTroubleShare});
    y += kLegRow;
  }
  if (scenes < route.scenes.size()) canvas.text({left, y + 20}, base::formatted("另有 {0} 场  {0} more scenes", route.scenes.size() - scenes), {.size = 13, .colour = kFaint});
}

struct Figure {
  std::string what, value;
};

std::vector<Figure> figures_of(const FitReport& report) {
  std::vector<Figure> all;
  const auto add = [&all](std::string what, std::string value) { all.push_back({std::move(what), std::move(value)}); };
  add("路线  route", base::formatted("{:.1f} × {:.1f} m", report.width_m, report.depth_m));
  add("可行布位  placements that keep the margins", base::formatted("{} / {}", report.placements_fitting, report.placements_tried));
  if (report.fits) {
    add("离墙柱最多  most room to walls and columns", base::formatted("{:.2f} m", report.clearance_best_m));
    add("同一布位间隔  headway in one placement", report.headway_s ? base::formatted("{:.0f} s", *report.headway_s) : std::string("整部影片  the whole film"));
    add("独占影厅  alone in the hall", base::formatted("{:.1f} 人同时 at once · {:.0f} 人/时 an hour", report.alone.at_once, report.alone.viewers_per_hour));
  }
  if (report.among) {
    add(base::formatted("{0} 部影片同厅  among {0} films: all", report.among->films), base::formatted("{:.1f} · {:.0f}", report.among->all.at_once, report.among->all.viewers_per_hour));
    add("其中本片  of them this film", base::formatted("{:.1f} · {:.0f}", report.among->film.at_once, report.among->film.viewers_per_hour));
    add("没有本片  without this film", base::formatted("{:.1f} · {:.0f}", report.among->without.at_once, report.among->without.viewers_per_hour));
  }
  if (!report.by_gain.empty()) {
    const auto first = std::ranges::find_if(report.by_gain, [](const GainFit& one) { return one.placements_fitting > 0; });
    add("平移增益，可行布位  translation gain, placements", first == report.by_gain.end()
        ? base::formatted("{:.2f}: 0", report.by_gain.back().gain)
        : base::formatted("{:.2f}: {} · {:.2f}: {}", first->gain, first->placements_fitting, report.by_gain.back().gain, report.by_gain.back().placements_fitting));
  }
  if (report.redirection) {
    const Redirection& bend = *report.redirection;
    add("逐段弯曲，占察觉阈值  bent leg by leg, of the thresholds", bend.strength ? base::formatted("{:.0f} %", *bend.strength * 100.0) : base::formatted("不够 not enough: {:.2f} m", bend.bent.overhang_m));
  }
  return all;
}

void draw_figures(Canvas& canvas, const FitReport& report, double top) {
  double y = top;
  for (const Figure& one : figures_of(report)) {
    canvas.line({kMargin, y}, {kMargin + kPlanWidth, y}, {kRule, 1.0, {}, false});
    canvas.text({kMargin, y + 17.5}, one.what, {.size = 14, .colour = kFaint});
    canvas.text({kMargin + kPlanWidth, y + 17.5}, one.value, {.size = 14, .colour = kInk, .align = Align::right, .bold = true});
    y += kFigureRow;
  }
}

using Sign = std::function<void(Canvas&, Point)>;

std::vector<std::pair<Sign, std::string>> signs_of(const FitReport& report) {
  const auto disc = [](Colour colour) { return Sign([colour](Canvas& canvas, Point at) { canvas.disc(at, 8.0, colour); }); };
  const auto dashes = [](Colour colour) { return Sign([colour](Canvas& canvas, Point at) { canvas.line({at.x - 12, at.y}, {at.x + 12, at.y}, {colour, 2.5, {6, 4}, false}); }); };
  const auto square = [](Colour colour) {
    return Sign([colour](Canvas& canvas, Point at) {
      canvas.rectangle({at.x - 10, at.y - 8}, 20, 16, colour);
      canvas.frame({at.x - 10, at.y - 8}, 20, 16, {kFaint, 0.7, {}, false});
    });
  };
  std::vector<std::pair<Sign, std::string>> signs{
      {disc(kQuiet), base::formatted("低于 under {:.0f} %", kSomeShare * 100.0)},
      {disc(kSome), base::formatted("{:.0f}–{:.0f} %", kSomeShare * 100.0, kTroubleShare * 100.0)},
      {disc(kTrouble), base::formatted("问题所在 the trouble: {:.0f} %+", kTroubleShare * 100.0)},
      {square(kKept), "影片须让开  films keep off"},
      {square(kTaken), "半个间距  half the way to others"},
  };
  if (report.best) signs.emplace_back(dashes(kWay), "进出场  ways in and out");
  if (report.redirection) signs.emplace_back(dashes(kBent), "重定向后实走  walked if redirected");
  if (!report.best && report.redirection) signs.emplace_back([](Canvas& canvas, Point at) { canvas.ring(at, 9.0, {kTrouble, 3.0, {5, 4}}); }, "越界  breaks a margin");
  return signs;
}

constexpr std::size_t kSignsInRow = 3;

double legend_height(const FitReport& report) { return std::ceil(static_cast<double>(signs_of(report).size()) / static_cast<double>(kSignsInRow)) * kLegendRow; }

void draw_legend(Canvas& canvas, const Plan& plan, const FitReport& report, double top) {
  const auto signs = signs_of(report);
  for (std::size_t i = 0; i < signs.size(); ++i) {
    const double x = kMargin + static_cast<double>(i % kSignsInRow) * 275.0, y = top + static_cast<double>(i / kSignsInRow) * kLegendRow;
    signs[i].first(canvas, {x + 12, y + 9});
    canvas.text({x + 32, y + 14}, signs[i].second, {.size = 14, .colour = kInk});
  }
  double bar_m = 1.0;
  for (const double metres : {2.0, 5.0}) {
    if (metres * plan.scale <= 180.0) bar_m = metres;
  }
  const double right = plan.right(), from = right - bar_m * plan.scale, y = plan.bottom() + 22.0;
  canvas.line(std::vector<Point>{{from, y - 6}, {from, y}, {right, y}, {right, y - 6}}, {kInk, 1.4, {}, false});
  canvas.text({from - 8, y + 3}, base::formatted("{:.0f} m", bar_m), {.size = 14, .colour = kInk, .align = Align::right});
}

std::string verdict_of(const FitReport& report) {
  if (report.fits && report.scale >= 1.0) return "放得下  Fits";
  if (report.fits) return base::formatted("缩至 {0:.0f} % 放得下  Fits at {0:.0f} % of its size", report.scale * 100.0);
  if (!report.redirection) return "放不下  Does not fit";
  return base::formatted("放不下，至少超出 {0:.2f} m  Does not fit: at best {0:.2f} m over", report.redirection->as_made.overhang_m);
}

double sheet_height(const Plan& plan, const package::Route& route, const FitReport& report) {
  const double below = plan.bottom() + 44.0 + legend_height(report) + 12.0 + kFigureRow * static_cast<double>(figures_of(report).size());
  return std::max(below, kPlanTop + column_height(route)) + 30.0;
}

base::Result<std::string> drawn(Canvas canvas, double height, const Plan& plan, const FloorPlan& floor, const package::Route& route, const FitReport& report, const FitHeading& heading) {
  canvas.rectangle({0, 0}, kWidth, height, kPaper);
  constexpr double kTitles = 420.0;  // either of them at most
  const double zh = canvas.text({kMargin, 62}, cut(canvas, heading.zh, 30, kTitles), {.size = 30, .colour = kInk, .bold = true});
  if (heading.en != heading.zh) canvas.text({kMargin + (zh > 0.0 ? zh + 16.0 : 0.0), 62}, cut(canvas, heading.en, 26, kTitles), {.size = 26, .colour = kInk});
  canvas.text({kWidth - kMargin, 62}, heading.hall, {.size = 18, .colour = kInk, .align = Align::right});
  canvas.text({kMargin, 104}, verdict_of(report), {.size = 20, .colour = !report.fits ? kTrouble : report.scale < 1.0 ? kSome : kWay, .bold = true});
  canvas.text({kMargin, 131}, report.best ? "最宽松的布位  the placement with most room" : report.redirection ? "最接近的布位  the placement that comes nearest" : "", {.size = 15, .colour = kFaint});
  canvas.text({kWidth - kMargin, 131}, base::formatted("观众相距 {0:.1f} m，离墙 {1:.2f} m  {0:.1f} m apart, {1:.2f} m from walls", floor.separation_m, floor.wall_margin_m), {.size = 14, .colour = kFaint, .align = Align::right});
  draw_hall(canvas, plan, floor);
  const double left = kMargin / 2.0, right = kColumnLeft - kGap / 2.0, top = kPlanTop - 24.0, bottom = plan.bottom() + 14.0;  // a film may be larger than the hall
  canvas.clip(std::vector<std::vector<Point>>{{{left, top}, {right, top}, {right, bottom}, {left, bottom}}});
  draw_film(canvas, plan, floor, route, report);
  canvas.unclip();
  draw_area_names(canvas, plan, floor);
  draw_column(canvas, route, report);
  const double legend_top = plan.bottom() + 44.0;
  draw_legend(canvas, plan, report, legend_top);
  draw_figures(canvas, report, legend_top + legend_height(report) + 12.0);
  return canvas.finish();
}

}  // namespace

base::Result<std::string> fit_svg(const FloorPlan& floor, const package::Route& route, const FitReport& report, const FitHeading& heading) {
  const Plan plan = plan_of(floor, places_of(route, report));
  const double height = sheet_height(plan, route, report);
  return drawn(Canvas::svg(kWidth, height), height, plan, floor, route, report, heading);
}

base::Result<std::string> fit_png(const FloorPlan& floor, const package::Route& route, const FitReport& report, const FitHeading& heading) {
  const Plan plan = plan_of(floor, places_of(route, report));
  const double height = sheet_height(plan, route, report);
  return drawn(Canvas::png(kWidth, height, kPngScale), height, plan, floor, route, report, heading);
}

}  // namespace promenade::planning
