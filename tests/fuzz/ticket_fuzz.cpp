// Any text as a ticket: never crashes, never verifies unless it is the one spelling that this venue signed.
#include <cstddef>
#include <cstdint>

#include "ticketing/core/ticket.h"
#include "tracking/base/assert.h"
#include "tracking/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promenade;
  static const auto key = base::KeyPair::from_seed({});
  static const auto calendar = ticketing::BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6));
  const auto text = base::as_text({data, size});
  const auto ticket = ticketing::parse_ticket(text);
  if (ticket) {
    // What parses can be issued again and then reads back equal.
    const auto again = ticketing::parse_ticket(ticketing::issue_ticket(*ticket, key));
    PROMENADE_ASSERT(again.has_value() && *again == *ticket);
  }
  const auto now = base::UtcTime(std::chrono::seconds(1'777'608'000));
  const auto verified = ticketing::verify_ticket(text, key.public_key(), base::VenueId("test-venue"), *calendar, now);
  PROMENADE_ASSERT(!verified || ticketing::issue_ticket(*verified, key) == text);
  return 0;
}
