#pragma once
// The file of an expected demand (promenade-demand/1, docs/planning.md): for each kind of day, viewers an hour by film.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "showcontrol/planning/week.h"
#include "tracking/base/finding.h"

namespace promenade::planning {

// Any bytes are accepted; everything that is wrong is told, by line and key.
std::expected<std::vector<DayDemand>, base::Findings> read_demand(std::string_view text, const std::string& file);
// The same from a file of at most 1 MiB; "file-unreadable".
std::expected<std::vector<DayDemand>, base::Findings> load_demand(const std::string& path);

}  // namespace promenade::planning
