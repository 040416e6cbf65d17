// ticket.h
#include "ticketing/core/ticket.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {

Ticket sample() {
  Ticket t;
  t.venue = base::VenueId("test-venue");
  t.code = base::TicketId("1234567890123456");
  t.film = kTideCaves;
  t.lane = base::LaneId("1234567800000101");
  t.screening = base::ScreeningId("0001012605010073");
  t.slot = 2;
  t.business_date = *BusinessDate::from_text("2026-05-01");
  t.valid_from = noon() - std::chrono::minutes(15);
  t.valid_until = noon() + std::chrono::minutes(30);
  t.price_class = "walking";
  t.nonce = ticket_nonce(t.code, fixed_key());
  return t;
}

std::string code_of(const std::string& text, base::UtcTime now, const base::VenueId& venue = base::VenueId("test-venue")) {
  const auto calendar = BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6));
  const auto result = verify_ticket(text, fixed_key().public_key(), venue, *calendar, now);
  return result ? "" : result.error().code;
}

}  // namespace

TEST_CASE("a ticket's text is fixed, short, and reads back") {
  const std::string text = issue_ticket(sample(), fixed_key());
  CHECK(matches_golden("ticket.txt", text + "\n"));
  CHECK(text.size() < 260);
  CHECK(parse_ticket(text) == sample());
  CHECK(code_of(text, noon()).empty());
}

TEST_CASE("each refusal of a ticket has its own code") {
  const std::string text = issue_ticket(sample(), fixed_key());
  CHECK(code_of("hello", noon()) == "ticket-malformed");
  CHECK(code_of(text.substr(0, text.size() - 4), noon()) == "ticket-malformed");
  CHECK(code_of(text + "A", noon()) == "ticket-malformed");
  CHECK(code_of(issue_ticket(sample(), base::KeyPair::from_seed({})), noon()) == "ticket-forged");
  CHECK(code_of(text, noon(), base::VenueId("elsewhere")) == "ticket-other-venue");
  Ticket other = sample();
  other.venue = base::VenueId("elsewhere");
  CHECK(code_of(issue_ticket(other, base::KeyPair::from_seed({})), noon()) == "ticket-other-venue");
  CHECK(code_of(text, noon() + std::chrono::hours(24)) == "ticket-other-day");
  CHECK(code_of(text, noon() - std::chrono::minutes(16)) == "ticket-not-yet-valid");
  CHECK(code_of(text, noon() + std::chrono::minutes(30)) == "ticket-expired");
}

TEST_CASE("a ticket with any letter changed is never taken") {
  const std::string text = issue_ticket(sample(), fixed_key());
  CHECK(rc::check([&] {
    std::string changed = text;
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto letter = *rc::gen::inRange<char>(33, 127);
    RC_PRE(letter != text[at]);
    changed[at] = letter;
    RC_ASSERT(!code_of(changed, noon()).empty());
  }));
}

TEST_CASE("any ticket reads back as it was issued") {
  CHECK(rc::check([](std::uint64_t seed) {
    SeededIdSource ids(seed);
    Ticket t = sample();
    t.code = random_ticket_code(ids);
    t.slot = *rc::gen::inRange(1, 60'000);
    t.kind = static_cast<TicketKind>(*rc::gen::inRange(0, 4));
    t.nonce = ticket_nonce(t.code, fixed_key());
    RC_ASSERT((parse_ticket(issue_ticket(t, fixed_key())) == t));
  }));
}
