#include "showcontrol/planning/fit_trouble.h"

#include <algorithm>
#include <numbers>

namespace promenade::planning {
namespace {

constexpr std::size_t kSound = static_cast<std::size_t>(-1);    // no part breaks a margin
constexpr std::size_t kSeveral = static_cast<std::size_t>(-2);  // more than one does

// Parts are counted 2 i for scene i, 2 i + 1 for the leg after it.
std::size_t only_broken(const Floor& floor, const std::vector<HallPoint>& places, const std::vector<double>& margins) {
  std::size_t broken = kSound;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (floor.keeps(places[i], places[i], margins)) continue;
    if (broken != kSound) return kSeveral;
    broken = 2 * i;
  }
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    if (broken == 2 * i || broken == 2 * i + 2) continue;
    if (floor.keeps(places[i], places[i + 1], margins)) continue;
    if (broken != kSound) return kSeveral;
    broken = 2 * i + 1;
  }
  return broken;
}

}  // namespace

std::vector<PartTrouble> find_trouble(const Floor& floor, const package::Route& route, double scale, int draws, base::Random random) {
  const std::size_t scenes = route.scenes.size();
  const std::vector<double> margins = floor.margins({});
  std::vector<double> spoilt(2 * scenes - 1, 0.0);
  double good = 0.0;
  for (int draw = 0; draw < draws; ++draw) {
    tracking::Placement placement;
    placement.yaw = random.uniform(-std::numbers::pi, std::numbers::pi);
    placement.mirrored = route.mirrorable && random.chance(0.5);
    std::vector<HallPoint> places = lay(route, placement, scale);
    // One scene, drawn evenly, goes anywhere in the hall's box. A shift that has k scenes in the box is found k times as
    // often as one that has one, and counts so much less.
    const HallPoint at{random.uniform(floor.low().x, floor.high().x), random.uniform(floor.low().y, floor.high().y)};
    const HallVec shift = at - places[random.below(scenes)];
    int inside = 0;
    for (HallPoint& place : places) {
      place = place + shift;
      if (place.x >= floor.low().x && place.x < floor.high().x && place.y >= floor.low().y && place.y < floor.high().y) ++inside;
    }
    const std::size_t broken = only_broken(floor, places, margins);
    if (broken == kSound) good += 1.0 / std::max(1, inside);
    else if (broken != kSeveral) spoilt[broken] += 1.0 / std::max(1, inside);
  }
  std::vector<PartTrouble> trouble;
  for (std::size_t part = 0; part < spoilt.size(); ++part) {
    trouble.push_back({part / 2, part % 2 == 1, spoilt[part] > 0.0 ? spoilt[part] / (spoilt[part] + good) : 0.0});
  }
  return trouble;
}

std::vector<PartTrouble> broken_parts(const Floor& floor, const package::Route& route, const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(route, laid.placement, laid.scale);
  const std::vector<double> margins = floor.margins({});
  const auto keeps = [&](std::size_t a, std::size_t b) { return floor.keeps(places[a], places[b], margins); };
  std::vector<PartTrouble> broken;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!keeps(i, i)) broken.push_back({i, false, 1.0});
    else if (i + 1 < places.size() && keeps(i + 1, i + 1) && !keeps(i, i + 1)) broken.push_back({i, true, 1.0});
  }
  return broken;
}

}  // namespace promenade::planning
