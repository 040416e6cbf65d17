#include "ticketing/api/rate_limit.h"

#include <algorithm>

namespace promenade::ticketing::api {
namespace {

constexpr std::int64_t kOne = 1000;

}  // namespace

std::int64_t RateLimiter::filled(const Bucket& bucket, std::int64_t now_ms) const {
  const std::int64_t full = limit_.burst * kOne;
  const std::int64_t gone_ms = std::max<std::int64_t>(0, now_ms - bucket.at_ms);
  if (gone_ms >= full / limit_.per_s + 1) return full;  // long ago: no product that could overflow
  return std::min(full, bucket.thousandths + gone_ms * limit_.per_s);
}

bool RateLimiter::make_room(std::int64_t now_ms) {
  if (buckets_.size() < kMostNames) return true;
  std::erase_if(buckets_, [&](const auto& entry) { return filled(entry.second, now_ms) >= limit_.burst * kOne; });
  return buckets_.size() < kMostNames;
}

std::optional<std::int64_t> RateLimiter::take(std::string_view name, std::int64_t now_ms) {
  auto at = buckets_.find(name);
  if (at == buckets_.end()) {
    if (!make_room(now_ms)) return 1;
    at = buckets_.emplace(std::string(name), Bucket{limit_.burst * kOne, now_ms}).first;
  }
  Bucket& bucket = at->second;
  bucket.thousandths = filled(bucket, now_ms);
  bucket.at_ms = std::max(bucket.at_ms, now_ms);
  if (bucket.thousandths >= kOne) {
    bucket.thousandths -= kOne;
    return std::nullopt;
  }
  const std::int64_t lacking = kOne - bucket.thousandths;
  return std::max<std::int64_t>(1, (lacking + limit_.per_s * kOne - 1) / (limit_.per_s * kOne));
}

}  // namespace promenade::ticketing::api
