#pragma once
// One pull of one venue: what it has signed since its cursor, checked event by event, and made ready to be written. Blocking;
// rim through the client only. Nothing is taken that is not under a signed checkpoint which follows the one before:
//
//   1. The venue's last checkpoint is signed by its log key and not smaller than the cursor.
//   2. The events from the cursor to that checkpoint's size continue the chain, byte for byte.
//   3. Added to the edge of the tree kept at the cursor they give the checkpoint's root: so the old root is a beginning of the
//      new one (what a consistency proof shows), and every event is under the signature.
//   4. A day that was closed has the report whose hash the ledger holds, and that report says what the events amount to.
//
// A venue that cannot be reached, is slow or answers with an error is a Failure and asked again; one that shows what an honest
// ledger cannot show is a Refusal and goes to quarantine. Silence is a Failure or a checkpoint of the same size with a newer
// time, never an empty batch.

#include <chrono>
#include <functional>
#include <variant>

#include "ticketing/circuit/circuit_store.h"
#include "ticketing/circuit/venue_access.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::circuit {

struct PullLimits {
  std::uint64_t batch_events = 20'000;  // taken at once, where the venue has signed at fewer
  std::uint64_t most_events = 200'000;  // between two checkpoints; more is refused: a venue signs every minute
  std::size_t batch_bytes = 96U << 20;  // of stored events
  std::uint64_t page_events = 5000;
  std::size_t answer_bytes = 16U << 20;
  std::chrono::milliseconds connect_timeout{3000}, read_timeout{20'000};
  int days_ahead = kDaysAhead + 4;  // a business date later than so many days from now is none
};

struct Idle {  // nothing new, and the venue has signed that
  base::UtcTime is_signed;
};
struct Unsigned {};  // it answers, and has signed nothing yet
struct Failure {
  base::Error error;
};
using PullOutcome = std::variant<VenueBatch, Idle, Unsigned, Refusal, Failure>;

// What a pull asks the circuit's own store; both may fail as that does.
struct PullMemory {
  std::function<base::Result<std::vector<Admission>>(const std::vector<std::string>& names, const std::set<BusinessDate>& dates)> admissions;
  std::function<base::Result<DayCounts>(BusinessDate date)> counted;
};

// Where the venue refuses a token that was held it is asked once more, with a new one.
PullOutcome pull_venue(const VenueRecord& venue, const PullLimits& limits, const PullMemory& memory, VenueTokens& tokens, base::UtcTime now);

// Whether an error that a venue's answers lead to accuses the venue; else it is the way there, or its being busy.
bool accuses(std::string_view code);

// http://HOST:PORT/PATH as the address of a server and what stands before each target. Error "http-bad-url".
struct VenueAddress {
  std::string server, path;
};
base::Result<VenueAddress> venue_address(const std::string& url);

}  // namespace promenade::ticketing::circuit
