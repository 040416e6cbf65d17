#include "ticketing/api/key_watch.h"

#include <sys/stat.h>

#include "tracking/base/crypto.h"

namespace promenade::ticketing::api {

namespace {

base::Result<ApiKey> allowed(const ApiKey& key, Scope scope) {
  if (key.scopes.contains(scope)) return key;
  return base::fail("scope-missing", "The key '" + key.name + "' has no scope '" + std::string(to_string(scope)) + "'.", "Use a key that has it.");
}

}  // namespace

KeyWatch::Stamp KeyWatch::stamp_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino};
}

base::Result<void> KeyWatch::refresh() {
  const Stamp now = stamp_of(path_);
  if (now == stamp_ && now.seconds >= 0) return {};
  auto ring = load_key_ring(path_);
  if (!ring) return std::unexpected(ring.error());
  ring_ = std::move(*ring);
  stamp_ = now;
  return {};
}

base::Result<ApiKey> KeyWatch::known(std::string_view key_text) {
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  const AccessToken* token = key_text.starts_with(TokenBook::kPrefix) ? tokens_.find(key_text, clock_()) : nullptr;
  const ApiKey* key = token == nullptr ? ring_.find(key_text) : ring_.named(token->client);
  if (key == nullptr)
    return base::fail("key-wrong", "This key is not known here or has been revoked.", "Ask the venue for a key: `promenade-boxoffice key add`.");
  ApiKey out = *key;
  if (token != nullptr) std::erase_if(out.scopes, [&](Scope scope) { return !token->scopes.contains(scope); });
  return out;
}

base::Result<ApiKey> KeyWatch::holder(std::string_view key_text) {
  std::lock_guard lock(mutex_);
  return known(key_text);
}

base::Result<ApiKey> KeyWatch::authorise(std::string_view key_text, Scope scope) {
  std::lock_guard lock(mutex_);
  const auto key = known(key_text);
  if (!key) return key;
  if (key_text.starts_with(TokenBook::kPrefix) && !key->scopes.contains(scope))
    return base::fail("scope-missing", "The access token has no scope '" + std::string(to_string(scope)) + "'.", "Ask for a token with it.");
  return allowed(*key, scope);
}

base::Result<ApiKey> KeyWatch::authorise_certificate(std::string_view fingerprint, Scope scope) {
  std::lock_guard lock(mutex_);
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  const ApiKey* key = ring_.of_certificate(fingerprint);
  if (key == nullptr)
    return base::fail("certificate-unknown", "The certificate " + std::string(fingerprint.substr(0, 16)) + "… is of no device here, or was revoked.",
                      "Make it known: `promenade boxoffice key add NAME --scope … --certificate FILE`.");
  return allowed(*key, scope);
}

base::Result<KeyWatch::GivenToken> KeyWatch::give_token(std::string_view client, std::string_view secret, const std::set<Scope>& wanted) {
  std::lock_guard lock(mutex_);
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  const ApiKey* key = ring_.find(secret);
  if (key == nullptr || key->name != client)
    return base::fail("key-wrong", "This client is not known here, or its secret is another.", "client_id is the key's name, client_secret the key.");
  for (const Scope scope : wanted)
    if (!key->scopes.contains(scope)) return base::fail("scope-missing", "The key '" + key->name + "' has no scope '" + std::string(to_string(scope)) + "'.", "Ask for fewer.");
  const std::set<Scope> scopes = wanted.empty() ? key->scopes : wanted;
  return GivenToken{tokens_.issue(key->name, scopes, base::random_bytes(24), clock_()), scopes};
}

base::Result<std::size_t> KeyWatch::count() {
  std::lock_guard lock(mutex_);
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  return ring_.keys().size();
}

}  // namespace promenade::ticketing::api
