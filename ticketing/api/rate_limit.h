#pragma once
// How often somebody may ask: a bucket for each name that fills evenly and holds a burst. Pure; the caller gives a time that
// never goes back, in milliseconds, and guards it against other threads. Memory is bounded: of more than kMostNames names
// those whose buckets are full are forgotten, and when none is, a new name waits.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace promenade::ticketing::api {

struct RateLimit {
  std::int64_t per_s = 2000;
  std::int64_t burst = 20'000;
};

class RateLimiter {
 public:
  static constexpr std::size_t kMostNames = 4096;
  explicit RateLimiter(RateLimit limit) : limit_(limit) {}

  // nullopt: go on. Else the whole seconds, at least 1, after which to ask again.
  std::optional<std::int64_t> take(std::string_view name, std::int64_t now_ms);

 private:
  struct Bucket {
    std::int64_t thousandths = 0;  // of a request
    std::int64_t at_ms = 0;
  };
  std::int64_t filled(const Bucket& bucket, std::int64_t now_ms) const;
  bool make_room(std::int64_t now_ms);

  RateLimit limit_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace promenade::ticketing::api
