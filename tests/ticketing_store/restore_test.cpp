// restore.h: a copy takes the ledger's place with what the circuit has beyond it, and nothing is lost unsaid.
#include "ticketing/store/restore.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

namespace {


// A ledger, its copy of halfway, and what a circuit and a witness have of it.
struct Venue {
  Folder folder;
  std::string ledger = folder.file("ledger.sqlite"), copy = folder.file("copy.sqlite");
  ExportContent pulled;
  Checkpoint witnessed;
  ChainHead head, copied;

  Venue() {
    World w;
    auto office = open_signing_office(ledger).value();
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    REQUIRE(office.checkpoint(noon()).has_value());
    copied = office.head();
    REQUIRE(LedgerReader::open(ledger, kVenue)->back_up(copy).has_value());
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    REQUIRE(office.close_day(w.close(), noon()).has_value());
    base::Bytes stream;
    REQUIRE(office.export_to([&](base::ByteView piece) { stream.insert(stream.end(), piece.begin(), piece.end()); }).has_value());
    pulled = read_export(stream).value();
    witnessed = *office.last_checkpoint();
    head = office.head();
  }
  RestoreOptions options() const { return {copy, ledger, kVenue, nullptr, std::nullopt, false}; }
  std::string refused(const RestoreOptions& o) const {
    const bool there = std::filesystem::exists(ledger);
    const auto before = there ? verify_ledger_file(ledger, kVenue)->head : ChainHead{};
    const auto done = restore_ledger(o);
    CHECK(std::filesystem::exists(ledger) == there);
    if (there && !done) CHECK(verify_ledger_file(ledger, kVenue)->head == before);
    return done ? std::string() : done.error().code;
  }
};

}  // namespace

TEST_CASE("a lost ledger comes back from a copy and the circuit's events, byte for byte") {
  Venue v;
  std::filesystem::remove(v.ledger);
  RestoreOptions o = v.options();
  o.witnessed = v.witnessed;
  CHECK(v.refused(o) == "restore-loses");
  CHECK_FALSE(std::filesystem::exists(v.ledger));
  o.events = &v.pulled;
  const auto done = restore_ledger(o).value();
  CHECK(done.of_copy == v.copied.seq);
  CHECK(done.of_events == v.head.seq - v.copied.seq);
  CHECK(done.head == v.head);
  CHECK(done.kept_as.empty());
  const auto verified = verify_ledger_file(v.ledger, kVenue, v.witnessed).value();
  CHECK(verified.ok());
  CHECK(verified.head == v.head);
  auto office = open_signing_office(v.ledger).value();
  CHECK(office.head() == v.head);
  World w;
  CHECK(office.sell(w.sale(kSnowLine), noon()).has_value());  // asked again: its answer is known again
  CHECK(office.head() == v.head);
}

TEST_CASE("a damaged ledger is replaced and kept beside; a whole newer one is not replaced unasked") {
  Venue v;
  CHECK(v.refused(v.options()) == "restore-loses");
  SECTION("damaged") {
    std::filesystem::resize_file(v.ledger, 5000);
    const auto done = restore_ledger(v.options()).value();
    CHECK(std::filesystem::file_size(done.kept_as) == 5000);
    CHECK(verify_ledger_file(v.ledger, kVenue)->head == v.copied);
  }
  SECTION("lost for good, and said so") {
    RestoreOptions o = v.options();
    o.witnessed = v.witnessed;
    o.accept_loss = true;
    const auto done = restore_ledger(o).value();
    CHECK(done.head == v.copied);
    CHECK(verify_ledger_file(done.kept_as, kVenue)->head == v.head);
    CHECK(verify_ledger_file(v.ledger, kVenue, v.witnessed)->code == "ledger-cut");
  }
  SECTION("in use") {
    auto office = open_signing_office(v.ledger).value();
    CHECK(restore_ledger(v.options()).error().code == "ledger-in-use");
  }
}

TEST_CASE("a copy or events that are not right are refused") {
  Venue v;
  RestoreOptions o = v.options();
  o.events = &v.pulled;
  SECTION("no copy") {
    o.copy = v.folder.file("none");
    CHECK(v.refused(o) == "ledger-unreadable");
  }
  SECTION("an altered copy") {
    REQUIRE(meddle(v.copy, "DROP TRIGGER events_keep_update; UPDATE events SET hash = zeroblob(32) WHERE seq = 2") == SQLITE_OK);
    CHECK(v.refused(o) == "copy-broken");
  }
  SECTION("events of another past") {
    World w;
    auto other = open_signing_office(v.folder.file("other.sqlite"), 2).value();
    for (int i = 0; i < 3; ++i) REQUIRE(other.sell(w.sale(kSnowLine), noon()).has_value());
    base::Bytes stream;
    REQUIRE(other.export_to([&](base::ByteView piece) { stream.insert(stream.end(), piece.begin(), piece.end()); }).has_value());
    const auto content = read_export(stream).value();
    o.events = &content;
    CHECK(v.refused(o) == "export-other-past");
  }
}
