#include "content-tools/package/package_file.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/package/films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

namespace {

std::string_view text(const base::Bytes& bytes) { return base::as_text(bytes); }

}  // namespace

TEST_CASE("a package is read from a file, its manifest also alone") {
  const TemporaryFolder folder;
  folder.write("trial.prom", text(*packed(walking_film(), {{"a", {1, 2, 3}, {}}})));
  const auto manifest = load_manifest(folder.file("trial.prom"), {key().public_key()});
  REQUIRE(manifest);
  CHECK(manifest->film == walking_film().film);
  auto reader = open_package(folder.file("trial.prom"));
  REQUIRE(reader);
  CHECK(reader->read_file("a", 10) == base::Bytes{1, 2, 3});
  CHECK(load_manifest(folder.file("trial.prom"), {key(9).public_key()}).error().code == "signer-not-trusted");
  CHECK(load_manifest(folder.file("none.prom")).error().code == "file-unreadable");
  CHECK(load_manifest(folder.path()).error().code == "file-unreadable");
}

TEST_CASE("a film folder gives its films by code and findings about the rest") {
  const TemporaryFolder folder;
  Manifest other = seated_film();
  other.film = base::FilmId{"001100002026"};
  folder.write("a.prom", text(*packed(walking_film(), {})));
  folder.write("b.prom", text(*packed(other, {})));
  folder.write("c.prom", text(*packed(walking_film(), {})));
  folder.write("d.prom", "\x89PROMISE");
  folder.write("readme.txt", "no film");
  const auto films = load_film_folder(folder.path());
  REQUIRE(films);
  REQUIRE(films->films.size() == 2);
  CHECK(films->films[0].manifest.film.value() == "001100002026");
  CHECK(films->films[1].path == folder.file("a.prom"));
  CHECK(films->findings.size() == 2);
  CHECK(has_code(films->findings, "film-twice"));
  CHECK(has_code(films->findings, "magic-wrong"));
  CHECK(load_film_folder(folder.file("none")).error().code == "folder-unreadable");
}

TEST_CASE("a file appears whole or not at all") {
  const TemporaryFolder folder;
  {
    auto file = AtomicFile::create(folder.file("out"));
    REQUIRE(file);
    REQUIRE((*file)->write(base::as_bytes("half")));
  }
  CHECK(folder.entries() == 0);
  auto file = AtomicFile::create(folder.file("out"));
  REQUIRE((*file)->write(base::as_bytes("whole")));
  REQUIRE((*file)->commit());
  CHECK(folder.entries() == 1);
  CHECK(AtomicFile::create(folder.file("none/out")).error().code == "file-unwritable");
}

TEST_CASE("public keys come as digits or as a file") {
  const TemporaryFolder folder;
  const std::string digits = base::to_hex(key().public_key());
  folder.write("k.pub", digits + "\n");
  CHECK(load_public_key(digits) == key().public_key());
  CHECK(load_public_key(folder.file("k.pub")) == key().public_key());
  CHECK(load_public_key("xyz").error().code == "key-malformed");
}
