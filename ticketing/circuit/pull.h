#pragma once
// Pulling one venue: events by cursor from where the own file ends, each checked against the chain before it is
// kept; then the venue's day reports against the same reports made anew from the pulled events. Blocking; rim only
// through the client and the file.
// Errors: "venue-rolled-back" (its ledger ends before ours), "venue-altered" (an event that we hold is another
// there), "report-differs", those of EventFile, ChainChecker and the client.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/circuit/event_file.h"
#include "ticketing/core/ledger_state.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::circuit {

// GET TARGET as JSON; any status but 200 is the error that the answer names.
base::Result<nlohmann::json> ask_json(base::http::Client& client, const std::string& target);

// What an answer with another status than 200 says.
base::Error venue_error(const base::http::Response& response);

struct Venue {
  base::VenueId id;
  std::uint64_t head_seq = 0;
};
base::Result<Venue> ask_venue(base::http::Client& client);

struct PullResult {
  std::uint64_t events_before = 0, events_new = 0;
  ChainHead head;
  std::vector<BusinessDate> touched;  // business dates of the new events, each once, in order
};
base::Result<PullResult> pull_events(base::http::Client& client, EventFile& file);

// Replays the file and asks the venue for the report of each DATE; while the venue goes on selling, events that its
// reports already take in are pulled first. Gives the number of reports that were equal byte for byte.
base::Result<int> check_reports(base::http::Client& client, EventFile& file, const std::vector<BusinessDate>& dates);

struct StoreSummary {
  ChainHead head;
  std::vector<DayReport> days;
};
// The whole file: chain, rules, and what its days amount to.
base::Result<StoreSummary> summarise(const EventFile& file);

}  // namespace promenade::ticketing::circuit
