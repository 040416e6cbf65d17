#pragma once
// Drawing of the house style: the colours, rounded boxes, text that is laid out by the house's own rules, over one
// ImGui draw list; names of what can be pointed at. Private to runtime/ui; pixels from the top left; one frame long.

#include <imgui.h>

#include <map>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ui/font.h"
#include "runtime/ui/interface.h"

namespace promenade::ui {

inline constexpr float kPi = std::numbers::pi_v<float>;

// Dark and warm, with one accent. Straight sRGB.
inline constexpr ImU32 kNight = IM_COL32(22, 24, 30, 255);      // panels
inline constexpr ImU32 kEdge = IM_COL32(64, 68, 78, 255);       // round panels, against a dark room
inline constexpr ImU32 kDusk = IM_COL32(33, 36, 43, 255);       // boxes on panels
inline constexpr ImU32 kDuskLit = IM_COL32(48, 52, 61, 255);    // pointed at
inline constexpr ImU32 kPaper = IM_COL32(243, 238, 228, 255);   // text
inline constexpr ImU32 kStone = IM_COL32(176, 170, 160, 255);   // text that comes second
inline constexpr ImU32 kFaint = IM_COL32(92, 92, 94, 255);      // rules, what is not to be had
inline constexpr ImU32 kAmber = IM_COL32(244, 170, 86, 255);    // the accent
inline constexpr ImU32 kInk = IM_COL32(16, 10, 4, 255);        // text on the accent
inline constexpr ImU32 kAlarm = IM_COL32(226, 74, 58, 255);     // stop
inline constexpr ImU32 kExit = IM_COL32(70, 206, 124, 255);     // the way out of danger: green, as exit signs are (ISO 7010)

ImU32 with_alpha(ImU32 color, float alpha);  // multiplies
ImU32 mix(ImU32 a, ImU32 b, float t);

struct Box {
  ImVec2 low, high;
  float width() const { return high.x - low.x; }
  float height() const { return high.y - low.y; }
  ImVec2 center() const { return {(low.x + high.x) * 0.5f, (low.y + high.y) * 0.5f}; }
  Box inner(float margin) const { return {{low.x + margin, low.y + margin}, {high.x - margin, high.y - margin}}; }
};
enum class Align { left, center, right };
using Posters = std::map<base::FilmId, Poster>;

// A name broken into lines.
struct Name {
  Style style;
  float scale = 1.0f;                         // of the style's size
  std::vector<std::string> lines;
  float height() const;
};

class Canvas {
 public:
  Canvas(ImDrawList& list, Fonts& fonts, const Pointer& pointer, std::vector<Target>& targets, const Posters& posters)
      : list_(list), fonts_(fonts), pointer_(pointer), targets_(targets), posters_(posters) {}

  ImDrawList& list() { return list_; }
  void box(const Box& box, ImU32 color, float rounding = 20.0f) { list_.AddRectFilled(box.low, box.high, color, rounding); }
  void frame(const Box& box, ImU32 color, float rounding, float thickness) { list_.AddRect(box.low, box.high, color, rounding, 0, thickness); }
  void rule(float x0, float x1, float y) { list_.AddLine({x0, y}, {x1, y}, kFaint, 1.5f); }

  float text_width(Style style, std::string_view text);
  static float line_height(Style style) { return size_px(style) * 1.04f; }
  // One line; `at`: its top left, top middle or top right. Returns its width.
  float line(Style style, ImVec2 at, ImU32 color, std::string_view text, Align align = Align::left);
  // One line, made smaller where it is wider than `width`; centred on `at`, in height too.
  void fitted(Style style, ImVec2 at, float width, ImU32 color, std::string_view text);
  // Lines in a column; returns the y below the last one.
  float paragraph(Style style, ImVec2 at, float width, ImU32 color, std::string_view text, Align align = Align::left, std::size_t lines_max = 100);
  // A name in at most `lines_max` lines, made smaller until no word of it is cut.
  Name laid(Style style, float width, std::string_view text, std::size_t lines_max);
  // From `at` down. Returns the y below it.
  float name(const Name& name, ImVec2 at, ImU32 color);
  // Those in the middle are as even as they can be.
  std::vector<std::string> lines(Style style, float width, std::string_view text, std::size_t lines_max = 100, Align align = Align::left);

  void star(ImVec2 center, float radius, ImU32 color, bool filled);
  void arrow(ImVec2 center, float length, float clockwise_rad, ImU32 color);  // 0: upwards
  void sweep(ImVec2 center, float radius, float thickness, float share, ImU32 color, ImU32 rest);

  // Something to point at. Returns whether the pointer is on it; draws the dwelling's progress.
  bool target(const std::string& name, const Box& box);
  bool button(const std::string& name, const Box& box, std::string_view label, bool accent = false);
  void cursor();

  const Poster* poster(const base::FilmId& film) const;  // null: it has none

 private:
  void put(Style style, float size, ImVec2 at, ImU32 color, std::string_view text);

  ImDrawList& list_;
  Fonts& fonts_;
  const Pointer& pointer_;
  std::vector<Target>& targets_;
  const Posters& posters_;
};

// A card's picture: the film's poster, else an abstract landscape in colours of its own, the same for the same film code
// everywhere. The lowest `words_px` of it are for words, which can be read over any picture.
void draw_film_art(Canvas& canvas, const Box& box, const base::FilmId& film, float words_px, bool lit, bool available);

}  // namespace promenade::ui
