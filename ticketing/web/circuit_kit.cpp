#include "ticketing/web/circuit_kit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ticketing/web/names.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

constexpr std::string_view kStyle = R"css(
.wide{max-width:1280px}.board{display:grid;grid-template-columns:minmax(0,7fr) minmax(0,5fr);gap:20px;margin-top:20px;align-items:stretch}
.panel{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px 24px 18px}
.panel h2{margin:0 0 12px;font-size:17px}.panel h2 small{display:block;margin:1px 0 0;font-size:13.5px}
.panel svg{display:block;width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:6px 18px;margin:14px 0 0;padding:0;list-style:none;font-size:14px;color:var(--soft)}
.legend b{color:var(--ink);font-weight:650}.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px;vertical-align:-1px}
.legend a{color:inherit;text-decoration:none}.legend a:hover{text-decoration:underline}
.counts.five{grid-template-columns:repeat(4,1fr)}.counts dd.sum{font-size:36px;line-height:57px}.counts dd.two{font-size:24px;line-height:1.3}
.squares{display:flex;flex-wrap:wrap;gap:3px;padding:0;margin:0;list-style:none}.squares.many{gap:1px}
.squares a,.squares span{display:block;width:15px;height:15px;border-radius:3px}.squares.many a,.squares.many span{width:7px;height:7px;border-radius:1px}
.squares.few a,.squares.few span{width:26px;height:26px;border-radius:5px}.squares.few{gap:5px}.squares a:hover{outline:2px solid var(--ink)}
.s-received{background:#3f8a61}.s-zero{background:#bcd8c7}.s-open{background:#e6d6a6}.s-unclosed{background:#d8922a}.s-missing{background:#b5281e}.s-quarantined{background:#26211e}.s-not-yet{background:#e6e2db}
.share{display:block;height:5px;border-radius:3px;background:var(--accent);opacity:.75;margin-top:5px;min-width:2px}
td.name{text-align:left}td.name small,th small{display:block;color:var(--soft);font-size:13px;font-weight:400}
tbody th a,td a{text-decoration:none}tbody th a:hover,td a:hover{text-decoration:underline}
.tight th,.tight td{padding-top:8px;padding-bottom:8px}
.pages{display:flex;gap:8px;align-items:center;margin:16px 0 0;color:var(--soft);font-size:15px;flex-wrap:wrap}
.filter{display:flex;gap:8px;flex-wrap:wrap;margin:0 0 14px}.filter a{font-size:14px;padding:5px 13px;border:1px solid var(--line);border-radius:999px;text-decoration:none;color:var(--soft);background:var(--card)}
.filter a[aria-current]{background:var(--ink);border-color:var(--ink);color:#fff}
.level{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:10px}.level.l2{background:#b5281e}.level.l1{background:#d8922a}.level.l0{background:#b9b2a8}
.weeks{display:grid;grid-template-columns:repeat(14,1fr);gap:6px;list-style:none;margin:0;padding:0}
.weeks a{display:block;border-radius:8px;padding:9px 4px 8px;text-align:center;text-decoration:none;color:#fff;font-size:13px;line-height:1.25}
.weeks a b{display:block;font-size:15px;font-weight:650}.weeks a.s-zero,.weeks a.s-open,.weeks a.s-not-yet{color:var(--ink)}
.weeks a[aria-current]{outline:2px solid var(--ink);outline-offset:2px}
.mono{font-family:"Noto Sans Mono","DejaVu Sans Mono",monospace;font-size:13px;overflow-wrap:anywhere}
details summary{cursor:pointer;color:var(--soft);font-size:14px}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12.5px;margin:8px 0 0;color:var(--soft);text-align:left}
@media (max-width:900px){.board{grid-template-columns:1fr}.counts.five{grid-template-columns:1fr 1fr}.weeks{grid-template-columns:repeat(7,1fr)}.counts dd.sum{font-size:26px}}
)css";

struct Named {
  std::string_view code, zh, en;
};
constexpr std::array<Named, 18> kVenueRefusals{{
    {"checkpoint-rolled-back", "账本变短", "Ledger became shorter"},
    {"checkpoint-forked", "历史被改写", "Shows another past"},
    {"checkpoint-differs", "签名与事件不符", "Signed other events than it sent"},
    {"checkpoint-missing", "不再出示签名", "Shows no signature any more"},
    {"checkpoint-forged", "签名无效", "Signature does not hold"},
    {"checkpoint-too-far", "过久未签名", "Signed nothing for too long"},
    {"log-key-other", "日志密钥不符", "Other log keys"},
    {"log-key-unknown", "以陌生密钥签名", "Signed with a stranger's key"},
    {"log-key-unendorsed", "新密钥未经背书", "New key is not endorsed"},
    {"log-key-malformed", "日志密钥格式错误", "Log key is malformed"},
    {"chain-gap", "事件缺失", "Events are missing"},
    {"chain-broken", "事件链断裂", "Chain of events is broken"},
    {"event-malformed", "事件格式错误", "Event is malformed"},
    {"export-head", "末条事件不符", "Last event is another"},
    {"venue-other", "地址上是另一影院", "Another venue at the address"},
    {"report-altered", "日报被改动", "Report was altered"},
    {"report-differs", "日报与事件不符", "Report is not what its events amount to"},
    {"ledger-inconsistent", "账本自相矛盾", "Ledger contradicts itself"},
}};

// A round number above VALUE, for the axis.
std::int64_t axis_top(std::int64_t value) {
  for (std::int64_t unit = 1;; unit *= 10)
    for (const std::int64_t step : {1, 2, 4, 6, 8})
      if (step * unit * 2 >= value) return step * unit * 2;
}

}  // namespace

std::string circuit_frame(const CircuitFrame& frame, Language language, std::string_view main_html) {
  const Wording say(language);
  const Language other = language == Language::zh ? Language::en : Language::zh;
  std::string out = base::formatted(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{} · Promenade</title>\n"
      "<style>{}{}</style>\n</head>\n<body>\n",
      language == Language::zh ? "zh-CN" : "en", escape(frame.title), style_sheet(), kStyle);
  out += base::formatted("<header class=\"top\"><div class=\"inner wide\"><p class=\"brand\"><strong>Promenade</strong><span>{0}</span></p><nav aria-label=\"{1}\"><a href=\"/?lang={2}\">{3}</a>"
                         "<a class=\"lang\" lang=\"{4}\" hreflang=\"{4}\" href=\"{5}?{6}lang={4}\">{7}</a></nav></div></header>\n",
                         say("院线", "Circuit"), say("主导航", "Main"), language_code(language), say("今日", "Latest day"), language_code(other), escape(frame.path),
                         frame.query.empty() ? "" : escape(frame.query) + "&amp;", other == Language::zh ? "中文" : "English");
  out += "<main class=\"inner wide\">\n";
  out += main_html;
  return out + "\n</main>\n</body>\n</html>\n";
}

std::string grouped(std::int64_t value) {
  std::string text = std::to_string(value);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

std::string amount_text(std::int64_t minor, Currency currency) {
  std::string text = to_decimal(Money{minor, currency});
  const auto point = std::min(text.find('.'), text.size());
  return grouped(std::stoll(text.substr(0, point))).insert(0, text.starts_with("-0") ? "-" : "") + text.substr(point);
}

std::string money_cells(const CircuitCounts& counts) {
  std::string gross, net;
  for (const auto& one : counts.money) {
    const std::string code = counts.money.size() > 1 ? " " + one.currency.code() : "";
    gross += (gross.empty() ? "" : "<br>") + amount_text(one.gross_minor, one.currency) + code;
    net += (net.empty() ? "" : "<br>") + amount_text(one.net_minor(), one.currency) + code;
  }
  const char* css = counts.money.empty() ? " class=\"zero\"" : "";
  return base::formatted("<td{0}>{1}</td><td{0}>{2}</td>", css, gross.empty() ? "–" : gross, net.empty() ? "–" : net);
}

std::string date_words(BusinessDate date, const Wording& say) {
  const std::chrono::year_month_day day{date.day()};
  const std::chrono::weekday weekday{date.day()};
  static constexpr std::string_view kZh[] = {"日", "一", "二", "三", "四", "五", "六"};
  if (say.language() == Language::zh)
    return base::formatted("{}年{}月{}日 星期{}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), kZh[weekday.c_encoding()]);
  return base::formatted("{:%A}, {} {:%B %Y}", date.day(), static_cast<unsigned>(day.day()), date.day());
}

std::string_view state_name(DayState state, const Wording& say) {
  switch (state) {
    case DayState::received: return say("已收齐", "Received");
    case DayState::zero: return say("零场次", "Zero day");
    case DayState::open: return say("营业中", "Open");
    case DayState::unclosed: return say("未结账", "Not closed");
    case DayState::missing: return say("缺失", "Missing");
    case DayState::quarantined: return say("已隔离", "Quarantined");
    case DayState::not_yet: return say("尚未加入", "Not yet in");
  }
  return {};
}

std::string state_tag(DayState state, const Wording& say) {
  static constexpr std::string_view kTags[] = {"good", "good", "plain", "warn", "bad", "bad", "plain"};
  return base::formatted("<span class=\"tag {}\">{}</span>", kTags[static_cast<std::size_t>(state)], state_name(state, say));
}

std::string_view refusal_name(std::string_view code, const Wording& say) {
  for (const auto& one : kVenueRefusals)
    if (one.code == code) return say(one.zh, one.en);
  return code;
}

std::string ago(base::UtcTime then, base::UtcTime now, const Wording& say) {
  const auto minutes = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::minutes>(now - then).count());
  if (minutes < 1) return std::string(say("刚刚", "just now"));
  if (minutes < 120) return base::formatted_by(say("{} 分钟前", "{} min ago"), minutes);
  if (minutes < 48 * 60) return base::formatted_by(say("{} 小时前", "{} h ago"), minutes / 60);
  return base::formatted_by(say("{} 天前", "{} days ago"), minutes / 1440);
}

std::string curve_svg(const std::vector<CircuitQuarter>& curve, const Wording& say) {
  constexpr double kWidth = 720, kHeight = 250, kLeft = 46, kRight = 12, kTop = 14, kBottom = 28;
  if (curve.empty()) return base::formatted("<p class=\"calm\">{}</p>", say("当日尚无售票。", "Nothing was sold on this day so far."));
  const int first = std::min(curve.front().quarter, 9 * 4) / 4 * 4, last = std::max((curve.back().quarter / 4 + 1) * 4, 23 * 4);
  std::vector<CircuitQuarter> all(static_cast<std::size_t>(last - first + 1));
  std::int64_t most = 1;
  for (const auto& one : curve) {
    auto& at = all[static_cast<std::size_t>(one.quarter - first)];
    at = one;
    most = std::max({most, one.sold, one.redeemed});
  }
  const std::int64_t top = axis_top(most);
  const auto x = [&](std::size_t i) { return kLeft + (kWidth - kLeft - kRight) * static_cast<double>(i) / static_cast<double>(all.size() - 1); };
  const auto y = [&](std::int64_t value) { return kHeight - kBottom - (kHeight - kTop - kBottom) * static_cast<double>(value) / static_cast<double>(top); };
  std::string out = base::formatted("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" font-size=\"12\" fill=\"#625d57\">", kWidth, kHeight, say("按一刻钟统计的售票与检票", "Tickets sold and redeemed by quarters of an hour"));
  for (int line = 0; line <= 4; ++line) {
    const std::int64_t value = top * line / 4;
    out += base::formatted("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/><text x=\"{4}\" y=\"{5:.1f}\" text-anchor=\"end\">{6}</text>", kLeft, kWidth - kRight, y(value),
                           line == 0 ? "#8b857d" : "#ece8e1", kLeft - 8, y(value) + 4, top < 4 && line % 2 == 1 ? "" : grouped(value));
  }
  for (int quarter = (first + 7) / 8 * 8; quarter <= last; quarter += 8)
    out += base::formatted("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:02}:00</text>", x(static_cast<std::size_t>(quarter - first)), kHeight - 8, quarter / 4 % 24);
  std::string sold, redeemed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    sold += base::formatted("{}{:.1f},{:.1f}", i == 0 ? "" : " L", x(i), y(all[i].sold));
    redeemed += base::formatted("{}{:.1f},{:.1f}", i == 0 ? "M" : " L", x(i), y(all[i].redeemed));
  }
  out += base::formatted("<path d=\"M{0:.1f},{1:.1f} L{2} L{3:.1f},{1:.1f} Z\" fill=\"#9c2f24\" fill-opacity=\".14\"/><path d=\"M{2}\" fill=\"none\" stroke=\"#9c2f24\" stroke-width=\"2\" stroke-linejoin=\"round\"/>",
                         x(0), y(0), sold, x(all.size() - 1));
  out += base::formatted("<path d=\"{}\" fill=\"none\" stroke=\"#33566b\" stroke-width=\"2\" stroke-dasharray=\"5 3\" stroke-linejoin=\"round\"/></svg>", redeemed);
  out += base::formatted("<ul class=\"legend\"><li><i style=\"background:#9c2f24\"></i>{}</li><li><i style=\"background:#33566b\"></i>{}</li></ul>", say("售出", "Sold"), say("检票", "Redeemed"));
  return out;
}

std::string venue_squares(const CircuitDay& day, const Wording& say, std::string_view lang) {
  std::vector<const CircuitVenue*> venues;
  for (const auto& v : day.venues) venues.push_back(&v);
  std::ranges::sort(venues, [](const auto* a, const auto* b) { return std::pair(a->venue.size(), a->venue) < std::pair(b->venue.size(), b->venue); });
  const bool many = venues.size() > 400;
  std::string out = base::formatted("<ul class=\"squares{}\">", many ? " many" : venues.size() <= 120 ? " few" : "");
  for (const auto* v : venues) {
    const std::string_view state = state_code(v->state);
    // Of thousands only those that lack something lead anywhere: the others are in the table.
    if (many && (v->state == DayState::received || v->state == DayState::open)) {
      out += base::formatted("<li><span class=\"s-{}\"></span></li>", state);
      continue;
    }
    const std::string_view name = either(say, v->name_zh, v->name_en);
    out += base::formatted("<li><a class=\"s-{}\" href=\"/venues/{}/{}?lang={}\" title=\"{}: {}\"></a></li>", state, escape(v->venue), day.date.text(), lang, escape(name.empty() ? v->venue : name),
                           state_name(v->state, say));
  }
  return out + "</ul>";
}

}  // namespace promenade::ticketing::web
