// What a viewer reads when he is warned, stopped or led out.

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "runtime/ui/panels.h"
#include "runtime/ui/words.h"
#include "tracking/base/formatted.h"

namespace promenade::ui {
namespace {

constexpr float kStepHeight = 122.0f;  // two lines and air
constexpr float kCenter = kPanelWidth_px * 0.5f;

void board(Canvas& canvas, const Box& box, ImU32 edge) {
  canvas.box(box, kNight, 36.0f);
  canvas.frame(box, edge, 36.0f, 6.0f);
}

// Which way to go, as on a compass that the viewer holds before him.
void dial(Canvas& canvas, ImVec2 center, float radius, double clockwise_rad) {
  canvas.list().AddCircle(center, radius, with_alpha(kExit, 0.45f), 96, 5.0f);
  canvas.arrow(center, radius * 1.5f, static_cast<float>(clockwise_rad), kExit);
}

// A head in profile from the front, its headset held by two hands, and which way it goes.
void draw_lifting(Canvas& canvas, ImVec2 center) {
  ImDrawList& list = canvas.list();
  const auto at = [&](float x, float y) { return ImVec2{center.x + x, center.y + y}; };
  list.AddEllipseFilled(at(0.0f, 62.0f), 62.0f, 78.0f, kStone, 0.0f, 48);
  list.AddRectFilled(at(-104.0f, 148.0f), at(104.0f, 190.0f), kStone, 40.0f, ImDrawFlags_RoundCornersTop);
  const Box headset{at(-92.0f, -18.0f), at(92.0f, 52.0f)};
  canvas.box(headset, kDuskLit, 26.0f);
  canvas.frame(headset, kAmber, 26.0f, 5.0f);
  for (const float side : {-1.0f, 1.0f}) {
    list.AddCircleFilled(at(side * 106.0f, 18.0f), 27.0f, kPaper, 32);                                  // a fist,
    list.AddLine(at(side * 112.0f, 36.0f), at(side * 136.0f, 150.0f), kPaper, 30.0f);                   // its arm,
    canvas.arrow(at(side * 106.0f, -78.0f), 88.0f, 0.0f, kAmber);                                       // and its way
  }
}

void steps(Canvas& canvas, ImVec2 at, float width, std::span<const std::string_view> texts) {
  int number = 0;
  for (const std::string_view text : texts) {
    const float height = Canvas::line_height(Style::body) * static_cast<float>(canvas.lines(Style::body, width - 84.0f, text, 2).size());
    const float middle = at.y + 0.5f * kStepHeight;
    canvas.list().AddCircle({at.x + 28.0f, middle}, 29.0f, kAmber, 48, 3.0f);
    canvas.fitted(Style::strong, {at.x + 28.0f, middle}, 40.0f, kAmber, base::formatted("{}", ++number));
    canvas.paragraph(Style::body, {at.x + 84.0f, middle - 0.5f * height}, width - 84.0f, kPaper, text, Align::left, 2);
    at.y += kStepHeight;
  }
}

std::string door_line(const Evacuate& panel, const Words& w) {
  const std::string_view name = panel.entrance ? w.door_entrance : w.door_exit;
  return panel.door_m > 0 ? base::formatted("{}  {} m", name, panel.door_m) : std::string(name);
}

// The real hall is seen: the words stand over the horizon and leave the way free.
void draw_seen_through(Canvas& canvas, const Evacuate& panel, const Words& w) {
  const Box box{{110.0f, 40.0f}, {1170.0f, 392.0f}};
  board(canvas, box, panel.hall_silent ? kAmber : kExit);
  float left = box.low.x + 70.0f;
  if (panel.door_clockwise_rad) {
    dial(canvas, {box.low.x + 180.0f, box.center().y}, 116.0f, *panel.door_clockwise_rad);
    left = box.low.x + 340.0f;
  }
  const float width = box.high.x - 50.0f - left;
  const std::string_view title = panel.hall_silent ? w.film_ended : panel.entrance ? w.leave_by_entrance : w.leave;
  const Name name = canvas.laid(Style::headline, width, title, 1);
  canvas.name(name, {left, 70.0f}, kPaper);
  if (panel.door_clockwise_rad) canvas.line(Style::title, {left, 166.0f}, kExit, door_line(panel, w));
  const float y = panel.door_clockwise_rad ? 244.0f : 180.0f;
  canvas.paragraph(Style::body, {left, y}, width, kPaper, panel.hall_silent ? w.wait_for_staff : w.walk_calmly, Align::left, 2);
}

void draw_lift_off(Canvas& canvas, const Evacuate& panel, const Words& w, const Words& other) {
  const Box box{{80.0f, 30.0f}, {1200.0f, 770.0f}};
  board(canvas, box, kAmber);
  canvas.line(Style::headline, {kCenter, 58.0f}, kPaper, w.lift_off, Align::center);
  canvas.line(Style::body, {kCenter, 148.0f}, kStone, other.lift_off, Align::center);
  draw_lifting(canvas, {276.0f, 384.0f});
  const std::array<std::string_view, 3> how{w.lift_1, w.lift_2, panel.hall_silent ? w.lift_3_wait : panel.entrance ? w.lift_3_entrance : w.lift_3_leave};
  steps(canvas, {480.0f, 212.0f}, 660.0f, how);
  const Box strip{{130.0f, 598.0f}, {1150.0f, 740.0f}};
  canvas.box(strip, kDusk, 30.0f);
  if (panel.door_clockwise_rad) {
    dial(canvas, {strip.low.x + 92.0f, strip.center().y}, 58.0f, *panel.door_clockwise_rad);
    canvas.line(Style::headline, {strip.low.x + 190.0f, strip.center().y - 43.0f}, kExit, door_line(panel, w));
  } else {
    canvas.fitted(Style::strong, strip.center(), strip.width() - 60.0f, kPaper, w.staff_come);
  }
}

// Where danger lies, seen from above: the viewer in the middle, looking up.
void draw_danger(Canvas& canvas, ImVec2 center, int eighth) {
  constexpr float kRadius = 40.0f;
  ImDrawList& list = canvas.list();
  list.AddCircle(center, kRadius, with_alpha(kStone, 0.5f), 64, 4.0f);
  list.AddTriangleFilled({center.x - 10.0f, center.y + 8.0f}, {center.x, center.y - 14.0f}, {center.x + 10.0f, center.y + 8.0f}, kPaper);
  const float towards = static_cast<float>(eighth) * kPi / 4.0f - kPi / 2.0f;
  list.PathArcTo(center, kRadius, towards - kPi / 6.0f, towards + kPi / 6.0f, 24);
  list.PathStroke(kAmber, 0, 15.0f);
}

void draw_warning(Canvas& canvas, const Note& note, Language language) {
  const auto [title, hint] = warn_text(language, note.cause, note.danger_eighth);
  const float dial_width = note.danger_eighth ? 148.0f : 48.0f;
  const float width = std::min(kNoteWidth_px - 8.0f, dial_width + std::max(canvas.text_width(Style::title, title), canvas.text_width(Style::body, hint)) + 70.0f);
  const float left = (kNoteWidth_px - width) * 0.5f;
  const Box box{{left, 46.0f}, {left + width, 194.0f}};
  canvas.box(box, kNight, 74.0f);
  canvas.frame(box, kAmber, 74.0f, 5.0f);
  if (note.danger_eighth) draw_danger(canvas, {box.low.x + 78.0f, box.center().y}, *note.danger_eighth);
  canvas.line(Style::title, {left + dial_width, 62.0f}, kPaper, title);
  canvas.line(Style::body, {left + dial_width, 122.0f}, kAmber, hint);
}

}  // namespace

void draw(Canvas& canvas, const Evacuate& panel, Language language) {
  const Words& w = words(language);
  if (panel.see_through) draw_seen_through(canvas, panel, w);
  else draw_lift_off(canvas, panel, w, words(language == Language::zh ? Language::en : Language::zh));
}

void draw_note(Canvas& canvas, const Note& note, Language language) {
  if (note.kind == NoteKind::warn) return draw_warning(canvas, note, language);
  const Words& w = words(language);
  const bool alarm = note.kind == NoteKind::pause;
  std::string_view title, hint;
  switch (note.kind) {
    case NoteKind::hold: title = w.hold, hint = w.hold_hint; break;
    case NoteKind::wait_at_stop: title = w.at_stop, hint = w.at_stop_hint; break;
    case NoteKind::loading: title = w.loading, hint = w.loading_hint; break;
    case NoteKind::walk_on: title = w.walk_on, hint = w.walk_on_hint; break;
    case NoteKind::way_out: title = w.way_out, hint = w.way_out_hint; break;
    case NoteKind::pause: std::tie(title, hint) = pause_text(language, note.cause, note.arrow); break;
    case NoteKind::warn: return;
  }
  const float seconds_width = note.seconds ? 190.0f : 0.0f;
  const float text_width = std::max(canvas.text_width(Style::title, title), canvas.text_width(Style::body, hint));
  const float width = std::min(kNoteWidth_px - 8.0f, text_width + 130.0f + seconds_width), left = (kNoteWidth_px - width) * 0.5f;
  const Box box{{left, 40.0f}, {left + width, 200.0f}};
  canvas.box(box, kNight, 34.0f);
  canvas.frame(box, kEdge, 34.0f, 2.0f);
  canvas.box({{left + 34.0f, 72.0f}, {left + 44.0f, 168.0f}}, alarm ? kAlarm : kAmber, 5.0f);
  canvas.line(Style::title, {left + 74.0f, 64.0f}, kPaper, title);
  canvas.line(Style::body, {left + 74.0f, 124.0f}, kStone, hint);
  if (note.seconds) canvas.fitted(Style::headline, {box.high.x - 112.0f, 120.0f}, 160.0f, kAmber, clock_text(*note.seconds));
}

void draw_word_stop(Canvas& canvas) {
  const Box box{{20.0f, 20.0f}, {kWordWidth_px - 20.0f, kWordHeight_px - 20.0f}};
  canvas.box(box, kAlarm, 60.0f);
  canvas.frame(box.inner(14.0f), IM_COL32(255, 244, 236, 255), 48.0f, 8.0f);
  canvas.fitted(Style::word, {kWordWidth_px * 0.5f, 190.0f}, 700.0f, IM_COL32_WHITE, "停");
  canvas.fitted(Style::number, {kWordWidth_px * 0.5f, 396.0f}, 700.0f, IM_COL32_WHITE, "STOP");
}

}  // namespace promenade::ui
