#include "ticketing/circuit/schema.h"

#include <iterator>

namespace promenade::ticketing::circuit {
namespace {

// An event is a row keyed by venue and seq; business_date stands before them because a key of a partitioned table must have
// what divides it. That a seq comes once whatever its date is what venues.cursor_seq is for: it moves in the same transaction.
//
// contacts changes with every pull and venues with every batch only, so that the first stays small and warm.
constexpr const char* kFirst = R"sql(
CREATE TABLE venues (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue text NOT NULL UNIQUE,
  url text NOT NULL,
  api_key text NOT NULL,
  pinned_key bytea,
  added_at timestamptz NOT NULL,
  name_zh text NOT NULL DEFAULT '', name_en text NOT NULL DEFAULT '', cinema_code text NOT NULL DEFAULT '',
  time_zone text NOT NULL DEFAULT 'Asia/Shanghai', cut_over_min integer NOT NULL DEFAULT 360,
  currency text NOT NULL DEFAULT 'CNY', worn_share_floor double precision NOT NULL DEFAULT 0.8,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'quarantined', 'left')),
  state_code text NOT NULL DEFAULT '', state_text text NOT NULL DEFAULT '', state_since timestamptz NOT NULL,
  first_date date,
  cursor_seq bigint NOT NULL DEFAULT 0 CHECK (cursor_seq >= 0),
  cursor_hash bytea NOT NULL, frontier bytea NOT NULL,
  checkpoint text NOT NULL DEFAULT '');
CREATE TABLE log_keys (
  venue integer NOT NULL REFERENCES venues, from_seq bigint NOT NULL, key text NOT NULL,
  PRIMARY KEY (venue, from_seq));
CREATE TABLE contacts (
  venue integer PRIMARY KEY REFERENCES venues,
  tried_at timestamptz NOT NULL, seen_at timestamptz, signed_at timestamptz,
  failures integer NOT NULL DEFAULT 0, error_code text NOT NULL DEFAULT '', error_text text NOT NULL DEFAULT '') WITH (fillfactor = 50);
CREATE TABLE incidents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue integer NOT NULL REFERENCES venues, at timestamptz NOT NULL, code text NOT NULL, message text NOT NULL,
  cursor_seq bigint NOT NULL, evidence text NOT NULL,
  released_at timestamptz, released_by text NOT NULL DEFAULT '', release_reason text NOT NULL DEFAULT '');
CREATE INDEX incidents_venue ON incidents (venue, id);
CREATE TABLE events (
  business_date date NOT NULL, venue integer NOT NULL, seq bigint NOT NULL, ts timestamptz NOT NULL, kind text NOT NULL,
  hash bytea NOT NULL, stored bytea NOT NULL,
  PRIMARY KEY (business_date, venue, seq)) PARTITION BY RANGE (business_date);
ALTER TABLE events ALTER COLUMN stored SET STORAGE EXTERNAL;
CREATE TABLE admissions (
  business_date date NOT NULL, venue integer NOT NULL, ticket text NOT NULL, film text NOT NULL, screening text NOT NULL,
  kind smallint NOT NULL, price_minor bigint NOT NULL, sold_at timestamptz NOT NULL,
  redeemed boolean NOT NULL, refunded boolean NOT NULL, changed boolean NOT NULL, played boolean NOT NULL, plays smallint NOT NULL,
  evacuated boolean NOT NULL, settlement smallint NOT NULL, links text[] NOT NULL,
  PRIMARY KEY (business_date, venue, ticket)) PARTITION BY RANGE (business_date);
CREATE TABLE film_days (
  business_date date NOT NULL, venue integer NOT NULL, film text NOT NULL,
  sold bigint NOT NULL, comps bigint NOT NULL, refunded bigint NOT NULL, changed bigint NOT NULL, redeemed bigint NOT NULL,
  plays_started bigint NOT NULL, played bigint NOT NULL, guests bigint NOT NULL, evacuated bigint NOT NULL,
  gross_minor bigint NOT NULL, refunds_minor bigint NOT NULL,
  PRIMARY KEY (business_date, venue, film));
CREATE TABLE day_curve (
  business_date date NOT NULL, quarter smallint NOT NULL, sold bigint NOT NULL, redeemed bigint NOT NULL,
  PRIMARY KEY (business_date, quarter));
CREATE TABLE films (film text PRIMARY KEY, title_zh text NOT NULL, title_en text NOT NULL);
CREATE TABLE days (
  business_date date NOT NULL, venue integer NOT NULL REFERENCES venues, revision integer NOT NULL, settled_seq bigint NOT NULL,
  admissions bigint NOT NULL, report text NOT NULL,
  PRIMARY KEY (business_date, venue, revision));
CREATE TABLE discrepancies (
  business_date date NOT NULL, venue integer NOT NULL, code text NOT NULL, level smallint NOT NULL, subject text NOT NULL,
  count bigint NOT NULL, explanation_zh text NOT NULL, explanation_en text NOT NULL);
CREATE INDEX discrepancies_day ON discrepancies (business_date, venue);
)sql";

// How the circuit shows itself to a venue, beside or in place of a key that never changes.
constexpr const char* kAccess = R"sql(
ALTER TABLE venues
  ADD COLUMN client_id text NOT NULL DEFAULT '', ADD COLUMN certificate_file text NOT NULL DEFAULT '',
  ADD COLUMN key_file text NOT NULL DEFAULT '', ADD COLUMN ca_file text NOT NULL DEFAULT '';
)sql";

// A venue whose floor was kept without dates has had that one all the time.
constexpr const char* kWornFloors = R"sql(
ALTER TABLE venues ADD COLUMN worn_floors text NOT NULL DEFAULT '';
UPDATE venues SET worn_floors = '[["1970-01-01",' || worn_share_floor || ']]';
ALTER TABLE venues DROP COLUMN worn_share_floor;
)sql";

// Compressing the days' reports in PostgreSQL's own way took 9 % of the server's time in the bench's full day.
constexpr const char* kQuickReports = "ALTER TABLE days ALTER COLUMN report SET COMPRESSION lz4";

constexpr const char* kMigrations[] = {kFirst, kAccess, kWornFloors, kQuickReports};
constexpr std::int64_t kLock = 0x70726F6D656E6164;  // "promenad": PostgreSQL's advisory locks are numbers

base::Result<std::size_t> version_of(postgres::Connection& connection) {
  const auto at = connection.query("SELECT coalesce(max(version), 0) FROM circuit_schema");
  if (!at) return std::unexpected(at.error());
  const auto have = static_cast<std::size_t>(at->number(0, 0));
  if (have <= std::size(kMigrations)) return have;
  return base::fail("database-newer", "The database has tables of version " + std::to_string(have) + ", and this program knows " + std::to_string(std::size(kMigrations)) + ".", "Use the newer program.");
}

}  // namespace

base::Result<void> check_schema(postgres::Connection& connection) {
  const auto have = version_of(connection);
  if (!have) return std::unexpected(have.error());
  if (*have == std::size(kMigrations)) return {};
  return base::fail("database-older", "The database has tables of version " + std::to_string(*have) + ".", "Start promenade circuit serve or collect on it once, which renews them.");
}

base::Result<void> migrate(postgres::Connection& connection) {
  return connection.transaction([&]() -> base::Result<void> {
    if (auto locked = connection.query("SELECT pg_advisory_xact_lock($1)", {kLock}); !locked) return std::unexpected(locked.error());
    if (auto made = connection.run("CREATE TABLE IF NOT EXISTS circuit_schema (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"); !made) return made;
    const auto have = version_of(connection);
    if (!have) return std::unexpected(have.error());
    for (std::size_t version = *have + 1; version <= std::size(kMigrations); ++version) {
      if (auto done = connection.run(kMigrations[version - 1]); !done) return done;
      if (auto done = connection.query("INSERT INTO circuit_schema (version) VALUES ($1)", {static_cast<std::int32_t>(version)}); !done) return std::unexpected(done.error());
    }
    return {};
  });
}

}  // namespace promenade::ticketing::circuit
