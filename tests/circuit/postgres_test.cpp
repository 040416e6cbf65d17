// The database's wrapper: values and rows in binary form there and back, all or nothing, and clear errors.
#include "ticketing/postgres/connection.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/circuit/schema.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using postgres::Connection;
using postgres::CopyRows;

TEST_CASE("values, rows of COPY and what they say of null, signs, times and arrays are the same there and back") {
  CircuitFixture f;
  auto& db = f.store->connection();
  const base::Bytes bytes{0, 1, 255, 10, 13, 92};
  const postgres::TextArray texts{"a", "", "ü\"{},\\", "票"};
  const auto row = db.query("SELECT $1::int, $2::bigint, $3::text, $4::bytea, $5::date, $6::timestamptz, $7::text[], $8::boolean, $9::float8, $10::text, $11::text[], $12::text",
                            {std::int32_t{-7}, std::int64_t{-9'000'000'000}, std::string("'; DROP TABLE venues; --"), bytes, postgres::Date{-1}, postgres::Time{1'777'777'777'123}, texts, true, -0.25,
                             std::monostate{}, postgres::TextArray{}, std::string()}).value();
  CHECK(row.number(0, 0) == -7);
  CHECK(row.number(0, 1) == -9'000'000'000);
  CHECK(row.text(0, 2) == "'; DROP TABLE venues; --");
  CHECK(row.bytes(0, 3) == bytes);
  CHECK(row.date(0, 4).days == -1);
  CHECK(row.time(0, 5).ms == 1'777'777'777'123);
  CHECK(row.texts(0, 6) == texts);
  CHECK(row.flag(0, 7));
  CHECK(row.real(0, 8) == -0.25);
  CHECK(row.is_null(0, 9));
  CHECK(row.texts(0, 10).empty());
  CHECK_FALSE(row.is_null(0, 11));
  CHECK(db.query("SELECT date '1969-12-31', timestamptz '1999-12-31 23:59:59.999+00'").value().date(0, 0).days == -1);
  CHECK(db.query("SELECT timestamptz '1999-12-31 23:59:59.999+00'").value().time(0, 0).ms == 946'684'799'999);

  REQUIRE(db.run("CREATE TABLE copied (a smallint, b integer, c bigint, d boolean, e text, f bytea, g date, h timestamptz, i text[])"));
  CopyRows rows(9);
  rows.row().smallint(-1).integer(-2).bigint(-3).flag(true).text("zh 票房\t\\N").bytes(bytes).date({20'000}).time({-5}).texts(texts);
  rows.row().null().null().null().null().null().null().null().null().null();
  const base::ByteView parts[] = {rows.data()};
  CHECK(db.copy_in("copied (a, b, c, d, e, f, g, h, i)", parts).value() == 2);
  const auto back = db.query("SELECT * FROM copied ORDER BY a NULLS LAST").value();
  CHECK(back.number(0, 0) == -1);
  CHECK(back.text(0, 4) == "zh 票房\t\\N");
  CHECK(back.bytes(0, 5) == bytes);
  CHECK(back.time(0, 7).ms == -5);
  CHECK(back.texts(0, 8) == texts);
  CHECK(back.is_null(1, 8));
  int seen = 0;
  REQUIRE(db.copy_out("copied", [&](base::ByteView) -> base::Result<void> { return ++seen, base::Result<void>{}; }));
  CHECK(seen == 2);
}

TEST_CASE("a transaction is all or nothing, and errors say what they are") {
  CircuitFixture f;
  auto& db = f.store->connection();
  REQUIRE(db.run("CREATE TABLE one (n integer PRIMARY KEY)"));
  const auto failed = db.transaction([&]() -> base::Result<void> {
    REQUIRE(db.query("INSERT INTO one VALUES ($1)", {std::int32_t{1}}));
    return base::fail("mine", "No.");
  });
  CHECK(failed.error().code == "mine");
  CHECK(f.number("SELECT count(*) FROM one") == 0);
  REQUIRE(db.query("INSERT INTO one VALUES (1)"));
  CHECK(db.query("INSERT INTO one VALUES (1)").error().code == "database-duplicate");
  CHECK(db.query("SELECT nonsense").error().code == "database-failed");
  CopyRows rows(1);
  rows.row().integer(2);
  rows.row().integer(1);
  const base::ByteView parts[] = {rows.data()};
  CHECK(db.copy_in("one (n)", parts).error().code == "database-duplicate");
  CHECK(f.number("SELECT count(*) FROM one") == 1);
  CHECK(Connection::open("host=/nowhere dbname=none").error().code == "database-unreachable");
  CHECK(Connection::open("host=" + database_server()->folder() + " user=circuit dbname=none").error().code == "database-refused");
}

TEST_CASE("tables are made once, also by programs that start together, and a later program's are refused") {
  CircuitFixture f;
  CHECK(circuit::CircuitStore::open(f.conninfo));
  CHECK(f.number("SELECT count(*) FROM circuit_schema") == 2);
  REQUIRE(f.store->connection().run("INSERT INTO circuit_schema (version) VALUES (1000)"));
  CHECK(circuit::CircuitStore::open(f.conninfo).error().code == "database-newer");
}

TEST_CASE("what a venue sends is cut and cleaned to what PostgreSQL takes") {
  CHECK(circuit::storable("票票票", 4) == "票");
  CHECK(circuit::storable(std::string_view("a\0b", 3), 10) == "a?b");
  CHECK(circuit::storable("\xFF\xFE", 10) == "??");
  CHECK(circuit::storable("abc", 3) == "abc");
}
