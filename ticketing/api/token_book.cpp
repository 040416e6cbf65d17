#include "ticketing/api/token_book.h"

#include <algorithm>

#include "tracking/base/crypto.h"

namespace promenade::ticketing::api {
namespace {

std::string hash_of(std::string_view text) { return base::to_hex(base::blake2b(base::as_bytes(text))); }

}  // namespace

std::string TokenBook::issue(const std::string& client, std::set<Scope> scopes, base::ByteView random, std::chrono::steady_clock::time_point now) {
  std::erase_if(tokens_, [&](const auto& entry) { return entry.second.ends <= now; });
  if (tokens_.size() >= kMost) tokens_.erase(std::ranges::min_element(tokens_, {}, [](const auto& entry) { return entry.second.ends; }));
  std::string text = std::string(kPrefix) + base::to_base64url(random);
  tokens_[hash_of(text)] = {client, std::move(scopes), now + kLife};
  return text;
}

const AccessToken* TokenBook::find(std::string_view text, std::chrono::steady_clock::time_point now) const {
  const auto at = tokens_.find(hash_of(text));
  return at == tokens_.end() || at->second.ends <= now ? nullptr : &at->second;
}

}  // namespace promenade::ticketing::api
