#include "ticketing/core/merkle_frontier.h"

#include <algorithm>
#include <bit>

#include "ticketing/core/merkle.h"

namespace promenade::ticketing {
namespace {

base::Hash joined(const base::Hash& left, const base::Hash& right) {
  constexpr std::uint8_t kInner[] = {1};
  return base::sha256({kInner, left, right});
}

}  // namespace

void MerkleFrontier::append(base::ByteView leaf) {
  base::Hash hash = merkle_leaf(leaf);
  // As in counting: each 1 at the end of the size is a subtree that the new one completes to twice its width.
  for (std::uint64_t carry = size_; carry % 2 == 1; carry >>= 1) {
    hash = joined(whole_.back(), hash);
    whole_.pop_back();
  }
  whole_.push_back(hash);
  ++size_;
}

base::Hash MerkleFrontier::root() const {
  if (whole_.empty()) return base::sha256({});
  base::Hash hash = whole_.back();
  for (auto at = whole_.rbegin() + 1; at != whole_.rend(); ++at) hash = joined(*at, hash);
  return hash;
}

base::Bytes MerkleFrontier::encode() const {
  base::Bytes out;
  base::ByteWriter w(out);
  w.u64(size_);
  for (const auto& hash : whole_) w.raw(hash);
  return out;
}

base::Result<MerkleFrontier> MerkleFrontier::decode(base::ByteView bytes) {
  base::ByteReader r(bytes);
  MerkleFrontier out;
  out.size_ = r.u64();
  for (int i = 0; i < std::popcount(out.size_); ++i) {
    const auto raw = r.raw(sizeof(base::Hash));
    if (!r.ok()) break;
    std::ranges::copy(raw, out.whole_.emplace_back().begin());
  }
  if (!r.ok() || r.remaining() > 0) return base::fail("frontier-malformed", "The kept edge of a venue's tree does not fit its size.", "Make the circuit's store anew from the venue.");
  return out;
}

}  // namespace promenade::ticketing
