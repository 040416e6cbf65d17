#include "ticketing/web/counter_pages.h"

#include "ticketing/web/names.h"
#include "ticketing/web/qr.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

constexpr int kMostAtOnce = 6;  // offered as buttons; larger groups type their number
constexpr int kFew = 5;

PageFrame frame_of(const CounterFrame& frame, const Wording& say, std::string_view title, std::string_view active, const std::string& path) {
  return {.title = std::string(title), .venue = std::string(either(say, frame.venue_zh, frame.venue_en)), .active = std::string(active),
          .report_date = frame.report_date, .path = path, .query = {}, .navigation = true};
}

// Title in the page's language, the other below it: the guest may read either.
std::string second_title(const Wording& say, const std::string& zh, const std::string& en) {
  return escape(say.language() == Language::zh ? en : zh);
}

std::string error_message(const base::Error& error, const Wording& say) {
  return base::formatted("<p class=\"message\" role=\"alert\">{}</p>", escape(refusal_text(error, say)));
}

std::string length_text(int seconds, const Wording& say) {
  const int minutes = seconds / 60, rest = seconds % 60;
  std::string out = minutes > 0 ? base::formatted("{} {}", minutes, say("分", "min")) : "";
  if (rest > 0) out += base::formatted("{}{} {}", out.empty() ? "" : " ", rest, say("秒", "s"));
  return out;
}

std::string film_card(const FilmCard& film, const Wording& say, const std::string& currency) {
  const bool open = !film.from.empty() && film.left > 0;
  std::string out = base::formatted("<label><input type=\"radio\" name=\"film\" value=\"{}\" required{}>", escape(film.film), open ? "" : " disabled");
  out += base::formatted("<div class=\"film-card\"><p class=\"kind\">{} · {}</p><h3>{}</h3><p class=\"second\">{}</p>",
                     film.seated ? say("坐观式", "Seated") : say("行进式", "Walking"), length_text(film.length_s, say),
                     escape(either(say, film.title_zh, film.title_en)), second_title(say, film.title_zh, film.title_en));
  out += "<div class=\"foot\"><div>";
  if (film.from.empty()) {
    out += base::formatted("<div class=\"when\">{}</div>", say("今日已无场次", "No more screenings today"));
  } else {
    out += film.running ? base::formatted("<div class=\"when\">{} <b>{}</b></div>", say("现在可入场，至", "Start now, until"), film.until)
                        : base::formatted("<div class=\"when\">{} <b>{}</b>–{}</div>", say("下一场", "Next"), film.from, film.until);
    out += film.left > 0 ? base::formatted("<div class=\"left-over{}\">{} {}</div>", film.left <= kFew ? " few" : "", say("余位", "Places left"), film.left)
                         : base::formatted("<div class=\"left-over few\">{}</div>", say("本场已满", "This screening is full"));
  }
  out += base::formatted("</div><div class=\"price\">{}<small>{}</small></div></div></div></label>", escape(film.price), escape(currency));
  return out;
}

base::Result<std::string> ticket_card(const PrintedTicket& t, const Wording& say) {
  std::string out = base::formatted("<article class=\"ticket\"><div class=\"face\"><h3>{}</h3><p class=\"second\">{}</p><dl>",
                                escape(either(say, t.title_zh, t.title_en)), second_title(say, t.title_zh, t.title_en));
  const auto line = [&](std::string_view zh, std::string_view en, const std::string& value) {
    if (!value.empty()) out += base::formatted("<dt>{}</dt><dd>{}</dd>", say(zh, en), escape(value));
  };
  line("日期", "Date", t.date);
  line("入场时间", "Start between", t.from.empty() ? "" : t.from + "–" + t.until);
  line("座位", "Slot", t.slot);
  line("银幕编码", "Screen code", t.lane);
  line("票价", "Price", t.price);
  out += "</dl></div><div class=\"stub\">";
  if (!t.token.empty()) {
    auto qr = qr_svg(t.token, std::string(say("影票二维码", "Ticket QR code")) + " " + t.code);
    if (!qr) return std::unexpected(qr.error());
    out += *qr;
  }
  std::string spaced;
  for (std::size_t i = 0; i < t.code.size(); ++i) spaced += (i > 0 && i % 4 == 0 ? " " : "") + std::string(1, t.code[i]);
  return out + base::formatted("<p class=\"code\">{}</p></div></article>", escape(spaced));
}

}  // namespace

std::string sell_page(const SellPage& view, Language language) {
  const Wording say(language);
  std::string main = base::formatted("<h1>{}</h1>", say("售票", "Sell tickets"));
  if (view.error) main += "<div style=\"height:20px\"></div>" + error_message(*view.error, say);
  if (view.evacuated_open > 0)
    main += base::formatted("<p class=\"message notice\" style=\"margin-top:20px\">{} <a href=\"/evacuations?lang={}\">{} →</a></p>",
                            say.language() == Language::zh ? base::formatted("{} 位疏散观众等待处理。", view.evacuated_open)
                                                           : base::formatted("After the evacuation {} {} for an answer.", view.evacuated_open, view.evacuated_open == 1 ? "viewer waits" : "viewers wait"),
                            language_code(language), say("疏散善后", "After an evacuation"));
  main += base::formatted(
      "<form method=\"post\" action=\"/sell?lang={}\"><input type=\"hidden\" name=\"idempotency_key\" value=\"{}\">"
      "<input type=\"hidden\" name=\"device_ts\" value=\"{}\">",
      language_code(language), escape(view.idempotency_key), escape(view.device_ts));
  main += base::formatted("<fieldset><legend>{}</legend><div class=\"films\">", say("选择影片", "Choose a film"));
  for (const FilmCard& film : view.films) main += film_card(film, say, view.currency);
  main += "</div></fieldset><div class=\"order\"><div class=\"field\"><span>" + std::string(say("张数", "Tickets")) + "</span><div class=\"stepper\">";
  for (int i = 1; i <= kMostAtOnce; ++i)
    main += base::formatted("<label><input type=\"radio\" name=\"count\" value=\"{0}\"{1}><b>{0}</b></label>", i, i == 1 ? " checked" : "");
  main += base::formatted("</div></div><label class=\"field\"><span>{}</span><input type=\"number\" name=\"more\" min=\"1\" max=\"50\" inputmode=\"numeric\"></label>",
                      say("更多（可选）", "More (optional)"));
  main += base::formatted("<label class=\"field\"><span>{}</span><select name=\"ticket_kind\">", say("票种", "Kind"));
  for (const auto& [value, zh, en] : std::initializer_list<std::tuple<std::string_view, std::string_view, std::string_view>>{
           {"paid", "全价票", "Paid"}, {"comp", "赠票", "Comp"}, {"staff", "员工票", "Staff"}, {"test", "测试票", "Test"}})
    main += base::formatted("<option value=\"{}\">{}</option>", value, say(zh, en));
  main += base::formatted("</select></label><label class=\"field grow\"><span>{}</span><input type=\"text\" name=\"reason\" maxlength=\"80\" style=\"width:100%\"></label>",
                      say("原因（非全价票必填）", "Reason (needed unless paid)"));
  main += base::formatted("<button class=\"primary\">{}</button></div></form>", say("出票", "Sell"));
  return page(frame_of(view.frame, say, say("售票", "Sell tickets"), "sell", "/sell"), language, main);
}

base::Result<std::string> sold_page(const SoldPage& view, Language language) {
  const Wording say(language);
  std::string main = base::formatted(
      "<div class=\"headline\"><div><p class=\"eyebrow\">{}</p><h1>{}</h1></div><p class=\"actions\" style=\"margin:0\">"
      "<a class=\"button\" href=\"/sell?lang={}\">{}</a></p></div>",
      say("已出票", "Sold"),
      say.language() == Language::zh ? base::formatted("{} 张，共 {}", view.tickets.size(), escape(view.total))
                                     : base::formatted("{} {}, {}", view.tickets.size(), view.tickets.size() == 1 ? "ticket" : "tickets", escape(view.total)),
      language_code(language), say("下一笔", "Next sale"));
  main += "<div class=\"tickets\">";
  for (const PrintedTicket& ticket : view.tickets) {
    auto card = ticket_card(ticket, say);
    if (!card) return std::unexpected(card.error());
    main += *card;
  }
  main += "</div>";
  return page(frame_of(view.frame, say, say("影票", "Tickets"), "sell", "/sell"), language, main);
}

base::Result<std::string> ticket_page(const TicketPage& view, Language language) {
  const Wording say(language);
  auto card = ticket_card(view.ticket, say);
  if (!card) return std::unexpected(card.error());
  std::string main = base::formatted(
      "<p class=\"eyebrow\">{}</p><h1>{}</h1><p class=\"state\"><span class=\"tag {}\">{}</span></p>", say("影票", "Ticket"),
      escape(view.ticket.code), view.state_css, escape(say(view.state_zh, view.state_en)));
  main += base::formatted("<div class=\"beside\"><div><h2>{}</h2><ol class=\"facts\">", say("记录", "What happened"));
  for (const Fact& fact : view.facts)
    main += base::formatted("<li><span>{}</span><div>{}{}</div></li>", escape(fact.when), escape(say(fact.zh, fact.en)),
                        fact.detail.empty() ? "" : " · " + escape(fact.detail));
  main += "</ol></div><div class=\"tickets\">" + *card + "</div></div>";
  return page(frame_of(view.frame, say, view.ticket.code, "", "/tickets/" + view.ticket.code), language, main);
}

std::string sign_in_page(const SignInPage& view, Language language) {
  const Wording say(language);
  std::string main = base::formatted("<div class=\"narrow\"><h1>{}</h1><p class=\"eyebrow\" style=\"margin:8px 0 24px\">{}</p>", say("登录票房", "Sign in"),
                                 say("请输入本机构发给您的密钥。", "Enter the key that the venue gave you."));
  if (view.wrong) main += error_message({"key-wrong", std::string(say("密钥不正确或已停用。", "This key is wrong or has been revoked.")), {}}, say);
  main += base::formatted(
      "<form method=\"post\" action=\"/sign-in?lang={}\"><input type=\"hidden\" name=\"next\" value=\"{}\">"
      "<label class=\"field\"><span>{}</span><input type=\"password\" name=\"key\" autocomplete=\"current-password\" required autofocus style=\"width:100%\"></label>"
      "<p style=\"margin-top:20px\"><button class=\"primary\">{}</button></p></form></div>",
      language_code(language), escape(view.next), say("密钥", "Key"), say("登录", "Sign in"));
  return page({.title = std::string(say("登录", "Sign in")), .venue = std::string(either(say, view.venue_zh, view.venue_en)), .active = {},
               .report_date = {}, .path = "/sign-in", .query = {}, .navigation = false},
              language, main);
}

std::string message_page(const CounterFrame& frame, const base::Error& error, Language language) {
  const Wording say(language);
  const std::string main = error_message(error, say) + base::formatted("<p><a class=\"button\" href=\"/sell?lang={}\">{}</a></p>", language_code(language), say("返回售票", "Back to selling"));
  return page(frame_of(frame, say, error.message, "", "/sell"), language, main);
}

}  // namespace promenade::ticketing::web
