// One headset, or one body without a headset, with what can be done.

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "showcontrol/console/cards_view.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr int kChildLeast_cm = 80, kChildMost_cm = 160, kChildStep_cm = 5;

// A column of "name: value" rows, two beside one another.
class Facts {
 public:
  Facts(Frame& frame, ImVec2 at, float width) : frame_(frame), at_(at), half_(width / 2) {}
  void add(const char* name, const std::string& value, ImU32 ink = colour::kText) {
    const ImVec2 at{at_.x + half_ * static_cast<float>(count_ % 2), at_.y + kRow * static_cast<float>(count_ / 2)};
    put_text(frame_, Face::small, at, colour::kFaint, name, half_ - 8.0F);
    put_text(frame_, Face::body, {at.x, at.y + 19.0F}, ink, value, half_ - 10.0F);
    ++count_;
  }
  float height() const { return kRow * static_cast<float>((count_ + 1) / 2); }

 private:
  static constexpr float kRow = 47.0F;
  Frame& frame_;
  ImVec2 at_;
  float half_;
  int count_ = 0;
};

// Buttons of the detail, two beside one another.
class Actions {
 public:
  Actions(Frame& frame, ImVec2 at, float width) : frame_(frame), at_(at), each_((width - size::kGap) / 2) {}
  bool tap(const char* name, const char* label, ButtonLook look = {}) { return tap_button(frame_, name, label, next(), {each_, kHeight}, ready(look)); }
  bool hold(const char* name, const char* label, ButtonLook look = {}) { return hold_button(frame_, name, label, next(), {each_, kHeight}, ready(look)); }
  float height() const { return (kHeight + size::kGap) * static_cast<float>((count_ + 1) / 2); }
  bool any() const { return count_ > 0; }

 private:
  static constexpr float kHeight = 58.0F;
  ImVec2 next() {
    const ImVec2 at{at_.x + (each_ + size::kGap) * static_cast<float>(count_ % 2), at_.y + (kHeight + size::kGap) * static_cast<float>(count_ / 2)};
    ++count_;
    return at;
  }
  ButtonLook ready(ButtonLook look) const {
    look.enabled = frame_.snapshot.connected();
    return look;
  }
  Frame& frame_;
  ImVec2 at_;
  float each_;
  int count_ = 0;
};

ButtonLook loud(ImU32 fill) {
  ButtonLook look;
  look.fill = fill;
  look.text = IM_COL32(10, 13, 18, 255);
  return look;
}

HeadsetId headset_of(const protocol::StaffAction& action) {
  return std::visit(
      [](const auto& one) -> HeadsetId {
        if constexpr (requires { one.headset; }) return one.headset;
        else if constexpr (requires { one.from; }) return one.from;
        else return HeadsetId{};
      },
      action);
}

// What has become of the last thing asked for this headset or body.
float answer(Frame& frame, const Request* request, ImVec2 at, float width) {
  if (request == nullptr) return 0.0F;
  std::string text = frame.words.asked;
  ImU32 ink = colour::kDim;
  if (request->state == Request::State::accepted) text = frame.words.done, ink = colour::kClear;
  if (request->state == Request::State::refused) text = base::formatted_by(frame.words.refused, refusal_text(frame, *request)), ink = colour::kPause;
  frame.layout.says["answer"] = request->state == Request::State::asked ? "asked" : request->state == Request::State::accepted ? "accepted" : request->code;
  const float height = wrapped_height(frame, Face::small, text, width - 20.0F) + 14.0F;
  panel(at, {width, height}, colour::kPanel, 6.0F, ink);
  put_wrapped(frame, Face::small, {at.x + 10.0F, at.y + 7.0F}, ink, text, width - 20.0F);
  return height + size::kGap;
}

bool back_button(Frame& frame, ImVec2 at) { return tap_button(frame, "back", (std::string("‹ ") + frame.words.back).c_str(), at, {104.0F, size::kTouch}); }

void facts_of(Frame& frame, const protocol::HeadsetCard& card, Facts& facts) {
  const Strings& w = frame.words;
  const bool viewer = with_viewer(card);
  if (viewer) {
    facts.add(w.state, w.phases[static_cast<std::size_t>(card.phase)]);
    const bool in_film = card.phase >= Phase::waiting && card.phase <= Phase::finished && card.blocks > 0;
    if (card.phase == Phase::waiting) facts.add(w.starts, where_in_film(frame, card), base::to_seconds(card.late) > kLateTold_s ? colour::kStop : colour::kText);
    else facts.add(w.time_left, in_film ? minutes(base::to_seconds(card.remaining)) : "–");
    facts.add(w.safety, w.levels[static_cast<std::size_t>(card.level)], card.level == Level::clear ? colour::kText : of_level(card.level));
    facts.add(w.tracking, card.tracking == protocol::TrackingQuality::lost ? w.tracking_lost : w.tracking_good, card.tracking == protocol::TrackingQuality::lost ? colour::kPause : colour::kText);
  }
  const long drift = std::lround(card.error_m * 100.0), marks = std::lround(card.residual_m * 100.0);
  facts.add(w.drift, card.marks_wanted && viewer ? std::string(w.unknown) : !viewer ? std::string("–") : base::formatted_by(w.drift_text, drift, marks), drift >= 20 ? colour::kPause : drift >= 10 ? colour::kWarn : colour::kText);
  const std::string charge = card.battery_known ? base::formatted("{} %", card.battery_percent) : std::string(w.unknown);
  facts.add(w.battery, charge + (card.charging ? std::string(" · ") + w.charging : std::string()), card.battery_known && card.battery_percent < kBatteryLow && !card.charging ? colour::kWarn : colour::kText);
  const int loss = card.loss_percent, ms = card.round_trip_ms;
  facts.add(w.link, base::formatted_by(w.link_text, loss, ms), loss > kLossHigh ? colour::kWarn : colour::kText);
  const int rate = card.frame_rate;
  const std::string late = base::formatted("{:.1f}", card.late_permille / 10.0);
  facts.add(w.pictures, rate == 0 ? std::string(w.unknown) : base::formatted_by(w.pictures_text, rate, late), card.late_permille > kLatePermilleHigh ? colour::kWarn : colour::kText);
  const double age = base::to_seconds(card.age);
  facts.add(w.heard, card.connected ? std::string(w.heard_now) : age <= 0.0 ? std::string(w.never) : base::formatted_by(w.ago, minutes(age)), card.connected ? colour::kText : colour::kPause);
  facts.add(w.temperature, card.temperature_c == 0 ? std::string(w.unknown) : base::formatted("{} °C", card.temperature_c), card.temperature_c >= kHot_c ? colour::kWarn : colour::kText);
}

void swap_choice(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width, float& y) {
  const auto free = free_headsets(frame.snapshot);
  y += put_wrapped(frame, Face::strong, {at.x, y}, colour::kText, free.empty() ? frame.words.swap_none : frame.words.swap_choose, width) + size::kGap;
  constexpr int kColumns = 4;
  const float each = (width - size::kGap * (kColumns - 1)) / kColumns;
  int count = 0;
  for (const protocol::HeadsetCard* other : free) {
    const ImVec2 cell{at.x + (each + size::kGap) * static_cast<float>(count % kColumns), y + (size::kTouch + size::kGap) * static_cast<float>(count / kColumns)};
    const std::string number = std::to_string(other->headset.value());
    ButtonLook look;
    look.enabled = frame.snapshot.connected();
    look.border = colour::kAccent;
    if (tap_button(frame, "swap-to-" + number, number.c_str(), cell, {each, size::kTouch}, look)) {
      frame.wish(protocol::SwapHeadset{card.headset, other->headset});
      frame.ui.choose(other->headset);
    }
    ++count;
  }
  y += (size::kTouch + size::kGap) * static_cast<float>((count + kColumns - 1) / kColumns);
  if (tap_button(frame, "swap-cancel", frame.words.cancel, {at.x, y}, {width, size::kTouch})) frame.ui.swapping = false;
  y += size::kTouch + size::kGap;
}

// A clean headset: the ticket's code comes from a scanner, which types it and the line's end. Party and child first.
void bind_form(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width, float& y) {
  const Strings& w = frame.words;
  UiState& ui = frame.ui;
  put_text(frame, Face::strong, {at.x, y}, colour::kText, w.scan_ticket);
  y += text_height(frame, Face::strong) + 4.0F;
  ImGui::PushFont(frame.fonts.face(Face::body));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {12.0F, (size::kTouch - frame.fonts.face(Face::body)->FontSize) / 2});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, size::kRound);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour::kRaised);
  ImGui::SetCursorScreenPos({at.x, y});
  ImGui::SetNextItemWidth(width);
  // A scanner types without a tap. `SetKeyboardFocusHere` goes by ImGui's navigation, which this window has not.
  if (!ImGui::IsAnyItemActive()) ImGui::ActivateItemByID(ImGui::GetID("##ticket"));
  const bool entered = ImGui::InputText("##ticket", ui.ticket.data(), ui.ticket.size(), ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CharsNoBlank);
  frame.layout.widgets["ticket"] = {at.x, y, width, size::kTouch};
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  y += size::kTouch + size::kGap;
  const float each = (width - 3 * size::kGap) / 4;
  const auto cell = [&](int column) { return ImVec2{at.x + (each + size::kGap) * static_cast<float>(column), y}; };
  ButtonLook child;
  if (ui.child) child.fill = colour::kAccent;
  if (tap_button(frame, "bind-child", w.child, cell(0), {each, size::kTouch}, child)) ui.child = !ui.child;
  if (tap_button(frame, "bind-party-less", "−", cell(1), {each, size::kTouch})) ui.party = std::max(0, ui.party - 1);
  const ImVec2 middle = cell(2);
  put_text_centred(frame, Face::body, {middle.x + each / 2, middle.y + size::kTouch / 2}, colour::kText, ui.party == 0 ? std::string(w.alone) : base::formatted_by(w.party, ui.party));
  if (tap_button(frame, "bind-party-more", "+", cell(3), {each, size::kTouch})) ui.party = std::min(999, ui.party + 1);
  y += size::kTouch + size::kGap;
  if (ui.child) {  // a child who stands is not a grown-up who has fallen
    put_text_centred(frame, Face::body, {at.x + each / 2, y + size::kTouch / 2}, colour::kText, w.height);
    if (tap_button(frame, "bind-height-less", "−", cell(1), {each, size::kTouch})) ui.child_cm = std::max(kChildLeast_cm, ui.child_cm - kChildStep_cm);
    const ImVec2 beside = cell(2);
    put_text_centred(frame, Face::body, {beside.x + each / 2, beside.y + size::kTouch / 2}, colour::kText, base::formatted_by(w.height_text, ui.child_cm));
    if (tap_button(frame, "bind-height-more", "+", cell(3), {each, size::kTouch})) ui.child_cm = std::min(kChildMost_cm, ui.child_cm + kChildStep_cm);
    y += size::kTouch + size::kGap;
  }
  ButtonLook give = loud(colour::kClear);
  give.enabled = frame.snapshot.connected() && ui.ticket[0] != '\0';
  const bool tapped = tap_button(frame, "action-bind", w.bind, {at.x, y}, {width, 58.0F}, give);
  y += 58.0F + size::kGap;
  if ((!tapped && !entered) || !give.enabled) return;
  frame.wish(protocol::BindTicket{card.headset, ui.ticket.data(), static_cast<std::uint16_t>(ui.party), ui.child ? ui.child_cm / 100.0 : 0.0, ui.child});
  ui.ticket[0] = '\0';
}

void actions_of(Frame& frame, const protocol::HeadsetCard& card, Actions& actions) {
  const Strings& w = frame.words;
  const HeadsetId id = card.headset;
  if (!with_viewer(card)) {
    const bool dirty = card.phase == Phase::returned || card.phase == Phase::cleaning || card.phase == Phase::swapped || card.phase == Phase::out_of_order;
    if (dirty && actions.tap("action-cleaned", w.cleaned, loud(colour::kClear))) frame.wish(protocol::SetCleaned{id});
    return;
  }
  if (card.lost && actions.hold("action-gone", w.confirm_gone, loud(colour::kPause))) frame.wish(protocol::ConfirmBodyGone{card.body});
  if (card.stopped && actions.tap("action-release", w.release, loud(colour::kClear))) frame.wish(protocol::ReleaseViewer{id});
  if (card.staff_paused) {
    if (actions.tap("action-go-on", w.go_on, loud(colour::kClear))) frame.wish(protocol::SetViewerPaused{id, false});
  } else if (actions.tap("action-pause", w.pause, loud(colour::kPause))) {
    frame.wish(protocol::SetViewerPaused{id, true});
  }
  if (card.phase == Phase::redeemed && actions.tap("action-fitted", w.fitted, loud(colour::kClear))) frame.wish(protocol::SetFitted{id, true});
  if (actions.tap("action-swap", w.swap)) frame.ui.swapping = true;
  if (on_floor(card) && card.phase != Phase::guided_out && !card.leading_out && actions.hold("action-lead-out", w.lead_out)) frame.wish(protocol::LeadOut{id});
  if (actions.hold("action-returned", w.returned)) frame.wish(protocol::SetReturned{id});
}

}  // namespace

void draw_headset(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, ImVec2 extent) {
  frame.layout.says["chosen"] = std::to_string(card.headset.value());
  const Strings& w = frame.words;
  if (back_button(frame, at)) frame.ui.choose(HeadsetId{});
  const Judged judged = judge(card);
  const int number = card.headset.value();
  put_text(frame, Face::large, {at.x + 118.0F, at.y + 10.0F}, colour::kText, base::formatted_by(w.headset, number));
  std::string beside = card.child ? w.child : "";
  const int party = card.party;
  if (party != 0) beside += (beside.empty() ? "" : " · ") + base::formatted_by(w.party, party);
  put_text_right(frame, Face::small, {at.x + extent.x - 8.0F, at.y + 17.0F}, colour::kDim, beside);
  Scroller scroller(frame, "detail", {at.x, at.y + size::kTouch + size::kGap}, {extent.x, extent.y - size::kTouch - size::kGap});
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  float y = from.y;
  if (with_viewer(card) && !card.film.is_none()) {
    canvas().AddCircleFilled({from.x + 9.0F, y + 14.0F}, 8.0F, film_colour(frame, card.film));
    put_text(frame, Face::strong, {from.x + 26.0F, y}, colour::kText, film_title(frame, card.film), width - 30.0F);
    y += text_height(frame, Face::strong);
    put_text(frame, Face::small, {from.x + 26.0F, y}, colour::kDim, where_in_film(frame, card), width - 30.0F);
    y += text_height(frame, Face::small) + 6.0F;
  }
  const std::string reason = reason_text(frame, judged);
  if (!reason.empty()) {
    const bool advises = with_viewer(card) && card.level >= Level::warn && card.cause != Cause::none && judged.reason != Reason::staff_paused;
    const std::string advice = judged.reason == Reason::lost ? "" : judged.reason == Reason::waits_release ? w.to_release_text : advises ? w.clears[static_cast<std::size_t>(card.cause) % w.clears.size()] : "";
    const float inner = width - 24.0F;
    const float height = 16.0F + wrapped_height(frame, Face::strong, reason, inner) + (advice.empty() ? 0.0F : 6.0F + wrapped_height(frame, Face::small, advice, inner));
    const ImU32 mark = of_weight(judged.weight);
    panel({from.x, y}, {width, height}, mixed(colour::kPanel, mark, 0.22), 6.0F, mark);
    const float used = put_wrapped(frame, Face::strong, {from.x + 12.0F, y + 7.0F}, colour::kText, reason, inner);
    if (!advice.empty()) put_wrapped(frame, Face::small, {from.x + 12.0F, y + 13.0F + used}, colour::kText, advice, inner);
    y += height + size::kGap;
  }
  y += answer(frame, newest_request(frame.snapshot, [&](const protocol::StaffAction& a) {
    if (const auto* gone = std::get_if<protocol::ConfirmBodyGone>(&a)) return gone->body == card.body && !card.body.is_none();
    if (const auto* swap = std::get_if<protocol::SwapHeadset>(&a)) return swap->from == card.headset || swap->to == card.headset;
    return headset_of(a) == card.headset;
  }), {from.x, y}, width);
  if (frame.ui.swapping) {
    swap_choice(frame, card, from, width, y);
  } else {
    if (card.phase == Phase::idle && card.connected && !frame.snapshot.summary.evacuate) bind_form(frame, card, from, width, y);
    Actions actions(frame, {from.x, y}, width);
    actions_of(frame, card, actions);
    y += actions.height() + 4.0F;
  }
  Facts facts(frame, {from.x + 4.0F, y}, width - 8.0F);
  facts_of(frame, card, facts);
  y += facts.height();
  scroller.content_height(y - from.y);
}

void draw_body(Frame& frame, const protocol::BodyCard& body, ImVec2 at, ImVec2 extent) {
  frame.layout.says["chosen"] = "body-" + std::to_string(body.body.value());
  const Strings& w = frame.words;
  if (back_button(frame, at)) frame.ui.choose(BodyId{});
  const bool staff = body.kind == protocol::Relation::staff;
  const int number = body.number;
  const std::string title = number == 0 ? (staff ? w.attendant_alone : w.somebody_alone) : base::formatted_by(staff ? w.attendant : w.somebody, number);
  float y = at.y + size::kTouch + 14.0F;
  y += put_wrapped(frame, Face::large, {at.x, y}, colour::kText, title, extent.x - 8.0F) + 8.0F;
  const double age = base::to_seconds(body.age);
  put_text(frame, Face::body, {at.x, y}, colour::kDim, std::string(w.heard) + ": " + (age < 2.0 ? std::string(w.heard_now) : base::formatted_by(w.ago, minutes(age))));
  y += 38.0F;
  y += answer(frame, newest_request(frame.snapshot, [&](const protocol::StaffAction& a) {
    const auto* gone = std::get_if<protocol::ConfirmBodyGone>(&a);
    return gone != nullptr && gone->body == body.body;
  }), {at.x, y}, extent.x);
  if (body.tagged) return;  // it says by itself where it is
  Actions actions(frame, {at.x, y}, extent.x);
  const bool gone = staff ? actions.tap("action-remove", w.remove_body) : actions.hold("action-gone", w.confirm_gone, loud(colour::kPause));
  if (gone) frame.wish(protocol::ConfirmBodyGone{body.body});
}

}  // namespace promenade::console
