// The hall's code: the box office's keys are made of it.

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "tracking/venue_file.h"

using namespace promenade;
using namespace promenade::tracking;

namespace {

base::Findings findings_with(const std::string& hall_id) {
  std::ifstream in(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string line = "id = \"wuxi-420\"";
  const auto at = text.find(line);
  REQUIRE(at != std::string::npos);
  const auto read = read_venue(text.replace(at, line.size(), "id = \"" + hall_id + "\""), "venue.toml");
  return read ? base::Findings{} : read.error();
}

}  // namespace

TEST_CASE("a hall's code of thirty letters is taken, a longer one or one of other letters is refused with its line") {
  CHECK(findings_with(std::string(30, 'h')).empty());
  CHECK(findings_with("Wuxi_420-b").empty());
  for (const std::string& wrong : {std::string(31, 'h'), std::string("wuxi 420"), std::string("wuxi.420"), std::string("无锡"), std::string()}) {
    INFO(wrong);
    const base::Findings findings = findings_with(wrong);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().code == "value-range");
    CHECK(findings.front().key == "hall.id");
    CHECK(findings.front().line > 0);
    CHECK(findings.front().expected.contains("1 to 30 letters"));
  }
}
