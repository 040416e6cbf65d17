#include "ticketing/web/circuit_pages.h"

#include <algorithm>

#include "ticketing/web/circuit_kit.h"
#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

std::string count_cell(std::int64_t value) { return base::formatted("<td{}>{}</td>", value == 0 ? " class=\"zero\"" : "", grouped(value)); }

std::string head(std::initializer_list<std::pair<std::string_view, std::string_view>> names, const Wording& say) {
  std::string out = "<thead><tr>";
  for (const auto& [zh, en] : names) out += base::formatted("<th scope=\"col\">{}</th>", say(zh, en));
  return out + "</tr></thead>";
}

std::string venue_link(const std::string& venue, std::string_view zh, std::string_view en, BusinessDate date, const Wording& say) {
  const std::string_view name = either(say, zh, en);
  return base::formatted("<a href=\"/venues/{}/{}?lang={}\">{}</a>", escape(venue), date.text(), language_code(say.language()), escape(name.empty() ? venue : name));
}

class DayRenderer {
 public:
  DayRenderer(const CircuitDayPage& page, Language language) : page_(page), day_(page.day), say_(language), lang_(language_code(language)) {}

  std::string main() const { return heading() + counts() + board() + needs() + films() + venues() + discrepancies() + footer(); }

 private:
  std::string path(BusinessDate date) const { return "/days/" + date.text() + "?lang=" + std::string(lang_); }
  int of(DayState state) const { return day_.states[static_cast<std::size_t>(state)]; }

  std::string heading() const {
    std::string out = base::formatted("<div class=\"headline\"><div><p class=\"eyebrow\">{}</p><h1>{}</h1></div><p class=\"actions\" style=\"margin:0\">", say_("院线日报", "The circuit's day"), date_words(day_.date, say_));
    out += base::formatted("<a class=\"button\" rel=\"prev\" href=\"{}\">← {}</a><a class=\"button\" rel=\"next\" href=\"{}\">{} →</a><a class=\"button\" href=\"/v1/circuit/days/{}.csv\">CSV</a></p></div>",
                           path(day_.date.plus_days(-1)), say_("前一日", "Day before"), path(day_.date.plus_days(1)), say_("后一日", "Day after"), day_.date.text());
    const int expected = static_cast<int>(day_.venues.size()) - of(DayState::not_yet), closed = of(DayState::received) + of(DayState::zero);
    const int lacking = of(DayState::missing) + of(DayState::unclosed) + of(DayState::quarantined);
    out += "<p class=\"state\">";
    if (expected == 0) out += base::formatted("<span class=\"tag plain\">{}</span>", say_("当日尚无影院", "No venue yet on this day"));
    else if (closed == expected) out += base::formatted("<span class=\"tag good\">{}</span>", say_("全部收齐", "Complete"));
    else if (lacking > 0) out += base::formatted("<span class=\"tag bad\">{}</span>", base::formatted_by(lacking == 1 ? say_("{} 家影院不完整", "{} venue lacking") : say_("{} 家影院不完整", "{} venues lacking"), lacking));
    else out += base::formatted("<span class=\"tag plain\">{}</span>", say_("营业中", "Still open"));
    out += base::formatted("<span>{} <b>{} / {}</b></span>", say_("已结账影院", "Venues closed"), grouped(closed), grouped(expected));
    return out + base::formatted("<span>{}</span></p>", say_("每条事件均已验签、验链", "Every event verified: chain, tree and signature"));
  }

  std::string counts() const {
    const CircuitCounts& t = day_.totals;
    const auto cell = [](std::string_view label, const std::string& value, std::string_view css, const std::string& note) { return base::formatted("<div><dt>{}</dt><dd{}>{}</dd><p>{}</p></div>", label, css, value, note); };
    const auto part = [](std::int64_t of, std::int64_t all) { return all == 0 ? std::string("–") : base::formatted("{:.1f} %", 100.0 * static_cast<double>(of) / static_cast<double>(all)); };
    std::string net, notes;
    for (const auto& one : t.money) {
      net += (net.empty() ? "" : "<br>") + amount_text(one.net_minor(), one.currency) + (t.money.size() > 1 ? " " + one.currency.code() : "");
      if (t.money.size() == 1) notes = base::formatted("{} {} · {} {}", say_("总额", "gross"), amount_text(one.gross_minor, one.currency), say_("退款", "refunds"), amount_text(one.refunds_minor, one.currency));
    }
    std::string out = "<dl class=\"counts five\">";
    out += cell(say_("人次", "Admissions"), grouped(t.admissions()), "", base::formatted("{} {} · {} {}", say_("其中赠票", "comps"), grouped(t.comps), say_("退票", "refunded"), grouped(t.refunded)));
    out += cell(say_("已检票", "Redeemed"), grouped(t.redeemed), "", part(t.redeemed, t.admissions() - t.refunded) + std::string(say_(" 的有效票", " of tickets not given back")));
    out += cell(say_("已放映", "Played"), grouped(t.played), "", part(t.played, t.redeemed) + std::string(say_(" 的检票", " of those redeemed")));
    out += cell(std::string(say_("净票房", "Net box office")) + (t.money.size() == 1 ? " (" + t.money.front().currency.code() + ")" : ""), net.empty() ? "–" : net, t.money.size() > 1 ? " class=\"two\"" : " class=\"sum\"", notes);
    return out + "</dl>";
  }

  std::string board() const {
    std::string out = base::formatted("<div class=\"board\"><section class=\"panel\"><h2>{}<small>{}</small></h2>{}</section>", say_("一日曲线", "Curve of the day"),
                                      say_("按一刻钟，各影院当地时间", "tickets by quarters of an hour, each venue by its own clock"), curve_svg(day_.curve, say_));
    out += base::formatted("<section class=\"panel\"><h2>{}<small>{}</small></h2>{}<ul class=\"legend\">", say_("完整性", "Completeness"),
                           say_("一格一家影院，位置固定；零场次是影院签了名的", "one square a venue, each in its place; a zero day is signed by the venue"), venue_squares(day_, say_, lang_));
    for (std::size_t i = 0; i < kDayStates; ++i) {
      if (day_.states[i] == 0) continue;
      const auto state = static_cast<DayState>(i);
      out += base::formatted("<li><a href=\"{}&amp;state={}#venues\"><i class=\"s-{}\"></i>{} <b>{}</b></a></li>", path(day_.date), state_code(state), state_code(state), state_name(state, say_), grouped(day_.states[i]));
    }
    return out + "</ul></section></div>";
  }

  // What a person has to do something about, worst first.
  std::string needs() const {
    std::string items;
    for (const auto& one : day_.quarantined)
      items += base::formatted("<li><span class=\"what\"><span class=\"level l2\"></span>{}</span><div><p>{} · {}</p><p class=\"where\">{}</p></div></li>", refusal_name(one.code, say_),
                               venue_link(one.venue, one.name_zh, one.name_en, day_.date, say_), ago(one.at, day_.now, say_), escape(one.message));
    const auto lacking = [&](DayState state, int level, std::string_view what) {
      int shown = 0;
      for (const auto& v : day_.venues) {
        if (v.state != state || ++shown > 12) continue;
        const std::string seen = v.seen_at ? base::formatted("{} {}", say_("上次联系", "last answered"), ago(*v.seen_at, day_.now, say_)) : std::string(say_("从未联系上", "never answered"));
        items += base::formatted("<li><span class=\"what\"><span class=\"level l{}\"></span>{}</span><div><p>{} · {}</p>{}</div></li>", level, what, venue_link(v.venue, v.name_zh, v.name_en, day_.date, say_), seen,
                                 v.failures > 0 ? "<p class=\"where\">" + escape(v.error_text) + "</p>" : "");
      }
      if (shown > 12) items += base::formatted("<li><span class=\"what\"></span><a href=\"{}&amp;state={}#venues\">{}</a></li>", path(day_.date), state_code(state), base::formatted_by(say_("另有 {} 家", "{} more"), shown - 12));
    };
    lacking(DayState::missing, 2, say_("整日缺失", "The whole day is missing"));
    lacking(DayState::unclosed, 1, say_("未结账", "Not closed"));
    items += unreachable() + alarms();
    std::string out = base::formatted("<h2>{}</h2>", say_("需要处理", "What needs a person"));
    return out + (items.empty() ? base::formatted("<p class=\"calm\">{}</p>", say_("无：没有隔离、缺失或警报。", "Nothing: no quarantine, nothing missing, no alarm.")) : "<ul class=\"notes\">" + items + "</ul>");
  }

  // Today's venues that cannot be asked: their day is not over, and nobody would see it in the states.
  std::string unreachable() const {
    std::string items;
    int shown = 0;
    for (const auto& v : day_.venues) {
      if (v.failures < 2 || v.state != DayState::open || ++shown > 12) continue;
      items += base::formatted("<li><span class=\"what\"><span class=\"level l1\"></span>{}</span><div><p>{}</p><p class=\"where\">{}</p></div></li>", say_("联系不上", "Cannot be asked"),
                               venue_link(v.venue, v.name_zh, v.name_en, day_.date, say_), escape(v.error_text));
    }
    return items;
  }

  // One line a kind of alarm, with the venues where it is worst.
  std::string alarms() const {
    std::string items;
    for (const auto& kind : day_.by_code) {
      if (kind.level < 2) continue;
      std::string where, why;
      std::vector<std::string> named;
      for (const auto& one : day_.worst) {
        if (one.code != kind.code || one.level < 2 || named.size() >= 8 || std::ranges::contains(named, one.venue)) continue;
        named.push_back(one.venue);
        where += std::string(where.empty() ? "" : say_("、", ", ")) + venue_link(one.venue, one.name_zh, one.name_en, day_.date, say_);
        if (why.empty()) why = escape(explanation(one.explanation_zh, one.explanation_en, say_));
      }
      const auto more = kind.venues - static_cast<std::int64_t>(named.size());
      if (more > 0) where += base::formatted_by(say_("，另有 {} 家", " and {} more"), more);
      items += base::formatted("<li><span class=\"what\"><span class=\"level l2\"></span>{}</span><div><p>{}</p><p class=\"where\">{}</p></div></li>", escape(discrepancy_name(kind.code, say_)), where, why);
    }
    return items;
  }

  std::string films() const {
    if (day_.films.empty()) return {};
    std::string out = base::formatted("<h2>{}</h2><div class=\"scroll\"><table class=\"tight\">", say_("影片", "Films"));
    out += head({{"影片", "Film"}, {"影院", "Venues"}, {"人次", "Admissions"}, {"赠票", "Comps"}, {"退票", "Refunded"}, {"检票", "Redeemed"}, {"放映", "Played"}, {"总额", "Gross"}, {"净额", "Net"}}, say_);
    out += "<tbody>";
    const std::int64_t most = std::max<std::int64_t>(1, day_.films.front().counts.admissions());
    for (const auto& f : day_.films) {
      const std::string_view title = either(say_, f.title_zh, f.title_en);
      out += base::formatted("<tr><th scope=\"row\">{}<span class=\"share\" style=\"width:{:.1f}%\"></span></th><td>{}</td>", escape(title.empty() ? f.film : title),
                             100.0 * static_cast<double>(f.counts.admissions()) / static_cast<double>(most), grouped(f.venues));
      out += count_cell(f.counts.admissions()) + count_cell(f.counts.comps) + count_cell(f.counts.refunded) + count_cell(f.counts.redeemed) + count_cell(f.counts.played) + money_cells(f.counts) + "</tr>";
    }
    const CircuitCounts& t = day_.totals;
    out += base::formatted("</tbody><tfoot><tr><th scope=\"row\">{}</th><td></td>", say_("合计", "Total"));
    return out + count_cell(t.admissions()) + count_cell(t.comps) + count_cell(t.refunded) + count_cell(t.redeemed) + count_cell(t.played) + money_cells(t) + "</tr></tfoot></table></div>";
  }

  std::string venues() const {
    std::vector<const CircuitVenue*> shown;
    for (const auto& v : day_.venues)
      if (page_.state.empty() || page_.state == state_code(v.state)) shown.push_back(&v);
    const int pages = std::max(1, (static_cast<int>(shown.size()) + kVenuesAPage - 1) / kVenuesAPage), page = std::clamp(page_.page, 1, pages);
    std::string out = base::formatted("<h2 id=\"venues\">{}<small>{}</small></h2><p class=\"filter\">", say_("影院", "Venues"), say_("按人次排列", "by admissions"));
    const auto filter = [&](std::string_view state, std::string_view name, std::size_t count) {
      out += base::formatted("<a href=\"{}{}#venues\"{}>{} {}</a>", path(day_.date), state.empty() ? "" : "&amp;state=" + std::string(state), page_.state == state ? " aria-current=\"true\"" : "", name, count);
    };
    filter("", say_("全部", "All"), day_.venues.size());
    for (std::size_t i = 0; i < kDayStates; ++i)
      if (day_.states[i] > 0) filter(state_code(static_cast<DayState>(i)), state_name(static_cast<DayState>(i), say_), static_cast<std::size_t>(day_.states[i]));
    out += "</p><div class=\"scroll\"><table class=\"tight\">";
    out += head({{"影院", "Venue"}, {"当日", "Day"}, {"人次", "Admissions"}, {"退票", "Refunded"}, {"检票", "Redeemed"}, {"放映", "Played"}, {"净额", "Net"}, {"差异", "Differences"}, {"签名", "Signed"}}, say_);
    out += "<tbody>";
    for (int i = (page - 1) * kVenuesAPage; i < std::min(page * kVenuesAPage, static_cast<int>(shown.size())); ++i) out += venue_row(*shown[static_cast<std::size_t>(i)]);
    out += "</tbody></table></div>";
    if (pages == 1) return out;
    const auto link = [&](int to, std::string_view text) {
      return to < 1 || to > pages ? std::string() : base::formatted("<a class=\"button\" href=\"{}{}&amp;page={}#venues\">{}</a>", path(day_.date), page_.state.empty() ? "" : "&amp;state=" + escape(page_.state), to, text);
    };
    return out + "<p class=\"pages\">" + link(page - 1, say_("← 上一页", "← Previous")) + base::formatted_by(say_("第 {} / {} 页", "Page {} of {}"), page, pages) + link(page + 1, say_("下一页 →", "Next →")) + "</p>";
  }

  std::string venue_row(const CircuitVenue& v) const {
    std::string net;
    for (const auto& one : v.counts.money) net += amount_text(one.net_minor(), one.currency);
    std::string found = v.alarms == 0 && v.warnings == 0 ? std::string("<td class=\"zero\">–</td>") : "<td>";
    if (v.alarms > 0) found += base::formatted("<span class=\"level l2\" style=\"margin-right:5px\"></span>{}&nbsp;&nbsp;", v.alarms);
    if (v.warnings > 0) found += base::formatted("<span class=\"level l1\" style=\"margin-right:5px\"></span>{}", v.warnings);
    if (v.alarms + v.warnings > 0) found += "</td>";
    return base::formatted("<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td>{}{}{}{}<td{}>{}</td>{}<td class=\"{}\">{}</td></tr>", venue_link(v.venue, v.name_zh, v.name_en, day_.date, say_), escape(v.venue),
                           state_tag(v.state, say_), count_cell(v.counts.admissions()), count_cell(v.counts.refunded), count_cell(v.counts.redeemed), count_cell(v.counts.played),
                           net.empty() ? " class=\"zero\"" : "", net.empty() ? "–" : net, found, v.failures > 0 ? "off" : "", v.signed_at ? ago(*v.signed_at, day_.now, say_) : "–");
  }

  std::string discrepancies() const {
    std::string out = base::formatted("<h2>{}<small>{}</small></h2>", say_("差异", "Differences"), say_("已结账影院日报所列", "as the closed days' reports name them"));
    if (day_.by_code.empty()) return out + base::formatted("<p class=\"calm\">{}</p>", say_("无。", "None."));
    out += "<div class=\"scroll\"><table class=\"tight\">" + head({{"差异", "Difference"}, {"影院", "Venues"}, {"张 / 场 / 人", "Tickets, plays or people"}}, say_) + "<tbody>";
    for (const auto& one : day_.by_code)
      out += base::formatted("<tr><th scope=\"row\"><span class=\"level l{}\"></span>{}</th><td>{}</td><td>{}</td></tr>", std::clamp(one.level, 0, 2), escape(discrepancy_name(one.code, say_)), grouped(one.venues), grouped(one.count));
    return out + "</tbody></table></div>";
  }

  std::string footer() const {
    return base::formatted("<footer class=\"fine\">{} {} UTC · <a href=\"/v1/circuit/days/{}\">JSON</a> · <a href=\"/v1/circuit/days/{}.csv\">CSV</a></footer>", say_("数据截至", "As of"),
                           to_text(day_.now).substr(0, 16), day_.date.text(), day_.date.text());
  }

  const CircuitDayPage& page_;
  const CircuitDay& day_;
  Wording say_;
  std::string_view lang_;
};

}  // namespace

std::string circuit_day_page(const CircuitDayPage& page, Language language) {
  const Wording say(language);
  std::string query;
  if (!page.state.empty()) query = "state=" + page.state;
  return circuit_frame({base::formatted("{} {}", say("院线", "Circuit"), page.day.date.text()), "/days/" + page.day.date.text(), query}, language, DayRenderer(page, language).main());
}

std::string circuit_message_page(const base::Error& error, Language language) {
  const Wording say(language);
  return circuit_frame({std::string(say("院线", "Circuit")), "/", {}}, language, base::formatted("<p class=\"message narrow\"><b>{}</b>{}</p>", escape(error.message), escape(error.advice)));
}

}  // namespace promenade::ticketing::web
