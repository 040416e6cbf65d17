#pragma once
// The box office's way to its outside witness: a plain file, best on another machine's disk, or an HTTP sink such as
// `promenade circuit witness`. Blocking; one thread. Errors of the file and the client, and those of Witness.

#include <memory>
#include <optional>
#include <string>

#include "ticketing/core/witness.h"
#include "ticketing/store/box_office.h"

namespace promenade::ticketing::api {

class WitnessLink {
 public:
  virtual ~WitnessLink() = default;
  virtual base::Result<std::optional<Checkpoint>> last() = 0;  // none: it has seen nothing of this venue
  virtual base::Result<void> offer(const Submission& submission) = 0;
};

// PLACE begins with http:// or https://, or is a file's name; KEY is sent to the former, where it is not empty.
base::Result<std::unique_ptr<WitnessLink>> open_witness(const std::string& place, const std::string& key, const base::VenueId& venue);

// Whether this ledger is the one that the witness knows, or goes on from it. Errors "ledger-cut", "checkpoint-differs".
base::Result<void> check_against(const Checkpoint& witnessed, const store::BoxOffice& office);

// The last checkpoint for a witness whose last one is of FROM events. Asserts that there is one and that it is no smaller.
Submission submission_of(const store::BoxOffice& office, std::uint64_t from);

}  // namespace promenade::ticketing::api
