#include "runtime/headset/outcome.h"

#include <algorithm>
#include <array>

namespace promenade::headset {
namespace {

ExitCode code_of(protocol::Trouble what) {
  using protocol::Trouble;
  switch (what) {
    case Trouble::no_picture: return kNoVulkan;
    case Trouble::no_runtime: return kNoRuntime;
    case Trouble::no_headset: return kNoHeadset;
    case Trouble::no_sound: return kNoSound;
    case Trouble::film_newer: return kFilmNewer;
    case Trouble::film_damaged:
    case Trouble::film_incomplete:
    case Trouble::film_missing: return kFilmBroken;
  }
  return kFailed;
}

constexpr std::array kWeight{kFailed, kNoVulkan, kNoRuntime, kNoHeadset, kNoHall, kFilmNewer, kFilmBroken, kNoSound};

}  // namespace

ExitCode exit_code(const Outcome& outcome) {
  for (const ExitCode code : kWeight) {
    if (code == kFailed && outcome.failed) return code;
    if (code == kNoHall && !outcome.hall_heard) return code;
    if (std::ranges::contains(outcome.troubles, code, [](const protocol::HeadsetTrouble& one) { return code_of(one.what); })) return code;
  }
  return kDone;
}

}  // namespace promenade::headset
