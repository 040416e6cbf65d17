#include "showcontrol/rehearsal/door_counter.h"

#include <utility>

namespace promenade::rehearsal {

DoorCounter::DoorCounter(base::Random random, base::UtcTime from, double miss, double twice)
    : random_(random.fork("door counter")), from_(from), miss_(miss), twice_(twice) {}

std::uint32_t DoorCounter::seen() {
  const double draw = random_.uniform();
  return draw < miss_ ? 0 : draw < miss_ + twice_ ? 2 : 1;
}

void DoorCounter::passes_in() {
  ++truly_entered_;
  entered_ += seen();
}

void DoorCounter::passes_out() { left_ += seen(); }

DoorCount DoorCounter::take(base::UtcTime now) {
  return {std::exchange(from_, now), now, std::exchange(entered_, 0), std::exchange(left_, 0)};
}

}  // namespace promenade::rehearsal
