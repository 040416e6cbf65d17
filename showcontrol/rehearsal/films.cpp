#include "showcontrol/rehearsal/films.h"

#include "content-tools/package/package_file.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

client::Film film_of(package::Manifest manifest) {
  const base::Hash hash = base::blake2b(package::manifest_bytes(manifest));
  return {std::move(manifest), hash};
}

}  // namespace

base::Result<FilmSet> FilmSet::load(const std::string& folder) {
  auto loaded = package::load_film_folder(folder);
  if (!loaded) return std::unexpected(loaded.error());
  if (base::has_errors(loaded->findings)) {
    return base::fail("films-unusable", base::formatted("The films in {} cannot be used:\n{}", folder, base::to_string(loaded->findings)),
                      "Take the packages named out of the folder, or pack them again.");
  }
  if (loaded->films.empty()) return base::fail("films-unusable", base::formatted("There is no film package in {}.", folder), "Name a folder with *.prom files.");
  client::FilmShelf shelf;
  for (auto& film : loaded->films) shelf.push_back(film_of(std::move(film.manifest)));
  return FilmSet(std::move(shelf));
}

FilmSet FilmSet::scaled(double factor) const {
  client::FilmShelf shelf;
  for (const client::Film& film : *shelf_) {
    package::Manifest manifest = film.manifest;
    if (manifest.route) {
      for (package::Scene& scene : manifest.route->scenes) {
        scene.dwell_s *= factor;
        scene.choose_s *= factor;
      }
      manifest.length_s = package::nominal_length_s(*manifest.route);
    } else {
      manifest.length_s *= factor;
    }
    shelf.push_back({std::move(manifest), film.package_hash});
  }
  return FilmSet(std::move(shelf));
}

}  // namespace promenade::rehearsal
