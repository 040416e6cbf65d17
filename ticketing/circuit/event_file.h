#pragma once
// A circuit's copy of one venue's ledger: an append-only file of the stored bytes, each event once, durable before
// it counts. Not thread-safe; one process holds it (a lock on the file). Rim: files.
// Format: one JSON line {"format":"promenade-circuit-1","venue":".."}, then u32 length and stored bytes per event.
// Errors: "store-in-use", "store-unreadable", "store-other-venue", "disk-full", "store-write-failed", and those of
// ChainChecker. A write cut short by a crash leaves a torn last record, which opening for writing takes away.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "ticketing/core/event.h"

namespace promenade::ticketing::circuit {

class EventFile {
 public:
  // Creates the file for VENUE where it is missing.
  static base::Result<EventFile> open(const std::string& path, const base::VenueId& venue);
  // Of an existing file, for looking only; does not lock and takes nothing away.
  static base::Result<EventFile> open_to_read(const std::string& path);
  EventFile(EventFile&& other) noexcept;
  EventFile& operator=(EventFile&& other) noexcept;
  ~EventFile();

  const base::VenueId& venue() const { return venue_; }
  const ChainHead& head() const { return head_; }  // of the last whole event
  const std::optional<base::Bytes>& last_stored() const { return last_; }
  std::uint64_t bytes_taken_away() const { return torn_; }

  // STORED continue the chain (asserted by checking them). Durable on return; on failure the file is as before.
  base::Result<void> append(std::span<const base::Bytes> stored);
  // Every event from the first, whole chain checked.
  base::Result<ChainHead> for_each(const std::function<base::Result<void>(const Event&)>& visit) const;
  base::Result<ChainHead> for_each_stored(const std::function<base::Result<void>(base::ByteView stored, const Event&)>& visit) const;
  // All events as the export stream of event.h, for a venue that lost its own.
  base::Result<void> export_to(const std::function<void(base::ByteView)>& sink) const;

 private:
  EventFile(int file, std::string path) : file_(file), path_(std::move(path)) {}
  base::Result<void> scan(bool writable);
  int file_ = -1;
  std::string path_;
  base::VenueId venue_;
  ChainHead head_;
  std::optional<base::Bytes> last_;
  std::uint64_t start_ = 0, end_ = 0, torn_ = 0;  // file offsets
};

}  // namespace promenade::ticketing::circuit
