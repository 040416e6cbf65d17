#pragma once
// What a live rehearsal reports, gathered from the truth as it happens: how many at once, tracks for the picture.
// One thread; rehearsal seconds.

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>

#include "showcontrol/rehearsal/house.h"
#include "showcontrol/rehearsal/tracks.h"

namespace promenade::rehearsal {

class Record {
 public:
  explicit Record(std::set<base::FilmId> seated_films) : seated_films_(std::move(seated_films)) {}
  void look(const House& house, double now_s);
  int walkers() const { return walkers_; }
  int seated() const { return seated_; }
  Tracks tracks(double seconds) const;
  // All figures that the demo needs; keys in the file's names (docs/measures.md).
  nlohmann::json report(const House& house, double seconds) const;

 private:
  void track(const Sight& sight, bool sits, double now_s);

  std::set<base::FilmId> seated_films_;
  std::map<std::uint32_t, PlayTrack> plays_;
  int walkers_ = 0, seated_ = 0;
  int walkers_max_ = 0, seated_max_ = 0, at_once_max_ = 0, films_max_ = 0;
  double full_s_ = 0.0;  // with twelve at once, three of them seated, in six walking films
  double next_track_s_ = 0.0, last_s_ = 0.0;
};

}  // namespace promenade::rehearsal
