// Conversation and screens; and the property that no order of frames leads past a gate without authority.

#include "showcontrol/client/client.h"

#include <algorithm>
#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "showcontrol/client/view.h"
#include "showcontrol/protocol/codec.h"
#include "tests/client/rig.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::client;
using namespace promenade::client::test;
using protocol::Phase;

TEST_CASE("it says Hello first, and stands still until it knows a hall") {
  Rig rig;
  rig.hall_talks = false;
  rig.step();
  CHECK(rig.sent.empty());
  CHECK(rig.client.view().screen == Screen::stand_still);
  CHECK_FALSE(rig.client.clock_known());
  rig.client.link_up(rig.now());
  rig.step();
  REQUIRE_FALSE(rig.sent.empty());
  const auto& hello = std::get<protocol::Hello>(rig.sent.front());
  CHECK(hello.headset == base::HeadsetId{7});
  CHECK(hello.last_epoch.is_none());
  for (const auto& message : rig.sent) CHECK(protocol::check_encodable(message));
}

TEST_CASE("each phase has its screen") {
  Rig rig;
  rig.ready(Phase::calibrated);
  const auto shown = [&](Phase phase) {
    rig.frame.phase = phase;
    rig.run(0.1);
    return rig.client.view().screen;
  };
  CHECK(shown(Phase::idle) == Screen::shelf);
  CHECK(shown(Phase::arrived) == Screen::wait_staff);
  CHECK(shown(Phase::fitted) == Screen::wait_staff);
  CHECK(shown(Phase::choosing) == Screen::menu);
  CHECK(shown(Phase::waiting) == Screen::wait_start);
  CHECK(shown(Phase::playing) == Screen::stand_still);  // no play was ordered
  CHECK(shown(Phase::returned) == Screen::shelf);
  CHECK(shown(Phase::out_of_order) == Screen::shelf);
}

TEST_CASE("menu, choice, refusal, told wait") {
  Rig rig;
  rig.ready(Phase::choosing);
  rig.frame.menu = {{kFilm, std::chrono::seconds(90), true}};
  rig.run(0.1);
  REQUIRE(rig.client.view().menu.size() == 1);
  rig.client.choose(kFilm, "zh", rig.now());
  rig.step();
  const auto chosen = std::ranges::find_if(rig.sent, [](const auto& m) { return std::holds_alternative<protocol::ChooseFilm>(m); });
  REQUIRE(chosen != rig.sent.end());
  CHECK(std::get<protocol::ChooseFilm>(*chosen).film == kFilm);
  rig.client.receive(protocol::Refusal{1, "film-not-allowed", "no"}, rig.now());
  CHECK(rig.client.view().refusal->code == "film-not-allowed");
  rig.client.choose(base::FilmId{"x"}, "zh", rig.now());
  CHECK(rig.client.view().refusal->code == "film-unknown");
  rig.client.choose(kFilm, "en", rig.now());
  CHECK_FALSE(rig.client.view().refusal);
  rig.frame.phase = Phase::waiting;
  rig.frame.menu.clear();
  rig.frame.told_start = rig.hall() + base::from_seconds(30.0);
  rig.run(1.0);
  CHECK(rig.client.view().told_wait_s.value() < 30.0);
  CHECK(rig.client.view().told_wait_s.value() > 28.0);
  CHECK(rig.client.view().menu.empty());
}

TEST_CASE("what the headset tells of itself") {
  Rig rig;
  rig.device = {true, 55, true, 41, {900, 2, 1, 40}, {{protocol::Trouble::film_newer, kFilm}, {protocol::Trouble::no_sound, {}}}};
  rig.ready(Phase::choosing);
  rig.run(5.0);
  REQUIRE(rig.up);
  CHECK(rig.up->worn);
  CHECK(rig.up->battery_known);
  CHECK(rig.up->battery_percent == 55);
  CHECK(rig.up->troubles == rig.device.troubles);
  CHECK(rig.up->charging);
  CHECK(rig.up->temperature_c == 41);
  CHECK(rig.up->timing.frames == 900);
  CHECK(rig.up->epoch == base::EpochId{1});
  CHECK(rig.up->last_state_sequence == rig.sequence);
  CHECK(rig.up->clock_error_us < 2000);
  CHECK(rig.up->loss_percent == 0);
  CHECK(rig.up->samples.size() == 1);
  CHECK(rig.up->samples.back().time <= rig.hall());
  for (const auto& message : rig.sent) REQUIRE(protocol::check_encodable(message));
  rig.device.battery_percent.reset();
  rig.device.troubles.assign(protocol::kTroublesMax + 3, {protocol::Trouble::film_damaged, kFilm});
  rig.run(0.2);
  CHECK_FALSE(rig.up->battery_known);
  CHECK(rig.up->troubles.size() == protocol::kTroublesMax);
  REQUIRE(protocol::check_encodable(*rig.up));
}

TEST_CASE("a venue file that cannot be read, and another version, are said and change nothing") {
  Rig rig;
  rig.ready(Phase::choosing);
  rig.client.receive(protocol::Welcome{protocol::kProtocolVersion, base::EpochId{1}, "nonsense"}, rig.now());
  CHECK(rig.client.view().refusal->code == "venue-invalid");
  rig.client.receive(protocol::Welcome{99, base::EpochId{50}, venue_text()}, rig.now());
  CHECK(rig.client.view().refusal->code == "version-unknown");
  CHECK(rig.client.epoch() == base::EpochId{1});
  rig.run(0.2);
  CHECK(rig.client.view().screen == Screen::menu);
}

TEST_CASE("after a reconnect it says Hello with the epoch that it obeyed, and asks for the time anew") {
  Rig rig;
  rig.ready(Phase::choosing);
  rig.client.link_down(rig.now());
  rig.sent.clear();
  rig.run(0.5);
  CHECK(rig.sent.empty());
  rig.client.link_up(rig.now());
  rig.run(0.5);
  CHECK(std::get<protocol::Hello>(rig.sent.front()).last_epoch == base::EpochId{1});
  CHECK(std::ranges::count_if(rig.sent, [](const auto& m) { return std::holds_alternative<protocol::ClockRequest>(m); }) >= 14);
}

TEST_CASE("whatever frames are lost, late, doubled or stale, no block is entered without authority") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    Rig rig;
    rig.play();
    rig.hall_talks = false;
    struct Delivered { protocol::HallState frame; double at; };
    std::vector<Delivered> on_the_way;
    std::vector<protocol::HallState> delivered;
    std::uint64_t highest = 1;
    int entered = -1;
    int granted = -1;
    for (int i = 0; i < 1800; ++i) {
      if (random.chance(0.01)) rig.gate = granted = static_cast<int>(random.below(5)) - 1;
      if (random.chance(0.01)) rig.authority_s = random.uniform(-1.0, 3.0);
      if (random.chance(0.003)) {
        rig.epoch = base::EpochId{random.chance(0.7) ? rig.epoch.value() + 1 : std::max<std::uint64_t>(1, rig.epoch.value() - 1)};
        if (random.chance(0.5)) rig.sequence = 0;
      }
      protocol::HallState frame = rig.make_frame();
      const double delay_s = random.chance(0.05) ? random.uniform(0.0, 4.0) : random.uniform(0.0, 0.05);
      if (!random.chance(0.2)) on_the_way.push_back({frame, rig.t + delay_s});
      if (random.chance(0.1)) on_the_way.push_back({frame, rig.t + random.uniform(0.0, 4.0)});
      for (auto& d : on_the_way) {
        if (d.at > rig.t) continue;
        rig.deliver(d.frame);
        delivered.push_back(d.frame);
        highest = std::max(highest, d.frame.epoch.value());
      }
      std::erase_if(on_the_way, [&](const Delivered& d) { return d.at <= rig.t; });
      if (const auto& view = rig.client.view(); view.target) rig.head = *view.target;
      rig.step();
      if (!rig.up || rig.up->progress.play.is_none() || rig.up->progress.stage == protocol::BlockStage::before) continue;
      const int block = rig.up->progress.block;
      if (block <= entered) continue;
      RC_ASSERT(block == entered + 1);
      entered = block;
      const bool allowed = std::ranges::any_of(delivered, [&](const protocol::HallState& f) {
        return f.epoch.value() == highest && f.authority.last_gate >= block && rig.hall() - base::from_seconds(0.034) < f.authority.until;
      });
      RC_ASSERT(allowed);
    }
    RC_CLASSIFY(entered >= 2, "came to block 2 or further");
  }));
}

TEST_CASE("client speed", "[.][benchmark]") {
  Rig rig;
  rig.play();
  rig.authorise(0);
  rig.run(0.5);
  for (std::uint32_t i = 0; i < 8; ++i) {
    protocol::Neighbour n;
    n.body = base::BodyId{i + 1};
    n.position = {8.0 + i, 9.0};
    n.planned = {n.position, n.position, n.position};
    rig.frame.neighbours.push_back(n);
  }
  rig.run(0.5);
  double t = rig.t;
  protocol::HallState frame = rig.make_frame();
  BENCHMARK("frame, pose and step with 8 neighbours") {
    t += 0.1;
    ++frame.sequence;
    frame.time = base::hall_time(t + kHallAhead_s);
    rig.client.receive(frame, base::headset_time(t));
    rig.client.pose(rig.stage_pose({5.0 + 0.001 * (frame.sequence % 2), 6.0}, 1.65), protocol::TrackingQuality::good, base::headset_time(t));
    rig.client.step(base::headset_time(t));
    return rig.client.take_outgoing().size();
  };
  BENCHMARK("step alone") {
    t += 0.011;
    rig.client.step(base::headset_time(t));
    return rig.client.take_outgoing().size();
  };
}
