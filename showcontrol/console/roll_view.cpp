// The roll of an evacuation: everybody who has not been ticked off, where he is, and one tap that says that he is out.

#include <algorithm>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/roll.h"
#include "showcontrol/console/signs.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr float kRow = 68.0F, kTallRow = 92.0F;  // the taller where it says what hinders him
constexpr float kTick = 118.0F;

// How many are out, in figures that are read from across the room.
float count(Frame& frame, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const int people = frame.snapshot.summary.people, out = std::min<int>(frame.snapshot.summary.counted_out, people), inside = people - out;
  const bool all = inside == 0;
  constexpr float kHeight = 104.0F;
  panel(at, {width, kHeight}, mixed(colour::kPanel, all ? colour::kClear : colour::kStop, 0.25), size::kRound, all ? colour::kClear : colour::kStop, 2.0F);
  const std::string text = base::formatted_by(w.roll_out_of, out, people);
  put_text(frame, Face::huge, {at.x + 16.0F, at.y + 6.0F}, colour::kText, text, width - 32.0F);
  const std::string left = all ? std::string(w.roll_all_out) : base::formatted_by(w.roll_inside, inside);
  put_text(frame, Face::strong, {at.x + 16.0F, at.y + 54.0F}, all ? colour::kClear : mixed(colour::kStop, IM_COL32_WHITE, 0.4), left, width - 32.0F);
  const float share = people == 0 ? 1.0F : static_cast<float>(out) / static_cast<float>(people);
  const ImVec2 bar{at.x + 16.0F, at.y + kHeight - 16.0F};
  canvas().AddRectFilled(bar, {at.x + width - 16.0F, bar.y + 8.0F}, colour::kLine, 4.0F);
  if (share > 0.0F) canvas().AddRectFilled(bar, {bar.x + std::max(8.0F, (width - 32.0F) * share), bar.y + 8.0F}, colour::kClear, 4.0F);
  frame.layout.says["roll"] = std::to_string(out) + "/" + std::to_string(people);
  return kHeight + size::kGap;
}

void sign_of(Frame& frame, const OnRoll& one, ImVec2 middle) {
  if (one.viewer != nullptr) return viewer_disc(frame, *one.viewer, middle, 20.0F);
  if (!one.body->beside.is_none()) {
    hands({middle.x - 24.0F, middle.y - 20.0F}, middle);
    return companion_sign(middle, 16.0F);
  }
  if (one.body->kind == protocol::Relation::staff) return attendant_sign(middle, 18.0F);
  canvas().AddCircleFilled(middle, 18.0F, colour::kPause, 32);
  put_text_centred(frame, Face::large, middle, kInk, "?");
}

std::string title_of(Frame& frame, const OnRoll& one) {
  if (one.viewer == nullptr) return name_of(frame, *one.body);
  return base::formatted_by(frame.words.headset, static_cast<int>(one.viewer->headset.value()));
}

// What keeps him from coming out by himself; empty: nothing that is known.
std::string hindrance(Frame& frame, const OnRoll& one) {
  const Strings& w = frame.words;
  if (!one.helpless || one.viewer == nullptr) return {};
  const protocol::HeadsetCard& card = *one.viewer;
  if (card.cause == Cause::posture) return w.causes[static_cast<std::size_t>(Cause::posture)];
  if (card.panic) return w.reason_panic;
  if (!card.connected) return base::formatted_by(w.reason_unheard, minutes(base::to_seconds(card.age)));
  return is_child_alone(frame.snapshot, card) ? w.child_alone : w.causes[static_cast<std::size_t>(Cause::link_lost)];
}

bool is_chosen(const Frame& frame, const OnRoll& one) {
  return one.viewer != nullptr ? frame.ui.chosen == one.viewer->headset : frame.ui.chosen_body == one.body->body;
}

// Returns its height.
float row(Frame& frame, const OnRoll& one, ImVec2 at, float width) {
  const Strings& w = frame.words;
  const std::string why = one.out ? std::string() : hindrance(frame, one);
  const float high = why.empty() ? kRow : kTallRow;
  const std::string key = std::to_string(one.id().value());
  bool pressed = false;
  if (tap_area(frame, "roll-" + key, at, {width - kTick - 16.0F, high}, &pressed)) {
    if (one.viewer != nullptr) frame.ui.choose(one.viewer->headset);
    else frame.ui.choose(one.body->body);
  }
  const ImU32 mark = one.out ? colour::kClear : one.helpless ? colour::kStop : colour::kPause;
  const ImU32 ground = pressed ? colour::kPressed : one.out ? colour::kPanel : colour::kRaised;
  panel(at, {width, high}, ground, size::kRound, is_chosen(frame, one) ? colour::kChosen : 0, 2.0F);
  canvas().AddRectFilled(at, {at.x + 6.0F, at.y + high}, mark, size::kRound, ImDrawFlags_RoundCornersLeft);
  sign_of(frame, one, {at.x + 36.0F, at.y + high / 2});
  if (one.out) out_sign({at.x + 52.0F, at.y + kRow / 2 + 14.0F}, 8.0F);
  const float left = at.x + 68.0F, room = width - 68.0F - kTick - 20.0F;
  const std::string title = title_of(frame, one);
  put_text(frame, Face::strong, {left, at.y + 8.0F}, one.out ? colour::kDim : colour::kText, title, room);
  const float past = text_width(frame, Face::strong, title) + 10.0F;
  if (one.viewer != nullptr && one.viewer->child && !one.out) {
    const std::string child = child_text(frame, *one.viewer);
    const ImVec2 middle{left + past, at.y + 8.0F + text_height(frame, Face::strong) / 2};
    if (past + text_width(frame, Face::small, child) + 14.0F <= room) pill(frame, middle, colour::kText, kInk, child);
  }
  const std::string where = one.placed() ? whereabouts(frame, one.at()) : std::string(w.place_not_known);
  put_text(frame, Face::small, {left, at.y + 38.0F}, one.out ? colour::kFaint : colour::kText, where, room);
  if (!why.empty()) put_text(frame, Face::small, {left, at.y + 62.0F}, mixed(colour::kStop, IM_COL32_WHITE, 0.4), why, room);
  ButtonLook look;
  look.enabled = frame.snapshot.connected();
  if (!one.out) look.fill = colour::kText, look.text = kInk;
  const ImVec2 button{at.x + width - kTick - 8.0F, at.y + 7.0F};
  const char* label = one.out ? w.roll_not_out : w.roll_is_out;
  if (tap_button(frame, (one.out ? "not-out-" : "out-") + key, label, button, {kTick, high - 14.0F}, look)) frame.wish(protocol::CountOut{one.id(), !one.out});
  return high + size::kGap;
}

}  // namespace

void draw_roll(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  const float counted = count(frame, at, extent.x);
  const ImVec2 below{at.x, at.y + counted};
  const float height = extent.y - counted;
  Scroller scroller(frame, "roll", below, {extent.x, height});
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  float y = from.y;
  bool told_out = false, told_helpless = false;
  for (const OnRoll& one : roll_of(frame.snapshot)) {
    if (one.out && !told_out) {
      told_out = true;
      put_text(frame, Face::small, {from.x, y + 2.0F}, colour::kDim, w.roll_those_out);
      y += text_height(frame, Face::small) + 8.0F;
    }
    if (one.helpless && !one.out && !told_helpless) {
      told_helpless = true;
      put_text(frame, Face::small, {from.x, y + 2.0F}, mixed(colour::kStop, IM_COL32_WHITE, 0.4), w.roll_helpless);
      y += text_height(frame, Face::small) + 8.0F;
    } else if (told_helpless && !one.helpless && !one.out) {
      told_helpless = false;
      y += 10.0F;
    }
    const float high = row(frame, one, {from.x, y}, width);
    if (frame.ui.reveal && is_chosen(frame, one)) {
      frame.ui.reveal = false;
      scroller.reveal(y, high);
    }
    y += high;
  }
  const Request* asked = newest_request(frame.snapshot, [](const protocol::StaffAction& a) { return std::holds_alternative<protocol::CountOut>(a); });
  if (asked != nullptr && asked->state == Request::State::refused) y += answer_over(frame, asked, scroller);
  scroller.content_height(y - from.y);
}

}  // namespace promenade::console
