// Venue files from outside: any bytes give a sound hall or findings with a line, a code and advice.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tracking/base/assert.h"
#include "tracking/venue_check.h"
#include "tracking/venue_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promenade;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = tracking::read_venue(text, "fuzz.toml");
  if (read) {
    PROMENADE_ASSERT(tracking::check_venue(*read, "fuzz.toml").empty());
    (void)read->zone_at(read->entrance.at);
    PROMENADE_ASSERT(read->clearance_m(read->entrance.at) > 0.0);
    return 0;
  }
  PROMENADE_ASSERT(base::has_errors(read.error()));
  for (const base::Finding& finding : read.error()) {
    PROMENADE_ASSERT(!finding.code.empty() && !finding.message.empty() && !finding.expected.empty());
    PROMENADE_ASSERT(base::to_string(finding).find('\n') == std::string::npos);
  }
  return 0;
}
