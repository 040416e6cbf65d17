#pragma once
// Watches one headset from outside: every gate that it says to have passed must have been covered by an authority
// that had reached it, of the newest epoch heard and not yet expired. Judges by what was delivered and when, in the
// rehearsal's own time, and trusts neither client nor hall. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::rehearsal {

class AuthorityWatch {
 public:
  void delivered(const protocol::HallState& state, double now_s);
  // A progress that the headset reports, sampled at most `step_s` after it was reached.
  void reported(const protocol::Progress& progress, double now_s, double step_s);
  // A headset that takes a play up where another left it passes no gate by that.
  std::uint64_t gates() const { return gates_; }
  std::uint64_t without_authority() const { return without_; }

 private:
  struct Held {  // the best authority for one gate: until when, in the rehearsal's time
    base::PlayId play;
    std::vector<double> until_s;  // by gate
  };
  base::EpochId epoch_;
  Held held_;
  std::optional<protocol::Progress> last_;
  int resumed_block_ = -1;
  std::uint64_t gates_ = 0, without_ = 0;
};

}  // namespace promenade::rehearsal
