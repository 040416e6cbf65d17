#include "tests/bench/safety_trail.h"

#include <algorithm>

#include "tracking/base/formatted.h"

namespace promenade::bench::safety {
namespace {

constexpr double kRounding_s = 1e-6;

std::string_view to_string(rehearsal::Conduct conduct) {
  constexpr std::array<std::string_view, 4> kNames{"normal", "straying", "running", "down"};
  return kNames[static_cast<std::size_t>(conduct)];
}

}  // namespace

bool Trail::is_due(double now_s) const {
  return count_ == 0 || now_s - points_[(count_ - 1) % points_.size()].at_s >= kEvery_s - kRounding_s;
}

void Trail::add(const TrailPoint& point) { points_[count_++ % points_.size()] = point; }

std::string Trail::text() const {
  std::string text;
  for (std::size_t k = count_ - std::min(count_, points_.size()); k < count_; ++k) {
    const TrailPoint& p = points_[k % points_.size()];
    text += base::formatted("      {:.2f} s: at {:.2f} {:.2f}, measured {:.2f} off, wall {:.2f}, {} {:.2f}, {}, {} by {}\n", p.at_s, p.at.x, p.at.y,
                            tracking::distance(p.at, p.measured), p.wall_m, p.planned ? "off plan" : "no plan", p.off_plan_m,
                            p.led ? "led" : to_string(p.conduct), tracking::to_string(p.level), tracking::to_string(p.cause));
  }
  return text;
}

}  // namespace promenade::bench::safety
