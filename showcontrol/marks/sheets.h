#pragma once
// The printed sheets of a hall: every floor mark with its cross, arrow and tag, every other tag, and a plan of where
// each lies. Laid out from the venue alone, in millimetres on paper; the same for the same venue, byte by byte.
// Draws through showcontrol/drawing; writes no file.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "showcontrol/drawing/canvas.h"
#include "showcontrol/marks/apriltag.h"
#include "tracking/base/result.h"
#include "tracking/venue.h"

namespace promenade::marks {

struct Paper {
  std::string name;
  double width_mm = 0.0, height_mm = 0.0;  // upright
};
std::optional<Paper> paper(std::string_view name);  // "A4", "A3", "A2"
inline constexpr double kPaperMargin_mm = 10.0;     // most printers leave 5 mm blank; cut lines lie inside
inline constexpr double kRuler_mm = 100.0;
inline constexpr double kTileOverlap_mm = 10.0;

// A page: a part of one sheet, or the plan of the hall.
struct Page {
  enum class Kind { plan, mark, tag } kind = Kind::plan;
  std::size_t pair = 0;                    // of a mark, in the venue's list
  bool second = false;
  std::size_t tag = 0;                     // of a tag, in the venue's list
  double sheet_width_mm = 0.0, sheet_height_mm = 0.0;
  int column = 0, row = 0, columns = 1, rows = 1;  // of tiles, where the sheet does not fit the paper
  // Where the sheet's upper left corner lies, from the page's.
  drawing::Point origin;
};

struct Layout {
  const tracking::Venue* venue = nullptr;  // outlives the layout
  Paper paper;
  TagFamily family = TagFamily::tag36h11;
  std::vector<Page> pages;                 // the plan first
};

// Errors: "tag-id" (the family has no such tag).
base::Result<Layout> lay_out(const tracking::Venue& venue, const Paper& paper, TagFamily family);

// Where the centre of the mark's cross, and of a tag, lie on the sheet; and the edge of a tag with its rim.
drawing::Point cross_on_sheet(const Layout& layout, const Page& page);
drawing::Point tag_on_sheet(const Layout& layout, const Page& page);

// One page; units of the canvas are millimetres. The canvas is blank and as large as the paper.
void draw_page(drawing::Canvas& canvas, const Layout& layout, const Page& page);

// All pages. Errors: of drawing::Canvas::finish.
base::Result<std::string> sheets_pdf(const Layout& layout);

}  // namespace promenade::marks
