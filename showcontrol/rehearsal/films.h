#pragma once
// The films of a rehearsal: every package of a folder, as client and hall know them. Loading is the rim; the set is
// read-only afterwards and shared.

#include <memory>
#include <string>

#include "showcontrol/client/client.h"
#include "tracking/base/result.h"

namespace promenade::rehearsal {

class FilmSet {
 public:
  // Code "films-unusable" names what is wrong with the folder or a package in it.
  static base::Result<FilmSet> load(const std::string& folder);
  explicit FilmSet(client::FilmShelf shelf) : shelf_(std::make_shared<const client::FilmShelf>(std::move(shelf))) {}

  const client::FilmShelf& shelf() const { return *shelf_; }
  std::shared_ptr<const client::FilmShelf> shared() const { return shelf_; }
  // Dwells made longer or shorter by a factor, for visits of another length; legs and places stay. They go by the hashes
  // of the packages that are rehearsed, so that near misses of the rehearsal are found on those films' maps.
  FilmSet scaled(double factor) const;

 private:
  std::shared_ptr<const client::FilmShelf> shelf_;
};

}  // namespace promenade::rehearsal
