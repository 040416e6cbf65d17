#pragma once
// The Merkle tree of RFC 6962 section 2.1 over the ledger's events, with SHA-256: leaf n is the stored bytes of event n + 1.
// Its root commits to all events up to a size; a proof of some 32-byte hashes shows that one event lies under a root, or that
// one root's events are the beginning of another's. Pure. The tree keeps two hashes an event; proofs take O(log^2 n).

#include <cstdint>
#include <span>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"

namespace promenade::ticketing {

base::Hash merkle_leaf(base::ByteView leaf);  // SHA-256(0x00, leaf)

class MerkleTree {
 public:
  void append(base::ByteView leaf);
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }
  // Of the first SIZE leaves; asserts that there are so many. Of none: SHA-256 of nothing.
  base::Hash root(std::uint64_t size) const;
  base::Hash root() const { return root(size()); }
  // PATH(index, D[size]): from the leaf upwards. Asserts index < size <= size().
  std::vector<base::Hash> inclusion(std::uint64_t index, std::uint64_t size) const;
  // PROOF(from, D[to]). Empty where from is 0 or to. Asserts from <= to <= size().
  std::vector<base::Hash> consistency(std::uint64_t from, std::uint64_t to) const;

 private:
  base::Hash range(std::uint64_t begin, std::uint64_t end) const;  // MTH(D[begin:end]), begin < end
  std::vector<std::vector<base::Hash>> levels_;  // [k][i]: over leaves [i 2^k, (i + 1) 2^k), whole ones only
};

// What a verifier does with a root it trusts (RFC 9162 sections 2.1.3.2 and 2.1.4.2, which state RFC 6962's as steps).
bool verify_inclusion(const base::Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const base::Hash> proof, const base::Hash& root);
bool verify_consistency(std::uint64_t from, const base::Hash& from_root, std::uint64_t to, const base::Hash& to_root, std::span<const base::Hash> proof);

}  // namespace promenade::ticketing
