// Nobody is laid into the hall by a headset whose place is not known.
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/hall/headset.h"
#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using base::hall_time;
using tracking::CalibrationState;

namespace {

struct Told {
  hall::Headset headset{base::HeadsetId{7}};
  protocol::HeadsetState state;
  double t = 10.0;

  Told() {
    headset.connected(hall::PeerId{1});
    state.headset = base::HeadsetId{7};
    state.worn = true;
    state.calibration = {true, 3, 0.05, 0.01, CalibrationState::good};
  }
  void tell(HallPoint at, bool with_pose = true) {
    t += 0.033;
    ++state.sequence;
    state.samples.clear();
    if (with_pose) state.samples.push_back({hall_time(t), tracking::pose_at(at, 1.6, 0.001 * (state.sequence % 2)), protocol::TrackingQuality::good});
    headset.take(state, hall_time(t), tracking::SafetyLimits{});
  }
};

}  // namespace

TEST_CASE("Poses of a headset that is not calibrated are not taken, whatever it says of them") {
  Told one;
  one.state.calibration.known = false;
  for (int i = 0; i < 40; ++i) one.tell({14.0, 7.0});
  CHECK_FALSE(one.headset.calibrated());
  CHECK_FALSE(one.headset.has_pose());
  CHECK(one.headset.calibration() == CalibrationState::none);
  CHECK(one.headset.tracking_lost_s(hall_time(one.t)) > 1.0);
  // Marks that did not fit are none.
  one.state.calibration = {true, 9, 0.05, 0.30, CalibrationState::good};
  one.tell({14.0, 7.0});
  CHECK_FALSE(one.headset.has_pose());
}

TEST_CASE("After a change of hands the old calibration counts no more, and poses made with it are forgotten") {
  Told one;
  one.tell({14.0, 7.0});
  REQUIRE(one.headset.has_pose());
  one.headset.want_calibration();
  CHECK_FALSE(one.headset.has_pose());
  for (int i = 0; i < 5; ++i) one.tell({14.0, 7.0});
  CHECK_FALSE(one.headset.calibrated());
  CHECK_FALSE(one.headset.has_pose());
  one.state.calibration.revision = 4;
  one.tell({9.0, 2.0});
  CHECK(one.headset.calibrated());
  REQUIRE(one.headset.has_pose());
  CHECK(tracking::floor_point(one.headset.poses().newest()) == HallPoint{9.0, 2.0});
}

TEST_CASE("Whoever loses his place stays where he was seen last, until marks have been touched anew") {
  Told one;
  one.tell({14.0, 7.0});
  one.state.calibration.known = false;
  for (int i = 0; i < 10; ++i) one.tell({2.0, 2.0});  // poses of a place that nobody knows
  CHECK_FALSE(one.headset.calibrated());
  CHECK(tracking::floor_point(one.headset.poses().newest()) == HallPoint{14.0, 7.0});
  one.state.calibration.known = true;  // the same numbers again are no new calibration
  one.tell({2.0, 2.0});
  CHECK_FALSE(one.headset.calibrated());
  one.state.calibration.revision = 4;
  one.tell({13.0, 7.0});
  CHECK(one.headset.calibrated());
  CHECK(tracking::floor_point(one.headset.poses().newest()) == HallPoint{13.0, 7.0});
}

TEST_CASE("What the headset's own error says is out of trust, is, whatever state it tells") {
  Told one;
  one.state.calibration.error_m = 0.21;
  one.tell({14.0, 7.0});
  CHECK(one.headset.calibration() == CalibrationState::out_of_trust);
  one.state.calibration.error_m = 0.05;
  one.state.calibration.drift = CalibrationState::out_of_trust;
  one.tell({14.0, 7.0});
  CHECK(one.headset.calibration() == CalibrationState::out_of_trust);
  one.state.calibration.drift = CalibrationState::none;  // known, but it does not say how well
  one.tell({14.0, 7.0});
  CHECK(one.headset.calibration() == CalibrationState::unknown);
}

TEST_CASE("No body is put into the hall for a viewer whose headset does not know its place, and he starts no film") {
  Rig rig;
  FakeViewer& viewer = rig.viewer(1);
  viewer.calibrates = false;
  viewer.wants = kWalk;
  const auto bound = rig.staff(protocol::BindTicket{viewer.headset, kWalk.value() + ".ticket-100000077", 0, 1.7});
  INFO(bound.text);
  REQUIRE(bound.accepted);
  REQUIRE(rig.staff(protocol::SetFitted{viewer.headset, true}).accepted);
  for (int i = 0; i < 600; ++i) rig.step();
  CHECK(viewer.told.phase >= Phase::fitted);
  CHECK(rig.core().bodies().empty());
  CHECK(viewer.told.phase < Phase::calibrated);
  CHECK_FALSE(viewer.told.play);
}
