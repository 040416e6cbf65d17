#pragma once
// Hashes and signatures: BLAKE2b-256, SHA-256 (by OpenSSL) and Ed25519. The one home of libsodium (with bytes.cpp).
// Pure but for KeyPair::generate; simulations pass a seed so that keys replay.

#include <array>
#include <cstdint>
#include <initializer_list>

#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::base {

using Hash = std::array<std::uint8_t, 32>;
using PublicKey = std::array<std::uint8_t, 32>;
using KeySeed = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// BLAKE2b with a 32-byte output (RFC 7693), no key.
Hash blake2b(ByteView data);

// SHA-256 (FIPS 180-4) of the parts one after another.
Hash sha256(std::initializer_list<ByteView> parts);

class Hasher {  // BLAKE2b, fed in parts; finish() once
 public:
  Hasher();
  Hasher& add(ByteView data);
  Hash finish();

 private:
  alignas(64) std::array<std::uint8_t, 384> state_;
};

class KeyPair {  // Ed25519 (RFC 8032)
 public:
  static KeyPair from_seed(const KeySeed& seed);
  static KeyPair generate();  // from the system's random source; rim only
  const PublicKey& public_key() const { return public_; }
  const KeySeed& seed() const { return seed_; }
  // Signs DOMAIN, a zero byte, then the message: a signature for one purpose is none for another.
  Signature sign(std::string_view domain, ByteView message) const;

 private:
  KeySeed seed_{};
  PublicKey public_{};
  std::array<std::uint8_t, 64> secret_{};
};

bool verify(const PublicKey& key, std::string_view domain, ByteView message, const Signature& signature);

Bytes random_bytes(std::size_t size);  // system random source; rim only

// Key files: 64 hex digits of the seed and a newline, mode 0600. `load_or_create` makes one when missing.
Result<KeyPair> load_key(const std::string& path);
Result<KeyPair> load_or_create_key(const std::string& path);

}  // namespace promenade::base
