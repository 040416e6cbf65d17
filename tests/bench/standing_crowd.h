#pragma once
// A hall whose viewers stand in their film's first scene, as an earlier run of the hall's program would have left it: venue, film
// and records. Pure; hall floor, metres.
//
// Viewers stand in pairs: 2 m apart as planned, pairs on a grid, 20 m² a viewer. Others may wait in the kitting area for a film that
// walks about and finds no room between them.

#include <memory>
#include <string>
#include <vector>

#include "content-tools/package/manifest.h"
#include "showcontrol/hall/events.h"
#include "tracking/geometry.h"
#include "tracking/venue.h"

namespace promenade::bench {

inline constexpr int kCrowdMost = 200;
inline const base::FilmId kStandingFilm{"009900012026"}, kWanderingFilm{"009900022026"};

struct StandingCrowd {
  std::vector<tracking::HallPoint> homes;  // of headset 1, 2, ...; odd and next even are a pair, who waits comes last
  std::size_t playing = 0;                 // of them; the others wait
  std::string venue_toml;
  tracking::Venue venue;
};
// `viewers` under way: an even number, at most kCrowdMost. At most 12 who wait; the smallest hall's kitting area has room for
// `viewers` / 12. Throws where the venue is none.
StandingCrowd standing_crowd(int viewers, int waiting = 0);

package::Manifest standing_film();   // two scenes of an hour each
package::Manifest wandering_film();  // ten minutes along a square of 7 m and across it

// What a hall's journal holds when headset, visit and play N of `film` are under way at home N, in scene 0, and the others wait for the
// wandering film.
std::vector<hall::StateRecord> standing_records(const StandingCrowd& crowd, const package::Manifest& film);

}  // namespace promenade::bench
