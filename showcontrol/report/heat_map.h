#pragma once
// Heat maps of near misses: a hall's for its staff, a film's for its author. Pure, but for the fonts of the canvas.
// A hall's is in the hall's frame; a film's in the film's own, so that all its viewers' near misses fall on one map,
// however the film was turned, shifted, mirrored or scaled for each of them.

#include "content-tools/package/manifest.h"
#include "showcontrol/report/near_misses.h"
#include "showcontrol/report/sheet.h"
#include "tracking/venue.h"

namespace promenade::report {

// Pairs lie half way between the two.
std::vector<Mark> hall_marks(const std::vector<NearMissRecord>& records, const Filter& filter);
// Of viewers of this cut of the film, in its scenes and on the legs between them; one each where both watched it.
std::vector<Mark> film_marks(const std::vector<NearMissRecord>& records, const Filter& filter, const std::string& film, const std::string& package);

// Floor, walls, columns, doors, kitting area and chairs; beside it each film's share.
Sheet hall_sheet(const tracking::Venue& venue, const std::vector<Mark>& marks, const Summary& summary, const FilmTitles& titles, const Heading& heading);
// Route, scenes and gates; beside it each scene's share. The film must have a route. `summary` is of this film.
Sheet film_sheet(const package::Manifest& manifest, const std::string& package, const std::vector<Mark>& marks, const Summary& summary, const Heading& heading);

}  // namespace promenade::report
