#include "runtime/headset/media.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

#include "tests/headset/rig.h"

using namespace promenade;
using namespace promenade::headset;
using test::films;
using test::kFilm;

TEST_CASE("a folder that is not there is told") {
  const auto read = read_shelf("/nonexistent/films");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == "films-missing");
  CHECK(read.error().text().contains("/nonexistent/films"));
}

TEST_CASE("films that cannot be read are faults beside those that can") {
  package::testing::TemporaryFolder folder;
  std::filesystem::copy_file(films().file(kFilm), folder.file("a.prom"));
  std::filesystem::copy_file(films().file(kFilm), folder.file("b.prom"));  // the same film again
  folder.write("c.prom", "no film at all");
  folder.write("notes.txt", "not a film");
  const auto read = read_shelf(folder.path());
  REQUIRE(read);
  CHECK(read->shelf->size() == 1);
  REQUIRE(read->faults.size() == 2);
  CHECK(read->faults[0].error.code == "film-twice");
  CHECK(read->faults[1].why == ui::Why::film_damaged);
  CHECK(read->faults[1].error.text().contains("c.prom"));
}

TEST_CASE("a film opens whole, or says why not") {
  const auto loaded = load_film(kFilm, films().file(kFilm));
  CHECK_FALSE(loaded->error);
  REQUIRE(loaded->open);
  CHECK(loaded->open->world());

  package::testing::TemporaryFolder folder;
  const std::string hurt = folder.file("hurt.prom");
  std::filesystem::copy_file(films().file(kFilm), hurt);
  const auto size = std::filesystem::file_size(hurt);
  std::fstream file(hurt, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(size - 2000));
  file.write("damage", 6);
  file.close();
  const auto damaged = load_film(kFilm, hurt);
  REQUIRE(damaged->error);
  CHECK(why_of(*damaged->error) == ui::Why::film_damaged);
}
