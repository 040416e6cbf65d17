#include "showcontrol/console/widgets.h"

#include <algorithm>
#include <cmath>

namespace promenade::console {

namespace {

constexpr float kDragStarts = 8.0F;  // pixels: less is a tap

ImVec2 sum(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }

// What is scrolled out of sight cannot be tapped, and is not in the layout.
bool visible_box(ImVec2 at, ImVec2 extent, Box& box) {
  const ImVec2 low = canvas().GetClipRectMin(), high = canvas().GetClipRectMax();
  const float left = std::max(at.x, low.x), top = std::max(at.y, low.y);
  const float right = std::min(at.x + extent.x, high.x), bottom = std::min(at.y + extent.y, high.y);
  box = {left, top, right - left, bottom - top};
  return box.width > extent.x / 2 && box.height > extent.y / 2;
}

bool area(Frame& frame, const std::string& name, ImVec2 at, ImVec2 extent, bool& held) {
  Box box;
  if (visible_box(at, extent, box)) frame.layout.widgets[name] = box;
  ImGui::SetCursorScreenPos(at);
  ImGui::InvisibleButton(name.c_str(), extent);
  UiState& ui = frame.ui;
  if (ImGui::IsItemActivated()) ui.pressed = name, ui.pressed_low = at, ui.pressed_high = sum(at, extent);
  const bool there = ui.pressed == name && ImGui::IsMouseHoveringRect(ui.pressed_low, ui.pressed_high, false);
  held = ImGui::IsItemActive() && there;
  const ImVec2 began = ImGui::GetIO().MouseClickedPos[0], ended = ImGui::GetIO().MousePos;
  return ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left) && there && std::hypot(ended.x - began.x, ended.y - began.y) < 3.0F * kDragStarts;  // who has scrolled has not tapped
}

void draw_button(Frame& frame, const char* label, ImVec2 at, ImVec2 extent, const ButtonLook& look, bool pressed, double share) {
  const ImU32 fill = look.enabled ? (pressed ? mixed(look.fill, IM_COL32_WHITE, 0.12) : look.fill) : with_alpha(look.fill, 0.45);
  canvas().AddRectFilled(at, sum(at, extent), fill, size::kRound);
  if (share > 0.0) {
    canvas().PushClipRect(at, {at.x + extent.x * static_cast<float>(share), at.y + extent.y}, true);
    canvas().AddRectFilled(at, sum(at, extent), mixed(look.fill, IM_COL32_WHITE, 0.55), size::kRound);
    canvas().PopClipRect();
  }
  if (look.border != 0) canvas().AddRect(at, sum(at, extent), with_alpha(look.border, look.enabled ? 1.0 : 0.4), size::kRound, 0, 2.0F);
  const ImU32 ink = look.enabled ? look.text : with_alpha(colour::kText, 0.5);  // on the dimmed fill, whatever its colour
  const ImVec2 middle{at.x + extent.x / 2, at.y + extent.y / 2};
  if (*look.below == '\0') return put_text_centred(frame, look.face, middle, ink, label);
  const float upper = text_height(frame, look.face), lower = text_height(frame, Face::small);
  const float top = middle.y - (upper + lower) / 2;
  put_text_centred(frame, look.face, {middle.x, top + upper / 2}, ink, label);
  put_text_centred(frame, Face::small, {middle.x, top + upper + lower / 2}, with_alpha(ink, 0.8), look.below);
}

}  // namespace

bool tap_area(Frame& frame, const std::string& name, ImVec2 at, ImVec2 extent, bool* pressed) {
  bool held = false;
  const bool tapped = area(frame, name, at, extent, held);
  if (pressed != nullptr) *pressed = held;
  return tapped;
}

bool tap_button(Frame& frame, const std::string& name, const char* label, ImVec2 at, ImVec2 extent, const ButtonLook& look) {
  bool held = false;
  bool tapped = false;
  if (look.enabled) tapped = area(frame, name, at, extent, held);
  draw_button(frame, label, at, extent, look, held, 0.0);
  return tapped;
}

bool hold_button(Frame& frame, const std::string& name, const char* label, ImVec2 at, ImVec2 extent, const ButtonLook& look) {
  bool held = false;
  if (look.enabled) area(frame, name, at, extent, held);
  UiState& ui = frame.ui;
  // A finger that slides away takes it back: it is no longer held.
  bool fires = false;
  double share = 0.0;
  if (!held) {
    if (ui.held == name) ui.held.clear();
  } else if (ui.held != name) {
    ui.held = name;
    ui.held_since_s = frame.now_s();
    ui.held_done = false;
  } else if (!ui.held_done) {
    share = (frame.now_s() - ui.held_since_s) / kHold_s;
    fires = share >= 1.0;
    ui.held_done = fires;
  }
  ButtonLook shown = look;
  if (*shown.below == '\0') shown.below = frame.words.hold;
  draw_button(frame, label, at, extent, shown, held, share);
  return fires;
}

float text_width(const Frame& frame, Face face, std::string_view text) {
  ImFont* font = frame.fonts.face(face);
  return font->CalcTextSizeA(font->FontSize, 1e6F, 0.0F, text.data(), text.data() + text.size()).x;
}
float text_height(const Frame& frame, Face face) { return std::round(frame.fonts.face(face)->FontSize * 1.22F); }

namespace {
// ImGui sets a line as high as its font; we give it the room that Chinese and Latin share, in the middle.
ImVec2 line_at(const Frame& frame, Face face, ImVec2 at) {
  return {std::round(at.x), std::round(at.y + (text_height(frame, face) - frame.fonts.face(face)->FontSize) / 2)};
}
}  // namespace

void put_text(Frame& frame, Face face, ImVec2 at, ImU32 ink, std::string_view text, float width) {
  ImFont* font = frame.fonts.face(face);
  std::string shown(text);
  if (width > 0.0F && text_width(frame, face, shown) > width) {
    while (!shown.empty() && text_width(frame, face, shown + "…") > width) {
      shown.pop_back();
      while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U) shown.pop_back();
      if (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80U) != 0) {  // a lead byte without its rest
        shown.pop_back();
      }
    }
    shown += "…";
  }
  canvas().AddText(font, font->FontSize, line_at(frame, face, at), ink, shown.c_str());
}

void put_text_centred(Frame& frame, Face face, ImVec2 middle, ImU32 ink, std::string_view text) {
  put_text(frame, face, {middle.x - text_width(frame, face, text) / 2, middle.y - text_height(frame, face) / 2}, ink, text);
}

void put_text_right(Frame& frame, Face face, ImVec2 upper_right, ImU32 ink, std::string_view text) {
  put_text(frame, face, {upper_right.x - text_width(frame, face, text), upper_right.y}, ink, text);
}

namespace {

// No line of Chinese begins with one of these.
bool closes(const char* at, const char* end) {
  constexpr std::string_view kClosing[]{"，", "。", "；", "：", "、", "！", "？", "）", "”"};
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  return std::ranges::any_of(kClosing, [rest](std::string_view one) { return rest.starts_with(one); });
}

// ImGui breaks between words, and between Chinese characters anywhere.
std::vector<std::string_view> wrapped(const Frame& frame, Face face, std::string_view text, float width) {
  const ImFont* font = frame.fonts.face(face);
  std::vector<std::string_view> lines;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const char* const newline = std::find(at, end, '\n');
    const char* cut = font->CalcWordWrapPositionA(1.0F, at, newline, width);
    if (cut < newline && closes(cut, newline)) {
      const char* before = cut - 1;
      while (before > at && (static_cast<unsigned char>(*before) & 0xC0U) == 0x80U) --before;
      if (before > at) cut = before;
    }
    if (cut == at) cut = newline;  // not even one character fits
    lines.emplace_back(at, static_cast<std::size_t>(cut - at));
    at = cut;
    while (at < newline && *at == ' ') ++at;
    if (at == newline && at < end) ++at;
  }
  return lines;
}

}  // namespace

float wrapped_height(const Frame& frame, Face face, std::string_view text, float width) {
  return frame.fonts.face(face)->FontSize * static_cast<float>(wrapped(frame, face, text, width).size());
}

float put_wrapped(Frame& frame, Face face, ImVec2 at, ImU32 ink, std::string_view text, float width) {
  ImFont* font = frame.fonts.face(face);
  float y = std::round(at.y);
  for (const std::string_view line : wrapped(frame, face, text, width)) {
    canvas().AddText(font, font->FontSize, {std::round(at.x), y}, ink, line.data(), line.data() + line.size());
    y += font->FontSize;
  }
  return y - std::round(at.y);
}

void panel(ImVec2 at, ImVec2 extent, ImU32 fill, float rounding, ImU32 border, float thick) {
  canvas().AddRectFilled(at, sum(at, extent), fill, rounding);
  if (border != 0) canvas().AddRect(at, sum(at, extent), border, rounding, 0, thick);
}

Scroller::Scroller(Frame&, const char* name, ImVec2 at, ImVec2 extent) {
  ImGui::SetCursorScreenPos(at);
  ImGui::BeginChild(name, extent, false, ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
  if (ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) && ImGui::IsMouseDragging(ImGuiMouseButton_Left, kDragStarts)) {
    ImGui::SetScrollY(ImGui::GetScrollY() - ImGui::GetIO().MouseDelta.y);
  }
  origin_ = {at.x, at.y - ImGui::GetScrollY()};
  width_ = extent.x - ImGui::GetStyle().ScrollbarSize - 2.0F;
  visible_ = extent.y;
  foot_ = at.y + extent.y;
}

void Scroller::reveal(float y, float height) {
  const float scrolled = ImGui::GetScrollY(), row = y - origin_.y;
  if (row < scrolled || row + height > scrolled + visible_) ImGui::SetScrollY(std::max(0.0F, row - (visible_ - height) / 2));
}

Scroller::~Scroller() {
  ImGui::SetCursorScreenPos({origin_.x, origin_.y + std::max(0.0F, height_ - 1.0F)});
  ImGui::Dummy({1.0F, 1.0F});
  ImGui::EndChild();
}

}  // namespace promenade::console
