#pragma once
// Where everybody truly was during a rehearsal, sampled for pictures: kept in memory, written and read as JSON
// (`promenade-tracks/1`). Pure but for load and save. Hall floor in metres, seconds since the rehearsal began.

#include <cstdint>
#include <string>
#include <vector>

#include "tracking/base/id.h"
#include "tracking/base/result.h"
#include "tracking/frame.h"

namespace promenade::rehearsal {

struct TrackPoint {
  double time_s = 0.0;
  tracking::Point<tracking::Hall> at;
};

struct PlayTrack {  // one viewer during one play, way in and out included
  std::uint32_t viewer = 0;
  base::FilmId film;
  bool seated = false;
  bool completed = false;
  std::vector<TrackPoint> points;  // in order of time; at least one

  double begin_s() const { return points.front().time_s; }
  double end_s() const { return points.back().time_s; }
};

struct Tracks {
  double seconds = 0.0;  // length of the rehearsal
  std::vector<PlayTrack> plays;
};

std::string tracks_json(const Tracks& tracks);
// Codes "tracks-malformed", "tracks-unreadable".
base::Result<Tracks> parse_tracks(const std::string& json, const std::string& name);
base::Result<Tracks> load_tracks(const std::string& path);

}  // namespace promenade::rehearsal
