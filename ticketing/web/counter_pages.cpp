#include "ticketing/web/counter_pages.h"

#include <initializer_list>
#include <utility>

#include "ticketing/web/names.h"
#include "ticketing/web/qr.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

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

std::string events_table(const std::vector<TicketEvent>& events, const Wording& say) {
  if (events.empty()) return {};
  std::string out = base::formatted("<h2>{}<small>{}</small></h2><div class=\"scroll\"><table class=\"ledger\"><thead><tr>", say("账本事件", "Events in the ledger"), say("按编号，不可更改", "by number; none is ever changed"));
  for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"编号", "Number"}, {"记账时间", "Booked"}, {"事件", "Event"}, {"设备", "Device"}, {"操作者", "By"}})
    out += base::formatted("<th scope=\"col\" class=\"left\">{}</th>", say(zh, en));
  out += "</tr></thead><tbody>";
  for (const TicketEvent& event : events)
    out += base::formatted("<tr><th scope=\"row\">#{}</th><td class=\"text\">{}</td><td class=\"text\">{}</td><td class=\"small\">{}</td><td class=\"small\">{}</td></tr>", event.seq, escape(event.when),
                           event_name(event.kind, say), escape(event.device), escape(event.actor));
  return out + "</tbody></table></div>";
}

}  // namespace

base::Result<std::string> ticket_card(const PrintedTicket& t, Language language) {
  const Wording say(language);
  std::string out = base::formatted("<article class=\"ticket\"><div class=\"face\"><h3>{}</h3><p class=\"second\">{}</p><dl>",
                                escape(either(say, t.title_zh, t.title_en)), second_title(say, t.title_zh, t.title_en));
  const auto line = [&](std::string_view zh, std::string_view en, const std::string& value) {
    if (!value.empty()) out += base::formatted("<dt>{}</dt><dd>{}</dd>", say(zh, en), escape(value));
  };
  line("日期", "Date", t.date);
  line("入场时间", "Start between", t.from.empty() ? "" : t.from + "–" + t.until);
  line("座位", "Slot", t.slot);
  line("检票口", "Gate", t.gate);
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

base::Result<std::string> ticket_page(const TicketPage& view, Language language) {
  const Wording say(language);
  auto card = ticket_card(view.ticket, language);
  if (!card) return std::unexpected(card.error());
  std::string main = base::formatted(
      "<p class=\"eyebrow\">{}</p><h1>{}</h1><p class=\"state\"><span class=\"tag {}\">{}</span></p>", say("影票", "Ticket"),
      escape(view.ticket.code), view.state_css, escape(say(view.state_zh, view.state_en)));
  main += base::formatted("<div class=\"beside\"><div><h2>{}</h2><ol class=\"facts\">", say("记录", "What happened"));
  for (const Fact& fact : view.facts)
    main += base::formatted("<li><span>{}</span><div>{}{}</div></li>", escape(fact.when), escape(say(fact.zh, fact.en)),
                        fact.detail.empty() ? "" : " · " + escape(fact.detail));
  main += "</ol>" + events_table(view.events, say);
  main += base::formatted("<p class=\"noprint\" style=\"margin-top:20px\"><a class=\"button\" href=\"/tickets?lang={}&amp;code={}\">{}</a></p>",
                          language_code(language), escape(view.ticket.code), say("退票、改片、补打", "Refund, change, reprint"));
  main += "</div><div class=\"tickets\">" + *card + "</div></div>";
  return page(frame_of(view.frame, say, view.ticket.code, "tickets", "/tickets/" + view.ticket.code), language, main);
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
