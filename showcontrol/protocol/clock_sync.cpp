#include "showcontrol/protocol/clock_sync.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace promenade::protocol {

namespace {

constexpr double kSkewMost = 200e-6;             // quartz clocks stay within 100 ppm of each other
constexpr double kSkewUsual = 50e-6;             // what is expected of them before anything is measured
constexpr double kStampNoise = 60.0;             // us, of a bin's offset on a quiet link
constexpr Duration kSkewSpan{12'000'000};        // from this history on the measured skew alone counts as known
constexpr Duration kAnchorEvery{100'000};        // the served map is moved on in steps that rounding cannot bend
constexpr double kDriftKnown = 5e-6, kDriftUnknown = 100e-6;
constexpr double kSlewTime = 4.0;                // s in which an error is worked off when the slew limit allows
constexpr double kWeightFloor = 300.0;           // us added to a bin's excess round trip before it is weighed

double microseconds(Duration d) { return static_cast<double>(d.count()); }
Duration rounded(double us) { return Duration{std::llround(us)}; }

double weighted_median(std::vector<std::pair<double, double>>& values) {  // value, weight; not empty
  double total = 0.0;
  for (const auto& v : values) total += v.second;
  double before = 0.0;  // weight of what is less than all of [first, last), among which the median is
  auto first = values.begin();
  auto last = values.end();
  while (last - first > 1) {
    const auto middle = first + (last - first) / 2;
    std::nth_element(first, middle, last);
    double lower = before;
    for (auto v = first; v != middle; ++v) lower += v->second;
    if (lower >= total / 2) {
      last = middle;
    } else {
      before = lower;
      first = middle;
    }
  }
  return first->first;
}

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
  scatter_ = Duration{0};
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
  if (asked.sequence != reply.sequence || reply.sequence == 0 || asked.at != reply.sent) return false;
  asked = {};
  const Duration held = reply.replied - reply.received;
  const Duration trip = (received - reply.sent) - held;
  if (held.count() < 0 || trip.count() < 0 || received - reply.sent > kReplyWithin) return false;
  newest_round_trip_ = trip;
  const auto middle_headset = reply.sent + (received - reply.sent) / 2;
  const auto middle_hall = reply.received + held / 2;
  take({middle_headset, middle_hall.time_since_epoch() - middle_headset.time_since_epoch(), trip});
  return true;
}

void ClockSync::take(const Exchange& exchange) {
  if (bins_.empty() || exchange.at >= bin_end_) {
    if (bins_.size() == kBins) bins_.erase(bins_.begin());
    bins_.push_back(exchange);
    bin_end_ = exchange.at + kBin - kBurstSpacing;  // a burst that is a little early begins its own bin
    estimate_due_ = true;
  } else if (exchange.round_trip < bins_.back().round_trip) {
    bins_.back() = exchange;
    estimate_due_ = true;
  }
}

void ClockSync::estimate() {
  while (bins_.back().at - bins_.front().at > kBin * static_cast<std::int64_t>(kBins + 1)) bins_.erase(bins_.begin());
  const auto least = std::ranges::min(bins_, {}, &Exchange::round_trip).round_trip;
  std::array<double, kBins> trust_of{};  // of each bin; its weight is the square of it
  for (std::size_t i = 0; i < bins_.size(); ++i) trust_of[i] = 1.0 / (microseconds(bins_[i].round_trip - least) + kWeightFloor);
  const Exchange& newest = bins_.back();
  double skew = 0.0;
  std::vector<std::pair<double, double>> values;
  values.reserve(kBins * (kBins - 1) / 2);
  const double history = microseconds(newest.at - bins_.front().at);
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    for (std::size_t k = i + 1; k < bins_.size(); ++k) {
      const double span = microseconds(bins_[k].at - bins_[i].at);
      if (span < microseconds(kBin / 2)) continue;
      values.emplace_back(microseconds(bins_[k].offset - bins_[i].offset) / span, span * trust_of[i] * trust_of[k]);
    }
  }
  if (!values.empty()) {
    // A short history, or a busy link, says little: shrunk towards none by what each is worth.
    double excess = 0.0;
    for (const Exchange& e : bins_) excess += microseconds(e.round_trip - least);
    const double noise = (kStampNoise + excess / 2.0 / static_cast<double>(bins_.size())) / history;
    const double trust = kSkewUsual * kSkewUsual / (kSkewUsual * kSkewUsual + noise * noise);
    skew = std::clamp(weighted_median(values) * trust, -kSkewMost, kSkewMost);
  }
  const auto flat = [&](const Exchange& e) {  // offset as it would be at the newest bin, relative to the newest's
    return microseconds(e.offset - newest.offset) + skew * microseconds(newest.at - e.at);
  };
  values.clear();
  for (std::size_t i = 0; i < bins_.size(); ++i) values.emplace_back(flat(bins_[i]), trust_of[i] * trust_of[i]);
  const double centre = weighted_median(values);
  for (auto& [value, unused] : values) value = std::abs(value - centre);
  scatter_ = rounded(weighted_median(values) * 1.4826 * 2.0);
  estimate_ = ClockMap{newest.at, HallTime{newest.at.time_since_epoch() + newest.offset + rounded(centre)}, 1.0 + skew};
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
  const auto least = std::ranges::min(bins_, {}, &Exchange::round_trip).round_trip;
  const bool skew_known = bins_.back().at - bins_.front().at >= kSkewSpan;
  const double age = microseconds(now - bins_.back().at);
  const Duration apart = estimate_->to_hall(now) - served_->to_hall(now);
  return least / 4 + scatter_ + rounded(std::max(0.0, age) * (skew_known ? kDriftKnown : kDriftUnknown)) +
         (apart.count() < 0 ? -apart : apart);
}

}  // namespace promenade::protocol
