#pragma once
// Putting a ledger back: a copy takes the place of what is there, and events that came after the copy are taken in from
// whoever pulled them. Nothing is deleted: what was there stays beside it. Rim: files.

#include <cstdint>
#include <optional>
#include <string>

#include "ticketing/core/event.h"
#include "ticketing/store/verify.h"

namespace promenade::ticketing::store {

struct RestoreOptions {
  std::string copy;    // a file that LedgerReader::back_up made
  std::string ledger;  // where it goes; must not be in use
  base::VenueId venue;
  const ExportContent* events = nullptr;    // of the same venue from its first event on, for what came after the copy
  std::optional<Checkpoint> witnessed;      // the last one that somebody outside holds
  bool accept_loss = false;                 // although events are lost for good
};

struct Restored {
  std::uint64_t of_copy = 0, of_events = 0;  // events
  ChainHead head;
  std::string kept_as;  // the name of what was there; empty: nothing was
};

// The copy and the events are verified before anything is moved. Errors: "ledger-in-use", "copy-broken" (the copy does not
// verify), "export-other-past" (the events are not those of the copy), "restore-loses" (the witness or the ledger that is
// there has events that the restored one would not have), those of the files. After an error all is as it was.
base::Result<Restored> restore_ledger(const RestoreOptions& options);

}  // namespace promenade::ticketing::store
