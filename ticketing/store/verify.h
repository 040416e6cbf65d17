#pragma once
// Is a ledger what it was: every event read from the file and checked against the chain, its rules, the checkpoints that
// were signed about it, and one that somebody outside kept. Names the first event that is not right. Changes nothing.

#include <cstdint>
#include <optional>
#include <string>

#include "ticketing/core/ledger_state.h"
#include "ticketing/core/merkle.h"
#include "ticketing/store/ledger.h"

namespace promenade::ticketing::store {

struct Verification {
  std::uint64_t events = 0;  // that are right, from the first on
  ChainHead head;            // of the last of these
  bool chain_ok = false;     // chain, signed checkpoints and the outside one
  bool rebuilt_identical = false;
  std::uint64_t checkpoints = 0;  // that hold
  std::uint64_t first_bad = 0;    // the first event that is altered, missing or against the rules; 0: none
  std::string code, detail;       // of the first failure; empty where all is well
  bool ok() const { return chain_ok && rebuilt_identical; }
};

// What all events together amount to, and the tree over them.
struct Replay {
  explicit Replay(const base::VenueId& venue) : state(venue) {}
  LedgerState state;
  MerkleTree tree;
  ChainHead head;  // of the last event that is right
};

// Takes every event into OUT; a failure leaves OUT where it came to. Errors, each naming the event: "chain-gap" (missing),
// "event-altered" (its bytes are not those of the hash beside it), "event-malformed", "chain-broken" (an event was
// replaced together with its hash), "ledger-inconsistent" (against the rules), those of the file.
struct BadEvent {
  std::uint64_t seq = 0;
  base::Error error;
};
std::optional<BadEvent> replay(const Ledger& ledger, Replay& out);

// Whether one checkpoint, or every one that the ledger keeps, is of these events and signed by the venue. Errors "ledger-cut"
// (of more events than there are), "checkpoint-differs", those of LogKeys::check.
base::Result<void> check_checkpoint(const Checkpoint& checkpoint, const Replay& events);
std::optional<BadEvent> check_checkpoints(const Ledger& ledger, const Replay& events, std::uint64_t& held);

// WITNESSED: the last checkpoint that somebody outside holds.
Verification verify_ledger(const Ledger& ledger, const base::VenueId& venue, const std::optional<Checkpoint>& witnessed = std::nullopt);

// Of a ledger that no box office has open: verifies it; makes its tables anew from its events (the way out of
// "projection-differs").
base::Result<Verification> verify_ledger_file(const std::string& path, const base::VenueId& venue,
                                              const std::optional<Checkpoint>& witnessed = std::nullopt);
base::Result<void> rebuild_ledger_file(const std::string& path, const base::VenueId& venue);

}  // namespace promenade::ticketing::store
