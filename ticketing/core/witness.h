#pragma once
// What an outside witness remembers of one venue, and what it refuses: a ledger that became shorter, and one that shows
// another past. Pure; ticketing/store/witness_file.h keeps it. A circuit is a witness of the venues that it pulls.

#include <cstdint>
#include <optional>
#include <vector>

#include "ticketing/core/checkpoint.h"

namespace promenade::ticketing {

// A checkpoint with what shows that the one before lies under it.
struct Submission {
  Checkpoint checkpoint;
  std::vector<LogKey> keys;        // all of the venue's log keys, from its first
  std::uint64_t from = 0;          // size of the checkpoint that the witness has; 0: none
  std::vector<base::Hash> proof;   // consistency of `from` with the checkpoint's size
  friend bool operator==(const Submission&, const Submission&) = default;
};
nlohmann::json to_json(const Submission& submission);
base::Result<Submission> submission_from_json(const nlohmann::json& json);  // errors "submission-malformed", those of its parts

class Witness {
 public:
  // PINNED: a log key that must be among those of the venue. Without it the first keys seen are believed.
  explicit Witness(base::VenueId venue, std::optional<base::PublicKey> pinned = std::nullopt) : venue_(std::move(venue)), pinned_(pinned) {}

  // Takes the checkpoint, or refuses it and stays as it is: "checkpoint-rolled-back" (the ledger was longer),
  // "checkpoint-forked" (it was another), "proof-needed" (the proof begins at another size than `last`'s),
  // "log-key-other" (not the keys of before, or not the pinned one), those of LogKeys.
  base::Result<void> offer(const Submission& submission);
  // Takes a checkpoint that this witness had taken before, from its own file: keys, signature and sizes are checked, no proof.
  base::Result<void> recall(const Checkpoint& checkpoint, const std::vector<LogKey>& keys);
  const base::VenueId& venue() const { return venue_; }
  const std::optional<Checkpoint>& last() const { return last_; }
  const LogKeys& keys() const { return keys_; }

 private:
  base::Result<LogKeys> checked_keys(const std::vector<LogKey>& keys) const;
  base::VenueId venue_;
  std::optional<base::PublicKey> pinned_;
  LogKeys keys_;
  std::optional<Checkpoint> last_;
};

}  // namespace promenade::ticketing
