#pragma once
// Access tokens of OAuth2 client credentials (RFC 6749, section 4.4): a client shows its key once an hour and works with a
// token that has no more scopes than it asked for. Tokens live in memory; after a restart clients get new ones. A token
// counts only while its key does. Pure; the caller gives the time and guards it against other threads.

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ticketing/api/key_ring.h"

namespace promenade::ticketing::api {

struct AccessToken {
  std::string client;  // name of the key that it was given for
  std::set<Scope> scopes;
  std::chrono::steady_clock::time_point ends;
};

class TokenBook {
 public:
  static constexpr std::chrono::seconds kLife{3600};
  static constexpr std::size_t kMost = 4096;  // beyond it the one that ends first goes
  static constexpr std::string_view kPrefix = "pt_";

  // RANDOM is 24 bytes from the system's source. Gives the token's text.
  std::string issue(const std::string& client, std::set<Scope> scopes, base::ByteView random, std::chrono::steady_clock::time_point now);
  const AccessToken* find(std::string_view text, std::chrono::steady_clock::time_point now) const;  // null: none, or over

 private:
  std::map<std::string, AccessToken> tokens_;  // by the hash of the text
};

}  // namespace promenade::ticketing::api
