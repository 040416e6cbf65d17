#include "showcontrol/planning/opening.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::planning {

Ways::Ways(const package::Route& route) : route_(route) {
  const auto routes = package::complete_routes(route);
  expected_ = routes.front();
  // Each route takes, at its last choice that is not the first on offer, another way than one before it.
  for (std::size_t r = 1; r < routes.size(); ++r) {
    Way way{routes[r], 0, 0, std::nullopt};
    for (std::size_t i = 0; i + 1 < way.scenes.size(); ++i) {
      const auto next = package::followers(route, way.scenes[i]);
      const auto option = std::ranges::find(next, way.scenes[i + 1]) - next.begin();
      if (option > 0) way.fork = i, way.option = static_cast<std::uint8_t>(option);
    }
    std::vector<std::uint32_t> trunk(way.scenes.begin(), way.scenes.begin() + static_cast<std::ptrdiff_t>(way.fork) + 1);
    for (auto next = package::followers(route, trunk.back()); !next.empty(); next = package::followers(route, trunk.back())) trunk.push_back(next.front());
    const auto from = std::ranges::find(ways_, trunk, &Way::scenes);
    PROMENADE_ASSERT(trunk == expected_ || from != ways_.end());
    if (from != ways_.end()) way.from = static_cast<std::size_t>(from - ways_.begin());
    ways_.push_back(std::move(way));
  }
}

// The number of the block in which a way comes to its scene `index`.
std::size_t Ways::number_of(const PlayPlan& plan, const std::vector<std::optional<std::size_t>>& first_block, std::optional<std::size_t> way, std::size_t index) const {
  while (way && index <= ways_[*way].fork) way = ways_[*way].from;
  if (!way) return plan.first_scene_block() + index;
  return *first_block[*way] + (index - ways_[*way].fork - 1);
}

std::optional<PlayPlan> Ways::with(const PlayPlan& plan, const std::vector<bool>& kept, const std::vector<Laid>& laid, const Floor& floor) const {
  PlayPlan open = plan;
  std::vector<std::optional<std::size_t>> first_block(ways_.size());
  for (std::size_t w = 0; w < ways_.size(); ++w) {
    const Way& way = ways_[w];
    if (!kept[w] || (way.from && !first_block[*way.from])) continue;
    first_block[w] = open.block_count();
    const std::vector<std::uint32_t> scenes(way.scenes.begin() + static_cast<std::ptrdiff_t>(way.fork) + 1, way.scenes.end());
    add_branch(open, number_of(open, first_block, way.from, way.fork), way.option, route_, scenes, laid[w].way_out, floor.plan());
  }
  if (open.branches.empty()) return std::nullopt;
  return open;
}

std::size_t Ways::open(PlayPlan& plan, const Floor& floor, const Snapshot& snapshot, ConflictRule rule, double earliest_s, double latest_s, const WayOut& way_out) const {
  const std::vector<HallPoint> places = lay(route_, plan.placement, plan.scale);
  const std::vector<double> margins = floor.margins({});
  std::vector<Laid> laid(ways_.size());
  for (std::size_t w = 0; w < ways_.size(); ++w) {
    const Way& way = ways_[w];
    laid[w].fits = true;
    for (std::size_t i = way.fork; i + 1 < way.scenes.size(); ++i) laid[w].fits = laid[w].fits && floor.keeps(places[way.scenes[i]], places[way.scenes[i + 1]], margins);
    if (!laid[w].fits) continue;
    auto out = way_out(places[way.scenes.back()]);
    laid[w].fits = out.has_value();
    if (out) laid[w].way_out = std::move(*out);
  }
  const PlayPlan expected = plan;
  const auto go = [&](const std::vector<bool>& kept) {
    auto open = with(expected, kept, laid, floor);
    if (!open || !open_times(*open, forbidden_times(*open, snapshot, floor.plan(), rule), earliest_s, latest_s, open->hold_total_max_s)) return false;
    plan = std::move(*open);
    return true;
  };
  std::vector<bool> kept(ways_.size());
  for (std::size_t w = 0; w < ways_.size(); ++w) kept[w] = laid[w].fits;
  if (!go(kept)) {
    kept.assign(ways_.size(), false);
    for (std::size_t w = 0; w < ways_.size(); ++w) {
      if (!laid[w].fits || (ways_[w].from && !kept[*ways_[w].from])) continue;
      kept[w] = true;
      kept[w] = go(kept);
    }
  }
  return ways_.size() - plan.branches.size();
}

}  // namespace promenade::planning
