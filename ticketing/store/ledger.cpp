#include "ticketing/store/ledger.h"

#include <algorithm>
#include <limits>

#include "ticketing/core/json_fields.h"
#include "ticketing/store/database.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing::store {
namespace {

constexpr FileKind kLedger{"ledger"};
constexpr int kLedgerSchema = 1;
constexpr int kLedgerApplication = 0x504D4C31;  // "PML1" in the file's header

constexpr const char* kEvents = R"(
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE events(seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, stored BLOB NOT NULL);
  CREATE TRIGGER events_keep_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
  CREATE TRIGGER events_keep_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
  CREATE TRIGGER events_no_hole BEFORE INSERT ON events
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events) BEGIN SELECT RAISE(ABORT, 'the ledger has no holes'); END;
)";

// Beside the events: what was signed about them. A sign of life replaces the checkpoint of the same size.
constexpr const char* kCheckpoints = R"(
  CREATE TABLE IF NOT EXISTS checkpoints(size INTEGER PRIMARY KEY, text TEXT NOT NULL);
  CREATE TRIGGER IF NOT EXISTS checkpoints_keep_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;
  CREATE TRIGGER IF NOT EXISTS checkpoints_keep_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;
  CREATE TRIGGER IF NOT EXISTS checkpoints_grow BEFORE INSERT ON checkpoints
    WHEN NEW.size < (SELECT coalesce(max(size), 0) FROM checkpoints) BEGIN SELECT RAISE(ABORT, 'checkpoints grow'); END;
)";

std::string create_table(const Table& table) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + std::string(table.name) + "(";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    sql += std::string(i == 0 ? "" : ", ") + "\"" + std::string(column.name) + "\" " + (column.number ? "INTEGER" : "TEXT") +
           (i == 0 ? " PRIMARY KEY" : "") + " NOT NULL";
  }
  return sql + ") WITHOUT ROWID;";
}

std::string replace_row(const Table& table) {
  std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(";
  for (std::size_t i = 0; i < table.columns.size(); ++i) sql += i == 0 ? "?" : ",?";
  return sql + ")";
}

base::Result<void> make_tables(Database& database) {
  for (const Table& table : projection_tables()) {
    if (auto done = database.run("DROP TABLE IF EXISTS " + std::string(table.name) + ";" + create_table(table)); !done) return done;
  }
  return {};
}

base::Result<std::int64_t> pragma(const Database& database, const char* sql) {
  Statement read = database.prepare(sql);
  if (!read.step()) return database.failure(read);
  return read.number(0);
}

// A new file gets its tables; an old one must be a ledger of this venue and version.
base::Result<void> check_schema(Database& database, const base::VenueId& venue, bool may_create) {
  const auto application = pragma(database, "PRAGMA application_id");
  const auto version = pragma(database, "PRAGMA user_version");
  const auto tables = pragma(database, "SELECT count(*) FROM sqlite_schema");
  for (const auto* read : {&application, &version, &tables}) {
    if (!*read) return std::unexpected(read->error());
  }
  if (*tables == 0 && may_create) {
    return database.transaction([&]() -> base::Result<void> {
      if (auto done = database.run(kEvents); !done) return done;
      if (auto done = database.run(kCheckpoints); !done) return done;
      if (auto done = make_tables(database); !done) return done;
      Statement meta = database.prepare("INSERT INTO meta VALUES('venue', ?)");
      meta.bind(1, std::string_view(venue.value())).step();
      if (!meta.done()) return database.failure(meta);
      return database.run("PRAGMA application_id=" + std::to_string(kLedgerApplication) + "; PRAGMA user_version=" + std::to_string(kLedgerSchema));
    });
  }
  if (*application != kLedgerApplication || *version != kLedgerSchema) {
    return base::fail("ledger-unreadable", "The file " + database.path() + " is not a ledger of this version.", "Name the ledger file of this box office.");
  }
  Statement meta = database.prepare("SELECT value FROM meta WHERE name='venue'");
  if (!meta.step()) return database.failure(meta);
  if (meta.text(0) != venue.value()) {
    return base::fail("ledger-other-venue", "The ledger " + database.path() + " is of the venue " + meta.text(0) + ", not " + venue.value() + ".",
                      "Name the ledger file of this venue.");
  }
  if (!may_create) return {};
  // A ledger from before a table was thought of: the table is empty as long as nothing fills it.
  if (auto done = database.run(kCheckpoints); !done) return done;
  for (const Table& table : projection_tables()) {
    if (auto done = database.run(create_table(table)); !done) return done;
  }
  return {};
}

base::Result<ChainHead> read_head(const Database& database) {
  Statement read = database.prepare("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
  ChainHead head;
  if (read.step()) {
    head.seq = static_cast<std::uint64_t>(read.number(0));
    const base::Bytes hash = read.blob(1);
    if (hash.size() != head.hash.size()) return base::fail("ledger-unreadable", "The ledger " + database.path() + " has a malformed hash.", "Restore it from a copy.");
    std::ranges::copy(hash, head.hash.begin());
    return head;
  }
  if (!read.done()) return database.failure(read);
  return head;
}

base::Result<Page> read_page(const Database& database, std::uint64_t after, std::size_t limit) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  Page page;
  // The head first: events that come between the two reads are then beyond it, and the next page has them.
  auto head = read_head(database);
  if (!head) return std::unexpected(head.error());
  page.head = *head;
  Statement read = database.prepare("SELECT stored FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?");
  read.bind(1, static_cast<std::int64_t>(std::min(after, kMax)))
      .bind(2, static_cast<std::int64_t>(page.head.seq))
      .bind(3, static_cast<std::int64_t>(std::min<std::uint64_t>(limit, kMax)));
  while (read.step()) {
    page.stored.push_back(read.blob(0));
    auto event = decode_event(page.stored.back(), database.venue);
    if (!event) return std::unexpected(event.error());
    page.events.push_back(std::move(*event));
  }
  if (!read.done()) return database.failure(read);
  return page;
}

base::Result<void> put_checkpoint(Database& database, const Checkpoint& checkpoint) {
  Statement put = database.prepare("INSERT OR REPLACE INTO checkpoints VALUES(?, ?)");
  const std::string text = canonical_text(to_json(checkpoint));
  put.bind(1, static_cast<std::int64_t>(checkpoint.size)).bind(2, std::string_view(text)).step();
  if (!put.done()) return database.failure(put);
  return {};
}

base::Result<std::vector<Checkpoint>> read_checkpoints(const Database& database, const char* sql, std::uint64_t bound, std::size_t limit) {
  std::vector<Checkpoint> found;
  Statement read = database.prepare(sql);
  read.bind(1, static_cast<std::int64_t>(bound)).bind(2, static_cast<std::int64_t>(limit));
  while (read.step()) {
    auto checkpoint = checkpoint_from_text(read.text(1));
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (checkpoint->size != static_cast<std::uint64_t>(read.number(0)) || checkpoint->venue != database.venue) {
      return base::fail("checkpoint-malformed", "The checkpoint of " + std::to_string(read.number(0)) + " events in " + database.path() + " is of another size or venue.",
                        "Somebody altered it: restore the ledger from a copy; keep this file.");
    }
    found.push_back(std::move(*checkpoint));
  }
  if (!read.done()) return database.failure(read);
  return found;
}

constexpr const char* kCheckpointsAfter = "SELECT size, text FROM checkpoints WHERE size > ? ORDER BY size LIMIT ?";
constexpr const char* kLastCheckpoint = "SELECT size, text FROM checkpoints WHERE size >= ? ORDER BY size DESC LIMIT ?";

}  // namespace

// Prepared once: of a commit's time the preparing would be a good part.
struct Ledger::Writing {
  explicit Writing(Database& of) : database(of), event(of.prepare("INSERT INTO events VALUES(?, ?, ?)")) {
    for (const Table& table : projection_tables()) rows.emplace_back(new Statement(of.prepare(replace_row(table))));
  }

  base::Result<void> put(const Event& one, base::ByteView stored) {
    event.bind(1, static_cast<std::int64_t>(one.seq)).bind(2, base::ByteView(one.hash)).bind(3, stored).step();
    return ended(event);
  }

  base::Result<void> put(const Row& row) {
    Statement& statement = *rows[row.table];
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const int at = static_cast<int>(c) + 1;
      if (const auto* number = std::get_if<std::int64_t>(&row.cells[c])) statement.bind(at, *number);
      else statement.bind(at, std::string_view(std::get<std::string>(row.cells[c])));
    }
    statement.step();
    return ended(statement);
  }

  base::Result<void> put_rows(std::span<const Row> all) {
    for (const Row& row : all)
      if (auto done = put(row); !done) return done;
    return {};
  }

  Database& database;
  Statement event;
  std::vector<std::unique_ptr<Statement>> rows;  // as projection_tables()

 private:
  base::Result<void> ended(Statement& statement) {
    base::Result<void> done;
    if (!statement.done()) done = database.failure(statement);
    statement.reset();  // also after a failure, or the transaction could not end
    return done;
  }
};

Ledger::Ledger(std::unique_ptr<Database> database, ChainHead head) : database_(std::move(database)), writing_(std::make_unique<Writing>(*database_)), head_(head) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&& other) noexcept {
  writing_ = std::move(other.writing_);  // before the connection that its statements are of
  database_ = std::move(other.database_);
  head_ = other.head_;
  return *this;
}
Ledger::~Ledger() = default;

base::Result<Ledger> Ledger::open(const std::string& path, const base::VenueId& venue, const FileOptions& options) {
  auto database = Database::open_writer(kLedger, path, options);
  if (!database) return std::unexpected(database.error());
  (*database)->venue = venue;
  if (auto done = check_schema(**database, venue, true); !done) return std::unexpected(done.error());
  const auto head = read_head(**database);
  if (!head) return std::unexpected(head.error());
  return Ledger(std::move(*database), *head);
}

base::Result<void> Ledger::append(std::span<const Event> events, std::span<const Row> rows, const Checkpoint* checkpoint) {
  std::vector<base::Bytes> stored;
  for (const Event& event : events) stored.push_back(encode_event(event));
  return append(events, stored, rows, checkpoint);
}

base::Result<void> Ledger::append(std::span<const Event> events, std::span<const base::Bytes> stored, std::span<const Row> rows, const Checkpoint* checkpoint) {
  PROMENADE_ASSERT(events.size() == stored.size());
  ChainHead at = head_;
  auto done = database_->transaction([&]() -> base::Result<void> {
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Event& event = events[i];
      PROMENADE_ASSERT(event.seq == at.seq + 1 && event.prev_hash == at.hash);
      PROMENADE_ASSERT(event_hash(stored[i], database_->venue) == event.hash);
      if (auto put = writing_->put(event, stored[i]); !put) return put;
      at = {event.seq, event.hash};
    }
    if (checkpoint != nullptr) {
      PROMENADE_ASSERT(checkpoint->size == at.seq && checkpoint->head_hash == at.hash);
      if (auto put = put_checkpoint(*database_, *checkpoint); !put) return put;
    }
    return writing_->put_rows(rows);
  });
  if (done) head_ = at;
  return done;
}

base::Result<Page> Ledger::read(std::uint64_t after, std::size_t limit) const { return read_page(*database_, after, limit); }
base::Result<ChainHead> Ledger::head() const { return head_; }

base::Result<void> Ledger::for_each(const std::function<base::Result<void>(const StoredRow& row)>& visit) const {
  Statement read = database_->prepare("SELECT seq, hash, stored FROM events ORDER BY seq");
  while (read.step()) {
    if (auto done = visit({static_cast<std::uint64_t>(read.number(0)), read.blob(1), read.blob(2)}); !done) return done;
  }
  if (!read.done()) return database_->failure(read);
  return {};
}

base::Result<std::vector<Checkpoint>> Ledger::checkpoints(std::uint64_t after, std::size_t limit) const {
  return read_checkpoints(*database_, kCheckpointsAfter, after, limit);
}

base::Result<std::optional<Checkpoint>> Ledger::last_checkpoint() const {
  auto found = read_checkpoints(*database_, kLastCheckpoint, 0, 1);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

base::Result<std::string> Ledger::dump_projection() const {
  std::string dump;
  for (std::size_t i = 0; i < projection_tables().size(); ++i) {
    const Table& table = projection_tables()[i];
    Statement read = database_->prepare("SELECT * FROM " + std::string(table.name) + " ORDER BY \"" + std::string(table.columns[0].name) + "\"");
    while (read.step()) {
      Row row{i, {}};
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const int at = static_cast<int>(c);
        if (table.columns[c].number) row.cells.emplace_back(read.number(at));
        else row.cells.emplace_back(read.text(at));
      }
      dump += row_line(row) + "\n";
    }
    if (!read.done()) return database_->failure(read);
  }
  return dump;
}

base::Result<void> Ledger::rebuild_projection(std::span<const Row> rows) {
  return database_->transaction([&]() -> base::Result<void> {
    if (auto done = make_tables(*database_); !done) return done;
    return writing_->put_rows(rows);
  });
}

LedgerReader::LedgerReader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
LedgerReader::LedgerReader(LedgerReader&&) noexcept = default;
LedgerReader& LedgerReader::operator=(LedgerReader&&) noexcept = default;
LedgerReader::~LedgerReader() = default;

base::Result<LedgerReader> LedgerReader::open(const std::string& path, const base::VenueId& venue) {
  auto database = Database::open_reader(kLedger, path);
  if (!database) return std::unexpected(database.error());
  (*database)->venue = venue;
  if (auto done = check_schema(**database, venue, false); !done) return std::unexpected(done.error());
  return LedgerReader(std::move(*database));
}

base::Result<Page> LedgerReader::read(std::uint64_t after, std::size_t limit) const { return read_page(*database_, after, limit); }
base::Result<ChainHead> LedgerReader::head() const { return read_head(*database_); }

base::Result<std::vector<Checkpoint>> LedgerReader::checkpoints(std::uint64_t after, std::size_t limit) const {
  return read_checkpoints(*database_, kCheckpointsAfter, after, limit);
}

base::Result<void> LedgerReader::back_up(const std::string& file) const { return database_->copy_to(file); }

}  // namespace promenade::ticketing::store
