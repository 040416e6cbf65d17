// What stands in one viewer's way, what ends it, and what staff who have looked may lift of it; who holds his hand; how
// far his headset is to be trusted with its place.

#include <algorithm>
#include <cmath>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/signs.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

std::string advice(const Frame& frame, const Judged& judged) {
  const Strings& w = frame.words;
  const protocol::HeadsetCard& card = *judged.card;
  switch (judged.reason) {
    case Reason::waits_release: return w.to_release_text;
    case Reason::escorted: return w.escort_text;
    case Reason::leading_out: return w.lead_text;
    case Reason::unsettled: return w.unsettled_text;
    case Reason::to_place: return w.resume_text;
    case Reason::child_alone: return w.child_alone_text;
    case Reason::evacuated: return card.placed ? whereabouts(frame, card.position) : std::string(w.place_not_known);
    case Reason::level:
    case Reason::panic:
    case Reason::unheard:
      if (is_lifted(card, card.cause)) return {};  // somebody has been there
      return card.level >= Level::warn ? w.clears[static_cast<std::size_t>(card.cause) % w.clears.size()] : "";
    default: return {};
  }
}

// What measuring has raised and nobody may end but by clearing it.
bool is_nobodys(const protocol::HeadsetCard& card) {
  return (card.level == Level::pause || card.level == Level::stop) && card.cause != Cause::none && !tracking::staff_may_override(card.cause);
}

float lifted_row(Frame& frame, const protocol::HeadsetCard& card, Cause cause, ImVec2 at, float width) {
  const Strings& w = frame.words;
  constexpr float kBack = 118.0F;
  const float inner = width - kBack - 34.0F;
  const std::string title = base::formatted_by(w.lifted, w.causes[static_cast<std::size_t>(cause) % w.causes.size()]);
  const float upper = wrapped_height(frame, Face::body, title, inner);
  const float height = std::max(size::kTouch + 12.0F, 14.0F + upper + wrapped_height(frame, Face::small, w.lift_text, inner));
  panel(at, {width, height}, mixed(colour::kPanel, colour::kWarn, 0.12), 6.0F, with_alpha(colour::kWarn, 0.7));
  put_wrapped(frame, Face::body, {at.x + 12.0F, at.y + 6.0F}, colour::kText, title, inner);
  put_wrapped(frame, Face::small, {at.x + 12.0F, at.y + 7.0F + upper}, colour::kDim, w.lift_text, inner);
  ButtonLook look;
  look.enabled = frame.snapshot.connected();
  const std::string name = "unlift-" + std::string(tracking::to_string(cause));
  if (tap_button(frame, name, w.lift_back, {at.x + width - kBack - 8.0F, at.y + (height - size::kTouch) / 2}, {kBack, size::kTouch}, look)) {
    frame.wish(protocol::LiftCause{card.headset, cause, false});
  }
  return height + size::kGap;
}

}  // namespace

float draw_what_holds(Frame& frame, const Judged& judged, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const protocol::HeadsetCard& card = *judged.card;
  float y = at.y;
  const std::string reason = reason_text(frame, judged);
  std::string text = reason.empty() ? std::string() : advice(frame, judged);
  const bool measured = judged.reason == Reason::level || judged.reason == Reason::unheard;
  if (measured && is_nobodys(card)) text += (text.empty() ? "" : "\n") + std::string(w.nobody_lifts);
  if (!reason.empty()) y += notice(frame, {at.x, y}, width, of_weight(judged.weight), reason, text);
  if (judged.reason == Reason::level && card.level == Level::pause && may_be_lifted(card.cause) && !is_lifted(card, card.cause)) {
    ButtonLook look = loud(colour::kWarn);
    look.below = w.lift_text;
    look.enabled = frame.snapshot.connected();
    if (tap_button(frame, "action-lift", w.lift, {at.x, y}, {width, 64.0F}, look)) frame.wish(protocol::LiftCause{card.headset, card.cause, true});
    y += 64.0F + size::kGap;
  }
  for (std::size_t i = 0; i < tracking::kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (is_lifted(card, cause)) y += lifted_row(frame, card, cause, {at.x, y}, width);
  }
  return y - at.y;
}

float draw_hand(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  const Strings& w = frame.words;
  float y = at.y;
  if (frame.snapshot.summary.evacuate || card.phase < Phase::redeemed) return 0.0F;
  const auto held_by = beside(frame.snapshot, card.headset);
  ButtonLook look;
  look.enabled = frame.snapshot.connected();
  look.border = colour::kLine;
  constexpr float kGone = 156.0F, kRow = size::kTouch + 12.0F;
  for (const protocol::BodyCard* body : held_by) {
    panel({at.x, y}, {width, kRow}, colour::kRaised);
    companion_sign({at.x + 28.0F, y + kRow / 2}, 15.0F);
    const ImVec2 text{at.x + 54.0F, y + (kRow - text_height(frame, Face::body)) / 2};
    put_text(frame, Face::body, text, colour::kText, card.child ? w.parent_beside : w.companion_beside, width - 54.0F - kGone - 14.0F);
    const std::string number = std::to_string(body->body.value());
    const ImVec2 button{at.x + width - kGone - 6.0F, y + 6.0F};
    if (hold_button(frame, "beside-gone-" + number, w.remove_body, button, {kGone, size::kTouch}, look)) frame.wish(protocol::ConfirmBodyGone{body->body});
    y += kRow + size::kGap;
  }
  if (!held_by.empty() || !card.child) return y - at.y;
  const bool said = judge(frame.snapshot, card).reason == Reason::child_alone;  // above
  if (is_child_alone(frame.snapshot, card) && !said) {
    y += notice(frame, {at.x, y}, width, colour::kWarn, child_text(frame, card) + ": " + w.child_alone, w.child_alone_text);
  }
  if (!card.placed) {
    y += put_wrapped(frame, Face::small, {at.x + 4.0F, y}, colour::kDim, w.beside_later, width - 8.0F) + size::kGap;
    return y - at.y;
  }
  look.border = is_child_alone(frame.snapshot, card) ? colour::kWarn : colour::kLine;
  if (tap_button(frame, "place-beside", w.place_parent, {at.x, y}, {width, 58.0F}, look)) place_beside(frame, card);
  return y + 58.0F + size::kGap - at.y;
}

void place_beside(Frame& frame, const protocol::HeadsetCard& card) {
  frame.wish(protocol::PlaceBody{frame.next_body_number(), card.position, false, card.headset});
}

float draw_drift(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  using tracking::CalibrationState;
  const Strings& w = frame.words;
  const CalibrationState drift = drift_now(card);
  const bool measured = card.measured_by != tracking::DriftMeasure::none;
  const bool unknown = drift == CalibrationState::none || drift == CalibrationState::unknown;
  const long found = std::lround(card.offset_m * 100.0), estimate = std::lround(card.error_m * 100.0);
  const std::string state = w.drift_states[static_cast<std::size_t>(drift) % w.drift_states.size()];
  const std::string by = w.measures[static_cast<std::size_t>(card.measured_by) % w.measures.size()];
  const std::string last = !measured ? std::string(w.drift_never) : base::formatted_by(w.drift_found, found, by, minutes(base::to_seconds(card.measured_ago)));
  const std::string now = drift == CalibrationState::none ? std::string() : base::formatted_by(w.drift_estimate, estimate);
  const float inner = width - 64.0F;
  std::string below = last + (now.empty() ? "" : "\n" + now);
  if (drift == CalibrationState::unknown) below += "\n" + std::string(w.drift_unknown_text);
  const float height = 16.0F + text_height(frame, Face::strong) + wrapped_height(frame, Face::small, below, inner);
  const ImU32 ink = of_drift(drift);
  panel(at, {width, height}, unknown ? colour::kPanel : mixed(colour::kPanel, ink, 0.12), 6.0F, unknown ? 0 : with_alpha(ink, 0.7));
  if (unknown) {  // a broken frame
    const ImVec2 far{at.x + width, at.y + height}, right{far.x, at.y}, below_left{at.x, far.y};
    for (const auto& [a, b] : {std::pair{at, right}, {below_left, far}, {at, below_left}, {right, far}}) dashed(a, b, colour::kFaint, 1.5F);
  }
  drift_sign(frame, drift, {at.x + 26.0F, at.y + 26.0F}, 13.0F);
  put_text(frame, Face::strong, {at.x + 52.0F, at.y + 6.0F}, ink, std::string(w.drift) + " · " + state, inner);
  put_wrapped(frame, Face::small, {at.x + 52.0F, at.y + 9.0F + text_height(frame, Face::strong)}, colour::kDim, below, inner);
  return height + size::kGap;
}

}  // namespace promenade::console
