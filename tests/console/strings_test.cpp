// Both languages say everything, with the same arguments.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

#include "showcontrol/console/strings.h"

using namespace promenade::console;

namespace {
const char* const* words(Language language) { return reinterpret_cast<const char* const*>(&strings(language)); }
constexpr std::size_t kCount = sizeof(Strings) / sizeof(const char*);
std::size_t arguments(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find("{}", at)) != std::string::npos; ++at) ++count;
  return count;
}
}  // namespace

TEST_CASE("No word is missing in either language, and both take the same arguments") {
  for (std::size_t i = 0; i < kCount; ++i) {
    const char* zh = words(Language::zh)[i];
    const char* en = words(Language::en)[i];
    REQUIRE(zh != nullptr);
    REQUIRE(en != nullptr);
    INFO(i << " " << en << " / " << zh);
    CHECK(std::string(zh).empty() == std::string(en).empty());
    CHECK(arguments(zh) == arguments(en));
  }
}

TEST_CASE("Codes stand once in a table, and the Chinese table knows what the English one knows") {
  for (const Language language : {Language::zh, Language::en}) {
    std::set<std::string_view> seen;
    for (const Coded& one : coded(language)) {
      CHECK(seen.insert(one.code).second);
      CHECK(*one.text != '\0');
    }
  }
  for (const Coded& one : coded(Language::en)) CHECK(find_coded(Language::zh, one.code) != nullptr);
  CHECK(find_coded(Language::en, "viewer-panic") == nullptr);  // the hall's own words serve
  CHECK(find_coded(Language::zh, "viewer-panic") != nullptr);
}
