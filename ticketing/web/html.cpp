#include "ticketing/web/html.h"

#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {

Language choose_language(std::string_view query_value, std::string_view accept_language) {
  if (query_value == "zh") return Language::zh;
  if (query_value == "en") return Language::en;
  const auto zh = accept_language.find("zh");
  const auto en = accept_language.find("en");
  return en < zh ? Language::en : Language::zh;
}

std::string_view language_code(Language language) { return language == Language::zh ? "zh" : "en"; }

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

namespace {

std::string navigation(const PageFrame& frame, Language language) {
  const Wording say(language);
  const std::string lang = base::formatted("lang={}", language_code(language));
  const auto entry = [&](std::string_view name, const std::string& path, std::string_view text) {
    return base::formatted("<a href=\"{}?{}\"{}>{}</a>", escape(path), lang,
                       frame.active == name ? " aria-current=\"page\"" : "", text);
  };
  std::string out = "<nav aria-label=\"" + std::string(say("主导航", "Main")) + "\">";
  out += entry("sell", "/sell", say("售票", "Sell"));
  out += entry("tickets", "/tickets", say("影票", "Tickets"));
  out += entry("door", "/door", say("检票", "Door"));
  out += entry("report", frame.report_date.empty() ? "/report" : "/report/" + frame.report_date, say("日报", "Day report"));
  const Language other = language == Language::zh ? Language::en : Language::zh;
  out += base::formatted("<a class=\"lang\" lang=\"{0}\" hreflang=\"{0}\" href=\"{1}?{2}lang={0}\">{3}</a></nav>",
                     other == Language::zh ? "zh-CN" : "en", escape(frame.path),
                     frame.query.empty() ? "" : escape(frame.query) + "&amp;", other == Language::zh ? "中文" : "English");
  return out;
}

}  // namespace

std::string page(const PageFrame& frame, Language language, std::string_view main_html) {
  std::string out = base::formatted(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{} · Promenade</title>\n<style>{}</style>\n",
      language == Language::zh ? "zh-CN" : "en", escape(frame.title), style_sheet());
  for (const std::string& style : frame.styles) out += base::formatted("<link rel=\"stylesheet\" href=\"/assets/{}\">\n", escape(style));
  for (const std::string& script : frame.scripts) out += base::formatted("<script src=\"/assets/{}\" defer></script>\n", escape(script));
  out += "</head>\n<body>\n";
  out += base::formatted("<header class=\"top\"><div class=\"inner\"><p class=\"brand\"><strong>Promenade</strong><span>{}</span></p>{}</div></header>\n",
                     escape(frame.venue), frame.navigation ? navigation(frame, language) : "");
  out += "<main class=\"inner\">\n";
  out += main_html;
  out += "\n</main>\n</body>\n</html>\n";
  return out;
}

}  // namespace promenade::ticketing::web
