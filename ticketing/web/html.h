#pragma once
// Small pieces that every page is made of: escaping, the two languages, the frame around a page. Pure.
// Everything that comes from a ledger, a file or a person goes through `escape` before it is in a page.

#include <string>
#include <string_view>
#include <vector>

namespace promenade::ticketing::web {

enum class Language { zh, en };

// ?lang= when it names a language, else the first of the two that Accept-Language names, else Chinese.
Language choose_language(std::string_view query_value, std::string_view accept_language);
std::string_view language_code(Language language);  // "zh" or "en"

// Picks the wording of a page: say("已售", "Sold").
class Wording {
 public:
  explicit Wording(Language language) : language_(language) {}
  std::string_view operator()(std::string_view zh, std::string_view en) const {
    return language_ == Language::zh ? zh : en;
  }
  Language language() const { return language_; }

 private:
  Language language_;
};

std::string escape(std::string_view text);  // for element text and quoted attributes

struct PageFrame {
  std::string title;        // plain text
  std::string venue;        // plain text, beside the product's name
  std::string active;       // "sell", "tickets", "door", "report" or empty: which navigation entry is lit
  std::string report_date;  // where the navigation's report entry leads
  std::string path;         // this page's own path, for the language switch
  std::string query;        // this page's query without lang, for the language switch; may be empty
  bool navigation = true;   // false for what stands alone (a saved report, sign-in)
  std::vector<std::string> scripts = {}, styles = {};  // of page_files.h; none for a page that must need no other file
};

// A whole document with its style inside. Without scripts and styles of the frame it needs no other file and no network.
std::string page(const PageFrame& frame, Language language, std::string_view main_html);

std::string_view style_sheet();

}  // namespace promenade::ticketing::web
