#include "showcontrol/planning/formation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "tracking/base/assert.h"

namespace promenade::planning {
namespace {

constexpr int kTurns = 36;              // tried of a formation against the route's legs
constexpr int kBisections = 60;
constexpr double kRingRounding_m = 1e-6;
constexpr double kStartAfter_m = 1.0;   // of the first way, walked while the next one waits to set out

double chord_to_next(const std::vector<GroupMember>& group, std::size_t i, double apart_m) {
  return group[(i + 1) % group.size()].hand && i + 1 < group.size() ? kHandApart_m : apart_m;
}

// Radius of the circle on which chords of these lengths close: each takes an angle of 2 asin(chord / 2r).
double radius_of(const std::vector<double>& chords) {
  const auto angles = [&](double radius) {
    double sum = 0.0;
    for (const double chord : chords) sum += 2.0 * std::asin(std::min(1.0, chord / (2.0 * radius)));
    return sum;
  };
  double low = *std::ranges::max_element(chords) / 2.0, high = std::accumulate(chords.begin(), chords.end(), 0.0);
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2.0;
    (angles(middle) > 2.0 * std::numbers::pi ? low : high) = middle;
  }
  return high;
}

HallVec turned(HallVec v, double by_rad) {
  const double c = std::cos(by_rad), s = std::sin(by_rad);
  return {v.x * c - v.y * s, v.x * s + v.y * c};
}

// How near two come who walk a leg at any pace: the least distance across its direction, over all legs and pairs that do
// not hold hands, each leg by its length.
double abreast(const std::vector<GroupMember>& group, const std::vector<HallVec>& offsets, const package::Route& route) {
  double sum = 0.0;
  for (std::size_t leg = 0; leg + 1 < route.scenes.size(); ++leg) {
    const package::FilmPoint a = route.scenes[leg].at, b = route.scenes[leg + 1].at;
    const double length = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    if (length < 1e-6) continue;
    const HallVec along{(b.x_m - a.x_m) / length, (b.y_m - a.y_m) / length};
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      for (std::size_t j = i + 1; j < offsets.size(); ++j) {
        if (j == i + 1 && group[j].hand) continue;
        least = std::min(least, std::abs(tracking::cross(along, offsets[j] - offsets[i])));
      }
    }
    if (std::isfinite(least)) sum += least * length;
  }
  return sum;
}

Path shifted_by(const Path& path, HallVec by) {
  Path lane;
  lane.reserve(path.size());
  for (const HallPoint p : path) lane.push_back(p + by);
  return lane;
}

// Everybody's companion comes along: units of one, or of two hand in hand.
std::vector<std::pair<std::size_t, std::size_t>> units_of(const std::vector<GroupMember>& group) {
  std::vector<std::pair<std::size_t, std::size_t>> units;  // first member, count
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].hand && !units.empty()) ++units.back().second;
    else units.emplace_back(i, 1);
  }
  return units;
}

}  // namespace

std::vector<HallVec> formation(const std::vector<GroupMember>& group, double apart_m, const package::Route& route) {
  if (group.size() < 2) return {};
  PROMENADE_ASSERT(!group.front().hand);
  const double radius = ring_radius_m(group, apart_m);
  std::vector<HallVec> offsets;
  double angle = 0.0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    offsets.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    angle += 2.0 * std::asin(std::min(1.0, chord_to_next(group, i, apart_m) / (2.0 * radius)));
  }
  double best = -1.0, best_turn = 0.0;
  for (int i = 0; i < kTurns; ++i) {
    const double turn = std::numbers::pi * i / kTurns;
    std::vector<HallVec> tried;
    for (const HallVec offset : offsets) tried.push_back(turned(offset, turn));
    const double value = abreast(group, tried, route);
    if (value <= best + 1e-9) continue;
    best = value;
    best_turn = turn;
  }
  for (HallVec& offset : offsets) offset = turned(offset, best_turn);
  return offsets;
}

double spread_m(const std::vector<HallVec>& offsets) {
  double most = 0.0;
  for (const HallVec offset : offsets) most = std::max(most, tracking::length(offset));
  return most;
}

double ring_radius_m(const std::vector<GroupMember>& group, double apart_m) {
  if (group.size() < 2) return 0.0;
  if (group.size() == 2) return chord_to_next(group, 0, apart_m) / 2.0;
  std::vector<double> chords;
  for (std::size_t i = 0; i < group.size(); ++i) chords.push_back(chord_to_next(group, i, apart_m));
  return radius_of(chords);
}

double scene_room_m(const package::Route& route, std::size_t* scene) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    const double room = package::group_radius_m(route.scenes[i]);
    if (room >= least) continue;
    least = room;
    if (scene != nullptr) *scene = i;
  }
  return least;
}

bool may_share(const package::Route& route, const std::vector<GroupMember>& group, double apart_m) {
  if (group.size() > static_cast<std::size_t>(std::clamp(route.group_max, 1, kGroupMost))) return false;
  return ring_radius_m(group, apart_m) <= scene_room_m(route) + kRingRounding_m;
}

int group_room(const package::Route& route, double apart_m) {
  int most = 1;
  while (most < kGroupMost && may_share(route, std::vector<GroupMember>(static_cast<std::size_t>(most) + 1), apart_m)) ++most;
  return most;
}

std::vector<HallVec> laid_offsets(const std::vector<HallVec>& offsets, const tracking::Placement& placement) {
  const HallPoint origin = placement * tracking::Point<tracking::Film>{0.0, 0.0};
  std::vector<HallVec> laid;
  for (const HallVec offset : offsets) laid.push_back(placement * tracking::Point<tracking::Film>{offset.x, offset.y} - origin);
  return laid;
}

std::vector<HallVec> assigned(const std::vector<GroupMember>& group, const std::vector<HallVec>& offsets, HallPoint launch) {
  const auto stand = [&](std::size_t i) { return group[i].by.value_or(group[i].from.value_or(launch)); };
  const auto cost_of = [&](std::size_t member, std::size_t place) {
    const HallVec way = launch + offsets[place] - stand(member);
    return tracking::dot(way, way);
  };
  const auto units = units_of(group);
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<HallVec> best = offsets;
  double least = std::numeric_limits<double>::infinity();
  do {  // at most 6! of them; a unit takes only places of as many
    double sum = 0.0;
    std::vector<HallVec> taken(group.size());
    for (std::size_t u = 0; u < units.size() && sum < least; ++u) {
      const auto [member, count] = units[u];
      const auto [place, room] = units[order[u]];
      if (count != room) {
        sum = least;
        break;
      }
      if (count == 1) {
        sum += cost_of(member, place);
        taken[member] = offsets[place];
        continue;
      }
      const double as_is = cost_of(member, place) + cost_of(member + 1, place + 1);
      const double swapped = cost_of(member, place + 1) + cost_of(member + 1, place);
      sum += std::min(as_is, swapped);
      taken[member] = offsets[as_is <= swapped ? place : place + 1];
      taken[member + 1] = offsets[as_is <= swapped ? place + 1 : place];
    }
    if (sum < least) {
      least = sum;
      best = std::move(taken);
    }
  } while (std::ranges::next_permutation(order).found);
  return best;
}

void give_lanes(PlayPlan& plan, const std::vector<GroupMember>& group, std::vector<HallVec> offsets, std::optional<HallPoint> exit) {
  PROMENADE_ASSERT(group.size() == offsets.size() && !plan.blocks.empty());
  plan.members = static_cast<int>(group.size());
  for (std::size_t k = 0; k < plan.blocks.size(); ++k) {
    Block& block = plan.blocks[k];
    for (std::size_t i = 0; i < group.size(); ++i) {
      Path lane = shifted_by(block.path, offsets[i]);
      if (k == 0 && block.path.size() > 1) {
        if (group[i].by) lane.insert(lane.begin(), *group[i].by);
        if (group[i].from) lane.insert(lane.begin(), *group[i].from);
      }
      block.lanes.push_back(std::move(lane));
    }
    fit_to_lanes(block);
  }
  if (plan.blocks.front().path.size() > 1) plan.blocks.front().length_m += kStartAfter_m * static_cast<double>(units_of(group).size() - 1);
  if (exit) {
    plan.blocks.back().hold_max_s = kWaypointHold_s;
    Block last = make_block({plan.blocks.back().place(), *exit}, 0.0, 0.0, kNoScene);
    double walked = 0.0;  // one after the other
    for (const HallVec offset : offsets) {
      last.lanes.push_back({plan.blocks[plan.blocks.size() - 1].place() + offset, *exit});
      walked += path_length_m(last.lanes.back());
    }
    fit_to_lanes(last);
    last.length_m = walked;
    plan.blocks.push_back(std::move(last));
  }
  plan.offsets = std::move(offsets);
}

}  // namespace promenade::planning
