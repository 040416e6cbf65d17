#pragma once
// What several views of the right-hand side are made of: headings, facts, buttons in pairs, answers of the hall, steppers.
// Within an ImGui window; its thread; points of the screen.

#include <functional>
#include <string>

#include "showcontrol/console/widgets.h"

namespace promenade::console {

inline constexpr ImU32 kInk = IM_COL32(10, 13, 18, 255);  // text on a light or loud ground

ButtonLook loud(ImU32 fill);
float heading(Frame& frame, const char* text, ImVec2 at, const std::string& beside = {}, float width = 0.0F);  // its height
bool back_button(Frame& frame, ImVec2 at);

// A column of "name: value" rows, two beside one another.
class Facts {
 public:
  Facts(Frame& frame, ImVec2 at, float width) : frame_(frame), at_(at), half_(width / 2) {}
  void add(const char* name, const std::string& value, ImU32 ink = colour::kText);
  float height() const { return kRow * static_cast<float>((count_ + 1) / 2); }

 private:
  static constexpr float kRow = 47.0F;
  Frame& frame_;
  ImVec2 at_;
  float half_;
  int count_ = 0;
};

// Buttons, two beside one another; none works while the hall is not connected.
class Actions {
 public:
  Actions(Frame& frame, ImVec2 at, float width) : frame_(frame), at_(at), each_((width - size::kGap) / 2) {}
  bool tap(const char* name, const char* label, const ButtonLook& look = {}) { return tap_button(frame_, name, label, next(), {each_, kHeight}, ready(look)); }
  bool hold(const char* name, const char* label, const ButtonLook& look = {}) {
    return hold_button(frame_, name, label, next(), {each_, kHeight}, ready(look));
  }
  float height() const { return (kHeight + size::kGap) * static_cast<float>((count_ + 1) / 2); }

 private:
  static constexpr float kHeight = 58.0F;
  ImVec2 next();
  ButtonLook ready(ButtonLook look) const;
  Frame& frame_;
  ImVec2 at_;
  float each_;
  int count_ = 0;
};

// A framed text of one or two sentences on the colour of what it is about; returns its height with the gap below it.
float notice(Frame& frame, ImVec2 at, float width, ImU32 mark, const std::string& title, const std::string& text);
// What has become of the last thing asked; nothing asked: 0.
float answer(Frame& frame, const Request* request, ImVec2 at, float width);
// The same over the lower end of a scroller, to be drawn last in it: it comes and goes without moving what a finger is
// about to press. Returns the height that it covers.
float answer_over(Frame& frame, const Request* request, const Scroller& scroller);
// A small label in a rounded box, its left edge at `at.x` and its middle at `at.y`; returns its width.
float pill(Frame& frame, ImVec2 at, ImU32 fill, ImU32 ink, const std::string& text);
// Name, less, value, more in four cells; the steps taken with this tap: -1, 0 or 1.
int stepper(Frame& frame, const std::string& name, const char* label, const std::string& value, ImVec2 at, float width);
// The disc of a viewer as on the plan: his headset's number on his film's colour.
void viewer_disc(Frame& frame, const protocol::HeadsetCard& card, ImVec2 middle, float radius);

HeadsetId headset_of(const protocol::StaffAction& action);  // whom it is about; none: nobody alone

}  // namespace promenade::console
