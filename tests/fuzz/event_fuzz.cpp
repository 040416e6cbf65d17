// Any bytes as a stored event, an export and a request: never crashes; what decodes has one encoding.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ticketing/core/event.h"
#include "ticketing/core/requests.h"
#include "tracking/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promenade;
  const base::ByteView bytes(data, size);
  const auto event = ticketing::decode_event(bytes, base::VenueId("test-venue"));
  if (event) {
    const auto again = ticketing::encode_event(*event);
    PROMENADE_ASSERT(std::ranges::equal(again, bytes));
  }
  (void)ticketing::read_export(bytes);
  const auto request = ticketing::request_from_text(base::as_text(bytes));
  if (request) {
    const auto back = ticketing::request_from_json(ticketing::to_json(*request));
    PROMENADE_ASSERT(back.has_value() && *back == *request);
  }
  return 0;
}
