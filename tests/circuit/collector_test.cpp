// Many venues into one database: everything once, whatever comes between.
#include "ticketing/circuit/collector.h"

#include <catch2/catch_test_macros.hpp>
#include <future>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/circuit/schema.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;

TEST_CASE("every venue's ledger arrives whole, byte for byte, with admissions, reports and discrepancies") {
  CircuitFixture f;
  std::vector<MadeLedger> ledgers;
  for (int i = 1; i <= 5; ++i) ledgers.push_back(f.add(i));
  const auto figures = f.collect().value();
  CHECK(figures.batches > 5);  // in several batches each
  CHECK(figures.transactions > 0);
  CHECK(f.said.empty());
  check_whole(f, ledgers);
  CHECK(f.number("SELECT count(*) FROM days") == 10);
  const auto& report = few_days().reports.begin()->second;
  CHECK(f.number("SELECT sum(sold)::bigint FROM film_days WHERE business_date = '2026-05-01'") == 5 * report.totals.sold);
  CHECK(f.number("SELECT sum(gross_minor - refunds_minor)::bigint FROM film_days WHERE business_date = '2026-05-01'") == 5 * report.totals.net_minor());
  CHECK(f.number("SELECT count(*) FROM discrepancies WHERE business_date = '2026-05-01'") == 5 * static_cast<std::int64_t>(report.discrepancies.size()));
  CHECK(f.number("SELECT sum(sold)::bigint FROM day_curve WHERE business_date = '2026-05-01'") == 5 * (report.totals.sold + report.totals.comps));
  CHECK(f.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass") == 2);
  CHECK(f.record(1).name_zh == "影院1");
  // Once more brings nothing.
  const auto again = f.collect().value();
  CHECK(again.events == 0);
  CHECK(again.idle == 5);
  check_whole(f, ledgers);
}

TEST_CASE("a venue that grows is taken in as it grows, and tickets of earlier pulls are altered, not added") {
  CircuitFixture f;
  const auto whole = f.add(1);
  base::Random random(2);
  for (std::uint64_t size = 3; size < whole.stored.size(); size += 1 + random.below(30)) {
    auto part = CircuitFixture::until(whole, size);
    if (part.last_size() < size) part.checkpoints.push_back(sign(part, size, f.now));
    f.venues.put(served(part));
    REQUIRE(f.collect());
    CHECK(f.record(1).cursor.seq == size);
  }
  f.venues.put(served(whole));
  REQUIRE(f.collect());
  CHECK(f.said.empty());
  check_whole(f, {whole});
}

TEST_CASE("a database of the first version, with half a venue in it, is renewed and goes on to the whole") {
  CircuitFixture f;
  const auto whole = f.add(1);
  const auto half = CircuitFixture::until(whole, whole.checkpoints[whole.checkpoints.size() / 2].size);
  f.venues.put(served(half));
  REQUIRE(f.collect());
  REQUIRE(f.record(1).cursor.seq == half.stored.size());
  const std::string tables = "SELECT md5(string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default), ',' ORDER BY table_name, column_name)) "
                             "FROM information_schema.columns WHERE table_schema = 'public' AND column_name NOT LIKE 'id'";
  const std::string of_today = f.store->connection().query(tables).value().text(0, 0);

  // The first version's venues: one floor without dates, and nothing of access but a key.
  REQUIRE(f.store->connection().run("ALTER TABLE venues ADD COLUMN worn_share_floor double precision NOT NULL DEFAULT 0.8"));
  REQUIRE(f.store->connection().run("UPDATE venues SET worn_share_floor = ((worn_floors::json) -> -1 ->> 1)::double precision"));
  REQUIRE(f.store->connection().run("ALTER TABLE venues DROP COLUMN worn_floors, DROP COLUMN client_id, DROP COLUMN certificate_file, DROP COLUMN key_file, DROP COLUMN ca_file"));
  REQUIRE(f.store->connection().run("DELETE FROM circuit_schema WHERE version > 1"));
  CHECK(f.store->connection().query(tables).value().text(0, 0) != of_today);
  const auto floor = f.store->connection().query("SELECT worn_share_floor FROM venues").value().real(0, 0);

  CHECK(check_schema(f.store->connection()).error().code == "database-older");
  f.store = std::make_unique<CircuitStore>(CircuitStore::open(f.conninfo).value());
  CHECK(check_schema(f.store->connection()));
  CHECK(f.store->connection().query(tables).value().text(0, 0) == of_today);
  CHECK(f.record(1).cursor.seq == half.stored.size());
  CHECK(f.record(1).worn_floors.all().size() == 1);
  CHECK(f.record(1).worn_floors.on(BusinessDate::from_text("2026-05-01").value()) == floor);

  f.venues.put(served(whole));
  REQUIRE(f.collect());
  CHECK(f.said.empty());
  check_whole(f, {whole});
  CHECK(f.number("SELECT count(*) FROM days") == 2);
}

TEST_CASE("events that nobody has signed yet wait; a venue that has signed nothing is known and has nothing") {
  CircuitFixture f;
  const auto whole = f.add(1);
  auto part = CircuitFixture::until(whole, 120);
  std::erase_if(part.checkpoints, [](const Checkpoint& c) { return c.size > 100; });
  f.venues.put(served(part));
  REQUIRE(f.collect());
  CHECK(f.record(1).cursor.seq == 100);
  f.add(2);
  f.venues.change(CircuitFixture::id(2), [](ServedVenue& v) { v.checkpoints.clear(); });
  REQUIRE(f.collect());
  CHECK(f.record(2).cursor.seq == 0);
  CHECK(f.record(2).state == VenueState::active);
}

TEST_CASE("silence is not loss: a venue without sales signs a day of nothing, and one that says nothing is told apart") {
  CircuitFixture f;
  const auto empty = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 1, .admissions = 0, .close_last = true, .seed = 1});
  f.add(1, empty);
  f.add(2, empty);
  f.venues.change(CircuitFixture::id(2), [](ServedVenue& v) { v.status = 503; });
  REQUIRE(f.collect());
  CHECK(f.number("SELECT admissions FROM days WHERE venue = (SELECT id FROM venues WHERE venue = 'venue-1')") == 0);
  CHECK(f.number("SELECT count(*) FROM days WHERE venue = (SELECT id FROM venues WHERE venue = 'venue-2')") == 0);
  CHECK(f.number("SELECT failures FROM contacts WHERE venue = (SELECT id FROM venues WHERE venue = 'venue-2')") == 1);
  CHECK(f.record(2).state == VenueState::active);  // being away is no lie
}

TEST_CASE("a venue that was down for a week comes back and is caught up, with the others undisturbed") {
  CircuitFixture f;
  const auto week = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 8, .admissions = 12, .close_last = true, .seed = 5});
  f.now = utc("2026-05-09T04:00:00Z");
  std::vector<MadeLedger> ledgers{f.add(1, week), f.add(2, week)};
  f.venues.change(CircuitFixture::id(1), [](ServedVenue& v) { v.status = 503; });
  for (int i = 0; i < 3; ++i) REQUIRE(f.collect());
  CHECK(f.record(1).cursor.seq == 0);
  CHECK(f.record(2).cursor.seq == ledgers[1].stored.size());
  CHECK(f.number("SELECT failures FROM contacts WHERE venue = (SELECT id FROM venues WHERE venue = 'venue-1')") == 3);
  f.venues.change(CircuitFixture::id(1), [](ServedVenue& v) { v.status = 200; });
  REQUIRE(f.collect());
  check_whole(f, ledgers);
  CHECK(f.number("SELECT count(*) FROM days") == 16);
  CHECK(f.number("SELECT failures FROM contacts WHERE venue = (SELECT id FROM venues WHERE venue = 'venue-1')") == 0);
}

TEST_CASE("a slow venue holds up nobody and costs no more than its own time limit") {
  CircuitFixture f;
  std::vector<MadeLedger> ledgers;
  for (int i = 1; i <= 4; ++i) ledgers.push_back(f.add(i));
  std::promise<void> end;
  const auto ended = end.get_future().share();
  f.venues.change(CircuitFixture::id(2), [&](ServedVenue& v) { v.before_answer = [ended] { ended.wait(); }; });
  REQUIRE(f.collect());
  for (const int other : {1, 3, 4}) CHECK(f.record(other).cursor.seq == ledgers[static_cast<std::size_t>(other - 1)].stored.size());
  CHECK(f.record(2).cursor.seq == 0);
  CHECK(f.number("SELECT count(*) FROM contacts WHERE error_code LIKE 'http-%'") == 1);
  end.set_value();
  f.venues.change(CircuitFixture::id(2), [](ServedVenue& v) { v.before_answer = nullptr; });
  REQUIRE(f.collect());
  check_whole(f, ledgers);
}

TEST_CASE("a database that dies in the middle loses nothing and keeps nothing twice") {
  if (database_server() == nullptr) SKIP("PostgreSQL is not installed: promenade setup installs it");
  auto server = postgres::PrivateServer::start().value();  // a durable one
  CircuitFixture f;
  f.store = std::make_unique<CircuitStore>(CircuitStore::open(server->conninfo()).value());
  f.conninfo = server->conninfo();
  std::vector<MadeLedger> ledgers;
  for (int i = 1; i <= 3; ++i) ledgers.push_back(f.add(i));
  int requests = 0;
  std::mutex once;
  // Some venue's request pulls the plug; what had been committed by then stays.
  f.venues.change(CircuitFixture::id(3), [&](ServedVenue& v) {
    v.before_answer = [&] {
      const std::lock_guard lock(once);
      if (++requests == 4) server->kill();
    };
  });
  const auto broken = f.collect();
  REQUIRE_FALSE(broken);
  INFO(broken.error().text());
  CHECK(broken.error().code == "database-unreachable");
  f.venues.change(CircuitFixture::id(3), [](ServedVenue& v) { v.before_answer = nullptr; });
  REQUIRE(server->start_again());
  f.store = std::make_unique<CircuitStore>(CircuitStore::open(f.conninfo).value());
  REQUIRE(f.collect());
  check_whole(f, ledgers);
  f.store.reset();
}

TEST_CASE("two collectors never write the same: the second is told, and a cursor that moved stops a batch") {
  CircuitFixture f;
  f.add(1);
  REQUIRE(f.store->lock_for_collecting());
  CHECK(f.collect().error().code == "collector-running");
  REQUIRE(f.store->connection().run("SELECT pg_advisory_unlock_all()"));
  VenueBatch batch;
  batch.after = f.record(1);
  batch.from = 5;  // as if it had been read before somebody else moved it
  CHECK(f.store->commit(std::span(&batch, 1), f.now).error().code == "cursor-moved");
}

TEST_CASE("several writers at once count each event once, though all venues show the same films on the same day") {
  CircuitFixture f;
  constexpr int kVenues = 12;
  std::vector<MadeLedger> ledgers;
  for (int number = 1; number <= kVenues; ++number) ledgers.push_back(f.add(number));
  auto options = f.options();
  options.writers = 4;
  options.commit_bytes = 1;  // each batch a transaction of its own, so that all writers are at work together
  const auto figures = f.collect(options).value();
  CHECK(f.said.empty());
  CHECK(figures.transactions == figures.batches);
  CHECK(figures.failures == 0);
  check_whole(f, ledgers);
  const auto& report = few_days().reports.begin()->second;
  CHECK(f.number("SELECT sum(sold)::bigint FROM film_days WHERE business_date = '2026-05-01'") == kVenues * report.totals.sold);
  CHECK(f.number("SELECT sum(sold)::bigint FROM day_curve WHERE business_date = '2026-05-01'") == kVenues * (report.totals.sold + report.totals.comps));
}

TEST_CASE("memory is bounded by the queue, not by what venues have") {
  CircuitFixture f;
  std::vector<MadeLedger> ledgers;
  for (int i = 1; i <= 6; ++i) ledgers.push_back(f.add(i));
  auto options = f.options();
  options.queue_bytes = 60'000;
  options.commit_bytes = 30'000;
  const auto figures = f.collect(options).value();
  check_whole(f, ledgers);
  // Above its bound nobody begins a pull, so that it is passed by what was under way: one batch for each puller.
  CHECK(figures.most_queued_bytes < 60'000 + 4 * 120'000);
}
