#pragma once
// A rehearsal as one picture (SVG): the hall at its fullest moment, who was in which film when, and each film's
// walks by themselves. Pure; text is Chinese and English side by side.

#include <string>
#include <vector>

#include "showcontrol/rehearsal/tracks.h"
#include "tracking/venue.h"

namespace promenade::rehearsal {

using tracking::HallPoint;

struct PictureFilm {
  base::FilmId film;
  std::string title_zh, title_en;
  bool seated = false;
};

std::string draw_hall(const tracking::Venue& venue, const std::vector<PictureFilm>& films, const Tracks& tracks);

// The moment at which most plays ran, and how many; {0, 0} without plays.
struct Fullest { double time_s = 0.0; int plays = 0; };
Fullest fullest_moment(const Tracks& tracks);

}  // namespace promenade::rehearsal
