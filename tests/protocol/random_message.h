#pragma once
// Random messages for the properties, and a message as a flat list of what each field may lose on the wire. Both
// walk the codec's own description of its fields, so a field that is added is tested at once.

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "showcontrol/protocol/staff_fields.h"
#include "tracking/base/random.h"

namespace promenade::protocol {

class GenerateIo {  // fills a message; `wild`: measurements also beyond their ranges
 public:
  static constexpr bool kWrites = false;
  GenerateIo(std::uint64_t seed, bool wild) : random(seed), wild_(wild) {}
  base::Random random;
  Take take;

  std::uint64_t raw(std::uint64_t low, std::uint64_t high) {
    if (random.chance(0.1)) return random.chance(0.5) ? low : high;
    if (low == 0 && high == ~std::uint64_t{0}) return random();
    return low + random.below(high - low + 1);
  }
  template <class T> void number(const char*, unsigned, T& v, std::uint64_t low, std::uint64_t high) { v = static_cast<T>(raw(low, high)); }
  template <class T> void counter(const char*, unsigned bits, T& v, const char*) {
    v = static_cast<T>(raw(0, wild_ ? 0xffff : (std::uint64_t{1} << bits) - 1));
  }
  template <class E> void choice(const char*, E& v, E last) { v = static_cast<E>(raw(0, static_cast<std::uint64_t>(last))); }
  void flag(const char*, bool& v) { v = random.chance(0.5); }
  void signed_byte(const char*, std::int8_t& v, const char*) { v = static_cast<std::int8_t>(raw(0, 255)); }
  template <class I> void id(const char*, unsigned, I& v, std::uint64_t high, bool none) {
    v = I{static_cast<typename I::rep>(raw(none ? 0 : 1, high))};
  }
  void film(const char*, FilmId& v, bool none) { v = none && random.chance(0.2) ? FilmId{} : film_from_number(raw(0, 999'999'999'999)); }
  void measure(const char*, double& v, const Scale& s, bool = false) {
    const double low = s.value(0), high = s.value(s.most()), beyond = wild_ ? 0.2 * (high - low) : 0.0;
    v = random.uniform(low - beyond, high + beyond);
  }
  void angle(const char*, double& v) { v = random.uniform(-7.0, 7.0); }
  void point(const char* name, HallPoint& p) { measure(name, p.x, kPositionScale); measure(name, p.y, kPositionScale); }
  template <class Time> void time(const char*, Time& v) { v = Time{Duration{static_cast<std::int64_t>(raw(0, (std::uint64_t{1} << kTimeBits) - 1))}}; }
  void duration(const char*, unsigned bits, Duration& v, Duration step, bool) {
    v = Duration{static_cast<std::int64_t>(raw(0, static_cast<std::uint64_t>(step.count()) * ((std::uint64_t{1} << bits) - 1)))};
  }
  void text(const char*, std::string& v, std::size_t most) {
    v.resize(raw(0, most));
    for (char& c : v) c = static_cast<char>(raw(0, 255));
  }
  void hash(const char*, base::Hash& v) { for (auto& byte : v) byte = static_cast<std::uint8_t>(raw(0, 255)); }
  template <class T, class Each> void list(const char*, std::vector<T>& v, std::size_t most, Each each) {
    v.clear();
    const std::size_t size = raw(0, most);
    for (std::size_t i = 0; i < size; ++i) each(*this, v.emplace_back());
  }
  template <class T, class Each> void list_first(const char* name, std::vector<T>& v, std::size_t most, std::size_t, Each each) {
    list(name, v, most, each);
  }
  template <class T, class Inner> void maybe(const char*, std::optional<T>& v, Inner inner) {
    v.reset();
    if (random.chance(0.6)) inner(*this, v.emplace());
  }

 private:
  bool wild_;
};

inline void sample_fields(GenerateIo& io, std::vector<PoseSample>& samples) {
  samples.clear();
  const std::size_t count = io.raw(0, kSamplesMax);
  HallTime time{Duration{static_cast<std::int64_t>(io.raw(0, 1ull << 50))}};
  HallPoint at;
  io.point("", at);
  const bool calm = io.random.chance(0.5);
  double yaw = io.random.uniform(-3.0, 3.0);
  for (std::size_t i = 0; i < count; ++i) {
    PoseSample sample;
    sample.time = time;
    if (!calm) io.point("", at);
    yaw += calm ? 0.03 : 2.0;
    sample.pose = tracking::pose_at(at, io.random.uniform(0.0, 2.5), yaw);
    sample.pose.orientation = sample.pose.orientation *
        glm::dquat(std::cos(0.3), std::sin(0.3) * io.random.uniform(), 0.0, 0.0);
    const auto& q = sample.pose.orientation;
    const double length = std::sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
    sample.pose.orientation = glm::dquat(q.w / length, q.x / length, q.y / length, q.z / length);
    sample.quality = static_cast<TrackingQuality>(calm ? 0 : io.raw(0, 2));
    samples.push_back(sample);
    at = at + tracking::Vec<tracking::Hall>{0.01, -0.01};
    time += Duration{static_cast<std::int64_t>(io.raw(0, calm ? 40'000 : 1'500'000))};
  }
}
inline void planned_fields(GenerateIo& io, Neighbour& m) {
  m.planned.clear();
  if (io.random.chance(0.3)) return;
  const auto inside = [](double v) { return kPositionScale.value(kPositionScale.raw(v)); };
  const HallPoint from{inside(m.position.x), inside(m.position.y)};
  for (std::size_t i = 0; i < kPlannedPoints; ++i) {
    m.planned.push_back(from + tracking::Vec<tracking::Hall>{io.random.uniform(-5.0, 5.0), io.random.uniform(-5.0, 5.0)});
  }
}
inline void action_fields(GenerateIo& io, StaffAction& action) {
  emplace_action(action, io.raw(0, std::variant_size_v<StaffAction> - 1));
  std::visit([&](auto& a) { fields(io, a); }, action);
}

// One field: its value after clamping, and how far below and above it may come back.
struct Flat {
  std::string name;
  double value = 0.0;
  double below = 0.0;
  double above = 0.0;
  double wrap = 0.0;  // values that differ by this are the same
  std::string text;   // exact part
};

class FlattenIo {
 public:
  static constexpr bool kWrites = true;
  std::vector<Flat> out;
  Take take;

  void exact(const char* name, std::uint64_t value) { out.push_back({name, 0, 0, 0, 0, std::to_string(value)}); }
  template <class T> void number(const char* n, unsigned, const T& v, std::uint64_t, std::uint64_t) { exact(n, static_cast<std::uint64_t>(v)); }
  template <class T> void counter(const char* n, unsigned bits, const T& v, const char*) {
    exact(n, std::min<std::uint64_t>(v, (std::uint64_t{1} << bits) - 1));
  }
  template <class E> void choice(const char* n, const E& v, E) { exact(n, static_cast<std::uint64_t>(v)); }
  void flag(const char* n, const bool& v) { exact(n, v ? 1 : 0); }
  void signed_byte(const char* n, const std::int8_t& v, const char*) { exact(n, static_cast<std::uint8_t>(v)); }
  template <class I> void id(const char* n, unsigned, const I& v, std::uint64_t, bool) { exact(n, v.value()); }
  void film(const char* n, const FilmId& v, bool) { out.push_back({n, 0, 0, 0, 0, v.value()}); }
  void measure(const char* n, const double& v, const Scale& s, bool up = false) {
    const double clamped = std::clamp(v, s.value(0), s.value(s.most()));
    const double step = 1.0 / s.per_unit;
    out.push_back({n, clamped, up ? 1e-5 * step : 0.5000001 * step, up ? step : 0.5000001 * step, 0, {}});
  }
  void angle(const char* n, const double& v) {
    const double half = std::numbers::pi / kAngleSteps * 1.000001;
    out.push_back({n, v, half, half, 2.0 * std::numbers::pi, {}});
  }
  void point(const char* n, const HallPoint& p) { measure(n, p.x, kPositionScale); measure(n, p.y, kPositionScale); }
  template <class Time> void time(const char* n, const Time& v) { exact(n, static_cast<std::uint64_t>(v.time_since_epoch().count())); }
  void duration(const char* n, unsigned, const Duration& v, Duration step, bool up) {
    const double s = static_cast<double>(step.count());
    out.push_back({n, static_cast<double>(v.count()), up ? 0.0 : s / 2, up ? s : s / 2, 0, {}});
  }
  void text(const char* n, const std::string& v, std::size_t) { out.push_back({n, 0, 0, 0, 0, v}); }
  void hash(const char* n, const base::Hash& v) { out.push_back({n, 0, 0, 0, 0, base::to_hex(v)}); }
  template <class T, class Each> void list(const char* n, const std::vector<T>& v, std::size_t, Each each) {
    exact(n, v.size());
    for (const T& element : v) each(*this, element);
  }
  template <class T, class Each> void list_first(const char* n, const std::vector<T>& v, std::size_t most, std::size_t, Each each) {
    list(n, v, most, each);
  }
  template <class T, class Inner> void maybe(const char* n, const std::optional<T>& v, Inner inner) {
    exact(n, v ? 1 : 0);
    if (v) inner(*this, *v);
  }
};

inline void sample_fields(FlattenIo& io, const std::vector<PoseSample>& samples) {
  io.exact("samples", samples.size());
  for (const PoseSample& s : samples) {
    io.duration("sample time", 63, s.time - samples.front().time, kSampleStep, false);
    io.measure("sample x", s.pose.position.x, kPositionScale);
    io.measure("sample z", -s.pose.position.z, kPositionScale);
    io.measure("sample height", s.pose.position.y, kHeightScale);
    io.choice("sample quality", s.quality, TrackingQuality::lost);
  }
}
inline void planned_fields(FlattenIo& io, const Neighbour& m) {
  io.exact("planned", m.planned.size());
  for (std::size_t i = 0; i < m.planned.size(); ++i) {
    const double half = 0.5 / kPlannedScales[i].per_unit + 0.0011;  // and the rounding of the position it starts from
    io.out.push_back({"planned x", m.planned[i].x, half, half, 0, {}});
    io.out.push_back({"planned y", m.planned[i].y, half, half, 0, {}});
  }
}
inline void action_fields(FlattenIo& io, const StaffAction& action) {
  io.exact("action", action.index());
  std::visit([&](const auto& a) { fields(io, a); }, action);
}

inline std::vector<Flat> flatten(const Message& message) {
  FlattenIo io;
  std::visit([&](const auto& m) { fields(io, m); }, message);
  return io.out;
}

template <std::size_t I = 0>
Message empty_message(std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<Message>) {
    if (index != I) return empty_message<I + 1>(index);
  }
  return Message{std::in_place_index<I>};
}

inline Message random_message(std::size_t index, std::uint64_t seed, bool wild) {
  Message message = empty_message(index);
  GenerateIo io(seed, wild);
  std::visit([&](auto& m) { fields(io, m); }, message);
  return message;
}

}  // namespace promenade::protocol
