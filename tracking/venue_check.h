#pragma once
// Whether a Venue makes sense as a hall: shapes, places, distances, limits. Pure; metres in the Hall frame.
// Points that are not finite and polygons that are empty are taken as unknown and not judged. Findings carry the
// dotted key of the venue file and no line; codes are those of tracking/venue_file.h.

#include <string>

#include "tracking/base/finding.h"
#include "tracking/venue.h"

namespace promenade::tracking {

base::Findings check_venue(const Venue& venue, const std::string& file);

}  // namespace promenade::tracking
