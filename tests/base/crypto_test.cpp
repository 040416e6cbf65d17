#include "tracking/base/crypto.h"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

using namespace promenade::base;

namespace {

template <class Array>
Array array_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  Array array{};
  REQUIRE(bytes);
  REQUIRE(bytes->size() == array.size());
  std::ranges::copy(*bytes, array.begin());
  return array;
}

std::filesystem::path fresh_folder(const char* name) {
  const auto folder = std::filesystem::path(PROMENADE_BINARY_DIR) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace

TEST_CASE("BLAKE2b-256 gives known digests") {  // computed with two independent implementations of RFC 7693
  CHECK(to_hex(blake2b({})) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(to_hex(blake2b(as_bytes("abc"))) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_CASE("a digest in parts is the digest of the whole") {
  Hasher hasher;
  hasher.add(as_bytes("a")).add({}).add(as_bytes("bc"));
  CHECK(hasher.finish() == blake2b(as_bytes("abc")));
  CHECK(Hasher().finish() == blake2b({}));
}

// RFC 8032 section 7.1. A signature here covers DOMAIN, a zero byte and the message, so the RFC's signatures are
// not ours; its keys are, and TEST 1 to 3 fix the mapping from seed to public key.
TEST_CASE("Ed25519 public keys follow RFC 8032") {
  const std::pair<const char*, const char*> kVectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"}};
  for (const auto& [seed, key] : kVectors) {
    const KeyPair pair = KeyPair::from_seed(array_of<KeySeed>(seed));
    CHECK(to_hex(pair.public_key()) == key);
    CHECK(to_hex(pair.seed()) == seed);
  }
}

// The expected bytes come from a plain Ed25519 signer, written from RFC 8032 and checked against its TEST 3, over
// the bytes "ticket", 00, "af82".
TEST_CASE("a signature is plain Ed25519 over domain, zero byte and message") {
  const KeyPair pair =
      KeyPair::from_seed(array_of<KeySeed>("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
  const auto expected = array_of<Signature>(
      "ff9b9ae981b0219164d4cf24ca9397a4ad15a9e2743bc1811a9e69f90f4aa2a9"
      "eb1679ecaf574e208e27996783e8601c13f8ed1dd9d2d74aec354e8889af1803");
  CHECK(pair.sign("ticket", as_bytes("af82")) == expected);
  CHECK(verify(pair.public_key(), "ticket", as_bytes("af82"), expected));
}

TEST_CASE("a signature holds for its key, purpose and message only") {
  KeySeed seed{};
  const KeyPair pair = KeyPair::from_seed(seed);
  seed[0] = 1;
  const KeyPair other = KeyPair::from_seed(seed);
  const Signature signature = pair.sign("ticket", as_bytes("seat 12"));
  CHECK(verify(pair.public_key(), "ticket", as_bytes("seat 12"), signature));
  CHECK_FALSE(verify(other.public_key(), "ticket", as_bytes("seat 12"), signature));
  CHECK_FALSE(verify(pair.public_key(), "grant", as_bytes("seat 12"), signature));
  CHECK_FALSE(verify(pair.public_key(), "ticket", as_bytes("seat 13"), signature));
  // Moving the border between purpose and message does not help either.
  CHECK_FALSE(verify(pair.public_key(), "ticketseat", as_bytes(" 12"), signature));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature flipped = signature;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    REQUIRE_FALSE(verify(pair.public_key(), "ticket", as_bytes("seat 12"), flipped));
  }
}

TEST_CASE("generated keys and random bytes differ each time") {
  CHECK(KeyPair::generate().seed() != KeyPair::generate().seed());
  CHECK(random_bytes(16).size() == 16);
  CHECK(random_bytes(16) != random_bytes(16));
  CHECK(random_bytes(0).empty());
}

TEST_CASE("a key file is made once, private, and read again") {
  const auto folder = fresh_folder("crypto_key_file");
  const std::string path = (folder / "venue.key").string();
  const auto made = load_or_create_key(path);
  REQUIRE(made);
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(load_or_create_key(path)->public_key() == made->public_key());
  CHECK(load_key(path)->seed() == made->seed());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a key file that is missing, cut short or unwritable is said so and never replaced") {
  const auto folder = fresh_folder("crypto_bad_key_file");
  CHECK(load_key((folder / "none.key").string()).error().code == "key-unreadable");
  const std::string cut = (folder / "cut.key").string();
  std::ofstream(cut) << "00112233\n";
  CHECK(load_key(cut).error().code == "key-malformed");
  CHECK(load_or_create_key(cut).error().code == "key-malformed");
  CHECK(load_or_create_key((folder / "no-folder" / "venue.key").string()).error().code == "key-unwritable");
  std::filesystem::remove_all(folder);
}
