#include "showcontrol/protocol/clock_sync.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace promenade::protocol {

namespace {

constexpr double kSkewMost = 200e-6;             // quartz clocks stay within 100 ppm of each other
constexpr double kSkewUsual = 50e-6;             // one sigma of what is expected of them before anything is measured
constexpr double kStampNoise = 60.0;             // us, one sigma of a bin's offset on a quiet link
constexpr double kBeyond = 2.0;                  // sigmas; who is further from the line counts less
constexpr int kRounds = 4;                       // of weighing anew by the distance from the line
constexpr double kStated = 2.6;                  // sigmas that are stated as uncertainty: 99 % of a normal error
constexpr double kWander = 2e-6;                 // by which the skew may have changed since the last answer
constexpr Duration kAnchorEvery{100'000};        // the served map is moved on in steps that rounding cannot bend
constexpr double kSlewTime = 4.0;                // s in which an error is worked off when the slew limit allows

double microseconds(Duration d) { return static_cast<double>(d.count()); }
Duration rounded(double us) { return Duration{std::llround(us)}; }

}  // namespace

HallTime ClockMap::to_hall(HeadsetTime time) const { return hall_at + rounded(microseconds(time - headset_at) * rate); }
HeadsetTime ClockMap::to_headset(HallTime time) const { return headset_at + rounded(microseconds(time - hall_at) / rate); }

void ClockSync::join(HeadsetTime now) {
  left_in_burst_ = kJoinExchanges;
  spacing_ = kJoinSpacing;
  next_request_ = now;
  next_burst_ = now + kBin;
}

void ClockSync::forget() {
  bins_.clear();
  asked_ = {};
  estimate_.reset();
  estimate_due_ = false;
  bin_end_ = HeadsetTime{};
}

std::optional<ClockRequest> ClockSync::request_due(HeadsetTime now) {
  if (!next_burst_) return std::nullopt;
  if (left_in_burst_ == 0) {
    if (now < *next_burst_) return std::nullopt;
    left_in_burst_ = kBurstExchanges;
    spacing_ = kBurstSpacing;
    next_request_ = now;
    next_burst_ = now + kBin;
  }
  if (now < next_request_) return std::nullopt;
  --left_in_burst_;
  next_request_ = now + spacing_;
  const std::uint32_t sequence = next_sequence_++;
  asked_[sequence % asked_.size()] = {sequence, now};
  return ClockRequest{sequence, now};
}

bool ClockSync::reply(const ClockReply& reply, HeadsetTime received) {
  Asked& asked = asked_[reply.sequence % asked_.size()];
  if (asked.sequence != reply.sequence || reply.sequence == 0 || reply.sent < asked.at || reply.sent > received) return false;
  asked = {};
  const Duration held = reply.replied - reply.received;
  const Duration trip = (received - reply.sent) - held;
  if (held.count() < 0 || trip.count() < 0 || received - reply.sent > kReplyWithin) return false;
  newest_round_trip_ = trip;
  take({reply.sent + (received - reply.sent) / 2, reply.received.time_since_epoch() - reply.sent.time_since_epoch(),
        received.time_since_epoch() - reply.replied.time_since_epoch()});
  return true;
}

void ClockSync::take(const Exchange& exchange) {
  if (bins_.empty() || exchange.at >= bin_end_) {
    if (bins_.size() == kBins) bins_.erase(bins_.begin());
    bins_.push_back(exchange);
    bin_end_ = exchange.at + kBin - kBurstSpacing;  // a burst that is a little early begins its own bin
    estimate_due_ = true;
    return;
  }
  // Forth and back each by itself: the quickest way there and the quickest way back need not be of one exchange.
  Exchange& bin = bins_.back();
  if (std::min(bin.forth, exchange.forth) + std::min(bin.back, exchange.back) < Duration{0}) {  // a clock has been set between the two
    bin = exchange;
    estimate_due_ = true;
    return;
  }
  if (exchange.forth < bin.forth || exchange.back < bin.back) estimate_due_ = true;
  if (exchange.forth < bin.forth) bin.forth = exchange.forth;
  if (exchange.back < bin.back) {
    bin.back = exchange.back;
    bin.at = exchange.at;
  }
}

// An offset is right to within half its round trip, so two that are further apart contradict each other. What most others
// contradict has a wrong stamp (the wall clock was set, by which systems stamp datagrams), however short its round trip.
std::vector<ClockSync::Exchange> ClockSync::believed() const {
  const auto agree = [](const Exchange& a, const Exchange& b) {
    const double apart = std::abs(microseconds(a.offset() - b.offset()));
    return apart <= microseconds(a.round_trip() + b.round_trip()) / 2 + kStampNoise + kSkewMost * std::abs(microseconds(a.at - b.at));
  };
  std::vector<Exchange> kept;
  for (const Exchange& one : bins_) {
    const auto agreeing = std::ranges::count_if(bins_, [&](const Exchange& other) { return agree(one, other); });
    if (2 * static_cast<std::size_t>(agreeing) >= bins_.size()) kept.push_back(one);
  }
  return kept.empty() ? bins_ : kept;
}

// A line through the bins' offsets, as Bayes has it: skew is expected to be small, and a bin is worth what its round trip has beyond
// the least, which lies anywhere between all forth and all back (variance e²/12). Seconds and microseconds from the newest bin.
void ClockSync::estimate() {
  while (bins_.back().at - bins_.front().at > kBin * static_cast<std::int64_t>(kBins + 1)) bins_.erase(bins_.begin());
  const std::vector<Exchange> bins = believed();
  least_ = std::ranges::min(bins, {}, [](const Exchange& e) { return e.round_trip(); }).round_trip();
  const Exchange& newest = bins.back();
  constexpr double kPrior = 1.0 / (kSkewUsual * 1e6 * kSkewUsual * 1e6);
  double offset = 0.0, skew = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    double w = 0.0, wx = 0.0, wxx = kPrior, wy = 0.0, wxy = 0.0;
    for (const Exchange& bin : bins) {
      const double excess = microseconds(bin.round_trip() - least_);
      const double sigma = std::sqrt(kStampNoise * kStampNoise + excess * excess / 12.0);
      const double x = microseconds(bin.at - newest.at) * 1e-6, y = microseconds(bin.offset() - newest.offset());
      const double off = round == 0 ? 0.0 : std::abs(y - offset - skew * x) / sigma;
      const double weight = 1.0 / (sigma * sigma) * (off > kBeyond ? kBeyond / off : 1.0);  // Huber
      w += weight;
      wx += weight * x;
      wxx += weight * x * x;
      wy += weight * y;
      wxy += weight * x * y;
    }
    const double det = w * wxx - wx * wx;
    offset = (wy * wxx - wxy * wx) / det;
    skew = (w * wxy - wx * wy) / det;
    variance_ = {wxx / det, -wx / det, w / det};
  }
  skew = std::clamp(skew * 1e-6, -kSkewMost, kSkewMost);
  estimate_ = ClockMap{newest.at, HallTime{newest.at.time_since_epoch() + newest.offset() + rounded(offset)}, 1.0 + skew};
}

void ClockSync::advance(HeadsetTime now, bool may_step) {
  if (std::exchange(estimate_due_, false)) estimate();
  if (!estimate_) return;
  if (served_ && !may_step && now - served_->headset_at < kAnchorEvery) return;
  const HallTime wanted = estimate_->to_hall(now);
  if (!served_) {
    served_ = ClockMap{now, wanted, estimate_->rate};
    return;
  }
  const HallTime have = served_->to_hall(now);
  const Duration error = wanted - have;
  if (may_step || error > kStepAbove || error < -kStepAbove) {
    served_ = ClockMap{now, wanted, estimate_->rate};
    return;
  }
  const double slew = std::clamp(microseconds(error) * 1e-6 / kSlewTime, -kSlewMost, kSlewMost);
  served_ = ClockMap{now, have, estimate_->rate + slew};
}

Duration ClockSync::uncertainty(HeadsetTime now) const {
  if (!estimate_ || !served_) return Duration::max();
  const double since = std::max(0.0, microseconds(now - estimate_->headset_at) * 1e-6);
  const double variance = variance_.offset + 2.0 * since * variance_.both + since * since * variance_.skew;
  const Duration apart = estimate_->to_hall(now) - served_->to_hall(now);
  return least_ / 4 + rounded(kStated * std::sqrt(std::max(0.0, variance)) + kWander * 1e6 * since) + (apart.count() < 0 ? -apart : apart);
}

}  // namespace promenade::protocol
