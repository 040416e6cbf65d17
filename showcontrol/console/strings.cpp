#include "showcontrol/console/strings.h"

#include <algorithm>

namespace promenade::console {

extern const Strings kEnglish;
extern const Strings kChinese;
std::span<const Coded> english_codes();
std::span<const Coded> chinese_codes();

const Strings& strings(Language language) { return language == Language::zh ? kChinese : kEnglish; }
std::span<const Coded> coded(Language language) { return language == Language::zh ? chinese_codes() : english_codes(); }

const Coded* find_coded(Language language, std::string_view code) {
  const auto table = coded(language);
  const auto at = std::ranges::find(table, code, &Coded::code);
  return at == table.end() ? nullptr : &*at;
}

std::string all_characters() {
  std::string all;
  for (const Language language : {Language::zh, Language::en}) {
    // A table is nothing but pointers to text, in an order that does not matter here.
    static_assert(sizeof(Strings) % sizeof(const char*) == 0);
    const auto* const words = reinterpret_cast<const char* const*>(&strings(language));
    for (std::size_t i = 0; i < sizeof(Strings) / sizeof(const char*); ++i) all += words[i];
    for (const Coded& one : coded(language)) {
      all += one.text;
      all += one.what_to_do;
    }
  }
  return all;
}

}  // namespace promenade::console
