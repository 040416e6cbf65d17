#include "ticketing/core/merkle.h"

#include <algorithm>
#include <bit>

#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

constexpr std::uint8_t kLeaf[] = {0}, kNode[] = {1};

base::Hash node(const base::Hash& left, const base::Hash& right) { return base::sha256({kNode, left, right}); }

// The largest power of two that is smaller than COUNT, which is 2 or more.
std::uint64_t split(std::uint64_t count) { return std::bit_floor(count - 1); }

}  // namespace

base::Hash merkle_leaf(base::ByteView leaf) { return base::sha256({kLeaf, leaf}); }

void MerkleTree::append(base::ByteView leaf) {
  if (levels_.empty()) levels_.emplace_back();
  levels_.front().push_back(merkle_leaf(leaf));
  for (std::size_t k = 0; levels_[k].size() % 2 == 0; ++k) {
    if (k + 1 == levels_.size()) levels_.emplace_back();
    const auto& whole = levels_[k];
    levels_[k + 1].push_back(node(whole[whole.size() - 2], whole[whole.size() - 1]));
  }
}

base::Hash MerkleTree::range(std::uint64_t begin, std::uint64_t end) const {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count) && begin % count == 0) return levels_[static_cast<std::size_t>(std::countr_zero(count))][begin / count];
  const std::uint64_t middle = begin + split(count);
  return node(range(begin, middle), range(middle, end));
}

base::Hash MerkleTree::root(std::uint64_t size) const {
  PROMENADE_ASSERT(size <= this->size());
  return size == 0 ? base::sha256({}) : range(0, size);
}

std::vector<base::Hash> MerkleTree::inclusion(std::uint64_t index, std::uint64_t size) const {
  PROMENADE_ASSERT(index < size && size <= this->size());
  std::vector<base::Hash> path;  // from the root down
  for (std::uint64_t begin = 0, end = size; end - begin > 1;) {
    const std::uint64_t middle = begin + split(end - begin);
    if (index < middle) {
      path.push_back(range(middle, end));
      end = middle;
    } else {
      path.push_back(range(begin, middle));
      begin = middle;
    }
  }
  std::ranges::reverse(path);
  return path;
}

std::vector<base::Hash> MerkleTree::consistency(std::uint64_t from, std::uint64_t to) const {
  PROMENADE_ASSERT(from <= to && to <= size());
  std::vector<base::Hash> proof;  // from the root down
  if (from == 0 || from == to) return proof;
  std::uint64_t begin = 0, end = to;
  while (from != end) {
    const std::uint64_t middle = begin + split(end - begin);
    if (from <= middle) {
      proof.push_back(range(middle, end));
      end = middle;
    } else {
      proof.push_back(range(begin, middle));
      begin = middle;
    }
  }
  // What the old root holds whole is known to whoever holds that root, unless it is but a part of it.
  if (begin != 0) proof.push_back(range(begin, end));
  std::ranges::reverse(proof);
  return proof;
}

bool verify_inclusion(const base::Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const base::Hash> proof, const base::Hash& root) {
  if (index >= size) return false;
  std::uint64_t at = index, last = size - 1;
  base::Hash hash = leaf;
  for (const base::Hash& other : proof) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      hash = node(other, hash);
      while (at % 2 == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = node(hash, other);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t from, const base::Hash& from_root, std::uint64_t to, const base::Hash& to_root, std::span<const base::Hash> proof) {
  if (from > to) return false;
  if (from == to) return proof.empty() && from_root == to_root;
  if (from == 0) return proof.empty() && from_root == base::sha256({});
  // Where the old tree is whole its root is the proof's first hash, and is left out of it.
  const bool whole = std::has_single_bit(from);
  if (!whole && proof.empty()) return false;
  std::uint64_t at = from - 1, last = to - 1;
  while (at % 2 == 1) {
    at >>= 1;
    last >>= 1;
  }
  base::Hash old_hash = whole ? from_root : proof.front();
  base::Hash new_hash = old_hash;
  for (const base::Hash& other : whole ? proof : proof.subspan(1)) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_hash = node(other, old_hash);
      new_hash = node(other, new_hash);
      while (at % 2 == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = node(new_hash, other);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

}  // namespace promenade::ticketing
