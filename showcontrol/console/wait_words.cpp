#include "showcontrol/console/wait_words.h"

#include "showcontrol/console/compass.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

using protocol::WaitsFor;

// Of the wall; empty: not known.
std::string until_when(const Frame& frame, const protocol::HeadsetCard& card) {
  const auto until_s = console_second(frame, card.waits_until);
  return until_s ? frame.wall_clock(*until_s) : std::string();
}

std::string film_of(const Frame& frame, HeadsetId headset) {
  const protocol::HeadsetCard* card = frame.snapshot.headset(headset);
  return card == nullptr || card->film.is_none() ? std::string(frame.words.unknown) : film_title(frame, card->film);
}

std::string who_stands(const Frame& frame, const protocol::HeadsetCard& card) {
  if (!card.waits_for_headset.is_none()) return base::formatted_by(frame.words.headset, static_cast<int>(card.waits_for_headset.value()));
  const protocol::BodyCard* body = frame.snapshot.body(card.waits_for_body);
  return body != nullptr ? name_of(frame, *body) : std::string(frame.words.somebody_alone);
}

}  // namespace

std::string place_text(const Frame& frame, HallPoint at) {
  const Strings& w = frame.words;
  if (frame.snapshot.venue == nullptr) return w.place_not_known;
  const Whereabouts found = whereabouts_in(frame.snapshot.venue->boundary, at);
  const auto side = static_cast<std::size_t>(found.side);
  return found.part == HallPart::corner ? w.corners[side] : found.part == HallPart::wall ? w.walls[side]
         : found.part == HallPart::side ? w.sides[side] : w.middle;
}

bool waits_for_others(const protocol::HeadsetCard& card) {
  return card.waits_for == WaitsFor::play || card.waits_for == WaitsFor::body || card.waits_for == WaitsFor::companion;
}

std::string wait_text(const Frame& frame, const protocol::HeadsetCard& card) {
  const Strings& w = frame.words;
  const std::string film = film_title(frame, card.film);
  const std::string time = until_when(frame, card);
  const int other = card.waits_for_headset.value();
  if (card.latecomer == protocol::Latecomer::waits) return base::formatted_by(w.late_waits, film, other);
  if (card.latecomer == protocol::Latecomer::led) return base::formatted_by(w.late_led, film, other, static_cast<int>(card.joins_scene));
  switch (card.waits_for) {
    case WaitsFor::none: return {};
    case WaitsFor::scene: return time.empty() ? std::string() : base::formatted_by(w.waits_scene, film, place_text(frame, card.waits_at), time);
    case WaitsFor::play: {
      const std::string place = place_text(frame, card.waits_at);
      const std::string text = time.empty() ? base::formatted_by(w.waits_place_open, film, place) : base::formatted_by(w.waits_place, film, place, time);
      if (card.waits_for_headset.is_none()) return text;
      return text + (frame.ui.language == Language::zh ? "" : " ") + base::formatted_by(w.waits_before, film_of(frame, card.waits_for_headset), other);
    }
    case WaitsFor::body: return base::formatted_by(w.waits_body, film, place_text(frame, card.waits_at), who_stands(frame, card));
    case WaitsFor::companion: return time.empty() ? base::formatted_by(w.waits_companion_open, film, other) : base::formatted_by(w.waits_companion, film, other, time);
    case WaitsFor::ready: return base::formatted_by(w.waits_ready, film);
    case WaitsFor::start: return time.empty() ? std::string() : base::formatted_by(w.waits_start, film, time);
    case WaitsFor::plan: return base::formatted_by(w.waits_plan, film);
  }
  return {};
}

std::string wait_short(const Frame& frame, const protocol::HeadsetCard& card) {
  if (!waits_for_others(card)) return {};
  const Strings& w = frame.words;
  const std::string time = until_when(frame, card);
  if (card.waits_for == WaitsFor::body) return base::formatted_by(w.waits_short_body, who_stands(frame, card));
  if (card.waits_for == WaitsFor::companion) return base::formatted_by(w.waits_short_companion, static_cast<int>(card.waits_for_headset.value()));
  const std::string place = place_text(frame, card.waits_at);
  return time.empty() ? base::formatted_by(w.waits_short_open, place) : base::formatted_by(w.waits_short, place, time);
}

}  // namespace promenade::console
