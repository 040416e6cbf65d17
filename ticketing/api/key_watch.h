#pragma once
// The key ring as the running server uses it: read again whenever its file changes, so that a new or revoked key
// counts at once. Thread-safe. Rim: looks at the file.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "ticketing/api/key_ring.h"

namespace promenade::ticketing::api {

class KeyWatch {
 public:
  explicit KeyWatch(std::string path) : path_(std::move(path)) {}
  // Who holds this key. Errors: "key-wrong", "scope-missing", and those of load_key_ring: a file that has become
  // unreadable lets nobody in.
  base::Result<ApiKey> authorise(std::string_view key_text, Scope scope);
  base::Result<std::size_t> count();

 private:
  struct Stamp {
    std::int64_t seconds = -1, nanoseconds = 0, size = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  base::Result<void> refresh();  // with mutex_ held
  static Stamp stamp_of(const std::string& path);

  std::mutex mutex_;
  std::string path_;
  Stamp stamp_;
  KeyRing ring_;
};

}  // namespace promenade::ticketing::api
