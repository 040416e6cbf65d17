#include "tracking/venue_file.h"

#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/tracking/sample_hall.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_check.h"

using namespace promenade;
using namespace promenade::tracking;
using namespace promenade::tracking::testing;
namespace fs = std::filesystem;

namespace {

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string reference_text() { return slurp(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml"); }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

base::Findings findings_of(const std::string& text) {
  const auto read = read_venue(text, "venue.toml");
  return read ? base::Findings{} : read.error();
}

}  // namespace

TEST_CASE("the reference hall is read as it is written") {
  const Venue& hall = sample_hall();
  CHECK(hall.hall == base::HallId{"wuxi-420"});
  CHECK(hall.name.zh == "无锡行进式影厅");
  CHECK(signed_area_m2(hall.boundary) == Catch::Approx(420.0));
  CHECK(hall.obstacles.size() == 2);
  CHECK(hall.separation_m == 2.0);
  CHECK_FALSE(hall.separation_reason.empty());
  SafetyLimits limits;  // those of strangers and walls are written in the file
  limits.stranger = hall.safety.stranger;
  limits.wall = hall.safety.wall;
  CHECK(hall.safety == limits);
  CHECK(check_venue(hall, "venue.toml").empty());
}

TEST_CASE("every distance of every relation is read from its own table") {
  const std::string text = reference_text();
  std::string tables = text.substr(0, text.find("[safety."));
  const std::array<std::pair<const char*, DistanceRule SafetyLimits::*>, 8> rules{{{"stranger", &SafetyLimits::stranger}, {"off_plan", &SafetyLimits::off_plan}, {"group", &SafetyLimits::group},
      {"attendant", &SafetyLimits::attendant}, {"kitting", &SafetyLimits::kitting}, {"door", &SafetyLimits::door}, {"chair", &SafetyLimits::chair}, {"wall", &SafetyLimits::wall}}};
  SafetyLimits expected;
  double extra = 0.0;
  for (const auto& [name, member] : rules) {
    extra += 0.001;
    const double near_m = std::string_view(name) == "wall" ? 0.0 : 0.6;
    DistanceRule& rule = expected.*member;
    rule = {near_m + 0.5 + extra, near_m + 0.4 + extra, near_m + 0.3 + extra, 1.5 + extra, 0.7 + extra};
    tables += base::formatted("[safety.{}]\nwarn_m = {}\npause_m = {}\nstop_m = {}\nwarn_contact_s = {}\npause_contact_s = {}\n", name, rule.warn_m, rule.pause_m,
                              rule.stop_m, rule.warn_contact_s, rule.pause_contact_s);
  }
  const auto hall = read_venue(tables, "venue.toml");
  REQUIRE(hall);
  CHECK(hall->safety == expected);
}

TEST_CASE("broken venue files give the findings that stand beside them") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(PROMENADE_SOURCE_DIR "/venue-configs/broken")) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  REQUIRE(files.size() >= 12);
  for (const fs::path& path : files) {
    INFO(path);
    const auto read = read_venue(slurp(path), path.filename().string());
    REQUIRE_FALSE(read);
    const std::string now = base::to_string(read.error());
    const fs::path golden = fs::path(path).replace_extension(".findings");
    if (std::getenv("PROMENADE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden, std::ios::binary) << now;
    CHECK(now == slurp(golden));
    for (const base::Finding& finding : read.error()) {
      CHECK(finding.line >= 1);
      CHECK_FALSE(finding.expected.empty());
    }
  }
}

TEST_CASE("marks that could be taken for each other are refused") {
  const auto codes = [](const std::string& text) {
    std::string all;
    for (const base::Finding& finding : findings_of(text)) all += finding.code + " ";
    return all;
  };
  const std::string text = reference_text();
  CHECK(codes(replaced(text, "second_m = [19.4, 1.6]", "second_m = [19.0, 1.6]")) == "marks-alike ");  // both 4.4 m
  CHECK(codes(replaced(text, "second_m = [19.4, 1.6]", "second_m = [19.29, 1.6]")) == "marks-alike ");
  CHECK(codes(replaced(text, "second_m = [19.4, 1.6]", "second_m = [19.3, 1.6]")).empty());
  CHECK(codes(replaced(text, "first_m = [14.6, 1.6]", "first_m = [13.5, 1.6]")) == "marks-alike marks-alike ");  // across both pairs
}

TEST_CASE("tags are read with their places, after those of the marks' sheets") {
  const std::string text = replaced(reference_text(), "[plan]\n", R"([[hall.tags]]
id = 20
at_m = [14.0, 15.0]
yaw_deg = 180
size_mm = 200
surface = "wall"
height_m = 1.5

[[hall.tags]]
id = 21
at_m = [14.0, 9.0]
yaw_deg = 90

[plan]
)");
  const auto hall = read_venue(text, "venue.toml");
  REQUIRE(hall);
  REQUIRE(hall->tags.size() == 6);
  const Tag* wall = hall->find_tag(20);
  REQUIRE(wall != nullptr);
  CHECK(wall->surface == Tag::Surface::wall);
  CHECK(wall->height_m == 1.5);
  CHECK(wall->size_m == Catch::Approx(0.2));
  CHECK(std::abs(wall->yaw_rad) == Catch::Approx(3.14159265));
  CHECK(hall->find_tag(21)->yaw_rad == Catch::Approx(1.57079633));
  CHECK(hall->find_tag(21)->size_m == kMarkTagSize_m);
  CHECK(hall->find_tag(22) == nullptr);
}

TEST_CASE("a corner that runs clockwise is as good") {
  const std::string text = replaced(reference_text(), "  [28.0, 0.0],\n  [28.0, 15.0],\n  [0.0, 15.0],\n",
                                    "  [0.0, 15.0],\n  [28.0, 15.0],\n  [28.0, 0.0],\n");
  const auto read = read_venue(text, "venue.toml");
  REQUIRE(read);
  CHECK(signed_area_m2(read->boundary) > 0.0);
}

TEST_CASE("a line that was lost from the boundary is found") {
  const auto findings = findings_of(replaced(reference_text(), "  [0.0, 15.0],\n  [0.0, 0.0],\n", "  [0.0, 15.0],\n"));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "polygon-open");
  CHECK(findings[0].key == "hall.boundary_m");
}

TEST_CASE("numbers that are none are refused") {
  for (const char* value : {"nan", "inf", "-inf", "1e300"}) {
    const auto findings =
        findings_of(replaced(reference_text(), "wall_margin_m = 1.25", std::string("wall_margin_m = ") + value));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "value-range");
  }
}

TEST_CASE("a table's header that breaks off is a finding with its line") {
  const auto findings = findings_of(replaced(reference_text(), "[hall.entrance]", "[hall.\nentrance]"));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "toml-syntax");
  const std::string text = reference_text();
  CHECK(findings[0].line == std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("[hall.entrance]")), '\n') + 1);
}

TEST_CASE("a file that cannot be read says so") {
  const auto missing = load_venue("/nonexistent/venue.toml");
  REQUIRE_FALSE(missing);
  CHECK(missing.error()[0].code == "file-unreadable");
  const auto folder = load_venue("/");
  REQUIRE_FALSE(folder);
  const auto large = read_venue(std::string(kVenueFileMax + 1, '#'), "large.toml");
  REQUIRE_FALSE(large);
  CHECK(large.error()[0].code == "file-too-large");
}

TEST_CASE("cut and scrambled files never do more than give findings") {
  const std::string text = reference_text();
  CHECK(holds("cut or scrambled", [&text] {
    std::string broken = text.substr(0, *rc::gen::inRange<std::size_t>(0, text.size() + 1));
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count && !broken.empty(); ++i) {
      broken[*rc::gen::inRange<std::size_t>(0, broken.size())] = *rc::gen::arbitrary<char>();
    }
    const auto read = read_venue(broken, "venue.toml");
    if (read) RC_ASSERT(check_venue(*read, "venue.toml").empty());
  }));
}
