#pragma once
// The hall's memory on disk: its epochs, its whole state by key, and the outbox to the box office, in one SQLite
// file with the ledger's durability (WAL, synchronous=FULL, one writer).
// Not thread-safe: owned by the hall's store thread. Everything acknowledged survives a power cut.
// Errors: "journal-in-use", "journal-unreadable", "journal-not-durable", "disk-full", "journal-write-failed"; a
// failed call leaves the file as it was.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ticketing/store/ledger.h"
#include "tracking/base/bytes.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::store {

struct Record {
  std::string kind, key;
  base::Bytes body;    // the whole state of this key
  bool erase = false;  // the key goes; body is ignored
  friend bool operator==(const Record&, const Record&) = default;
};

struct OutboxItem {
  std::uint64_t seq = 0;  // set by the journal; grows, never used twice
  std::string idempotency_key, kind, body;  // body: the request's JSON text
  friend bool operator==(const OutboxItem&, const OutboxItem&) = default;
};

struct DeadLetter {
  OutboxItem item;
  std::string reason;
};

// What another hall's records bring, in one transaction.
struct JournalChange {
  std::span<const Record> records = {};
  std::span<const OutboxItem> outbox = {};
  std::span<const std::string> settled = {};        // keys of items that are delivered; unknown ones say nothing
  bool whole = false;                               // in place of all records and of all items that wait; else in addition
  std::span<const std::string_view> kinds_that_stay = {};  // of records, where `whole`
  base::EpochId epoch = {};                         // at least this one counts as taken; none: no matter
};

class HallJournal {
 public:
  static base::Result<HallJournal> open(const std::string& path, const FileOptions& options = {});
  HallJournal(HallJournal&&) noexcept;
  HallJournal& operator=(HallJournal&&) noexcept;
  ~HallJournal();

  // One more than ever taken, first 1; durable on return.
  base::Result<base::EpochId> take_next_epoch();
  base::Result<base::EpochId> epoch() const;        // the highest taken; none: never one
  base::Result<void> apply(const JournalChange& change);  // all or nothing, durable on return
  // Records and outbox items in one transaction, durable on return. An item whose key was enqueued before is
  // ignored, so that a replayed hall enqueues nothing twice.
  base::Result<void> append(std::span<const Record> records, std::span<const OutboxItem> outbox = {});
  base::Result<void> enqueue(const std::string& idempotency_key, const std::string& kind, const std::string& body);
  base::Result<std::vector<Record>> restore() const;  // by kind, then key

  base::Result<std::vector<OutboxItem>> pending(std::size_t limit) const;  // in order of enqueueing
  base::Result<std::uint64_t> pending_count() const;
  base::Result<void> acknowledge(std::uint64_t seq);       // delivered; done
  base::Result<void> acknowledge(std::span<const std::uint64_t> seqs);
  base::Result<void> dead_letter(std::uint64_t seq, const std::string& reason);  // refused for good; kept
  base::Result<std::vector<DeadLetter>> dead_letters() const;

 private:
  base::Result<void> clear(std::span<const std::string_view> kinds_that_stay);
  explicit HallJournal(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace promenade::ticketing::store
