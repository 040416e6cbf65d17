#include "ticketing/api/key_watch.h"

#include <sys/stat.h>

namespace promenade::ticketing::api {

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

base::Result<ApiKey> KeyWatch::authorise(std::string_view key_text, Scope scope) {
  std::lock_guard lock(mutex_);
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  const ApiKey* key = ring_.find(key_text);
  if (key == nullptr)
    return base::fail("key-wrong", "This key is not known here or has been revoked.", "Ask the venue for a key: `promenade-boxoffice key add`.");
  if (!key->scopes.contains(scope))
    return base::fail("scope-missing", "The key '" + key->name + "' has no scope '" + std::string(to_string(scope)) + "'.",
                      "Use a key that has it.");
  return *key;
}

base::Result<std::size_t> KeyWatch::count() {
  std::lock_guard lock(mutex_);
  if (const auto fresh = refresh(); !fresh) return std::unexpected(fresh.error());
  return ring_.keys().size();
}

}  // namespace promenade::ticketing::api
