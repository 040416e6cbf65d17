// Checkpoints in the ledger's file, and meddling with it: verify names the first bad event, whoever did it and however.
#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <set>

#include "tests/ticketing_store/store_fixtures.h"
#include "ticketing/core/witness.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using std::chrono::seconds;
using ticketing::test::kReedLake;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

namespace {

constexpr const char* kOpenUp = "DROP TRIGGER events_keep_update; DROP TRIGGER events_keep_delete; DROP TRIGGER checkpoints_keep_update; DROP TRIGGER checkpoints_keep_delete;";

// A day with two visits, a refund and a close; a checkpoint after each step.
void busy_day(BoxOffice& office, World& w) {
  for (const auto& film : {kSnowLine, kReedLake}) {
    const auto sold = office.sell(w.sale(film), noon());
    REQUIRE(office.checkpoint(noon()).has_value());
    const auto redeemed = office.redeem(w.redemption(sold->tickets[0].token), noon());
    const GrantRequest grant = w.grant(*redeemed);
    REQUIRE(office.grant(grant, noon()).has_value());
    REQUIRE(office.play_started(w.started(grant), noon()).has_value());
    REQUIRE(office.checkpoint(noon()).has_value());
    REQUIRE(office.play_ended(w.ended(grant.play), noon()).has_value());
  }
  const auto sold = office.sell(w.sale(kSnowLine), noon());
  REQUIRE(office.refund(RefundRequest{w.head(), sold->tickets[0].code, "", ""}, noon()).has_value());
  REQUIRE(office.close_day(w.close(), noon()).has_value());
}

struct Made {
  Folder folder;
  std::string path = folder.file("l.db");
  std::uint64_t size = 0;
  Made() {
    World w;
    auto office = open_signing_office(path);
    REQUIRE(office.has_value());
    busy_day(*office, w);
    size = office->head().seq;
  }
  Made(const Made& other) : size(other.size) { std::filesystem::copy_file(other.path, path); }
  Verification verified() const { return verify_ledger_file(path, kVenue).value(); }
  void change(const std::string& sql) const { REQUIRE(meddle(path, kOpenUp + sql) == SQLITE_OK); }
};

// Rewrites the ledger from event FROM on as somebody would who has every key but the log key: hashes and tables fit.
void forge(const std::string& path, std::uint64_t from, const std::string& to) {
  auto ledger = Ledger::open(path, kVenue).value();
  const auto page = ledger.read(0, 10'000).value();
  LedgerState state(kVenue);
  auto copy = Ledger::open(to, kVenue).value();
  for (Event event : page.events) {
    if (event.seq == from) event.actor = "nobody";
    event.prev_hash = state.head().hash;
    event.hash = event_hash(encode_event(event), kVenue);
    if (!state.apply(event)) break;  // what the forged past no longer bears out, as a day's close, is left away
    const auto rows = state.take_changed_rows();
    REQUIRE(copy.append(std::span(&event, 1), rows).has_value());
  }
}

}  // namespace

TEST_CASE("checkpoints are kept with the events, a day's close with its own") {
  Made made;
  auto ledger = Ledger::open(made.path, kVenue).value();
  const auto all = ledger.checkpoints(0, 100).value();
  REQUIRE(all.size() == 5);
  CHECK(all.back().size == made.size);
  CHECK(all.back().closes == BusinessDate::from_text("2026-05-01").value());
  CHECK(ledger.checkpoints(all[2].size, 100).value().size() == 2);
  CHECK(ledger.last_checkpoint().value() == all.back());
  CHECK(meddle(made.path, "DELETE FROM checkpoints") != SQLITE_OK);
  CHECK(meddle(made.path, "UPDATE checkpoints SET text = ''") != SQLITE_OK);
  CHECK(meddle(made.path, "INSERT INTO checkpoints VALUES(1, '')") != SQLITE_OK);
}

TEST_CASE("a checkpoint is due each minute, at once when the clock was set back, and says that the venue lives when nothing happened") {
  Folder folder;
  World w;
  auto office = open_signing_office(folder.file("l.db")).value();
  CHECK(office.checkpoint_due(noon()));
  const auto first = office.checkpoint(noon()).value();
  CHECK(first->size == 2);  // set-up and log key
  CHECK_FALSE(office.checkpoint_due(noon() + seconds(59)));
  CHECK(office.checkpoint_due(noon() + seconds(60)));
  CHECK(office.checkpoint_due(noon() - seconds(1)));
  REQUIRE(office.close_day(w.close(), noon()).has_value());
  CHECK(office.last_checkpoint()->closes.has_value());
  const auto alive = office.checkpoint(noon() + seconds(60)).value();
  CHECK(alive->size == 3);
  CHECK(alive->at == noon() + seconds(60));
  CHECK(alive->closes.has_value());
  CHECK(office.checkpoints(0, 10).value().size() == 2);
  CHECK(office.verify()->ok());
  CHECK_FALSE(open_office(folder.file("other.db")).value().checkpoint(noon()).value().has_value());
}

TEST_CASE("a whole ledger verifies, with all its checkpoints") {
  const Made made;
  const Verification v = made.verified();
  CHECK(v.ok());
  CHECK(v.events == made.size);
  CHECK(v.checkpoints == 5);
  CHECK(v.first_bad == 0);
  CHECK(v.detail.empty());
}

TEST_CASE("whatever is done to one event, verify names it") {
  const Made whole;
  const std::uint64_t size = whole.size;
  for (std::uint64_t seq = 1; seq <= size; ++seq) {
    const std::string n = std::to_string(seq);
    INFO("event " << n);
    const auto found = [&](const std::string& sql) {
      const Made made(whole);
      made.change(sql);
      const Verification v = made.verified();
      CHECK_FALSE(v.ok());
      CHECK(v.events == v.first_bad - 1);
      CHECK_FALSE(v.detail.empty());
      CHECK_FALSE(open_signing_office(made.path).has_value());
      return v.first_bad;
    };
    CHECK(found("UPDATE events SET stored = CAST(substr(stored, 1, 40) || x'7f' || substr(stored, 42) AS BLOB) WHERE seq = " + n) == seq);
    CHECK(found("UPDATE events SET hash = zeroblob(32) WHERE seq = " + n) == seq);
    CHECK(found("DELETE FROM events WHERE seq = " + n) == seq);                // the last one: a tail cut
    CHECK(found("DELETE FROM events WHERE seq >= " + n) == seq);
    CHECK(found("UPDATE events SET stored = x'' WHERE seq = " + n) == seq);
  }
}

TEST_CASE("an event replaced with its hash is named, and so is a whole past written anew") {
  Made made;
  const std::uint64_t at = 5;
  SECTION("one event and its hash") {
    auto event = Ledger::open(made.path, kVenue)->read(at - 1, 1)->events.front();
    event.actor = "nobody";
    const auto stored = encode_event(event);
    made.change("UPDATE events SET stored = x'" + base::to_hex(stored) + "', hash = x'" + base::to_hex(event_hash(stored, kVenue)) + "' WHERE seq = " + std::to_string(at));
    CHECK(made.verified().first_bad == at);
    CHECK(made.verified().code == "chain-broken");
  }
  SECTION("all events from one on, with hashes and tables") {
    auto before = Ledger::open(made.path, kVenue)->checkpoints(0, 100).value();
    forge(made.path, at, made.folder.file("forged.db"));
    // On its own the forgery is whole ...
    CHECK(verify_ledger_file(made.folder.file("forged.db"), kVenue)->ok());
    // ... but not beside what somebody kept outside.
    for (const Checkpoint& kept : before) {
      const auto v = verify_ledger_file(made.folder.file("forged.db"), kVenue, kept).value();
      CHECK(v.ok() == (kept.size < at));
    }
    // With the checkpoints put beside it the range of the first bad event is named.
    for (const Checkpoint& kept : before)
      REQUIRE(meddle(made.folder.file("forged.db"), "INSERT INTO checkpoints VALUES(" + std::to_string(kept.size) + ", '" + to_json(kept).dump() + "')") == SQLITE_OK);
    const auto v = verify_ledger_file(made.folder.file("forged.db"), kVenue).value();
    CHECK(v.code == "checkpoint-differs");
    CHECK(v.first_bad <= at);
    CHECK(v.first_bad == before[0].size + 1);
  }
}

TEST_CASE("a tail cut off with its checkpoints and tables shows beside an outside witness") {
  Made made;
  const auto witnessed = Ledger::open(made.path, kVenue)->last_checkpoint().value();
  made.change("DELETE FROM events WHERE seq > 6; DELETE FROM checkpoints WHERE size > 6;");
  REQUIRE(rebuild_ledger_file(made.path, kVenue).has_value());
  CHECK(made.verified().ok());  // alone it cannot be seen
  const auto v = verify_ledger_file(made.path, kVenue, witnessed).value();
  CHECK(v.code == "ledger-cut");
  CHECK(v.first_bad == 7);
}

TEST_CASE("a checkpoint that was altered is found") {
  for (const char* sql : {"UPDATE checkpoints SET text = replace(text, '\"size\":', '\"size\":1') WHERE size > 5", "UPDATE checkpoints SET text = replace(text, '\"signature\":\"', '\"signature\":\"00') WHERE size > 5",
                          "UPDATE checkpoints SET text = replace(text, '2026-05-01T04:00:00.000Z', '2026-05-01T04:00:00.001Z') WHERE size > 5", "UPDATE checkpoints SET text = 'x' WHERE size > 5"}) {
    Made made;
    made.change(sql);
    INFO(sql);
    const Verification v = made.verified();
    CHECK_FALSE(v.ok());
    CHECK(v.first_bad > 0);
    CHECK_FALSE(open_signing_office(made.path).has_value());
  }
}

TEST_CASE("any bit of the file turned: found, or nothing of the ledger has changed") {
  Made made;
  const auto content = [](const std::string& path) {
    auto ledger = Ledger::open(path, kVenue).value();
    std::string all = ledger.dump_projection().value();
    REQUIRE(ledger.for_each([&](const StoredRow& row) -> base::Result<void> {
      all += base::to_hex(row.stored) + base::to_hex(row.hash);
      return {};
    }).has_value());
    const auto checkpoints = ledger.checkpoints(0, 1000).value();
    for (const Checkpoint& c : checkpoints) all += to_json(c).dump();
    return all;
  };
  const std::string before = content(made.path);
  std::ifstream in(made.path, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  base::Random random(5);
  int found = 0, harmless = 0;
  for (int i = 0; i < 600; ++i) {
    std::string turned = whole;
    turned[random.below(turned.size())] ^= static_cast<char>(1U << random.below(8));
    const std::string path = made.folder.file("turned.db");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << turned;
    const auto v = verify_ledger_file(path, kVenue);
    if (!v || !v->ok()) {
      ++found;
      if (v) CHECK((v->first_bad > 0 || !v->rebuilt_identical));
    } else {
      ++harmless;
      CHECK(content(path) == before);
    }
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  }
  INFO("found " << found << ", harmless " << harmless);
  CHECK(found > 50);
}

TEST_CASE("a log key is followed by another that it endorses, and by no other") {
  Folder folder;
  const std::string path = folder.file("l.db");
  {
    World w;
    auto office = open_signing_office(path).value();
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    REQUIRE(office.checkpoint(noon()).has_value());
    REQUIRE(office.rotate_log_key(log_key(2), noon()).has_value());
    REQUIRE(office.rotate_log_key(log_key(2), noon()).has_value());  // again: nothing more to do
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    CHECK(office.checkpoint(noon()).value()->key == log_key(2).public_key());
    CHECK(office.state().log_keys().all().size() == 2);
  }
  CHECK(verify_ledger_file(path, kVenue)->ok());
  CHECK(open_signing_office(path, 1).error().code == "log-key-unendorsed");
  CHECK(open_signing_office(path, 3).error().code == "log-key-unendorsed");
  CHECK(open_signing_office(path, 2).has_value());
}

TEST_CASE("a ticket sold under an earlier ticket key still opens the door") {
  Folder folder;
  const std::string path = folder.file("l.db");
  World w;
  std::string token;
  {
    auto office = open_office(path).value();
    token = office.sell(w.sale(kSnowLine), noon())->tickets[0].token;
  }
  auto office = BoxOffice::open(path, ticketing::test::small_config(), log_key(5), noon(), std::make_unique<SeededIdSource>(2)).value();
  CHECK(office.state().ticket_keys().size() == 2);
  const std::string fresh = office.sell(w.sale(kSnowLine), noon())->tickets[0].token;
  CHECK(office.redeem(w.redemption(token), noon()).has_value());
  CHECK(office.redeem(w.redemption(fresh), noon()).has_value());
  CHECK(office.redeem(w.redemption(token), noon()).error().code == "ticket-already-redeemed");
}

TEST_CASE("a copy taken while selling goes on is whole, and never takes another file's place") {
  Folder folder;
  const std::string path = folder.file("l.db"), copy = folder.file("copy.db");
  World w;
  auto office = open_signing_office(path).value();
  busy_day(office, w);
  auto reader = LedgerReader::open(path, kVenue).value();
  REQUIRE(reader.back_up(copy).has_value());
  CHECK(reader.back_up(copy).error().code == "backup-exists");
  CHECK(reader.back_up(folder.file("no/such/folder")).error().code == "backup-failed");
  REQUIRE(office.sell(w.sale(kSnowLine), noon() + std::chrono::hours(24)).has_value());
  const auto v = verify_ledger_file(copy, kVenue).value();
  CHECK(v.ok());
  CHECK(v.events + 2 == office.head().seq);  // the screening and the sale came after it
  CHECK_FALSE(std::filesystem::exists(copy + ".part"));
}
