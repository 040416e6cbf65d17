#include "tests/bench/wifi_model.h"

#include <cmath>

namespace promenade::bench {

namespace {
constexpr double kFixed_s = 0.0008, kFixedMore_s = 0.0002;
constexpr double kQuiet_s = 0.0003, kBusy_s = 0.004;
constexpr double kBusyLoss = 0.05, kCrowdedLeast_s = 0.010, kCrowdedMost_s = 0.080;
constexpr double kBeaconEvery_s = 0.1024;
}  // namespace

WifiModel::WifiModel(Wifi kind, base::Random random)
    : kind_(kind), random_(random.fork("wifi")), up_s_(kFixed_s + random_.uniform(0.0, kFixedMore_s)), down_s_(kFixed_s + random_.uniform(0.0, kFixedMore_s)),
      beacon_s_(random_.uniform(0.0, kBeaconEvery_s)) {}

bool WifiModel::in(Spells& spells, double now_s) {
  while (spells.until_s <= now_s) {
    spells.on = !spells.on;
    spells.until_s += random_.exponential(spells.on ? spells.on_s : spells.off_s);
  }
  return spells.on;
}

std::optional<double> WifiModel::way(double fixed_s, double now_s) {
  if (kind_ != Wifi::busy) return fixed_s + random_.exponential(kQuiet_s);
  const double delay_s = fixed_s + random_.exponential(kBusy_s) + (in(crowded_, now_s) ? random_.uniform(kCrowdedLeast_s, kCrowdedMost_s) : 0.0);
  return random_.chance(kBusyLoss) ? std::nullopt : std::optional(delay_s);
}

std::optional<double> WifiModel::up(double now_s) { return way(up_s_, now_s); }

std::optional<double> WifiModel::down(double now_s) {
  const auto delay_s = way(down_s_, now_s);
  if (kind_ != Wifi::power_save || in(awake_, now_s)) return delay_s;
  const double at_point_s = now_s + *delay_s;
  return beacon_s_ + std::ceil((at_point_s - beacon_s_) / kBeaconEvery_s) * kBeaconEvery_s - now_s;
}

}  // namespace promenade::bench
