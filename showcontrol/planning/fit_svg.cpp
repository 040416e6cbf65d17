
#include "showcontrol/planning/fit.h"
#include "tracking/base/formatted.h"

namespace promenade::planning {
namespace {

constexpr double kPixelsPerMetre = 40.0;
constexpr double kBorder_m = 1.0;

// Hall y points up, the picture's y down.
class Drawing {
 public:
  explicit Drawing(const Floor& floor) : low_(floor.low()), high_(floor.high()) {
    text_ = base::formatted("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.0f}\" height=\"{:.0f}\" font-family=\"sans-serif\">\n", x(high_.x + kBorder_m), y(low_.y - kBorder_m));
    text_ += "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  }
  void shape(const Path& points, bool closed, const std::string& style) {
    text_ += closed ? "<polygon points=\"" : "<polyline points=\"";
    for (const HallPoint p : points) text_ += base::formatted("{:.1f},{:.1f} ", x(p.x), y(p.y));
    text_ += base::formatted("\" style=\"{}\"/>\n", style);
  }
  void circle(HallPoint at, double radius_m, const std::string& style) {
    text_ += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" style=\"{}\"/>\n", x(at.x), y(at.y), radius_m * kPixelsPerMetre, style);
  }
  void label(HallPoint at, const std::string& words, int size) {
    text_ += base::formatted("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" text-anchor=\"middle\">", x(at.x), y(at.y) + size / 3.0, size);
    for (const char c : words) {
      if (c == '<') text_ += "&lt;";
      else if (c == '&') text_ += "&amp;";
      else text_ += c;
    }
    text_ += "</text>\n";
  }
  std::string finish() { return std::move(text_) + "</svg>\n"; }

 private:
  double x(double metres) const { return (metres - low_.x + kBorder_m) * kPixelsPerMetre; }
  double y(double metres) const { return (high_.y + kBorder_m - metres) * kPixelsPerMetre; }

  HallPoint low_, high_;
  std::string text_;
};

}  // namespace

std::string fit_svg(const FloorPlan& floor_plan, const FitReport& report, const std::string& title) {
  const Floor floor(floor_plan);
  Drawing drawing(floor);
  drawing.shape(floor_plan.boundary, true, "fill:#f6f6f4;stroke:#333;stroke-width:3");
  for (const KeepClear& area : floor_plan.keep_clear) {
    if (area.outline.size() > 1) drawing.shape(area.outline, true, "fill:#e4e4ee;stroke:#99a");
    else drawing.circle(area.outline.front(), area.margin_m, "fill:#e4e4ee;stroke:none");
    drawing.label(area.outline.front(), area.name, 11);
  }
  for (const Polygon& obstacle : floor_plan.obstacles) drawing.shape(obstacle, true, "fill:#777;stroke:#333");
  if (report.best) {
    for (const Block& block : report.best->blocks) {
      if (block.scene != kNoScene) drawing.circle(block.place(), floor_plan.separation_m / 2.0, "fill:#cfe3f7;fill-opacity:0.6;stroke:none");
    }
    for (std::size_t k = 0; k < report.best->blocks.size(); ++k) {
      const Block& block = report.best->blocks[k];
      const bool film = block.scene > 0;
      drawing.shape(block.path, false, film ? "fill:none;stroke:#1664a8;stroke-width:3" : "fill:none;stroke:#2a8a4a;stroke-width:2;stroke-dasharray:6 4");
    }
    for (const Block& block : report.best->blocks) {
      if (block.scene == kNoScene) continue;
      drawing.circle(block.place(), 0.25, "fill:#1664a8");
      drawing.label(block.place() + HallVec{0.0, 0.45}, base::formatted("{}", block.scene + 1), 14);
    }
  }
  drawing.label({(floor.low().x + floor.high().x) / 2.0, floor.high().y + kBorder_m / 2.0}, title, 18);
  return drawing.finish();
}

}  // namespace promenade::planning
