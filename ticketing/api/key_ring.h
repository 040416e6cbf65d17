#pragma once
// API keys: who may call which verbs. A key is shown once when it is made; the file holds BLAKE2b hashes. In a key's place a
// device may have a certificate, by its fingerprint: it is then let in by showing that one (mutual TLS) and by nothing else.
// The ring is a value; `KeyFile` (rim) reads and replaces the file, mode 0600. Errors: "keys-unreadable",
// "keys-malformed", "key-name-taken", "key-unknown", "scope-unknown", "environment".

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::api {

enum class Scope { sell, redeem, play, observe, read, close };
std::string_view to_string(Scope scope);
base::Result<Scope> parse_scope(std::string_view text);
const std::vector<Scope>& all_scopes();

struct ApiKey {
  std::string name;  // becomes the actor of every event made with it
  std::string hash;  // hex of BLAKE2b-256 of the key's text
  std::set<Scope> scopes;
  std::string certificate = {};  // fingerprint (tracking/base/http/tls.h); the hash is then empty
};

class KeyRing {
 public:
  // `random` is 24 bytes from the system's source. Returns the key's text, "pk_" and 32 characters.
  base::Result<std::string> add(std::string name, std::set<Scope> scopes, base::ByteView random);
  base::Result<void> add_certificate(std::string name, std::set<Scope> scopes, std::string fingerprint);
  base::Result<void> revoke(std::string_view name);
  const ApiKey* find(std::string_view key_text) const;  // null when nobody holds it
  const ApiKey* of_certificate(std::string_view fingerprint) const;  // null: of none
  const ApiKey* named(std::string_view name) const;     // null when there is none
  const std::vector<ApiKey>& keys() const { return keys_; }

  std::string to_json() const;
  static base::Result<KeyRing> from_json(std::string_view text, const std::string& file_name);

 private:
  base::Result<void> check_new(const std::string& name, const std::set<Scope>& scopes) const;
  std::vector<ApiKey> keys_;
};

base::Result<KeyRing> load_key_ring(const std::string& path);  // a missing file is an empty ring
base::Result<void> save_key_ring(const KeyRing& ring, const std::string& path);  // replaced as one step

}  // namespace promenade::ticketing::api
