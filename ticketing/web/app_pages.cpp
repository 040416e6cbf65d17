#include "ticketing/web/app_pages.h"

#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

struct Names {
  std::string_view name, path, zh, en;
};

Names names_of(App app) {
  switch (app) {
    case App::tickets: return {"tickets", "/tickets", "影票", "Tickets"};
    case App::door: return {"door", "/door", "检票", "Door"};
    case App::sell: break;
  }
  return {"sell", "/sell", "售票", "Sell"};
}

}  // namespace

std::string app_page(App app, const CounterFrame& frame, Language language) {
  const Wording say(language);
  const Names names = names_of(app);
  const std::string main = base::formatted(
      "<h1 class=\"vis\">{}</h1><div id=\"app\" data-app=\"{}\" data-language=\"{}\"><p class=\"calm\">{}</p></div>"
      "<noscript><p class=\"message\">{}</p></noscript>",
      say(names.zh, names.en), names.name, language_code(language), say("正在载入…", "Loading…"),
      say("本页需要浏览器脚本。没有脚本时请用命令 promenade boxoffice sell。", "This page needs scripts. Without them use the command promenade boxoffice sell."));
  return page({.title = std::string(say(names.zh, names.en)), .venue = std::string(either(say, frame.venue_zh, frame.venue_en)), .active = std::string(names.name),
               .report_date = frame.report_date, .path = std::string(names.path), .query = {}, .navigation = true,
               .scripts = app == App::door ? std::vector<std::string>{"common.js", "door_offline.js", "door.js"} : std::vector<std::string>{"common.js", std::string(names.name) + ".js"}, .styles = {"counter.css"}},
              language, main);
}

base::Result<std::string> print_page(const std::vector<PrintedTicket>& tickets, const CounterFrame& frame, Language language) {
  const Wording say(language);
  std::string main = base::formatted("<div class=\"headline noprint\"><h1>{}</h1></div><p class=\"noprint calm\" style=\"margin-top:16px\">{}</p><div class=\"tickets print\">",
                                     say("打印影票", "Tickets to print"),
                                     say("用浏览器的打印功能打印本页：每张票一个二维码。", "Print this page with the browser: one QR code for each ticket."));
  for (const PrintedTicket& ticket : tickets) {
    auto card = ticket_card(ticket, language);
    if (!card) return card;
    main += *card;
  }
  main += "</div>";
  return page({.title = std::string(say("打印影票", "Tickets to print")), .venue = std::string(either(say, frame.venue_zh, frame.venue_en)), .active = {},
               .report_date = {}, .path = "/print", .query = {}, .navigation = false},
              language, main);
}

}  // namespace promenade::ticketing::web
