// The pictures on film cards: posters, and nine abstract landscapes, each in two colours and a light.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "runtime/ui/canvas.h"
#include "tracking/base/random.h"

namespace promenade::ui {
namespace {

struct Palette {
  ImU32 top, bottom, light;
};
constexpr std::array<Palette, 9> kPalettes{{
    {IM_COL32(44, 30, 66, 255), IM_COL32(150, 58, 44, 255), IM_COL32(255, 190, 96, 255)},    // lanterns at dusk
    {IM_COL32(8, 40, 58, 255), IM_COL32(22, 116, 122, 255), IM_COL32(150, 238, 220, 255)},   // water in caves
    {IM_COL32(58, 42, 30, 255), IM_COL32(146, 102, 54, 255), IM_COL32(244, 214, 150, 255)},  // brass
    {IM_COL32(74, 104, 140, 255), IM_COL32(188, 206, 220, 255), IM_COL32(250, 252, 255, 255)},  // snow
    {IM_COL32(46, 84, 74, 255), IM_COL32(196, 150, 92, 255), IM_COL32(255, 232, 190, 255)},  // an orchard
    {IM_COL32(14, 18, 44, 255), IM_COL32(52, 56, 108, 255), IM_COL32(255, 176, 92, 255)},    // a train by night
    {IM_COL32(24, 14, 44, 255), IM_COL32(112, 52, 92, 255), IM_COL32(248, 176, 140, 255)},   // a planet
    {IM_COL32(58, 84, 104, 255), IM_COL32(206, 170, 112, 255), IM_COL32(250, 232, 178, 255)},  // reeds
    {IM_COL32(20, 30, 32, 255), IM_COL32(92, 74, 44, 255), IM_COL32(236, 190, 116, 255)},    // bronze
}};

std::uint32_t number_of(const base::FilmId& film, std::size_t from, std::size_t digits) {
  std::uint32_t number = 0;
  for (std::size_t i = from; i < from + digits && i < film.value().size(); ++i) number = number * 10 + static_cast<std::uint32_t>(film.value()[i] - '0');
  return number;
}

struct Scene {
  ImDrawList& list;
  Box box;
  Palette colors;
  base::Random random;
  ImVec2 at(float x, float y) const { return {box.low.x + x * box.width(), box.low.y + y * box.height()}; }  // 0..1
  float unit() const { return std::min(box.width(), box.height()); }
  float between(double low, double high) { return static_cast<float>(random.uniform(low, high)); }
  void glow(ImVec2 center, float radius, ImU32 color) {
    constexpr int kSteps = 16;  // enough that no edge of a step is seen
    for (int i = kSteps; i > 0; --i) list.AddCircleFilled(center, radius * static_cast<float>(i) / kSteps, with_alpha(color, 0.032f), 40);
  }
  void hill(float y, float height, float turns, float phase, ImU32 color) {
    constexpr int kSteps = 40;
    const ImDrawListFlags flags = list.Flags;
    list.Flags &= ~ImDrawListFlags_AntiAliasedFill;  // smoothed edges of the strips would show as seams
    for (int i = 0; i < kSteps; ++i) {
      const auto top = [&](int n) {
        const float x = static_cast<float>(n) / kSteps;
        return at(x, y - height * (0.6f * std::sin(x * turns + phase) + 0.4f * std::sin(x * turns * 2.3f + phase * 1.7f)));
      };
      list.AddQuadFilled(top(i), top(i + 1), at(static_cast<float>(i + 1) / kSteps, 1.0f), at(static_cast<float>(i) / kSteps, 1.0f), color);
    }
    list.Flags = flags;
  }
};

void lanterns(Scene& s) {
  s.hill(0.80f, 0.05f, 9.0f, 1.0f, with_alpha(s.colors.top, 0.8f));
  for (int string = 0; string < 2; ++string) {
    const float y = 0.16f + 0.17f * static_cast<float>(string);
    for (int i = 0; i < 7; ++i) {
      const float x = (static_cast<float>(i) + 0.5f * static_cast<float>(string)) / 6.5f;
      const ImVec2 center = s.at(x, y + 0.16f * std::sin(kPi * x));
      s.glow(center, s.unit() * 0.16f, s.colors.light);
      s.list.AddEllipseFilled(center, s.unit() * 0.042f, s.unit() * 0.052f, s.colors.light);
    }
  }
}
void caves(Scene& s) {
  s.glow(s.at(0.62f, 0.36f), s.unit() * 0.6f, s.colors.light);
  for (int i = 0; i < 5; ++i) {
    const float f = static_cast<float>(i);
    s.hill(0.50f + 0.11f * f, 0.05f, 7.0f + f, f * 1.3f, with_alpha(mix(s.colors.light, s.colors.top, 0.25f + 0.18f * f), 0.55f));
  }
}
void clocks(Scene& s) {
  const ImVec2 center = s.at(0.68f, 0.42f);
  for (int i = 1; i <= 4; ++i) s.list.AddCircle(center, s.unit() * 0.13f * static_cast<float>(i), with_alpha(s.colors.light, 0.75f - 0.14f * static_cast<float>(i)), 64, 2.5f);
  for (int i = 0; i < 12; ++i) {
    const float a = kPi * static_cast<float>(i) / 6.0f;
    const auto on = [&](float r) { return ImVec2{center.x + s.unit() * r * std::sin(a), center.y - s.unit() * r * std::cos(a)}; };
    s.list.AddLine(on(0.33f), on(0.38f), s.colors.light, 3.0f);
  }
  s.list.AddLine(center, {center.x + s.unit() * 0.16f, center.y - s.unit() * 0.20f}, s.colors.light, 4.0f);
  s.list.AddLine(center, {center.x - s.unit() * 0.14f, center.y - s.unit() * 0.05f}, s.colors.light, 5.0f);
}
void mountains(Scene& s) {
  for (int layer = 0; layer < 3; ++layer) {
    const float f = static_cast<float>(layer);
    for (int i = 0; i < 4; ++i) {
      const float x = 0.34f * static_cast<float>(i) + s.between(-0.12, 0.12) - 0.05f, peak = 0.20f + 0.18f * f + s.between(0.0, 0.12);
      s.list.AddTriangleFilled(s.at(x, peak), s.at(x + 0.42f, 1.0f), s.at(x - 0.42f, 1.0f), mix(IM_COL32(232, 240, 248, 255), s.colors.top, 0.30f + 0.24f * f));
      if (layer == 0) s.list.AddTriangleFilled(s.at(x, peak), s.at(x + 0.08f, peak + 0.155f), s.at(x - 0.08f, peak + 0.155f), s.colors.light);
    }
  }
  for (int i = 0; i < 26; ++i) s.list.AddCircleFilled(s.at(s.between(0.02, 0.98), s.between(0.03, 0.9)), s.between(1.2, 2.8), with_alpha(s.colors.light, 0.8f));
}
void birds(Scene& s) {
  s.glow(s.at(0.28f, 0.34f), s.unit() * 0.42f, s.colors.light);
  s.hill(0.86f, 0.05f, 8.0f, 0.4f, with_alpha(s.colors.top, 0.85f));
  for (int i = 0; i < 9; ++i) {
    const float x = s.between(0.15, 0.92), y = s.between(0.10, 0.58), w = s.unit() * s.between(0.035, 0.08);
    const ImVec2 c = s.at(x, y);
    s.list.AddBezierQuadratic({c.x - w, c.y - w * 0.45f}, {c.x - w * 0.35f, c.y - w * 0.7f}, c, s.colors.light, 3.5f);
    s.list.AddBezierQuadratic(c, {c.x + w * 0.35f, c.y - w * 0.7f}, {c.x + w, c.y - w * 0.45f}, s.colors.light, 3.5f);
  }
}
void train(Scene& s) {
  for (int i = 0; i < 30; ++i) s.list.AddCircleFilled(s.at(s.between(0.0, 1.0), s.between(0.0, 0.5)), s.between(0.8, 1.8), with_alpha(IM_COL32_WHITE, 0.6f));
  s.hill(0.62f, 0.04f, 6.0f, 2.0f, with_alpha(IM_COL32(8, 10, 26, 255), 0.8f));
  for (int i = 0; i < 6; ++i) {
    const ImVec2 low = s.at(0.06f + 0.16f * static_cast<float>(i), 0.44f);
    s.list.AddRectFilled(low, {low.x + s.box.width() * 0.115f, low.y + s.box.height() * 0.12f}, s.colors.light, 4.0f);
    s.glow({low.x + s.box.width() * 0.057f, low.y + s.box.height() * 0.06f}, s.unit() * 0.22f, s.colors.light);
  }
  s.list.AddLine(s.at(0.0f, 0.61f), s.at(1.0f, 0.61f), with_alpha(s.colors.light, 0.6f), 2.0f);
}
void planet(Scene& s) {
  for (int i = 0; i < 30; ++i) s.list.AddCircleFilled(s.at(s.between(0.0, 1.0), s.between(0.0, 0.9)), s.between(0.8, 2.0), with_alpha(IM_COL32_WHITE, 0.6f));
  const ImVec2 center = s.at(0.66f, 0.44f);
  s.list.AddCircleFilled(center, s.unit() * 0.30f, s.colors.light, 64);
  s.list.AddCircleFilled({center.x - s.unit() * 0.05f, center.y + s.unit() * 0.03f}, s.unit() * 0.25f, with_alpha(s.colors.bottom, 0.55f), 64);
  s.list.AddEllipse(center, s.unit() * 0.50f, s.unit() * 0.10f, with_alpha(s.colors.light, 0.8f), -0.32f, 64, 3.0f);
}
void reeds(Scene& s) {
  s.glow(s.at(0.70f, 0.42f), s.unit() * 0.45f, s.colors.light);
  s.list.AddRectFilled(s.at(0.0f, 0.62f), s.at(1.0f, 1.0f), with_alpha(s.colors.top, 0.45f));
  for (int i = 0; i < 26; ++i) {
    const float x = s.between(0.0, 1.0), top = s.between(0.22, 0.55), lean = s.between(-0.05, 0.07);
    s.list.AddBezierQuadratic(s.at(x, 1.0f), s.at(x, 0.6f), s.at(x + lean, top), with_alpha(mix(s.colors.top, s.colors.light, 0.15f), 0.9f), 2.5f);
    s.list.AddEllipseFilled(s.at(x + lean, top), 3.2f, 9.0f, with_alpha(s.colors.light, 0.9f), lean * 3.0f);
  }
}
void bell(Scene& s) {
  const ImVec2 center = s.at(0.5f, 0.98f);
  for (int i = 0; i < 8; ++i) {
    const float f = static_cast<float>(i);
    s.list.PathArcTo(center, s.unit() * (0.22f + 0.12f * f), -kPi, 0.0f, 48);
    s.list.PathStroke(with_alpha(s.colors.light, 0.85f - 0.10f * f), 0, 4.0f - 0.3f * f);
  }
  s.glow(center, s.unit() * 0.5f, s.colors.light);
}

constexpr std::array<void (*)(Scene&), 9> kMotifs{lanterns, caves, clocks, mountains, birds, train, planet, reeds, bell};

void round_corners(ImDrawList& list, const Box& box, float radius, ImU32 color) {
  const std::array<ImVec2, 4> corners{box.low, ImVec2{box.high.x, box.low.y}, box.high, ImVec2{box.low.x, box.high.y}};
  constexpr int kSteps = 8;
  for (int corner = 0; corner < 4; ++corner) {
    const ImVec2 tip = corners[static_cast<std::size_t>(corner)];
    const ImVec2 center{tip.x + (corner == 0 || corner == 3 ? radius : -radius), tip.y + (corner < 2 ? radius : -radius)};
    const auto on = [&](int step) {
      const float a = kPi + kPi * 0.5f * (static_cast<float>(corner) + static_cast<float>(step) / kSteps);
      return ImVec2{center.x + radius * std::cos(a), center.y + radius * std::sin(a)};
    };
    for (int step = 0; step < kSteps; ++step) list.AddTriangleFilled(tip, on(step), on(step + 1), color);
  }
}

constexpr ImU32 kAsh = IM_COL32(66, 68, 72, 255);          // what cannot be had
constexpr ImU32 kShade = IM_COL32(10, 10, 14, 255);

void shade(ImDrawList& list, const Box& box, float from_y, float from, float to_y, float to) {
  const ImU32 above = with_alpha(kShade, from), below = with_alpha(kShade, to);
  list.AddRectFilledMultiColor({box.low.x, from_y}, {box.high.x, to_y}, above, above, below, below);
}

void draw_motif(ImDrawList& list, const Box& box, const base::FilmId& film, bool lit, bool available) {
  const std::uint32_t version = number_of(film, 3, 1), serial = number_of(film, 4, 4);
  const std::size_t motif = (serial + version * 6 + 2) % kMotifs.size();
  Palette colors = kPalettes[motif];
  if (!available) colors = {mix(colors.top, kAsh, 0.85f), mix(colors.bottom, kAsh, 0.85f), mix(colors.light, kAsh, 0.7f)};
  list.AddRectFilledMultiColor(box.low, box.high, colors.top, colors.top, colors.bottom, colors.bottom);
  Scene scene{list, box, colors, base::Random(serial * 10 + version)};
  kMotifs[motif](scene);
  shade(list, box, box.low.y + box.height() * 0.36f, 0.0f, box.high.y, (lit ? 205.0f : 225.0f) / 255.0f);
}

void draw_poster(ImDrawList& list, const Box& box, const Poster& poster, float words_px, bool available) {
  const float wide = static_cast<float>(poster.width_px) / static_cast<float>(poster.height_px), card = box.width() / box.height();
  const ImVec2 half{0.5f * std::min(1.0f, card / wide), 0.5f * std::min(1.0f, wide / card)};
  // ImGui carries textures as pointers; the painter knows them by number.
  const auto texture = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(poster.texture));
  list.AddImage(texture, box.low, box.high, {0.5f - half.x, 0.5f - half.y}, {0.5f + half.x, 0.5f + half.y});
  if (!available) list.AddRectFilled(box.low, box.high, with_alpha(kAsh, 0.92f));
  // Blended as light, this leaves letters over 5 to 1 even before white, where 4.5 to 1 is asked for (WCAG 2.2, 1.4.3).
  constexpr float kHigh = 0.88f, kLow = 0.95f, kFade = 0.26f;
  const float words_y = std::max(box.low.y, box.high.y - words_px);
  shade(list, box, std::max(box.low.y, words_y - kFade * box.height()), 0.0f, words_y, kHigh);
  shade(list, box, words_y, kHigh, box.high.y, kLow);
}

}  // namespace

void draw_film_art(Canvas& canvas, const Box& box, const base::FilmId& film, float words_px, bool lit, bool available) {
  ImDrawList& list = canvas.list();
  list.PushClipRect(box.low, box.high, true);
  if (const Poster* poster = canvas.poster(film)) draw_poster(list, box, *poster, words_px, available);
  else draw_motif(list, box, film, lit, available);
  list.PopClipRect();
  round_corners(list, box, 20.0f, kNight | IM_COL32_A_MASK);
}

}  // namespace promenade::ui
