#pragma once
// A witness's memory of one venue: a plain file of checkpoints, append only, durable on return. Not thread-safe; one
// process holds it (a lock on the file). Rim: files.
// Format: one JSON line {"format":"promenade-witness-1","venue":".."}, then one line {"checkpoint":{..},"keys":[..]} for each
// checkpoint kept, with the log keys that are new since the line before. A sign of life of the same size is written once an
// hour. Errors: "witness-in-use", "witness-unreadable", "witness-other-venue", "witness-write-failed", "disk-full", and those
// of Witness. A line cut short by a crash is taken away when the file is opened.

#include <cstdint>
#include <optional>
#include <string>

#include "ticketing/core/witness.h"

namespace promenade::ticketing::store {

class WitnessFile {
 public:
  // Creates the file for VENUE where it is missing. PINNED as of Witness.
  static base::Result<WitnessFile> open(const std::string& path, const base::VenueId& venue, std::optional<base::PublicKey> pinned = std::nullopt);
  // The last checkpoint of an existing file, for comparison only: no lock, and nothing is taken away.
  static base::Result<std::optional<Checkpoint>> last_of(const std::string& path, const base::VenueId& venue);
  WitnessFile(WitnessFile&& other) noexcept;
  WitnessFile& operator=(WitnessFile&& other) noexcept;
  ~WitnessFile();

  base::Result<void> offer(const Submission& submission);
  const std::optional<Checkpoint>& last() const { return witness_.last(); }
  const LogKeys& keys() const { return witness_.keys(); }

 private:
  WitnessFile(int file, std::string path, Witness witness) : file_(file), path_(std::move(path)), witness_(std::move(witness)) {}
  base::Result<void> load(bool writable);
  base::Result<void> write(const std::string& line);

  int file_ = -1;
  std::string path_;
  Witness witness_;
  std::optional<Checkpoint> written_;
  std::uint64_t end_ = 0;
};

}  // namespace promenade::ticketing::store
