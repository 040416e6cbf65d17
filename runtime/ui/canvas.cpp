#include "runtime/ui/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "runtime/ui/text.h"

namespace promenade::ui {
namespace {
constexpr ImVec2 on_circle(ImVec2 center, float radius, float angle) {  // clockwise from the top
  return {center.x + radius * std::sin(angle), center.y - radius * std::cos(angle)};
}
}  // namespace

ImU32 with_alpha(ImU32 color, float alpha) {
  const auto a = static_cast<ImU32>(static_cast<float>(color >> IM_COL32_A_SHIFT) * std::clamp(alpha, 0.0f, 1.0f) + 0.5f);
  return (color & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

ImU32 mix(ImU32 a, ImU32 b, float t) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float from = static_cast<float>((a >> shift) & 255u), to = static_cast<float>((b >> shift) & 255u);
    out |= static_cast<ImU32>(from + (to - from) * t + 0.5f) << shift;
  }
  return out;
}

float Canvas::text_width(Style style, std::string_view text) {
  if (text.empty()) return 0.0f;
  fonts_.need(style, text);
  return fonts_.font(style)->CalcTextSizeA(size_px(style), 1e6f, 0.0f, text.data(), text.data() + text.size()).x;
}

void Canvas::put(Style style, float size, ImVec2 at, ImU32 color, std::string_view text) {
  if (text.empty()) return;
  list_.AddText(fonts_.font(style), size, at, color, text.data(), text.data() + text.size());
}

float Canvas::line(Style style, ImVec2 at, ImU32 color, std::string_view text, Align align) {
  const float width = text_width(style, text);
  at.x -= align == Align::center ? width * 0.5f : align == Align::right ? width : 0.0f;
  put(style, size_px(style), {std::round(at.x), std::round(at.y)}, color, text);
  return width;
}

void Canvas::fitted(Style style, ImVec2 at, float width, ImU32 color, std::string_view text) {
  const float natural = text_width(style, text);
  const float size = size_px(style) * std::min(1.0f, width / std::max(natural, 1.0f));
  const float shown = natural * size / size_px(style);
  put(style, size, {std::round(at.x - shown * 0.5f), std::round(at.y - size * 0.5f)}, color, text);
}

std::vector<std::string> Canvas::lines(Style style, float width, std::string_view text, std::size_t lines_max, Align align) {
  const Measure measure = [&](std::string_view piece) { return text_width(style, piece); };
  return align == Align::center ? break_evenly(text, width, measure, lines_max) : break_lines(text, width, measure, lines_max);
}

float Canvas::paragraph(Style style, ImVec2 at, float width, ImU32 color, std::string_view text, Align align, std::size_t lines_max) {
  for (const std::string& each : lines(style, width, text, lines_max, align)) {
    line(style, at, color, each, align);
    at.y += line_height(style);
  }
  return at.y;
}

float Name::height() const { return Canvas::line_height(style) * scale * static_cast<float>(lines.size()); }

Name Canvas::laid(Style style, float width, std::string_view text, std::size_t lines_max) {
  Name name{style, 1.0f, lines(style, width, text)};
  const auto is_cut = [&] {  // too long, or a line ends within a Latin word
    for (std::size_t i = 0; i + 1 < name.lines.size(); ++i) {
      const std::string& line = name.lines[i];
      const bool latin = !line.empty() && static_cast<unsigned char>(line.back()) < 0x80;
      if (latin && !text.contains(line + " ") && !text.contains(line + "\n")) return true;
    }
    return name.lines.size() > lines_max;
  };
  while (name.scale > 0.66f && is_cut()) {
    name.scale -= 0.06f;
    name.lines = lines(style, width / name.scale, text);
  }
  if (name.lines.size() > lines_max) name.lines = lines(style, width / name.scale, text, lines_max);
  return name;
}

float Canvas::name(const Name& name, ImVec2 at, ImU32 color) {
  const float step = line_height(name.style) * name.scale;
  for (const std::string& line : name.lines) {
    put(name.style, size_px(name.style) * name.scale, {std::round(at.x), std::round(at.y)}, color, line);
    at.y += step;
  }
  return at.y;
}

void Canvas::star(ImVec2 center, float radius, ImU32 color, bool filled) {
  std::array<ImVec2, 10> points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = on_circle(center, i % 2 == 0 ? radius : radius * 0.44f, kPi * static_cast<float>(i) / 5.0f);
  }
  if (filled) {
    const ImDrawListFlags flags = list_.Flags;
    list_.Flags &= ~ImDrawListFlags_AntiAliasedFill;  // smoothed edges of the parts would show as seams
    for (std::size_t i = 0; i < points.size(); i += 2) list_.AddQuadFilled(center, points[(i + 9) % 10], points[i], points[i + 1], color);
    list_.Flags = flags;
  }
  list_.AddPolyline(points.data(), static_cast<int>(points.size()), color, ImDrawFlags_Closed, 4.0f);
}

void Canvas::arrow(ImVec2 center, float length, float clockwise_rad, ImU32 color) {
  const auto at = [&](float along, float aside) {
    const ImVec2 forward = on_circle({0, 0}, along, clockwise_rad);
    const ImVec2 side = on_circle({0, 0}, aside, clockwise_rad + kPi / 2.0f);
    return ImVec2{center.x + forward.x + side.x, center.y + forward.y + side.y};
  };
  const float half = length * 0.5f, shaft = length * 0.11f, head = length * 0.30f;
  list_.AddQuadFilled(at(-half, -shaft), at(half * 0.1f, -shaft), at(half * 0.1f, shaft), at(-half, shaft), color);
  list_.AddTriangleFilled(at(0.0f, -head), at(half, 0.0f), at(0.0f, head), color);
}

void Canvas::sweep(ImVec2 center, float radius, float thickness, float share, ImU32 color, ImU32 rest) {
  list_.AddCircle(center, radius, rest, 96, thickness);
  if (share <= 0.0f) return;
  list_.PathArcTo(center, radius, -kPi / 2.0f, -kPi / 2.0f + 2.0f * kPi * std::min(share, 1.0f), 96);
  list_.PathStroke(color, 0, thickness);
}

bool Canvas::target(const std::string& name, const Box& box) {
  targets_.push_back({name, {box.low.x, box.low.y}, {box.high.x, box.high.y}});
  return pointer_.at && hit({&targets_.back(), 1}, *pointer_.at) != nullptr;
}

bool Canvas::button(const std::string& name, const Box& area, std::string_view label, bool accent) {
  const bool lit = target(name, area);
  const float rounding = std::min(area.height() * 0.5f, 26.0f);
  const ImU32 fill = accent ? mix(kAmber, IM_COL32_WHITE, lit ? 0.35f : 0.0f) : lit ? kDuskLit : kDusk;
  box(area, fill, rounding);
  if (lit) frame(area, kAmber, rounding, 4.0f);
  fitted(Style::strong, area.center(), area.width() - 32.0f, accent ? kInk : kPaper, label);
  return lit;
}

void Canvas::cursor() {
  if (!pointer_.at || targets_.empty()) return;  // where nothing can be pressed a dot only disturbs
  const ImVec2 at{pointer_.at->x, pointer_.at->y};
  list_.AddCircleFilled(at, 11.0f, with_alpha(kInk, 0.7f), 32);
  list_.AddCircleFilled(at, 7.0f, kPaper, 32);
  if (pointer_.dwell > 0.0f) sweep(at, 26.0f, 7.0f, pointer_.dwell, kAmber, with_alpha(kInk, 0.5f));
}

const Poster* Canvas::poster(const base::FilmId& film) const {
  const auto found = posters_.find(film);
  return found == posters_.end() ? nullptr : &found->second;
}

}  // namespace promenade::ui
