// One headset and whoever wears it, with what can be done.

#include <algorithm>
#include <cmath>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/wait_words.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

ImU32 colour_of(protocol::ClockGrade clock) {
  switch (clock) {
    case protocol::ClockGrade::good: return colour::kText;
    case protocol::ClockGrade::amber: return colour::kWarn;
    case protocol::ClockGrade::red: return colour::kStop;
    case protocol::ClockGrade::unknown: break;
  }
  return colour::kDim;
}

void facts_of(Frame& frame, const protocol::HeadsetCard& card, Facts& facts) {
  const Strings& w = frame.words;
  const bool viewer = with_viewer(card);
  if (viewer) {
    facts.add(w.state, w.phases[static_cast<std::size_t>(card.phase)]);
    const bool in_film = card.phase >= Phase::waiting && card.phase <= Phase::finished && card.blocks > 0;
    if (card.phase == Phase::waiting) facts.add(w.starts, where_in_film(frame, card), base::to_seconds(card.late) > kLateTold_s ? colour::kStop : colour::kText);
    else facts.add(w.time_left, in_film ? minutes(base::to_seconds(card.remaining)) : "–");
    facts.add(w.safety, w.levels[static_cast<std::size_t>(card.level)], card.level == Level::clear ? colour::kText : of_level(card.level));
    const bool lost = card.tracking == protocol::TrackingQuality::lost;
    if (!card.connected) facts.add(w.tracking, w.unknown, colour::kDim);
    else facts.add(w.tracking, lost ? w.tracking_lost : w.tracking_good, lost ? colour::kPause : colour::kText);
  }
  const std::string charge = card.battery_known ? base::formatted("{} %", card.battery_percent) : std::string(w.unknown);
  facts.add(w.battery, charge + (card.charging ? std::string(" · ") + w.charging : std::string()), card.battery_known && card.battery_percent < kBatteryLow && !card.charging ? colour::kWarn : colour::kText);
  const int loss = card.loss_percent, ms = card.round_trip_ms;
  facts.add(w.link, base::formatted_by(w.link_text, loss, ms), loss > kLossHigh ? colour::kWarn : colour::kText);
  const auto clock = clock_of(card);
  facts.add(w.clock, clock == protocol::ClockGrade::unknown ? std::string(w.unknown) : base::formatted_by(w.clock_text, base::formatted("{:.1f}", card.clock_error_us / 1000.0)), colour_of(clock));
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

void actions_of(Frame& frame, const protocol::HeadsetCard& card, Actions& actions) {
  const Strings& w = frame.words;
  const HeadsetId id = card.headset;
  if (!with_viewer(card)) {
    const bool dirty = card.phase == Phase::returned || card.phase == Phase::cleaning || card.phase == Phase::swapped || card.phase == Phase::out_of_order;
    if (dirty && actions.tap("action-cleaned", w.cleaned, loud(colour::kClear))) frame.wish(protocol::SetCleaned{id});
    return;
  }
  if (frame.snapshot.summary.evacuate) {
    if (card.counted_out ? actions.tap("action-not-out", w.roll_not_out) : actions.tap("action-out", w.roll_is_out, loud(colour::kClear))) {
      frame.wish(protocol::CountOut{card.body, !card.counted_out});
    }
  }
  const bool evacuated = frame.snapshot.summary.evacuate;
  const char* gone = card.escorted ? w.escort_done : w.confirm_gone;
  if (card.lost && actions.hold("action-gone", gone, loud(colour::kPause))) frame.wish(protocol::ConfirmBodyGone{card.body});
  const bool releases = !evacuated && waits_release(card);
  if (releases && actions.tap("action-release", w.release, loud(colour::kClear))) frame.wish(protocol::ReleaseViewer{id});
  if (!evacuated) {  // then nobody is to be held up
    if (card.staff_paused) {
      if (actions.tap("action-go-on", w.go_on, loud(colour::kClear))) frame.wish(protocol::SetViewerPaused{id, false});
    } else if (actions.tap("action-pause", w.pause, loud(colour::kPause))) {
      frame.wish(protocol::SetViewerPaused{id, true});
    }
  }
  if (card.phase == Phase::redeemed && actions.tap("action-fitted", w.fitted, loud(colour::kClear))) frame.wish(protocol::SetFitted{id, true});
  if (actions.tap("action-swap", w.swap)) frame.ui.swapping = true;
  const bool may_take_hand = !card.child && card.placed && !card.lost && !evacuated && beside(frame.snapshot, id).empty();
  if (may_take_hand && actions.tap("place-beside", w.place_companion)) place_beside(frame, card);
  if (on_floor(card) && card.phase != Phase::guided_out && !card.leading_out && actions.hold("action-lead-out", w.lead_out)) frame.wish(protocol::LeadOut{id});
  if (actions.hold("action-returned", w.returned)) frame.wish(protocol::SetReturned{id});
}

bool is_about(const protocol::StaffAction& action, const protocol::HeadsetCard& card) {
  if (const auto* gone = std::get_if<protocol::ConfirmBodyGone>(&action)) return gone->body == card.body && !card.body.is_none();
  if (const auto* out = std::get_if<protocol::CountOut>(&action)) return out->body == card.body && !card.body.is_none();
  if (const auto* swap = std::get_if<protocol::SwapHeadset>(&action)) return swap->from == card.headset || swap->to == card.headset;
  return headset_of(action) == card.headset;
}

// At the right of the headset's number: who wears it.
void wearer(Frame& frame, const protocol::HeadsetCard& card, ImVec2 upper_right) {
  const float middle = upper_right.y + text_height(frame, Face::small) / 2;
  float right = upper_right.x;
  if (card.party != 0) {
    const std::string party = base::formatted_by(frame.words.party, static_cast<int>(card.party));
    put_text_right(frame, Face::small, {right, upper_right.y}, colour::kDim, party);
    right -= text_width(frame, Face::small, party) + 10.0F;
  }
  if (!card.child || !with_viewer(card)) return;
  const std::string child = child_text(frame, card);
  const bool alone = is_child_alone(frame.snapshot, card);
  pill(frame, {right - text_width(frame, Face::small, child) - 14.0F, middle}, alone ? colour::kWarn : colour::kText, kInk, child);
}

// What only others can end is framed; the rest is a line.
float why_he_waits(Frame& frame, const protocol::HeadsetCard& card, const std::string& text, ImVec2 at, float width) {
  frame.layout.says["waits-for"] = protocol::to_string(card.waits_for);
  if (waits_for_others(card)) {
    const float height = wrapped_height(frame, Face::body, text, width - 24.0F) + 18.0F;
    panel(at, {width, height}, mixed(colour::kPanel, colour::kAccent, 0.16), 6.0F, colour::kAccent);
    put_wrapped(frame, Face::body, {at.x + 12.0F, at.y + 9.0F}, colour::kText, text, width - 24.0F);
    return height + size::kGap;
  }
  return put_wrapped(frame, Face::small, {at.x + 4.0F, at.y}, colour::kDim, text, width - 8.0F) + size::kGap;
}

}  // namespace

void draw_headset(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, ImVec2 extent) {
  frame.layout.says["chosen"] = std::to_string(card.headset.value());
  const Strings& w = frame.words;
  if (back_button(frame, at)) frame.ui.choose(HeadsetId{});
  const Judged judged = judge(frame.snapshot, card);
  const int number = card.headset.value();
  put_text(frame, Face::large, {at.x + 118.0F, at.y + 10.0F}, colour::kText, base::formatted_by(w.headset, number));
  wearer(frame, card, {at.x + extent.x - 8.0F, at.y + 17.0F});
  Scroller scroller(frame, "detail", {at.x, at.y + size::kTouch + size::kGap}, {extent.x, extent.y - size::kTouch - size::kGap});
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  const bool viewer = with_viewer(card);
  float y = from.y;
  if (viewer && !card.film.is_none()) {
    canvas().AddCircleFilled({from.x + 9.0F, y + 14.0F}, 8.0F, film_colour(frame, card.film));
    put_text(frame, Face::strong, {from.x + 26.0F, y}, colour::kText, film_title(frame, card.film), width - 30.0F);
    y += text_height(frame, Face::strong);
    put_text(frame, Face::small, {from.x + 26.0F, y}, colour::kDim, where_in_film(frame, card), width - 30.0F);
    y += text_height(frame, Face::small) + 6.0F;
  }
  // What may come or go at any moment stands below what is pressed: no button moves from under a finger.
  if (frame.ui.swapping) {
    swap_choice(frame, card, {from.x, y}, width, y);
  } else {
    if (to_settle(frame.snapshot, card)) y += draw_settlement(frame, card, {from.x, y}, width) + size::kGap;
    if (card.phase == Phase::idle && card.connected && !frame.snapshot.summary.evacuate) y += draw_bind_form(frame, card, {from.x, y}, width);
    Actions actions(frame, {from.x, y}, width);
    actions_of(frame, card, actions);
    y += actions.height() + 4.0F;
  }
  y += draw_what_holds(frame, judged, {from.x, y}, width);
  if (const std::string waits = wait_text(frame, card); viewer && !waits.empty()) y += why_he_waits(frame, card, waits, {from.x, y}, width);
  if (viewer && !frame.ui.swapping) y += draw_hand(frame, card, {from.x, y}, width);
  if (viewer && card.phase >= Phase::fitted) y += draw_drift(frame, card, {from.x, y}, width);
  Facts facts(frame, {from.x + 4.0F, y}, width - 8.0F);
  facts_of(frame, card, facts);
  y += facts.height();
  y += answer_over(frame, newest_request(frame.snapshot, [&](const protocol::StaffAction& a) { return is_about(a, card); }), scroller);
  scroller.content_height(y - from.y);
}

}  // namespace promenade::console
