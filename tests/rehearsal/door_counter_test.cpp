// Row "door counter": misses 0.5 %, counts twice 0.3 %.

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/door_counter.h"

using namespace promenade;
using namespace promenade::rehearsal;

TEST_CASE("A door counter misses and doubles as its row says (100,000 passages)") {
  const base::UtcTime begin{};
  DoorCounter counter(base::Random(1), begin);
  DoorCounter misses_only(base::Random(1), begin, 0.005, 0.0);
  for (int i = 0; i < 100000; ++i) {
    counter.passes_in();
    misses_only.passes_in();
  }
  counter.passes_out();
  const DoorCount count = counter.take(begin + std::chrono::minutes(5));
  CHECK(counter.truly_entered() == 100000);
  CHECK(100000 - static_cast<int>(misses_only.take(begin).entered) == Catch::Approx(500).margin(90));
  CHECK(static_cast<int>(count.entered) - 100000 == Catch::Approx(-200).margin(120));
  CHECK(count.left <= 2);
  const DoorCount next = counter.take(begin + std::chrono::minutes(10));
  CHECK(next.from == begin + std::chrono::minutes(5));
  CHECK(next.entered == 0);
}
