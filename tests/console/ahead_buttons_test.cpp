// The slider into the next minutes, by finger and keys on a console drawn in memory; and what must stay live meanwhile.

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/console/finger.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;

namespace {

std::string says(Finger& finger, const std::string& what) {
  finger.frame();
  const auto& all = finger.app().layout().says;
  const auto at = all.find(what);
  return at == all.end() ? std::string() : at->second;
}

// The hall goes on talking: its summary and its plays of `s` seconds later, as they were but for their time.
void hear_later(Finger& finger, double s) {
  finger.pass(s - (finger.now_s() - Finger::kStart_s));
  finger.hear({summary(1 + static_cast<std::uint32_t>(std::lround(s * 5.0)))});
  finger.hear(forecasts(-s));
}

}  // namespace

TEST_CASE("The slider shows a forecast as far ahead as it is dragged, and Now ends it") {
  Finger finger(with_forecasts());
  CHECK(says(finger, "ahead") == "live");
  CHECK_FALSE(finger.sees("ahead-now"));
  finger.drag("ahead", 0.05, 0.5);
  CHECK(std::abs(std::stod(says(finger, "ahead")) - 300.0) <= 5.0);
  CHECK(finger.sees("plan-forecast-1"));
  finger.drag("ahead", 0.5, 2.0);  // beyond its end
  CHECK(says(finger, "ahead") == "600");
  finger.tap("ahead-now");
  CHECK(says(finger, "ahead") == "live");
  CHECK_FALSE(finger.sees("plan-forecast-1"));
  finger.drag("ahead", 0.6, 0.0);
  CHECK(says(finger, "ahead") == "live");
}

TEST_CASE("Arrow keys go ahead and back by ten seconds; Home is now") {
  Finger finger(with_forecasts());
  finger.key(ImGuiKey_LeftArrow);
  CHECK(says(finger, "ahead") == "live");
  finger.key(ImGuiKey_RightArrow);
  finger.key(ImGuiKey_RightArrow);
  CHECK(says(finger, "ahead") == "20");
  finger.key(ImGuiKey_LeftArrow);
  CHECK(says(finger, "ahead") == "10");
  finger.key(ImGuiKey_Home);
  CHECK(says(finger, "ahead") == "live");
}

TEST_CASE("Untouched for half a minute the plan is live again; each touch begins it anew") {
  Finger finger(with_forecasts());
  finger.key(ImGuiKey_RightArrow);
  hear_later(finger, 25.0);
  CHECK(says(finger, "ahead") == "10");
  finger.key(ImGuiKey_RightArrow);
  hear_later(finger, 50.0);
  CHECK(says(finger, "ahead") == "20");
  hear_later(finger, 57.0);
  CHECK(says(finger, "ahead") == "live");
}

TEST_CASE("A new alarm, a halt, a hall that falls silent, and placing somebody make the plan live at once") {
  for (int what = 0; what < 6; ++what) {
    INFO(what);
    Finger finger(with_forecasts());
    finger.drag("ahead", 0.05, 0.4);
    REQUIRE(says(finger, "ahead") != "live");
    protocol::HallSummary now = summary(5);
    if (what == 0) finger.hear({protocol::StaffAlarm{9, base::hall_time(5001.0), HeadsetId(7), true, {17.2, 5.2}, "viewer-fallen", "A viewer has fallen.", "Go to the viewer.", ""}});
    if (what == 1) now.stopped = true, finger.hear({now});
    if (what == 2) now.evacuate = true, finger.hear({now});
    if (what == 3) now.paused = true, finger.hear({now});
    if (what == 4) finger.app().model().link_down(finger.now_s());
    if (what == 5) finger.tap("place-somebody");
    CHECK(says(finger, "ahead") == "live");
  }
}

TEST_CASE("While the plan is a forecast people can be tapped where they are, and the hall can be paused, stopped and evacuated") {
  Finger finger(with_forecasts());
  finger.drag("ahead", 0.05, 0.4);
  finger.tap("plan-headset-9");
  CHECK(finger.app().ui().chosen == HeadsetId(9));
  CHECK(says(finger, "ahead") != "live");
  finger.tap("pause-all");
  CHECK(finger.commands<protocol::SetHallPaused>().size() == 1);
  finger.hold("stop-hall");
  CHECK(finger.commands<protocol::SetHallStopped>().size() == 1);
  finger.hold("evacuate");
  CHECK(finger.commands<protocol::SetEvacuation>().size() == 1);
}

TEST_CASE("A taken alarm of before does not end a forecast that was begun after it") {
  Finger finger(with_forecasts());
  protocol::StaffAlarm alarm{9, base::hall_time(5001.0), HeadsetId(7), true, {17.2, 5.2}, "viewer-fallen", "A viewer has fallen.", "Go to the viewer.", ""};
  finger.hear({alarm});
  finger.drag("ahead", 0.05, 0.4);
  alarm.taken_by = "tablet 2";
  finger.hear({alarm});
  CHECK(says(finger, "ahead") != "live");
}

TEST_CASE("Why somebody waits stands on his card, whatever he waits for") {
  Finger finger(with_forecasts());
  for (const auto& [headset, why] : {std::pair{1, "scene"}, {6, "play"}, {10, "body"}, {14, "start"}, {16, "plan"}}) {
    finger.app().ui().choose(HeadsetId(static_cast<std::uint16_t>(headset)));
    CHECK(says(finger, "waits-for") == why);
  }
  finger.app().ui().choose(HeadsetId(2));
  CHECK(says(finger, "waits-for").empty());
}
