#include "showcontrol/marks/draw.h"

#include <cmath>
#include <vector>

namespace promenade::marks {

using drawing::Align;
using drawing::Colour;
using drawing::Point;
using drawing::Stroke;

void Sheet::line(Point from, Point to, double width, const Colour& colour, bool dashed) {
  canvas_.line(at(from), at(to), Stroke{.colour = colour, .width = width, .dash = dashed ? std::vector<double>{3.0, 2.0} : std::vector<double>{}, .round = false});
}

void Sheet::ring(Point centre, double radius, double width, const Colour& colour) {
  canvas_.ring(at(centre), radius, Stroke{.colour = colour, .width = width});
}

void Sheet::disc(Point centre, double radius, const Colour& colour) { canvas_.disc(at(centre), radius, colour); }

void Sheet::outline(const std::vector<Point>& points, double width, const Colour& colour, const Colour* fill) {
  std::vector<Point> moved;
  for (const Point p : points) moved.push_back(at(p));
  if (fill != nullptr) canvas_.fill(moved, *fill);
  canvas_.line(moved, Stroke{.colour = colour, .width = width}, true);
}

void Sheet::words(Point baseline, std::string_view text, double size, const Colour& colour, bool bold, Align align) {
  canvas_.text(at(baseline), text, {.size = size, .colour = colour, .align = align, .bold = bold});
}

namespace {

// The next piece that stays together: a word of Latin letters with the blank after it, or one Chinese character.
std::size_t piece_of(std::string_view text) {
  const auto bytes = [](unsigned char lead) { return lead < 0x80 ? 1U : lead < 0xe0 ? 2U : lead < 0xf0 ? 3U : 4U; };
  std::size_t end = 0;
  while (end < text.size()) {
    const auto lead = static_cast<unsigned char>(text[end]);
    if (lead >= 0x80) return end == 0 ? bytes(lead) : end;
    ++end;
    if (lead == ' ') break;
  }
  return end;
}

// Marks that never begin a line.
bool clings(std::string_view piece) { return piece == "，" || piece == "。" || piece == "：" || piece == "；" || piece == "”" || piece == "、" || piece == "）"; }

}  // namespace

double Sheet::paragraph(Point baseline, double width, std::string_view text, double size, const Colour& colour) {
  const double leading = size * 1.35;
  std::string line;
  while (!text.empty()) {
    const std::size_t length = std::min(piece_of(text), text.size());
    const std::string_view piece = text.substr(0, length);
    if (!line.empty() && !clings(piece) && canvas_.text_width(line + std::string(piece), size) > width) {
      words(baseline, line, size, colour);
      baseline.y += leading;
      line.clear();
    }
    line += piece;
    text.remove_prefix(length);
  }
  if (!line.empty()) words(baseline, line, size, colour);
  return baseline.y + leading;
}

void Sheet::arrow(Point from, Point to, double width, const Colour& colour) {
  const double long_mm = std::hypot(to.x - from.x, to.y - from.y), head = 5.0 * width;
  if (long_mm < head) return;
  const Point along{(to.x - from.x) / long_mm, (to.y - from.y) / long_mm};
  const Point neck{to.x - along.x * head, to.y - along.y * head};
  line(from, {neck.x + along.x * 0.1, neck.y + along.y * 0.1}, width, colour);
  const double half = head * 0.48;
  const std::vector<Point> tip{at(to), at({neck.x - along.y * half, neck.y + along.x * half}), at({neck.x + along.y * half, neck.y - along.x * half})};
  canvas_.fill(tip, colour);
}

void Sheet::tag(const TagPattern& pattern, Point centre, double size) {
  drawing::Image image{pattern.cells, pattern.cells, {}};
  for (const bool black : pattern.black) {
    const std::uint8_t level = black ? 0 : 255;
    image.rgba.insert(image.rgba.end(), {level, level, level, 255});
  }
  const double side = size * pattern.cells / pattern.edge_cells;
  canvas_.image(image, at({centre.x - side / 2.0, centre.y - side / 2.0}), side, side, false);
}

void Sheet::ruler(Point left) {
  line(left, {left.x + kRuler_mm, left.y}, 0.3);
  for (int mm = 0; mm <= static_cast<int>(kRuler_mm); ++mm) {
    const double tall = mm % 50 == 0 ? 6.0 : mm % 10 == 0 ? 4.5 : mm % 5 == 0 ? 3.0 : 1.8;
    const double x = left.x + mm;
    line({x, left.y}, {x, left.y - tall}, mm % 50 == 0 ? 0.4 : 0.2);
    if (mm % 50 == 0) words({x, left.y - 7.2}, std::to_string(mm) + (mm == 100 ? " mm" : ""), 3.0, kInk, false, Align::middle);
  }
}

void Sheet::cut_line(double width, double height) {
  const std::vector<Point> corners{{0.0, 0.0}, {width, 0.0}, {width, height}, {0.0, height}};
  for (std::size_t i = 0; i < corners.size(); ++i) line(corners[i], corners[(i + 1) % corners.size()], 0.25, kHair, true);
}

}  // namespace promenade::marks
