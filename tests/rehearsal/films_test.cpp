#include "showcontrol/rehearsal/films.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/package/films.h"

using namespace promenade;

TEST_CASE("films of a rehearsal with longer or shorter scenes are found under the packages that are rehearsed") {
  const package::Manifest manifest = package::testing::walking_film();
  const base::Hash hash = base::blake2b(package::manifest_bytes(manifest));
  const rehearsal::FilmSet films(client::FilmShelf{{manifest, hash}});
  for (const double factor : {0.5, 1.0, 3.0}) {
    const rehearsal::FilmSet scaled = films.scaled(factor);
    REQUIRE(scaled.shelf().size() == 1);
    const client::Film& film = scaled.shelf().front();
    CHECK(film.package_hash == hash);
    REQUIRE(film.manifest.route);
    REQUIRE(film.manifest.route->scenes.size() == manifest.route->scenes.size());
    for (std::size_t k = 0; k < manifest.route->scenes.size(); ++k) {
      const package::Scene& scene = film.manifest.route->scenes[k];
      CHECK(scene.dwell_s == Catch::Approx(factor * manifest.route->scenes[k].dwell_s));
      CHECK(scene.at.x_m == manifest.route->scenes[k].at.x_m);
      CHECK(scene.at.y_m == manifest.route->scenes[k].at.y_m);
    }
  }
}
