// A clean headset is given to somebody: the ticket's code comes from a scanner, which types it and the line's end. Whether
// he is a child, and how tall, is asked first: a child who stands is not a grown-up who has fallen.

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr int kAgeLeast = 3, kAgeFirst = 8, kAgeMost = static_cast<int>(protocol::kChildAge_years) - 1;
constexpr int kHeightLeast_cm = 80, kHeightMost_cm = 210, kHeightStep_cm = 5, kChildFirst_cm = 120, kGrownFirst_cm = 170;
const int kChildHeight_cm = static_cast<int>(std::lround(protocol::kChildHeight_m * 100.0));

// One step from `value`; 0 is "not asked", before the least.
constexpr int kClassLeast = 7, kClassFirst = 40, kClassMost = 99;

int stepped(int value, int step, int least, int first, int most, int each) {
  if (step == 0) return value;
  if (value == 0) return first;
  const int next = value + step * each;
  return next < least ? 0 : std::min(next, most);
}

bool ticket_field(Frame& frame, ImVec2 at, float width) {
  UiState& ui = frame.ui;
  ImGui::PushFont(frame.fonts.face(Face::body));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {12.0F, (size::kTouch - frame.fonts.face(Face::body)->FontSize) / 2});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, size::kRound);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kRaised);
  ImGui::SetCursorScreenPos(at);
  ImGui::SetNextItemWidth(width);
  // A scanner types without a tap. `SetKeyboardFocusHere` goes by ImGui's navigation, which this window has not.
  if (!ImGui::IsAnyItemActive()) ImGui::ActivateItemByID(ImGui::GetID("##ticket"));
  const bool entered = ImGui::InputText("##ticket", ui.ticket.data(), ui.ticket.size(),
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CharsNoBlank);
  frame.layout.widgets["ticket"] = {at.x, at.y, width, size::kTouch};
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  return entered;
}

void who(Frame& frame, ImVec2 at, float width) {
  const Strings& w = frame.words;
  UiState& ui = frame.ui;
  const float half = (width - size::kGap) / 2;
  const auto look = [](bool on) {
    ButtonLook made;
    if (on) made.fill = colour::kAccent;
    return made;
  };
  const std::string grown = base::formatted_by(w.bind_grown, protocol::kChildAge_years), child = base::formatted_by(w.bind_child, protocol::kChildAge_years);
  if (tap_button(frame, "bind-grown", grown.c_str(), at, {half, size::kTouch}, look(!ui.child)) && ui.child) {
    ui.child = false;
    ui.age_years = ui.height_cm = 0;
  }
  if (tap_button(frame, "bind-child", child.c_str(), {at.x + half + size::kGap, at.y}, {half, size::kTouch}, look(ui.child)) && !ui.child) {
    ui.child = true;
    ui.height_cm = kChildFirst_cm;
  }
}

}  // namespace

float draw_bind_form(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  const Strings& w = frame.words;
  UiState& ui = frame.ui;
  constexpr float kLine = size::kTouch + size::kGap;
  float y = at.y;
  put_text(frame, Face::strong, {at.x, y}, colour::kText, w.scan_ticket);
  y += text_height(frame, Face::strong) + 4.0F;
  const bool entered = ticket_field(frame, {at.x, y}, width);
  y += kLine;
  who(frame, {at.x, y}, width);
  y += kLine;
  if (ui.child) {
    const std::string age = ui.age_years == 0 ? std::string(w.not_asked) : base::formatted_by(w.age_text, ui.age_years);
    ui.age_years = stepped(ui.age_years, stepper(frame, "bind-age", w.age, age, {at.x, y}, width), kAgeLeast, kAgeFirst, kAgeMost, 1);
    y += kLine;
  }
  const std::string height = ui.height_cm == 0 ? std::string(w.not_asked) : base::formatted_by(w.height_text, ui.height_cm);
  const int step = stepper(frame, "bind-height", w.height, height, {at.x, y}, width);
  ui.height_cm = stepped(ui.height_cm, step, kHeightLeast_cm, ui.child ? kChildFirst_cm : kGrownFirst_cm, kHeightMost_cm, kHeightStep_cm);
  y += kLine;
  if (!ui.child && ui.height_cm > 0 && ui.height_cm < kChildHeight_cm) {
    y += put_wrapped(frame, Face::small, {at.x + 4.0F, y}, colour::kWarn, base::formatted_by(w.bind_small, kChildHeight_cm), width - 8.0F) + size::kGap;
  }
  const std::string party = ui.party == 0 ? std::string(w.alone) : base::formatted_by(w.party, ui.party);
  ui.party = std::clamp(ui.party + stepper(frame, "bind-party", w.together, party, {at.x, y}, width), 0, 999);
  y += kLine;
  if (ui.party > 0) {
    const std::string people = ui.class_people == 0 ? std::string(w.not_asked) : base::formatted_by(w.class_people_text, ui.class_people);
    ui.class_people = stepped(ui.class_people, stepper(frame, "bind-class", w.class_people, people, {at.x, y}, width), kClassLeast, kClassFirst, kClassMost, 1);
    y += kLine;
  }
  ButtonLook give = loud(colour::kClear);
  give.enabled = frame.snapshot.connected() && ui.ticket[0] != '\0';
  const bool tapped = tap_button(frame, "action-bind", w.bind, {at.x, y}, {width, 58.0F}, give);
  y += 58.0F + size::kGap;
  if ((tapped || entered) && give.enabled) {
    frame.wish(protocol::BindTicket{card.headset, ui.ticket.data(), static_cast<std::uint16_t>(ui.party), ui.height_cm / 100.0, ui.child,
        static_cast<std::uint8_t>(ui.age_years), static_cast<std::uint8_t>(ui.party > 0 ? ui.class_people : 0)});
    ui.ticket[0] = '\0';
  }
  return y - at.y;
}

}  // namespace promenade::console
