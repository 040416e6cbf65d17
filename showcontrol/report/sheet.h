#pragma once
// What both heat maps share: the page, its heading, how metres become its units, the scale of colours and the marks.
// A sheet is drawn on any canvas; its units are pixels of SVG. Chinese and English side by side.

#include <functional>
#include <string>
#include <vector>

#include "showcontrol/drawing/canvas.h"
#include "showcontrol/report/density.h"

namespace promenade::report {

inline constexpr drawing::Colour kInk = drawing::colour(0x26323c), kFaint = drawing::colour(0x6b7782), kPaper = drawing::colour(0xf7f8f9),
                                 kFloor = drawing::colour(0xffffff), kGrid = drawing::colour(0xe9edf0), kRule = drawing::colour(0xd5dce1);

// Where things stand on every sheet.
inline constexpr double kSheetWidth = 1400.0, kMargin = 56.0, kColumnWidth = 330.0, kGap = 48.0, kPlanTop = 158.0;
inline constexpr double kPlanWidth = kSheetWidth - 2.0 * kMargin - kColumnWidth - kGap;
inline constexpr double kColumnLeft = kSheetWidth - kMargin - kColumnWidth;
inline constexpr double kLegendHeight = 100.0;

struct Sheet {
  double height = 0.0;  // as wide as every sheet
  std::function<void(drawing::Canvas&)> draw;
};
base::Result<std::string> svg_of(const Sheet& sheet);
base::Result<std::string> png_of(const Sheet& sheet, double scale = 2.0);

// Maps metres, y up, into the sheet's plan.
struct Frame {
  double left = 0.0, top = 0.0, scale = 1.0;
  Place low, high;
  drawing::Point at(double x, double y) const { return {left + (x - low.x) * scale, top + (high.y - y) * scale}; }
  double width() const { return (high.x - low.x) * scale; }
  double height() const { return (high.y - low.y) * scale; }
};
// The largest that fits the plan's room.
Frame fit_frame(Place low, Place high, double height_most);

struct SheetHeading {
  std::string zh, en;       // of the hall or film
  std::string kind;         // "险情热图  Where near misses were"
  std::string period;
  std::string facts;
  std::string beside{};     // below the period: where it was
};
void draw_heading(drawing::Canvas& canvas, double height, const SheetHeading& heading);
void draw_grid(drawing::Canvas& canvas, const Frame& frame);
void draw_density(drawing::Canvas& canvas, const Frame& frame, const Density& density);

struct Mark {
  Place at;
  bool wall = false, contact = false;
};
inline constexpr std::size_t kDotsMost = 600;  // beyond, only the density is shown: single dots would hide it
void draw_marks(drawing::Canvas& canvas, const Frame& frame, const std::vector<Mark>& marks);
// Scale of colours, what the marks mean, a bar of metres.
void draw_legend(drawing::Canvas& canvas, double top, const Density& density, const Frame& frame, const std::vector<Mark>& marks, bool gates);

// Cut short with an ellipsis where it is wider.
std::string shortened(drawing::Canvas& canvas, const std::string& words, double size, double width, bool bold = false);

}  // namespace promenade::report
