// Pose bundles. A sample is first rounded to integers (12 bytes whole); later samples of a bundle are differences
// of those integers where they fit (7 bytes), so rounding never adds up.

#include <array>
#include <cmath>

#include "showcontrol/protocol/fields.h"

namespace promenade::protocol {

namespace {

constexpr unsigned kTimeStepBits = 14, kQuatBits = 11, kQualityBits = 2;
constexpr unsigned kDeltaTimeBits = 9, kDeltaXyBits = 9, kDeltaHeightBits = 7, kDeltaQuatBits = 7;
constexpr double kQuatSteps = 2047.0;
constexpr double kQuatRange = 0.70710678118654752;  // the three smaller parts of a unit quaternion lie within

struct RawPose {
  std::uint64_t x = 0, y = 0, height = 0, largest = 0, quality = 0;
  std::array<std::uint64_t, 3> parts{};
};

RawPose to_raw(const PoseSample& sample) {
  RawPose raw;
  raw.x = kPositionScale.raw(sample.pose.position.x);
  raw.y = kPositionScale.raw(-sample.pose.position.z);
  raw.height = kHeightScale.raw(sample.pose.position.y);
  raw.quality = static_cast<std::uint64_t>(sample.quality);
  const auto& q = sample.pose.orientation;
  std::array<double, 4> parts{q.x, q.y, q.z, q.w};
  for (std::size_t i = 1; i < 4; ++i) {
    if (std::abs(parts[i]) > std::abs(parts[raw.largest])) raw.largest = i;
  }
  const double length = std::sqrt(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w);
  const double sign = parts[raw.largest] < 0.0 ? -1.0 : 1.0;  // q and -q turn alike
  for (std::size_t i = 0, out = 0; i < 4; ++i) {
    if (i == raw.largest) continue;
    const double unit = sign * parts[i] / length;
    raw.parts[out++] = static_cast<std::uint64_t>(
        std::clamp((unit / kQuatRange * 0.5 + 0.5) * kQuatSteps + 0.5, 0.0, kQuatSteps));
  }
  return raw;
}

// The three parts of a unit quaternion that are not its largest: squares at most 3/4, and some for rounding.
bool is_rotation(const RawPose& raw) {
  double squares = 0.0;
  for (const std::uint64_t part : raw.parts) {
    const double value = (static_cast<double>(part) / kQuatSteps * 2.0 - 1.0) * kQuatRange;
    squares += value * value;
  }
  return squares < 0.76;
}

HallPose to_pose(const RawPose& raw) {
  HallPose pose;
  pose.position = {kPositionScale.value(raw.x), kHeightScale.value(raw.height), -kPositionScale.value(raw.y)};
  std::array<double, 4> parts{};
  double squares = 0.0;
  for (std::size_t i = 0, in = 0; i < 4; ++i) {
    if (i == raw.largest) continue;
    parts[i] = (static_cast<double>(raw.parts[in++]) / kQuatSteps * 2.0 - 1.0) * kQuatRange;
    squares += parts[i] * parts[i];
  }
  parts[raw.largest] = std::sqrt(std::max(0.0, 1.0 - squares));
  const double length = std::sqrt(squares + parts[raw.largest] * parts[raw.largest]);
  pose.orientation = glm::dquat(parts[3] / length, parts[0] / length, parts[1] / length, parts[2] / length);
  return pose;
}

// Signed differences as offset numbers: 0 stands for -2^(bits-1).
bool fits(std::uint64_t from, std::uint64_t to, unsigned bits) {
  const auto difference = static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from);
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  return difference >= -half && difference < half;
}
std::uint64_t difference_raw(std::uint64_t from, std::uint64_t to, unsigned bits) { return to - from + (std::uint64_t{1} << (bits - 1)); }
std::uint64_t read_difference(ReadIo& io, std::uint64_t from, unsigned bits, std::uint64_t most) {
  const std::uint64_t value = from + io.bits().get(bits) - (std::uint64_t{1} << (bits - 1));
  if (value > most) io.fail("samples.difference");
  return std::min(value, most);
}

bool delta_fits(const RawPose& a, const RawPose& b, std::uint64_t steps) {
  return steps < (1u << kDeltaTimeBits) && a.quality == b.quality && a.largest == b.largest && fits(a.x, b.x, kDeltaXyBits) &&
         fits(a.y, b.y, kDeltaXyBits) && fits(a.height, b.height, kDeltaHeightBits) &&
         fits(a.parts[0], b.parts[0], kDeltaQuatBits) && fits(a.parts[1], b.parts[1], kDeltaQuatBits) &&
         fits(a.parts[2], b.parts[2], kDeltaQuatBits);
}

void write_whole(BitWriter& bits, const RawPose& raw, std::uint64_t steps) {
  bits.put(steps, kTimeStepBits);
  bits.put(raw.x, kPositionScale.bits);
  bits.put(raw.y, kPositionScale.bits);
  bits.put(raw.height, kHeightScale.bits);
  bits.put(raw.largest, 2);
  for (const std::uint64_t part : raw.parts) bits.put(part, kQuatBits);
  bits.put(raw.quality, kQualityBits);
}

RawPose read_whole(ReadIo& io) {
  RawPose raw;
  raw.x = io.bits().get(kPositionScale.bits);
  raw.y = io.bits().get(kPositionScale.bits);
  raw.height = io.bits().get(kHeightScale.bits);
  raw.largest = io.bits().get(2);
  for (std::uint64_t& part : raw.parts) part = io.bits().get(kQuatBits);
  raw.quality = io.raw("samples.quality", kQualityBits, 0, 2);
  return raw;
}

RawPose read_delta(ReadIo& io, const RawPose& from) {
  RawPose raw = from;
  raw.x = read_difference(io, from.x, kDeltaXyBits, kPositionScale.most());
  raw.y = read_difference(io, from.y, kDeltaXyBits, kPositionScale.most());
  raw.height = read_difference(io, from.height, kDeltaHeightBits, kHeightScale.most());
  for (std::size_t i = 0; i < 3; ++i) raw.parts[i] = read_difference(io, from.parts[i], kDeltaQuatBits, (1u << kQuatBits) - 1);
  return raw;
}

bool finite(const HallPose& pose) {
  const auto& q = pose.orientation;
  const double squares = q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w;
  return std::isfinite(pose.position.x) && std::isfinite(pose.position.y) && std::isfinite(pose.position.z) &&
         std::isfinite(squares) && squares > 0.25;
}

}  // namespace

void sample_fields(WriteIo& io, const std::vector<PoseSample>& samples) {
  if (samples.size() > kSamplesMax) return io.fail("samples");
  io.bits().put(samples.size(), bits_for(kSamplesMax));
  if (samples.empty()) return;
  io.time("samples.time", samples.front().time);
  RawPose before;
  std::int64_t at_step = 0;  // of the sample before, since the first
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!finite(samples[i].pose) || samples[i].quality > TrackingQuality::lost) return io.fail("samples.pose");
    const auto since = samples[i].time - samples.front().time;
    const std::int64_t step = (since + kSampleStep / 2) / kSampleStep;
    const std::int64_t steps = step - at_step;
    if (steps < 0 || steps >= (1 << kTimeStepBits)) return io.fail("samples.time");
    const RawPose raw = to_raw(samples[i]);
    if (i > 0) {
      const bool delta = delta_fits(before, raw, static_cast<std::uint64_t>(steps));
      io.bits().put(delta ? 1 : 0, 1);
      if (delta) {
        io.bits().put(static_cast<std::uint64_t>(steps), kDeltaTimeBits);
        io.bits().put(difference_raw(before.x, raw.x, kDeltaXyBits), kDeltaXyBits);
        io.bits().put(difference_raw(before.y, raw.y, kDeltaXyBits), kDeltaXyBits);
        io.bits().put(difference_raw(before.height, raw.height, kDeltaHeightBits), kDeltaHeightBits);
        for (std::size_t k = 0; k < 3; ++k) io.bits().put(difference_raw(before.parts[k], raw.parts[k], kDeltaQuatBits), kDeltaQuatBits);
      } else {
        write_whole(io.bits(), raw, static_cast<std::uint64_t>(steps));
      }
    } else {
      write_whole(io.bits(), raw, 0);
    }
    before = raw;
    at_step = step;
  }
}

void sample_fields(ReadIo& io, std::vector<PoseSample>& samples) {
  const std::size_t count = io.raw("samples", bits_for(kSamplesMax), 0, kSamplesMax);
  if (count == 0) return;
  samples.reserve(count);
  HallTime time;
  io.time("samples.time", time);
  RawPose raw;
  for (std::size_t i = 0; i < count && io.fault() == nullptr; ++i) {
    const bool delta = i > 0 && io.raw("samples.difference", 1, 0, 1) != 0;
    time += kSampleStep * static_cast<std::int64_t>(io.raw("samples.time", delta ? kDeltaTimeBits : kTimeStepBits, 0, ~std::uint64_t{0}));
    if (i == 0 && time.time_since_epoch().count() >= (std::int64_t{1} << kTimeBits)) return io.fail("samples.time");
    raw = delta ? read_delta(io, raw) : read_whole(io);
    if (!io.bits().ok()) return io.fail("samples");
    if (!is_rotation(raw)) return io.fail("samples.orientation");
    samples.push_back({time, to_pose(raw), static_cast<TrackingQuality>(raw.quality)});
  }
}

void sample_fields(TableIo& io, std::vector<PoseSample>&) {
  io.row("samples (count)", "4", "", "0..8; when not 0:");
  io.row("samples.time", std::to_string(kTimeBits), "us", "hall time of the first sample");
  io.row("samples[].difference", "1", "", "not for the first: 0 whole (96 bits), 1 difference (55 bits)");
  io.row("whole: time", "14", "0.1 ms", "since the sample before (first: 0)");
  io.row("whole: x, y", "16 + 16", "1 mm", "-32.768..32.767 m, clamped");
  io.row("whole: height", "13", "1 mm", "0..8.191 m, clamped");
  io.row("whole: largest", "2", "", "which of x, y, z, w is left out");
  io.row("whole: three parts", "11 each", "sqrt(2)/2047", "the others, in order, -0.7071..0.7071");
  io.row("whole: quality", "2", "", "0..2");
  io.row("difference: time", "9", "0.1 ms", "0..51.1 ms");
  io.row("difference: x, y", "9 + 9", "1 mm", "-256..255, offset 256");
  io.row("difference: height", "7", "1 mm", "-64..63, offset 64");
  io.row("difference: three parts", "7 each", "sqrt(2)/2047", "-64..63, offset 64; same part left out, same quality");
}

}  // namespace promenade::protocol
