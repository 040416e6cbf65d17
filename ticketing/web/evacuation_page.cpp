#include "ticketing/web/evacuation_page.h"

#include <algorithm>

#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

constexpr Settlement kOffered[] = {Settlement::resume, Settlement::rebook, Settlement::refund};

PageFrame frame_of(const CounterFrame& frame, const Wording& say, const std::string& date) {
  return {.title = std::string(say("疏散善后", "After an evacuation")), .venue = std::string(either(say, frame.venue_zh, frame.venue_en)), .active = {},
          .report_date = frame.report_date, .path = "/evacuations", .query = "date=" + date, .navigation = true};
}

TwoNames deed(Settlement settlement) {
  switch (settlement) {
    case Settlement::resume: return {"续看", "Resume"};
    case Settlement::rebook: return {"改签", "Rebook"};
    case Settlement::refund: return {"退款", "Refund"};
    case Settlement::open: break;
  }
  return {"待处理", "Open"};
}

std::string spaced(const std::string& code) {
  std::string out;
  for (std::size_t i = 0; i < code.size(); ++i) out += (i > 0 && i % 4 == 0 ? " " : "") + std::string(1, code[i]);
  return out;
}

std::string hidden(std::string_view name, std::string_view value) {
  return base::formatted("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, escape(value));
}

std::string settle_form(const Wording& say, const std::string& evacuation, const std::string& date, const std::string& inside) {
  return base::formatted("<form method=\"get\" action=\"/evacuations/settle\">{}{}{}{}</form>", hidden("lang", language_code(say.language())),
                         hidden("evacuation", evacuation), hidden("date", date), inside);
}

class EvacuationRenderer {
 public:
  EvacuationRenderer(const EvacuationPage& view, const Wording& say) : view_(view), say_(say) {}

  std::string one(const Evacuated& evacuation) const {
    const auto open = std::ranges::count(evacuation.rows, Settlement::open, &EvacuatedRow::settlement);
    std::string out = base::formatted("<h2>{} {}<small>{}</small></h2>", say_("疏散", "Evacuation of"), escape(evacuation.when),
                                      say_.language() == Language::zh ? base::formatted("{} 人，{} 人待处理", evacuation.rows.size(), open)
                                                                      : base::formatted("{} people, {} open", evacuation.rows.size(), open));
    out += "<div class=\"scroll cases\"><table><thead><tr>";
    for (const auto& [zh, en] : std::initializer_list<TwoNames>{{"影票", "Ticket"}, {"影片", "Film"}, {"看到", "Seen"}, {"票价", "Price"}, {"状态", "State"}, {"", ""}})
      out += base::formatted("<th scope=\"col\" class=\"left\">{}</th>", say_(zh, en));
    out += "</tr></thead><tbody>";
    for (const EvacuatedRow& row : evacuation.rows) out += row_of(evacuation, row);
    return out + "</tbody></table></div>" + bulk(evacuation, open);
  }

 private:
  std::string row_of(const Evacuated& evacuation, const EvacuatedRow& row) const {
    std::string out = base::formatted("<tr><td><a href=\"/tickets/{}?lang={}\">{}</a></td><td class=\"text\">{}</td>", escape(row.ticket),
                                      language_code(say_.language()), escape(spaced(row.ticket)), escape(either(say_, row.title_zh, row.title_en)));
    const std::string scene = row.scene.empty() ? "" : base::formatted("<small>{} {}</small>", say_("场景", "scene"), escape(row.scene));
    out += base::formatted("<td class=\"text\">{}{}</td>", row.seen.empty() ? std::string(say_("未开始", "not begun")) : escape(row.seen), scene);
    out += base::formatted("<td class=\"text\">{}</td>", row.price.empty() ? escape(say_(row.kind_zh, row.kind_en)) : escape(row.price));
    const TwoNames name = settlement_name(row.settlement);
    const bool waits = row.settlement == Settlement::open;
    const std::string detail = row.used ? base::formatted("<small>{}</small>", say_("已再次入场", "inside again"))
                               : row.until.empty() ? "" : base::formatted("<small>{} {}</small>", say_("有效至", "until"), escape(row.until));
    out += base::formatted("<td class=\"text\"><span class=\"tag {}\">{}</span>{}</td><td>", waits ? "warn" : row.settlement == Settlement::refund ? "plain" : "good",
                           say_(name.zh, name.en), detail);
    if (!row.used && row.settlement != Settlement::refund) {
      std::string buttons = hidden("tickets", row.ticket) + "<div class=\"settle\">";
      for (const Settlement offer : kOffered) {
        if (offer == row.settlement) continue;
        buttons += base::formatted("<button name=\"settlement\" value=\"{}\" aria-label=\"{} {}\">{}</button>", to_text(offer), say_(deed(offer).zh, deed(offer).en),
                                   escape(row.ticket), say_(deed(offer).zh, deed(offer).en));
      }
      out += settle_form(say_, evacuation.id, view_.date, buttons + "</div>");
    }
    return out + "</td></tr>";
  }

  std::string bulk(const Evacuated& evacuation, std::ptrdiff_t open) const {
    if (open == 0) return base::formatted("<p class=\"state\"><span class=\"tag good\">{}</span></p>", say_("全部处理完毕", "Everybody is settled"));
    std::string all;
    for (const EvacuatedRow& row : evacuation.rows)
      if (row.settlement == Settlement::open) all += (all.empty() ? "" : ",") + row.ticket;
    std::string inside = hidden("tickets", all) + "<div class=\"order bulk\"><p><b>" +
                         (say_.language() == Language::zh ? base::formatted("{} 位待处理", open) : base::formatted("{} open", open)) + "</b></p>";
    inside += base::formatted("<button name=\"settlement\" value=\"rebook\">{}</button><button name=\"settlement\" value=\"refund\" class=\"primary\">{}</button></div>",
                              say_("全部改签", "Rebook all open"), say_("全部退款", "Refund all open"));
    return settle_form(say_, evacuation.id, view_.date, inside);
  }

  const EvacuationPage& view_;
  const Wording& say_;
};

std::string back(const Wording& say, const std::string& date) {
  return base::formatted("<a class=\"button\" href=\"/evacuations?date={}&amp;lang={}\">{}</a>", escape(date), language_code(say.language()), say("返回名单", "Back to the list"));
}

}  // namespace

TwoNames settlement_name(Settlement settlement) {
  switch (settlement) {
    case Settlement::open: return {"待处理", "open"};
    case Settlement::resume: return {"续看", "resumed"};
    case Settlement::rebook: return {"已改签", "rebooked"};
    case Settlement::refund: return {"已退款", "refunded"};
  }
  return {};
}

std::string evacuation_page(const EvacuationPage& view, Language language) {
  const Wording say(language);
  std::string main = base::formatted("<p class=\"eyebrow\">{}</p><h1>{}</h1>", escape(view.date), say("疏散善后", "After an evacuation"));
  main += base::formatted("<p style=\"margin-top:12px\">{}</p>",
                          say("续看：观众继续观看。改签：影票在本场或稍后场次再次有效。退款：原价退还，影票作废。", "Resume: the viewer goes on. Rebook: the ticket opens the door again, now or for a later "
                              "screening. Refund: the whole price goes back, and the ticket is void."));
  if (view.evacuations.empty()) return page(frame_of(view.frame, say, view.date), language, main + base::formatted("<p class=\"calm\">{}</p>", say("当日没有疏散。", "There was no evacuation on this day.")));
  const EvacuationRenderer renderer(view, say);
  for (const Evacuated& evacuation : view.evacuations) main += renderer.one(evacuation);
  std::string other = base::formatted("<div class=\"order bulk\" style=\"align-items:flex-end\"><label class=\"field grow\"><span>{}</span>"
                                      "<input type=\"text\" name=\"tickets\" inputmode=\"numeric\" pattern=\"[0-9]{{16}}\" maxlength=\"16\" required style=\"width:100%\"></label>",
                                      say("不在名单上、但当时在场内的影票（16 位票号）", "A ticket of somebody who was inside and is not listed (16 digits)"));
  for (const Settlement offer : {Settlement::rebook, Settlement::refund})
    other += base::formatted("<button name=\"settlement\" value=\"{}\">{}</button>", to_text(offer), say(deed(offer).zh, deed(offer).en));
  main += base::formatted("<h2>{}</h2>", say("其他观众", "Somebody else")) + settle_form(say, view.evacuations.front().id, view.date, other + "</div>");
  return page(frame_of(view.frame, say, view.date), language, main);
}

std::string settle_question_page(const SettleQuestion& view, Language language) {
  const Wording say(language);
  const TwoNames what = deed(view.settlement);
  const std::size_t count = view.tickets.size();
  std::string main = base::formatted("<div class=\"narrow\"><p class=\"eyebrow\">{}</p><h1>{}</h1>", say("请确认", "Please confirm"),
                                     say.language() == Language::zh ? base::formatted("{} {} 张影票", what.zh, count)
                                                                    : base::formatted("{} {} {}", what.en, count, count == 1 ? "ticket" : "tickets"));
  if (view.settlement == Settlement::refund) main += base::formatted("<p style=\"font-size:21px;margin-top:12px\"><b>{}</b></p>", escape(view.total));
  std::string tickets;
  for (const std::string& ticket : view.tickets) tickets += (tickets.empty() ? "" : ",") + ticket;
  main += base::formatted("<form method=\"post\" action=\"/evacuations/settle?lang={}\">{}{}{}{}{}{}", language_code(language), hidden("evacuation", view.evacuation),
                          hidden("date", view.date), hidden("settlement", to_text(view.settlement)), hidden("tickets", tickets),
                          hidden("idempotency_key", view.idempotency_key), hidden("device_ts", view.device_ts));
  if (view.settlement == Settlement::refund)
    main += base::formatted("<label class=\"field\" style=\"margin:16px 0\"><span>{}</span><input type=\"text\" name=\"supervisor\" maxlength=\"80\" required autofocus style=\"width:100%\"></label>",
                            say("批准退款的主管", "Supervisor who allows the refund"));
  main += base::formatted("<div class=\"actions\" style=\"margin-top:20px;align-items:center\"><button class=\"primary\"{}>{}</button>{}</div></form><p class=\"state\" style=\"display:block\">",
                          view.settlement == Settlement::refund ? "" : " autofocus", say(what.zh, what.en), back(say, view.date));
  for (const std::string& ticket : view.tickets) main += base::formatted("{}<br>", escape(spaced(ticket)));
  return page(frame_of(view.frame, say, view.date), language, main + "</p></div>");
}

std::string settled_page(const SettledPage& view, Language language) {
  const Wording say(language);
  const auto done = std::ranges::count(view.rows, true, &SettledRow::done);
  const auto refused = static_cast<std::ptrdiff_t>(view.rows.size()) - done;
  std::string main = base::formatted("<div class=\"headline\"><div><p class=\"eyebrow\">{}</p><h1>{}</h1></div><p class=\"actions\" style=\"margin:0\">{}</p></div>",
                                     say("疏散善后", "After an evacuation"),
                                     say.language() == Language::zh ? base::formatted("完成 {} 张{}", done, refused == 0 ? "" : base::formatted("，未完成 {} 张", refused))
                                                                    : base::formatted("{} done{}", done, refused == 0 ? "" : base::formatted(", {} not", refused)),
                                     back(say, view.date));
  if (!view.total.empty()) main += base::formatted("<p class=\"state\">{} <b>{}</b></p>", say("退还", "Given back"), escape(view.total));
  main += "<div class=\"scroll\" style=\"margin-top:28px\"><table><tbody>";
  for (const SettledRow& row : view.rows)
    main += base::formatted("<tr><td><a href=\"/tickets/{}?lang={}\">{}</a></td><td class=\"text\"><span class=\"tag {}\">{}</span></td><td class=\"small\">{}</td></tr>", escape(row.ticket),
                            language_code(language), escape(spaced(row.ticket)), row.done ? "good" : "bad", row.done ? say("完成", "done") : say("未完成", "not done"), escape(say(row.zh, row.en)));
  return page(frame_of(view.frame, say, view.date), language, main + "</tbody></table></div>");
}

}  // namespace promenade::ticketing::web
