#include "runtime/ui/panels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "runtime/ui/words.h"
#include "tracking/base/formatted.h"

namespace promenade::ui {
namespace {

constexpr float kMiddle = kPanelWidth_px * 0.5f;

void sheet(Canvas& canvas, const Box& box = {{120.0f, 80.0f}, {1160.0f, 720.0f}}) {
  canvas.box(box, kNight, 36.0f);
  canvas.frame(box, kEdge, 36.0f, 2.0f);
}

// The house's mark: a path of steps that bends round a hall.
void draw_mark(Canvas& canvas, ImVec2 center, float radius) {
  canvas.list().AddCircle(center, radius, with_alpha(kAmber, 0.35f), 64, 3.0f);
  constexpr int kSteps = 8;
  for (int i = 0; i < kSteps; ++i) {
    const float share = static_cast<float>(i) / (kSteps - 1);
    const float angle = -2.7f + 4.9f * share;
    const float bend = radius * (0.78f - 0.34f * share);
    const float side = (i % 2 == 0 ? 1.0f : -1.0f) * radius * 0.075f;
    const ImVec2 at{center.x + (bend + side) * std::sin(angle), center.y - (bend + side) * std::cos(angle)};
    canvas.list().AddEllipseFilled(at, radius * 0.065f, radius * 0.125f, with_alpha(kAmber, 0.35f + 0.65f * share), angle + std::numbers::pi_v<float> * 0.5f, 24);
  }
}

void heading(Canvas& canvas, float y, std::string_view text, std::string_view below) {
  canvas.line(Style::headline, {kMiddle, y}, kPaper, text, Align::center);
  canvas.paragraph(Style::body, {kMiddle, y + 104.0f}, 900.0f, kStone, below, Align::center, 3);
}

void poster(Canvas& canvas, const Box& box, const base::FilmId& film, std::string_view title) {
  const Name name = canvas.laid(Style::title, box.width() - 48.0f, title, 2);
  const float top = box.high.y - 18.0f - name.height();
  draw_film_art(canvas, box, film, box.high.y - top, true, true);
  canvas.name(name, {box.low.x + 24.0f, top}, kPaper);
}

std::string_view why_text(Why why, const Words& w) {
  switch (why) {
    case Why::place: return w.place_lost;
    case Why::hall: return w.hall_lost;
    case Why::film_missing: return w.film_missing;
    case Why::film_damaged: return w.film_damaged;
    case Why::film_newer: return w.film_newer;
    case Why::calm: break;
  }
  return w.calm_hint;
}

}  // namespace

void draw(Canvas& canvas, const Shelf& panel, Language language) {
  const Words& w = words(language);
  sheet(canvas);
  draw_mark(canvas, {410.0f, 330.0f}, 130.0f);
  canvas.line(Style::title, {410.0f, 488.0f}, kPaper, w.name, Align::center);
  canvas.line(Style::number, {850.0f, 220.0f}, kPaper, base::formatted("{}", panel.headset), Align::center);
  canvas.line(Style::strong, {850.0f, 430.0f}, panel.hall_heard ? kPaper : kAmber, panel.hall_heard ? w.at_rest : w.no_hall, Align::center);
  if (panel.hall_heard) canvas.line(Style::caption, {850.0f, 486.0f}, kStone, w.at_rest_hint, Align::center);
  canvas.rule(200.0f, 1080.0f, 604.0f);
  const std::string battery = panel.battery_percent ? base::formatted("{} {}%", w.battery, *panel.battery_percent) : std::string(w.battery_unknown);
  canvas.line(Style::caption, {200.0f, 630.0f}, panel.battery_percent.value_or(100) < 30 ? kAmber : kStone, battery);
  if (panel.clock_off_ms > 0) {
    canvas.line(Style::caption, {200.0f, 672.0f}, panel.clock_useless ? kAlarm : kAmber, base::formatted("{} {} ms", w.clock_off, panel.clock_off_ms));
  }
  std::string wrong = panel.silent ? std::string(w.no_sound) : std::string();
  if (panel.faults > 0) wrong += (wrong.empty() ? "" : " · ") + faulty_text(language, panel.faults);
  if (!wrong.empty()) canvas.line(Style::caption, {1080.0f, 630.0f}, kAmber, wrong, Align::right);
}

void draw(Canvas& canvas, const WaitStaff& panel, Language language) {
  const Words& w = words(language);
  sheet(canvas);
  heading(canvas, 150.0f, w.please_wait, w.please_wait_hint);
  const ImVec2 from{430.0f, 436.0f}, to{850.0f, 436.0f};
  const int done = panel.done ? 2 : panel.touched;
  canvas.list().AddLine(from, to, with_alpha(kAmber, done == 2 ? 1.0f : 0.3f), 4.0f);
  for (int i = 0; i < 2; ++i) {
    const ImVec2 at = i == 0 ? from : to;
    canvas.list().AddCircleFilled(at, 30.0f, kNight | IM_COL32_A_MASK, 48);
    if (i < done) canvas.list().AddCircleFilled(at, 26.0f, kAmber, 48);
    else canvas.list().AddCircle(at, 26.0f, i == done ? kAmber : kFaint, 48, 4.0f);
    canvas.fitted(Style::strong, at, 40.0f, i < done ? kInk : kPaper, i == 0 ? "1" : "2");
  }
  if (!panel.pair.empty()) canvas.line(Style::strong, {640.0f, 372.0f}, kPaper, panel.pair, Align::center);
  if (panel.done) {
    canvas.line(Style::body, {640.0f, 500.0f}, kAmber, w.marks_done, Align::center);
  } else {
    const float y = canvas.paragraph(Style::body, {640.0f, 496.0f}, 880.0f, panel.fault.empty() ? kPaper : kAmber,
                                     !panel.fault.empty() ? marks_refused_text(language, panel.fault) : done == 0 ? w.mark_first : w.mark_second, Align::center, 2);
    if (done == 0) canvas.line(Style::caption, {640.0f, y + 4.0f}, kStone, w.mark_other, Align::center);
  }
  canvas.line(Style::caption, {640.0f, 660.0f}, kStone, base::formatted("{}", panel.headset), Align::center);
}

void draw(Canvas& canvas, const Welcome&, Language language) {
  const Words& w = words(language);
  sheet(canvas, {{80.0f, 30.0f}, {1200.0f, 770.0f}});
  canvas.line(Style::headline, {140.0f, 62.0f}, kPaper, w.welcome);
  const auto choice = [&](Language each, std::string_view label, float x) {
    const Box box{{x, 70.0f}, {x + 190.0f, 146.0f}};
    canvas.button("language:" + std::string(tag_of(each)), box, label, each == language);
  };
  choice(Language::zh, "中文", 730.0f);
  choice(Language::en, "English", 946.0f);
  float y = 196.0f;
  int number = 0;
  for (const std::string_view text : {w.warning_1, w.warning_2, w.warning_3}) {
    canvas.list().AddCircle({168.0f, y + 24.0f}, 26.0f, kAmber, 48, 3.0f);
    canvas.fitted(Style::strong, {168.0f, y + 24.0f}, 40.0f, kAmber, base::formatted("{}", ++number));
    y = canvas.paragraph(Style::body, {222.0f, y}, 914.0f, kPaper, text, Align::left, 3) + 26.0f;
  }
  canvas.button("continue", {{390.0f, 650.0f}, {890.0f, 734.0f}}, w.go_on, true);
}

void draw(Canvas& canvas, const WaitStart& panel, Language language) {
  const Words& w = words(language);
  sheet(canvas);
  poster(canvas, {{168.0f, 128.0f}, {560.0f, 672.0f}}, panel.film, panel.title);
  canvas.line(Style::caption, {860.0f, 150.0f}, kStone, panel.seconds ? w.wait_known : w.your_film, Align::center);
  if (panel.seconds) {
    canvas.sweep({860.0f, 350.0f}, 140.0f, 12.0f, std::min(1.0f, static_cast<float>(*panel.seconds) / 300.0f), kAmber, with_alpha(kFaint, 0.5f));
    canvas.fitted(Style::number, {860.0f, 344.0f}, 220.0f, kPaper, clock_text(*panel.seconds));
  } else {
    canvas.paragraph(Style::headline, {860.0f, 280.0f}, 520.0f, kPaper, w.about_to_start, Align::center, 2);
  }
  canvas.paragraph(Style::body, {860.0f, 520.0f}, 520.0f, kPaper, w.stay_here, Align::center, 4);
}

void draw(Canvas& canvas, const Rate& panel, Language language) {
  const Words& w = words(language);
  sheet(canvas);
  canvas.line(Style::headline, {kMiddle, 140.0f}, kPaper, panel.stars > 0 ? w.rated : w.thanks, Align::center);
  canvas.line(Style::body, {kMiddle, 250.0f}, kStone, panel.title.empty() ? std::string(w.how_was_it) : base::formatted("{}  {}", panel.title, panel.stars > 0 ? "" : std::string(w.how_was_it)), Align::center);
  const auto center_of = [](int star) { return ImVec2{kMiddle + 150.0f * static_cast<float>(star - 3), 420.0f}; };
  int filled = panel.stars;
  for (int star = 1; star <= 5 && panel.stars == 0; ++star) {
    const ImVec2 center = center_of(star);
    if (canvas.target(base::formatted("star:{}", star), {{center.x - 74.0f, center.y - 80.0f}, {center.x + 74.0f, center.y + 80.0f}})) filled = star;
  }
  for (int star = 1; star <= 5; ++star) canvas.star(center_of(star), 58.0f, star <= filled ? kAmber : kStone, star <= filled);
  canvas.paragraph(Style::body, {kMiddle, 560.0f}, 900.0f, kPaper, w.hand_back, Align::center, 2);
}

void draw(Canvas& canvas, const StandStill& panel, Language language) {
  const Words& w = words(language);
  sheet(canvas, {{160.0f, 160.0f}, {1120.0f, 640.0f}});
  for (const float side : {-1.0f, 1.0f}) {  // two soles, side by side
    canvas.list().AddEllipseFilled({kMiddle + side * 34.0f, 264.0f}, 20.0f, 42.0f, kAmber, 0.0f, 40);
  }
  heading(canvas, 338.0f, w.stand_still, why_text(panel.why, w));
  canvas.line(Style::caption, {kMiddle, 510.0f}, kStone, panel.why == Why::calm ? std::string_view{} : w.calm_hint, Align::center);
  if (!panel.detail.empty()) canvas.paragraph(Style::caption, {kMiddle, 560.0f}, 880.0f, kFaint, panel.detail, Align::center, 1);
}

void draw(Canvas& canvas, const Help&, Language language) {
  const Words& w = words(language);
  sheet(canvas, {{160.0f, 120.0f}, {1120.0f, 680.0f}});
  heading(canvas, 170.0f, w.help, w.help_hint);
  canvas.button("stop", {{260.0f, 400.0f}, {1020.0f, 500.0f}}, w.stop_and_call, true);
  canvas.button("close", {{260.0f, 532.0f}, {1020.0f, 632.0f}}, w.close);
}

// Low, so that the film stays in sight above.
void draw(Canvas& canvas, const WayChoice& panel, Language language) {
  const Words& w = words(language);
  const Box box{{140.0f, 400.0f}, {1140.0f, 730.0f}};
  sheet(canvas, box);
  canvas.line(Style::title, {kMiddle, 424.0f}, kPaper, w.which_way, Align::center);
  canvas.line(Style::body, {kMiddle, 486.0f}, kStone, panel.chosen ? std::string(w.way_taken) : base::formatted_by(w.which_way_hint, panel.seconds), Align::center);
  constexpr float kGap = 24.0f;
  const auto count = static_cast<float>(std::max<std::size_t>(panel.ways.size(), 1));
  const float width = (box.width() - 80.0f - kGap * (count - 1.0f)) / count;
  float x = box.low.x + 40.0f;
  for (const WayChoice::Way& way : panel.ways) {
    canvas.button(base::formatted("way:{}", way.number), {{x, 556.0f}, {x + width, 690.0f}}, way.text, panel.chosen == way.number);
    x += width + kGap;
  }
}

void draw_subtitle(Canvas& canvas, const std::string& text) {
  const auto lines = canvas.lines(Style::subtitle, kSubtitleWidth_px - 200.0f, text, 2, Align::center);
  const float line_height = size_px(Style::subtitle) * 0.98f;
  float widest = 0.0f;
  for (const std::string& line : lines) widest = std::max(widest, canvas.text_width(Style::subtitle, line));
  const float height = line_height * static_cast<float>(lines.size()) + 28.0f;
  const float middle = kSubtitleWidth_px * 0.5f, top = (kSubtitleHeight_px - height) * 0.5f;
  canvas.box({{middle - widest * 0.5f - 38.0f, top}, {middle + widest * 0.5f + 38.0f, top + height}}, IM_COL32(12, 13, 17, 228), 26.0f);
  float y = top + 11.0f;
  for (const std::string& line : lines) {
    canvas.line(Style::subtitle, {middle, y}, IM_COL32(255, 251, 240, 255), line, Align::center);
    y += line_height;
  }
}

void draw_puck(Canvas& canvas, Language language, float dwell) {
  const Box box{{12.0f, 30.0f}, {kPuckWidth_px - 12.0f, 130.0f}};
  canvas.box(box, kNight, 50.0f);
  canvas.frame(box, with_alpha(kAmber, 0.6f), 50.0f, 3.0f);
  if (dwell > 0.0f) canvas.box({{box.low.x + 40.0f, 116.0f}, {box.low.x + 40.0f + (box.width() - 80.0f) * std::min(dwell, 1.0f), 122.0f}}, kAmber, 3.0f);
  canvas.fitted(Style::strong, {kPuckWidth_px * 0.5f, 78.0f}, 270.0f, kPaper, words(language).unwell);
}

void draw_ray(Canvas& canvas) {
  const ImU32 far_end = with_alpha(kPaper, 0.85f), near_end = with_alpha(kPaper, 0.0f);
  canvas.list().AddRectFilledMultiColor({2.0f, 0.0f}, {kRayWidth_px - 2.0f, kRayHeight_px}, far_end, far_end, near_end, near_end);
}

}  // namespace promenade::ui
