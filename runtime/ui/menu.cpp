// The film menu: cards on the left, the particulars of the chosen one on the right.

#include <algorithm>
#include <cmath>

#include "runtime/ui/panels.h"
#include "runtime/ui/words.h"
#include "tracking/base/formatted.h"

namespace promenade::ui {
namespace {

constexpr float kMargin = 36.0f, kTop = 124.0f, kBottom = 764.0f;
constexpr float kCardsRight = 852.0f, kDetailLeft = 874.0f, kDetailRight = 1244.0f;
constexpr float kGap = 18.0f;

bool is_offered(const FilmCard& film) { return film.available && film.fault.empty(); }

std::string when_text(const FilmCard& film, Language language) {
  if (!film.fault.empty()) return std::string(words(language).broken);
  if (!film.available) return std::string(words(language).not_now);
  return wait_text(language, film.wait_s);
}

Box card_box(std::size_t place, std::size_t count) {
  // Few films get large cards: a ticket may allow one film only.
  const std::size_t columns = count <= 1 ? 1 : count <= 4 ? 2 : 3;
  const std::size_t rows = count <= 2 ? 1 : columns;
  const float width = (kCardsRight - kMargin - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float height = (kBottom - kTop - kGap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
  const float x = kMargin + static_cast<float>(place % columns) * (width + kGap);
  const float y = kTop + static_cast<float>(place / columns) * (height + kGap);
  return {{std::round(x), std::round(y)}, {std::round(x + width), std::round(y + height)}};
}

void draw_card(Canvas& canvas, const FilmCard& film, const Box& box, bool chosen, Language language) {
  const bool lit = canvas.target("film:" + film.film.value(), box);
  const bool offered = is_offered(film);
  const float bottom = box.high.y - 10.0f - Canvas::line_height(Style::caption);
  const Name title = canvas.laid(Style::strong, box.width() - 32.0f, film.title, 2);
  const float top = bottom - title.height();
  draw_film_art(canvas, box, film.film, box.high.y - top, lit, offered);
  canvas.name(title, {box.low.x + 16.0f, top}, offered ? kPaper : kStone);
  canvas.line(Style::caption, {box.low.x + 16.0f, bottom}, !offered ? kStone : film.wait_s < 20.0 ? kAmber : kPaper, when_text(film, language));
  if (film.soonest && offered) {
    const std::string_view tip = words(language).recommended;
    const float tip_width = canvas.text_width(Style::caption, tip) + 28.0f;
    const Box flag{{box.low.x + 14.0f, box.low.y + 14.0f}, {box.low.x + 14.0f + tip_width, box.low.y + 58.0f}};
    canvas.box(flag, kAmber, 20.0f);
    canvas.fitted(Style::caption, flag.center(), tip_width, kInk, tip);
  }
  if (chosen || lit) canvas.frame(box, chosen ? kAmber : kPaper, 20.0f, chosen ? 5.0f : 3.0f);
}

float fact(Canvas& canvas, float y, std::string_view text) {
  canvas.list().AddCircleFilled({kDetailLeft + 33.0f, y + 19.0f}, 5.0f, kAmber, 16);
  return canvas.paragraph(Style::caption, {kDetailLeft + 48.0f, y}, kDetailRight - kDetailLeft - 64.0f, kPaper, text, Align::left, 2) + 3.0f;
}

void draw_detail(Canvas& canvas, const Menu& panel, const FilmCard& film, Language language) {
  const Words& w = words(language);
  const Box box{{kDetailLeft, kTop}, {kDetailRight, kBottom}};
  canvas.box(box, kDusk, 24.0f);
  const float left = box.low.x + 26.0f, width = box.width() - 48.0f;
  float y = canvas.name(canvas.laid(Style::title, width, film.title, 2), {left, box.low.y + 14.0f}, kPaper) + 4.0f;
  const bool fault = !film.fault.empty();
  const std::string_view comma = language == Language::zh ? "，" : ", ";
  const float facts = 5.0f * (Canvas::line_height(Style::caption) + 3.0f);
  const float room = box.high.y - 112.0f - facts - 12.0f - y;
  const auto synopsis_lines = static_cast<std::size_t>(std::max(2.0f, room / Canvas::line_height(Style::caption)));
  y = canvas.paragraph(Style::caption, {left, y}, width, kStone, fault ? film.fault : film.synopsis, Align::left, synopsis_lines) + 12.0f;
  y = std::max(y, box.high.y - 112.0f - facts);
  y = fact(canvas, y, base::formatted("{}{}{}", film.kind == package::FilmKind::walking ? w.walking : w.seated, comma, minutes_text(language, film.length_s)));
  y = fact(canvas, y, base::formatted("{}{}{}", comfort_text(language, film.comfort), comma, age_text(language, film.age_min_years)));
  y = fact(canvas, y, languages_text(language, film));
  if (film.ai_content != package::AiContent::none) y = fact(canvas, y, film.ai_content == package::AiContent::generated ? w.ai_generated : w.ai_assisted);
  fact(canvas, y, when_text(film, language));
  const Box choose{{box.low.x + 24.0f, box.high.y - 98.0f}, {box.high.x - 24.0f, box.high.y - 24.0f}};
  if (panel.asked) canvas.fitted(Style::strong, choose.center(), choose.width(), kStone, w.asked);
  else if (is_offered(film)) canvas.button("choose", choose, w.choose, true);
  else canvas.fitted(Style::strong, choose.center(), choose.width(), kStone, fault ? w.broken : w.not_now);
}

}  // namespace

void draw(Canvas& canvas, const Menu& panel, Language language) {
  const Words& w = words(language);
  canvas.box({{0.0f, 0.0f}, {kPanelWidth_px, kPanelHeight_px}}, kNight, 36.0f);
  canvas.frame({{1.0f, 1.0f}, {kPanelWidth_px - 1.0f, kPanelHeight_px - 1.0f}}, kEdge, 36.0f, 2.0f);
  canvas.line(Style::title, {kMargin + 4.0f, 32.0f}, kPaper, w.menu);
  const float title_width = canvas.text_width(Style::title, w.menu);
  if (panel.refusal.empty()) {
    canvas.line(Style::caption, {kMargin + title_width + 28.0f, 46.0f}, kStone, w.menu_hint);
  } else {
    canvas.paragraph(Style::caption, {kMargin + title_width + 28.0f, 46.0f}, kCardsRight - kMargin - title_width - 28.0f, kAmber, panel.refusal, Align::left, 1);
  }
  const std::string other(tag_of(language == Language::zh ? Language::en : Language::zh));
  canvas.button("language:" + other, {{874.0f, 26.0f}, {1050.0f, 98.0f}}, language == Language::zh ? "English" : "中文");
  canvas.button("help", {{1068.0f, 26.0f}, {1244.0f, 98.0f}}, w.unwell);

  const bool pages = panel.films.size() > kFilmsAPage;
  const std::size_t on_page = pages ? kFilmsAPage - 1 : kFilmsAPage;  // the last place turns the page
  const std::size_t from = std::min(panel.page * on_page, panel.films.empty() ? 0 : panel.films.size() - 1);
  const std::size_t count = std::min(on_page, panel.films.size() - from);
  for (std::size_t i = 0; i < count; ++i) {
    const FilmCard& film = panel.films[from + i];
    draw_card(canvas, film, card_box(i, pages ? kFilmsAPage : panel.films.size()), film.film == panel.chosen, language);
  }
  if (pages) {
    const bool last = from + count >= panel.films.size();
    canvas.button(base::formatted("page:{}", last ? 0 : panel.page + 1), card_box(kFilmsAPage - 1, kFilmsAPage), last ? w.page_before : w.page_next);
  }
  const auto shown = std::ranges::find(panel.films, panel.chosen, &FilmCard::film);
  if (shown != panel.films.end()) draw_detail(canvas, panel, *shown, language);
}

}  // namespace promenade::ui
