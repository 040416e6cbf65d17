#pragma once
// What of a request needs no state: it is checked against its own limits, and written out as it will be booked. Any thread
// may do that, so that the one that decides need not. Pure.

#include <string>

#include "ticketing/core/requests.h"
#include "tracking/base/crypto.h"

namespace promenade::ticketing {

struct CheckedRequest {
  Request request;
  base::Hash digest{};  // digest_of(request)
  std::string booked;   // its part of an event's body, canonical JSON: with hashes in place of tokens and codes (event_body.h)
};

// Errors as of request_from_json: requests made in the program obey the same limits as those that come as JSON.
base::Result<CheckedRequest> checked(Request request);

}  // namespace promenade::ticketing
