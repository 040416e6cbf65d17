#pragma once
// Field by field: one description of a message serves for writing, reading and the printed table.
// `fields(io, message)` (fields.h) calls the members below in wire order; WriteIo, ReadIo and TableIo share them.
// The first fault is kept as the name of its field and makes the rest meaningless. Pure; no allocation but for
// lists and texts that are read.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "showcontrol/protocol/bits.h"
#include "showcontrol/protocol/messages.h"

namespace promenade::protocol {

// A number on the wire: value = (raw - offset) / per_unit, 0 <= raw <= most.
struct Scale {
  unsigned bits;
  double per_unit;
  std::int64_t offset;
  const char* unit;
  std::uint64_t most() const { return (std::uint64_t{1} << bits) - 1; }
  double value(std::uint64_t raw) const {
    return static_cast<double>(static_cast<std::int64_t>(raw) - offset) / per_unit;
  }
  // Clamped to the range; nearest, or up. Not for NaN.
  std::uint64_t raw(double value, bool up = false) const {
    const double scaled = value * per_unit + static_cast<double>(offset);
    if (scaled <= 0.0) return 0;
    if (scaled >= static_cast<double>(most())) return most();
    return static_cast<std::uint64_t>(up ? std::ceil(scaled - 1e-6) : scaled + 0.5);
  }
};

inline constexpr Scale kPositionScale{16, 1000.0, 32768, "m"};
inline constexpr Scale kHeightScale{13, 1000.0, 0, "m"};
inline constexpr Scale kErrorScale{7, 100.0, 0, "m"};
inline constexpr Scale kRadiusScale{8, 50.0, 0, "m"};
inline constexpr Scale kSpeedScale{8, 20.0, 128, "m/s"};
inline constexpr Scale kBodyHeightScale{8, 100.0, 0, "m"};
inline constexpr Scale kShiftScale{14, 100.0, 8192, "m"};
inline constexpr Scale kRiseScale{10, 100.0, 512, "m"};
inline constexpr Scale kFilmScale{12, 1000.0, 0, "1"};
inline constexpr std::array<Scale, kPlannedPoints> kPlannedScales{
    {{8, 20.0, 128, "m"}, {8, 10.0, 128, "m"}, {8, 5.0, 128, "m"}}};

inline constexpr unsigned kTimeBits = 52;          // microseconds: 142 years
inline constexpr unsigned kEpochBits = 48;
inline constexpr std::uint64_t kNoFilm = (std::uint64_t{1} << 40) - 1;
inline constexpr double kAngleSteps = 3600.0;      // 0.1 degree
inline constexpr Duration kSampleStep{100};        // of pose sample times
inline constexpr Duration kSceneTimeStep{10'000};
inline constexpr Duration kAgeStep{50'000};

constexpr unsigned bits_for(std::uint64_t most) { return static_cast<unsigned>(std::bit_width(most)); }

std::optional<std::uint64_t> film_number(const FilmId& film);  // none: kNoFilm; nullopt: not twelve digits
FilmId film_from_number(std::uint64_t number);                 // number <= 999999999999, or kNoFilm

using HashWords = std::array<std::uint64_t, sizeof(base::Hash) / sizeof(std::uint64_t)>;

// How much of a HallState's lists is written (Trimmed in codec.h); readers and the table take all.
struct Take {
  std::size_t menu = kMenuMax;
  std::size_t neighbours = kNeighboursMax;
  std::size_t planned = kNeighboursMax;
};

class WriteIo {
 public:
  static constexpr bool kWrites = true;
  WriteIo(std::uint8_t* storage, std::size_t capacity) : bits_(storage, capacity) {}
  BitWriter& bits() { return bits_; }
  const char* fault() const { return fault_; }
  void fail(const char* name) { if (fault_ == nullptr) fault_ = name; }

  void raw(const char* name, unsigned bits, std::uint64_t value, std::uint64_t most) {
    if (value > most) {
      fail(name);
      value = 0;
    }
    bits_.put(value, bits);
  }
  template <class T>
  void number(const char* name, unsigned bits, const T& value, std::uint64_t low, std::uint64_t high) {
    const std::uint64_t wide = static_cast<std::uint64_t>(value);
    if (wide < low) fail(name);
    raw(name, bits, wide, high);
  }
  template <class T>
  void counter(const char*, unsigned bits, const T& value, const char*) {  // a measurement: clamped
    bits_.put(std::min<std::uint64_t>(value, (std::uint64_t{1} << bits) - 1), bits);
  }
  template <class E>
  void choice(const char* name, const E& value, E last) {
    raw(name, bits_for(static_cast<std::uint64_t>(last)), static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(last));
  }
  void flag(const char*, const bool& value) { bits_.put(value ? 1 : 0, 1); }
  void signed_byte(const char*, const std::int8_t& value, const char*) { bits_.put(static_cast<std::uint8_t>(value), 8); }
  template <class I>
  void id(const char* name, unsigned bits, const I& value, std::uint64_t high, bool may_be_none) {
    number(name, bits, value.value(), may_be_none ? 0 : 1, high);
  }
  void film(const char* name, const FilmId& value, bool may_be_none) {
    const auto digits = film_number(value);
    if (!digits || (*digits == kNoFilm && !may_be_none)) return fail(name);
    bits_.put(*digits, 40);
  }
  [[gnu::always_inline]] void measure(const char* name, const double& value, const Scale& scale, bool up = false) {
    if (std::isnan(value)) return fail(name);
    bits_.put(scale.raw(value, up), scale.bits);
  }
  void angle(const char* name, const double& radians) {
    if (!std::isfinite(radians)) return fail(name);
    const double turns = radians / (2.0 * std::numbers::pi);
    bits_.put(static_cast<std::uint64_t>((turns - std::floor(turns)) * kAngleSteps + 0.5) % 3600, 12);
  }
  void point(const char* name, const HallPoint& value) {
    measure(name, value.x, kPositionScale);
    measure(name, value.y, kPositionScale);
  }
  template <class Time>
  void time(const char*, const Time& value) {
    const std::int64_t us = value.time_since_epoch().count();
    bits_.put(static_cast<std::uint64_t>(std::clamp<std::int64_t>(us, 0, (std::int64_t{1} << kTimeBits) - 1)), kTimeBits);
  }
  void duration(const char*, unsigned bits, const Duration& value, Duration step, bool up) {
    const std::int64_t most = (std::int64_t{1} << bits) - 1;
    const std::int64_t us = std::clamp<std::int64_t>(value.count(), 0, most * step.count());
    bits_.put(static_cast<std::uint64_t>((us + (up ? step.count() - 1 : step.count() / 2)) / step.count()), bits);
  }
  void text(const char* name, const std::string& value, std::size_t most) {
    if (value.size() > most) return fail(name);
    bits_.put(value.size(), bits_for(most));
    for (const char c : value) bits_.put(static_cast<std::uint8_t>(c), 8);
  }
  void hash(const char*, const base::Hash& value) {
    for (const std::uint64_t word : std::bit_cast<HashWords>(value)) bits_.put(little_endian(word), 64);
  }
  template <class T, class Each>
  void list(const char* name, const std::vector<T>& values, std::size_t most, Each each) {
    if (values.size() > most) return fail(name);
    bits_.put(values.size(), bits_for(most));
    for (const T& value : values) each(*this, value);
  }
  template <class T, class Each>
  void list_first(const char*, const std::vector<T>& values, std::size_t most, std::size_t taken, Each each) {
    const std::size_t count = std::min({values.size(), most, taken});
    bits_.put(count, bits_for(most));
    for (std::size_t i = 0; i < count; ++i) each(*this, values[i]);
  }
  template <class T, class Inner>
  void maybe(const char*, const std::optional<T>& value, Inner inner) {
    bits_.put(value ? 1 : 0, 1);
    if (value) inner(*this, *value);
  }

  Take take;

 private:
  BitWriter bits_;
  const char* fault_ = nullptr;
};

class ReadIo {
 public:
  static constexpr bool kWrites = false;
  explicit ReadIo(base::ByteView body) : bits_(body) {}
  BitReader& bits() { return bits_; }
  const char* fault() const { return fault_; }
  void fail(const char* name) { if (fault_ == nullptr) fault_ = name; }

  [[gnu::always_inline]] std::uint64_t raw(const char* name, unsigned bits, std::uint64_t low, std::uint64_t high) {
    const std::uint64_t value = bits_.get(bits);
    if (!bits_.ok() || value < low || value > high) {
      fail(name);
      return low;
    }
    return value;
  }
  template <class T>
  void number(const char* name, unsigned bits, T& value, std::uint64_t low, std::uint64_t high) {
    value = static_cast<T>(raw(name, bits, low, high));
  }
  template <class T>
  void counter(const char* name, unsigned bits, T& value, const char*) {
    value = static_cast<T>(raw(name, bits, 0, ~std::uint64_t{0}));
  }
  template <class E>
  void choice(const char* name, E& value, E last) {
    value = static_cast<E>(raw(name, bits_for(static_cast<std::uint64_t>(last)), 0, static_cast<std::uint64_t>(last)));
  }
  void flag(const char* name, bool& value) { value = raw(name, 1, 0, 1) != 0; }
  void signed_byte(const char* name, std::int8_t& value, const char*) {
    value = static_cast<std::int8_t>(raw(name, 8, 0, 255));
  }
  template <class I>
  void id(const char* name, unsigned bits, I& value, std::uint64_t high, bool may_be_none) {
    value = I{static_cast<typename I::rep>(raw(name, bits, may_be_none ? 0 : 1, high))};
  }
  void film(const char* name, FilmId& value, bool may_be_none) {
    const std::uint64_t digits = raw(name, 40, 0, kNoFilm);
    if (digits > 999'999'999'999 && (digits != kNoFilm || !may_be_none)) return fail(name);
    value = film_from_number(digits);
  }
  [[gnu::always_inline]] void measure(const char* name, double& value, const Scale& scale, bool = false) {
    value = scale.value(raw(name, scale.bits, 0, scale.most()));
  }
  void angle(const char* name, double& radians) {
    const auto steps = static_cast<double>(raw(name, 12, 0, 3599));
    radians = (steps > kAngleSteps / 2 ? steps - kAngleSteps : steps) * 2.0 * std::numbers::pi / kAngleSteps;
  }
  void point(const char* name, HallPoint& value) {
    measure(name, value.x, kPositionScale);
    measure(name, value.y, kPositionScale);
  }
  template <class Time>
  void time(const char* name, Time& value) {
    value = Time{Duration{static_cast<std::int64_t>(raw(name, kTimeBits, 0, ~std::uint64_t{0}))}};
  }
  void duration(const char* name, unsigned bits, Duration& value, Duration step, bool) {
    value = step * static_cast<std::int64_t>(raw(name, bits, 0, ~std::uint64_t{0}));
  }
  void text(const char* name, std::string& value, std::size_t most) {
    const std::size_t size = raw(name, bits_for(most), 0, most);
    if (bits_.remaining_bits() < size * 8) return fail(name);
    value.resize(size);
    for (char& c : value) c = static_cast<char>(bits_.get(8));
  }
  void hash(const char* name, base::Hash& value) {
    HashWords words;
    for (std::uint64_t& word : words) word = little_endian(raw(name, 64, 0, ~std::uint64_t{0}));
    value = std::bit_cast<base::Hash>(words);
  }
  template <class T, class Each>
  void list(const char* name, std::vector<T>& values, std::size_t most, Each each) {
    const std::size_t size = raw(name, bits_for(most), 0, most);
    values.reserve(size);
    for (std::size_t i = 0; i < size && fault_ == nullptr; ++i) each(*this, values.emplace_back());
  }
  template <class T, class Each>
  void list_first(const char* name, std::vector<T>& values, std::size_t most, std::size_t, Each each) {
    list(name, values, most, each);
  }
  template <class T, class Inner>
  void maybe(const char* name, std::optional<T>& value, Inner inner) {
    if (raw(name, 1, 0, 1) != 0) inner(*this, value.emplace());
  }

  Take take;

 private:
  BitReader bits_;
  const char* fault_ = nullptr;
};

class TableIo {  // prints rows; reads and writes nothing
 public:
  static constexpr bool kWrites = false;
  const std::string& table() const { return table_; }
  void fail(const char*) {}
  void row(const std::string& name, const std::string& bits, const std::string& unit, const std::string& range);
  void note(const std::string& name, const std::string& text) { row(name, "", "", text); }

  template <class T>
  void number(const char* name, unsigned bits, T&, std::uint64_t low, std::uint64_t high) {
    row(name, std::to_string(bits), "", std::to_string(low) + ".." + std::to_string(high));
  }
  template <class T>
  void counter(const char* name, unsigned bits, T&, const char* unit) {
    row(name, std::to_string(bits), unit, "0.." + std::to_string((std::uint64_t{1} << bits) - 1) + ", clamped");
  }
  template <class E>
  void choice(const char* name, E&, E last) {
    const auto most = static_cast<std::uint64_t>(last);
    std::string values;
    for (std::uint64_t value = 0; value <= most; ++value) {
      values += (value == 0 ? "" : ", ") + std::to_string(value) + " " + std::string(to_string(static_cast<E>(value)));
    }
    row(name, std::to_string(bits_for(most)), "", values);
  }
  void flag(const char* name, bool&) { row(name, "1", "", "0..1"); }
  void signed_byte(const char* name, std::int8_t&, const char* unit) { row(name, "8", unit, "-128..127"); }
  template <class I>
  void id(const char* name, unsigned bits, I&, std::uint64_t high, bool may_be_none) {
    row(name, std::to_string(bits), "", "id, " + std::string(may_be_none ? "0" : "1") + ".." + std::to_string(high) +
                                            (may_be_none ? " (0: none)" : ""));
  }
  void film(const char* name, FilmId&, bool may_be_none) {
    row(name, "40", "", may_be_none ? "twelve decimal digits; all ones: none" : "twelve decimal digits");
  }
  void measure(const char* name, double&, const Scale& scale, bool up = false);
  void angle(const char* name, double&) { row(name, "12", "0.1 degree", "0..3599"); }
  void point(const char* name, HallPoint&);
  template <class Time>
  void time(const char* name, Time&) {
    row(name, std::to_string(kTimeBits), "us", std::is_same_v<Time, HallTime> ? "hall time" : "headset time");
  }
  void duration(const char* name, unsigned bits, Duration&, Duration step, bool up);
  void text(const char* name, std::string&, std::size_t most) {
    row(name, std::to_string(bits_for(most)) + " + 8 each", "bytes", "UTF-8, at most " + std::to_string(most));
  }
  void hash(const char* name, base::Hash&) { row(name, "256", "", "BLAKE2b-256"); }
  template <class T, class Each>
  void list(const char* name, std::vector<T>&, std::size_t most, Each each) {
    row(std::string(name) + " (count)", std::to_string(bits_for(most)), "", "0.." + std::to_string(most) + ", then each:");
    T element{};
    nested(name, "[]", [&] { each(*this, element); });
  }
  template <class T, class Each>
  void list_first(const char* name, std::vector<T>& values, std::size_t most, std::size_t, Each each) {
    list(name, values, most, each);
  }
  template <class T, class Inner>
  void maybe(const char* name, std::optional<T>&, Inner inner) {
    row(std::string(name) + " (present)", "1", "", "0..1; when 1:");
    T value{};
    nested(name, "", [&] { inner(*this, value); });
  }
  template <class Body>
  void nested(const std::string& name, const char* suffix, Body body) {
    const std::string outer = prefix_;
    prefix_ += name + suffix + ".";
    body();
    prefix_ = outer;
  }

  Take take;

 private:
  std::string prefix_;
  std::string table_;
};

}  // namespace promenade::protocol
