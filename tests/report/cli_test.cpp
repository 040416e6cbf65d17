// promenade-report as a person uses it, through its command line.
#include "tests/command/run.h"
#include "tests/report/records.h"

using namespace promenade;
using namespace promenade::report::test;
using command_test::Outcome;
namespace fs = std::filesystem;

namespace {

Outcome run(const std::string& arguments) { return promenade::command_test::run("promenade-report", arguments); }

// A hall's data folder with the records in it; gone with the test.
struct Data {
  Data() {
    std::string name = (fs::temp_directory_path() / "promenade-report-XXXXXX").string();
    path = ::mkdtemp(name.data());
    auto log = ticketing::store::NearMissLog::open((path / ticketing::store::kNearMissFile).string());
    REQUIRE(log);
    for (const auto& record : records()) REQUIRE(log->keep(record));
    REQUIRE(log->add_time(kNoon_ms, times()));
  }
  ~Data() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string with(const std::string& more) const { return "near-misses --data " + path.string() + " " + more; }
  fs::path path;
};

const std::string kVenue = std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/venue.toml";

}  // namespace

TEST_CASE("The report of a hall's folder, for a period, as sentences, JSON, CSV and a map") {
  const Data data;
  const Outcome all = run(data.with("--from 2026-05-01 --to 2026-05-01"));
  INFO(all.text);
  CHECK(all.code == 0);
  CHECK(all.text.contains("3 near misses: 2 between viewers, 1 with walls. 1 contact: 1 between viewers, 0 with walls."));
  const Outcome later = run(data.with("--from 2026-05-02"));
  CHECK(later.code == 0);
  CHECK(later.text.contains("0 near misses"));
  CHECK(run(data.with("--json")).text.starts_with("{\"hall\":"));
  const fs::path maps = data.path / "maps" / "may", csv = data.path / "all.csv";
  const Outcome drawn = run(data.with("--venue " + kVenue + " --heat-map " + maps.string() + " --csv " + csv.string()));
  INFO(drawn.text);
  CHECK(drawn.code == 0);
  CHECK(fs::file_size(maps / "hall.svg") > 10'000);
  CHECK(fs::file_size(maps / "hall.png") > 10'000);
  CHECK(fs::file_size(csv) > 500);
}

TEST_CASE("What cannot be answered is said, with what to do") {
  const Data data;
  struct Wrong {
    std::string arguments, says;
  };
  for (const Wrong& wrong : {Wrong{"near-misses --data /nowhere/at/all", "There is no folder /nowhere/at/all."}, Wrong{"near-misses --data /tmp", "holds no near misses"},
                             Wrong{data.with("--from 2026-13-01"), "is not a date"}, Wrong{data.with("--from yesterday"), "such as 2026-05-01"},
                             Wrong{data.with("--from 2026-05-02 --to 2026-05-01"), "Give the earlier date first."}, Wrong{data.with("--film 999999999999"), "No film 999999999999 is known"},
                             Wrong{data.with("--kind bump"), "--kind"}, Wrong{data.with("--heat-map /tmp/maps"), "Give --venue"}, Wrong{data.with("--films /nowhere"), "/nowhere"},
                             Wrong{data.with("--venue /nowhere.toml"), "/nowhere.toml"}, Wrong{data.with("--time-zone Mars/Olympus"), "Mars/Olympus"}, Wrong{"wall-paint", "There is: near-misses."},
                             Wrong{"near-misses", "--data"}}) {
    const Outcome outcome = run(wrong.arguments);
    INFO(wrong.arguments << "\n" << outcome.text);
    CHECK(outcome.code == 2);
    CHECK(outcome.text.contains(wrong.says));
  }
}
