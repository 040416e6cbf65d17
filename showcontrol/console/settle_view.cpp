// After an evacuation: what becomes of the films that it interrupted, for all of whom nothing is said yet, and for each.
// Rebooking and refunding are final in the hall: one by one they want a long press, for all at once a second answer.

#include <algorithm>
#include <array>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/roll.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

using protocol::Settlement;

struct Way {
  Settlement settlement;
  const char* name;
  const char* label;
  const char* text;
  ImU32 ink;
};

std::array<Way, 3> ways(const Strings& w) {
  return {{{Settlement::resume, "resume", w.resume, w.resume_text, colour::kClear}, {Settlement::rebook, "rebook", w.rebook, w.rebook_text, colour::kAccent},
           {Settlement::refund, "refund", w.refund, w.refund_text, colour::kPause}}};
}

ButtonLook framed(const Frame& frame, ImU32 ink) {
  ButtonLook look;
  look.border = ink;
  look.enabled = frame.snapshot.connected();
  return look;
}

// The same three for one viewer; what is said already is left out, and after the final two only his headset is waited for.
float choices(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  const Strings& w = frame.words;
  constexpr float kHeight = 54.0F;
  const std::string number = std::to_string(card.headset.value());
  const float each = (width - 2 * size::kGap) / 3;
  float x = at.x;
  if (card.settlement == Settlement::rebook || card.settlement == Settlement::refund) {
    const ButtonLook look = framed(frame, colour::kLine);
    if (hold_button(frame, "settled-returned-" + number, w.returned, at, {width, kHeight}, look)) frame.wish(protocol::SetReturned{card.headset});
    return kHeight;
  }
  for (const Way& way : ways(w)) {
    const std::string name = std::string("settle-") + way.name + "-" + number;
    if (way.settlement == Settlement::resume) {
      const bool said = card.settlement == Settlement::resume;
      ButtonLook look = said ? loud(colour::kClear) : framed(frame, way.ink);
      look.enabled = frame.snapshot.connected();
      if (tap_button(frame, said ? "settle-release-" + number : name, said ? w.release : way.label, {x, at.y}, {each, kHeight}, look)) {
        if (said) frame.wish(protocol::ReleaseViewer{card.headset});
        else frame.wish(protocol::SettleEvacuation{card.headset, way.settlement});
      }
    } else if (hold_button(frame, name, way.label, {x, at.y}, {each, kHeight}, framed(frame, way.ink))) {
      frame.wish(protocol::SettleEvacuation{card.headset, way.settlement});
    }
    x += each + size::kGap;
  }
  return kHeight;
}

ImU32 of_settlement(Settlement settlement) {
  return settlement == Settlement::open ? colour::kPause : settlement == Settlement::resume ? colour::kClear : colour::kDim;
}

float row(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  constexpr float kHeight = 68.0F + 54.0F + 8.0F;
  bool pressed = false;
  if (tap_area(frame, "interrupted-" + std::to_string(card.headset.value()), at, {width, 64.0F}, &pressed)) frame.ui.choose(card.headset);
  const bool chosen = frame.ui.chosen == card.headset;
  panel(at, {width, kHeight}, pressed ? colour::kPressed : colour::kRaised, size::kRound, chosen ? colour::kChosen : 0, 2.0F);
  canvas().AddRectFilled(at, {at.x + 6.0F, at.y + kHeight}, of_settlement(card.settlement), size::kRound, ImDrawFlags_RoundCornersLeft);
  viewer_disc(frame, card, {at.x + 36.0F, at.y + 34.0F}, 20.0F);
  const std::string title = card.film.is_none() ? base::formatted_by(frame.words.headset, static_cast<int>(card.headset.value()))
      : film_title(frame, card.film);
  put_text(frame, Face::strong, {at.x + 68.0F, at.y + 8.0F}, colour::kText, title, width - 80.0F);
  put_text(frame, Face::small, {at.x + 68.0F, at.y + 36.0F}, of_settlement(card.settlement), settlement_text(frame, card.settlement), width - 80.0F);
  choices(frame, card, {at.x + 14.0F, at.y + 66.0F}, width - 22.0F);
  if (frame.ui.reveal && chosen) frame.ui.reveal = false;
  return kHeight + size::kGap;
}

// One of the final two, for all: what it does, and only then a button that does it.
float confirmation(Frame& frame, std::size_t open, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const bool refund = frame.ui.confirming == Settlement::refund;
  const std::string text = base::formatted_by(refund ? w.confirm_refund : w.confirm_rebook, open);
  const float inner = width - 24.0F;
  const float upper = wrapped_height(frame, Face::strong, text, inner);
  const float height = upper + 22.0F + 60.0F + 10.0F;
  panel(at, {width, height}, mixed(colour::kPanel, colour::kPause, 0.25), size::kRound, colour::kPause, 2.0F);
  put_wrapped(frame, Face::strong, {at.x + 12.0F, at.y + 10.0F}, colour::kText, text, inner);
  const float y = at.y + upper + 22.0F, half = (inner - size::kGap) / 2;
  if (tap_button(frame, "settle-all-cancel", w.cancel, {at.x + 12.0F, y}, {half, 60.0F})) frame.ui.confirming = Settlement::open;
  ButtonLook look = loud(colour::kPause);
  look.enabled = frame.snapshot.connected();
  const std::string label = base::formatted_by(refund ? w.refund_count : w.rebook_count, open);
  if (hold_button(frame, "settle-all-confirm", label.c_str(), {at.x + 12.0F + half + size::kGap, y}, {half, 60.0F}, look)) {
    frame.wish(protocol::SettleEvacuation{HeadsetId{}, frame.ui.confirming});
    frame.ui.confirming = Settlement::open;
  }
  return height + size::kGap;
}

float for_all(Frame& frame, std::size_t open, ImVec2 at, float width) {
  const Strings& w = frame.words;
  constexpr float kButton = 128.0F, kHeight = 60.0F;
  float y = at.y + heading(frame, base::formatted_by(w.settle_all, open).c_str(), at);
  for (const Way& way : ways(w)) {
    if (tap_button(frame, std::string("settle-all-") + way.name, way.label, {at.x, y}, {kButton, kHeight}, framed(frame, way.ink))) {
      if (way.settlement == Settlement::resume) frame.wish(protocol::SettleEvacuation{HeadsetId{}, way.settlement});
      else frame.ui.confirming = way.settlement;
    }
    const float room = width - kButton - 14.0F;
    const float lines = wrapped_height(frame, Face::small, way.text, room);
    put_wrapped(frame, Face::small, {at.x + kButton + 12.0F, y + (kHeight - lines) / 2}, colour::kDim, way.text, room);
    y += kHeight + size::kGap;
  }
  return y - at.y;
}

}  // namespace

float draw_settlement(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  put_text(frame, Face::small, at, colour::kDim, std::string(frame.words.interrupted) + " · " + settlement_text(frame, card.settlement), width);
  const float upper = text_height(frame, Face::small) + 4.0F;
  return upper + choices(frame, card, {at.x, at.y + upper}, width);
}

void draw_settlements(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  Scroller scroller(frame, "settlements", at, extent);
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  float y = from.y;
  const auto list = interrupted(frame.snapshot);
  const auto open = static_cast<std::size_t>(std::ranges::count_if(list, [](const auto* card) { return is_unsettled(*card); }));
  frame.layout.says["unsettled"] = std::to_string(open);
  if (open == 0) {
    frame.ui.confirming = Settlement::open;
    put_text(frame, Face::strong, {from.x, y}, colour::kClear, w.settle_none, width);
    y += text_height(frame, Face::strong) + 10.0F;
  } else if (frame.ui.confirming != Settlement::open) {
    y += confirmation(frame, open, {from.x, y}, width);
  } else {
    y += for_all(frame, open, {from.x, y}, width);
  }
  y += heading(frame, w.settle_each, {from.x, y + 4.0F}) + 4.0F;
  for (const protocol::HeadsetCard* card : list) y += row(frame, *card, {from.x, y}, width);
  y += answer_over(frame, newest_request(frame.snapshot, [](const protocol::StaffAction& a) {
    return std::holds_alternative<protocol::SettleEvacuation>(a) || std::holds_alternative<protocol::ReleaseViewer>(a) ||
           std::holds_alternative<protocol::SetReturned>(a);
  }), scroller);
  scroller.content_height(y - from.y);
}

}  // namespace promenade::console
