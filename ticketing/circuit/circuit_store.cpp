#include "ticketing/circuit/circuit_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/schema.h"
#include "ticketing/core/json_fields.h"

namespace promenade::ticketing::circuit {
namespace {

using postgres::CopyRows;
using postgres::Rows;
using postgres::Value;

constexpr std::int64_t kCollectorLock = 0x636F6C6C6563746F;  // "collecto"
constexpr std::int64_t kPartitionLock = 0x7061727469746E73;  // "partitns"
constexpr std::size_t kNoticeSize = 300, kMessageSize = 2000;  // of what is told about a venue

constexpr const char* kVenueColumns =
    "SELECT id, venue, url, api_key, pinned_key, name_zh, name_en, cinema_code, time_zone, cut_over_min, currency, worn_floors, state, state_code, state_text, "
    "first_date, cursor_seq, cursor_hash, frontier, checkpoint, client_id, certificate_file, key_file, ca_file FROM venues WHERE ";
constexpr const char* kAdmissionColumns =
    "business_date, venue, ticket, film, screening, kind, price_minor, sold_at, redeemed, refunded, changed, played, plays, evacuated, settlement, links";
constexpr const char* kFilmDayColumns =
    "business_date, venue, film, sold, comps, refunded, changed, redeemed, plays_started, played, guests, evacuated, gross_minor, refunds_minor";

base::Hash hash_of(const base::Bytes& bytes) {
  base::Hash hash{};
  if (bytes.size() == hash.size()) std::ranges::copy(bytes, hash.begin());
  return hash;
}

std::unexpected<base::Error> unknown(const std::string& venue) {
  return base::fail("venue-unknown", "This circuit has no venue \"" + venue + "\".", "promenade circuit venues lists them; venue-add takes one in.");
}

base::Result<void> no_value(const base::Result<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

std::string floors_text(const ByDate<double>& floors) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [from, floor] : floors.all()) list.push_back({from.text(), floor});
  return list.dump();
}

base::Result<ByDate<double>> floors_from_text(const std::string& text) {
  const auto bad = [] { return base::fail("database-malformed", "The circuit's database holds a venue whose rules cannot be read.", "Restore it from a copy."); };
  ByDate<double> floors;
  const auto list = nlohmann::json::parse(text.empty() ? "[]" : text, nullptr, false);
  if (!list.is_array()) return bad();
  for (const auto& one : list) {
    const auto from = one.is_array() && one.size() == 2 && one[0].is_string() ? BusinessDate::from_text(one[0].get<std::string>()) : bad();
    if (!from || !one[1].is_number()) return bad();
    floors.put(*from, one[1].get<double>());
  }
  return floors.empty() ? ByDate<double>(0.8) : floors;
}

base::Result<VenueRecord> record_of(const Rows& rows) {
  VenueRecord v;
  v.id = static_cast<std::int32_t>(rows.number(0, 0));
  v.venue = base::VenueId(rows.text(0, 1));
  v.url = rows.text(0, 2);
  v.api_key = rows.text(0, 3);
  if (!rows.is_null(0, 4)) v.pinned = hash_of(rows.bytes(0, 4));
  v.access = {rows.text(0, 20), rows.text(0, 21), rows.text(0, 22), rows.text(0, 23)};
  v.name_zh = rows.text(0, 5);
  v.name_en = rows.text(0, 6);
  v.cinema_code = rows.text(0, 7);
  v.time_zone = rows.text(0, 8);
  v.cut_over = std::chrono::minutes(rows.number(0, 9));
  if (const auto currency = Currency::from_code(rows.text(0, 10))) v.currency = *currency;
  auto floors = floors_from_text(rows.text(0, 11));
  if (!floors) return std::unexpected(floors.error());
  v.worn_floors = std::move(*floors);
  const std::string state = rows.text(0, 12);
  v.state = state == "quarantined" ? VenueState::quarantined : state == "left" ? VenueState::left : VenueState::active;
  v.state_code = rows.text(0, 13);
  v.state_text = rows.text(0, 14);
  if (!rows.is_null(0, 15)) v.first_date = from_date(rows.date(0, 15));
  v.cursor = {static_cast<std::uint64_t>(rows.number(0, 16)), hash_of(rows.bytes(0, 17))};
  auto frontier = MerkleFrontier::decode(rows.bytes(0, 18));
  if (!frontier) return std::unexpected(frontier.error());
  v.frontier = std::move(*frontier);
  if (const std::string text = rows.text(0, 19); !text.empty()) {
    auto checkpoint = checkpoint_from_text(text);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    v.checkpoint = std::move(*checkpoint);
  }
  return v;
}

Admission admission_of(const Rows& rows, int row) {
  Admission a;
  a.date = from_date(rows.date(row, 0));
  a.ticket = rows.text(row, 2);
  a.film = rows.text(row, 3);
  a.screening = rows.text(row, 4);
  a.kind = static_cast<TicketKind>(rows.number(row, 5));
  a.price_minor = rows.number(row, 6);
  a.sold_at = from_time(rows.time(row, 7));
  a.redeemed = rows.flag(row, 8);
  a.refunded = rows.flag(row, 9);
  a.changed = rows.flag(row, 10);
  a.played = rows.flag(row, 11);
  a.plays = static_cast<int>(rows.number(row, 12));
  a.evacuated = rows.flag(row, 13);
  a.settlement = static_cast<Settlement>(rows.number(row, 14));
  a.links = rows.texts(row, 15);
  return a;
}

}  // namespace

std::string storable(std::string_view text, std::size_t most) {
  std::string out(text.substr(0, most));
  if (text.size() > most)  // not in the middle of a character
    while (!out.empty() && !is_utf8(out) && out.size() + 4 > most) out.pop_back();
  if (!is_utf8(out))
    for (char& c : out)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  std::ranges::replace(out, '\0', '?');
  return out;
}

postgres::Date as_date(BusinessDate date) { return {static_cast<std::int32_t>(date.day().time_since_epoch().count())}; }
BusinessDate from_date(postgres::Date date) { return BusinessDate(std::chrono::sys_days(std::chrono::days(date.days))); }
postgres::Time as_time(base::UtcTime time) { return {time.time_since_epoch().count()}; }
base::UtcTime from_time(postgres::Time time) { return base::UtcTime(std::chrono::milliseconds(time.ms)); }

void add_event_row(CopyRows& rows, std::int32_t venue, const Event& event, base::ByteView stored) {
  rows.row().date(as_date(event.business_date)).integer(venue).bigint(static_cast<std::int64_t>(event.seq)).time(as_time(event.ts)).text(event.kind).bytes(event.hash).bytes(stored);
}

void add_admission_row(CopyRows& rows, std::int32_t venue, const Admission& a) {
  rows.row().date(as_date(a.date)).integer(venue).text(a.ticket).text(a.film).text(a.screening).smallint(static_cast<std::int16_t>(a.kind)).bigint(a.price_minor).time(as_time(a.sold_at));
  rows.flag(a.redeemed).flag(a.refunded).flag(a.changed).flag(a.played).smallint(static_cast<std::int16_t>(a.plays)).flag(a.evacuated);
  rows.smallint(static_cast<std::int16_t>(a.settlement)).texts(a.links);
}

void add_film_day_row(CopyRows& rows, std::int32_t venue, BusinessDate date, const std::string& film, const DayCounts& c) {
  rows.row().date(as_date(date)).integer(venue).text(film);
  for (const auto value : {c.sold, c.comps, c.refunded, c.changed, c.redeemed, c.plays_started, c.played, c.guests, c.evacuated, c.gross_minor, c.refunds_minor}) rows.bigint(value);
}

base::Result<CircuitStore> CircuitStore::open(const std::string& conninfo) {
  auto connection = postgres::Connection::open(conninfo);
  if (!connection) return std::unexpected(connection.error());
  if (auto done = migrate(*connection); !done) return std::unexpected(done.error());
  // Where rows wait that are added to others; emptied by each commit.
  constexpr const char* kTables =
      "CREATE TEMP TABLE IF NOT EXISTS altered_admissions (LIKE admissions) ON COMMIT DELETE ROWS;"
      "CREATE TEMP TABLE IF NOT EXISTS more_film_days (LIKE film_days) ON COMMIT DELETE ROWS;"
      "CREATE TEMP TABLE IF NOT EXISTS more_curve (LIKE day_curve) ON COMMIT DELETE ROWS";
  if (auto done = connection->run(kTables); !done) return std::unexpected(done.error());
  return CircuitStore(std::move(*connection));
}

base::Result<CircuitStore> CircuitStore::open_to_read(const std::string& conninfo) {
  auto connection = postgres::Connection::open(conninfo);
  if (!connection) return std::unexpected(connection.error());
  if (auto done = check_schema(*connection); !done) return std::unexpected(done.error());
  return CircuitStore(std::move(*connection));
}

base::Result<void> CircuitStore::add_venue(const NewVenue& venue, base::UtcTime now) {
  const std::string& id = venue.venue.value();
  const bool plain = !id.empty() && id.size() <= 80 && id.front() != '.' &&
                     std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'; });
  if (!plain) return base::fail("venue-malformed", "\"" + storable(id, 80) + "\" is not the id of a venue.", "Use the id in its boxoffice.toml: letters, digits, - _ and a dot.");
  const Value pinned = venue.pinned ? Value(base::Bytes(venue.pinned->begin(), venue.pinned->end())) : Value();
  const auto added = connection_.query(
      "INSERT INTO venues AS v (venue, url, api_key, pinned_key, added_at, state_since, cursor_hash, frontier, client_id, certificate_file, key_file, ca_file) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (venue) DO UPDATE SET url = $2, api_key = $3, pinned_key = coalesce($4, v.pinned_key), state_since = $5, client_id = $8, certificate_file = $9, key_file = $10, ca_file = $11, "
      "state = CASE WHEN EXISTS (SELECT 1 FROM incidents i WHERE i.venue = v.id AND i.released_at IS NULL) THEN 'quarantined' ELSE 'active' END, "
      "state_code = coalesce((SELECT code FROM incidents i WHERE i.venue = v.id AND i.released_at IS NULL ORDER BY i.id DESC LIMIT 1), ''), "
      "state_text = coalesce((SELECT message FROM incidents i WHERE i.venue = v.id AND i.released_at IS NULL ORDER BY i.id DESC LIMIT 1), '') "
      "WHERE v.state = 'left'",
      {venue.venue.value(), venue.url, venue.api_key, pinned, as_time(now), base::Bytes(sizeof(base::Hash)), MerkleFrontier().encode(), venue.access.client_id,
       venue.access.certificate_file, venue.access.key_file, venue.access.ca_file});
  if (!added) return std::unexpected(added.error());
  if (added->affected() == 1) return {};
  return base::fail("venue-known", "The venue " + venue.venue.value() + " is there already.", "promenade circuit venue-change gives it another address or key.");
}

base::Result<void> CircuitStore::change_venue(const base::VenueId& venue, const VenueChange& change) {
  const auto given = [](const std::optional<std::string>& text) { return text ? Value(*text) : Value(); };
  const Value pinned = change.pinned ? Value(base::Bytes(change.pinned->begin(), change.pinned->end())) : Value();
  const auto of_access = [&](std::string VenueAccess::* field) { return change.access ? Value((*change.access).*field) : Value(); };
  const auto done = connection_.query("UPDATE venues SET url = coalesce($2, url), api_key = coalesce($3, api_key), pinned_key = coalesce($4, pinned_key), client_id = coalesce($5, client_id), "
                                      "certificate_file = coalesce($6, certificate_file), key_file = coalesce($7, key_file), ca_file = coalesce($8, ca_file) WHERE venue = $1",
                                      {venue.value(), given(change.url), given(change.api_key), pinned, of_access(&VenueAccess::client_id), of_access(&VenueAccess::certificate_file),
                                       of_access(&VenueAccess::key_file), of_access(&VenueAccess::ca_file)});
  if (!done) return std::unexpected(done.error());
  return done->affected() == 1 ? base::Result<void>() : unknown(venue.value());
}

base::Result<void> CircuitStore::remove_venue(const base::VenueId& venue, base::UtcTime now) {
  const auto done = connection_.query("UPDATE venues SET state = 'left', state_code = '', state_text = '', state_since = $2 WHERE venue = $1", {venue.value(), as_time(now)});
  if (!done) return std::unexpected(done.error());
  return done->affected() == 1 ? base::Result<void>() : unknown(venue.value());
}

base::Result<void> CircuitStore::release(const base::VenueId& venue, const std::string& by, const std::string& reason, base::UtcTime now) {
  return connection_.transaction([&]() -> base::Result<void> {
    const auto one = connection_.query("UPDATE venues SET state = 'active', state_code = '', state_text = '', state_since = $2 WHERE venue = $1 AND state = 'quarantined' RETURNING id",
                                       {venue.value(), as_time(now)});
    if (!one) return std::unexpected(one.error());
    if (one->size() == 0) {
      const auto known = connection_.query("SELECT 1 FROM venues WHERE venue = $1", {venue.value()});
      if (!known) return std::unexpected(known.error());
      if (known->size() == 0) return unknown(venue.value());
      return base::fail("venue-not-quarantined", "The venue " + venue.value() + " is not in quarantine.", "promenade circuit venues says how each one stands.");
    }
    return no_value(connection_.query("UPDATE incidents SET released_at = $2, released_by = $3, release_reason = $4 WHERE venue = $1 AND released_at IS NULL",
                                      {static_cast<std::int32_t>(one->number(0, 0)), as_time(now), by, reason}));
  });
}

base::Result<std::vector<std::int32_t>> CircuitStore::active_venues() {
  const auto rows = connection_.query("SELECT id FROM venues WHERE state = 'active' ORDER BY id");
  if (!rows) return std::unexpected(rows.error());
  std::vector<std::int32_t> out;
  for (int i = 0; i < rows->size(); ++i) out.push_back(static_cast<std::int32_t>(rows->number(i, 0)));
  return out;
}

base::Result<VenueRecord> CircuitStore::venue(std::int32_t id) { return venue_where("id = $1", id); }
base::Result<VenueRecord> CircuitStore::venue(const base::VenueId& venue) { return venue_where("venue = $1", venue.value()); }

base::Result<VenueRecord> CircuitStore::venue_where(const std::string& condition, const Value& value) {
  const auto rows = connection_.query(kVenueColumns + condition, {value});
  if (!rows) return std::unexpected(rows.error());
  if (rows->size() == 0) return unknown(std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "");
  auto record = record_of(*rows);
  if (!record) return record;
  const auto keys = connection_.query("SELECT key FROM log_keys WHERE venue = $1 ORDER BY from_seq", {record->id});
  if (!keys) return std::unexpected(keys.error());
  for (int i = 0; i < keys->size(); ++i) {
    const auto key = log_key_from_json(nlohmann::json::parse(keys->text(i, 0), nullptr, false));
    if (!key) return std::unexpected(key.error());
    if (auto added = record->keys.add(*key); !added) return std::unexpected(added.error());
  }
  return record;
}

base::Result<std::vector<Admission>> CircuitStore::admissions(std::int32_t venue, const std::vector<std::string>& names, const std::set<BusinessDate>& dates) {
  std::set<std::string> missing(names.begin(), names.end());
  std::vector<Admission> found;
  // Of the batch's own days first, which is nearly always enough; of any day only for what is still not found.
  for (const bool any_day : {false, true}) {
    if (missing.empty() || (!any_day && dates.empty())) continue;
    postgres::TextArray tickets, links;
    for (const auto& name : missing) {
      if (name.starts_with("t:")) tickets.push_back(name.substr(2));
      else links.push_back(name);
    }
    const BusinessDate from = any_day ? BusinessDate(std::chrono::sys_days(std::chrono::days(0))) : dates.begin()->plus_days(-1);
    const BusinessDate to = any_day ? from.plus_days(365 * 1000) : dates.rbegin()->plus_days(1);
    const auto rows = connection_.query(std::string("SELECT ") + kAdmissionColumns + " FROM admissions WHERE venue = $1 AND business_date BETWEEN $2 AND $3 AND (ticket = ANY($4) OR links && $5)",
                                        {venue, as_date(from), as_date(to), tickets, links});
    if (!rows) return std::unexpected(rows.error());
    for (int i = 0; i < rows->size(); ++i) {
      Admission one = admission_of(*rows, i);
      missing.erase("t:" + one.ticket);
      for (const auto& link : one.links) missing.erase(link);
      if (std::ranges::find(found, one.ticket, &Admission::ticket) == found.end()) found.push_back(std::move(one));
    }
  }
  return found;
}

base::Result<DayCounts> CircuitStore::counted(std::int32_t venue, BusinessDate date) {
  const auto rows = connection_.query(
      "SELECT sum(sold)::bigint, sum(comps)::bigint, sum(refunded)::bigint, sum(changed)::bigint, sum(redeemed)::bigint, sum(plays_started)::bigint, sum(played)::bigint, sum(guests)::bigint, "
      "sum(evacuated)::bigint, sum(gross_minor)::bigint, sum(refunds_minor)::bigint FROM film_days WHERE business_date = $1 AND venue = $2",
      {as_date(date), venue});
  if (!rows) return std::unexpected(rows.error());
  DayCounts c;
  int column = 0;
  for (auto* value : {&c.sold, &c.comps, &c.refunded, &c.changed, &c.redeemed, &c.plays_started, &c.played, &c.guests, &c.evacuated, &c.gross_minor, &c.refunds_minor})
    *value = rows->number(0, column++);
  return c;
}

base::Result<void> CircuitStore::make_partitions(const std::set<BusinessDate>& dates) {
  for (const BusinessDate date : dates) {
    if (partitions_.contains(date)) continue;
    // Dates are ours to write, digits and hyphens; names take no parameters.
    std::string suffix = date.text();
    std::erase(suffix, '-');
    // One program or writer at a time: two that make the same table at once would see each other half done.
    const auto made = connection_.transaction([&]() -> base::Result<void> {
      if (auto locked = connection_.query("SELECT pg_advisory_xact_lock($1)", {kPartitionLock}); !locked) return std::unexpected(locked.error());
      for (const std::string table : {"events", "admissions"}) {
        const std::string name = table + "_" + suffix;
        const auto there = connection_.query("SELECT to_regclass($1) IS NOT NULL", {name});
        if (!there) return std::unexpected(there.error());
        if (there->flag(0, 0)) continue;
        if (auto done = connection_.run("CREATE TABLE IF NOT EXISTS " + name + " PARTITION OF " + table + " FOR VALUES FROM ('" + date.text() + "') TO ('" + date.plus_days(1).text() + "')"); !done) return done;
      }
      return {};
    });
    if (!made) return made;
    partitions_.insert(date);
  }
  return {};
}

base::Result<void> CircuitStore::commit(std::span<const VenueBatch> batches, base::UtcTime now) {
  std::set<BusinessDate> dates;
  for (const auto& batch : batches) dates.insert(batch.dates.begin(), batch.dates.end());
  // Before the transaction: a partition takes a lock on its whole table for as long as that lasts.
  if (auto done = make_partitions(dates); !done) return done;
  written_films_.clear();
  auto done = connection_.transaction([&] { return write(batches, now); });
  if (done)
    for (const auto& [film, titles] : written_films_) films_[film] = titles;
  return done;
}

base::Result<void> CircuitStore::write(std::span<const VenueBatch> batches, base::UtcTime now) {
  for (const auto& batch : batches)
    if (auto done = move_cursor(batch, now); !done) return done;
  if (auto done = write_rows(batches); !done) return done;
  for (const auto& batch : batches)
    if (auto done = write_days(batch); !done) return done;
  // Last, and in one order, what other writers' venues change as well: its rows are locked from here to the commit only, and
  // no two writers wait for each other.
  if (auto done = write_films(batches); !done) return done;
  return write_curve(batches);
}

base::Result<void> CircuitStore::write_films(std::span<const VenueBatch> batches) {
  std::map<std::string, std::pair<std::string, std::string>> titles;
  for (const VenueBatch& batch : batches)
    for (const FilmTitle& film : batch.films) titles[film.film] = {film.title_zh, film.title_en};
  for (const auto& [film, both] : titles) {
    if (const auto known = films_.find(film); known != films_.end() && known->second == both) continue;
    const auto kept = connection_.query("INSERT INTO films (film, title_zh, title_en) VALUES ($1, $2, $3) ON CONFLICT (film) DO UPDATE SET title_zh = EXCLUDED.title_zh, title_en = EXCLUDED.title_en "
                                        "WHERE (films.title_zh, films.title_en) IS DISTINCT FROM (EXCLUDED.title_zh, EXCLUDED.title_en)",
                                        {film, both.first, both.second});
    if (!kept) return std::unexpected(kept.error());
    written_films_[film] = both;
  }
  return {};
}

base::Result<void> CircuitStore::write_curve(std::span<const VenueBatch> batches) {
  std::vector<base::ByteView> parts;
  for (const VenueBatch& batch : batches)
    if (batch.curve.rows() > 0) parts.emplace_back(batch.curve.data());
  if (parts.empty()) return {};
  if (auto done = connection_.copy_in("more_curve (business_date, quarter, sold, redeemed)", parts); !done) return std::unexpected(done.error());
  return no_value(connection_.query("INSERT INTO day_curve AS d SELECT business_date, quarter, sum(sold), sum(redeemed) FROM more_curve GROUP BY 1, 2 ORDER BY 1, 2 "
                                    "ON CONFLICT (business_date, quarter) DO UPDATE SET sold = d.sold + EXCLUDED.sold, redeemed = d.redeemed + EXCLUDED.redeemed"));
}

base::Result<void> CircuitStore::move_cursor(const VenueBatch& batch, base::UtcTime now) {
  const VenueRecord& v = batch.after;
  const auto moved = connection_.query(
      "UPDATE venues SET cursor_seq = $3, cursor_hash = $4, frontier = $5, checkpoint = $6, name_zh = $7, name_en = $8, cinema_code = $9, time_zone = $10, cut_over_min = $11, currency = $12, "
      "worn_floors = $13, first_date = $14 WHERE id = $1 AND cursor_seq = $2 AND state = 'active'",
      {v.id, static_cast<std::int64_t>(batch.from), static_cast<std::int64_t>(v.cursor.seq), base::Bytes(v.cursor.hash.begin(), v.cursor.hash.end()), v.frontier.encode(),
       v.checkpoint ? canonical_text(to_json(*v.checkpoint)) : std::string(), v.name_zh, v.name_en, v.cinema_code, v.time_zone, static_cast<std::int32_t>(v.cut_over.count()), v.currency.code(),
       floors_text(v.worn_floors), v.first_date ? Value(as_date(*v.first_date)) : Value()});
  if (!moved) return std::unexpected(moved.error());
  if (moved->affected() != 1)
    return base::fail("cursor-moved", "Another program has taken events of the venue " + v.venue.value() + ", or put it in quarantine, meanwhile.", "Nothing was written twice; it is asked again.");
  for (const LogKey& key : batch.new_keys) {
    const auto kept = connection_.query("INSERT INTO log_keys (venue, from_seq, key) VALUES ($1, $2, $3)", {v.id, static_cast<std::int64_t>(key.from), canonical_text(to_json(key))});
    if (!kept) return std::unexpected(kept.error());
  }
  return note_contact(v.id, nullptr, v.checkpoint ? std::optional(v.checkpoint->at) : std::nullopt, now);
}

base::Result<void> CircuitStore::write_rows(std::span<const VenueBatch> batches) {
  // In the order of the keys, so that rows come to few pages of an index, and mostly to its end.
  std::vector<const VenueBatch*> by_venue;
  for (const VenueBatch& batch : batches) by_venue.push_back(&batch);
  std::ranges::sort(by_venue, {}, [](const VenueBatch* batch) { return batch->after.id; });
  const auto copy = [&](const std::string& target, auto rows_of) -> base::Result<std::int64_t> {
    std::vector<base::ByteView> parts;
    std::int64_t expected = 0;
    for (const VenueBatch* batch : by_venue) {
      const CopyRows& rows = rows_of(*batch);
      if (rows.rows() == 0) continue;
      parts.emplace_back(rows.data());
      expected += rows.rows();
    }
    if (parts.empty()) return 0;
    auto done = connection_.copy_in(target, parts);
    if (done && *done != expected) return base::fail("database-failed", "PostgreSQL took " + std::to_string(*done) + " of " + std::to_string(expected) + " rows.", {});
    return done;
  };
  const std::string admissions = std::string("(") + kAdmissionColumns + ")", film_days = std::string("(") + kFilmDayColumns + ")";
  if (auto done = copy(kEventColumns, [](const VenueBatch& b) -> const CopyRows& { return b.events; }); !done) return std::unexpected(done.error());
  if (auto done = copy("admissions " + admissions, [](const VenueBatch& b) -> const CopyRows& { return b.added; }); !done) return std::unexpected(done.error());
  const auto altered = copy("altered_admissions " + admissions, [](const VenueBatch& b) -> const CopyRows& { return b.altered; });
  if (!altered) return std::unexpected(altered.error());
  if (*altered > 0) {
    const auto done = connection_.query(
        "UPDATE admissions a SET redeemed = b.redeemed, refunded = b.refunded, changed = b.changed, played = b.played, plays = b.plays, evacuated = b.evacuated, settlement = b.settlement, "
        "links = b.links FROM altered_admissions b WHERE a.business_date = b.business_date AND a.venue = b.venue AND a.ticket = b.ticket");
    if (!done) return std::unexpected(done.error());
    if (done->affected() != *altered) return base::fail("database-failed", "Admissions to be altered are not there.", "Make the circuit's store anew from its venues.");
  }
  const auto more = copy("more_film_days " + film_days, [](const VenueBatch& b) -> const CopyRows& { return b.film_days; });
  if (!more) return std::unexpected(more.error());
  if (*more > 0) {
    std::string sums;
    for (const char* name : {"sold", "comps", "refunded", "changed", "redeemed", "plays_started", "played", "guests", "evacuated", "gross_minor", "refunds_minor"})
      sums += std::string(sums.empty() ? "" : ", ") + name + " = d." + name + " + EXCLUDED." + name;
    if (auto done = connection_.query("INSERT INTO film_days AS d SELECT * FROM more_film_days ON CONFLICT (business_date, venue, film) DO UPDATE SET " + sums); !done)
      return std::unexpected(done.error());
  }
  // A correction's discrepancies take the place of those before.
  for (const auto& batch : batches)
    for (const auto& day : batch.days)
      if (day.revision > 1)
        if (auto done = connection_.query("DELETE FROM discrepancies WHERE business_date = $1 AND venue = $2", {as_date(day.date), batch.after.id}); !done) return std::unexpected(done.error());
  if (auto done = copy("discrepancies (business_date, venue, code, level, subject, count, explanation_zh, explanation_en)",
                       [](const VenueBatch& b) -> const CopyRows& { return b.discrepancies; });
      !done)
    return std::unexpected(done.error());
  return {};
}

base::Result<void> CircuitStore::write_days(const VenueBatch& batch) {
  for (const ReportedDay& day : batch.days) {
    const auto kept = connection_.query("INSERT INTO days (business_date, venue, revision, settled_seq, admissions, report) VALUES ($1, $2, $3, $4, $5, $6)",
                                        {as_date(day.date), batch.after.id, static_cast<std::int32_t>(day.revision), static_cast<std::int64_t>(day.settled_seq), day.admissions, day.report});
    if (!kept) return std::unexpected(kept.error());
  }
  return {};
}

base::Result<void> CircuitStore::quarantine(std::int32_t venue, const Refusal& refusal, base::UtcTime now) {
  return connection_.transaction([&]() -> base::Result<void> {
    const auto stopped = connection_.query("UPDATE venues SET state = 'quarantined', state_code = $2, state_text = $3, state_since = $4 WHERE id = $1 AND state = 'active' RETURNING cursor_seq",
                                           {venue, storable(refusal.code, kNoticeSize), storable(refusal.message, kMessageSize), as_time(now)});
    if (!stopped) return std::unexpected(stopped.error());
    if (stopped->size() == 0) return {};  // somebody else has seen it, too
    return no_value(connection_.query("INSERT INTO incidents (venue, at, code, message, cursor_seq, evidence) VALUES ($1, $2, $3, $4, $5, $6)",
                                      {venue, as_time(now), storable(refusal.code, kNoticeSize), storable(refusal.message, kMessageSize), stopped->number(0, 0), storable(refusal.evidence, kMaxEvidence)}));
  });
}

base::Result<void> CircuitStore::note_contact(std::int32_t venue, const base::Error* error, std::optional<base::UtcTime> is_signed, base::UtcTime now) {
  if (error != nullptr) {
    return no_value(connection_.query(
        "INSERT INTO contacts AS c (venue, tried_at, failures, error_code, error_text) VALUES ($1, $2, 1, $3, $4) "
        "ON CONFLICT (venue) DO UPDATE SET tried_at = $2, failures = c.failures + 1, error_code = $3, error_text = $4",
        {venue, as_time(now), storable(error->code, kNoticeSize), storable(error->message, kNoticeSize)}));
  }
  return no_value(connection_.query(
      "INSERT INTO contacts AS c (venue, tried_at, seen_at, signed_at) VALUES ($1, $2, $2, $3) "
      "ON CONFLICT (venue) DO UPDATE SET tried_at = $2, seen_at = $2, signed_at = coalesce($3, c.signed_at), failures = 0, error_code = '', error_text = ''",
      {venue, as_time(now), is_signed ? Value(as_time(*is_signed)) : Value()}));
}

base::Result<void> CircuitStore::lock_for_collecting() {
  // A collector that has just ended may still hold it until the server has seen that it is gone.
  if (auto set = connection_.run("SET lock_timeout = '2s'"); !set) return set;
  const auto locked = connection_.query("SELECT pg_advisory_lock($1)", {kCollectorLock});
  if (!locked && locked.error().code == "database-busy")
    return base::fail("collector-running", "Another promenade-circuit collects into this database.", "Wait for it to end, or stop it.");
  if (!locked) return std::unexpected(locked.error());
  return connection_.run("RESET lock_timeout");
}

base::Result<void> CircuitStore::for_each_stored(std::int32_t venue, const std::function<base::Result<void>(base::ByteView stored)>& take) {
  // The number is this program's own, not a caller's text; COPY takes no parameters.
  return connection_.copy_out("(SELECT stored FROM events WHERE venue = " + std::to_string(venue) + " ORDER BY seq)", [&](base::ByteView row) -> base::Result<void> {
    if (row.size() < 6) return base::fail("database-failed", "PostgreSQL sent a row that is none.", {});
    return take(row.subspan(6));  // u16 fields, u32 length
  });
}

}  // namespace promenade::ticketing::circuit
