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
  explicit Record(const client::FilmShelf& films);
  void look(const House& house, double now_s);
  int under_way() const { return under_way_; }  // plays: on the way in, in the film, on the way out
  int walkers() const { return walkers_; }      // in their films
  int seated() const { return seated_; }
  double full_s() const { return full_s_; }     // how long so far the hall has been full, as below
  Tracks tracks(double seconds) const;
  // All figures that the demo needs; keys in the file's names (docs/measures.md).
  nlohmann::json report(const House& house, double seconds) const;

 private:
  void track(const Sight& sight, bool sits, double now_s);

  std::set<base::FilmId> seated_films_;
  std::map<std::uint32_t, PlayTrack> plays_;
  int under_way_ = 0, walkers_ = 0, seated_ = 0;
  int walkers_max_ = 0, seated_max_ = 0, under_way_max_ = 0, watching_max_ = 0, films_max_ = 0, watched_max_ = 0;
  double full_s_ = 0.0;  // with twelve plays under way, three viewers seated in their films, and six walking films
  double next_track_s_ = 0.0, last_s_ = 0.0;
};

}  // namespace promenade::rehearsal
