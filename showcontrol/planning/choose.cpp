// A viewer who may still choose has chosen: his plan shrinks, and so does what others wait for.

#include <algorithm>

#include "showcontrol/planning/interlock.h"
#include "tracking/base/assert.h"

namespace promenade::planning {

std::vector<base::PlayId> Interlocking::choose(base::PlayId play, std::uint8_t option) {
  const auto found = entries_.find(play);
  PROMENADE_ASSERT(found != entries_.end());
  Entry& own = found->second;
  const auto after = next_choice(own.plan);
  PROMENADE_ASSERT(after.has_value() && own.at.granted.value_or(0) <= *after);
  const std::vector<std::optional<std::size_t>> now = own.plan.choose(*after, option);
  std::vector<std::vector<Wait>> waits(own.plan.block_count());
  for (std::size_t k = 0; k < now.size(); ++k) {
    if (now[k]) waits[*now[k]] = std::move(own.waits[k]);
  }
  own.waits = std::move(waits);
  std::vector<base::PlayId> changed{play};
  for (auto& [id, entry] : entries_) {
    bool touched = false;
    for (std::vector<Wait>& list : entry.waits) {
      touched = std::ranges::contains(list, play, &Wait::play) || touched;
      std::erase_if(list, [&](const Wait& wait) { return wait.play == play && !now[wait.block]; });
      for (Wait& wait : list) {
        if (wait.play == play) wait.block = *now[wait.block];
      }
    }
    if (touched) changed.push_back(id);
  }
  return changed;
}

}  // namespace promenade::planning
