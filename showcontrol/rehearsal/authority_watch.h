#pragma once
// Watches one headset from outside: every gate that it says to have passed must have been covered by an authority
// that had reached it, of the newest epoch heard and not yet expired. Judges by what was delivered and when, in the
// rehearsal's own time, and trusts neither client nor hall. Pure.

#include <cstdint>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::rehearsal {

class AuthorityWatch {
 public:
  void delivered(const protocol::HallState& state, double now_s);
  // A progress that the headset reports, at most `step_s` after it was reached. A headset that takes a play up where
  // another left it passes no gate by that.
  void reported(const protocol::Progress& progress, double now_s, double step_s);
  std::uint64_t gates() const { return gates_; }
  std::uint64_t without_authority() const { return without_; }

 private:
  base::EpochId epoch_;
  std::uint32_t sequence_ = 0;
  base::PlayId play_;
  int passed_ = -1;                 // last gate known to be passed
  std::vector<double> until_s_;     // by gate: end of the authority for it
  std::uint64_t gates_ = 0, without_ = 0;
};

}  // namespace promenade::rehearsal
