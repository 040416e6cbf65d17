#pragma once
// The few things of which the console is made: touch buttons, the press-and-hold guard, text in boxes, scrolling by
// finger. Each tappable one tells the frame's layout its name and place. Within an ImGui window; its thread.

#include <string>
#include <string_view>

#include "showcontrol/console/ui.h"

namespace promenade::console {

struct ButtonLook {
  ImU32 fill = colour::kRaised;
  ImU32 text = colour::kText;
  ImU32 border = 0;              // 0: none
  Face face = Face::strong;
  const char* below = "";        // a second, smaller line
  bool enabled = true;
};

// True on the tap. `name` is unique on the screen and stands in the layout while it is enabled.
bool tap_button(Frame& frame, const std::string& name, const char* label, ImVec2 at, ImVec2 extent, const ButtonLook& look = {});
// True once, when it has been held for kHold_s; shows how far it is. Says "press and hold" below.
inline constexpr double kHold_s = 1.2;
bool hold_button(Frame& frame, const std::string& name, const char* label, ImVec2 at, ImVec2 extent, const ButtonLook& look = {});
// A tappable box without looks; `pressed` tells the drawing.
bool tap_area(Frame& frame, const std::string& name, ImVec2 at, ImVec2 extent, bool* pressed = nullptr);

float text_width(const Frame& frame, Face face, std::string_view text);
float text_height(const Frame& frame, Face face);
// Draws at the upper left corner `at`; what is wider than `width` (when not 0) is cut with an ellipsis.
void put_text(Frame& frame, Face face, ImVec2 at, ImU32 colour, std::string_view text, float width = 0.0F);
void put_text_centred(Frame& frame, Face face, ImVec2 middle, ImU32 colour, std::string_view text);
void put_text_right(Frame& frame, Face face, ImVec2 upper_right, ImU32 colour, std::string_view text);
// Wrapped to the width; returns the height.
float put_wrapped(Frame& frame, Face face, ImVec2 at, ImU32 colour, std::string_view text, float width);
float wrapped_height(const Frame& frame, Face face, std::string_view text, float width);

void panel(ImVec2 at, ImVec2 extent, ImU32 fill, float rounding = size::kRound, ImU32 border = 0, float thick = 1.0F);

// A region that scrolls by finger and wheel; draw within, then end it with the height of what was drawn.
class Scroller {
 public:
  Scroller(Frame& frame, const char* name, ImVec2 at, ImVec2 extent);
  ~Scroller();
  Scroller(const Scroller&) = delete;
  Scroller& operator=(const Scroller&) = delete;
  ImVec2 origin() const { return origin_; }    // of the content, moved by the scrolling
  float width() const { return width_; }
  float foot() const { return foot_; }         // lower end of what is seen, not moved by the scrolling
  void content_height(float height) { height_ = height; }
  void reveal(float y, float height);          // scrolls so that a row drawn there is seen, from the next frame on

 private:
  ImVec2 origin_;
  float visible_ = 0.0F;
  float width_ = 0.0F;
  float foot_ = 0.0F;
  float height_ = 0.0F;
};

}  // namespace promenade::console
