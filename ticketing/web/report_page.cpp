#include "ticketing/web/report_page.h"

#include <algorithm>
#include <map>
#include <vector>

#include "ticketing/core/money.h"
#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

std::string number_cell(std::int64_t value, bool off = false) {
  return base::formatted("<td{}>{}</td>", off ? " class=\"off\"" : value == 0 ? " class=\"zero\"" : "", value);
}

class Renderer {
 public:
  Renderer(const ReportPage& page, Language language) : page_(page), report_(page.report), say_(language) {}

  std::string main() const {
    return heading() + counts() + money() + films() + verdicts() + completeness() + national() + discrepancies() + footer();
  }
  std::string title() const { return base::formatted("{} {}", say_("日报", "Day report"), report_.date.text()); }
  std::string venue() const { return std::string(pick(report_.venue_name_zh, report_.venue_name_en)); }

 private:
  std::string_view pick(std::string_view zh, std::string_view en) const { return either(say_, zh, en); }
  // Grouped by thousands, for reading; the API and the CSV write plain decimals.
  std::string amount(std::int64_t minor) const {
    std::string text = to_decimal(Money{minor, report_.currency});
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3;) {
      at -= 3;
      text.insert(at, ",");
    }
    return text;
  }

  std::string heading() const {
    const std::string date = report_.date.text();
    std::string out = "<div class=\"headline\"><div>";
    out += base::formatted("<p class=\"eyebrow\">{}</p><h1>{}</h1></div>", say_("票房日报", "Box-office day report"), date_title());
    if (page_.navigation) {
      out += base::formatted("<p class=\"actions\" style=\"margin:0\"><a class=\"button\" href=\"/report/{}?lang={}\" rel=\"prev\">← {}</a>",
                         report_.date.plus_days(-1).text(), language_code(say_.language()), say_("前一日", "Day before"));
      out += base::formatted("<a class=\"button\" href=\"/report/{}?lang={}\" rel=\"next\">{} →</a>", report_.date.plus_days(1).text(),
                         language_code(say_.language()), say_("后一日", "Day after"));
      out += base::formatted("<a class=\"button\" href=\"/report/{}.csv\">CSV</a></p>", date);
    }
    out += "</div><p class=\"state\">";
    out += report_.final
               ? base::formatted("<span class=\"tag good\">{}</span><span>{} <b>{}</b></span>", say_("已结账", "Final"), say_("修订版", "Revision"), report_.revision)
               : base::formatted("<span class=\"tag warn\">{}</span><span>{}</span>", say_("营业中，未结账", "Open, not closed"),
                             say_("数字仍会变化", "Numbers can still change"));
    if (report_.data_through > 0)
      out += base::formatted("<span>{} <b>#{}</b>{}</span>", say_("数据截至事件", "Data through event"), report_.data_through,
                         page_.data_through_local.empty() ? "" : ", " + escape(page_.data_through_local));
    if (!report_.cinema_code.empty())
      out += base::formatted("<span>{} <b>{}</b></span>", say_("影院编码", "Cinema code"), escape(report_.cinema_code));
    return out + "</p>";
  }

  std::string date_title() const {
    const std::chrono::year_month_day day{report_.date.day()};
    const std::chrono::weekday weekday{report_.date.day()};
    static constexpr std::string_view kZh[] = {"日", "一", "二", "三", "四", "五", "六"};
    if (say_.language() == Language::zh)
      return base::formatted("{}年{}月{}日 星期{}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                         static_cast<unsigned>(day.day()), kZh[weekday.c_encoding()]);
    return base::formatted("{:%A}, {} {:%B %Y}", report_.date.day(), static_cast<unsigned>(day.day()), report_.date.day());
  }

  // Bodies of the venue: known only where every hall's are.
  Bodies bodies() const {
    Bodies sum{.entered = 0, .reason = {}};
    for (const HallRow& hall : report_.halls) {
      if (!hall.bodies.entered) return hall.bodies;
      *sum.entered += *hall.bodies.entered;
    }
    return report_.halls.empty() ? Bodies{} : sum;
  }

  std::string counts() const {
    const Counts& t = report_.totals;
    const Bodies seen = bodies();
    std::vector<std::string> sold_note;
    if (t.comps != 0) sold_note.push_back(base::formatted("{} {}", say_("另有赠票", "plus comps"), t.comps));
    if (t.refunded != 0) sold_note.push_back(base::formatted("{} {}", say_("其中退票", "refunded"), t.refunded));
    if (t.changed != 0) sold_note.push_back(base::formatted("{} {}", say_("改片", "changed film"), t.changed));
    std::string redeemed_note = t.no_show == 0 ? std::string(say_("全部到场", "everybody came")) : base::formatted("{} {}", say_("未到场", "no-shows"), t.no_show);
    std::string played_note = base::formatted("{} {}", say_("开始放映", "started"), t.plays_started);
    std::string bodies_note = seen.entered ? std::string(say_("来自门口计数器", "from the door counter")) : escape(bodies_reason(seen.reason, say_));
    std::string notes;
    for (const auto& note : sold_note) notes += (notes.empty() ? "" : " · ") + note;
    if (notes.empty()) notes = say_("无退票", "no refunds");
    const auto cell = [](std::string_view label, const std::string& value, std::string_view css, const std::string& note) {
      return base::formatted("<div><dt>{}</dt><dd{}>{}</dd><p>{}</p></div>", label, css, value, note);
    };
    std::string out = "<dl class=\"counts\">";
    out += cell(say_("已售", "Sold"), std::to_string(t.sold), "", notes);
    out += cell(say_("已检票", "Redeemed"), std::to_string(t.redeemed), "", redeemed_note);
    out += cell(say_("已放映", "Played"), std::to_string(t.played), "", played_note);
    out += seen.entered ? cell(say_("入场人数", "Bodies"), std::to_string(*seen.entered), "", bodies_note)
                        : cell(say_("入场人数", "Bodies"), std::string(say_("未知", "unknown")), " class=\"none\"", bodies_note);
    return out + "</dl>";
  }

  std::string money() const {
    const Counts& t = report_.totals;
    const auto item = [&](std::string_view label, std::string_view value) {
      return base::formatted("<div><dt>{}</dt><dd>{}</dd></div>", label, value);
    };
    const std::string unit = " (" + report_.currency.code() + ")";
    std::string out = "<dl class=\"money\">";
    out += item(std::string(say_("票房总额", "Gross")) + unit, amount(t.gross_minor));
    out += item(say_("退款", "Refunds"), amount(t.refunds_minor));
    out += item(say_("净额", "Net"), amount(t.net_minor()));
    out += item(say_("退票", "Refunded"), std::to_string(t.refunded));
    if (t.discounted > 0) out += item(base::formatted("{} ({})", say_("优惠(不计票房)", "Discounts, no gross"), t.discounted), amount(t.discounts_minor));
    if (t.vouchered > 0) out += item(base::formatted("{} ({})", say_("券抵(不计票房)", "Vouchers, no gross"), t.vouchered), amount(t.vouchers_minor));
    if (t.staff_test_tickets + t.staff_test_plays > 0)
      out += item(say_("员工与测试票 / 放映", "Staff and test tickets / plays"), base::formatted("{} / {}", t.staff_test_tickets, t.staff_test_plays));
    return out + "</dl>";
  }

  std::string table_row(std::string_view kind, const std::string& head, const Counts& c, const std::string& bodies) const {
    std::string out = base::formatted("<tr class=\"{}\"><th scope=\"row\">{}</th>", kind, head);
    out += number_cell(c.sold) + number_cell(c.comps) + number_cell(c.refunded) + number_cell(c.redeemed) + number_cell(c.played, c.played > c.redeemed) + bodies;
    out += base::formatted("<td{0}>{1}</td><td{2}>{3}</td></tr>", c.gross_minor == 0 ? " class=\"zero\"" : "", amount(c.gross_minor),
                       c.net_minor() == 0 ? " class=\"zero\"" : "", amount(c.net_minor()));
    return out;
  }

  static bool is_empty(const Counts& c) { return c == Counts{}; }

  std::string clock_of(base::UtcTime time) const {
    const std::string text = page_.local_text ? page_.local_text(time) : to_text(time);
    return text.size() >= 16 ? text.substr(11, 5) : text;
  }

  std::string films() const {
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("影片与场次", "Films by screening"),
                                  say_("场次为起始时间窗", "a screening is one start window on one lane"));
    out += "<div class=\"scroll\"><table><thead><tr>";
    for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"影片", "Film"}, {"已售", "Sold"}, {"赠票", "Comps"}, {"退票", "Refunded"}, {"检票", "Redeemed"}, {"放映", "Played"},
             {"入场", "Bodies"}, {"总额", "Gross"}, {"净额", "Net"}})
      out += base::formatted("<th scope=\"col\">{}</th>", say_(zh, en));
    out += "</tr></thead><tbody>";
    std::vector<std::string_view> quiet;
    for (const FilmRow& film : report_.films) {
      const std::string_view title = pick(film.title_zh, film.title_en);
      if (is_empty(film.counts)) {
        quiet.push_back(title);
        continue;
      }
      out += table_row("film", escape(title), film.counts, "<td></td>");
      for (const ScreeningRow& row : report_.screenings) {
        if (row.screening.film != film.film || is_empty(row.counts)) continue;
        const std::string label = base::formatted("{}–{}<span class=\"code16\"> · {} {}</span>", clock_of(row.screening.window_from), clock_of(row.screening.window_until),
                                              say_("银幕", "screen"), escape(row.screening.lane.value()));
        out += table_row("screening", label, row.counts, body_cell(row.bodies));
      }
    }
    out += "</tbody><tfoot>";
    out += table_row("total", std::string(say_("合计", "Total")), report_.totals, body_cell(bodies()));
    out += "</tfoot></table></div>";
    if (!quiet.empty()) {
      out += base::formatted("<p class=\"state\">{} ", say_("当日无人次：", "No admissions:"));
      for (std::size_t i = 0; i < quiet.size(); ++i) out += std::string(i == 0 ? "" : say_("、", ", ")) + escape(quiet[i]);
      out += "</p>";
    }
    return out;
  }

  std::string body_cell(const Bodies& bodies) const {
    if (bodies.entered) return number_cell(*bodies.entered);
    return base::formatted("<td class=\"unknown\" title=\"{}\">–</td>", escape(bodies_reason(bodies.reason, say_)));
  }

  // Which screenings are exact, and which count is to be looked at where one is not.
  std::string verdicts() const {
    const auto& all = page_.verdict.screenings;
    if (all.empty()) return {};
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("逐场核验", "Screening by screening"), say_("四种互不相干的计数", "four counts by four means"));
    const auto exact = std::ranges::count(all, Agreement::exact, &ScreeningVerdict::agreement);
    const auto unknown = std::ranges::count(all, Agreement::unknown, &ScreeningVerdict::agreement);
    const auto others = static_cast<std::ptrdiff_t>(all.size()) - exact - unknown;
    out += base::formatted("<p class=\"state\" style=\"margin:0 0 16px\"><span>{} <b>{}</b></span><span>{} <b>{}</b></span><span>{} <b>{}</b></span>", say_("一致", "Exact"), exact, say_("不一致", "Disagree"), others,
                           say_("未知", "Unknown"), unknown);
    if (const int strays = page_.verdict.unattributed_bodies; strays > 0) out += base::formatted("<span>{} <b>{}</b></span>", say_("无人检票时入场", "Counted while nobody was let in"), strays);
    out += "</p><div class=\"scroll\"><table class=\"verdicts\"><thead><tr>";
    for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"场次", "Screening"}, {"已售", "Sold"}, {"检票", "Redeemed"}, {"放映", "Played"}, {"入场", "Bodies"}})
      out += base::formatted("<th scope=\"col\">{}</th>", say_(zh, en));
    out += base::formatted("<th scope=\"col\" class=\"left\">{}</th></tr></thead><tbody>", say_("结论", "Verdict"));
    for (const ScreeningVerdict& v : all) out += verdict_row(v);
    return out + "</tbody></table></div>";
  }

  std::string verdict_row(const ScreeningVerdict& v) const {
    std::string label = escape(film_title(v.film));
    for (const ScreeningRow& row : report_.screenings)
      if (row.screening.id == v.screening)
        label = base::formatted("<b>{}–{}</b> {}", clock_of(row.screening.window_from), clock_of(row.screening.window_until), label);
    std::string out = base::formatted("<tr><th scope=\"row\">{}</th>", label);
    out += number_cell(v.sold) + number_cell(v.redeemed) + number_cell(v.played, v.differs == CountName::played || v.differs == CountName::several);
    out += v.bodies.entered ? number_cell(*v.bodies.entered, std::abs(v.extra_bodies) > v.allowance) : body_cell(v.bodies);
    const bool agrees = v.agreement == Agreement::exact;
    const bool wrong = v.agreement == Agreement::disagrees && std::abs(v.extra_bodies) > v.allowance;
    const std::string_view css = agrees ? "good" : wrong ? "bad" : v.differs ? "warn" : "plain";
    out += base::formatted("<td class=\"text wrap\"><span class=\"tag {}\">{}</span>", css, agrees ? say_("一致", "Exact") : v.agreement == Agreement::unknown ? say_("未知", "Unknown") : say_("不一致", "Disagrees"));
    return out + base::formatted(" {}{}</td></tr>", verdict_words(v), agrees ? std::string() : ticket_list(v));
  }

  std::string verdict_words(const ScreeningVerdict& v) const {
    std::string out;
    const auto say = [&](std::string zh, std::string en) { out += base::formatted("<small>{}</small>", say_.language() == Language::zh ? zh : en); };
    const std::string by = std::to_string(std::abs(v.by));
    if (v.differs == CountName::played) say((v.by < 0 ? "放映比检票少 " : "放映比检票多 ") + by + "。", by + (v.by < 0 ? " fewer played than let in." : " more played than let in."));
    if (v.differs == CountName::redeemed) say("检票与放映、入场相差 " + by + "。", by + (v.by > 0 ? " more redeemed than played and counted." : " fewer redeemed than played and counted."));
    if (v.differs == CountName::several) say("检票、放映、入场各不相同。", "Redeemed, played and bodies all differ.");
    if (v.bodies.entered && v.extra_bodies != 0) {
      const std::string extra = std::to_string(std::abs(v.extra_bodies));
      const bool known = std::abs(v.extra_bodies) <= v.allowance;
      say((v.extra_bodies > 0 ? "入场比检票多 " : "入场比检票少 ") + extra + (known ? "，在计数器已知误差之内。" : "。"),
          extra + (v.extra_bodies > 0 ? " more went in than were let in" : " fewer went in than were let in") + (known ? ", within the counter's known error." : "."));
    }
    if (!v.bodies.entered) say("人数未知：" + escape(bodies_reason(v.bodies.reason, say_)) + "。", "Bodies unknown: " + escape(v.bodies.reason) + ".");
    if (v.evacuated > 0) say("疏散中断 " + std::to_string(v.evacuated) + "，不计为缺少放映。", std::to_string(v.evacuated) + " ended by an evacuation, not missed among the played.");
    if (v.returned > 0) say("疏散后返场 " + std::to_string(v.returned) + "，各计两次入场。", std::to_string(v.returned) + " came in again after it, and are two bodies each.");
    return out;
  }

  // For the way from a screening to its tickets, and from these to their events.
  std::string ticket_list(const ScreeningVerdict& v) const {
    if (!v.differs || v.tickets.empty()) return {};
    std::string out = base::formatted("<details><summary>{} {}</summary>", say_("影票", "Tickets"), v.tickets.size());
    for (const base::TicketId& code : v.tickets) out += ticket_link(code.value()) + " ";
    return out + "</details>";
  }

  std::string completeness() const {
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("完整性", "Completeness"),
                                  say_("每一步收到的记录", "records received at each step"));
    out += "<div class=\"scroll\"><table class=\"grid\"><thead><tr>";
    for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"影厅 / 影片", "Hall / film"}, {"有效票 → 检票", "Tickets → redeemed"}, {"检票 → 开始放映", "Redeemed → started"},
             {"开始 → 完整观看", "Started → watched"}, {"门口计数", "Door counter"}})
      out += base::formatted("<th scope=\"col\" style=\"text-align:{}\">{}</th>", zh.starts_with("影厅") ? "left" : "center", say_(zh, en));
    out += "</tr></thead><tbody>";
    for (const HallRow& hall : report_.halls) {
      out += base::formatted("<tr class=\"film\"><th scope=\"row\">{}</th>", escape(pick(hall.name_zh, hall.name_en))) + steps(hall.counts);
      const int through_door = hall.counts.redeemed + hall.counts.staff_test_redeemed;
      out += hall.bodies.entered ? (*hall.bodies.entered == through_door ? base::formatted("<td class=\"has\">{} ✓</td></tr>", through_door)
                                                                         : base::formatted("<td class=\"lacks\">{} / {}</td></tr>", *hall.bodies.entered, through_door))
                                 : base::formatted("<td class=\"lacks\" title=\"{}\">{}</td></tr>", escape(bodies_reason(hall.bodies.reason, say_)), say_("未知", "unknown"));
    }
    for (const FilmRow& film : report_.films) {
      if (is_empty(film.counts)) continue;
      out += base::formatted("<tr class=\"screening\"><th scope=\"row\">{}</th>", escape(pick(film.title_zh, film.title_en))) + steps(film.counts) + "<td></td></tr>";
    }
    return out + "</tbody></table></div>";
  }

  static std::string steps(const Counts& c) {
    const auto step = [](int of, int done) {
      if (of == 0 && done == 0) return std::string("<td class=\"zero\">–</td>");
      if (of == done) return base::formatted("<td class=\"has\">{} ✓</td>", done);
      return base::formatted("<td class=\"lacks\">{} / {}</td>", done, of);
    };
    return step(c.redeemed + c.no_show, c.redeemed) + step(c.redeemed, c.plays_started) + step(c.plays_started, c.played);
  }

  std::string minute(base::UtcTime time) const { return (page_.local_text ? page_.local_text(time) : to_text(time)).substr(0, 16); }

  // What the national system has received of the day; and what is to be done about the rest.
  std::string national() const {
    if (!page_.national) return {};
    const NationalDay& day = *page_.national;
    const Completeness& all = day.records;
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("国家票务上报", "National reporting"), say_("国家系统收讫的记录", "records that the national system has received"));
    if (all.records == 0) return out + base::formatted("<p class=\"calm\">{}</p>", say_("当日没有需要上报的记录。", "This day has no records to hand in."));
    const bool closed = day.entry == EntryClass::approval_needed, going_on = day.entry == EntryClass::on_time;
    const std::string_view tag = all.missing() == 0 ? say_("全部收讫", "All received") : all.complete() ? say_("已达标", "Complete")
                                 : going_on ? say_("上报中", "Under way") : say_("未达标", "Not complete");
    out += base::formatted("<p class=\"state\"><span class=\"tag {}\">{}</span><span>{} <b>{} / {}</b></span><span>{}</span>{}</p>",
                           all.complete() ? "good" : closed ? "bad" : going_on ? "plain" : "warn", tag, say_("收讫", "Received"), all.reported(), all.records,
                           say_("达标线 98 %", "complete from 98 %"), all.missing() > 0 && going_on ? base::formatted("<span>{}</span>", entry_words(day)) : "");
    if (all.missing() > 0 && !going_on) out += base::formatted("<p class=\"message{}\" style=\"margin-top:16px\">{}</p>", closed ? "" : " notice", entry_words(day));
    else out += "<div style=\"height:16px\"></div>";
    out += "<div class=\"scroll\"><table class=\"grid\"><thead><tr>";
    for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"场次", "Screening"}, {"记录", "Records"}, {"当日上报", "On time"}, {"补登", "Late"}, {"批准补登", "Approved"}, {"未收讫", "Missing"}})
      out += base::formatted("<th scope=\"col\" style=\"text-align:{}\">{}</th>", zh == "场次" ? "left" : "center", say_(zh, en));
    out += "</tr></thead><tbody>";
    for (const NationalScreening& s : day.screenings) {
      const std::string label = base::formatted("{}<span class=\"code16\"> · {}–{} · {}</span>", escape(film_title(s.screening.film)), clock_of(s.screening.window_from),
                                                clock_of(s.screening.window_until), escape(s.screening.lane.value()));
      out += national_row("screening", label, s.records);
    }
    return out + "</tbody><tfoot>" + national_row("total", std::string(say_("合计", "Total")), all) + "</tfoot></table></div>";
  }

  std::string entry_words(const NationalDay& day) const {
    const std::string free_until = escape(minute(day.free_until));
    if (day.entry == EntryClass::approved)
      return base::formatted("{} <b>{}</b> {} {}{}", say_("补登已获批准：", "Late entry is approved:"), escape(day.approval->reference), say_("有效至", "good until"), escape(minute(day.approval_until)),
                             say_("。", "."));
    if (day.entry == EntryClass::approval_needed)
      return base::formatted("<b>{} {}{}</b> {} <code>promenade boxoffice approve-late-entry {}</code>", say_("免批补登已截止：", "Late entry was free until"), free_until, say_("。", "."),
                             say_("请向主管部门申请批准，批准后 48 小时内补登：", "Ask the authority for its approval and book it; it is good for 48 hours:"), day.date.text());
    return day.entry == EntryClass::late ? base::formatted("{} {}{}", say_("可免批补登，截止", "Late entry needs no approval until"), free_until, say_("。", "."))
                                         : base::formatted("{} {}{}", say_("可免批上报至", "Records need no approval until"), free_until, say_("。", "."));
  }

  std::string national_row(std::string_view kind, const std::string& head, const Completeness& c) const {
    std::string out = base::formatted("<tr class=\"{}\"><th scope=\"row\">{}</th><td>{}</td>", kind, head, c.records);
    for (const int n : {c.on_time, c.late, c.approved}) out += n == 0 ? "<td class=\"zero\">–</td>" : base::formatted("<td>{}</td>", n);
    return out + (c.missing() == 0 ? "<td class=\"has\">✓</td></tr>" : base::formatted("<td class=\"lacks\">{}</td></tr>", c.missing()));
  }

  std::string film_title(const base::FilmId& film) const {
    for (const FilmRow& row : report_.films)
      if (row.film == film) return std::string(pick(row.title_zh, row.title_en));
    return film.value();
  }

  std::string discrepancies() const {
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("核验差异", "Discrepancies"),
                                  say_("已售、检票、放映、人数之间的每一处差异", "every difference between sold, redeemed, played and bodies"));
    if (report_.discrepancies.empty())
      return out + base::formatted("<p class=\"calm\">{}</p>", say_("四项数字一致，没有需要解释的差异。", "The four counts agree. There is nothing to explain."));
    out += "<ul class=\"notes\">";
    std::vector<Discrepancy> worst_first = report_.discrepancies;
    std::ranges::stable_sort(worst_first, std::ranges::greater{}, &Discrepancy::level);
    for (const Discrepancy& d : worst_first) {
      const std::string_view css = d.level == DiscrepancyLevel::alarm ? "bad" : d.level == DiscrepancyLevel::warning ? "warn" : "plain";
      out += base::formatted("<li><div><span class=\"tag {}\">{}</span></div><div><p>{}</p>", css, discrepancy_name(d.code, say_),
                         escape(explanation(d.explanation_zh, d.explanation_en, say_)));
      out += base::formatted("<p class=\"where\">{}{}{}</p>", escape(subject_name(d.subject)), d.count > 1 ? base::formatted(" · ×{}", d.count) : "", ticket_links(d.tickets));
      out += "</div></li>";
    }
    return out + "</ul>";
  }

  std::string subject_name(const std::string& subject) const {
    for (const HallRow& hall : report_.halls)
      if (hall.hall.value() == subject) return std::string(pick(hall.name_zh, hall.name_en));
    for (const ScreeningRow& row : report_.screenings)
      if (row.screening.id.value() == subject)
        return base::formatted("{} {}–{}", pick(row.title_zh, row.title_en), clock_of(row.screening.window_from), clock_of(row.screening.window_until));
    return subject;
  }

  std::string ticket_link(const std::string& code) const {
    return page_.navigation ? base::formatted("<a href=\"/tickets/{0}?lang={1}\">{0}</a>", escape(code), language_code(say_.language())) : escape(code);
  }

  std::string ticket_links(const std::vector<std::string>& tickets) const {
    constexpr std::size_t kShown = 12;
    std::string out;
    for (std::size_t i = 0; i < tickets.size() && i < kShown; ++i)
      out += " · " + ticket_link(tickets[i]);
    if (tickets.size() > kShown) out += base::formatted(" · +{}", tickets.size() - kShown);
    return out;
  }

  std::string footer() const {
    return base::formatted("<footer class=\"fine\">{} <code>{}</code>. {}</footer>", say_("账本校验值", "Ledger hash"),
                       base::to_hex(report_.data_through_hash),
                       say_("本页由账本推算，可随时重建。", "This page is computed from the ledger and can be rebuilt at any time."));
  }

  const ReportPage& page_;
  const DayReport& report_;
  Wording say_;
};

}  // namespace

std::string report_page(const ReportPage& view, Language language) {
  const Renderer renderer(view, language);
  const std::string date = view.report.date.text();
  return page({.title = renderer.title(), .venue = renderer.venue(), .active = "report", .report_date = date,
               .path = "/report/" + date, .query = {}, .navigation = view.navigation},
              language, renderer.main());
}

}  // namespace promenade::ticketing::web
