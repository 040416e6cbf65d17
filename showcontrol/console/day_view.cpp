// The queue with honest waits, and the day so far.

#include <cmath>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

float queue_row(Frame& frame, const protocol::HeadsetCard& card, ImVec2 at, float width) {
  constexpr float kRow = 58.0F;
  const Strings& w = frame.words;
  bool pressed = false;
  if (tap_area(frame, "queue-" + std::to_string(card.headset.value()), at, {width, kRow}, &pressed)) {
    frame.ui.choose(card.headset);
    frame.ui.tab = Tab::headsets;
  }
  const double late_s = base::to_seconds(card.late);
  const bool waits = card.phase == Phase::waiting;
  const bool late = waits && late_s > kLateTold_s;
  panel(at, {width, kRow}, pressed ? colour::kPressed : late ? mixed(colour::kRaised, colour::kStopDeep, 0.6) : colour::kRaised);
  canvas().AddCircleFilled({at.x + 30.0F, at.y + kRow / 2}, 18.0F, waits ? film_colour(frame, card.film) : with_alpha(colour::kFaint, 0.55), 32);
  put_text_centred(frame, Face::strong, {at.x + 30.0F, at.y + kRow / 2}, waits ? kInk : colour::kText, std::to_string(card.headset.value()));
  const std::string right = !waits ? base::formatted_by(w.for_so_long, minutes(base::to_seconds(card.waited)))
                            : card.blocks > 0 ? base::formatted_by(w.starts_in, minutes(base::to_seconds(card.wait)))
                                              : base::formatted_by(w.wait_about, minutes(base::to_seconds(card.wait)));
  const float right_room = text_width(frame, Face::strong, right) + 24.0F;
  const std::string title = card.film.is_none() ? std::string(w.phases[static_cast<std::size_t>(card.phase)]) : film_title(frame, card.film);
  put_text(frame, Face::body, {at.x + 60.0F, at.y + 5.0F}, colour::kText, title, width - 60.0F - right_room);
  const std::string below = waits ? base::formatted_by(w.for_so_long, minutes(base::to_seconds(card.waited))) : std::string(w.phases[static_cast<std::size_t>(card.phase)]);
  const std::string child = child_text(frame, card);
  put_text(frame, Face::small, {at.x + 60.0F, at.y + 32.0F}, colour::kDim, child.empty() ? below : child + " · " + below);
  put_text_right(frame, Face::strong, {at.x + width - 12.0F, at.y + 5.0F}, late ? colour::kText : colour::kText, right);
  if (late) put_text_right(frame, Face::small, {at.x + width - 12.0F, at.y + 32.0F}, mixed(colour::kStop, IM_COL32_WHITE, 0.25), base::formatted_by(w.late_by, minutes(late_s)));
  return kRow + 6.0F;
}

float class_row(Frame& frame, const protocol::ClassProgress& one, ImVec2 at, float width) {
  const Strings& w = frame.words;
  constexpr float kLine = 27.0F;
  const std::string film = one.film.is_none() ? std::string(w.unknown) : film_title(frame, one.film);
  const std::string counts = base::formatted_by(w.class_counts, static_cast<int>(one.done), static_cast<int>(one.people));
  put_text_right(frame, Face::body, {at.x + width - 4.0F, at.y}, colour::kText, counts);
  put_text(frame, Face::body, {at.x + 4.0F, at.y}, colour::kText, base::formatted_by(w.class_title, static_cast<int>(one.party), film), width - 24.0F - text_width(frame, Face::body, counts));
  float y = at.y + kLine + 3.0F;
  int number = 0;
  for (const protocol::ClassGroup& group : one.groups) {
    const auto start_s = console_second(frame, group.start);
    const std::string time = start_s ? frame.wall_clock(*start_s) : std::string();
    const std::string when = base::formatted_by(group.started ? w.class_started : group.planned ? w.class_planned : w.class_expected, time);
    put_text(frame, Face::small, {at.x + 18.0F, y}, group.started ? colour::kFaint : colour::kDim, base::formatted_by(w.class_group, ++number, static_cast<int>(group.people)));
    put_text_right(frame, Face::small, {at.x + width - 4.0F, y}, group.started ? colour::kFaint : group.planned ? colour::kText : colour::kDim, when);
    y += kLine - 4.0F;
  }
  return y - at.y + 8.0F;
}

float film_row(Frame& frame, const protocol::FilmWait& film, ImVec2 at, float width) {
  const Strings& w = frame.words;
  constexpr float kRow = 46.0F;
  canvas().AddCircleFilled({at.x + 12.0F, at.y + 14.0F}, 7.0F, film_colour(frame, film.film));
  const double wait_s = base::to_seconds(film.wait);
  const std::string right = wait_s <= 10.0 ? std::string(w.no_wait) : base::formatted_by(w.wait_within, minutes(wait_s));
  put_text_right(frame, Face::body, {at.x + width - 4.0F, at.y}, wait_s > 600.0 ? colour::kWarn : colour::kText, right);
  put_text(frame, Face::body, {at.x + 30.0F, at.y}, colour::kText, film_title(frame, film.film), width - 44.0F - text_width(frame, Face::body, right));
  const int playing = film.playing, waiting = film.waiting;
  if (playing + waiting > 0) put_text(frame, Face::small, {at.x + 30.0F, at.y + 23.0F}, colour::kFaint, base::formatted_by(w.film_counts, playing, waiting));
  const auto last_s = console_second(frame, film.last_admission);
  if (last_s) {
    const bool over = *last_s < frame.now_s();
    const std::string until = over ? std::string(w.last_choice_over) : base::formatted_by(w.last_choice, frame.wall_clock(*last_s).substr(0, 5));
    put_text_right(frame, Face::small, {at.x + width - 4.0F, at.y + 23.0F}, over ? colour::kWarn : colour::kDim, until);
  }
  return playing + waiting > 0 || last_s ? kRow + 4.0F : 34.0F;
}

// Closing time: what is set and what follows from it, and a stepper over the quarters of an hour to set another.
float closing_part(Frame& frame, ImVec2 at, float width) {
  constexpr int kQuarter_min = 15;
  constexpr double kQuarter_s = kQuarter_min * 60.0;
  constexpr double kFirstAhead_s = 3600.0;
  const Strings& w = frame.words;
  const protocol::HallSummary& s = frame.snapshot.summary;
  const auto set_s = console_second(frame, s.closing);
  float y = at.y;
  y += heading(frame, w.closing, {at.x, y}, set_s ? base::formatted_by(w.closing_at, frame.wall_clock(*set_s).substr(0, 5)) : std::string(w.closing_none), width);
  if (set_s) {
    const auto out_s = console_second(frame, s.all_out);
    const bool kept = !out_s || *out_s <= *set_s;
    const std::string text = !out_s ? std::string(w.closing_all_are_out) : base::formatted_by(kept ? w.closing_kept : w.closing_not_kept, frame.wall_clock(*out_s).substr(0, 5));
    y += put_wrapped(frame, Face::small, {at.x, y}, kept ? colour::kDim : colour::kPause, text, width) + 8.0F;
  }
  if (!frame.snapshot.hall_ahead_s) return y - at.y;
  // The clock's next whole quarter, an hour ahead.
  const std::string clock = frame.wall_clock(frame.now_s());
  const auto number = [&](std::size_t from) { return clock.size() >= from + 2 ? (clock[from] - '0') * 10 + clock[from + 1] - '0' : 0; };
  const double into_s = number(3) % kQuarter_min * 60.0 + number(6);
  const double next_s = std::floor(frame.now_s()) + kQuarter_s - into_s;
  if (!frame.ui.closing_s || *frame.ui.closing_s < frame.now_s()) frame.ui.closing_s = set_s && *set_s > frame.now_s() ? *set_s : next_s + kFirstAhead_s;
  const int step = stepper(frame, "closing", w.closing_out_by, frame.wall_clock(*frame.ui.closing_s).substr(0, 5), {at.x, y}, width);
  if (step != 0) *frame.ui.closing_s = std::max(next_s, *frame.ui.closing_s + step * kQuarter_s);
  y += size::kTouch + size::kGap;
  Actions actions(frame, {at.x, y}, width);
  if (actions.hold("closing-set", w.closing_set)) frame.wish(protocol::SetClosing{base::hall_time(*frame.ui.closing_s + *frame.snapshot.hall_ahead_s)});
  if (set_s && actions.tap("closing-lift", w.closing_lift)) frame.wish(protocol::SetClosing{});
  y += actions.height();
  y += answer(frame, newest_request(frame.snapshot, [](const protocol::StaffAction& a) { return std::holds_alternative<protocol::SetClosing>(a); }), {at.x, y}, width);
  return y - at.y + 14.0F;
}

}  // namespace

void draw_queue(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  Scroller scroller(frame, "queue", at, extent);
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  float y = from.y;
  const auto queue = queue_of(frame.snapshot);
  y += heading(frame, w.queue_waiting, {from.x, y}, std::to_string(queue.size()), width);
  for (const auto* card : queue) y += queue_row(frame, *card, {from.x, y}, width);
  if (queue.empty()) put_text(frame, Face::body, {from.x, y}, colour::kFaint, w.queue_nobody), y += 32.0F;
  const auto fitting = being_fitted(frame.snapshot);
  if (!fitting.empty()) {
    y += 8.0F;
    y += heading(frame, w.queue_fitting, {from.x, y}, std::to_string(fitting.size()), width);
    for (const auto* card : fitting) y += queue_row(frame, *card, {from.x, y}, width);
  }
  if (!frame.snapshot.summary.classes.empty()) {
    y += 8.0F;
    y += heading(frame, w.queue_classes, {from.x, y}, std::to_string(frame.snapshot.summary.classes.size()), width);
    for (const protocol::ClassProgress& one : frame.snapshot.summary.classes) y += class_row(frame, one, {from.x, y}, width);
  }
  y += 8.0F;
  y += heading(frame, w.queue_films, {from.x, y}, w.queue_films_text, width);
  for (const protocol::FilmWait& film : frame.snapshot.summary.waits) y += film_row(frame, film, {from.x, y}, width);
  scroller.content_height(y - from.y);
}

void draw_day(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  const protocol::HallSummary& s = frame.snapshot.summary;
  Scroller scroller(frame, "day", at, extent);
  const ImVec2 from = scroller.origin();
  const float width = scroller.width();
  float y = from.y;
  struct Figure {
    const char* name;
    std::uint32_t value;
    ImU32 ink;
  };
  const Figure figures[]{{w.day_tickets, s.redeemed_today, colour::kText}, {w.day_plays, s.plays_today, colour::kText}, {w.day_completed, s.completed_today, colour::kText},
                         {w.day_early, s.ended_early_today, s.ended_early_today > 0 ? colour::kWarn : colour::kText},
                         {w.day_near, s.near_misses_today, s.near_misses_today > 0 ? colour::kWarn : colour::kText},
                         {w.day_contacts, s.contacts_today, s.contacts_today > 0 ? colour::kStop : colour::kText}};
  const float each = (width - 2 * size::kGap) / 3;
  int count = 0;
  for (const Figure& figure : figures) {
    const ImVec2 cell{from.x + (each + size::kGap) * static_cast<float>(count % 3), y + (92.0F + size::kGap) * static_cast<float>(count / 3)};
    panel(cell, {each, 92.0F}, colour::kRaised);
    put_text_centred(frame, Face::huge, {cell.x + each / 2, cell.y + 36.0F}, figure.ink, std::to_string(figure.value));
    put_text_centred(frame, Face::small, {cell.x + each / 2, cell.y + 73.0F}, colour::kDim, figure.name);
    ++count;
  }
  y += 2 * (92.0F + size::kGap) + 4.0F;
  put_text(frame, Face::strong, {from.x, y}, colour::kText, w.box_office);
  const int outbox = s.outbox;
  const std::string reached = s.box_office_reachable ? (outbox == 0 ? std::string(w.box_office_reached) : base::formatted_by(w.box_office_outbox, outbox)) : base::formatted_by(w.box_office_outbox, outbox);
  put_text_right(frame, Face::body, {from.x + width, y}, s.box_office_reachable ? colour::kClear : colour::kPause, reached);
  y += 34.0F;
  if (!s.box_office_reachable && frame.snapshot.summary_known) y += put_wrapped(frame, Face::small, {from.x, y}, colour::kPause, w.box_office_away, width) + 8.0F;
  ButtonLook look;
  look.enabled = frame.snapshot.connected();
  if (s.admission_open) {
    if (hold_button(frame, "admission-close", w.close_admission, {from.x, y}, {width, 58.0F}, look)) frame.wish(protocol::SetAdmission{false});
  } else {
    look.fill = colour::kClear;
    look.text = kInk;
    if (tap_button(frame, "admission-open", w.open_admission, {from.x, y}, {width, 58.0F}, look)) frame.wish(protocol::SetAdmission{true});
  }
  y += 58.0F + 14.0F;
  y += closing_part(frame, {from.x, y}, width);
  y += heading(frame, w.alarms_of_late, {from.x, y});
  if (frame.snapshot.alarms.empty()) put_text(frame, Face::body, {from.x, y}, colour::kFaint, w.no_alarms), y += 32.0F;
  for (auto alarm = frame.snapshot.alarms.rbegin(); alarm != frame.snapshot.alarms.rend(); ++alarm) {
    const std::string when = frame.wall_clock(frame.now_s() - frame.snapshot.hall_age_s(alarm->time));
    const std::string who = alarm->headset.is_none() ? std::string() : "  " + base::formatted_by(w.headset, static_cast<int>(alarm->headset.value()));
    put_text(frame, Face::small, {from.x, y}, colour::kFaint, when + who);
    if (!alarm->taken_by.empty()) put_text_right(frame, Face::small, {from.x + width, y}, colour::kFaint, base::formatted_by(w.taken_by, alarm->taken_by));
    y += text_height(frame, Face::small);
    y += put_wrapped(frame, Face::body, {from.x, y}, alarm->taken_by.empty() ? mixed(colour::kStop, IM_COL32_WHITE, 0.3) : colour::kDim, alarm_text(frame, *alarm), width) + 10.0F;
  }
  scroller.content_height(y - from.y);
}

}  // namespace promenade::console
