#pragma once
// How old something was each time that it was looked at, for millions of looks. Pure.

#include <array>
#include <cstdint>

namespace promenade::bench {

// Ages in half milliseconds up to 5 s; what is older counts as that.
class Ages {
 public:
  void add(double age_s);
  void add(const Ages& other);
  double quantile_ms(double fraction) const;  // upper end of the bin; 0 of nothing
  std::uint64_t count() const { return count_; }

 private:
  static constexpr double kBin_s = 0.0005;
  std::array<std::uint32_t, 10'001> bins_{};
  std::uint64_t count_ = 0;
};

}  // namespace promenade::bench
