#include "showcontrol/hall/visit.h"

#include <array>
#include <initializer_list>

namespace promenade::hall {

namespace {

constexpr std::size_t kPhases = static_cast<std::size_t>(Phase::out_of_order) + 1;
using Row = std::uint32_t;  // bit per following phase

constexpr Row bits(std::initializer_list<Phase> phases) {
  Row row = 0;
  for (const Phase phase : phases) row |= Row{1} << static_cast<unsigned>(phase);
  return row;
}

// Handing the headset back, being led out and changing headsets are possible from everywhere on.
constexpr Row kLeave = bits({Phase::guided_out, Phase::returned, Phase::swapped});

constexpr std::array<Row, kPhases> kFollows = {
    /* idle */ bits({Phase::arrived, Phase::out_of_order}),
    /* arrived */ bits({Phase::redeemed, Phase::idle, Phase::swapped}) | kLeave,
    /* redeemed */ bits({Phase::fitted}) | kLeave,
    /* fitted */ bits({Phase::calibrated, Phase::redeemed}) | kLeave,
    /* calibrated */ bits({Phase::choosing, Phase::fitted, Phase::redeemed}) | kLeave,
    /* choosing */ bits({Phase::waiting, Phase::fitted, Phase::redeemed}) | kLeave,
    /* waiting */ bits({Phase::guided, Phase::choosing}) | kLeave,
    /* guided */ bits({Phase::waiting, Phase::playing, Phase::held, Phase::finished}) | kLeave,
    /* playing */ bits({Phase::held, Phase::finished}) | kLeave,
    /* held */ bits({Phase::playing, Phase::finished}) | kLeave,
    /* finished */ kLeave,
    /* guided_out */ kLeave,
    /* returned */ bits({Phase::cleaning, Phase::idle, Phase::out_of_order}),
    /* cleaning */ bits({Phase::idle, Phase::out_of_order}),
    /* swapped */ bits({Phase::cleaning, Phase::idle, Phase::out_of_order}),
    /* out_of_order */ bits({Phase::idle, Phase::cleaning}),
};

}  // namespace

bool may_follow(Phase from, Phase to) {
  if (from == to) return true;
  return (kFollows[static_cast<std::size_t>(from)] >> static_cast<unsigned>(to) & 1U) != 0;
}

bool before_start(Phase phase) { return phase >= Phase::arrived && phase <= Phase::waiting; }
bool under_way(Phase phase) { return phase >= Phase::guided && phase <= Phase::guided_out; }
bool film_runs(Phase phase) { return phase == Phase::playing || phase == Phase::held; }

bool is_ahead(const Walked& a, const Walked& b) {
  if (a.block != b.block) return a.block > b.block;
  if (a.stage != b.stage) return a.stage > b.stage;
  if (a.scene_time != b.scene_time) return a.scene_time > b.scene_time;
  return a.ready && !b.ready;
}

}  // namespace promenade::hall
