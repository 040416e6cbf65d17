#include "showcontrol/marks/sheets.h"

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
using tracking::HallVec;
using tracking::MarkPair;
using tracking::Tag;

constexpr double kMarkWidth_mm = 190.0, kMarkAbove_mm = 52.0;  // the cross from the upper edge
constexpr double kBelowTag_mm = 14.0;                          // for its name
constexpr double kTagHeader_mm = 62.0;                         // of a sheet with nothing but a tag
constexpr double kRim_mm = 5.0;

const std::string kRulerZh = "打印后请量：两端刻线相距应正好 100 mm（误差不超过 0.5 mm）。不是：请按 100 %（“实际大小”）重新打印，不要“适合纸张”，旧页作废。";
const std::string kRulerEn = "Measure after printing: exactly 100 mm from end to end (0.5 mm at most). If it is not, print again at 100 % (\"actual size\", not \"fit to page\") and throw this one away.";

const Tag& tag_of(const Layout& layout, const Page& page) {
  return layout.venue->tags[page.kind == Page::Kind::mark ? 2 * page.pair + (page.second ? 1 : 0) : page.tag];
}

double tag_side_mm(const Layout& layout, const Tag& tag) {
  const TagPattern pattern = tag_pattern(layout.family, tag.id);
  return tag.size_m * 1000.0 * pattern.cells / pattern.edge_cells;
}

void add_sheet(Layout& layout, Page page) {
  const Tag& tag = tag_of(layout, page);
  const double side_mm = tag_side_mm(layout, tag);
  if (page.kind == Page::Kind::mark) {
    page.sheet_width_mm = std::max(kMarkWidth_mm, side_mm + 4.0 * kRim_mm);
    page.sheet_height_mm = kMarkAbove_mm + tracking::kTagBehindMark_m * 1000.0 + side_mm / 2.0 + kBelowTag_mm;
  } else {
    page.sheet_width_mm = std::max(kMarkWidth_mm, side_mm + 4.0 * kRim_mm);
    page.sheet_height_mm = kTagHeader_mm + side_mm + kRim_mm + kBelowTag_mm;
  }
  const double wide_mm = layout.paper.width_mm - 2.0 * kPaperMargin_mm, high_mm = layout.paper.height_mm - 2.0 * kPaperMargin_mm;
  const auto tiles = [](double size, double room) {
    return size <= room + 1e-6 ? 1 : static_cast<int>(std::ceil((size - kTileOverlap_mm) / (room - kTileOverlap_mm)));
  };
  page.columns = tiles(page.sheet_width_mm, wide_mm);
  page.rows = tiles(page.sheet_height_mm, high_mm);
  for (page.row = 0; page.row < page.rows; ++page.row) {
    for (page.column = 0; page.column < page.columns; ++page.column) {
      const auto origin = [](int tile, int count, double size, double room, double paper) {
        return count == 1 ? (paper - size) / 2.0 : kPaperMargin_mm - tile * (room - kTileOverlap_mm);
      };
      page.origin = {origin(page.column, page.columns, page.sheet_width_mm, wide_mm, layout.paper.width_mm),
                     origin(page.row, page.rows, page.sheet_height_mm, high_mm, layout.paper.height_mm)};
      layout.pages.push_back(page);
    }
  }
}

// To which side of the arrow the exit lies, in eight words.
std::pair<const char*, const char*> side_of(double yaw_rad, HallPoint from, HallPoint to) {
  static constexpr std::array<std::pair<const char*, const char*>, 8> kWords{{
      {"正前方", "straight ahead"}, {"左前方", "ahead to the left"}, {"左方", "to the left"}, {"左后方", "behind to the left"},
      {"正后方", "straight behind"}, {"右后方", "behind to the right"}, {"右方", "to the right"}, {"右前方", "ahead to the right"}}};
  const double bearing = tracking::wrap_angle(std::atan2(-(to.x - from.x), to.y - from.y) - yaw_rad);
  const int eighth = static_cast<int>(std::lround(bearing / (std::numbers::pi / 4.0)));
  return kWords[static_cast<std::size_t>((eighth + 8) % 8)];
}

void draw_cross(Sheet& sheet, Point cross) {
  constexpr double kArm_mm = 16.0;
  sheet.line({cross.x - kArm_mm, cross.y}, {cross.x + kArm_mm, cross.y}, 0.7);
  sheet.ring(cross, 10.0, 0.5);
  sheet.disc(cross, 1.2);
  sheet.arrow({cross.x, cross.y + 22.0}, {cross.x, 10.0}, 1.6);
}

void draw_ruler(Sheet& sheet, Point left, double width) {
  sheet.ruler(left);
  const double after = sheet.paragraph({left.x, left.y + 4.6}, width, kRulerZh, 2.7);
  sheet.paragraph({left.x, after}, width, kRulerEn, 2.7);
}

void draw_mark(Sheet& sheet, const Layout& layout, const Page& page) {
  const MarkPair& pair = layout.venue->marks[page.pair];
  const Tag& tag = tag_of(layout, page);
  const HallPoint at = page.second ? pair.second : pair.first;
  const std::string name = formatted("{} · {}", pair.id, page.second ? 2 : 1), other = formatted("{} · {}", pair.id, page.second ? 1 : 2);
  const Point cross = cross_on_sheet(layout, page), centre = tag_on_sheet(layout, page);
  sheet.cut_line(page.sheet_width_mm, page.sheet_height_mm);
  draw_cross(sheet, cross);

  const double left = 7.0, column = cross.x - 28.0, right = cross.x + 21.0, right_column = page.sheet_width_mm - right - 6.0;
  sheet.words({left, 20.0}, name, 13.0, kInk, true);
  sheet.words({left, 27.0}, page.second ? "第二点　second mark" : "第一点　first mark", 4.0, kInk);
  sheet.words({left, 34.0}, formatted("x {:.2f} m　y {:.2f} m", at.x, at.y), 4.0, kInk);
  double y = sheet.paragraph({left, 41.0}, column, layout.venue->name.zh + " · " + layout.venue->name.en, 3.0, kQuiet);
  const auto [zh, en] = side_of(tag.yaw_rad, at, layout.venue->exit.at);
  sheet.paragraph({left, y + 1.0}, column, formatted("出口在箭头{}。The exit lies {}.", zh, en), 3.0, kQuiet);

  sheet.words({right, 13.0}, page.second ? "← " + other : "→ " + other, 5.0, kInk, true);
  y = sheet.paragraph({right, 19.0}, right_column, page.second ? formatted("箭头背向 {}，与它的箭头同向。", other) : formatted("箭头指向 {}。", other), 3.0);
  y = sheet.paragraph({right, y}, right_column,
                      page.second ? formatted("The arrow points away from {}, as that one's points here.", other) : formatted("The arrow points at {}.", other), 3.0);
  y = sheet.paragraph({right, y + 1.5}, right_column, "校准：手柄沿箭头平放，握柄压在十字上，尖端朝箭头尖，按菜单键。", 3.0);
  sheet.paragraph({right, y}, right_column, "To calibrate: lay the controller along the arrow, its grip on the cross, its tip to the arrow's tip. Press menu.", 3.0);

  draw_ruler(sheet, {left, 87.0}, page.sheet_width_mm - 2.0 * left);
  const double size_mm = tag.size_m * 1000.0;
  sheet.tag(tag_pattern(layout.family, tag.id), centre, size_mm);
  sheet.words({centre.x, page.sheet_height_mm - 5.0}, formatted("{} · {} · {:.0f} mm", to_string(layout.family), tag.id, size_mm), 4.0, kQuiet, false, Align::middle);
}

void draw_tag(Sheet& sheet, const Layout& layout, const Page& page) {
  const Tag& tag = tag_of(layout, page);
  const Point centre = tag_on_sheet(layout, page);
  const double side = tag_side_mm(layout, tag), size_mm = tag.size_m * 1000.0, left = 7.0, width = page.sheet_width_mm - 2.0 * left;
  const double turn_deg = tag.yaw_rad * 180.0 / std::numbers::pi;
  sheet.cut_line(page.sheet_width_mm, page.sheet_height_mm);
  sheet.words({left, 18.0}, formatted("Tag {}", tag.id), 12.0, kInk, true);
  sheet.words({left + 52.0, 12.0}, formatted("x {:.2f} m　y {:.2f} m", tag.at.x, tag.at.y), 4.0);
  if (tag.surface == Tag::Surface::wall) {
    sheet.words({left + 52.0, 18.0}, formatted("墙面，中心高 {:.2f} m　on the wall, centre {:.2f} m high", tag.height_m, tag.height_m), 4.0);
  } else {
    sheet.words({left + 52.0, 18.0}, formatted("地面，上边朝向平面图 {:.0f}°　on the floor, upper edge turned {:.0f}°", turn_deg, turn_deg), 4.0);
  }
  sheet.paragraph({left + 52.0, 23.5}, width - 52.0, "四条短线对准中心。角度：从平面图正上方起逆时针。The four ticks point at its centre. Degrees: from the plan's upwards, counter-clockwise.", 3.0, kQuiet);
  draw_ruler(sheet, {left, 43.0}, width);
  const double from = side / 2.0 + 1.0, to = side / 2.0 + 6.0;
  sheet.line({centre.x, centre.y - to}, {centre.x, centre.y - from}, 0.5);
  sheet.line({centre.x, centre.y + from}, {centre.x, centre.y + to}, 0.5);
  sheet.line({centre.x - to, centre.y}, {centre.x - from, centre.y}, 0.5);
  sheet.line({centre.x + from, centre.y}, {centre.x + to, centre.y}, 0.5);
  sheet.tag(tag_pattern(layout.family, tag.id), centre, size_mm);
  sheet.words({centre.x + 8.0, page.sheet_height_mm - 4.0}, formatted("{} · {} · {:.0f} mm", to_string(layout.family), tag.id, size_mm), 4.0, kQuiet);
}

void draw_tile_edges(drawing::Canvas& canvas, const Layout& layout, const Page& page) {
  Sheet paper(canvas, {0.0, 0.0});
  const double right = layout.paper.width_mm - kPaperMargin_mm, low = layout.paper.height_mm - kPaperMargin_mm;
  paper.outline({{kPaperMargin_mm, kPaperMargin_mm}, {right, kPaperMargin_mm}, {right, low}, {kPaperMargin_mm, low}}, 0.2, kSignal);
  const std::string what = page.kind == Page::Kind::mark ? formatted("{} · {}", layout.venue->marks[page.pair].id, page.second ? 2 : 1)
                                                         : formatted("Tag {}", tag_of(layout, page).id);
  paper.words({kPaperMargin_mm, kPaperMargin_mm - 2.5},
              formatted("{}　第 {} 行第 {} 列，共 {} × {}　row {}, column {}　沿红线裁开，与邻页重叠 {:.0f} mm 粘贴　cut at the red line, overlap by {:.0f} mm", what, page.row + 1,
                        page.column + 1, page.rows, page.columns, page.row + 1, page.column + 1, kTileOverlap_mm, kTileOverlap_mm),
              2.8, kSignal);
}

}  // namespace

std::optional<Paper> paper(std::string_view name) {
  for (const Paper& one : {Paper{"A4", 210.0, 297.0}, Paper{"A3", 297.0, 420.0}, Paper{"A2", 420.0, 594.0}}) {
    if (one.name == name) return one;
  }
  return std::nullopt;
}

base::Result<Layout> lay_out(const tracking::Venue& venue, const Paper& paper, TagFamily family) {
  Layout layout{&venue, paper, family, {}};
  for (const Tag& tag : venue.tags) {
    if (tag.id < tag_count(family)) continue;
    return base::fail("tag-id", formatted("Family {} has no tag {}.", to_string(family), tag.id), formatted("Give ids from 0 to {}.", tag_count(family) - 1));
  }
  Page plan;
  plan.sheet_width_mm = paper.width_mm - 2.0 * kPaperMargin_mm;
  plan.sheet_height_mm = paper.height_mm - 2.0 * kPaperMargin_mm;
  plan.origin = {kPaperMargin_mm, kPaperMargin_mm};
  layout.pages.push_back(plan);
  for (std::size_t i = 0; i < venue.marks.size(); ++i) {
    for (const bool second : {false, true}) {
      Page page;
      page.kind = Page::Kind::mark;
      page.pair = i;
      page.second = second;
      add_sheet(layout, page);
    }
  }
  for (std::size_t i = 2 * venue.marks.size(); i < venue.tags.size(); ++i) {
    Page page;
    page.kind = Page::Kind::tag;
    page.tag = i;
    add_sheet(layout, page);
  }
  return layout;
}

Point cross_on_sheet(const Layout&, const Page& page) { return {page.sheet_width_mm / 2.0, kMarkAbove_mm}; }

Point tag_on_sheet(const Layout& layout, const Page& page) {
  if (page.kind == Page::Kind::mark) return {page.sheet_width_mm / 2.0, kMarkAbove_mm + tracking::kTagBehindMark_m * 1000.0};
  return {page.sheet_width_mm / 2.0, kTagHeader_mm + tag_side_mm(layout, tag_of(layout, page)) / 2.0};
}

void draw_page(drawing::Canvas& canvas, const Layout& layout, const Page& page) {
  Sheet sheet(canvas, page.origin);
  if (page.kind == Page::Kind::plan) return draw_plan(sheet, layout, page);
  const bool tiled = page.columns > 1 || page.rows > 1;
  if (tiled) {
    const double right = layout.paper.width_mm - kPaperMargin_mm, low = layout.paper.height_mm - kPaperMargin_mm;
    const std::vector<std::vector<Point>> within{{{kPaperMargin_mm, kPaperMargin_mm}, {right, kPaperMargin_mm}, {right, low}, {kPaperMargin_mm, low}}};
    canvas.clip(within);
  }
  if (page.kind == Page::Kind::mark) draw_mark(sheet, layout, page);
  else draw_tag(sheet, layout, page);
  if (!tiled) return;
  canvas.unclip();
  draw_tile_edges(canvas, layout, page);
}

base::Result<std::string> sheets_pdf(const Layout& layout) {
  auto canvas = drawing::Canvas::pdf(layout.paper.width_mm, layout.paper.height_mm,
                                     {formatted("{} {}: floor marks and tags", layout.venue->hall.value(), layout.paper.name), "Promenade", "2026-01-01T00:00:00Z"});
  for (std::size_t i = 0; i < layout.pages.size(); ++i) {
    if (i > 0) canvas.next_page();
    draw_page(canvas, layout, layout.pages[i]);
  }
  return canvas.finish();
}

}  // namespace promenade::marks
