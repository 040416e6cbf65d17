#include "tracking/base/toml.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::base;

TEST_CASE("a good text is a table") {
  const auto table = parse_toml("[a]\nb_m = 1.5\n");
  REQUIRE(table);
  CHECK((*table)["a"]["b_m"].value<double>() == 1.5);
  CHECK((*table)["a"]["b_m"].node()->source().begin.line == 2);
}

TEST_CASE("a malformed text is an error with its line") {
  const auto open = parse_toml("a = 1\nb = \"x\n");
  REQUIRE_FALSE(open);
  CHECK(open.error().line == 2);
  CHECK(open.error().message.find('\n') == std::string::npos);
}

TEST_CASE("what toml++ itself asserts against is an error with its line") {
  const auto header = parse_toml("a = 1\n\n[b.\nc]\n");
  REQUIRE_FALSE(header);
  CHECK(header.error().line == 3);
  CHECK_FALSE(parse_toml("[b."));
  CHECK(parse_toml("a = 1\nb = é\n").error().line == 2);
}

TEST_CASE("texts from outside are made printable") {
  CHECK(printable("a\nb\x7f") == "a?b?");
  CHECK(printable("abcdef", 3) == "abc...");
  CHECK(printable("影厅影厅", 7) == "影厅...");
}
