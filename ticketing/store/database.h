#pragma once
// One SQLite connection with the durability that every file of this module has; internal to ticketing/store.
// Not thread-safe; one owner. The writer holds a lock on FILE.lock for as long as it lives, so that a second writer
// is refused at once, also by another process; the lock goes with the process, however it ends.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ticketing/store/ledger.h"
#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace promenade::ticketing::store {

// What a failure is called in the errors of a file: "ledger" gives "ledger-in-use" and "the ledger FILE".
struct FileKind {
  std::string_view name;
};

// A prepared statement, run once or row by row. Binds by position from 1; reads columns from 0.
class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();
  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bind(int at, base::ByteView blob);
  Statement& bind_real(int at, double value);  // what is not bound is null
  bool step();                // true: a row is there
  bool done() const;          // ran to its end without an error
  void reset();
  std::int64_t number(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  base::Bytes blob(int column) const;
  int code() const { return code_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_ = 0;
};

class Database {
 public:
  static base::Result<std::unique_ptr<Database>> open_writer(FileKind kind, const std::string& path, const FileOptions& options);
  static base::Result<std::unique_ptr<Database>> open_reader(FileKind kind, const std::string& path);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  base::Result<void> run(const std::string& sql);
  // All or nothing: BODY's failure, or one of the commit, rolls everything back.
  base::Result<void> transaction(const std::function<base::Result<void>()>& body);
  Statement prepare(std::string_view sql) const { return Statement(connection_, sql); }
  base::Result<std::int64_t> number_of(const char* sql) const;  // the first column of its first row
  // The whole file as it is now, by SQLite's backup API, under a name that must be free; a writer goes on meanwhile.
  // Errors "backup-exists", "backup-failed", "disk-full"; nothing is left under the name then.
  base::Result<void> copy_to(const std::string& path) const;
  // Makes the tables in an empty file and stamps it with both numbers; gives the stamp of any other as it is.
  struct Stamp {
    std::int64_t application = 0, schema = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  base::Result<Stamp> make_or_read(const char* tables, const Stamp& stamp);
  std::unexpected<base::Error> failure(const Statement& statement) const { return failure(statement.code()); }
  std::unexpected<base::Error> failure(int code) const;
  const std::string& path() const { return path_; }
  base::VenueId venue;  // of a ledger

 private:
  Database(FileKind kind, std::string path) : kind_(kind), path_(std::move(path)) {}
  bool disk_is_full() const;
  base::Result<void> lock();
  base::Result<void> connect(int flags, const std::string& vfs);
  base::Result<void> make_durable(Synchronous synchronous);
  std::string name(std::string_view what) const { return std::string(kind_.name) + "-" + std::string(what); }

  FileKind kind_;
  std::string path_;
  sqlite3* connection_ = nullptr;
  int lock_ = -1;
};

}  // namespace promenade::ticketing::store
