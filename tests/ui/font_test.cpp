#include "runtime/ui/font.h"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <algorithm>

using namespace promenade::ui;

TEST_CASE("a missing typeface is told with the package that brings it") {
  const std::array<std::filesystem::path, 1> nowhere{"/nonexistent/fonts"};
  const auto found = find_fonts(nowhere);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == "font-missing");
  CHECK(found.error().text().contains("fonts-noto-cjk"));
  CHECK(found.error().text().contains("/nonexistent/fonts"));
}

TEST_CASE("a file that is no font is refused") {
  const FontFiles files{"/dev/null", "/dev/null"};
  const auto opened = Fonts::open(files);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == "font-missing");
}

TEST_CASE("the atlas has what was asked for and grows only when something new is asked") {
  const auto files = find_fonts();
  REQUIRE(files);
  auto opened = Fonts::open(*files);
  REQUIRE(opened);
  Fonts& fonts = **opened;
  CHECK_FALSE(fonts.need(Style::body, "停"));
  fonts.build();
  CHECK(fonts.need(Style::body, "停"));
  const auto revision = fonts.revision();
  fonts.build();
  CHECK(fonts.revision() == revision);
  CHECK(fonts.alpha().size() == std::size_t{fonts.width()} * fonts.height());
  CHECK(std::ranges::any_of(fonts.alpha(), [](auto a) { return a > 200; }));
}
