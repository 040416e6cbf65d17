// promenade-plan as a person uses it: exit code 0 yes, 1 no with findings, 2 unusable input.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/command/run.h"

using promenade::command_test::Outcome;

namespace {

Outcome run(const std::string& arguments) { return promenade::command_test::run("promenade-plan", arguments); }

const std::string kVenue = std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/venue.toml";

std::string written(const std::string& name, const std::string& text) {
  const std::filesystem::path folder = std::filesystem::path(PROMENADE_BINARY_DIR) / "plan-command";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary) << text;
  return (folder / name).string();
}

}  // namespace

TEST_CASE("wrong use is told with what would be right, as 2") {
  CHECK(run("").code == 2);
  const Outcome unknown = run("fitt");
  CHECK(unknown.code == 2);
  CHECK(unknown.text.contains("fitt"));
  CHECK(unknown.text.contains("check"));
  const Outcome option = run("check " + kVenue + " --bogus");
  CHECK(option.code == 2);
  CHECK(option.text.contains("--bogus"));
  const Outcome venue_missing = run("fit film.prom");
  CHECK(venue_missing.code == 2);
  CHECK(venue_missing.text.contains("--venue"));
  CHECK(run("network --headsets 0").code == 2);
  CHECK(run("--help").code == 0);
}

TEST_CASE("files that are missing or broken are named, as 2") {
  for (const std::string& arguments : {std::string("fit /nowhere/film.prom --venue ") + kVenue, std::string("fit film.prom --venue /nowhere/venue.toml"), std::string("check /nowhere/venue.toml")}) {
    const Outcome missing = run(arguments);
    INFO(missing.text);
    CHECK(missing.code == 2);
    CHECK(missing.text.contains("/nowhere/"));
    CHECK(missing.text.contains("No such file"));
  }
  const std::string broken = written("broken.prom", "not a film");
  const Outcome film = run("fit " + broken + " --venue " + kVenue);
  CHECK(film.code == 2);
  CHECK(film.text.contains("not a film package"));
}

TEST_CASE("a venue file that is wrong is an answer, by line, as 1") {
  const Outcome wrong = run("check " + written("venue.toml", "format = \"promenade-venue/1\"\nhall\n"));
  CHECK(wrong.code == 1);
  CHECK(wrong.text.contains("venue.toml:2: error[toml-syntax]"));
  const Outcome right = run("check " + kVenue);
  CHECK(right.code == 0);
  CHECK(right.text.contains("420 m2"));
}

TEST_CASE("the sum of airtime says whether it is enough") {
  CHECK(run("network --headsets 20").code == 0);
  const Outcome many = run("network --headsets 200");
  CHECK(many.code == 1);
  CHECK(many.text.contains("needed:"));
}

TEST_CASE("marks are printed for a hall, and paper and file are checked") {
  const std::string out = (std::filesystem::path(PROMENADE_BINARY_DIR) / "plan-command" / "marks.pdf").string();
  std::filesystem::create_directories(std::filesystem::path(out).parent_path());
  std::filesystem::remove(out);
  const Outcome printed = run("marks --venue " + kVenue + " --out " + out);
  INFO(printed.text);
  CHECK(printed.code == 0);
  CHECK(printed.text.contains("5 pages of A4"));
  CHECK(printed.text.contains("100 mm"));
  CHECK(std::filesystem::file_size(out) > 10'000);
  CHECK(run("marks --venue " + kVenue + " --out " + out + " --family tagStandard41h12").text.contains("come in parts"));
  CHECK(run("marks --venue " + kVenue + " --out " + out + " --paper B5").code == 2);
  CHECK(run("marks --venue /nowhere.toml --out " + out).code == 2);
  CHECK(run("marks --venue " + kVenue + " --out /nowhere/marks.pdf").code == 2);
}
