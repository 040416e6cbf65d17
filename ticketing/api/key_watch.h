#pragma once
// The key ring as the running server uses it: read again whenever its file changes, so that a new or revoked key
// counts at once. Thread-safe. Rim: looks at the file.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "ticketing/api/key_ring.h"
#include "ticketing/api/token_book.h"

namespace promenade::ticketing::api {

class KeyWatch {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit KeyWatch(std::string path, Clock clock = std::chrono::steady_clock::now) : path_(std::move(path)), clock_(std::move(clock)) {}
  // Who holds this key, or the access token that was given for it. Errors: "key-wrong", "scope-missing", and those of load_key_ring: a file that has become
  // unreadable lets nobody in.
  base::Result<ApiKey> authorise(std::string_view key_text, Scope scope);
  // Who holds it, whatever it is for. Error "key-wrong", and as above.
  base::Result<ApiKey> holder(std::string_view key_text);
  // Whose certificate this is. Errors: "certificate-unknown", "scope-missing", and as above.
  base::Result<ApiKey> authorise_certificate(std::string_view fingerprint, Scope scope);
  base::Result<std::size_t> count();
  // An access token for the key CLIENT that SECRET is the text of, with WANTED of its scopes, or all where WANTED is empty.
  // Errors: as of authorise.
  struct GivenToken {
    std::string text;
    std::set<Scope> scopes;
  };
  base::Result<GivenToken> give_token(std::string_view client, std::string_view secret, const std::set<Scope>& wanted);

 private:
  struct Stamp {
    std::int64_t seconds = -1, nanoseconds = 0, size = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  base::Result<void> refresh();  // with mutex_ held
  base::Result<ApiKey> known(std::string_view key_text);  // likewise; of an access token its key, with the token's scopes
  static Stamp stamp_of(const std::string& path);

  std::mutex mutex_;
  std::string path_;
  Clock clock_;
  TokenBook tokens_;
  Stamp stamp_;
  KeyRing ring_;
};

}  // namespace promenade::ticketing::api
