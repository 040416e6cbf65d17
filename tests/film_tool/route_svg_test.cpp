#include "content-tools/tool/route_svg.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/film_tool/samples.h"

using namespace promenade;
using namespace promenade::film_tool;
using namespace promenade::film_tool::testing;

TEST_CASE("a drawing shows every scene, with its texts made safe") {
  package::Manifest m = packed_sample("lantern-street");
  m.titles["en"] = "Lanterns & <Streets>";
  const std::string svg = route_svg(m, "en");
  for (const package::Scene& scene : m.route->scenes) {
    std::string name = scene.name;
    std::ranges::replace(name, '_', ' ');
    CHECK(svg.contains(name));
  }
  CHECK(svg.contains("Lanterns &amp; &lt;Streets&gt;"));
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
}

TEST_CASE("a seated film is drawn as its place") { CHECK(route_svg(packed_sample("slow-planet"), "zh").contains("慢行星")); }
