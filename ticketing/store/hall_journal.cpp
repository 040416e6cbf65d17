#include "ticketing/store/hall_journal.h"

#include <algorithm>

#include "ticketing/store/database.h"

namespace promenade::ticketing::store {
namespace {

constexpr FileKind kJournal{"journal"};
constexpr int kJournalSchema = 1;
constexpr int kJournalApplication = 0x504D4A31;  // "PMJ1"

constexpr const char* kJournalTables = R"(
  CREATE TABLE epoch(id INTEGER PRIMARY KEY CHECK (id = 1), taken INTEGER NOT NULL);
  INSERT INTO epoch VALUES(1, 0);
  CREATE TABLE state(kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
  CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, idempotency_key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                      body TEXT NOT NULL, status INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '');
  CREATE INDEX outbox_pending ON outbox(seq) WHERE status = 0;
)";
constexpr int kAcknowledged = 1, kDead = 2;

base::Result<void> put_record(Database& database, Statement& put, Statement& erase, const Record& record) {
  Statement& statement = record.erase ? erase : put;
  statement.reset();
  statement.bind(1, std::string_view(record.kind)).bind(2, std::string_view(record.key));
  if (!record.erase) statement.bind(3, base::ByteView(record.body));
  statement.step();
  if (!statement.done()) return database.failure(statement);
  return {};
}

OutboxItem read_item(const Statement& read) {
  return {static_cast<std::uint64_t>(read.number(0)), read.text(1), read.text(2), read.text(3)};
}

}  // namespace

HallJournal::HallJournal(std::unique_ptr<Database> database) : database_(std::move(database)) {}
HallJournal::HallJournal(HallJournal&&) noexcept = default;
HallJournal& HallJournal::operator=(HallJournal&&) noexcept = default;
HallJournal::~HallJournal() = default;

base::Result<HallJournal> HallJournal::open(const std::string& path, const FileOptions& options) {
  auto opened = Database::open_writer(kJournal, path, options);
  if (!opened) return std::unexpected(opened.error());
  const Database::Stamp ours{kJournalApplication, kJournalSchema};
  const auto stamp = (*opened)->make_or_read(kJournalTables, ours);
  if (!stamp) return std::unexpected(stamp.error());
  if (*stamp != ours) {
    return base::fail("journal-unreadable", "The file " + path + " is not a hall's journal of this version.", "Name the journal file of this hall.");
  }
  return HallJournal(std::move(*opened));
}

base::Result<base::EpochId> HallJournal::take_next_epoch() {
  auto done = database_->transaction([&] { return database_->run("UPDATE epoch SET taken = taken + 1"); });
  if (!done) return std::unexpected(done.error());
  const auto taken = database_->number_of("SELECT taken FROM epoch");
  if (!taken) return std::unexpected(taken.error());
  return base::EpochId(static_cast<std::uint64_t>(*taken));
}

base::Result<base::EpochId> HallJournal::epoch() const {
  const auto taken = database_->number_of("SELECT taken FROM epoch");
  if (!taken) return std::unexpected(taken.error());
  return base::EpochId(static_cast<std::uint64_t>(*taken));
}

base::Result<void> HallJournal::append(std::span<const Record> records, std::span<const OutboxItem> outbox) {
  return apply({.records = records, .outbox = outbox});
}

base::Result<void> HallJournal::apply(const JournalChange& change) {
  return database_->transaction([&]() -> base::Result<void> {
    if (change.whole) {
      if (auto cleared = clear(change.kinds_that_stay); !cleared) return cleared;
    }
    if (!change.epoch.is_none()) {
      Statement raise = database_->prepare("UPDATE epoch SET taken = max(taken, ?)");
      raise.bind(1, static_cast<std::int64_t>(change.epoch.value())).step();
      if (!raise.done()) return database_->failure(raise);
    }
    Statement put = database_->prepare("INSERT OR REPLACE INTO state VALUES(?, ?, ?)");
    Statement erase = database_->prepare("DELETE FROM state WHERE kind = ? AND key = ?");
    for (const Record& record : change.records) {
      if (auto done = put_record(*database_, put, erase, record); !done) return done;
    }
    Statement enqueue = database_->prepare("INSERT INTO outbox(idempotency_key, kind, body) VALUES(?, ?, ?) ON CONFLICT(idempotency_key) DO NOTHING");
    for (const OutboxItem& item : change.outbox) {
      enqueue.reset();
      enqueue.bind(1, std::string_view(item.idempotency_key)).bind(2, std::string_view(item.kind)).bind(3, std::string_view(item.body)).step();
      if (!enqueue.done()) return database_->failure(enqueue);
    }
    Statement settle = database_->prepare("UPDATE outbox SET status = ?, body = '' WHERE idempotency_key = ? AND status = 0");
    for (const std::string& key : change.settled) {
      settle.reset();
      settle.bind(1, std::int64_t{kAcknowledged}).bind(2, std::string_view(key)).step();
      if (!settle.done()) return database_->failure(settle);
    }
    return {};
  });
}

// Items that wait go: whoever sends the whole has those that wait still. Settled ones stay known by their keys.
base::Result<void> HallJournal::clear(std::span<const std::string_view> kinds_that_stay) {
  std::vector<Record> gone;
  {
    Statement read = database_->prepare("SELECT kind, key FROM state");
    while (read.step()) {
      if (const std::string kind = read.text(0); std::ranges::find(kinds_that_stay, kind) == kinds_that_stay.end()) gone.push_back({kind, read.text(1), {}, true});
    }
    if (!read.done()) return database_->failure(read);
  }
  Statement put = database_->prepare("INSERT OR REPLACE INTO state VALUES(?, ?, ?)");
  Statement erase = database_->prepare("DELETE FROM state WHERE kind = ? AND key = ?");
  for (const Record& record : gone) {
    if (auto done = put_record(*database_, put, erase, record); !done) return done;
  }
  Statement waiting = database_->prepare("DELETE FROM outbox WHERE status = 0");
  waiting.step();
  if (!waiting.done()) return database_->failure(waiting);
  return {};
}

base::Result<void> HallJournal::enqueue(const std::string& idempotency_key, const std::string& kind, const std::string& body) {
  const OutboxItem item{0, idempotency_key, kind, body};
  return append({}, std::span(&item, 1));
}

base::Result<std::vector<Record>> HallJournal::restore() const {
  std::vector<Record> records;
  Statement read = database_->prepare("SELECT kind, key, body FROM state ORDER BY kind, key");
  while (read.step()) records.push_back({read.text(0), read.text(1), read.blob(2), false});
  if (!read.done()) return database_->failure(read);
  return records;
}

base::Result<std::vector<OutboxItem>> HallJournal::pending(std::size_t limit) const {
  std::vector<OutboxItem> items;
  Statement read = database_->prepare("SELECT seq, idempotency_key, kind, body FROM outbox WHERE status = 0 ORDER BY seq LIMIT ?");
  read.bind(1, static_cast<std::int64_t>(limit));
  while (read.step()) items.push_back(read_item(read));
  if (!read.done()) return database_->failure(read);
  return items;
}

base::Result<std::uint64_t> HallJournal::pending_count() const {
  const auto count = database_->number_of("SELECT count(*) FROM outbox WHERE status = 0");
  if (!count) return std::unexpected(count.error());
  return static_cast<std::uint64_t>(*count);
}

base::Result<void> HallJournal::acknowledge(std::uint64_t seq) { return acknowledge(std::span(&seq, 1)); }

base::Result<void> HallJournal::acknowledge(std::span<const std::uint64_t> seqs) {
  return database_->transaction([&]() -> base::Result<void> {
    // The key stays, so that the same deed is never enqueued again; the body goes.
    Statement done = database_->prepare("UPDATE outbox SET status = ?, body = '' WHERE seq = ? AND status = 0");
    for (const std::uint64_t seq : seqs) {
      done.reset();
      done.bind(1, std::int64_t{kAcknowledged}).bind(2, static_cast<std::int64_t>(seq)).step();
      if (!done.done()) return database_->failure(done);
    }
    return {};
  });
}

base::Result<void> HallJournal::dead_letter(std::uint64_t seq, const std::string& reason) {
  return database_->transaction([&]() -> base::Result<void> {
    Statement dead = database_->prepare("UPDATE outbox SET status = ?, reason = ? WHERE seq = ? AND status = 0");
    dead.bind(1, std::int64_t{kDead}).bind(2, std::string_view(reason)).bind(3, static_cast<std::int64_t>(seq)).step();
    if (!dead.done()) return database_->failure(dead);
    return {};
  });
}

base::Result<std::vector<DeadLetter>> HallJournal::dead_letters() const {
  std::vector<DeadLetter> letters;
  Statement read = database_->prepare("SELECT seq, idempotency_key, kind, body, reason FROM outbox WHERE status = 2 ORDER BY seq");
  while (read.step()) letters.push_back({read_item(read), read.text(4)});
  if (!read.done()) return database_->failure(read);
  return letters;
}

}  // namespace promenade::ticketing::store
