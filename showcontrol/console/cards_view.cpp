// The list of headsets.

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/signs.h"
#include "showcontrol/console/wait_words.h"

#include <algorithm>
#include <cmath>

#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr float kCard = 68.0F;
constexpr float kChip = 52.0F;


void battery(Frame& frame, const protocol::HeadsetCard& card, ImVec2 right) {
  if (!card.battery_known) return put_text_right(frame, Face::small, {right.x, right.y - text_height(frame, Face::small) / 2}, colour::kFaint, frame.words.battery_unknown);
  const int percent = card.battery_percent;
  const ImU32 ink = card.charging ? colour::kClear : percent < kBatteryEmpty ? colour::kStop : percent < kBatteryLow ? colour::kWarn : colour::kDim;
  const ImVec2 low{right.x - 29.0F, right.y - 7.0F}, high{right.x - 3.0F, right.y + 7.0F};
  canvas().AddRect(low, high, ink, 3.0F, 0, 1.5F);
  canvas().AddRectFilled({high.x, right.y - 3.0F}, {right.x, right.y + 3.0F}, ink);
  canvas().AddRectFilled({low.x + 3.0F, low.y + 3.0F}, {low.x + 3.0F + 20.0F * static_cast<float>(percent) / 100.0F, high.y - 3.0F}, ink);
  put_text_right(frame, Face::small, {low.x - 6.0F, right.y - text_height(frame, Face::small) / 2}, ink, base::formatted("{} %", percent));
}

// Four bars of the radio: none while it is not heard.
void radio(const protocol::HeadsetCard& card, ImVec2 right) {
  const int bars = !card.connected ? 0 : card.loss_percent > 30 ? 1 : card.loss_percent > kLossHigh ? 2 : card.loss_percent > 3 ? 3 : 4;
  const ImU32 ink = bars == 0 ? colour::kStop : bars <= 2 ? colour::kWarn : colour::kDim;
  for (int i = 0; i < 4; ++i) {
    const float x = right.x - 24.0F + 6.5F * static_cast<float>(i);
    const float height = 4.0F + 4.0F * static_cast<float>(i);
    canvas().AddRectFilled({x, right.y + 8.0F - height}, {x + 4.5F, right.y + 8.0F}, i < bars ? ink : with_alpha(colour::kFaint, 0.5), 1.0F);
  }
  if (bars == 0) {
    canvas().AddLine({right.x - 25.0F, right.y - 8.0F}, {right.x, right.y + 8.0F}, ink, 2.0F);
  }
}

void card_row(Frame& frame, const Judged& judged, ImVec2 at, float width) {
  const protocol::HeadsetCard& card = *judged.card;
  bool pressed = false;
  // While the hall is evacuated each card has its own way to say that this one is out.
  constexpr float kOut = 132.0F;
  const bool evacuated = frame.snapshot.summary.evacuate && with_viewer(card);
  const float tappable = evacuated ? width - kOut - 12.0F : width;
  if (tap_area(frame, "headset-" + std::to_string(card.headset.value()), at, {tappable, kCard}, &pressed)) frame.ui.choose(card.headset);
  const bool urgent = judged.weight >= Weight::act;
  const ImU32 mark = evacuated ? (card.counted_out ? colour::kClear : colour::kStop) : of_weight(judged.weight);
  ImU32 fill = pressed ? colour::kPressed : colour::kRaised;
  if (judged.weight == Weight::alarm) fill = mixed(colour::kStopDeep, colour::kRaised, 0.5 * frame.pulse(1.0));
  else if (judged.weight == Weight::act && !evacuated) fill = mixed(colour::kRaised, colour::kPauseDeep, 0.75);
  panel(at, {width, kCard}, fill);
  canvas().AddRectFilled(at, {at.x + 6.0F, at.y + kCard}, mark, size::kRound, ImDrawFlags_RoundCornersLeft);
  viewer_disc(frame, card, {at.x + 36.0F, at.y + kCard / 2}, 20.0F);
  const std::string number = std::to_string(card.headset.value());
  const float left = at.x + 68.0F;
  const float right = at.x + width - 12.0F;
  const float text_room = evacuated ? tappable - 76.0F : width - 68.0F - 108.0F;
  const std::string title = with_viewer(card) && !card.film.is_none() ? film_title(frame, card.film) : frame.words.phases[static_cast<std::size_t>(card.phase)];
  put_text(frame, Face::strong, {left, at.y + 8.0F}, colour::kText, title, text_room);
  const std::string reason = reason_text(frame, judged);
  std::string second = reason;
  if (second.empty() && with_viewer(card)) second = wait_short(frame, card);
  if (second.empty() && with_viewer(card)) second = where_in_film(frame, card);
  const ImU32 ink = reason.empty() ? colour::kDim : urgent ? mixed(mark, IM_COL32_WHITE, 0.35) : mark;
  if (evacuated && card.counted_out) second = frame.words.legend_out;
  float from = left;
  if (with_viewer(card) && card.child) {
    const bool alone = is_child_alone(frame.snapshot, card);
    const ImVec2 middle{left, at.y + 37.0F + text_height(frame, Face::small) / 2};
    from += pill(frame, middle, alone ? colour::kWarn : colour::kText, kInk, child_text(frame, card)) + 8.0F;
  }
  const bool shows_drift = !evacuated && with_viewer(card) && card.phase >= Phase::calibrated;
  const float end = evacuated ? at.x + tappable - 8.0F : right - (shows_drift ? 60.0F : 32.0F);
  put_text(frame, Face::small, {from, at.y + 37.0F}, ink, second, end - from);
  if (evacuated) {
    ButtonLook look;
    look.fill = colour::kText;
    look.text = kInk;
    look.enabled = frame.snapshot.connected();
    if (hold_button(frame, "returned-" + number, frame.words.returned, {at.x + width - kOut - 8.0F, at.y + 7.0F}, {kOut, kCard - 14.0F}, look)) frame.wish(protocol::SetReturned{card.headset});
    return;
  }
  battery(frame, card, {right, at.y + 21.0F});
  radio(card, {right, at.y + 48.0F});
  if (shows_drift) drift_sign(frame, drift_now(card), {right - 42.0F, at.y + 48.0F}, 8.5F);
}

// Those on the shelf, as chips: they are only looked for when somebody comes.
float chips(Frame& frame, const std::vector<Judged>& list, ImVec2 at, float width) {
  const float gap = size::kGap;
  constexpr int kColumns = 6;
  const float each = (width - gap * (kColumns - 1)) / kColumns;
  float x = at.x, y = at.y;
  for (const Judged& judged : list) {
    if (x + each > at.x + width + 1.0F) x = at.x, y += kChip + gap;
    const protocol::HeadsetCard& card = *judged.card;
    bool pressed = false;
    if (tap_area(frame, "headset-" + std::to_string(card.headset.value()), {x, y}, {each, kChip}, &pressed)) frame.ui.choose(card.headset);
    panel({x, y}, {each, kChip}, pressed ? colour::kPressed : colour::kRaised, size::kRound, card.connected ? 0 : with_alpha(colour::kFaint, 0.5));
    put_text_centred(frame, Face::strong, {x + each / 2, y + kChip / 2 - 6.0F}, card.connected ? colour::kText : colour::kFaint, std::to_string(card.headset.value()));
    if (!card.battery_known) {
      x += each + gap;
      continue;
    }
    const float share = static_cast<float>(card.battery_percent) / 100.0F;
    const ImU32 ink = !card.connected ? colour::kLine : card.battery_percent < kBatteryLow ? colour::kWarn : colour::kClear;
    canvas().AddRectFilled({x + 10.0F, y + kChip - 12.0F}, {x + each - 10.0F, y + kChip - 8.0F}, colour::kLine, 2.0F);
    canvas().AddRectFilled({x + 10.0F, y + kChip - 12.0F}, {x + 10.0F + (each - 20.0F) * share, y + kChip - 8.0F}, ink, 2.0F);
    x += each + gap;
  }
  return list.empty() ? 0.0F : y + kChip - at.y;
}

}  // namespace

void draw_cards(Frame& frame, ImVec2 at, ImVec2 extent) {
  Scroller scroller(frame, "cards", at, extent);
  float y = scroller.origin().y;
  const float x = scroller.origin().x, width = scroller.width();
  std::vector<Judged> shelf;
  for (const Judged& judged : worst_first(frame.snapshot)) {
    const bool waits = with_viewer(*judged.card) || judged.card->phase != Phase::idle;
    if (!waits) {
      shelf.push_back(judged);
      continue;
    }
    card_row(frame, judged, {x, y}, width);
    y += kCard + size::kGap;
  }
  if (!shelf.empty()) {
    std::ranges::sort(shelf, {}, [](const Judged& one) { return one.card->headset; });
    put_text(frame, Face::small, {x, y + 4.0F}, colour::kDim, frame.words.ready_on_shelf);
    y += text_height(frame, Face::small) + 10.0F;
    y += chips(frame, shelf, {x, y}, width) + size::kGap;
  }
  scroller.content_height(y - scroller.origin().y);
}

}  // namespace promenade::console
