// Every alarm reaches eyes, ears and hands: the table from level and cause to channels, and the vibration while it stands.
#include "runtime/headset/channels.h"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <numbers>
#include <vector>

#include "runtime/ui/words.h"
#include "tests/headset/rig.h"

using namespace promenade;
using namespace promenade::headset;
using headset::test::Rig;
using tracking::Cause;
using tracking::Level;

namespace {

constexpr std::array kAlarms{Level::warn, Level::pause, Level::stop, Level::evacuate};
constexpr int kCauses = static_cast<int>(Cause::fire) + 1;

// Calls `check` for every level from warn on and every cause.
template <class Check>
void for_all(Check check) {
  for (const Level level : kAlarms) {
    for (int cause = 0; cause < kCauses; ++cause) {
      CAPTURE(tracking::to_string(level), tracking::to_string(static_cast<Cause>(cause)));
      check(level, static_cast<Cause>(cause));
    }
  }
}

bool seen(Level level, Cause cause) {
  const Channels told = channels_of(level, cause);
  if (told.guidance) return true;
  bool words = told.sign;
  for (const ui::Language language : {ui::Language::zh, ui::Language::en}) {
    const auto [title, hint] = level == Level::warn ? ui::warn_text(language, cause, std::nullopt) : ui::pause_text(language, cause, false);
    words = words && !title.empty() && !hint.empty();
  }
  return words && (level == Level::warn ? told.own_ring : told.word_stop);
}

// Seconds at which a hand's pulses begin while this stands.
std::vector<double> pulses(const Buzzer::Told& told, double seconds, std::size_t hand = kLeft) {
  Buzzer buzzer;
  buzzer.step(test::kFrame_s, {});
  std::vector<double> at;
  for (int frame = 0; frame * test::kFrame_s < seconds; ++frame) {
    if (buzzer.step(test::kFrame_s, told)[hand]) at.push_back(frame * test::kFrame_s);
  }
  return at;
}

}  // namespace

TEST_CASE("a deaf viewer is told every alarm by picture and vibration") {
  for_all([](Level level, Cause cause) {
    CHECK(seen(level, cause));
    const std::vector<double> felt = pulses({level, cause, std::nullopt}, 0.1);
    REQUIRE(felt.size() == 1);
    CHECK(felt[0] == 0.0);  // in the frame that learns of it
  });
}

TEST_CASE("a viewer without controllers is told every alarm by picture and sound") {
  for_all([](Level level, Cause cause) {
    CHECK(seen(level, cause));
    const Channels told = channels_of(level, cause);
    CHECK(told.tone != sound::Alarm::none);
    CHECK(sound::film_left(told.tone) < 0.5f);
    if (level >= Level::pause) CHECK(sound::film_left(told.tone) == 0.0f);
  });
}

TEST_CASE("a blind viewer of the picture is told every alarm by sound and vibration, each level in its own way") {
  for_all([](Level level, Cause cause) {
    const Channels told = channels_of(level, cause);
    CHECK(told.tone != sound::Alarm::none);
    CHECK(told.buzz != Buzz::none);
  });
  CHECK(channels_of(Level::clear, Cause::none).tone == sound::Alarm::none);
  CHECK(channels_of(Level::clear, Cause::none).buzz == Buzz::none);
  CHECK(channels_of(Level::warn, Cause::body).tone == sound::Alarm::warn);
  CHECK(channels_of(Level::stop, Cause::body).tone == sound::Alarm::stop);
  CHECK(channels_of(Level::evacuate, Cause::fire).tone == sound::Alarm::evacuate);
  CHECK(pulses({Level::warn, Cause::body, std::nullopt}, 1.9).size() == 2);   // short ones
  CHECK(pulses({Level::pause, Cause::body, std::nullopt}, 1.9).size() == 2);  // long ones
  CHECK(pulses({Level::stop, Cause::body, std::nullopt}, 1.9).size() == 3);
  CHECK(pulses({Level::evacuate, Cause::fire, std::nullopt}, 3.9).size() == 3);
}

TEST_CASE("who has not obeyed is told again every two seconds, for as long as it stands") {
  for_all([](Level level, Cause cause) {
    const std::vector<double> felt = pulses({level, cause, std::nullopt}, 20.0);
    REQUIRE(felt.size() > 10);
    for (std::size_t i = 1; i < felt.size(); ++i) CHECK(felt[i] - felt[i - 1] < kToldAgain_s + 0.02);
    CHECK(20.0 - felt.back() < kToldAgain_s + 0.02);
  });
}

TEST_CASE("a level that rises or another cause is told at once, one that eases is not told anew, and clear is still") {
  Buzzer buzzer;
  const auto felt = [&](Level level, Cause cause) { return buzzer.step(test::kFrame_s, {level, cause, std::nullopt})[kRight].has_value(); };
  CHECK_FALSE(felt(Level::clear, Cause::none));
  CHECK(felt(Level::warn, Cause::body));
  CHECK_FALSE(felt(Level::warn, Cause::body));
  CHECK(felt(Level::warn, Cause::wall));
  CHECK(felt(Level::pause, Cause::wall));
  CHECK(felt(Level::stop, Cause::wall));
  CHECK_FALSE(felt(Level::warn, Cause::wall));
  CHECK_FALSE(felt(Level::clear, Cause::none));
  for (int i = 0; i < 400; ++i) REQUIRE_FALSE(felt(Level::clear, Cause::none));
}

TEST_CASE("a warning is felt in the hand on the side of danger; a command is felt in both") {
  const double right = std::numbers::pi / 2.0;
  CHECK(pulses({Level::warn, Cause::body, right}, 1.0, kRight).size() == 2);
  CHECK(pulses({Level::warn, Cause::body, right}, 1.0, kLeft).empty());
  CHECK(pulses({Level::warn, Cause::body, -right}, 1.0, kLeft).size() == 2);
  CHECK(pulses({Level::warn, Cause::body, -right}, 1.0, kRight).empty());
  for (const double middle : {0.0, std::numbers::pi, 0.3}) {
    CHECK(pulses({Level::warn, Cause::body, middle}, 1.0, kLeft).size() == 2);
    CHECK(pulses({Level::warn, Cause::body, middle}, 1.0, kRight).size() == 2);
  }
  CHECK(pulses({Level::pause, Cause::body, right}, 1.0, kLeft).size() == 2);
}

TEST_CASE("whatever the hall orders for whatever cause is drawn and felt in the same frame, without controllers as well") {
  Rig rig;
  rig.play(0.0);
  rig.run(0.5);
  for_all([&](Level level, Cause cause) {
    rig.frame.safety = {};
    rig.frame.evacuate = false;
    rig.run(1.5);
    REQUIRE(rig.view().level == Level::clear);
    rig.frame.safety.level = std::min(level, Level::stop);
    rig.frame.safety.cause = cause;
    rig.frame.evacuate = level == Level::evacuate;
    const Output& output = rig.step();
    REQUIRE(rig.view().level == level);
    CHECK((output.haptics[kLeft].has_value() || output.haptics[kRight].has_value()));
    if (level > Level::warn) CHECK((output.haptics[kLeft].has_value() && output.haptics[kRight].has_value()));
    const auto signs = std::ranges::count_if(output.frame->quads, [](const gpu::Quad& quad) { return quad.over_all && quad.opacity > 0.0f; });
    if (level == Level::evacuate) CHECK(output.menu.has_value());
    else CHECK(signs >= (level == Level::warn ? 1 : 2));
    if (level >= Level::pause && level < Level::evacuate) {
      CHECK(std::ranges::count_if(output.frame->quads, [](const gpu::Quad& quad) { return quad.over_all && quad.opacity == 1.0f; }) >= 2);
    }
  });
}

TEST_CASE("passthrough goes on at stop and evacuate in the frame that learns of it, and off in the frame that is released") {
  Rig rig;
  rig.input.passthrough = true;
  REQUIRE(rig.begin_film());
  rig.run(1.5);
  REQUIRE(rig.output->frame->models.size() == 1);
  CHECK_FALSE(rig.output->see_through);
  CHECK_FALSE(rig.output->passthrough_soon);
  rig.frame.safety.level = Level::warn;
  rig.frame.safety.cause = Cause::body;
  rig.step();
  CHECK(rig.output->passthrough_soon);  // cameras start
  CHECK_FALSE(rig.output->see_through);
  for (const bool evacuate : {false, true}) {
    rig.frame.safety.level = Level::stop;
    rig.frame.evacuate = evacuate;
    rig.step();
    CHECK(rig.output->see_through);
    CHECK(rig.output->frame->see_through);
    CHECK(rig.output->frame->models.empty());
    REQUIRE(rig.output->frame->grid);
    CHECK(rig.output->frame->grid->opacity == 1.0f);
    rig.frame.safety = {};
    rig.frame.evacuate = false;
    rig.step();
    CHECK_FALSE(rig.output->see_through);
    CHECK_FALSE(rig.output->frame->see_through);
    rig.run(1.0);
    CHECK(rig.output->frame->models.size() == 1);
  }
}

TEST_CASE("without passthrough, or when it is lost in mid-stop, the outline of the hall is drawn in the same frame") {
  Rig rig;
  REQUIRE(rig.begin_film());
  rig.run(1.5);
  rig.frame.safety.level = Level::stop;
  rig.frame.safety.cause = Cause::operator_command;
  rig.step();
  CHECK_FALSE(rig.output->see_through);
  CHECK_FALSE(rig.output->frame->see_through);
  REQUIRE(rig.output->frame->grid);
  CHECK(rig.output->frame->grid->opacity == 1.0f);
  rig.run(0.5);
  CHECK(rig.output->frame->models.empty());
  rig.input.passthrough = true;
  rig.step();
  CHECK(rig.output->frame->see_through);
  rig.input.passthrough = false;
  rig.step();
  CHECK_FALSE(rig.output->frame->see_through);
  CHECK(rig.output->frame->grid->opacity == 1.0f);
}

TEST_CASE("the real hall is seen while staff are with a viewer, and while he stands still without a place; not on the shelf") {
  Rig rig;
  rig.input.passthrough = true;
  rig.connect();
  CHECK_FALSE(rig.output->see_through);
  rig.frame.phase = protocol::Phase::fitted;
  rig.run(0.1);
  CHECK(rig.output->see_through);
  rig.input.worn = false;
  rig.step();
  CHECK_FALSE(rig.output->see_through);
  rig.input.worn = true;
  rig.calibrate();
  rig.frame.phase = protocol::Phase::guided;
  rig.frame.play = rig.order(rig.t);
  rig.run(0.2);
  CHECK_FALSE(rig.output->see_through);
  rig.app->recentred(rig.input.now);
  rig.run(0.1);
  CHECK(rig.view().screen == client::Screen::stand_still);
  CHECK(rig.output->see_through);
}
