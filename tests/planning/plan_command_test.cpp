// promenade-plan as a person uses it: exit code 0 yes, 1 no with findings, 2 unusable input.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/command/run.h"
#include "tests/package/films.h"

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

// A film of scenes at these places, packed.
std::string film_of(const std::string& name, const std::string& code, const std::vector<promenade::package::FilmPoint>& places) {
  namespace package = promenade::package;
  package::Manifest manifest = package::testing::walking_film();
  manifest.film = promenade::base::FilmId{code};
  manifest.route->scenes.clear();
  for (std::size_t i = 0; i < places.size(); ++i) manifest.route->scenes.push_back(package::testing::scene("scene_" + std::to_string(i + 1), places[i].x_m, places[i].y_m));
  manifest.length_s = package::nominal_length_s(*manifest.route);
  const auto packed = package::testing::packed(manifest, {});
  REQUIRE(packed);
  return written(name, std::string(promenade::base::as_text(*packed)));
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

TEST_CASE("a film is fitted, drawn, and set among others") {
  const std::string small = film_of("small.prom", "001199992026", {{0.0, 0.0}, {0.0, 1.5}, {1.5, 1.5}}), other = film_of("other.prom", "001199982026", {{0.0, 0.0}, {2.0, 0.0}});
  const std::filesystem::path folder = std::filesystem::path(small).parent_path();
  const Outcome fits = run("fit " + small + " --venue " + kVenue + " --with " + other + " --hours 0.2 --svg " + (folder / "fit.svg").string() + " --png " + (folder / "fit.png").string());
  INFO(fits.text);
  CHECK(fits.code == 0);
  CHECK(fits.text.contains("Trial: fits"));
  CHECK(fits.text.contains("with  1 others"));
  CHECK(fits.text.contains("alone spoils"));
  CHECK(std::filesystem::file_size(folder / "fit.svg") > 10'000);
  CHECK(std::filesystem::file_size(folder / "fit.png") > 10'000);
  const auto json = nlohmann::json::parse(run("fit " + small + " --venue " + kVenue + " --hours 0.2 --json").text);
  CHECK(json["fits"] == true);
  CHECK(json["trouble"].size() == 5);
  CHECK(json["trouble"][0]["scene"] == 1);
  CHECK(json["trouble"][1]["leg_from_scene"] == 1);
  CHECK_FALSE(json.contains("redirection"));
  CHECK(run("fit " + small + " --venue " + kVenue + " --hours 0.2 --png /nowhere/fit.png").code == 2);
  const Outcome itself = run("fit " + small + " --venue " + kVenue + " --with " + small);
  CHECK(itself.code == 2);
  CHECK(itself.text.contains("another walking film"));
  CHECK(run("fit " + small + " --venue " + kVenue + " --with /nowhere").text.contains("/nowhere"));
}

TEST_CASE("of a film that does not fit the scene that is the trouble is told, and what redirection would do") {
  const std::string large = film_of("large.prom", "001199972026", {{0.0, 0.0}, {0.0, 1.5}, {40.0, 1.5}});
  const Outcome not_so = run("fit " + large + " --venue " + kVenue);
  INFO(not_so.text);
  CHECK(not_so.code == 1);
  CHECK(not_so.text.contains("100.0 %  scene 3 (scene_3)"));
  CHECK(not_so.text.contains("does not fit within the thresholds"));
  CHECK(not_so.text.contains("error[film-too-large]"));
  const auto json = nlohmann::json::parse(run("fit " + large + " --venue " + kVenue + " --json").text);
  CHECK(json["trouble"][4]["spoils_alone"] == 1.0);
  CHECK(json["redirection"]["strength"].is_null());
  CHECK(json["redirection"]["bent"]["overhang_m"] < json["redirection"]["as_made"]["overhang_m"]);
}

TEST_CASE("a week is told hour by hour, and what limits it") {
  const std::filesystem::path films = std::filesystem::path(PROMENADE_BINARY_DIR) / "plan-command" / "films";
  std::filesystem::create_directories(films);
  film_of("films/one.prom", "001199992026", {{0.0, 0.0}, {0.0, 1.5}});
  const auto demand = [](const std::string& hours) { return "format = \"promenade-demand/1\"\n[[days]]\nname = \"workday\"\ntimes = 5\nopens_h = 10\n[days.viewers_per_hour]\n" + hours; };
  const std::string begun = "week --venue " + kVenue + " --films " + films.string() + " --demand ";
  const std::string quiet = written("quiet.toml", demand("\"001199992026\" = [6]\n"));
  const Outcome carries = run(begun + quiet);
  INFO(carries.text);
  CHECK(carries.code == 0);
  CHECK(carries.text.contains("workday (5 in a week)"));
  CHECK(carries.text.contains("hours by their limit: nothing 5, fitting 0, headsets 0, chairs 0, floor 0"));
  const Outcome slow = run(begun + written("busy.toml", demand("\"001199992026\" = [60]\n")) + " --fitters 1 --fit-s 600 --json");
  CHECK(slow.code == 1);
  const auto json = nlohmann::json::parse(slow.text);
  CHECK(json["fitting_viewers_per_hour"] == 6.0);
  CHECK(json["days"][0]["hours"][0]["limit"] == "fitting");
  CHECK(json["hours_by_limit"]["fitting"] == 5);  // of five days with one hour each
  CHECK(json["hours_by_limit"]["floor"] == 0);
  CHECK(json["full_hour_limit"] == "fitting");
  const Outcome unknown = run(begun + written("unknown.toml", demand("\"001199922026\" = [6]\n")));
  CHECK(unknown.code == 2);
  CHECK(unknown.text.contains("film-unknown"));
  const Outcome wrong = run(begun + written("wrong.toml", demand("\"001199992026\" = 6\n")));
  CHECK(wrong.code == 2);
  CHECK(wrong.text.contains("wrong.toml:7: error[hours-missing]"));
  CHECK(run(begun + "/nowhere/demand.toml").text.contains("No such file"));
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
  CHECK(run("network --headsets 20 --access-points 1").code == 0);
  const Outcome many = run("network --headsets 200 --access-points 1");
  CHECK(many.code == 1);
  CHECK(many.text.contains("needed:      10 access points"));
  const Outcome asked = run("network --headsets 200");  // how many, then?
  CHECK(asked.code == 0);
  CHECK(asked.text.contains("needed:      10 access points"));
  CHECK(asked.text.contains("/ 10 access point(s)"));
  CHECK(run("network --headsets 200 --access-points 10").code == 0);
  CHECK(run("network --headsets 200 --access-points 9").code == 1);
  const Outcome hopeless = run("network --headsets 1 --packets 200 --up-bytes 1200 --down-bytes 1200 --rate 6");
  CHECK(hopeless.code == 1);
  CHECK(hopeless.text.contains("no number of access points"));
}

TEST_CASE("a hall's own file says how many headsets its network carries") {
  const Outcome hall = run("network --venue " + kVenue);
  INFO(hall.text);
  CHECK(hall.code == 0);
  CHECK(hall.text.contains("wuxi-420, 420 m2, 24 headsets in use at once"));
  CHECK(hall.text.contains("24 headsets x 36 /s"));
  CHECK(hall.text.contains("down:        483 + 108 bytes"));  // 23 neighbours
  CHECK(hall.text.contains("needed:      2 access points of at most 22 headsets"));
  const Outcome other = run("network --venue " + kVenue + " --headsets 60");
  CHECK(other.code == 0);
  CHECK(other.text.contains("60 headsets, as given"));
  CHECK(other.text.contains("needed:      3 access points"));
  CHECK(run("network --venue " + kVenue + " --headsets 60 --access-points 1").code == 1);
}

TEST_CASE("a network of nothing, or of a venue that is none, is refused with what is wrong") {
  const Outcome nothing = run("network");
  CHECK(nothing.code == 2);
  CHECK(nothing.text.contains("--venue"));
  CHECK(nothing.text.contains("--headsets"));
  const Outcome missing = run("network --venue /nowhere/venue.toml");
  CHECK(missing.code == 2);
  CHECK(missing.text.contains("/nowhere/venue.toml"));
  const Outcome wrong = run("network --venue " + written("network.toml", "format = \"promenade-venue/1\"\nhall\n"));
  CHECK(wrong.code == 2);
  CHECK(wrong.text.contains("network.toml:2: error[toml-syntax]"));
  CHECK(run("network --venue " + kVenue + " --access-points 0").code == 2);
  CHECK(run("network --venue " + kVenue + " --rate 1").code == 2);
  CHECK(run("network --venue " + kVenue + " --rate nan").code == 2);
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
