// The RFC 6962 tree: the eight leaves, roots and proofs that the Certificate Transparency reference implementation
// publishes as test data, and properties against a tree that is written down as the RFC defines it.
#include "ticketing/core/merkle.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <bit>

#include "ticketing/core/merkle_frontier.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::ticketing;

namespace {

const char* const kLeaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const char* const kRoots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                              "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                              "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                              "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
constexpr const char* kPair01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
constexpr const char* kPair23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
constexpr const char* kPair67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
constexpr const char* kFirst4 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
constexpr const char* kLast4 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
constexpr const char* kLeaf0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
constexpr const char* kLeaf1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
constexpr const char* kLeaf4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
constexpr const char* kPair45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

std::vector<std::string> hex_of(const std::vector<base::Hash>& proof) {
  std::vector<std::string> out;
  for (const auto& hash : proof) out.push_back(base::to_hex(hash));
  return out;
}

MerkleTree eight() {
  MerkleTree tree;
  for (const char* leaf : kLeaves) tree.append(*base::from_hex(leaf));
  return tree;
}

// MTH of RFC 6962 section 2.1, by its definition.
base::Hash defined(std::span<const base::Bytes> leaves) {
  constexpr std::uint8_t kNode[] = {1};
  if (leaves.empty()) return base::sha256({});
  if (leaves.size() == 1) return merkle_leaf(leaves[0]);
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  return base::sha256({kNode, defined(leaves.first(k)), defined(leaves.subspan(k))});
}

std::vector<base::Bytes> random_leaves(std::uint64_t seed, std::size_t count) {
  base::Random random(seed);
  std::vector<base::Bytes> leaves(count);
  for (auto& leaf : leaves) leaf.assign(random.below(40), static_cast<std::uint8_t>(random.below(256)));
  return leaves;
}

}  // namespace

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(base::to_hex(base::sha256({base::as_bytes("abc")})) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base::sha256({base::as_bytes("a"), base::as_bytes("bc")}) == base::sha256({base::as_bytes("abc")}));
}

TEST_CASE("the tree's roots are those of the Certificate Transparency test data") {
  MerkleTree grown;
  CHECK(base::to_hex(grown.root()) == kRoots[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    grown.append(*base::from_hex(kLeaves[i]));
    CHECK(base::to_hex(grown.root()) == kRoots[i + 1]);
  }
  for (std::uint64_t size = 0; size <= 8; ++size) CHECK(base::to_hex(grown.root(size)) == kRoots[size]);
}

TEST_CASE("the tree's proofs are those of the Certificate Transparency test data") {
  using Proof = std::vector<std::string>;
  const MerkleTree tree = eight();
  CHECK(hex_of(tree.inclusion(0, 1)) == Proof{});
  CHECK(hex_of(tree.inclusion(0, 8)) == Proof{kLeaf1, kPair23, kLast4});
  CHECK(hex_of(tree.inclusion(5, 8)) == Proof{kLeaf4, kPair67, kFirst4});
  CHECK(hex_of(tree.inclusion(2, 3)) == Proof{kPair01});
  CHECK(hex_of(tree.inclusion(1, 5)) == Proof{kLeaf0, kPair23, kLeaf4});
  CHECK(hex_of(tree.consistency(1, 1)) == Proof{});
  CHECK(hex_of(tree.consistency(1, 8)) == Proof{kLeaf1, kPair23, kLast4});
  CHECK(hex_of(tree.consistency(6, 8)) == Proof{kPair45, kPair67, kFirst4});
  CHECK(hex_of(tree.consistency(2, 5)) == Proof{kPair23, kLeaf4});
}

TEST_CASE("every proof of every tree up to 70 leaves verifies, and no other does") {
  const auto leaves = random_leaves(7, 70);
  MerkleTree tree;
  for (const auto& leaf : leaves) tree.append(leaf);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    const base::Hash root = tree.root(size);
    REQUIRE(root == defined(std::span(leaves).first(size)));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = tree.inclusion(index, size);
      REQUIRE(verify_inclusion(merkle_leaf(leaves[index]), index, size, proof, root));
      REQUIRE_FALSE(verify_inclusion(merkle_leaf(leaves[index]), index + 1, size, proof, root));
      auto other = root;
      other[31] ^= 1;
      REQUIRE_FALSE(verify_inclusion(merkle_leaf(leaves[index]), index, size, proof, other));
    }
    for (std::uint64_t from = 0; from <= size; ++from) {
      const auto proof = tree.consistency(from, size);
      REQUIRE(verify_consistency(from, tree.root(from), size, root, proof));
      if (from > 0 && from < size) {
        REQUIRE_FALSE(verify_consistency(from, root, size, root, proof));
        REQUIRE_FALSE(verify_consistency(from, tree.root(from), size, tree.root(from), proof));
      }
    }
  }
}

TEST_CASE("a proof with a bit turned, a hash added or one taken away proves nothing") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    const std::uint64_t size = 2 + random.below(300), from = 1 + random.below(size - 1), index = random.below(size);
    const auto leaves = random_leaves(seed, size);
    MerkleTree tree;
    for (const auto& leaf : leaves) tree.append(leaf);
    auto path = tree.inclusion(index, size), proof = tree.consistency(from, size);
    const base::Hash leaf = merkle_leaf(leaves[index]), root = tree.root(), from_root = tree.root(from);
    RC_ASSERT(verify_inclusion(leaf, index, size, path, root));
    RC_ASSERT(verify_consistency(from, from_root, size, root, proof));
    for (auto* hashes : {&path, &proof}) {
      const auto whole = *hashes;
      if (!whole.empty() && random.chance(0.5)) {
        (*hashes)[random.below(whole.size())][random.below(32)] ^= static_cast<std::uint8_t>(1U << random.below(8));
      } else if (!whole.empty() && random.chance(0.5)) {
        hashes->erase(hashes->begin() + static_cast<std::ptrdiff_t>(random.below(whole.size())));
      } else {
        hashes->push_back(root);
      }
    }
    RC_ASSERT(!verify_inclusion(leaf, index, size, path, root));
    RC_ASSERT(!verify_consistency(from, from_root, size, root, proof));
  }));
}

TEST_CASE("the tree's right edge alone knows the root at every size, also after it was written down") {
  const auto leaves = random_leaves(11, 300);
  MerkleTree tree;
  MerkleFrontier frontier;
  CHECK(frontier.root() == tree.root());
  for (const auto& leaf : leaves) {
    tree.append(leaf);
    frontier.append(leaf);
    REQUIRE(frontier.root() == tree.root());
    REQUIRE(frontier.size() == tree.size());
    frontier = MerkleFrontier::decode(frontier.encode()).value();
    REQUIRE(frontier.root() == tree.root());
  }
  auto bytes = frontier.encode();
  bytes.pop_back();
  CHECK(MerkleFrontier::decode(bytes).error().code == "frontier-malformed");
  CHECK_FALSE(MerkleFrontier::decode(base::Bytes(9)));
}
