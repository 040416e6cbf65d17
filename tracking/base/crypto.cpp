#include "tracking/base/crypto.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::base {
namespace {

// Before it libsodium hashes and signs right, but by its slowest code.
void ensure_sodium() {
  static const int ready = sodium_init();
  PROMENADE_ASSERT(ready >= 0);
}

Bytes with_domain(std::string_view domain, ByteView message) {
  Bytes bytes;
  bytes.reserve(domain.size() + 1 + message.size());
  ByteWriter writer(bytes);
  writer.raw(as_bytes(domain));
  writer.u8(0);
  writer.raw(message);
  return bytes;
}

crypto_generichash_state* hash_state(std::array<std::uint8_t, 384>& state) {
  static_assert(sizeof(crypto_generichash_state) <= 384 && alignof(crypto_generichash_state) <= 64);
  return reinterpret_cast<crypto_generichash_state*>(state.data());
}

}  // namespace

Hash blake2b(ByteView data) {
  ensure_sodium();
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), data.data(), data.size(), nullptr, 0);
  return hash;
}

// By OpenSSL, which has code for processors' own SHA instructions; libsodium has none.
Hash sha256(std::initializer_list<ByteView> parts) {
  static EVP_MD* const kind = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  PROMENADE_ASSERT(kind != nullptr && state != nullptr && EVP_DigestInit_ex2(state.get(), kind, nullptr) == 1);
  for (const ByteView part : parts) PROMENADE_ASSERT(EVP_DigestUpdate(state.get(), part.data(), part.size()) == 1);
  Hash hash;
  PROMENADE_ASSERT(EVP_DigestFinal_ex(state.get(), hash.data(), nullptr) == 1);
  return hash;
}

Hasher::Hasher() {
  ensure_sodium();
  crypto_generichash_init(hash_state(state_), nullptr, 0, sizeof(Hash));
}

Hasher& Hasher::add(ByteView data) {
  crypto_generichash_update(hash_state(state_), data.data(), data.size());
  return *this;
}

Hash Hasher::finish() {
  Hash hash;
  crypto_generichash_final(hash_state(state_), hash.data(), hash.size());
  return hash;
}

KeyPair KeyPair::from_seed(const KeySeed& seed) {
  ensure_sodium();
  KeyPair pair;
  pair.seed_ = seed;
  crypto_sign_seed_keypair(pair.public_.data(), pair.secret_.data(), seed.data());
  return pair;
}

KeyPair KeyPair::generate() {
  ensure_sodium();
  KeySeed seed;
  randombytes_buf(seed.data(), seed.size());
  return from_seed(seed);
}

Signature KeyPair::sign(std::string_view domain, ByteView message) const {
  const Bytes bytes = with_domain(domain, message);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, bytes.data(), bytes.size(), secret_.data());
  return signature;
}

bool verify(const PublicKey& key, std::string_view domain, ByteView message, const Signature& signature) {
  const Bytes bytes = with_domain(domain, message);
  return crypto_sign_verify_detached(signature.data(), bytes.data(), bytes.size(), key.data()) == 0;
}

Bytes random_bytes(std::size_t size) {
  ensure_sodium();
  Bytes bytes(size);
  if (size > 0) randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

Result<KeyPair> load_key(const std::string& path) {
  std::ifstream in(path);
  std::string text;
  if (!in || !std::getline(in, text)) {
    return fail("key-unreadable", base::formatted("The key file {} cannot be read.", path),
                "Restore it from the venue's backup, or make a new key.");
  }
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != sizeof(KeySeed)) {
    return fail("key-malformed", base::formatted("The key file {} does not hold 64 hex digits.", path),
                "Restore it from the venue's backup.");
  }
  KeySeed seed;
  std::memcpy(seed.data(), bytes->data(), seed.size());
  return KeyPair::from_seed(seed);
}

Result<KeyPair> load_or_create_key(const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) return load_key(path);
  const KeyPair pair = KeyPair::generate();
  const std::string text = to_hex(pair.seed()) + "\n";
  // Under its name only when it is whole: a torn key would keep the next start from making a new one.
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  int error = errno;
  if (fd >= 0) ::close(fd);
  if (written && ::rename(draft.c_str(), path.c_str()) != 0) {
    written = false;
    error = errno;
  }
  if (!written) {
    ::unlink(draft.c_str());
    return fail("key-unwritable", base::formatted("The key file {} cannot be written ({}).", path, std::strerror(error)),
                "Make its folder writable and give it room.");
  }
  return pair;
}

}  // namespace promenade::base
