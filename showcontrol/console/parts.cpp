#include "showcontrol/console/parts.h"

#include "tracking/base/formatted.h"

namespace promenade::console {

ButtonLook loud(ImU32 fill) {
  ButtonLook look;
  look.fill = fill;
  look.text = kInk;
  return look;
}

float heading(Frame& frame, const char* text, ImVec2 at, const std::string& beside, float width) {
  put_text(frame, Face::strong, at, colour::kText, text);
  if (!beside.empty()) put_text_right(frame, Face::small, {at.x + width, at.y + 4.0F}, colour::kFaint, beside);
  return text_height(frame, Face::strong) + 6.0F;
}

bool back_button(Frame& frame, ImVec2 at) { return tap_button(frame, "back", (std::string("‹ ") + frame.words.back).c_str(), at, {104.0F, size::kTouch}); }

void Facts::add(const char* name, const std::string& value, ImU32 ink) {
  const ImVec2 at{at_.x + half_ * static_cast<float>(count_ % 2), at_.y + kRow * static_cast<float>(count_ / 2)};
  put_text(frame_, Face::small, at, colour::kFaint, name, half_ - 8.0F);
  put_text(frame_, Face::body, {at.x, at.y + 19.0F}, ink, value, half_ - 10.0F);
  ++count_;
}

ImVec2 Actions::next() {
  const ImVec2 at{at_.x + (each_ + size::kGap) * static_cast<float>(count_ % 2), at_.y + (kHeight + size::kGap) * static_cast<float>(count_ / 2)};
  ++count_;
  return at;
}

ButtonLook Actions::ready(ButtonLook look) const {
  look.enabled = look.enabled && frame_.snapshot.connected();
  return look;
}

float notice(Frame& frame, ImVec2 at, float width, ImU32 mark, const std::string& title, const std::string& text) {
  const float inner = width - 24.0F;
  const float upper = wrapped_height(frame, Face::strong, title, inner);
  const float height = 16.0F + upper + (text.empty() ? 0.0F : 6.0F + wrapped_height(frame, Face::small, text, inner));
  panel(at, {width, height}, mixed(colour::kPanel, mark, 0.22), 6.0F, mark);
  put_wrapped(frame, Face::strong, {at.x + 12.0F, at.y + 7.0F}, colour::kText, title, inner);
  if (!text.empty()) put_wrapped(frame, Face::small, {at.x + 12.0F, at.y + 13.0F + upper}, colour::kText, text, inner);
  return height + size::kGap;
}

namespace {

std::pair<std::string, ImU32> answer_text(const Frame& frame, const Request& request) {
  if (request.state == Request::State::accepted) return {frame.words.done, colour::kClear};
  if (request.state == Request::State::refused) return {base::formatted_by(frame.words.refused, refusal_text(frame, request)), colour::kPause};
  return {frame.words.asked, colour::kDim};
}

float answer_height(const Frame& frame, const std::string& text, float width) { return wrapped_height(frame, Face::small, text, width - 20.0F) + 14.0F; }

}  // namespace

float answer_over(Frame& frame, const Request* request, const Scroller& scroller) {
  if (request == nullptr) return 0.0F;
  return answer(frame, request, {scroller.origin().x, scroller.foot() - answer_height(frame, answer_text(frame, *request).first, scroller.width())}, scroller.width());
}

float answer(Frame& frame, const Request* request, ImVec2 at, float width) {
  if (request == nullptr) return 0.0F;
  const auto [text, ink] = answer_text(frame, *request);
  frame.layout.says["answer"] = request->state == Request::State::asked ? "asked" : request->state == Request::State::accepted ? "accepted" : request->code;
  const float height = answer_height(frame, text, width);
  panel(at, {width, height}, colour::kPanel, 6.0F, ink);
  put_wrapped(frame, Face::small, {at.x + 10.0F, at.y + 7.0F}, ink, text, width - 20.0F);
  return height + size::kGap;
}

float pill(Frame& frame, ImVec2 at, ImU32 fill, ImU32 ink, const std::string& text) {
  const float width = text_width(frame, Face::small, text) + 14.0F, high = text_height(frame, Face::small) / 2 + 1.0F;
  canvas().AddRectFilled({at.x, at.y - high}, {at.x + width, at.y + high}, fill, high);
  put_text_centred(frame, Face::small, {at.x + width / 2, at.y}, ink, text);
  return width;
}

int stepper(Frame& frame, const std::string& name, const char* label, const std::string& value, ImVec2 at, float width) {
  const float each = (width - 3 * size::kGap) / 4;
  const auto cell = [&](int column) { return ImVec2{at.x + (each + size::kGap) * static_cast<float>(column), at.y}; };
  put_text(frame, Face::body, {at.x + 4.0F, at.y + (size::kTouch - text_height(frame, Face::body)) / 2}, colour::kText, label, each);
  const bool less = tap_button(frame, name + "-less", "−", cell(1), {each, size::kTouch});
  put_text_centred(frame, Face::body, {cell(2).x + each / 2, at.y + size::kTouch / 2}, colour::kText, value);
  const bool more = tap_button(frame, name + "-more", "+", cell(3), {each, size::kTouch});
  return more ? 1 : less ? -1 : 0;
}

void viewer_disc(Frame& frame, const protocol::HeadsetCard& card, ImVec2 middle, float radius) {
  const bool shows_film = card.phase >= Phase::waiting && with_viewer(card);
  canvas().AddCircleFilled(middle, radius, shows_film ? film_colour(frame, card.film) : with_alpha(colour::kFaint, 0.55), 36);
  const std::string number = std::to_string(card.headset.value());
  put_text_centred(frame, number.size() > 2 || radius < 19.0F ? Face::strong : Face::large, middle, shows_film ? kInk : colour::kText, number);
}

HeadsetId headset_of(const protocol::StaffAction& action) {
  return std::visit(
      [](const auto& one) -> HeadsetId {
        if constexpr (requires { one.headset; }) return one.headset;
        else if constexpr (requires { one.from; }) return one.from;
        else if constexpr (requires { one.beside; }) return one.beside;
        else return HeadsetId{};
      },
      action);
}

}  // namespace promenade::console
