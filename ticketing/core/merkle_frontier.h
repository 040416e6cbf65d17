#pragma once
// The right edge of a growing Merkle tree (merkle.h): one hash for each whole subtree that its size is made of, 64 at most.
// Enough to add leaves and to know the root after each, so that who keeps it beside a checkpoint's size proves the next
// checkpoint's consistency by making its root from the new leaves alone. Pure.

#include <cstdint>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

class MerkleFrontier {
 public:
  void append(base::ByteView leaf);
  std::uint64_t size() const { return size_; }
  base::Hash root() const;  // of no leaves: SHA-256 of nothing, as MerkleTree's

  // u64 size, then the subtrees' hashes, the largest first.
  base::Bytes encode() const;
  static base::Result<MerkleFrontier> decode(base::ByteView bytes);  // error "frontier-malformed"
  friend bool operator==(const MerkleFrontier&, const MerkleFrontier&) = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<base::Hash> whole_;  // of the size's binary digits that are 1, the highest first
};

}  // namespace promenade::ticketing
