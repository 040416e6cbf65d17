#pragma once
// The ledger file: SQLite in WAL with synchronous=FULL, one writer, append only.
// Not thread-safe; one owner. A second writer on the same file is refused at once ("ledger-in-use"). After a
// failed append ("disk-full", "ledger-write-failed") nothing of it is in the file and the ledger can go on.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ticketing/core/checkpoint.h"
#include "ticketing/core/event.h"
#include "ticketing/core/projection.h"

namespace promenade::ticketing::store {

class Database;

enum class Synchronous { full, normal };

struct FileOptions {
  std::string vfs;  // name of a registered SQLite file layer; empty: the system's
  Synchronous synchronous = Synchronous::full;  // normal only in tests that prove what it loses
};

struct Page {
  std::vector<base::Bytes> stored;  // in order
  std::vector<Event> events;
  ChainHead head;                   // of the whole ledger when the page was read
};

struct StoredRow {
  std::uint64_t seq = 0;  // as the table says; the bytes say theirs
  base::Bytes hash;       // kept beside the bytes
  base::Bytes stored;
};

class Ledger {
 public:
  // Creates the file where missing. Errors: "ledger-in-use", "ledger-unreadable", "ledger-other-venue",
  // "ledger-not-durable" (a pragma did not take), "disk-full".
  static base::Result<Ledger> open(const std::string& path, const base::VenueId& venue, const FileOptions& options = {});
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  // All or nothing, durable on return. EVENTS continue the chain (asserted); ROWS replace those of the same key; a
  // CHECKPOINT is of at least as many events as the last one and replaces one of the same size.
  base::Result<void> append(std::span<const Event> events, std::span<const Row> rows, const Checkpoint* checkpoint = nullptr);
  // The same, for who has the events' bytes already.
  base::Result<void> append(std::span<const Event> events, std::span<const base::Bytes> stored, std::span<const Row> rows, const Checkpoint* checkpoint);
  // Events after seq AFTER, at most LIMIT. Decodes; does not check the chain.
  base::Result<Page> read(std::uint64_t after, std::size_t limit) const;
  base::Result<ChainHead> head() const;
  // Walks all rows from the first; stops at the first error VISIT gives.
  base::Result<void> for_each(const std::function<base::Result<void>(const StoredRow& row)>& visit) const;
  // Checkpoints of more than AFTER events, by size, at most LIMIT. Reads them; checks nothing.
  base::Result<std::vector<Checkpoint>> checkpoints(std::uint64_t after, std::size_t limit) const;
  base::Result<std::optional<Checkpoint>> last_checkpoint() const;
  base::Result<std::string> dump_projection() const;             // canonical, as projection.h's dump_rows
  base::Result<void> rebuild_projection(std::span<const Row> rows);  // drops and recreates all tables

 private:
  struct Writing;  // prepared statements, which go before their connection
  Ledger(std::unique_ptr<Database> database, ChainHead head);
  std::unique_ptr<Database> database_;
  std::unique_ptr<Writing> writing_;
  ChainHead head_;  // the file's: nobody else writes it
};

// A second, reading connection to a ledger that a Ledger elsewhere writes: for circuits and pages, on a thread of
// its own; it never blocks the writer. Sees what was committed when each call began.
class LedgerReader {
 public:
  static base::Result<LedgerReader> open(const std::string& path, const base::VenueId& venue);
  LedgerReader(LedgerReader&&) noexcept;
  LedgerReader& operator=(LedgerReader&&) noexcept;
  ~LedgerReader();
  base::Result<Page> read(std::uint64_t after, std::size_t limit) const;
  base::Result<ChainHead> head() const;
  base::Result<std::vector<Checkpoint>> checkpoints(std::uint64_t after, std::size_t limit) const;
  // A whole copy of the ledger as it is now, by SQLite's backup API, durable on return; the writer goes on meanwhile. FILE
  // must not exist ("backup-exists"); it is there only when it is whole. Errors besides: "disk-full", "backup-failed".
  base::Result<void> back_up(const std::string& file) const;

 private:
  explicit LedgerReader(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace promenade::ticketing::store
