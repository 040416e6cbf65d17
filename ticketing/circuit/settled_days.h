#pragma once
// The days that a venue has closed or corrected: its own report of each, which must be the one whose hash is in the ledger, and
// say what the events amount to. Blocking; rim through the client only.

#include <functional>
#include <string>
#include <vector>

#include "ticketing/circuit/venue_record.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::circuit {

// Adds reports and discrepancies to BATCH. COUNTED gives what earlier batches counted for a day. EVIDENCE becomes the report
// that is refused. Errors: "report-altered" (not the bytes that the ledger's hash is of), "report-differs" (its totals are not
// what the events amount to; plays started are not compared where an evacuation ended visits), and those of the client.
base::Result<void> settled_days(base::http::Client& client, const std::string& path, const VenueRecord& venue, const std::vector<SettledDay>& days,
                                const std::function<base::Result<DayCounts>(BusinessDate)>& counted, VenueBatch& batch, std::string& evidence);

}  // namespace promenade::ticketing::circuit
