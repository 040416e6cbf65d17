#include "showcontrol/client/link.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::client;
using base::headset_time;

namespace {

HallState frame(std::uint64_t epoch, std::uint32_t sequence, int gate = -1) {
  HallState out;
  out.headset = HeadsetId{3};
  out.epoch = EpochId{epoch};
  out.sequence = sequence;
  out.time = base::hall_time(500.0);
  out.safety.expires = base::hall_time(501.0);
  out.play.emplace().play = base::PlayId{1};
  out.authority = {static_cast<std::int8_t>(gate), base::hall_time(503.0)};
  return out;
}

}  // namespace

TEST_CASE("only the newest frame of the highest epoch, for this headset, is obeyed") {
  Link link(HeadsetId{3});
  CHECK(link.take(frame(2, 10), headset_time(1.0)));
  CHECK_FALSE(link.take(frame(2, 10), headset_time(1.1)));
  CHECK_FALSE(link.take(frame(2, 9), headset_time(1.1)));
  CHECK_FALSE(link.take(frame(1, 999), headset_time(1.1)));
  CHECK(link.take(frame(2, 11), headset_time(1.2)));
  CHECK(link.take(frame(3, 1), headset_time(1.3)));
  CHECK_FALSE(link.take(frame(2, 12), headset_time(1.4)));
  CHECK(link.sequence() == 1);
  CHECK(link.epoch() == EpochId{3});
  HallState other = frame(9, 1);
  other.headset = HeadsetId{4};
  CHECK_FALSE(link.take(other, headset_time(1.5)));
  CHECK(link.epoch() == EpochId{3});
}

TEST_CASE("authority: by gate, until its time less what the clock may be wrong, of the present epoch") {
  Link link(HeadsetId{3});
  CHECK(link.open_gate(base::hall_time(500.0), Duration{0}) == -1);
  link.take(frame(2, 1, 4), headset_time(1.0));
  CHECK(link.open_gate(base::hall_time(502.9), Duration{1000}) == 4);
  CHECK(link.open_gate(base::hall_time(502.9995), Duration{1000}) == -1);
  CHECK(link.open_gate(base::hall_time(503.0), Duration{0}) == -1);
  CHECK(link.open_gate(base::hall_time(502.0), Duration::max()) == -1);
  CHECK(link.obey(EpochId{3}));
  CHECK(link.open_gate(base::hall_time(502.0), Duration{0}) == -1);
  link.take(frame(3, 1, 1), headset_time(1.1));
  CHECK(link.open_gate(base::hall_time(502.0), Duration{0}) == 1);
  HallState idle = frame(3, 2, 1);
  idle.play.reset();
  link.take(idle, headset_time(1.2));
  CHECK(link.open_gate(base::hall_time(502.0), Duration{0}) == -1);
}

TEST_CASE("silence, expiry and time by the newest frame") {
  Link link(HeadsetId{3});
  CHECK(link.silence(headset_time(50.0)) == Duration{0});
  link.take(frame(1, 1), headset_time(10.0));
  CHECK(link.silence(headset_time(10.4)) == base::from_seconds(0.4));
  CHECK_FALSE(link.order_expired(headset_time(10.9)));
  CHECK(link.order_expired(headset_time(11.0)));
  CHECK(link.hall_time_by_frame(headset_time(12.0)) == base::hall_time(502.0));
}

TEST_CASE("loss is counted over three seconds") {
  Link link(HeadsetId{3});
  std::uint32_t sequence = 0;
  for (int i = 0; i < 200; ++i) {
    ++sequence;
    if (i % 4 == 3) continue;
    link.take(frame(1, sequence), headset_time(1.0 + i / 30.0));
  }
  CHECK(link.loss_percent() >= 22);
  CHECK(link.loss_percent() <= 28);
}
