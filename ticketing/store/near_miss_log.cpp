#include "ticketing/store/near_miss_log.h"

#include <cmath>

#include "ticketing/store/database.h"

namespace promenade::ticketing::store {
namespace {

constexpr FileKind kNearMisses{"near-misses"};
constexpr int kSchema = 1;
constexpr int kApplication = 0x504D4E31;  // "PMN1"
constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kBucket_ms = 1'800'000;  // every time zone's whole days are whole half hours, but for a few quarter ones
constexpr std::size_t kSampleBytes = 12;

constexpr const char* kNearMissTables = R"(
  CREATE TABLE near_miss(number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, begin_ms INTEGER NOT NULL,
                         nearest_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, gap_m REAL NOT NULL);
  CREATE INDEX near_miss_begin ON near_miss(begin_ms);
  CREATE TABLE person(near_miss INTEGER NOT NULL REFERENCES near_miss(number), side INTEGER NOT NULL, kind TEXT NOT NULL,
                      headset INTEGER NOT NULL, play TEXT NOT NULL, film TEXT NOT NULL, package TEXT NOT NULL,
                      part TEXT NOT NULL, scene INTEGER NOT NULL, scene_name TEXT NOT NULL, scene_s REAL NOT NULL,
                      level TEXT NOT NULL, cause TEXT NOT NULL, warned_s REAL NOT NULL, tracked INTEGER NOT NULL,
                      x_m REAL NOT NULL, y_m REAL NOT NULL, film_x_m REAL, film_y_m REAL, track BLOB NOT NULL,
                      PRIMARY KEY(near_miss, side)) WITHOUT ROWID;
  CREATE TABLE viewer_time(half_hour_ms INTEGER NOT NULL, film TEXT NOT NULL, package TEXT NOT NULL, part TEXT NOT NULL,
                           scene INTEGER NOT NULL, scene_name TEXT NOT NULL, seconds REAL NOT NULL,
                           PRIMARY KEY(half_hour_ms, film, package, part, scene)) WITHOUT ROWID;
)";

std::unexpected<base::Error> not_ours(const std::string& path) {
  return base::fail("near-misses-unreadable", "The file " + path + " does not hold a hall's near misses.", "Name the data folder of a hall.");
}

// Little-endian: milliseconds and millimetres.
base::Bytes packed(std::span<const TrackSample> track) {
  base::Bytes bytes;
  bytes.reserve(track.size() * kSampleBytes);
  const auto put = [&bytes](std::int32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> shift));
  };
  for (const TrackSample& one : track) {
    put(one.at_ms);
    put(static_cast<std::int32_t>(std::lround(one.x_m * 1000.0)));
    put(static_cast<std::int32_t>(std::lround(one.y_m * 1000.0)));
  }
  return bytes;
}

std::vector<TrackSample> unpacked(const base::Bytes& bytes) {
  std::vector<TrackSample> track;
  const auto get = [&bytes](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    return static_cast<std::int32_t>(value);
  };
  for (std::size_t at = 0; at + kSampleBytes <= bytes.size(); at += kSampleBytes) {
    track.push_back({get(at), get(at + 4) / 1000.0, get(at + 8) / 1000.0});
  }
  return track;
}

base::Result<void> put_person(Database& database, std::int64_t number, std::int64_t side, const NearMissPerson& one) {
  Statement put = database.prepare(
      "INSERT INTO person(near_miss, side, kind, headset, play, film, package, part, scene, scene_name, scene_s, level, cause, warned_s, tracked,"
      " x_m, y_m, film_x_m, film_y_m, track) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  put.bind(1, number).bind(2, side).bind(3, std::string_view(one.kind)).bind(4, std::int64_t{one.headset});
  put.bind(5, std::string_view(one.play)).bind(6, std::string_view(one.film)).bind(7, std::string_view(one.package));
  put.bind(8, std::string_view(one.part)).bind(9, std::int64_t{one.scene}).bind(10, std::string_view(one.scene_name)).bind_real(11, one.scene_s);
  put.bind(12, std::string_view(one.level)).bind(13, std::string_view(one.cause)).bind_real(14, one.warned_s).bind(15, std::int64_t{one.tracked});
  put.bind_real(16, one.x_m).bind_real(17, one.y_m);
  if (one.film_x_m && one.film_y_m) put.bind_real(18, *one.film_x_m).bind_real(19, *one.film_y_m);
  put.bind(20, base::ByteView(packed(one.track)));
  put.step();
  if (!put.done()) return database.failure(put);
  return {};
}

NearMissPerson read_person(const Statement& read) {
  NearMissPerson one;
  one.kind = read.text(1);
  one.headset = static_cast<int>(read.number(2));
  one.play = read.text(3);
  one.film = read.text(4);
  one.package = read.text(5);
  one.part = read.text(6);
  one.scene = static_cast<int>(read.number(7));
  one.scene_name = read.text(8);
  one.scene_s = read.real(9);
  one.level = read.text(10);
  one.cause = read.text(11);
  one.warned_s = read.real(12);
  one.tracked = read.number(13) != 0;
  one.x_m = read.real(14);
  one.y_m = read.real(15);
  if (!read.is_null(16) && !read.is_null(17)) {
    one.film_x_m = read.real(16);
    one.film_y_m = read.real(17);
  }
  one.track = unpacked(read.blob(18));
  return one;
}

}  // namespace

NearMissLog::NearMissLog(std::unique_ptr<Database> database, const NearMissLimits& limits) : database_(std::move(database)), limits_(limits) {}
NearMissLog::NearMissLog(NearMissLog&&) noexcept = default;
NearMissLog& NearMissLog::operator=(NearMissLog&&) noexcept = default;
NearMissLog::~NearMissLog() = default;

base::Result<NearMissLog> NearMissLog::open(const std::string& path, const NearMissLimits& limits, const FileOptions& options) {
  auto opened = Database::open_writer(kNearMisses, path, options);
  if (!opened) return std::unexpected(opened.error());
  const Database::Stamp ours{kApplication, kSchema};
  const auto stamp = (*opened)->make_or_read(kNearMissTables, ours);
  if (!stamp) return std::unexpected(stamp.error());
  if (stamp->application != kApplication) {
    return not_ours(path);
  } else if (stamp->schema != kSchema) {
    return base::fail("near-misses-unreadable", "The file " + path + " was written by a later version of this program.",
                      "Run that version, or move the file away to begin a new one.");
  }
  return NearMissLog(std::move(*opened), limits);
}

base::Result<void> NearMissLog::keep(const NearMissRecord& record) {
  const std::int64_t day = record.end_ms / kDay_ms;
  if (day != pruned_day_) {
    if (auto pruned = prune(record.end_ms); !pruned) return pruned;
    pruned_day_ = day;
  }
  return database_->transaction([&]() -> base::Result<void> {
    Statement put = database_->prepare("INSERT INTO near_miss(kind, begin_ms, nearest_ms, end_ms, gap_m) VALUES(?, ?, ?, ?, ?)");
    put.bind(1, std::string_view(record.kind)).bind(2, record.begin_ms).bind(3, record.nearest_ms).bind(4, record.end_ms).bind_real(5, record.gap_m);
    put.step();
    if (!put.done()) return database_->failure(put);
    const auto number = database_->number_of("SELECT last_insert_rowid()");
    if (!number) return std::unexpected(number.error());
    for (std::size_t side = 0; side < record.people.size(); ++side) {
      if (auto done = put_person(*database_, *number, static_cast<std::int64_t>(side), record.people[side]); !done) return done;
    }
    return {};
  });
}

base::Result<void> NearMissLog::add_time(std::int64_t until_ms, std::span<const ViewerTimeRow> rows) {
  return database_->transaction([&]() -> base::Result<void> {
    Statement add = database_->prepare(
        "INSERT INTO viewer_time VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds");
    for (const ViewerTimeRow& row : rows) {
      add.reset();
      add.bind(1, until_ms / kBucket_ms * kBucket_ms).bind(2, std::string_view(row.film)).bind(3, std::string_view(row.package));
      add.bind(4, std::string_view(row.part)).bind(5, std::int64_t{row.scene}).bind(6, std::string_view(row.scene_name)).bind_real(7, row.seconds);
      add.step();
      if (!add.done()) return database_->failure(add);
    }
    return {};
  });
}

base::Result<void> NearMissLog::prune(std::int64_t now_ms) {
  const std::int64_t oldest_ms = now_ms - limits_.days * kDay_ms;
  return database_->transaction([&]() -> base::Result<void> {
    const auto run = [&](const char* sql, std::int64_t value) -> base::Result<void> {
      Statement erase = database_->prepare(sql);
      erase.bind(1, value).step();
      if (!erase.done()) return database_->failure(erase);
      return {};
    };
    if (auto done = run("DELETE FROM near_miss WHERE begin_ms < ?", oldest_ms); !done) return done;
    constexpr const char* kBeyondLimit =
        "DELETE FROM near_miss WHERE number <= (SELECT number FROM near_miss ORDER BY number DESC LIMIT 1 OFFSET ?)";
    if (auto done = run(kBeyondLimit, limits_.records); !done) return done;
    if (auto done = database_->run("DELETE FROM person WHERE near_miss NOT IN (SELECT number FROM near_miss)"); !done) return done;
    return run("DELETE FROM viewer_time WHERE half_hour_ms < ?", oldest_ms);
  });
}

// ---------------------------------------------------------------- reading

NearMissReader::NearMissReader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
NearMissReader::NearMissReader(NearMissReader&&) noexcept = default;
NearMissReader& NearMissReader::operator=(NearMissReader&&) noexcept = default;
NearMissReader::~NearMissReader() = default;

base::Result<NearMissReader> NearMissReader::open(const std::string& path) {
  auto opened = Database::open_reader(kNearMisses, path);
  if (!opened) return std::unexpected(opened.error());
  const auto application = (*opened)->number_of("PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  if (*application != kApplication) return not_ours(path);
  return NearMissReader(std::move(*opened));
}

base::Result<std::vector<NearMissRecord>> NearMissReader::read(std::int64_t from_ms, std::int64_t to_ms) const {
  std::vector<NearMissRecord> records;
  Statement head = database_->prepare(
      "SELECT number, kind, begin_ms, nearest_ms, end_ms, gap_m FROM near_miss WHERE begin_ms >= ? AND begin_ms < ? ORDER BY begin_ms, number");
  head.bind(1, from_ms).bind(2, to_ms);
  while (head.step()) {
    records.push_back({head.number(0), head.text(1), head.number(2), head.number(3), head.number(4), head.real(5), {}});
  }
  if (!head.done()) return database_->failure(head);
  Statement people = database_->prepare(
      "SELECT side, kind, headset, play, film, package, part, scene, scene_name, scene_s, level, cause, warned_s, tracked, x_m, y_m, film_x_m, film_y_m, track"
      " FROM person WHERE near_miss = ? ORDER BY side");
  for (NearMissRecord& record : records) {
    people.reset();
    people.bind(1, record.number);
    while (people.step()) record.people.push_back(read_person(people));
    if (!people.done()) return database_->failure(people);
  }
  return records;
}

base::Result<std::vector<ViewerTimeRow>> NearMissReader::time(std::int64_t from_ms, std::int64_t to_ms) const {
  std::vector<ViewerTimeRow> rows;
  Statement read = database_->prepare(
      "SELECT film, package, part, scene, max(scene_name), sum(seconds) FROM viewer_time WHERE half_hour_ms >= ? AND half_hour_ms < ?"
      " GROUP BY film, package, part, scene ORDER BY film, package, part, scene");
  read.bind(1, from_ms).bind(2, to_ms);
  while (read.step()) rows.push_back({read.text(0), read.text(1), read.text(2), static_cast<int>(read.number(3)), read.text(4), read.real(5)});
  if (!read.done()) return database_->failure(read);
  return rows;
}

}  // namespace promenade::ticketing::store
