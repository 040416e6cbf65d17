// Venues that show what an honest ledger cannot show: refused, told, kept, and nothing after the last good event taken.
#include <catch2/catch_test_macros.hpp>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/merkle_frontier.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;

namespace {

constexpr std::uint64_t kTaken = 100;  // events that the circuit has before the lie

struct Lied {
  CircuitFixture f;
  MadeLedger whole;
  MadeLedger other = ledger_of(few_days(), CircuitFixture::id(2), "影院2", "Venue 2", 50);

  Lied() {
    whole = f.add(1);
    f.add(2);  // an honest one beside it
    f.venues.put(served(CircuitFixture::until(whole, kTaken)));
    REQUIRE(collect());
    REQUIRE(f.record(1).cursor.seq == kTaken);
  }
  // Everything after what was taken in one batch, so that a lie anywhere in it refuses all of it.
  base::Result<CollectorFigures> collect() {
    auto options = f.options();
    options.limits.batch_events = 20'000;
    return f.collect(options);
  }
  // Serves LEDGER and gives the code under which the venue is refused; checks what must hold after every lie.
  std::string told(const MadeLedger& ledger, const std::function<void(ServedVenue&)>& deed = {}) {
    f.venues.put(served(ledger));
    if (deed) f.venues.change(ledger.venue, deed);
    REQUIRE(collect());
    const auto record = f.record(1);
    CHECK(record.cursor.seq == kTaken);
    CHECK(f.stored(1).size() == kTaken);
    CHECK(f.record(2).state == VenueState::active);
    CHECK(f.record(2).cursor.seq == other.stored.size());
    if (record.state != VenueState::quarantined) return {};
    CHECK(f.number("SELECT count(*) FROM incidents WHERE released_at IS NULL AND cursor_seq = 100") == 1);
    CHECK_FALSE(record.state_text.empty());
    return record.state_code;
  }
};

// The whole ledger with one event's body changed, and everything after it chained and signed anew, as somebody with the venue's
// keys would.
MadeLedger rewritten(const MadeLedger& from, std::uint64_t seq) {
  MadeLedger out = from;
  out.checkpoints.clear();
  base::Hash previous{};
  MerkleFrontier frontier;
  for (std::size_t i = 0; i < out.stored.size(); ++i) {
    Event event = decode_event(out.stored[i], out.venue).value();
    if (event.seq == seq) event.actor = "somebody else";
    event.prev_hash = previous;
    out.stored[i] = encode_event(event);
    out.hashes[i] = previous = event_hash(out.stored[i], out.venue);
    frontier.append(out.stored[i]);
    if ((i + 1) % 50 == 0) out.checkpoints.push_back(sign_checkpoint({out.venue, i + 1, frontier.root(), previous, event.ts, std::nullopt, {}, {}}, log_key_of(out.venue)));
  }
  return out;
}

}  // namespace

TEST_CASE("an event altered on the way, with its hash left as it was") {
  Lied lied;
  MadeLedger bad = lied.whole;
  bad.stored[110].back() ^= 1;
  CHECK(lied.told(bad) == "chain-broken");
}

TEST_CASE("a wrong hash beside the last event") {
  Lied lied;
  CHECK(lied.told(CircuitFixture::until(lied.whole, 150), [](ServedVenue& v) { v.hashes.back()[0] ^= 1; }) == "export-head");
}

TEST_CASE("a past written anew, chained and signed with the venue's own key") {
  Lied lied;
  CHECK(lied.told(rewritten(lied.whole, 60)) == "chain-broken");  // what follows does not follow what was taken
  Lied again;
  auto silent = rewritten(again.whole, 60);
  silent = CircuitFixture::until(silent, kTaken);
  CHECK(again.told(silent) == "checkpoint-forked");  // also where nothing new follows
}

TEST_CASE("a future told to the circuit that is not the one signed") {
  Lied lied;
  MadeLedger two_faced = lied.whole;
  two_faced.checkpoints = rewritten(lied.whole, 130).checkpoints;
  CHECK(lied.told(two_faced) == "checkpoint-differs");
}

TEST_CASE("a wrong signature, a stranger's key, and a key that nobody endorsed") {
  Lied forged;
  CHECK(forged.told(forged.whole, [](ServedVenue& v) { v.checkpoints.back().signature[3] ^= 1; v.checkpoints.erase(v.checkpoints.begin(), v.checkpoints.end() - 1); }) == "checkpoint-forged");
  Lied stranger;
  CHECK(stranger.told(stranger.whole, [&](ServedVenue& v) {
          Checkpoint last = v.checkpoints.back();
          v.checkpoints = {sign_checkpoint(last, log_key_of(CircuitFixture::id(9)))};
        }) == "log-key-unknown");
}

TEST_CASE("a ledger cut short, and one restored to an old copy that has gone on selling") {
  Lied cut;
  CHECK(cut.told(CircuitFixture::until(cut.whole, 50)) == "checkpoint-rolled-back");
  Lied hidden;
  CHECK(hidden.told(hidden.whole, [](ServedVenue& v) { v.checkpoints.clear(); }) == "checkpoint-missing");
  Lied restored;
  // From event 81 on its events are others; it is longer than what was taken.
  CHECK(restored.told(rewritten(restored.whole, 81)) == "chain-broken");
}

TEST_CASE("another venue at the address") {
  Lied lied;
  REQUIRE(lied.f.store->connection().query("UPDATE venues SET url = $1 WHERE venue = 'venue-1'", {lied.f.venues.url(CircuitFixture::id(2))}));
  REQUIRE(lied.f.collect());
  CHECK(lied.f.record(1).state_code == "venue-other");
}

TEST_CASE("a report that is not the ledger's, and one that is and lies") {
  Lied altered;
  CHECK(altered.told(altered.whole, [](ServedVenue& v) { v.reports.begin()->second += " "; }) == "report-altered");
  CHECK(altered.f.number("SELECT length(evidence) FROM incidents") > 1000);  // the report itself

  // The venue books a close whose report counts fewer than were sold: hash, chain and signature are right.
  CircuitFixture f;
  MadeDays days = few_days();
  days.reports.begin()->second.totals.sold -= 5;
  f.add(1, days);
  REQUIRE(f.collect());
  CHECK(f.record(1).state_code == "report-differs");
  CHECK(f.record(1).state_text.contains("sold " + std::to_string(days.reports.begin()->second.totals.sold) + " there"));
  const std::uint64_t close = days.reports.begin()->first;
  CHECK(f.record(1).cursor.seq < close);
}

TEST_CASE("answers that are nonsense or come from a proxy in trouble accuse nobody") {
  Lied lied;
  for (const int status : {401, 403, 404, 429, 500, 502}) {
    CHECK(lied.told(lied.whole, [&](ServedVenue& v) { v.status = status; }).empty());
    CHECK(lied.f.number("SELECT failures FROM contacts c JOIN venues v ON v.id = c.venue WHERE v.venue = 'venue-1'") > 0);
  }
}

TEST_CASE("a business date that cannot be makes no partitions") {
  Lied lied;
  MadeLedger bad = lied.whole;
  MerkleFrontier frontier;
  for (std::size_t i = 0; i < kTaken; ++i) frontier.append(bad.stored[i]);
  Event event = decode_event(bad.stored[kTaken], bad.venue).value();
  event.business_date = BusinessDate::from_text("2199-01-01").value();
  bad.stored.resize(kTaken);
  bad.stored.push_back(encode_event(event));
  bad.hashes.resize(kTaken);
  bad.hashes.push_back(event_hash(bad.stored.back(), bad.venue));
  frontier.append(bad.stored.back());
  bad.checkpoints = {sign_checkpoint({bad.venue, kTaken + 1, frontier.root(), bad.hashes.back(), event.ts, std::nullopt, {}, {}}, log_key_of(bad.venue))};
  CHECK(lied.told(bad) == "event-malformed");
}

TEST_CASE("only a named person lifts a quarantine; then the venue is taken from its last good event") {
  Lied lied;
  CHECK(lied.told(CircuitFixture::until(lied.whole, 50)) == "checkpoint-rolled-back");
  // The venue has its events again: nothing happens by itself.
  lied.f.venues.put(served(lied.whole));
  REQUIRE(lied.f.collect());
  CHECK(lied.f.record(1).cursor.seq == kTaken);
  CHECK(lied.f.store->release(CircuitFixture::id(2), "eva", "no reason", lied.f.now).error().code == "venue-not-quarantined");
  CHECK(lied.f.store->release(CircuitFixture::id(77), "eva", "no reason", lied.f.now).error().code == "venue-unknown");
  REQUIRE(lied.f.store->release(CircuitFixture::id(1), "eva", "restored from our export", lied.f.now));
  CHECK(lied.f.number("SELECT count(*) FROM incidents WHERE released_by = 'eva' AND release_reason = 'restored from our export'") == 1);
  REQUIRE(lied.f.collect());
  CHECK(lied.f.stored(1) == lied.whole.stored);
}
