#include "showcontrol/protocol/impairment.h"

#include <algorithm>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::protocol {

namespace {
void check(const ImpairmentSettings& settings) {
  PROMENADE_ASSERT(settings.loss >= 0.0 && settings.loss <= 1.0);
  PROMENADE_ASSERT(settings.duplication >= 0.0 && settings.duplication <= 1.0);
  PROMENADE_ASSERT(settings.reordering >= 0.0 && settings.reordering <= 1.0);
  PROMENADE_ASSERT(settings.delay_min.count() >= 0 && settings.delay_min <= settings.delay_max);
  PROMENADE_ASSERT(settings.rate_bytes_per_s >= 0.0);
}
}  // namespace

Impairment::Impairment(ImpairmentSettings settings, base::Random random)
    : settings_(std::move(settings)), random_(std::move(random)) {
  check(settings_);
}

void Impairment::set(ImpairmentSettings settings) {
  check(settings);
  settings_ = std::move(settings);
}

base::Duration Impairment::delay() {
  const auto span = settings_.delay_max - settings_.delay_min;
  if (span.count() == 0) return settings_.delay_min;
  return settings_.delay_min + base::Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(span.count()) + 1))};
}

Impairment::Arrivals Impairment::pass(std::size_t bytes, base::Duration now) {
  // All draws are made for every datagram, so that one setting does not shift the draws of another.
  const bool lost = random_.chance(settings_.loss);
  const bool twice = random_.chance(settings_.duplication);
  const bool late = random_.chance(settings_.reordering);
  Arrivals arrivals;
  if (lost || std::ranges::any_of(settings_.outages, [&](const Outage& o) { return o.from <= now && now < o.until; })) {
    return arrivals;
  }
  base::Duration sent = now;
  if (settings_.rate_bytes_per_s > 0.0) {
    const base::Duration start = std::max(now, line_free_);
    if (start - now > settings_.queue_max) return arrivals;
    line_free_ = start + base::from_seconds(static_cast<double>(bytes) / settings_.rate_bytes_per_s);
    sent = line_free_;
  }
  for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
    base::Duration at = sent + delay();
    if (settings_.keep_order) {
      at = std::max(at, last_arrival_);
      last_arrival_ = at;
    }
    arrivals.at[arrivals.count++] = late ? at + settings_.reorder_by : at;
  }
  return arrivals;
}

}  // namespace promenade::protocol
