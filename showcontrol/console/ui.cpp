#include "showcontrol/console/ui.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "showcontrol/console/roll.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {
long centimetres(double m) { return std::lround(m * 100.0); }
}  // namespace

double Frame::pulse(double period_s) const { return 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * snapshot.now_s / period_s); }

std::string film_title(const Frame& frame, const FilmId& film) {
  const Film* one = frame.snapshot.film(film);
  if (one == nullptr) return film.value();
  const std::string& title = frame.ui.language == Language::zh ? one->title_zh : one->title_en;
  return title.empty() ? film.value() : title;
}

ImU32 film_colour(const Frame& frame, const FilmId& film) {
  const auto place = frame.snapshot.film_place(film);
  return place ? of_film(*place) : colour::kFaint;
}

std::optional<double> console_second(const Frame& frame, const std::optional<protocol::HallTime>& time) {
  if (!time || !frame.snapshot.hall_ahead_s) return std::nullopt;
  return base::seconds_since_zero(*time) - *frame.snapshot.hall_ahead_s;
}

std::string minutes(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
  if (whole >= 3600) return base::formatted("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return base::formatted("{}:{:02}", whole / 60, whole % 60);
}

std::string where_in_film(const Frame& frame, const protocol::HeadsetCard& card) {
  const Strings& w = frame.words;
  const char* phase = w.phases[static_cast<std::size_t>(card.phase)];
  switch (card.phase) {
    case Phase::playing:
    case Phase::held: {
      if (card.scene == 0) return phase;
      std::string text = card.seated ? std::string() : base::formatted_by(w.scene, static_cast<int>(card.scene), static_cast<int>(card.scenes));
      if (card.phase == Phase::held) text += std::string(text.empty() ? "" : " · ") + phase;
      const std::string left = base::formatted_by(w.left, minutes(base::to_seconds(card.remaining)));
      return text.empty() ? left : text + " · " + left;
    }
    case Phase::waiting: return card.blocks > 0 ? base::formatted_by(w.starts_in, minutes(base::to_seconds(card.wait))) : std::string(phase) + " · " + w.told_nothing;
    case Phase::guided: return w.way_in;
    case Phase::guided_out: return w.way_out;
    default: return phase;
  }
}

std::string child_text(const Frame& frame, const protocol::HeadsetCard& card) {
  if (!card.child) return {};
  return card.age_years == 0 ? std::string(frame.words.child) : base::formatted_by(frame.words.child_age, static_cast<int>(card.age_years));
}

std::string name_of(const Frame& frame, const protocol::BodyCard& body) {
  const Strings& w = frame.words;
  if (!body.beside.is_none()) {
    const protocol::HeadsetCard* held = frame.snapshot.headset(body.beside);
    return base::formatted_by(held != nullptr && held->child ? w.parent_of : w.companion_of, static_cast<int>(body.beside.value()));
  }
  const bool staff = body.kind == protocol::Relation::staff;
  if (body.number == 0) return staff ? w.attendant_alone : w.somebody_alone;
  return base::formatted_by(staff ? w.attendant : w.somebody, static_cast<int>(body.number));
}

std::string whereabouts(const Frame& frame, HallPoint at) {
  const Strings& w = frame.words;
  if (frame.snapshot.venue == nullptr) return w.place_not_known;
  const tracking::Venue& venue = *frame.snapshot.venue;
  for (const tracking::Seat& seat : venue.seats) {
    if (tracking::distance(seat.at, at) <= venue.chair_zone_m) return base::formatted_by(w.at_chair, seat.id);
  }
  const NearestDoor door = nearest_door(venue, at);
  const char* name = door.exit ? w.exit : w.entrance;
  if (door.distance_m <= venue.door_zone_m) return base::formatted_by(w.at_door, name);
  if (tracking::contains(venue.kitting, at)) return w.kitting;
  return base::formatted_by(w.to_door, name, std::lround(door.distance_m));
}

std::string settlement_text(const Frame& frame, protocol::Settlement settlement) {
  const Strings& w = frame.words;
  switch (settlement) {
    case protocol::Settlement::open: return w.nothing_said;
    case protocol::Settlement::resume: return w.goes_on;
    case protocol::Settlement::rebook: return w.rebooked;
    case protocol::Settlement::refund: return w.refunded;
  }
  return {};
}

std::string reason_text(const Frame& frame, const Judged& judged) {
  const Strings& w = frame.words;
  const protocol::HeadsetCard& card = *judged.card;
  switch (judged.reason) {
    case Reason::none: return {};
    case Reason::lost: return w.reason_lost;
    case Reason::swapping: return w.reason_swapping;
    case Reason::panic: return w.reason_panic;
    case Reason::waits_release: return w.reason_release;
    case Reason::level: {
      if (card.level == Level::evacuate && card.cause == Cause::link_lost) return w.reason_no_server;
      std::string text = w.levels[static_cast<std::size_t>(card.level)];
      const char* cause = w.causes[static_cast<std::size_t>(card.cause) % w.causes.size()];
      return *cause == '\0' ? text : text + " · " + cause;
    }
    case Reason::staff_paused: return w.reason_staff_paused;
    case Reason::unheard: return base::formatted_by(w.reason_unheard, minutes(base::to_seconds(card.age)));
    case Reason::out_of_trust: return base::formatted_by(w.reason_trust, centimetres(card.error_m));
    case Reason::drift: return base::formatted_by(w.reason_drift, centimetres(card.offset_m));
    case Reason::marks_wanted: return w.reason_marks;
    case Reason::late_start: return base::formatted_by(w.reason_late, minutes(base::to_seconds(card.late)));
    case Reason::battery_empty:
    case Reason::battery_low: return base::formatted_by(w.reason_battery, static_cast<int>(card.battery_percent));
    case Reason::hot: return base::formatted_by(w.reason_hot, static_cast<int>(card.temperature_c));
    case Reason::radio: return base::formatted_by(w.reason_radio, static_cast<int>(card.loss_percent));
    case Reason::pictures: return w.reason_pictures;
    case Reason::leading_out: return w.reason_leading;
    case Reason::evacuated: return w.reason_evacuated;
    case Reason::escorted: return w.reason_escorted;
    case Reason::unsettled: return w.reason_unsettled;
    case Reason::to_place: return w.reason_to_place;
    case Reason::hand_back: return w.reason_hand_back;
    case Reason::child_alone: return w.reason_child_alone;
  }
  return {};
}

std::string alarm_text(const Frame& frame, const protocol::StaffAlarm& alarm) {
  const Coded* own = find_coded(frame.ui.language, alarm.code);
  return own != nullptr ? own->text : alarm.text;
}

std::string alarm_advice(const Frame& frame, const protocol::StaffAlarm& alarm) {
  const Coded* own = find_coded(frame.ui.language, alarm.code);
  return own != nullptr ? own->what_to_do : alarm.what_to_do;
}

std::string refusal_text(const Frame& frame, const Request& request) {
  const Coded* own = find_coded(frame.ui.language, request.code);
  if (own == nullptr) return request.text;
  return *own->what_to_do == '\0' ? own->text : std::string(own->text) + " " + own->what_to_do;
}

const Request* newest_request(const Snapshot& snapshot, const std::function<bool(const protocol::StaffAction&)>& wanted) {
  for (auto request = snapshot.requests.rbegin(); request != snapshot.requests.rend(); ++request) {
    if (wanted(request->action)) return &*request;
  }
  return nullptr;
}

}  // namespace promenade::console
