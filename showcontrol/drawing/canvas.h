#pragma once
// One drawing, three kinds of file: pictures as SVG or PNG, sheets to scale as PDF. Everything is drawn on a Canvas by
// the same calls, so what a kind looks like is never drawn twice.
//
// Units: a picture's are its own (one is one pixel of SVG and, at scale 1, of PNG); a PDF's are millimetres on paper. x
// goes right, y down, from the upper left corner. Angles in radians, clockwise on the page. Text is in Noto Sans CJK,
// which covers Chinese and Latin; files carry the shapes of their letters and need no font of the reader. Reads fonts from the system
// and nothing else, writes no file: finish() hands out the bytes, the same for the same calls and the same fonts.
// One owner, one thread. What cannot be drawn (no memory, a size beyond what the format takes) is told by finish().

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tracking/base/result.h"

namespace promenade::drawing {

struct Colour {
  double red = 0.0, green = 0.0, blue = 0.0;  // 0 to 1, sRGB
  double alpha = 1.0;
  friend bool operator==(const Colour&, const Colour&) = default;
};
// 0xRRGGBB.
constexpr Colour colour(std::uint32_t rgb, double alpha = 1.0) {
  return {((rgb >> 16) & 0xff) / 255.0, ((rgb >> 8) & 0xff) / 255.0, (rgb & 0xff) / 255.0, alpha};
}

struct Point {
  double x = 0.0, y = 0.0;
};

struct Stroke {
  Colour colour{};
  double width = 1.0;
  std::vector<double> dash{};  // lengths drawn and left out, in turn; empty: a whole line
  bool round = true;         // ends and corners; else square corners and ends that stop at the point
};

enum class Align : std::uint8_t { left, middle, right };
struct TextStyle {
  double size = 12.0;              // of the font, in units
  Colour colour{};
  Align align = Align::left;
  bool bold = false;
  double turn_rad = 0.0;           // round the text's place
  double halo = 0.0;               // width of a rim round the letters, so that they stand out from what lies below
  Colour halo_colour{1.0, 1.0, 1.0, 1.0};
};

// Rows from the top, four bytes a pixel: red, green, blue, alpha (not multiplied in).
struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;  // width * height * 4
};

struct PdfInfo {
  std::string title;
  std::string author;
  std::string created;  // "2026-05-01T09:00:00Z"; a file that is made again is the same, byte by byte
};

class Canvas {
 public:
  // Sizes in units, at most 8,000 (PNG: 8,000 pixels a side once scaled).
  static Canvas svg(double width, double height);
  static Canvas png(double width, double height, double scale = 1.0);
  static Canvas pdf(double width_mm, double height_mm, const PdfInfo& info);
  Canvas(Canvas&&) noexcept;
  Canvas& operator=(Canvas&&) noexcept;
  ~Canvas();

  void next_page();  // PDF: what follows goes on a new sheet. Nothing else may be asked for pages

  void fill(std::span<const Point> outline, const Colour& colour);
  // Several outlines at once; what lies within an even number of them stays free (a floor with its columns cut out).
  void fill(std::span<const std::vector<Point>> outlines, const Colour& colour);
  void line(std::span<const Point> points, const Stroke& stroke, bool closed = false);
  void line(Point from, Point to, const Stroke& stroke);
  void rectangle(Point corner, double width, double height, const Colour& colour, double corner_radius = 0.0);
  void frame(Point corner, double width, double height, const Stroke& stroke, double corner_radius = 0.0);
  void disc(Point centre, double radius, const Colour& colour);
  void ring(Point centre, double radius, const Stroke& stroke);

  // Laid into the rectangle. `smooth`: between pixels colours blend, and fade at the outer edge by half a pixel; else every pixel is a sharp rectangle (tags,
  // bars) and no picture at all, so that no reader of a PDF softens it.
  void image(const Image& image, Point corner, double width, double height, bool smooth = true);

  // One line, its baseline at `at`. Returns its width.
  double text(Point at, std::string_view words, const TextStyle& style);
  double text_width(std::string_view words, double size, bool bold = false);

  // Between clip and unclip only what lies within (as for `fill` of several outlines) is drawn. Clips nest.
  void clip(std::span<const std::vector<Point>> outlines);
  void unclip();

  // The file's bytes; the canvas is used up. Error: drawing-failed.
  base::Result<std::string> finish();

 private:
  struct State;
  explicit Canvas(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::drawing
