// The overview: the hall, where each sheet lies, and the distances by which a tape finds its place and checks it.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "showcontrol/marks/draw.h"
#include "tracking/base/formatted.h"

namespace promenade::marks {
namespace {

using base::formatted;
using drawing::Align;
using drawing::Point;
using tracking::HallPoint;

constexpr drawing::Colour kFloor = drawing::colour(0xf5f6f8), kSolid = drawing::colour(0x8b919c), kArea = drawing::colour(0xe3ebf7);

// From the hall's metres to the sheet's millimetres.
struct Scale {
  double mm_per_m = 1.0;
  Point low;               // of the drawing, upper left
  HallPoint corner;        // of the hall: least x, largest y
  Point operator()(HallPoint p) const { return {low.x + (p.x - corner.x) * mm_per_m, low.y + (corner.y - p.y) * mm_per_m}; }
};

std::vector<Point> outline(const Scale& to, const tracking::Polygon& polygon) {
  std::vector<Point> points;
  for (const HallPoint p : polygon) points.push_back(to(p));
  return points;
}

std::string corner_name(std::size_t i) {
  return i < 26 ? std::string(1, static_cast<char>('A' + i)) : std::string(1, static_cast<char>('A' + i / 26 - 1)) + static_cast<char>('A' + i % 26);
}

// Two corners from which tapes meet at a good angle: nearest first, crossing between 30 and 150 degrees.
std::pair<std::size_t, std::size_t> corners_for(const tracking::Polygon& boundary, HallPoint at) {
  std::pair<std::size_t, std::size_t> best{0, 1};
  double best_m = 1e9;
  for (std::size_t i = 0; i < boundary.size(); ++i) {
    for (std::size_t j = i + 1; j < boundary.size(); ++j) {
      const tracking::HallVec a = boundary[i] - at, b = boundary[j] - at;
      const double cosine = tracking::dot(a, b) / std::max(1e-9, tracking::length(a) * tracking::length(b));
      const double sum_m = tracking::length(a) + tracking::length(b) + (std::abs(cosine) > 0.866 ? 1000.0 : 0.0);
      if (sum_m < best_m) {
        best_m = sum_m;
        best = {i, j};
      }
    }
  }
  return best;
}

struct Named {
  std::string name;
  HallPoint at;
};

std::vector<Named> all_of(const tracking::Venue& venue) {
  std::vector<Named> all;
  for (const tracking::MarkPair& pair : venue.marks) {
    all.push_back({pair.id + " · 1", pair.first});
    all.push_back({pair.id + " · 2", pair.second});
  }
  for (std::size_t i = 2 * venue.marks.size(); i < venue.tags.size(); ++i) all.push_back({formatted("Tag {}", venue.tags[i].id), venue.tags[i].at});
  return all;
}

void draw_hall(Sheet& sheet, const tracking::Venue& venue, const Scale& to) {
  const drawing::Colour white = drawing::colour(0xffffff);
  sheet.outline(outline(to, venue.boundary), 0.8, kInk, &kFloor);
  sheet.outline(outline(to, venue.kitting), 0.2, kHair, &kArea);
  for (const tracking::Obstacle& obstacle : venue.obstacles) sheet.outline(outline(to, obstacle.outline), 0.3, kInk, &kSolid);
  for (const auto& [door, words] : {std::pair{&venue.entrance, "入口 in"}, std::pair{&venue.exit, "出口 out"}}) {
    sheet.line(to(door->left), to(door->right), 2.0, white);
    sheet.line(to(door->left), to(door->right), 0.6, kSignal);
    sheet.words({to(door->at).x, to(door->at).y + 1.0}, words, 3.0, kQuiet, false, Align::middle);
  }
  const HallPoint middle{(venue.boundary.front().x + venue.boundary[venue.boundary.size() / 2].x) / 2.0, (venue.boundary.front().y + venue.boundary[venue.boundary.size() / 2].y) / 2.0};
  for (std::size_t i = 0; i < venue.boundary.size(); ++i) {
    const Point p = to(venue.boundary[i]);
    const double out_x = venue.boundary[i].x < middle.x ? -2.8 : 2.8, out_y = venue.boundary[i].y < middle.y ? 4.6 : -1.6;
    sheet.words({p.x + out_x, p.y + out_y}, corner_name(i), 4.0, kSignal, true, Align::middle);
  }
}

void draw_marks(Sheet& sheet, const tracking::Venue& venue, const Scale& to) {
  for (const tracking::MarkPair& pair : venue.marks) {
    const Point first = to(pair.first), second = to(pair.second);
    const double along_x = std::sin(pair.arrow_rad()) * -1.0, along_y = -std::cos(pair.arrow_rad());
    sheet.line(first, second, 0.25, kSignal, true);
    for (const auto& [p, number] : {std::pair{first, 1}, std::pair{second, 2}}) {
      sheet.disc(p, 1.1, kSignal);
      sheet.arrow(p, {p.x + 7.0 * along_x, p.y + 7.0 * along_y}, 0.5, kSignal);
      sheet.words({p.x, p.y - 2.6}, formatted("{} · {}", pair.id, number), 3.2, kInk, true, number == 1 ? Align::left : Align::right);
    }
    sheet.words({(first.x + second.x) / 2.0, (first.y + second.y) / 2.0 + 4.2}, formatted("{:.3f} m", tracking::distance(pair.first, pair.second)), 3.0, kInk, false, Align::middle);
  }
  for (std::size_t i = 2 * venue.marks.size(); i < venue.tags.size(); ++i) {
    const tracking::Tag& tag = venue.tags[i];
    const Point p = to(tag.at);
    sheet.outline({{p.x - 1.2, p.y - 1.2}, {p.x + 1.2, p.y - 1.2}, {p.x + 1.2, p.y + 1.2}, {p.x - 1.2, p.y + 1.2}}, 0.3, kInk, &kInk);
    sheet.arrow(p, {p.x - 6.0 * std::sin(tag.yaw_rad), p.y - 6.0 * std::cos(tag.yaw_rad)}, 0.4, kInk);
    sheet.words({p.x, p.y - 2.4}, formatted("{}", tag.id), 3.0, kInk, false, Align::middle);
  }
}

// One line for each sheet, with the two corners from which it is found. Gives the baseline after it.
double draw_table(Sheet& sheet, const tracking::Venue& venue, double y, double bottom, double width) {
  const std::array<double, 4> columns{0.0, width * 0.18, width * 0.44, width * 0.72};
  const std::array<const char*, 4> heads{"", "x, y (m)", "卷尺 tape 1 (m)", "卷尺 tape 2 (m)"};
  for (std::size_t i = 0; i < columns.size(); ++i) sheet.words({columns[i], y}, heads[i], 3.2, kQuiet);
  sheet.line({0.0, y + 1.6}, {width, y + 1.6}, 0.2, kHair);
  y += 6.0;
  const std::vector<Named> all = all_of(venue);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (y > bottom - 5.0 && i + 1 < all.size()) {
      sheet.words({0.0, y}, formatted("… 另有 {} 个，见各页。　and {} more: see their sheets.", all.size() - i, all.size() - i), 3.2, kQuiet);
      return y + 5.0;
    }
    const Named& one = all[i];
    const auto [a, b] = corners_for(venue.boundary, one.at);
    sheet.words({columns[0], y}, one.name, 3.6, kInk, true);
    sheet.words({columns[1], y}, formatted("{:.3f}, {:.3f}", one.at.x, one.at.y), 3.6);
    sheet.words({columns[2], y}, formatted("{}　{:.3f}", corner_name(a), tracking::distance(venue.boundary[a], one.at)), 3.6);
    sheet.words({columns[3], y}, formatted("{}　{:.3f}", corner_name(b), tracking::distance(venue.boundary[b], one.at)), 3.6);
    y += 5.0;
  }
  return y;
}

}  // namespace

void draw_plan(Sheet& sheet, const Layout& layout, const Page& page) {
  const tracking::Venue& venue = *layout.venue;
  const double width = page.sheet_width_mm;
  sheet.words({0.0, 7.0}, venue.name.zh + "　" + venue.name.en, 6.5, kInk, true);
  sheet.words({0.0, 13.0}, "地面标记与标签　floor marks and tags", 4.2, kQuiet);

  HallPoint low = venue.boundary.front(), high = low;
  for (const HallPoint p : venue.boundary) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  constexpr double kTop = 22.0, kEdge = 7.0;
  const double room_high = page.sheet_height_mm * 0.42;
  Scale to;
  to.mm_per_m = std::min((width - 2.0 * kEdge) / (high.x - low.x), room_high / (high.y - low.y));
  to.low = {(width - (high.x - low.x) * to.mm_per_m) / 2.0, kTop};
  to.corner = {low.x, high.y};
  draw_hall(sheet, venue, to);
  draw_marks(sheet, venue, to);

  const double steps = 88.0;
  double y = kTop + (high.y - low.y) * to.mm_per_m + 12.0;
  y = draw_table(sheet, venue, y, page.sheet_height_mm - steps, width) + 4.0;
  static constexpr std::array<std::pair<const char*, const char*>, 5> kSteps{{
      {"1　打印后先量每页的标尺：正好 100 mm，否则按 100 % 重新打印。", "Measure the ruler on every page: exactly 100 mm, or print again at 100 %."},
      {"2　用两把卷尺，从表中的墙角量出每个十字的位置。", "Find each cross with two tapes, from the corners in the table."},
      {"3　在同一对的两个十字间拉一根线：两页的箭头都沿线，从 1 指向 2。", "Stretch a string between the two crosses of a pair: both arrows lie along it, from 1 to 2."},
      {"4　贴平，覆哑光膜。", "Glue flat, under a matt film."},
      {"5　量同一对两个十字的距离：与平面图相差不超过 10 mm。每月再量一次。", "Measure from cross to cross of each pair: within 10 mm of the plan. Measure again every month."}}};
  for (const auto& [zh, en] : kSteps) {
    y = sheet.paragraph({0.0, y}, width, zh, 3.4);
    y = sheet.paragraph({4.5, y}, width - 4.5, en, 3.4, kQuiet) + 1.2;
  }
  sheet.ruler({0.0, std::min(y + 9.0, page.sheet_height_mm - 3.0)});
}

}  // namespace promenade::marks
