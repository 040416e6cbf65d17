// The session's life: every way in, and the one way back from everywhere.

#include "runtime/xr/life.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

using namespace promenade;
using namespace promenade::xr;

namespace {

HeadsetTime at(double seconds) { return base::headset_time(seconds); }

Life connected(HeadsetTime now) {
  Life life;
  life.instance_made(XR_SUCCESS, now);
  life.headset_found(XR_SUCCESS, now);
  return life;
}

Life running(HeadsetTime now) {
  Life life = connected(now);
  life.session_made(XR_SUCCESS, now);
  life.state_changed(XR_SESSION_STATE_IDLE, now);
  life.state_changed(XR_SESSION_STATE_READY, now);
  life.session_begun(XR_SUCCESS, now);
  return life;
}

}  // namespace

TEST_CASE("A runtime that does not answer is asked again each second") {
  Life life;
  CHECK(life.next(at(0)) == Deed::make_instance);
  life.instance_made(XR_ERROR_RUNTIME_UNAVAILABLE, at(0));
  CHECK(life.stage() == Stage::no_runtime);
  CHECK(life.trouble() == XR_ERROR_RUNTIME_UNAVAILABLE);
  CHECK(life.next(at(0.9)) == Deed::none);
  CHECK(life.next(at(1.0)) == Deed::make_instance);
}

TEST_CASE("A headset that is not plugged in is looked for without making the instance anew") {
  Life life;
  life.instance_made(XR_SUCCESS, at(0));
  CHECK(life.next(at(0)) == Deed::find_headset);
  life.headset_found(XR_ERROR_FORM_FACTOR_UNAVAILABLE, at(0));
  CHECK(life.stage() == Stage::no_headset);
  CHECK(life.next(at(0.5)) == Deed::none);
  CHECK(life.next(at(1.0)) == Deed::find_headset);
  life.headset_found(XR_SUCCESS, at(1.0));
  CHECK(life.next(at(1.0)) == Deed::make_session);
}

TEST_CASE("A session begins on READY and ends on STOPPING, and IDLE may lead to READY again") {
  Life life = connected(at(0));
  life.session_made(XR_SUCCESS, at(0));
  CHECK(life.next(at(0)) == Deed::none);
  life.state_changed(XR_SESSION_STATE_IDLE, at(0));
  CHECK(life.next(at(0)) == Deed::none);
  life.state_changed(XR_SESSION_STATE_READY, at(0));
  CHECK(life.next(at(0)) == Deed::begin_session);
  life.session_begun(XR_SUCCESS, at(0));
  CHECK(life.running());
  CHECK(life.next(at(0)) == Deed::none);
  for (const XrSessionState state : {XR_SESSION_STATE_SYNCHRONIZED, XR_SESSION_STATE_VISIBLE, XR_SESSION_STATE_FOCUSED}) {
    CHECK(!life.focused());
    life.state_changed(state, at(1));
    CHECK(life.running());
  }
  CHECK(life.focused());
  life.state_changed(XR_SESSION_STATE_STOPPING, at(2));
  CHECK(!life.focused());
  CHECK(life.next(at(2)) == Deed::end_session);
  life.session_ended(XR_SUCCESS, at(2));
  CHECK(!life.running());
  CHECK(life.next(at(2)) == Deed::none);
  life.state_changed(XR_SESSION_STATE_IDLE, at(3));
  life.state_changed(XR_SESSION_STATE_READY, at(4));
  CHECK(life.next(at(4)) == Deed::begin_session);
}

TEST_CASE("A loss from any call is taken down once, waits, and begins with the instance") {
  for (const XrResult result : {XR_ERROR_SESSION_LOST, XR_ERROR_INSTANCE_LOST, XR_ERROR_RUNTIME_FAILURE, XR_ERROR_GRAPHICS_DEVICE_INVALID}) {
    Life life = running(at(0));
    CHECK(!life.noticed(result, at(5)));
    CHECK(!life.noticed(XR_SUCCESS, at(5)));
    CHECK(life.trouble() == result);
    CHECK(!life.running());
    CHECK(life.next(at(5)) == Deed::take_down);
    life.taken_down();
    CHECK(life.stage() == Stage::no_runtime);
    CHECK(life.next(at(5.4)) == Deed::none);
    CHECK(life.next(at(5.5)) == Deed::make_instance);
    life.instance_made(XR_SUCCESS, at(5.5));
    CHECK(life.noticed(XR_SUCCESS, at(5.5)));
  }
}

TEST_CASE("A pending loss and a wish to leave go the same way") {
  Life losing = running(at(0));
  losing.state_changed(XR_SESSION_STATE_LOSS_PENDING, at(1));
  CHECK(losing.next(at(1)) == Deed::take_down);
  Life leaving = running(at(0));
  leaving.state_changed(XR_SESSION_STATE_EXITING, at(1));
  CHECK(leaving.next(at(1)) == Deed::take_down);
  leaving.taken_down();
  CHECK(leaving.next(at(3)) == Deed::none);
  CHECK(leaving.next(at(4)) == Deed::make_instance);
  Life gone = running(at(0));
  gone.instance_loss_pending(at(1));
  CHECK(gone.next(at(1)) == Deed::take_down);
  Life device = running(at(0));
  device.lose(at(1));
  CHECK(device.next(at(1)) == Deed::take_down);
}

TEST_CASE("What is no loss: a discarded frame, a pending loss, a wait that ran out, a session that is not ready yet") {
  CHECK(judge(XR_FRAME_DISCARDED) == Verdict::good);
  CHECK(judge(XR_SESSION_LOSS_PENDING) == Verdict::good);
  CHECK(judge(XR_TIMEOUT_EXPIRED) == Verdict::not_now);
  CHECK(judge(XR_SESSION_NOT_FOCUSED) == Verdict::not_now);
  CHECK(judge(XR_ERROR_SESSION_NOT_RUNNING) == Verdict::not_now);
  CHECK(judge(XR_ERROR_SESSION_LOST) == Verdict::lost);
  CHECK(name_of(XR_ERROR_INSTANCE_LOST) == "XR_ERROR_INSTANCE_LOST");
  CHECK(name_of(XR_SESSION_STATE_FOCUSED) == "FOCUSED");

  Life life = connected(at(0));
  life.session_made(XR_SUCCESS, at(0));
  life.state_changed(XR_SESSION_STATE_READY, at(0));
  life.session_begun(XR_ERROR_SESSION_NOT_READY, at(0));
  CHECK(!life.running());
  CHECK(life.next(at(0)) == Deed::begin_session);
}

TEST_CASE("Whatever happens in whatever order, frames are made only in a session, and a way back is always due") {
  rc::check([] {
    Life life;
    double now = 0.0;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 14));
    for (const int step : steps) {
      now += 0.3;
      switch (step) {
        case 0: life.noticed(XR_ERROR_INSTANCE_LOST, at(now)); break;
        case 1: life.noticed(XR_ERROR_SESSION_LOST, at(now)); break;
        case 2: life.instance_loss_pending(at(now)); break;
        default:
          if (life.stage() == Stage::session && step < 12) {
            life.state_changed(static_cast<XrSessionState>(step - 3), at(now));
            break;
          }
          switch (life.next(at(now))) {
            case Deed::make_instance: life.instance_made(step == 13 ? XR_ERROR_RUNTIME_UNAVAILABLE : XR_SUCCESS, at(now)); break;
            case Deed::find_headset: life.headset_found(step == 13 ? XR_ERROR_FORM_FACTOR_UNAVAILABLE : XR_SUCCESS, at(now)); break;
            case Deed::make_session: life.session_made(step == 13 ? XR_ERROR_RUNTIME_FAILURE : XR_SUCCESS, at(now)); break;
            case Deed::begin_session: life.session_begun(XR_SUCCESS, at(now)); break;
            case Deed::end_session: life.session_ended(XR_SUCCESS, at(now)); break;
            case Deed::take_down: life.taken_down(); break;
            case Deed::none: break;
          }
      }
      if (life.running()) RC_ASSERT(life.stage() == Stage::session);
      if (life.losing()) RC_ASSERT(life.next(at(now)) == Deed::take_down && !life.running());
      if (life.stage() != Stage::session && !life.losing()) RC_ASSERT(life.next(at(now + 10.0)) != Deed::none);
    }
  });
}
