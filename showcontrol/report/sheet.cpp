#include "showcontrol/report/sheet.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tracking/base/formatted.h"

namespace promenade::report {
namespace {

using drawing::Align;
using drawing::Canvas;
using drawing::Point;

constexpr double kDot = 2.3, kContact = 8.5;

// A white disc with a cross for a contact, so that it stands out from pale and dark alike; square for a wall.
void draw_contact(Canvas& canvas, Point at, bool wall) {
  const double arm = kContact * 0.52;
  if (wall) {
    canvas.rectangle({at.x - kContact, at.y - kContact}, 2.0 * kContact, 2.0 * kContact, kFloor, 2.0);
    canvas.frame({at.x - kContact, at.y - kContact}, 2.0 * kContact, 2.0 * kContact, {kInk, 2.0}, 2.0);
  } else {
    canvas.disc(at, kContact, kFloor);
    canvas.ring(at, kContact, {kInk, 2.0});
  }
  canvas.line({at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}, {kInk, 2.2});
  canvas.line({at.x - arm, at.y + arm}, {at.x + arm, at.y - arm}, {kInk, 2.2});
}

void draw_dot(Canvas& canvas, Point at, bool wall) {
  if (wall) {
    canvas.disc(at, kDot + 0.6, drawing::colour(0xffffff, 0.9));
    canvas.ring(at, kDot, {kInk, 1.2});
  } else {
    canvas.disc(at, kDot + 0.9, drawing::colour(0xffffff, 0.75));
    canvas.disc(at, kDot, kInk);
  }
}

bool dots_shown(const std::vector<Mark>& marks) {
  return static_cast<std::size_t>(std::ranges::count_if(marks, [](const Mark& one) { return !one.contact; })) <= kDotsMost;
}

double bar_of(const Frame& frame) {
  double bar_m = 1.0;
  for (const double metres : {2.0, 5.0}) {
    if (metres * frame.scale <= 190.0) bar_m = metres;
  }
  return bar_m;
}

base::Result<std::string> drawn(const Sheet& sheet, Canvas canvas) {
  sheet.draw(canvas);
  return canvas.finish();
}

}  // namespace

base::Result<std::string> svg_of(const Sheet& sheet) { return drawn(sheet, Canvas::svg(kSheetWidth, sheet.height)); }
base::Result<std::string> png_of(const Sheet& sheet, double scale) { return drawn(sheet, Canvas::png(kSheetWidth, sheet.height, scale)); }

Frame fit_frame(Place low, Place high, double height_most) {
  Frame frame;
  frame.low = low;
  frame.high = high;
  frame.scale = std::min(kPlanWidth / (high.x - low.x), height_most / (high.y - low.y));
  frame.left = kMargin + (kPlanWidth - frame.width()) / 2.0;
  frame.top = kPlanTop;
  return frame;
}

void draw_heading(Canvas& canvas, double height, const SheetHeading& heading) {
  canvas.rectangle({0, 0}, kSheetWidth, height, kPaper);
  const double zh = canvas.text({kMargin, 62}, heading.zh, {.size = 30, .colour = kInk, .bold = true});
  if (heading.en != heading.zh) canvas.text({kMargin + (zh > 0.0 ? zh + 16.0 : 0.0), 62}, heading.en, {.size = 26, .colour = kInk});
  canvas.text({kSheetWidth - kMargin, 62}, heading.period, {.size = 18, .colour = kInk, .align = Align::right});
  canvas.text({kMargin, 94}, heading.kind, {.size = 17, .colour = kInk});
  canvas.text({kSheetWidth - kMargin, 94}, heading.beside, {.size = 15, .colour = kFaint, .align = Align::right});
  canvas.text({kMargin, 120}, shortened(canvas, heading.facts, 15, kSheetWidth - 2.0 * kMargin), {.size = 15, .colour = kFaint});
}

void draw_grid(Canvas& canvas, const Frame& frame) {
  for (double x = std::ceil(frame.low.x); x <= frame.high.x; x += 1.0) canvas.line(frame.at(x, frame.low.y), frame.at(x, frame.high.y), {kGrid, 1.0, {}, false});
  for (double y = std::ceil(frame.low.y); y <= frame.high.y; y += 1.0) canvas.line(frame.at(frame.low.x, y), frame.at(frame.high.x, y), {kGrid, 1.0, {}, false});
}

void draw_density(Canvas& canvas, const Frame& frame, const Density& density) {
  if (density.peak() > 0.0) canvas.image(density.image(), {frame.left, frame.top}, frame.width(), frame.height());
}

void draw_marks(Canvas& canvas, const Frame& frame, const std::vector<Mark>& marks) {
  const bool dots = dots_shown(marks);
  for (const Mark& mark : marks) {
    if (!mark.contact && dots) draw_dot(canvas, frame.at(mark.at.x, mark.at.y), mark.wall);
  }
  for (const Mark& mark : marks) {
    if (mark.contact) draw_contact(canvas, frame.at(mark.at.x, mark.at.y), mark.wall);
  }
}

void draw_legend(Canvas& canvas, double top, const Density& density, const Frame& frame, const std::vector<Mark>& marks, bool gates) {
  constexpr double kBar = 250.0, kThick = 15.0;
  const double left = kMargin, end = density.scale_end();
  canvas.text({left, top + 14}, "每平方米险情数  Near misses per m²", {.size = 14, .colour = kInk});
  drawing::Image ramp{250, 15, {}};
  for (int i = 0; i < ramp.width * ramp.height; ++i) {
    const drawing::Colour one = heat_colour(i % ramp.width / (ramp.width - 1.0));
    for (const double part : {one.red, one.green, one.blue, 1.0}) ramp.rgba.push_back(static_cast<std::uint8_t>(std::lround(255.0 * part)));
  }
  canvas.image(ramp, {left, top + 26}, kBar, kThick);
  canvas.frame({left, top + 26}, kBar, kThick, {kFaint, 0.8, {}, false});
  for (int i = 0; i <= 4; ++i) {
    const double x = left + kBar * i / 4.0;
    canvas.line({x, top + 26 + kThick}, {x, top + 32 + kThick}, {kFaint, 1.0, {}, false});
    const double value = end * i / 4.0;
    canvas.text({x, top + 47 + kThick}, base::formatted("{:.{}f}", value, end < 4.0 ? (end < 0.4 ? 2 : end == 2.0 ? 1 : 2) : end < 40.0 && std::fmod(end, 4.0) != 0.0 ? 1 : 0), {.size = 12, .colour = kFaint, .align = Align::middle});
  }
  double x = left + kBar + 56.0, y = top + 22.0, widest = 0.0;
  const auto entry = [&](auto&& sign, const std::string& words) {
    sign(Point{x + 8.0, y - 5.0});
    widest = std::max(widest, canvas.text({x + 26.0, y}, words, {.size = 14, .colour = kInk}));
    y += 27.0;
    if (y > top + 55.0) y = top + 22.0, x += widest + 54.0, widest = 0.0;
  };
  if (dots_shown(marks)) {
    entry([&](Point at) { draw_dot(canvas, at, false); }, "险情：两位观众  near miss, two viewers");
    entry([&](Point at) { draw_dot(canvas, at, true); }, "险情：墙或柱  near miss with a wall");
  }
  entry([&](Point at) { draw_contact(canvas, at, false); }, "碰触：两位观众  contact, two viewers");
  entry([&](Point at) { draw_contact(canvas, at, true); }, "碰触：墙或柱  contact with a wall");
  if (gates) entry([&](Point at) { canvas.line({at.x, at.y - 8}, {at.x, at.y + 8}, {kInk, 4.0, {}, false}); }, "闸点  gate");
  const double bar_m = bar_of(frame), length = bar_m * frame.scale, right = frame.left + frame.width();
  canvas.line(std::vector<Point>{{right - length, top - 20}, {right - length, top - 14}, {right, top - 14}, {right, top - 20}}, {kInk, 1.3, {}, false});
  canvas.text({right - length - 9, top - 11}, base::formatted("{:.0f} m", bar_m), {.size = 14, .colour = kInk, .align = Align::right});
}

std::string shortened(Canvas& canvas, const std::string& words, double size, double width, bool bold) {
  if (canvas.text_width(words, size, bold) <= width) return words;
  std::string cut = words;
  while (!cut.empty() && canvas.text_width(cut + "…", size, bold) > width) {
    do cut.pop_back();
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0U) == 0x80U);  // the rest of a letter
    if (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0U) == 0xC0U) cut.pop_back();  // and its beginning
  }
  return cut + "…";
}

}  // namespace promenade::report
