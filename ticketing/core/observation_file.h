#pragma once
// What an independent counter saw, as a file: the adapter for counters that write a table and do not speak HTTP. Pure.
//
// CSV, UTF-8, with a header line that names the columns in any order: sensor,hall,from,to,entered,left and, where a counter
// can say that it was out, reason. Times are UTC as in the API. A line with a reason is an outage: its counts are left
// empty. Lines may be handed in again: each has a key of its own, by sensor and beginning.

#include <string_view>
#include <vector>

#include "ticketing/core/requests.h"

namespace promenade::ticketing {

// HEAD gives device, device_ts and actor of every line. Error "observations-malformed" with the line and what it wants.
base::Result<std::vector<Observation>> observations_from_csv(std::string_view text, const RequestHead& head);

}  // namespace promenade::ticketing
