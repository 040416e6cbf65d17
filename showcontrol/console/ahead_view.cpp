#include "showcontrol/console/ahead_view.h"

#include <algorithm>
#include <cmath>

#include "showcontrol/console/forecast.h"
#include "showcontrol/console/parts.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr double kStep_s = 10.0;      // of an arrow key,
constexpr double kFinger_s = 5.0;     // and of the finger
constexpr float kKnob = 13.0F;
constexpr float kBand = 28.0F;        // high; it lies above the hall, in the plan's margin

std::uint32_t last_alarm(const Snapshot& snapshot) {
  std::uint32_t newest = 0;
  for (const protocol::StaffAlarm& alarm : snapshot.alarms) newest = std::max(newest, alarm.number);
  return newest;
}

void look_ahead(Frame& frame, double ahead_s) {
  frame.ui.ahead_s = std::clamp(ahead_s, 0.0, kAheadMost_s);
  frame.ui.ahead_touched_s = frame.now_s();
  frame.ui.ahead_alarm = last_alarm(frame.snapshot);
}

void keys(Frame& frame) {
  if (ImGui::GetIO().WantTextInput) return;
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) look_ahead(frame, frame.ui.ahead_s + kStep_s);
  if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) look_ahead(frame, frame.ui.ahead_s - kStep_s);
  if (ImGui::IsKeyPressed(ImGuiKey_Home) || ImGui::IsKeyPressed(ImGuiKey_Escape)) look_ahead(frame, 0.0);
}

}  // namespace

void follow_ahead(Frame& frame) {
  UiState& ui = frame.ui;
  if (ui.ahead_s > 0.0) {
    const bool untouched = frame.now_s() - ui.ahead_touched_s > kAheadUntouched_s;
    const bool alarm = last_alarm(frame.snapshot) > ui.ahead_alarm;
    if (untouched || alarm || ui.placing != Placing::nothing || no_forecast(frame.snapshot) != NoForecast::none) ui.ahead_s = 0.0;
  }
  frame.layout.says["ahead"] = ui.ahead_s > 0.0 ? std::to_string(std::lround(ui.ahead_s)) : "live";
}

void draw_ahead(Frame& frame, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const NoForecast why = no_forecast(frame.snapshot);
  const bool works = why == NoForecast::none;
  if (works) keys(frame);
  const bool ahead = frame.ui.ahead_s > 0.0;
  const bool narrow = width < 700.0F;
  const float words = narrow ? 128.0F : 176.0F, button = narrow ? 96.0F : 120.0F;
  panel(at, {width, kAheadRow}, colour::kPanel);
  const float upper = at.y + 5.0F, lower = upper + text_height(frame, Face::small) + 1.0F;
  put_text(frame, Face::small, {at.x + 14.0F, upper}, colour::kFaint, w.ahead, words - 18.0F);
  const std::string state = ahead ? base::formatted_by(w.ahead_in, minutes(frame.ui.ahead_s)) : std::string(w.ahead_live);
  if (works) put_text(frame, ahead ? Face::strong : Face::small, {at.x + 14.0F, lower}, ahead ? colour::kForecast : colour::kDim, state, words - 18.0F);
  if (!works) {
    const char* text = why == NoForecast::halted ? w.ahead_halted : why == NoForecast::untold ? w.ahead_none : "–";
    put_text(frame, Face::small, {at.x + words + 8.0F, at.y + (kAheadRow - text_height(frame, Face::small)) / 2}, colour::kFaint, text, width - words - 16.0F);
    return;
  }
  const float left = at.x + words + kKnob, right = at.x + width - button - 12.0F - kKnob - 10.0F;
  const float track = at.y + 18.0F;
  const auto x_of = [&](double ahead_s) { return left + (right - left) * static_cast<float>(ahead_s / kAheadMost_s); };
  const ImVec2 area{left - kKnob, at.y}, extent{right - left + 2 * kKnob, kAheadRow};
  frame.layout.widgets["ahead"] = {area.x, area.y, extent.x, extent.y};
  ImGui::SetCursorScreenPos(area);
  ImGui::InvisibleButton("ahead", extent);
  if (ImGui::IsItemActive()) {
    const double wanted = kAheadMost_s * static_cast<double>((ImGui::GetIO().MousePos.x - left) / (right - left));
    look_ahead(frame, std::round(wanted / kFinger_s) * kFinger_s);
  }
  canvas().AddRectFilled({left, track - 3.0F}, {right, track + 3.0F}, colour::kLine, 3.0F);
  canvas().AddRectFilled({left, track - 3.0F}, {x_of(frame.ui.ahead_s), track + 3.0F}, colour::kForecast, 3.0F);
  for (int minute = 0; minute <= 10; ++minute) {
    const float x = x_of(60.0 * minute);
    canvas().AddLine({x, track + 8.0F}, {x, track + (minute % 5 == 0 ? 14.0F : 11.0F)}, colour::kFaint, 1.5F);
    if (minute % 5 != 0) continue;
    const std::string text = minute == 0 ? std::string("0") : base::formatted_by(w.minutes_short, minute);
    put_text_centred(frame, Face::small, {x, track + 24.0F}, colour::kFaint, text);
  }
  canvas().AddCircleFilled({x_of(frame.ui.ahead_s), track}, kKnob, frame.ui.ahead_s > 0.0 ? colour::kForecast : colour::kText, 32);
  canvas().AddCircle({x_of(frame.ui.ahead_s), track}, kKnob, kInk, 32, 2.0F);
  ButtonLook look;
  look.enabled = ahead;
  if (ahead) look.fill = colour::kForecast, look.text = kInk;
  if (tap_button(frame, "ahead-now", w.ahead_now, {at.x + width - button - 6.0F, at.y + 3.0F}, {button, kAheadRow - 6.0F}, look)) look_ahead(frame, 0.0);
}

void draw_ahead_veil(ImVec2 at, ImVec2 extent) {
  canvas().AddRectFilled(at, {at.x + extent.x, at.y + extent.y}, with_alpha(colour::kBack, 0.62), size::kRound);
  constexpr float kEach = 26.0F;
  for (float x = at.x - extent.y; x < at.x + extent.x; x += kEach) {
    canvas().AddLine({x, at.y + extent.y}, {x + extent.y, at.y}, with_alpha(colour::kForecast, 0.07), 6.0F);
  }
}

void draw_ahead_band(Frame& frame, ImVec2 at, ImVec2 extent, int untold) {
  const Strings& w = frame.words;
  const double ahead_s = frame.ui.ahead_s;
  canvas().AddRect({at.x + 2.0F, at.y + 2.0F}, {at.x + extent.x - 2.0F, at.y + extent.y - 2.0F}, colour::kForecast, size::kRound, 0, 4.0F);
  canvas().AddRectFilled(at, {at.x + extent.x, at.y + kBand}, colour::kForecast, size::kRound, ImDrawFlags_RoundCornersTop);
  const std::string title = base::formatted_by(w.ahead_banner, frame.wall_clock(frame.now_s() + ahead_s), minutes(ahead_s));
  std::string text = w.ahead_not_people;
  if (untold > 0) text = base::formatted_by(w.ahead_untold, untold) + " · " + text;
  const float room = extent.x - 24.0F, first = text_width(frame, Face::strong, title), gap = 16.0F;
  const bool both = first + gap + text_width(frame, Face::small, text) <= room;
  const float whole = both ? first + gap + text_width(frame, Face::small, text) : first;
  const float x = at.x + (extent.x - whole) / 2;
  put_text(frame, Face::strong, {x, at.y + (kBand - text_height(frame, Face::strong)) / 2}, kInk, title, room);
  if (both) put_text(frame, Face::small, {x + first + gap, at.y + (kBand - text_height(frame, Face::small)) / 2}, kInk, text);
}

}  // namespace promenade::console
