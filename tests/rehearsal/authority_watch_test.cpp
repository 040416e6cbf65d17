#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/authority_watch.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

protocol::HallState told(std::uint64_t epoch, std::uint32_t sequence, std::int8_t gate, double valid_s, std::uint64_t play = 5) {
  protocol::HallState state;
  state.epoch = base::EpochId(epoch);
  state.sequence = sequence;
  state.time = base::hall_time(100.0);
  state.play.emplace();
  state.play->play = base::PlayId(play);
  state.authority = {gate, base::hall_time(100.0 + valid_s)};
  return state;
}

protocol::Progress walked(std::uint8_t block, std::uint64_t play = 5) {
  return {base::PlayId(play), block, protocol::BlockStage::walking, base::Duration{0}, false};
}

}  // namespace

TEST_CASE("A gate under a valid authority is passed rightly; a later one is not") {
  AuthorityWatch watch;
  watch.delivered(told(1, 1, 0, 3.0), 10.0);
  watch.reported(walked(0), 10.5, 0.1);
  CHECK(watch.gates() == 1);
  CHECK(watch.without_authority() == 0);
  watch.reported(walked(1), 11.0, 0.1);
  CHECK(watch.gates() == 2);
  CHECK(watch.without_authority() == 1);
}

TEST_CASE("An authority that has expired, was taken back, or is of an old epoch covers nothing") {
  for (const int how : {0, 1, 2}) {
    AuthorityWatch watch;
    watch.delivered(told(1, 1, 2, 3.0), 10.0);
    double now_s = 10.5;
    if (how == 0) now_s = 13.5;
    if (how == 1) watch.delivered(told(1, 2, 0, 3.0), 10.1);
    if (how == 2) watch.delivered(told(2, 1, -1, 3.0), 10.1);
    watch.reported(walked(2), now_s, 0.1);
    CHECK(watch.without_authority() >= 1);
  }
}

TEST_CASE("A frame that was overtaken, or of an epoch that is over, changes nothing") {
  AuthorityWatch watch;
  watch.delivered(told(2, 5, 0, 3.0), 10.0);
  watch.delivered(told(2, 4, 3, 3.0), 10.1);
  watch.delivered(told(1, 9, 3, 3.0), 10.1);
  watch.reported(walked(1), 10.2, 0.1);
  CHECK(watch.without_authority() == 1);
}

TEST_CASE("A headset that takes a play up in its third block passes no gate by that") {
  AuthorityWatch watch;
  protocol::HallState state = told(1, 1, 3, 3.0);
  state.play->resume_block = 2;
  state.play->resume_stage = protocol::BlockStage::in_scene;
  watch.delivered(state, 10.0);
  watch.reported(walked(2), 10.1, 0.1);
  CHECK(watch.gates() == 0);
  watch.reported(walked(3), 10.2, 0.1);
  CHECK(watch.gates() == 1);
  CHECK(watch.without_authority() == 0);
}
