#pragma once
// A circuit in the test's process: a private PostgreSQL, shared by a program's tests, with a database of its own for each; made
// venues; a clock that the test sets.

#include <catch2/catch_test_macros.hpp>
#include <memory>

#include "tests/circuit/venue_server.h"
#include "tests/ticketing_api/office_fixture.h"
#include "ticketing/circuit/collector.h"
#include "ticketing/postgres/private_server.h"

namespace promenade::ticketing::tests {

// Null where no PostgreSQL is installed: the test then skips and says so.
inline postgres::PrivateServer* database_server() {
  static const auto server = [] {
    auto started = postgres::PrivateServer::start({.under = {}, .durable = false, .settings = {}});
    if (!started && started.error().code != "database-missing") throw std::runtime_error(started.error().text());
    return started ? std::move(*started) : nullptr;
  }();
  return server.get();
}

inline const base::VenueId kVenue{"test-venue"};

inline const MadeDays& few_days() {
  static const MadeDays days = make_days({.config = sample_config(), .first = BusinessDate::from_text("2026-05-01").value(), .days = 2, .admissions = 40, .close_last = true, .seed = 7});
  return days;
}

class CircuitFixture {
 public:
  CircuitFixture() {
    if (database_server() == nullptr) SKIP("PostgreSQL is not installed: promenade setup installs it");
    static int number = 0;
    const std::string name = "test_" + std::to_string(++number);
    auto root = postgres::Connection::open(database_server()->conninfo()).value();
    REQUIRE(root.run("CREATE DATABASE " + name));
    conninfo = "host=" + database_server()->folder() + " user=circuit dbname=" + name;
    store = std::make_unique<circuit::CircuitStore>(circuit::CircuitStore::open(conninfo).value());
    REQUIRE(venues.start());
  }

  static base::VenueId id(int number) { return base::VenueId("venue-" + std::to_string(number)); }
  MadeLedger add(int number, const MadeDays& days = few_days()) {
    const auto ledger = ledger_of(days, id(number), "影院" + std::to_string(number), "Venue " + std::to_string(number), 50);
    venues.put(served(ledger));
    REQUIRE(store->add_venue({id(number), venues.url(id(number)), "key", std::nullopt}, now));
    return ledger;
  }
  // What a venue has of its ledger at SIZE events; it then goes on as if it had no more.
  static MadeLedger until(const MadeLedger& whole, std::uint64_t size) {
    MadeLedger part = whole;
    part.stored.resize(size);
    part.hashes.resize(size);
    std::erase_if(part.checkpoints, [&](const Checkpoint& c) { return c.size > size; });
    return part;
  }
  circuit::CollectorOptions options() const {
    circuit::CollectorOptions out;
    out.database = conninfo;
    out.pullers = 4;
    out.limits.batch_events = 60;  // several batches a venue
    out.limits.read_timeout = std::chrono::milliseconds(1000);
    return out;
  }
  base::Result<circuit::CollectorFigures> collect() { return collect(options()); }
  base::Result<circuit::CollectorFigures> collect(const circuit::CollectorOptions& with) {
    circuit::Collector collector(with, [this] { return now; }, [this](const std::string& words) { said += words + "\n"; });
    if (auto done = collector.collect_once(); !done) return std::unexpected(done.error());
    return collector.figures();
  }
  std::int64_t number(const std::string& sql) { return store->connection().query(sql).value().number(0, 0); }
  circuit::VenueRecord record(int number) { return store->venue(id(number)).value(); }
  // The stored events of a venue, byte for byte.
  std::vector<base::Bytes> stored(int number) {
    std::vector<base::Bytes> out;
    REQUIRE(store->for_each_stored(record(number).id, [&](base::ByteView bytes) -> base::Result<void> {
      out.emplace_back(bytes.begin(), bytes.end());
      return {};
    }));
    return out;
  }

  base::UtcTime now = utc("2026-05-03T04:00:00Z");
  std::string conninfo, said;
  VenueServer venues;
  std::unique_ptr<circuit::CircuitStore> store;
};

// Rows and sums of the whole database against the ledgers.
inline void check_whole(CircuitFixture& f, const std::vector<MadeLedger>& ledgers) {
  std::int64_t events = 0;
  for (std::size_t i = 0; i < ledgers.size(); ++i) {
    const auto record = f.record(static_cast<int>(i + 1));
    CHECK(record.cursor.seq == ledgers[i].stored.size());
    CHECK(f.stored(static_cast<int>(i + 1)) == ledgers[i].stored);
    events += static_cast<std::int64_t>(ledgers[i].stored.size());
  }
  CHECK(f.number("SELECT count(*) FROM events") == events);
  // The sums by film are the tickets, counted anew.
  CHECK(f.number("SELECT count(*) FROM admissions") == f.number("SELECT sum(sold + comps + changed + guests)::bigint FROM film_days"));
  CHECK(f.number("SELECT sum(price_minor) FILTER (WHERE kind = 0 AND NOT changed)::bigint FROM admissions") == f.number("SELECT sum(gross_minor)::bigint FROM film_days"));
  CHECK(f.number("SELECT count(*) FILTER (WHERE redeemed AND kind < 2 AND NOT changed) FROM admissions") == f.number("SELECT sum(redeemed)::bigint FROM film_days"));
  CHECK(f.number("SELECT count(*) FILTER (WHERE played AND kind < 2 AND NOT changed) FROM admissions") == f.number("SELECT sum(played)::bigint FROM film_days"));
}

}  // namespace promenade::ticketing::tests
