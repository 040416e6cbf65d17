#include "content-tools/tool/route_svg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "content-tools/package/subtitles.h"
#include "tracking/base/formatted.h"

namespace promenade::film_tool {
namespace {

using package::FilmPoint;
using package::Manifest;
using package::Scene;

constexpr double kPixelsPerMetre = 110.0;
constexpr double kHeader_px = 92.0;
constexpr double kFooter_px = 56.0;
constexpr double kMarkRadius_px = 17.0;
constexpr double kNameRoom_m = 1.2;

struct Pixel {
  double x = 0.0;
  double y = 0.0;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

class Drawing {
 public:
  Drawing(const Manifest& manifest, std::string_view language) : m_(manifest), language_(language) {
    if (m_.route) scenes_ = m_.route->scenes;
    else scenes_.push_back({"seat", {}, m_.place ? m_.place->radius_m : 0.6, m_.length_s, 0.0});
    // Whole metres round the free areas, wide enough for the names beside them.
    low_ = high_ = scenes_.front().at;
    for (const Scene& s : scenes_) {
      low_.x_m = std::min(low_.x_m, s.at.x_m - s.free_radius_m);
      low_.y_m = std::min(low_.y_m, s.at.y_m - s.free_radius_m);
      high_.x_m = std::max(high_.x_m, s.at.x_m + s.free_radius_m);
      high_.y_m = std::max(high_.y_m, s.at.y_m + s.free_radius_m);
    }
    middle_x_m_ = (low_.x_m + high_.x_m) / 2.0;
    low_ = {std::floor(low_.x_m - kNameRoom_m), std::floor(low_.y_m - 0.3)};
    high_ = {std::ceil(high_.x_m + kNameRoom_m), std::ceil(high_.y_m + 0.3)};
    width_ = (high_.x_m - low_.x_m) * kPixelsPerMetre;
    floor_height_ = (high_.y_m - low_.y_m) * kPixelsPerMetre;
  }

  std::string run() {
    const double height = kHeader_px + floor_height_ + kFooter_px;
    out_ = base::formatted(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
        "font-family=\"'Noto Sans', 'Noto Sans CJK SC', sans-serif\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#14171f\"/>\n",
        width_, height);
    heading();
    grid();
    for (const Scene& s : scenes_) free_area(s);
    for (std::uint32_t i = 0; m_.route && i < scenes_.size(); ++i) {
      for (const std::uint32_t next : package::followers(*m_.route, i)) leg(i, next);
    }
    for (std::size_t i = 0; i < scenes_.size(); ++i) mark(i);
    footer();
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  Pixel at(const FilmPoint& p) const {
    return {(p.x_m - low_.x_m) * kPixelsPerMetre, kHeader_px + (high_.y_m - p.y_m) * kPixelsPerMetre};
  }
  void text(double x, double y, double size, std::string_view fill, std::string_view anchor, const std::string& value,
            std::string_view more = "") {
    out_ += base::formatted("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.0f}\" fill=\"{}\" text-anchor=\"{}\" {}>{}</text>\n", x, y,
                        size, fill, anchor, more, escaped(value));
  }

  // From lamplight to night along the story.
  std::string colour(double part) const {
    static constexpr double kStops[3][3] = {{255, 196, 92}, {240, 110, 120}, {120, 140, 255}};
    const double place = std::clamp(part, 0.0, 1.0) * 2.0;
    const int stop = place >= 1.0 ? 1 : 0;
    const double f = place - stop;
    const auto mix = [&](int c) { return static_cast<int>(std::lround(kStops[stop][c] * (1 - f) + kStops[stop + 1][c] * f)); };
    return base::formatted("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2));
  }
  std::string scene_colour(std::size_t i) const {
    return colour(scenes_.size() > 1 ? static_cast<double>(i) / static_cast<double>(scenes_.size() - 1) : 0.0);
  }

  void heading() {
    std::string titles = m_.title(language_);
    for (const auto& [language, title] : m_.titles) {
      if (title != m_.title(language_)) titles += "  " + title;
    }
    text(24, 44, 26, "#f4efe6", "start", titles, "font-weight=\"600\"");
    std::string facts = base::formatted("{}  ·  {:.0f} s", m_.film.value(), m_.length_s);
    if (m_.route) facts += base::formatted("  ·  {} scenes at {:.1f} m/s", scenes_.size(), m_.route->walk_speed_mps);
    else facts += "  ·  seated";
    text(24, 72, 15, "#9aa3b5", "start", facts);
  }

  void grid() {
    out_ += base::formatted("<rect x=\"0\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#1b1f2a\"/>\n", kHeader_px, width_, floor_height_);
    for (double x = low_.x_m; x <= high_.x_m + 1e-6; x += 1.0) line({x, low_.y_m}, {x, high_.y_m}, std::abs(x) < 1e-6);
    for (double y = low_.y_m; y <= high_.y_m + 1e-6; y += 1.0) line({low_.x_m, y}, {high_.x_m, y}, std::abs(y) < 1e-6);
  }
  void line(const FilmPoint& from, const FilmPoint& to, bool axis) {
    const Pixel a = at(from), b = at(to);
    out_ += base::formatted("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"1\"/>\n", a.x, a.y, b.x,
                        b.y, axis ? "#465069" : "#2a3040");
  }

  void free_area(const Scene& s) {
    const auto i = static_cast<std::size_t>(&s - scenes_.data());
    const Pixel p = at(s.at);
    out_ += base::formatted("<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"{2:.1f}\" fill=\"{3}\" fill-opacity=\"0.16\" stroke=\"{3}\" "
                        "stroke-opacity=\"0.55\" stroke-dasharray=\"4 5\"/>\n",
                        p.x, p.y, s.free_radius_m * kPixelsPerMetre, scene_colour(i));
  }

  void leg(std::size_t i, std::size_t next) {
    const Pixel a = at(scenes_[i].at), b = at(scenes_[next].at);
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 2.0 * kMarkRadius_px) return;
    const double ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
    const Pixel from{a.x + ux * (kMarkRadius_px + 3), a.y + uy * (kMarkRadius_px + 3)};
    const Pixel tip{b.x - ux * (kMarkRadius_px + 5), b.y - uy * (kMarkRadius_px + 5)};
    const Pixel neck{tip.x - ux * 12, tip.y - uy * 12};
    const std::string ink = colour((static_cast<double>(i + next) / 2.0) / static_cast<double>(scenes_.size() - 1));
    out_ += base::formatted("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"3.5\" stroke-linecap=\"round\"/>\n",
                        from.x, from.y, neck.x, neck.y, ink);
    out_ += base::formatted("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\" fill=\"{}\"/>\n", tip.x, tip.y, neck.x - uy * 7,
                        neck.y + ux * 7, neck.x + uy * 7, neck.y - ux * 7, ink);
  }

  // Names stand outside the free area, on the side away from the route's middle.
  void mark(std::size_t i) {
    const Scene& s = scenes_[i];
    const Pixel p = at(s.at);
    out_ += base::formatted("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.0f}\" fill=\"{}\"/>\n", p.x, p.y, kMarkRadius_px, scene_colour(i));
    text(p.x, p.y + 6, 17, "#14171f", "middle", base::formatted("{}", i + 1), "font-weight=\"700\"");
    const bool right = s.at.x_m >= middle_x_m_ - 1e-6;
    const double x = p.x + (right ? 1 : -1) * (s.free_radius_m * kPixelsPerMetre + 8);
    const std::string_view anchor = right ? "start" : "end";
    static constexpr std::string_view kHalo = "paint-order=\"stroke\" stroke=\"#1b1f2a\" stroke-width=\"5\" stroke-linejoin=\"round\"";
    text(x, p.y - 1, 15, "#f4efe6", anchor, spoken(s.name), kHalo);
    std::string times = base::formatted("{:.0f} s", s.dwell_s);
    if (s.hold_max_s > 0.0) times += base::formatted(" + hold {:.0f}", s.hold_max_s);
    text(x, p.y + 16, 12, "#9aa3b5", anchor, times, kHalo);
  }

  void footer() {
    const double y = kHeader_px + floor_height_ + 32;
    out_ += base::formatted("<path d=\"M24 {0:.0f}v6h{1:.0f}v-6\" fill=\"none\" stroke=\"#9aa3b5\" stroke-width=\"1.5\"/>\n", y - 8, kPixelsPerMetre);
    text(24 + kPixelsPerMetre + 10, y, 13, "#9aa3b5", "start", "1 m");
    if (m_.route) {
      const std::string ways = std::string(m_.route->mirrorable ? "mirrorable" : "not mirrored") +
                               base::formatted(" · holds {:.0f} s in all", m_.route->hold_total_max_s);
      text(width_ - 24, y, 13, "#9aa3b5", "end", ways);
    }
  }

  const Manifest& m_;
  std::string_view language_;
  std::vector<Scene> scenes_;
  FilmPoint low_;
  FilmPoint high_;
  double middle_x_m_ = 0.0;
  double width_ = 0.0;
  double floor_height_ = 0.0;
  std::string out_;
};

}  // namespace

std::string route_svg(const Manifest& manifest, std::string_view language) { return Drawing(manifest, language).run(); }

}  // namespace promenade::film_tool
