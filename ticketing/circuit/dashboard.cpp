#include "ticketing/circuit/dashboard.h"

#include <algorithm>
#include <map>

namespace promenade::ticketing::circuit {
namespace {

using postgres::Rows;
using web::CircuitCounts;
using web::CircuitDiscrepancy;
using web::DayState;

constexpr int kWorst = 40, kPastDays = 28;
constexpr auto kZone = std::chrono::hours(8);  // the circuit's own day, where no venue's is meant: China has one zone
constexpr auto kCutOver = std::chrono::hours(6);

BusinessDate today_of(base::UtcTime now) { return BusinessDate(std::chrono::floor<std::chrono::days>(now + kZone - kCutOver)); }

// Counts from columns FIRST.. of a row: sold, comps, refunded, changed, redeemed, plays_started, played, guests, currency, gross, refunds.
constexpr const char* kSums =
    "sum(f.sold)::bigint, sum(f.comps)::bigint, sum(f.refunded)::bigint, sum(f.changed)::bigint, sum(f.redeemed)::bigint, sum(f.plays_started)::bigint, sum(f.played)::bigint, "
    "sum(f.guests)::bigint, v.currency, sum(f.gross_minor)::bigint, sum(f.refunds_minor)::bigint";
CircuitCounts counts_at(const Rows& rows, int row, int first) {
  CircuitCounts c;
  for (auto* value : {&c.sold, &c.comps, &c.refunded, &c.changed, &c.redeemed, &c.plays_started, &c.played, &c.guests}) *value = rows.number(row, first++);
  const auto currency = Currency::from_code(rows.text(row, first));
  c.money.push_back({currency.value_or(Currency{}), rows.number(row, first + 1), rows.number(row, first + 2)});
  return c;
}

// SQL for the state of one venue's day; needs v (venues), d (days' last revision or null), f_any (has counts), $1 date, $2 today.
DayState state_of(bool closed, std::int64_t admissions, bool has_events, bool quarantined, std::optional<BusinessDate> first, BusinessDate date, BusinessDate today) {
  if (closed) return admissions > 0 ? DayState::received : DayState::zero;
  if (first && date < *first) return DayState::not_yet;
  if (quarantined) return DayState::quarantined;
  if (date >= today) return DayState::open;
  return has_events ? DayState::unclosed : DayState::missing;
}

struct Reader {
  CircuitStore& store;
  BusinessDate date;
  base::Result<Rows> ask(const std::string& sql, std::initializer_list<postgres::Value> values) { return store.connection().query(sql, values); }
};

base::Result<void> read_films(Reader in, web::CircuitDay& day) {
  const auto rows = in.ask(std::string("SELECT f.film, coalesce(t.title_zh, ''), coalesce(t.title_en, ''), count(DISTINCT f.venue), ") + kSums +
                               " FROM film_days f JOIN venues v ON v.id = f.venue LEFT JOIN films t ON t.film = f.film WHERE f.business_date = $1 GROUP BY 1, 2, 3, v.currency",
                           {as_date(in.date)});
  if (!rows) return std::unexpected(rows.error());
  for (int i = 0; i < rows->size(); ++i) {
    auto at = std::ranges::find(day.films, rows->text(i, 0), &web::CircuitFilm::film);
    if (at == day.films.end()) at = day.films.insert(day.films.end(), {rows->text(i, 0), rows->text(i, 1), rows->text(i, 2), 0, {}});
    at->venues += rows->number(i, 3);
    at->counts.add(counts_at(*rows, i, 4));
  }
  std::ranges::stable_sort(day.films, [](const auto& a, const auto& b) { return std::pair(-a.counts.admissions(), a.film) < std::pair(-b.counts.admissions(), b.film); });
  return {};
}

constexpr const char* kVenueSelect =
    "SELECT v.venue, v.name_zh, v.name_en, v.state, v.state_code, v.first_date, v.cursor_seq, c.signed_at, c.seen_at, coalesce(c.failures, 0), coalesce(c.error_text, ''), d.revision, d.admissions, "
    "f.*, coalesce(x.alarms, 0), coalesce(x.warnings, 0) FROM venues v LEFT JOIN contacts c ON c.venue = v.id "
    "LEFT JOIN (SELECT DISTINCT ON (venue) venue, revision, admissions FROM days WHERE business_date = $1 ORDER BY venue, revision DESC) d ON d.venue = v.id ";

web::CircuitVenue venue_at(const Rows& rows, int i, BusinessDate date, BusinessDate today) {
  web::CircuitVenue v;
  v.venue = rows.text(i, 0);
  v.name_zh = rows.text(i, 1);
  v.name_en = rows.text(i, 2);
  v.state_code = rows.text(i, 4);
  v.events = static_cast<std::uint64_t>(rows.number(i, 6));
  if (!rows.is_null(i, 7)) v.signed_at = from_time(rows.time(i, 7));
  if (!rows.is_null(i, 8)) v.seen_at = from_time(rows.time(i, 8));
  v.failures = static_cast<int>(rows.number(i, 9));
  v.error_text = rows.text(i, 10);
  v.revision = static_cast<int>(rows.number(i, 11));
  const bool has_counts = !rows.is_null(i, 13);
  if (has_counts) v.counts = counts_at(rows, i, 14);
  v.alarms = static_cast<int>(rows.number(i, 25));
  v.warnings = static_cast<int>(rows.number(i, 26));
  const auto first = rows.is_null(i, 5) ? std::nullopt : std::optional(from_date(rows.date(i, 5)));
  v.state = state_of(!rows.is_null(i, 11), rows.number(i, 12), has_counts, rows.text(i, 3) == "quarantined", first, date, today);
  return v;
}

// The counts of each venue's day, all columns null where it has none; then its alarms and warnings.
std::string venue_query(const std::string& which) {
  return kVenueSelect + std::string("LEFT JOIN (SELECT f.venue AS of_venue, ") + kSums +
         " FROM film_days f JOIN venues v ON v.id = f.venue WHERE f.business_date = $1 GROUP BY f.venue, v.currency) f ON f.of_venue = v.id "
         "LEFT JOIN (SELECT venue, (count(*) FILTER (WHERE level = 2))::int AS alarms, (count(*) FILTER (WHERE level = 1))::int AS warnings FROM discrepancies WHERE business_date = $1 GROUP BY venue) x "
         "ON x.venue = v.id WHERE " + which;
}

base::Result<void> read_venues(Reader in, web::CircuitDay& day) {
  const auto rows = in.ask(venue_query("v.state <> 'left' OR f.of_venue IS NOT NULL"), {as_date(in.date)});
  if (!rows) return std::unexpected(rows.error());
  for (int i = 0; i < rows->size(); ++i) {
    web::CircuitVenue v = venue_at(*rows, i, in.date, day.today);
    ++day.states[static_cast<std::size_t>(v.state)];
    day.totals.add(v.counts);
    day.venues.push_back(std::move(v));
  }
  std::ranges::sort(day.venues, [](const auto& a, const auto& b) { return std::pair(-a.counts.admissions(), a.venue) < std::pair(-b.counts.admissions(), b.venue); });
  return {};
}

base::Result<void> read_curve(Reader in, web::CircuitDay& day) {
  const auto rows = in.ask("SELECT quarter, sold, redeemed FROM day_curve WHERE business_date = $1 ORDER BY quarter", {as_date(in.date)});
  if (!rows) return std::unexpected(rows.error());
  for (int i = 0; i < rows->size(); ++i) day.curve.push_back({static_cast<int>(rows->number(i, 0)), rows->number(i, 1), rows->number(i, 2)});
  return {};
}

CircuitDiscrepancy discrepancy_at(const Rows& rows, int i) {
  return {rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3), rows.text(i, 4), static_cast<int>(rows.number(i, 5)), rows.number(i, 6), 1, rows.text(i, 7), rows.text(i, 8)};
}
constexpr const char* kDiscrepancySelect =
    "SELECT v.venue, v.name_zh, v.name_en, x.code, x.subject, x.level, x.count, x.explanation_zh, x.explanation_en FROM discrepancies x JOIN venues v ON v.id = x.venue WHERE x.business_date = $1 ";

base::Result<void> read_discrepancies(Reader in, web::CircuitDay& day) {
  const auto sums = in.ask("SELECT code, level, sum(count)::bigint, count(DISTINCT venue) FROM discrepancies WHERE business_date = $1 GROUP BY code, level ORDER BY level DESC, 3 DESC, code", {as_date(in.date)});
  if (!sums) return std::unexpected(sums.error());
  for (int i = 0; i < sums->size(); ++i) {
    CircuitDiscrepancy one;
    one.code = sums->text(i, 0);
    one.level = static_cast<int>(sums->number(i, 1));
    one.count = sums->number(i, 2);
    one.venues = sums->number(i, 3);
    day.by_code.push_back(std::move(one));
  }
  const auto worst = in.ask(std::string(kDiscrepancySelect) + "AND x.level > 0 ORDER BY x.level DESC, x.count DESC, v.venue, x.code, x.subject LIMIT $2", {as_date(in.date), std::int32_t{kWorst}});
  if (!worst) return std::unexpected(worst.error());
  for (int i = 0; i < worst->size(); ++i) day.worst.push_back(discrepancy_at(*worst, i));
  return {};
}

constexpr const char* kIncidentSelect =
    "SELECT v.venue, v.name_zh, v.name_en, n.code, n.message, n.at, n.cursor_seq, n.released_at, n.released_by, n.release_reason FROM incidents n JOIN venues v ON v.id = n.venue WHERE ";
web::CircuitIncident incident_at(const Rows& rows, int i) {
  return {rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3), rows.text(i, 4), from_time(rows.time(i, 5)), static_cast<std::uint64_t>(rows.number(i, 6)),
          rows.is_null(i, 7) ? std::nullopt : std::optional(from_time(rows.time(i, 7))), rows.text(i, 8), rows.text(i, 9)};
}

base::Result<void> read_day(Reader in, web::CircuitDay& day) {
  for (const auto part : {read_films, read_venues, read_curve, read_discrepancies})
    if (auto done = part(in, day); !done) return done;
  const auto open = in.ask(std::string(kIncidentSelect) + "n.released_at IS NULL AND v.state = 'quarantined' ORDER BY n.at DESC LIMIT 200", {});
  if (!open) return std::unexpected(open.error());
  for (int i = 0; i < open->size(); ++i) day.quarantined.push_back(incident_at(*open, i));
  return {};
}

// Everything of one moment, whatever is committed meanwhile.
base::Result<void> at_one_moment(CircuitStore& store, const std::function<base::Result<void>()>& read) {
  return store.connection().transaction([&]() -> base::Result<void> {
    if (auto done = store.connection().run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = '20s'"); !done) return done;
    return read();
  });
}

base::Result<void> read_past(Reader in, std::int32_t id, bool quarantined, std::optional<BusinessDate> first, web::CircuitVenueDay& out) {
  const auto rows = in.ask(
      "SELECT g.day::date, max(d.revision), max(d.admissions), bool_or(f.venue IS NOT NULL), coalesce(sum(f.sold + f.comps), 0)::bigint FROM generate_series($2::date, $3::date, interval '1 day') AS g(day) "
      "LEFT JOIN (SELECT DISTINCT ON (business_date) business_date, revision, admissions FROM days WHERE venue = $1 AND business_date BETWEEN $2 AND $3 ORDER BY business_date, revision DESC) d "
      "ON d.business_date = g.day::date LEFT JOIN film_days f ON f.business_date = g.day::date AND f.venue = $1 GROUP BY 1 ORDER BY 1",
      {id, as_date(in.date.plus_days(1 - kPastDays)), as_date(in.date)});
  if (!rows) return std::unexpected(rows.error());
  for (int i = 0; i < rows->size(); ++i) {
    const BusinessDate date = from_date(rows->date(i, 0));
    out.past.push_back({date, state_of(!rows->is_null(i, 1), rows->number(i, 2), rows->flag(i, 3), quarantined, first, date, out.today), rows->number(i, 4)});
  }
  return {};
}

base::Result<void> read_venue_day(Reader in, const VenueRecord& record, web::CircuitVenueDay& out) {
  const auto venue = in.ask(venue_query("v.id = $2"), {as_date(in.date), record.id});
  if (!venue) return std::unexpected(venue.error());
  out.venue = venue_at(*venue, 0, in.date, out.today);
  const auto films = in.ask(std::string("SELECT f.film, coalesce(t.title_zh, ''), coalesce(t.title_en, ''), ") + kSums +
                                " FROM film_days f JOIN venues v ON v.id = f.venue LEFT JOIN films t ON t.film = f.film WHERE f.business_date = $1 AND f.venue = $2 GROUP BY 1, 2, 3, v.currency "
                                "ORDER BY sum(f.sold + f.comps) DESC, 1",
                            {as_date(in.date), record.id});
  if (!films) return std::unexpected(films.error());
  for (int i = 0; i < films->size(); ++i) out.films.push_back({films->text(i, 0), films->text(i, 1), films->text(i, 2), 1, counts_at(*films, i, 3)});
  const auto found = in.ask(std::string(kDiscrepancySelect) + "AND x.venue = $2 ORDER BY x.level DESC, x.code, x.subject LIMIT 500", {as_date(in.date), record.id});
  if (!found) return std::unexpected(found.error());
  for (int i = 0; i < found->size(); ++i) out.discrepancies.push_back(discrepancy_at(*found, i));
  const auto incidents = in.ask(std::string(kIncidentSelect) + "n.venue = $1 ORDER BY n.id DESC LIMIT 50", {record.id});
  if (!incidents) return std::unexpected(incidents.error());
  for (int i = 0; i < incidents->size(); ++i) out.incidents.push_back(incident_at(*incidents, i));
  return read_past(in, record.id, record.state == VenueState::quarantined, record.first_date, out);
}

}  // namespace

base::Result<web::CircuitDay> day_view(CircuitStore& store, BusinessDate date, base::UtcTime now) {
  web::CircuitDay day;
  day.date = date;
  day.today = today_of(now);
  day.now = now;
  if (auto done = at_one_moment(store, [&] { return read_day({store, date}, day); }); !done) return std::unexpected(done.error());
  return day;
}

base::Result<web::CircuitVenueDay> venue_view(CircuitStore& store, const base::VenueId& venue, BusinessDate date, base::UtcTime now) {
  web::CircuitVenueDay out;
  out.date = date;
  out.today = today_of(now);
  out.now = now;
  const auto done = at_one_moment(store, [&]() -> base::Result<void> {
    const auto record = store.venue(venue);
    if (!record) return std::unexpected(record.error());
    out.url = record->url;
    out.cinema_code = record->cinema_code;
    for (const LogKey& key : record->keys.all()) out.keys.push_back({key.from, base::to_hex(key.key)});
    if (record->checkpoint) {
      out.checkpoint_size = record->checkpoint->size;
      out.checkpoint_root = base::to_hex(record->checkpoint->root);
    }
    return read_venue_day({store, date}, *record, out);
  });
  if (!done) return std::unexpected(done.error());
  return out;
}

base::Result<std::vector<web::CircuitEvent>> event_view(CircuitStore& store, const base::VenueId& venue, BusinessDate date, std::uint64_t after, int count) {
  const auto rows = store.connection().query(
      "SELECT e.seq, e.ts, e.kind, e.hash, e.stored FROM events e JOIN venues v ON v.id = e.venue WHERE v.venue = $1 AND e.business_date = $2 AND e.seq > $3 ORDER BY e.seq LIMIT $4",
      {venue.value(), as_date(date), static_cast<std::int64_t>(after), static_cast<std::int32_t>(count)});
  if (!rows) return std::unexpected(rows.error());
  std::vector<web::CircuitEvent> out;
  for (int i = 0; i < rows->size(); ++i) {
    const auto event = decode_event(rows->bytes(i, 4), venue);
    if (!event) return std::unexpected(event.error());
    out.push_back({event->seq, event->ts, event->kind, base::to_hex(rows->bytes(i, 3)), event->body});
  }
  return out;
}

base::Result<BusinessDate> last_day(CircuitStore& store, base::UtcTime now) {
  const auto rows = store.connection().query("SELECT max(business_date) FROM film_days WHERE sold + comps > 0");
  if (!rows) return std::unexpected(rows.error());
  return rows->is_null(0, 0) ? today_of(now) : from_date(rows->date(0, 0));
}

}  // namespace promenade::ticketing::circuit
