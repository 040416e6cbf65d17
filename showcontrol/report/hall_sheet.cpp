#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "showcontrol/report/heat_map.h"
#include "tracking/base/formatted.h"

namespace promenade::report {
namespace {

using drawing::Align;
using drawing::Canvas;
using drawing::Point;
using tracking::HallPoint;

constexpr double kHallHeightMost = 760.0;
constexpr double kFilmRow = 62.0;

std::vector<Point> outline(const Frame& frame, const tracking::Polygon& polygon) {
  std::vector<Point> points;
  for (const HallPoint& corner : polygon) points.push_back(frame.at(corner.x, corner.y));
  return points;
}

struct Share {
  std::size_t near = 0, contacts = 0;
  double hours = 0.0;
};

std::vector<std::pair<std::string, Share>> shares_of(const Summary& summary) {
  std::map<std::string, Share> by_film;
  for (const Row& row : summary.rows) {
    Share& share = by_film[row.film];
    share.near += row.near_misses();
    share.contacts += row.contacts + row.wall_contacts;
    share.hours += row.hours;
  }
  std::vector<std::pair<std::string, Share>> shares(by_film.begin(), by_film.end());
  std::ranges::stable_sort(shares, std::ranges::greater{}, [](const auto& one) { return one.second.near; });
  return shares;
}

void draw_floor(Canvas& canvas, const Frame& frame, const tracking::Venue& venue, const Density& density) {
  const std::vector<std::vector<Point>> floor{outline(frame, venue.boundary)};
  canvas.fill(floor, kFloor);
  canvas.clip(floor);
  draw_grid(canvas, frame);
  canvas.fill(outline(frame, venue.kitting), drawing::colour(0xe6edf2));
  for (const tracking::Seat& seat : venue.seats) {
    canvas.disc(frame.at(seat.at.x, seat.at.y), seat.radius_m * frame.scale, drawing::colour(0xf3ede4));
    canvas.ring(frame.at(seat.at.x, seat.at.y), seat.radius_m * frame.scale, {drawing::colour(0xb9a88f), 1.2});
  }
  draw_density(canvas, frame, density);
  canvas.unclip();
  for (const tracking::Obstacle& obstacle : venue.obstacles) canvas.fill(outline(frame, obstacle.outline), drawing::colour(0x4a5660));
  canvas.line(outline(frame, venue.boundary), {kInk, 4.0, {}, false}, true);
  for (const tracking::Door* door : {&venue.entrance, &venue.exit}) {
    canvas.line(frame.at(door->left.x, door->left.y), frame.at(door->right.x, door->right.y), {kPaper, 7.0, {}, false});
    canvas.line(frame.at(door->left.x, door->left.y), frame.at(door->right.x, door->right.y), {kFaint, 1.2, {4, 3}, false});
  }
}

// Outside, in front of the doorway; turned where the wall is upright.
void draw_door_name(Canvas& canvas, const Frame& frame, const tracking::Door& door, const std::string& words) {
  const Point middle = frame.at((door.left.x + door.right.x) / 2.0, (door.left.y + door.right.y) / 2.0), inside = frame.at(door.at.x, door.at.y);
  const double dx = middle.x - inside.x, dy = middle.y - inside.y, length = std::max(1e-9, std::hypot(dx, dy));
  const bool upright = std::abs(dx) > std::abs(dy);
  const Point at{middle.x + 18.0 * dx / length, middle.y + 18.0 * dy / length};
  const double turn = upright ? -std::numbers::pi / 2.0 : 0.0;
  canvas.text(upright ? Point{at.x + 5.0, at.y} : Point{at.x, at.y + 5.0}, words, {.size = 14, .colour = kInk, .align = Align::middle, .turn_rad = turn});
}

void draw_names(Canvas& canvas, const Frame& frame, const tracking::Venue& venue) {
  HallPoint corner = venue.kitting.front();  // the lower left one of its box: near misses leave it free most likely
  for (const HallPoint& one : venue.kitting) corner = {std::min(corner.x, one.x), std::min(corner.y, one.y)};
  const Point at_corner = frame.at(corner.x, corner.y);
  canvas.text({at_corner.x + 10, at_corner.y - 11}, "准备区 Kitting", {.size = 14, .colour = kFaint, .halo = 2.0, .halo_colour = drawing::colour(0xe6edf2)});
  for (const tracking::Seat& seat : venue.seats) {
    const Point at = frame.at(seat.at.x, seat.at.y);
    canvas.text({at.x, at.y + 4}, seat.id, {.size = 12, .colour = drawing::colour(0x7a6a52), .align = Align::middle});
  }
  draw_door_name(canvas, frame, venue.entrance, "入口 In");
  draw_door_name(canvas, frame, venue.exit, "出口 Out");
}

void draw_films(Canvas& canvas, const std::vector<std::pair<std::string, Share>>& shares, const FilmTitles& titles) {
  const double left = kColumnLeft, right = kColumnLeft + kColumnWidth;
  canvas.text({left, kPlanTop + 14}, "按影片  By film", {.size = 16, .colour = kInk, .bold = true});
  canvas.text({right, kPlanTop + 14}, "险情  near misses", {.size = 13, .colour = kFaint, .align = Align::right});
  double y = kPlanTop + 28.0;
  const double most = shares.empty() ? 1.0 : static_cast<double>(std::max<std::size_t>(1, shares.front().second.near));
  for (const auto& [film, share] : shares) {
    canvas.line({left, y}, {right, y}, {kRule, 1.0, {}, false});
    const auto found = titles.find(film);
    const std::string zh = film.empty() ? "没有影片" : found == titles.end() ? film : found->second.zh;
    const std::string en = film.empty() ? "without a film" : found == titles.end() ? "" : found->second.en;
    const double width = canvas.text({left, y + 24}, zh, {.size = 16, .colour = kInk, .bold = true});
    if (en != zh) canvas.text({left + width + 9, y + 24}, shortened(canvas, en, 13, kColumnWidth - width - 70), {.size = 13, .colour = kFaint});
    canvas.text({right, y + 25}, base::formatted("{}", share.near), {.size = 19, .colour = kInk, .align = Align::right, .bold = true});
    canvas.rectangle({left, y + 33}, 190.0, 5.0, drawing::colour(0xe3e8ec), 2.5);
    if (share.near > 0) canvas.rectangle({left, y + 33}, std::max(5.0, 190.0 * static_cast<double>(share.near) / most), 5.0, heat_colour(0.62), 2.5);
    std::string facts = share.hours > 0.0 ? base::formatted("{:.0f} / 1000 h", 1000.0 * static_cast<double>(share.near) / share.hours) : std::string();
    if (share.contacts > 0) facts += base::formatted("{}碰触 {}", facts.empty() ? "" : " · ", share.contacts);
    canvas.text({right, y + 46}, facts, {.size = 12, .colour = kFaint, .align = Align::right});
    y += kFilmRow;
  }
  canvas.line({left, y}, {right, y}, {kRule, 1.0, {}, false});
}

}  // namespace

Sheet hall_sheet(const tracking::Venue& venue, const std::vector<Mark>& marks, const Summary& summary, const FilmTitles& titles, const Heading& heading) {
  Place low{venue.boundary.front().x, venue.boundary.front().y}, high = low;
  for (const HallPoint& corner : venue.boundary) {
    low = {std::min(low.x, corner.x), std::min(low.y, corner.y)};
    high = {std::max(high.x, corner.x), std::max(high.y, corner.y)};
  }
  const Frame frame = fit_frame(low, high, kHallHeightMost);
  const auto shares = shares_of(summary);
  const double column_height = 40.0 + kFilmRow * static_cast<double>(shares.size());
  const double legend_top = kPlanTop + frame.height() + 58.0;
  std::vector<Place> places;
  for (const Mark& mark : marks) {
    if (!mark.contact) places.push_back(mark.at);
  }
  SheetHeading head{venue.name.zh, venue.name.en, "险情热图  Where near misses were", heading.period, {}};
  head.facts = base::formatted("观众之间险情 {}，碰触 {}；与墙柱险情 {}，碰触 {}。 {} near misses between viewers, {} with walls; {} contacts", summary.near_others, summary.contacts, summary.near_walls,
                               summary.wall_contacts, summary.near_others, summary.near_walls, summary.contacts + summary.wall_contacts);
  if (summary.hours > 0.0) head.facts += base::formatted("; {:.1f} viewer-hours", summary.hours);
  if (!heading.choice.empty()) head.facts += ". " + heading.choice;
  Sheet sheet;
  sheet.height = std::max(legend_top + kLegendHeight, kPlanTop + column_height) + 24.0;
  sheet.draw = [=, height = sheet.height](Canvas& canvas) {
    const Density density(frame.low, frame.high, places);
    draw_heading(canvas, height, head);
    draw_floor(canvas, frame, venue, density);
    draw_names(canvas, frame, venue);
    draw_marks(canvas, frame, marks);
    draw_films(canvas, shares, titles);
    draw_legend(canvas, legend_top, density, frame, marks, false);
  };
  return sheet;
}

}  // namespace promenade::report
