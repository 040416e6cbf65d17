// One venue's day, and the events that it is made of.

#include <algorithm>

#include "ticketing/web/circuit_kit.h"
#include "ticketing/web/circuit_pages.h"
#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

class VenueRenderer {
 public:
  VenueRenderer(const CircuitVenueDay& day, Language language) : day_(day), venue_(day.venue), say_(language), lang_(language_code(language)) {}
  std::string main() const { return heading() + incidents() + counts() + weeks() + films() + discrepancies() + proof(); }
  std::string name() const {
    const std::string_view both = either(say_, venue_.name_zh, venue_.name_en);
    return std::string(both.empty() ? std::string_view(venue_.venue) : both);
  }

 private:
  std::string path(BusinessDate date) const { return base::formatted("/venues/{}/{}?lang={}", escape(venue_.venue), date.text(), lang_); }

  std::string heading() const {
    std::string out = base::formatted("<div class=\"headline\"><div><p class=\"eyebrow\"><a href=\"/days/{}?lang={}\">{}</a> · {}</p><h1>{}</h1></div><p class=\"actions\" style=\"margin:0\">", day_.date.text(), lang_,
                                      say_("院线", "Circuit"), date_words(day_.date, say_), escape(name()));
    out += base::formatted("<a class=\"button\" href=\"{}\">← {}</a><a class=\"button\" href=\"{}\">{} →</a><a class=\"button\" href=\"/venues/{}/{}/events?lang={}\">{}</a></p></div>", path(day_.date.plus_days(-1)),
                           say_("前一日", "Day before"), path(day_.date.plus_days(1)), say_("后一日", "Day after"), escape(venue_.venue), day_.date.text(), lang_, say_("事件", "Events"));
    out += "<p class=\"state\">" + state_tag(venue_.state, say_);
    if (venue_.revision > 0) out += base::formatted("<span>{} <b>{}</b></span>", say_("修订版", "Revision"), venue_.revision);
    out += base::formatted("<span>{} <b>{}</b></span>", say_("已验事件", "Verified events"), grouped(static_cast<std::int64_t>(venue_.events)));
    out += base::formatted("<span>{} <b>{}</b></span>", say_("最近签名", "Last signed"), venue_.signed_at ? ago(*venue_.signed_at, day_.now, say_) : std::string(say_("从未", "never")));
    if (!day_.cinema_code.empty()) out += base::formatted("<span>{} <b>{}</b></span>", say_("影院编码", "Cinema code"), escape(day_.cinema_code));
    out += base::formatted("<span>{}</span>", escape(venue_.venue));
    if (venue_.failures > 0) out += base::formatted("<span class=\"tag warn\">{}</span><span>{}</span>", base::formatted_by(say_("连续 {} 次联系不上", "Could not be asked {} times in a row"), venue_.failures), escape(venue_.error_text));
    return out + "</p>";
  }

  std::string incidents() const {
    std::string out;
    for (const auto& one : day_.incidents) {
      const std::string after = base::formatted_by(say_("截至事件 {} 的数据可信，之后一律不收。", "What it sent up to event {} is good; nothing after that is taken."), one.events);
      if (one.released_at) {
        out += base::formatted("<p class=\"message notice\" style=\"margin:20px 0 0\"><b>{}</b>{} · {} {}: {}</p>", refusal_name(one.code, say_), to_text(one.at).substr(0, 16), say_("解除人", "released by"),
                               escape(one.released_by), escape(one.release_reason));
      } else {
        out += base::formatted("<p class=\"message\" style=\"margin:20px 0 0\"><b>{}</b>{} {} <span class=\"mono\">promenade circuit release {} --by … --reason …</span></p>", refusal_name(one.code, say_), escape(one.message),
                               after, escape(venue_.venue));
      }
    }
    return out;
  }

  std::string counts() const {
    const CircuitCounts& t = venue_.counts;
    const auto cell = [](std::string_view label, const std::string& value, std::string_view css, const std::string& note) { return base::formatted("<div><dt>{}</dt><dd{}>{}</dd><p>{}</p></div>", label, css, value, note); };
    std::string net = "–", note, unit;
    if (!t.money.empty()) {
      const CircuitMoney& m = t.money.front();
      net = amount_text(m.net_minor(), m.currency);
      note = base::formatted("{} {} · {} {}", say_("总额", "gross"), amount_text(m.gross_minor, m.currency), say_("退款", "refunds"), amount_text(m.refunds_minor, m.currency));
      unit = " (" + m.currency.code() + ")";
    }
    std::string out = "<dl class=\"counts five\">";
    out += cell(say_("人次", "Admissions"), grouped(t.admissions()), "", base::formatted("{} {} · {} {}", say_("其中赠票", "comps"), t.comps, say_("退票", "refunded"), t.refunded));
    out += cell(say_("已检票", "Redeemed"), grouped(t.redeemed), "", base::formatted("{} {}", say_("员工与测试票", "staff and test tickets"), t.guests));
    out += cell(say_("已放映", "Played"), grouped(t.played), "", base::formatted("{} {}", say_("开始放映", "started"), grouped(t.plays_started)));
    return out + cell(std::string(say_("净票房", "Net box office")) + unit, net, " class=\"sum\"", note) + "</dl>";
  }

  std::string weeks() const {
    std::string out = base::formatted("<h2>{}</h2><ol class=\"weeks\">", say_("最近四周", "The last four weeks"));
    for (const auto& one : day_.past) {
      const std::chrono::year_month_day date{one.date.day()};
      out += base::formatted("<li><a class=\"s-{}\" href=\"{}\"{} title=\"{}: {}\">{}/{}<b>{}</b></a></li>", state_code(one.state), path(one.date), one.date == day_.date ? " aria-current=\"date\"" : "", one.date.text(),
                             state_name(one.state, say_), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             one.state == DayState::missing || one.state == DayState::not_yet ? std::string("–") : grouped(one.admissions));
    }
    out += "</ol><ul class=\"legend\">";
    for (std::size_t i = 0; i < kDayStates; ++i) {
      const auto state = static_cast<DayState>(i);
      if (std::ranges::any_of(day_.past, [&](const auto& one) { return one.state == state; })) out += base::formatted("<li><i class=\"s-{}\"></i>{}</li>", state_code(state), state_name(state, say_));
    }
    return out + "</ul>";
  }

  std::string films() const {
    if (day_.films.empty()) return {};
    std::string out = base::formatted("<h2>{}</h2><div class=\"scroll\"><table class=\"tight\"><thead><tr>", say_("影片", "Films"));
    for (const auto& [zh, en] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"影片", "Film"}, {"人次", "Admissions"}, {"赠票", "Comps"}, {"退票", "Refunded"}, {"检票", "Redeemed"}, {"放映", "Played"}, {"总额", "Gross"}, {"净额", "Net"}})
      out += base::formatted("<th scope=\"col\">{}</th>", say_(zh, en));
    out += "</tr></thead><tbody>";
    const auto row = [&](const std::string& title, const CircuitCounts& c) {
      std::string cells;
      for (const auto value : {c.admissions(), c.comps, c.refunded, c.redeemed, c.played}) cells += base::formatted("<td{}>{}</td>", value == 0 ? " class=\"zero\"" : "", grouped(value));
      return base::formatted("<tr><th scope=\"row\">{}</th>{}{}</tr>", title, cells, money_cells(c));
    };
    for (const auto& f : day_.films) {
      const std::string_view title = either(say_, f.title_zh, f.title_en);
      out += row(escape(title.empty() ? f.film : title), f.counts);
    }
    return out + "</tbody><tfoot>" + row(std::string(say_("合计", "Total")), venue_.counts) + "</tfoot></table></div>";
  }

  std::string discrepancies() const {
    std::string out = base::formatted("<h2>{}</h2>", say_("差异", "Differences"));
    if (day_.discrepancies.empty())
      return out + base::formatted("<p class=\"calm\">{}</p>", venue_.revision > 0 ? say_("无：各项人次一致。", "None: the counts agree.") : say_("结账后可见。", "Told once the day is closed."));
    out += "<ul class=\"notes\">";
    for (const auto& one : day_.discrepancies)
      out += base::formatted("<li><span class=\"what\"><span class=\"level l{}\"></span>{}</span><div><p>{}</p><p class=\"where\">{}</p></div></li>", std::clamp(one.level, 0, 2), escape(discrepancy_name(one.code, say_)),
                             escape(explanation(one.explanation_zh, one.explanation_en, say_)), escape(one.subject));
    return out + "</ul>";
  }

  std::string proof() const {
    std::string out = base::formatted("<h2>{}</h2><ul class=\"facts\">", say_("凭证", "What vouches for it"));
    const auto fact = [&](std::string_view name, const std::string& value) { out += base::formatted("<li><span>{}</span><div class=\"mono\">{}</div></li>", name, value); };
    fact(say_("地址", "Address"), escape(day_.url));
    if (day_.checkpoint_size > 0) fact(say_("已验检查点", "Verified checkpoint"), base::formatted("{} · {}", grouped(static_cast<std::int64_t>(day_.checkpoint_size)), day_.checkpoint_root));
    for (const auto& key : day_.keys) fact(base::formatted_by(say_("日志密钥，自事件 {} 起", "Log key from event {} on"), key.from), escape(key.key));
    return out + "</ul>" + base::formatted("<footer class=\"fine\"><a href=\"/v1/circuit/venues/{}/days/{}\">JSON</a></footer>", escape(venue_.venue), day_.date.text());
  }

  const CircuitVenueDay& day_;
  const CircuitVenue& venue_;
  Wording say_;
  std::string_view lang_;
};

}  // namespace

std::string circuit_venue_page(const CircuitVenueDay& day, Language language) {
  const VenueRenderer renderer(day, language);
  return circuit_frame({renderer.name() + " " + day.date.text(), "/venues/" + day.venue.venue + "/" + day.date.text(), {}}, language, renderer.main());
}

std::string circuit_events_page(const std::string& venue, BusinessDate date, const std::vector<CircuitEvent>& events, bool more, Language language) {
  const Wording say(language);
  const std::string own = base::formatted("/venues/{}/{}", escape(venue), date.text());
  std::string main = base::formatted("<div class=\"headline\"><div><p class=\"eyebrow\"><a href=\"{}?lang={}\">{}</a> · {}</p><h1>{}</h1></div></div>", own, language_code(language), escape(venue), date_words(date, say),
                                     say("事件", "Events"));
  main += base::formatted("<h2>{}</h2>", say("原样保存，逐条可验", "As they were signed, each of them verifiable"));
  if (events.empty()) main += base::formatted("<p class=\"calm\">{}</p>", say("没有更多事件。", "No more events."));
  else main += "<div class=\"scroll\"><table class=\"tight\"><thead><tr><th scope=\"col\">#</th><th scope=\"col\" class=\"left\">UTC</th><th scope=\"col\" class=\"left\">" + std::string(say("种类", "Kind")) +
               "</th><th scope=\"col\" class=\"left\">" + std::string(say("内容", "What it says")) + "</th></tr></thead><tbody>";
  for (const auto& event : events)
    main += base::formatted("<tr><th scope=\"row\">{}</th><td class=\"left\">{}</td><td class=\"left\">{}</td><td class=\"wrap\"><details><summary class=\"mono\">{}…</summary><pre>{}</pre></details></td></tr>", event.seq,
                            to_text(event.at).substr(11, 8), escape(event.kind), event.hash.substr(0, 16), escape(event.body));
  if (!events.empty()) main += "</tbody></table></div>";
  if (more) main += base::formatted("<p class=\"pages\"><a class=\"button\" href=\"{}/events?lang={}&amp;after={}\">{}</a></p>", own, language_code(language), events.back().seq, say("更多 →", "More →"));
  return circuit_frame({venue + " " + date.text(), "/venues/" + venue + "/" + date.text() + "/events", {}}, language, main);
}

}  // namespace promenade::ticketing::web
