#pragma once
// A circuit as a witness of the venues that it pulls: the venue's last signed checkpoint must be of exactly the events that
// were pulled, and follow the one that this circuit took before. Blocking; rim only through the client and the files.

#include "ticketing/circuit/event_file.h"
#include "ticketing/store/witness_file.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::circuit {

struct SignedLog {
  std::uint64_t size = 0;  // events under the checkpoint; 0: the venue signs none, and never did
};

// Events that came meanwhile are pulled first. Errors: "checkpoint-differs" (it is not of the pulled events),
// "checkpoint-missing" (the venue signed before and shows none now), "log-keys-differ" (the venue names other keys than its
// events do), those of Witness, of pull_events and of the client.
base::Result<SignedLog> check_log(base::http::Client& client, EventFile& file, store::WitnessFile& witness);

}  // namespace promenade::ticketing::circuit
