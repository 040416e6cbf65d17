#include "ticketing/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "tracking/base/assert.h"

namespace promenade::ticketing::store {

Statement::Statement(sqlite3* connection, std::string_view sql) {
  code_ = sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int at, std::int64_t value) {
  if (statement_ != nullptr) sqlite3_bind_int64(statement_, at, value);
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  if (statement_ != nullptr) sqlite3_bind_text64(statement_, at, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int at, base::ByteView blob) {
  if (statement_ == nullptr) return *this;
  if (blob.empty()) sqlite3_bind_zeroblob(statement_, at, 0);
  else sqlite3_bind_blob64(statement_, at, blob.data(), blob.size(), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_real(int at, double value) {
  if (statement_ != nullptr) sqlite3_bind_double(statement_, at, value);
  return *this;
}

bool Statement::step() {
  if (statement_ == nullptr) return false;
  code_ = sqlite3_step(statement_);
  return code_ == SQLITE_ROW;
}

bool Statement::done() const { return code_ == SQLITE_DONE; }
void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}
std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

base::Bytes Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return data == nullptr ? base::Bytes() : base::Bytes(data, data + sqlite3_column_bytes(statement_, column));
}

// SQLite names a full disk in many ways, some of them only as a failed read, write or opening: the disk itself is asked.
bool Database::disk_is_full() const {
  constexpr std::uintmax_t kNeeded = 64 * 1024;  // the shared memory of the log, and one commit
  const auto folder = std::filesystem::path(path_).parent_path();
  std::error_code unknown;
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, unknown);
  return !unknown && space.available < kNeeded;
}

base::Result<std::int64_t> Database::number_of(const char* sql) const {
  Statement read = prepare(sql);
  if (!read.step()) return failure(read);
  return read.number(0);
}

base::Result<Database::Stamp> Database::make_or_read(const char* tables, const Stamp& stamp) {
  const auto count = number_of("SELECT count(*) FROM sqlite_schema");
  const auto application = number_of("PRAGMA application_id");
  const auto schema = number_of("PRAGMA user_version");
  for (const auto* read : {&count, &application, &schema}) {
    if (!*read) return std::unexpected(read->error());
  }
  if (*count != 0) return Stamp{*application, *schema};
  auto made = transaction([&]() -> base::Result<void> {
    if (auto done = run(tables); !done) return done;
    return run("PRAGMA application_id=" + std::to_string(stamp.application) + "; PRAGMA user_version=" + std::to_string(stamp.schema));
  });
  if (!made) return std::unexpected(made.error());
  return stamp;
}

std::unexpected<base::Error> Database::failure(int code) const {
  const std::string subject = "The " + std::string(kind_.name) + " " + path_;
  int kind = code & 0xFF;
  if ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) && disk_is_full()) kind = SQLITE_FULL;
  switch (kind) {
    case SQLITE_FULL:
      return base::fail("disk-full", subject + " cannot be written: the disk is full. Nothing of the request was booked.",
                        "Free space on that disk and ask again.");
    case SQLITE_NOTADB: case SQLITE_CORRUPT:
      return base::fail(name("unreadable"), subject + " is damaged or not a " + std::string(kind_.name) + ".", "Restore it from a copy; keep the damaged file.");
    case SQLITE_CANTOPEN: case SQLITE_PERM: case SQLITE_READONLY: case SQLITE_AUTH:
      return base::fail(name("unreadable"), subject + " cannot be opened.", "Check that its folder exists and may be written.");
    case SQLITE_BUSY: case SQLITE_LOCKED:
      return base::fail(name("in-use"), subject + " is in use by another program.", "Close that program first.");
    default:
      return base::fail(name("write-failed"), subject + " failed: " + std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + "). Nothing of the request was booked.",
                        "Check the disk; ask again.");
  }
}

base::Result<void> Database::lock() {
  const std::string lock_path = path_ + ".lock";
  lock_ = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) {
    if (errno == ENOSPC) return failure(SQLITE_FULL);
    return base::fail(name("unreadable"), "The lock file " + lock_path + " cannot be opened: " + std::strerror(errno) + ".",
                      "Check that its folder exists and may be written.");
  }
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return base::fail(name("in-use"), "The " + std::string(kind_.name) + " " + path_ + " is in use by another program.",
                    "Only one may write it: stop the other, or use another file.");
}

base::Result<void> Database::connect(int flags, const std::string& vfs) {
  const int code = sqlite3_open_v2(path_.c_str(), &connection_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) return failure(code);
  return {};
}

base::Result<void> Database::make_durable(Synchronous synchronous) {
  const std::int64_t level = synchronous == Synchronous::full ? 2 : 1;
  // Opening replays the log of an interrupted run, which may meet a full disk.
  {
    Statement mode = prepare("PRAGMA journal_mode=WAL");
    if (!mode.step()) return failure(mode);
    if (mode.text(0) != "wal") return base::fail(name("not-durable"), "The " + std::string(kind_.name) + " " + path_ + " does not take the log mode WAL.", "Put it on a local disk.");
  }
  if (auto set = run("PRAGMA synchronous=" + std::to_string(level)); !set) return set;
  // Checkpoints by the writer alone, every 1,000 pages; temporary tables in memory.
  if (auto set = run("PRAGMA wal_autocheckpoint=1000; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF"); !set) return set;
  Statement check = prepare("PRAGMA synchronous");
  if (!check.step()) return failure(check);
  if (check.number(0) != level) {
    return base::fail(name("not-durable"), "The " + std::string(kind_.name) + " " + path_ + " is not open with synchronous=FULL.", "This build of SQLite cannot be used.");
  }
  return {};
}

base::Result<std::unique_ptr<Database>> Database::open_writer(FileKind kind, const std::string& path, const FileOptions& options) {
  std::unique_ptr<Database> database(new Database(kind, path));
  if (auto done = database->lock(); !done) return std::unexpected(done.error());
  // SQLite takes an empty file for a new one, so that a ledger cut to nothing would silently begin anew.
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) == 0 && !missing) {
    return base::fail(database->name("unreadable"), "The " + std::string(kind.name) + " " + path + " is an empty file: its content is lost, or its making was cut off.",
                      "Restore it from a copy; only where it never held anything, delete it and start again.");
  }
  auto opened = database->connect(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options.vfs);
  // SQLite opens what it cannot write for reading, and would say so at the first sale only.
  if (opened && sqlite3_db_readonly(database->connection_, "main") == 1) opened = database->failure(SQLITE_READONLY);
  if (opened) opened = database->make_durable(options.synchronous);
  if (opened) return database;
  // A new file that came to nothing, as on a full disk, must not be in the way of the next start.
  std::error_code ignored;
  if (missing && std::filesystem::file_size(path, ignored) == 0) std::filesystem::remove(path, ignored);
  return std::unexpected(opened.error());
}

base::Result<std::unique_ptr<Database>> Database::open_reader(FileKind kind, const std::string& path) {
  std::unique_ptr<Database> database(new Database(kind, path));
  // Read-write at the file's level, because readers of a WAL file share its index; query_only keeps it from writing.
  if (auto done = database->connect(SQLITE_OPEN_READWRITE, {}); !done) return std::unexpected(done.error());
  sqlite3_busy_timeout(database->connection_, 2000);
  if (auto done = database->run("PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0"); !done) return std::unexpected(done.error());
  return database;
}

Database::~Database() {
  sqlite3_close_v2(connection_);
  if (lock_ >= 0) ::close(lock_);
}

base::Result<void> Database::run(const std::string& sql) {
  const int code = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

base::Result<void> Database::transaction(const std::function<base::Result<void>()>& body) {
  if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = body();
  if (done) done = run("COMMIT");
  // SQLite itself rolls back after some failures; a second rollback is then refused, which is well.
  if (!done && sqlite3_get_autocommit(connection_) == 0) sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
  PROMENADE_ASSERT(sqlite3_get_autocommit(connection_) != 0);
  return done;
}

}  // namespace promenade::ticketing::store
