// event.h, event_body.h
#include "ticketing/core/event.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/ticketing_core/fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {


base::Bytes export_of(const std::vector<Event>& events) {
  const std::string header = encode_export_header({kVenue, 1, events.size(), events.back().hash});
  base::Bytes out(header.begin(), header.end());
  for (const Event& event : events) append_export_event(out, encode_event(event));
  return out;
}

std::vector<Event> some_events() {
  World w;
  w.watch(w.must<SaleAnswer>(Request(w.sale(kSnowLine, 2))).tickets[0].token);
  return w.events;
}

}  // namespace

TEST_CASE("the bytes of events are fixed") {
  std::string text;
  for (const Event& event : some_events()) text += base::to_hex(encode_event(event)) + " " + base::to_hex(event.hash) + "\n";
  CHECK(matches_golden("events.hex", text));
}

TEST_CASE("tokens and nonces are not in the ledger") {
  World w;
  const auto sold = w.must<SaleAnswer>(Request(w.sale(kSnowLine, 1)));
  w.must<RedemptionAnswer>(Request(w.redemption(sold.tickets[0].token)));
  const auto nonce = ticket_nonce(sold.tickets[0].code, w.key);
  for (const Event& event : w.events) {
    CHECK(event.body.find("PMT1.") == std::string::npos);
    CHECK(event.body.find(base::to_hex(nonce)) == std::string::npos);
  }
}

TEST_CASE("an event decodes to what was encoded, and damage is seen") {
  for (const Event& event : some_events()) {
    const base::Bytes stored = encode_event(event);
    CHECK(decode_event(stored, kVenue) == event);
    CHECK(event_hash(stored, base::VenueId("other")) != event.hash);
    for (std::size_t size = 0; size < stored.size(); ++size) {
      const auto cut = decode_event(base::ByteView(stored).first(size), kVenue);
      if (cut) FAIL_CHECK("an event cut to " << size << " bytes was taken");
    }
  }
}

TEST_CASE("whatever decodes encodes to the same bytes") {
  const base::Bytes stored = encode_event(some_events().back());
  CHECK(rc::check([&] {
    base::Bytes changed = stored;
    changed[*rc::gen::inRange<std::size_t>(0, stored.size())] = *rc::gen::arbitrary<std::uint8_t>();
    const auto event = decode_event(changed, kVenue);
    if (event) RC_ASSERT(encode_event(*event) == changed);
  }));
}

TEST_CASE("invariant 3: the chain names the event and the check that fails") {
  const auto events = some_events();
  ChainChecker chain(kVenue);
  for (const Event& event : events) CHECK(chain.next(encode_event(event)) == event);
  CHECK(chain.head() == ChainHead{events.size(), events.back().hash});

  ChainChecker gap(kVenue);
  const auto skipped = gap.next(encode_event(events[1]));
  CHECK(skipped.error().code == "chain-gap");
  CHECK(skipped.error().message == "Event 2 follows event 0.");

  ChainChecker altered(kVenue);
  Event first = events[0];
  first.actor = "somebody else";
  REQUIRE(altered.next(encode_event(first)).has_value());
  const auto broken = altered.next(encode_event(events[1]));
  CHECK(broken.error().code == "chain-broken");
  CHECK(broken.error().message.starts_with("Event 2 "));
  CHECK(altered.head().seq == 1);
}

TEST_CASE("an export reads back whole and any damage to it is refused") {
  const auto events = some_events();
  const base::Bytes stream = export_of(events);
  const auto content = read_export(stream);
  REQUIRE(content.has_value());
  CHECK(content->events == events);
  CHECK(content->header.last == events.size());

  CHECK(read_export(base::ByteView(stream).first(stream.size() - 1)).error().code == "export-cut-short");
  const std::size_t last = 4 + encode_event(events.back()).size();
  CHECK(read_export(base::ByteView(stream).first(stream.size() - last)).error().code == "export-cut-short");
  CHECK(read_export(base::as_bytes("hello")).error().code == "export-malformed");
  CHECK(read_export(stream, {3, {}}).error().code == "export-start");
  CHECK(rc::check([&] {
    base::Bytes changed = stream;
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    const auto value = *rc::gen::arbitrary<std::uint8_t>();
    RC_PRE(value != stream[at]);
    changed[at] = value;
    RC_ASSERT(!read_export(changed).has_value());
  }));
}

TEST_CASE("an export of no events is well-formed") {
  const std::string header = encode_export_header({kVenue, 4, 3, package(7)});
  CHECK(read_export(base::as_bytes(header), {3, package(7)}).has_value());
  CHECK(read_export(base::as_bytes(header), {3, package(8)}).error().code == "export-head");
}
