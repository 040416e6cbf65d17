#include "ticketing/core/checked_request.h"

#include "ticketing/core/event_body.h"
#include "ticketing/core/json_fields.h"

namespace promenade::ticketing {

base::Result<CheckedRequest> checked(Request request) {
  nlohmann::json json = to_json(request);
  if (const auto read = request_from_json(json); !read) return std::unexpected(read.error());
  CheckedRequest out{std::move(request), base::blake2b(base::as_bytes(canonical_text(json))), {}};
  out.booked = booked_request_text(std::move(json));
  return out;
}

}  // namespace promenade::ticketing
