#pragma once
// What the pages of sheets.h are drawn with: a canvas whose origin is the sheet's. Private to showcontrol/marks.
// Millimetres.

#include <string_view>

#include "showcontrol/marks/sheets.h"

namespace promenade::marks {

inline constexpr drawing::Colour kInk = drawing::colour(0x16181d);
inline constexpr drawing::Colour kQuiet = drawing::colour(0x5b6270);
inline constexpr drawing::Colour kHair = drawing::colour(0x9aa1ad);
inline constexpr drawing::Colour kSignal = drawing::colour(0xb3261e);

class Sheet {
 public:
  Sheet(drawing::Canvas& canvas, drawing::Point origin) : canvas_(canvas), origin_(origin) {}

  drawing::Point at(drawing::Point p) const { return {p.x + origin_.x, p.y + origin_.y}; }
  void line(drawing::Point from, drawing::Point to, double width, const drawing::Colour& colour = kInk, bool dashed = false);
  void ring(drawing::Point centre, double radius, double width, const drawing::Colour& colour = kInk);
  void disc(drawing::Point centre, double radius, const drawing::Colour& colour = kInk);
  void outline(const std::vector<drawing::Point>& points, double width, const drawing::Colour& colour, const drawing::Colour* fill = nullptr);
  void words(drawing::Point baseline, std::string_view text, double size, const drawing::Colour& colour = kInk, bool bold = false,
             drawing::Align align = drawing::Align::left);
  // Broken between words, or anywhere in Chinese; gives the baseline after the last line.
  double paragraph(drawing::Point baseline, double width, std::string_view text, double size, const drawing::Colour& colour = kInk);
  void arrow(drawing::Point from, drawing::Point to, double width, const drawing::Colour& colour = kInk);
  void tag(const TagPattern& pattern, drawing::Point centre, double size);
  void ruler(drawing::Point left);                // kRuler_mm to the right, with what to do below it
  void cut_line(double width, double height);

 private:
  drawing::Canvas& canvas_;
  drawing::Point origin_;
};

void draw_plan(Sheet& sheet, const Layout& layout, const Page& page);

}  // namespace promenade::marks
