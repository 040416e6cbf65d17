// box_office.h, ledger.h
#include "ticketing/store/box_office.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using ticketing::test::kReedLake;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

namespace {


void some_visits(BoxOffice& office, World& w) {
  const auto sold = office.sell(w.sale(kSnowLine, 2), noon());
  REQUIRE(sold.has_value());
  const auto redeemed = office.redeem(w.redemption(sold->tickets[0].token), noon());
  REQUIRE(redeemed.has_value());
  const GrantRequest grant = w.grant(*redeemed);
  REQUIRE(office.grant(grant, noon()).has_value());
  REQUIRE(office.play_started(w.started(grant), noon()).has_value());
  REQUIRE(office.play_ended(w.ended(grant.play), noon()).has_value());
  REQUIRE(office.refund(RefundRequest{w.head(), sold->tickets[1].code, "", ""}, noon()).has_value());
  REQUIRE(office.observe(w.observation(noon(), noon() + std::chrono::minutes(5), 1), noon()).has_value());
  REQUIRE(office.close_day(w.close(), noon()).has_value());
}

base::Bytes export_of(const BoxOffice& office) {
  base::Bytes out;
  REQUIRE(office.export_to([&](base::ByteView piece) { out.insert(out.end(), piece.begin(), piece.end()); }).has_value());
  return out;
}

}  // namespace

TEST_CASE("a box office opened again is where it was") {
  Folder folder;
  World w;
  base::Bytes before;
  std::string report;
  {
    auto office = open_office(folder.file("l.db"));
    REQUIRE(office.has_value());
    some_visits(*office, w);
    before = export_of(*office);
    report = report_csv(office->report(*BusinessDate::from_text("2026-05-01")));
    const auto verified = office->verify();
    REQUIRE(verified.has_value());
    CHECK(verified->chain_ok);
    CHECK(verified->rebuilt_identical);
    CHECK(verified->events == office->head().seq);
    CHECK(verified->detail.empty());
    CHECK(read_export(before)->events.size() == verified->events);
  }
  auto again = open_office(folder.file("l.db"));
  REQUIRE(again.has_value());
  CHECK(export_of(*again) == before);
  CHECK(report_csv(again->report(*BusinessDate::from_text("2026-05-01"))) == report);
}

TEST_CASE("the same seed gives the same export") {
  const auto run = [] {
    Folder folder;
    World w;
    auto office = open_office(folder.file("l.db"), {}, 9);
    some_visits(*office, w);
    return export_of(*office);
  };
  CHECK(run() == run());
}

TEST_CASE("a second box office on one ledger is refused at once") {
  Folder folder;
  auto first = open_office(folder.file("l.db"));
  REQUIRE(first.has_value());
  const auto second = open_office(folder.file("l.db"));
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == "ledger-in-use");
  World w;
  CHECK(first->sell(w.sale(kSnowLine), noon()).has_value());
}

TEST_CASE("a reader beside the writer pages through each event once") {
  Folder folder;
  World w;
  auto office = open_office(folder.file("l.db"));
  auto reader = LedgerReader::open(folder.file("l.db"), kVenue);
  REQUIRE(reader.has_value());
  std::vector<Event> seen;
  for (int i = 0; i < 20; ++i) {
    (void)office->sell(w.sale(kSnowLine), noon() + std::chrono::minutes(10 * i));
    const auto page = reader->read(seen.size(), 2);
    REQUIRE(page.has_value());
    CHECK(page->head == office->head());
    for (const Event& event : page->events) seen.push_back(event);
  }
  while (seen.size() < office->head().seq) {
    const auto page = reader->read(seen.size(), 3);
    for (const Event& event : page->events) seen.push_back(event);
  }
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i].seq == i + 1);
  CHECK(reader->read(1'000'000, 5)->events.empty());
  CHECK(LedgerReader::open(folder.file("none.db"), kVenue).error().code == "ledger-unreadable");
}

TEST_CASE("wrong files are refused with a reason") {
  Folder folder;
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  CHECK(open_office(folder.file("text.db")).error().code == "ledger-unreadable");
  CHECK(open_office(folder.file("no/such/folder.db")).error().code == "ledger-unreadable");
  REQUIRE(meddle(folder.file("other.db"), "CREATE TABLE t(x)") == SQLITE_OK);
  CHECK(open_office(folder.file("other.db")).error().code == "ledger-unreadable");
  { auto office = open_office(folder.file("l.db")); }
  CHECK(Ledger::open(folder.file("l.db"), base::VenueId("other")).error().code == "ledger-other-venue");
  Config bad = ticketing::test::small_config();
  bad.films[0].id = base::FilmId("1");
  CHECK(BoxOffice::open(folder.file("l.db"), bad, ticketing::test::fixed_key(), noon()).error().code == "config-invalid");
}

TEST_CASE("a ledger cut short or to nothing is refused and left as it is") {
  Folder folder;
  const std::string path = folder.file("l.db");
  World w;
  {
    auto office = open_office(path);
    some_visits(*office, w);
  }
  for (const std::uintmax_t size : {std::filesystem::file_size(path) / 2, std::uintmax_t{100}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(path, size);
    const auto refused = open_office(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "ledger-unreadable");
    CHECK(refused.error().message.contains(path));
    CHECK(verify_ledger_file(path, kVenue).error().code == "ledger-unreadable");
    CHECK(std::filesystem::file_size(path) == size);
  }
}

TEST_CASE("the ledger is append only, and whoever goes round that is found out") {
  Folder folder;
  const std::string path = folder.file("l.db");
  World w;
  {
    auto office = open_office(path);
    some_visits(*office, w);
  }
  CHECK(meddle(path, "UPDATE events SET stored = stored WHERE seq = 2") != SQLITE_OK);
  CHECK(meddle(path, "DELETE FROM events WHERE seq = 2") != SQLITE_OK);
  CHECK(meddle(path, "INSERT INTO events VALUES(100, x'00', x'00')") != SQLITE_OK);
  SECTION("a table altered: found, and made anew from the events") {
    REQUIRE(meddle(path, "UPDATE tickets SET price_minor = 0") == SQLITE_OK);
    CHECK(open_office(path).error().code == "projection-differs");
    const auto found = verify_ledger_file(path, kVenue);
    CHECK(found->chain_ok);
    CHECK_FALSE(found->rebuilt_identical);
    REQUIRE(rebuild_ledger_file(path, kVenue).has_value());
    CHECK(verify_ledger_file(path, kVenue)->rebuilt_identical);
    CHECK(open_office(path).has_value());
  }
  SECTION("an event altered") {
    REQUIRE(meddle(path, "DROP TRIGGER events_keep_update; UPDATE events SET stored = (SELECT stored FROM events WHERE seq = 2) WHERE seq = 3") == SQLITE_OK);
    CHECK(open_office(path).error().code == "event-altered");
    CHECK_FALSE(verify_ledger_file(path, kVenue)->chain_ok);
  }
  SECTION("an event removed") {
    REQUIRE(meddle(path, "DROP TRIGGER events_keep_delete; DELETE FROM events WHERE seq = 3") == SQLITE_OK);
    const auto error = open_office(path).error();
    CHECK(error.code == "chain-gap");
    CHECK(error.message == "Event 4 follows event 2.");
  }
}

TEST_CASE("a batch is one commit, and each request is accepted or refused on its own") {
  Folder folder;
  World w;
  auto office = open_office(folder.file("l.db"));
  const SaleRequest same = w.sale(kReedLake);
  const std::vector<Request> batch{w.sale(kSnowLine), same, w.sale(base::FilmId("999999999999")), same, w.sale(kReedLake), w.sale(kReedLake)};
  const auto answers = office->ask_all(batch, noon());
  REQUIRE(answers.size() == 6);
  CHECK(answers[0].has_value());
  CHECK(answers[1] == answers[3]);
  CHECK(answers[2].error().code == "film-unknown");
  CHECK(answers[5].error().code == "sold-out");
  CHECK(office->verify()->rebuilt_identical);
}

TEST_CASE("three thousand requests take seconds, not minutes") {
  Folder folder;
  Config config = ticketing::test::small_config();
  config.halls[0].capacity = 1000;
  for (auto& lane : config.lanes) lane.slots = 1000;
  auto office = BoxOffice::open(folder.file("l.db"), config, ticketing::test::fixed_key(), noon(), std::make_unique<SeededIdSource>(1));
  REQUIRE(office.has_value());
  World w(config);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 600; ++i) {
    const auto now = noon() + std::chrono::seconds(60 * i);
    const auto sold = office->sell(w.sale(kSnowLine), now);
    REQUIRE(sold.has_value());
    const auto redeemed = office->redeem(w.redemption(sold->tickets[0].token), now);
    const GrantRequest grant = w.grant(*redeemed);
    REQUIRE(office->grant(grant, now).has_value());
    PlayStarted started = w.started(grant);
    started.start = now;
    REQUIRE(office->play_started(started, now).has_value());
    PlayEnded ended = w.ended(grant.play);
    ended.end = now + std::chrono::seconds(90);
    REQUIRE(office->play_ended(ended, now).has_value());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  INFO("3,000 requests in " << seconds << " s");
  CHECK(seconds < 60.0);  // generous: this also runs beside other tests and under sanitizers
  CHECK(office->verify()->rebuilt_identical);
}
