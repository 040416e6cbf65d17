// The choices of a walk: what may be chosen now, and how it goes on along another way.

#include <algorithm>

#include "showcontrol/client/walk.h"

namespace promenade::client {

using protocol::BlockStage;
using protocol::PlayRun;

// Whether what has been walked, and the scene that is being walked to, are the same on the new way.
bool Walk::goes_on_as_before(const std::vector<std::uint32_t>& before) const {
  if (stage_ == BlockStage::before || block_ < way_in_stops()) return true;
  const std::size_t here = block_ - way_in_stops();
  return here < before.size() && here < scenes_.size() && std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(here) + 1, scenes_.begin());
}

std::optional<std::uint32_t> Walk::film_scene() const {
  const auto here = scene();
  if (!known_ || !here || *here >= scenes_.size()) return std::nullopt;
  return scenes_[*here];
}

std::optional<Walk::Choice> Walk::choice() const {
  const auto here = film_scene();
  if (!ordered_ || !here || route_ == nullptr || stage_ != BlockStage::in_scene || order_.run == PlayRun::ended) return std::nullopt;
  const package::Scene& scene = route_->scenes[*here];
  if (!scene.next || scene.next->size() < 2) return std::nullopt;
  Choice choice;
  for (std::size_t i = 0; scenes_[i] != *here; ++i) {
    const auto& next = route_->scenes[scenes_[i]].next;
    if (next && next->size() > 1) ++choice.number;
  }
  choice.left = dwell() - scene_time_;
  if (choice.number >= ways_.size() || choice.left > base::from_seconds(scene.choose_s)) return std::nullopt;
  const protocol::WayOrder& order = ways_[choice.number];
  for (std::uint8_t way = 0; way < scene.next->size(); ++way) {
    if ((order.offered >> way & 1u) != 0) choice.ways.push_back(way);
  }
  if (choice.number < chosen_.size()) choice.chosen = chosen_[choice.number];
  if (!order.open()) return std::nullopt;
  choice.left = std::max(choice.left, base::Duration{0});
  return choice;
}

bool Walk::choose(std::uint8_t way) {
  const auto now = choice();
  if (!now || !std::ranges::contains(now->ways, way)) return false;
  chosen_.resize(std::min(chosen_.size(), now->number));
  while (chosen_.size() < now->number) chosen_.push_back(ways_[chosen_.size()].way);
  chosen_.push_back(way);
  return true;
}

}  // namespace promenade::client
