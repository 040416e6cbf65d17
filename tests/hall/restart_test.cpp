// What must be durable before it is told, and how a new run goes on.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using tracking::Level;

TEST_CASE("A killed hall comes back with a higher epoch; plays go on where they were and are counted once") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all;
  for (std::uint16_t n = 1; n <= 3; ++n) all.push_back(&rig.admit(n, n == 2 ? kSeated : kWalk));
  const auto step_past = [&](std::uint8_t block) {
    return rig.until([&] { return all[0]->progress.block >= block && all[1]->told.phase != Phase::waiting; }, 200.0);
  };
  REQUIRE(step_past(1));
  const auto play = all[0]->told.play->play;
  const auto progress = all[0]->progress;
  rig.crash_and_restart(3.0);
  CHECK(rig.core().epoch().value() == 2);
  CHECK(rig.core().visits().size() == 3);
  rig.step();
  REQUIRE(rig.until([&] { return all[0]->told.epoch.value() == 2 && all[0]->told.play; }, 5.0));
  CHECK(all[0]->told.play->play == play);
  CHECK(all[0]->progress.block >= progress.block);
  const bool done = rig.until([&] { return std::ranges::none_of(all, [&](const FakeViewer* one) { return rig.has_visit(*one); }); }, 400.0);
  INFO(rig.dump());
  REQUIRE(done);
  rig.step();
  std::multiset<std::string> kinds;
  for (const std::string& kind : rig.fact_kinds()) kinds.insert(kind);
  CHECK(kinds.count("grant") == 3);
  CHECK(kinds.count("play_started") == 3);
  CHECK(kinds.count("play_ended") == 3);
  CHECK(rig.core().counts().commands_without_gate == 0);
}

TEST_CASE("Killed again and again at any moment, every viewer finishes and nobody passes a gate unasked") {
  for (const double every_s : {7.3, 11.9, 23.1}) {
    Rig rig;
    rig.takes_back = true;
    FakeViewer& one = rig.admit(1, kWalk);
    FakeViewer& two = rig.admit(2, kWalkToo);
    double next = every_s;
    double passed = 0.0;
    const bool done = rig.until([&] {
      passed += 0.1;
      if (passed >= next) {
        next += every_s;
        rig.crash_and_restart(1.0);
      }
      return !rig.has_visit(one) && !rig.has_visit(two);
    }, 900.0);
    INFO(every_s << "\n" << rig.dump());
    REQUIRE(done);
    rig.step();
    CHECK(rig.fact_kinds().size() == 6);
    CHECK(rig.core().counts().commands_without_gate == 0);
  }
}

TEST_CASE("After a plain restart everybody goes on without staff, wherever he was") {
  std::set<std::string> seen;
  int crash = 0;
  for (double at_s = 18.0; at_s < 95.0; at_s += 3.7, ++crash) {
    Rig rig;
    rig.takes_back = true;
    std::vector<FakeViewer*> all;
    const base::FilmId films[] = {kWalk, kSeated, kWalkToo, kWalk};
    for (std::uint16_t n = 1; n <= 4; ++n) all.push_back(&rig.admit(n, films[n - 1]));
    const auto inside = [&] { return std::ranges::any_of(all, [&](const FakeViewer* one) { return rig.has_visit(*one); }); };
    rig.until([&] { return !inside(); }, at_s);
    const auto needs_staff = [&] {
      const auto& entries = rig.core().counts().level_entries;
      return entries[static_cast<int>(Level::stop)] > 0 || rig.core().counts().commands_without_gate > 0;
    };
    REQUIRE_FALSE(needs_staff());
    for (const FakeViewer* one : all) {
      if (!rig.has_visit(*one) || !one->told.play || one->progress.stage == protocol::BlockStage::before) continue;
      const bool scene = one->progress.stage == protocol::BlockStage::in_scene;
      const std::size_t block = one->progress.block;
      seen.insert(block < one->first_scene() || (block == one->first_scene() && !scene) ? "way in"
                  : block >= one->way_out()                                             ? "way out"
                  : !scene                                                              ? "leg"
                  : one->told.play->film == kSeated                                     ? "seated"
                                                                                        : "scene");
    }
    rig.crash_and_restart(1.0 + crash % 4, 0.9);
    const bool done = rig.until([&] { return !inside(); }, 500.0);
    INFO("crash at " << at_s << "\n" << rig.dump());
    REQUIRE(done);
    CHECK_FALSE(needs_staff());
    CHECK(rig.core().counts().contacts == 0);
    CHECK(std::ranges::none_of(rig.notes, [](const hall::Note& note) { return note.text.contains("Level stop") || note.text.contains("out of sight"); }));
    std::multiset<std::string> kinds;
    for (const std::string& kind : rig.fact_kinds()) kinds.insert(kind);
    CHECK(kinds.count("play_started") == 4);
    CHECK(kinds.count("play_ended") == 4);
  }
  CHECK(seen == std::set<std::string>{"way in", "scene", "leg", "way out", "seated"});
}

TEST_CASE("A restored viewer whose headset stays away is told nothing, and is a body out of sight after ten seconds") {
  Rig rig;
  FakeViewer& away = rig.admit(1, kWalk);
  FakeViewer& near = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return away.in_scene(1); }, 200.0));
  rig.crash_and_restart(1.0);
  away.disconnect();
  const auto level_of = [&](const FakeViewer& one) {
    for (const hall::BodyView& body : rig.core().bodies()) {
      if (body.headset == one.headset) return body.level;
    }
    return Level::evacuate;
  };
  for (int i = 0; i < 95; ++i) {
    rig.step();
    CHECK(level_of(away) == Level::clear);
    CHECK(near.told.safety.level < Level::stop);
  }
  for (int i = 0; i < 10; ++i) rig.step();
  CHECK(level_of(away) == Level::pause);
  CHECK(std::ranges::any_of(rig.notes, [](const hall::Note& note) { return note.text.contains("out of sight"); }));
  away.connect();
  CHECK(rig.until([&] { return away.progress.block >= away.way_out(); }, 200.0));
}

TEST_CASE("Nothing is announced before it is durable") {
  hall::HallConfig config = sample_config();
  config.epoch = base::EpochId(1);
  hall::Hall core(config, {});
  hall::Effects out;
  HallTime now = config.start;
  std::vector<hall::Persist> unwritten;
  std::vector<protocol::HallState> told;
  planning::Planner planner(hall::floor_plan(config.venue));
  bool write = true;
  const std::function<void()> work = [&] {
    hall::Effects effects = std::move(out);
    out.clear();
    for (hall::Effect& effect : effects) {
      if (auto* persist = std::get_if<hall::Persist>(&effect)) {
        if (write) core.handle(hall::Persisted{persist->token}, now, out);
        else unwritten.push_back(*persist);
      } else if (auto* ask = std::get_if<hall::AskTicket>(&effect)) {
        ticketing::RedemptionAnswer answer;
        answer.seq = 1;
        answer.redemption = ticketing::RedemptionId(ask->redemption.head.idempotency_key);
        answer.film = kWalk;
        core.handle(hall::TicketAnswered{ask->request, answer}, now, out);
      } else if (auto* plan = std::get_if<hall::AskPlan>(&effect)) {
        core.handle(hall::PlanAnswered{plan->request, planner.plan(plan->plan, plan->snapshot, plan->budget, plan->seed)}, now, out);
      } else if (auto* send = std::get_if<hall::Send>(&effect)) {
        if (auto* state = std::get_if<protocol::HallState>(&send->message)) told.push_back(*state);
      }
    }
    if (!out.empty()) work();
  };
  std::uint32_t sequence = 0;
  std::uint8_t revision = 0;
  const PeerId headset(1);
  const PeerId staff(2);
  const auto step = [&] {
    now += std::chrono::milliseconds(100);
    protocol::HeadsetState state;
    state.headset = HeadsetId(1);
    state.sequence = ++sequence;
    state.samples.push_back({now, tracking::pose_at<tracking::Hall>({10.0, 1.3}, 1.6 + 0.001 * (sequence % 2), 0.0), protocol::TrackingQuality::good});
    state.calibration = {revision > 0, revision, 0.03, 0.02};
    state.worn = true;
    core.handle(hall::Received{headset, state}, now, out);
    core.tick(now, out);
    work();
  };
  core.handle(hall::PeerConnected{headset}, now, out);
  core.handle(hall::Received{headset, protocol::Hello{protocol::kProtocolVersion, HeadsetId(1), "t", {}}}, now, out);
  core.handle(hall::PeerConnected{staff}, now, out);
  core.handle(hall::Received{staff, protocol::StaffHello{protocol::kProtocolVersion, "s", "staff-key"}}, now, out);
  core.handle(hall::Received{staff, protocol::StaffCommand{1, protocol::BindTicket{HeadsetId(1), kWalk.value() + ".t", 0, 0.0, false}}}, now, out);
  work();
  core.handle(hall::Received{staff, protocol::StaffCommand{2, protocol::SetFitted{HeadsetId(1), true}}}, now, out);
  step();
  revision = told.back().calibration_wanted;
  step();
  step();
  REQUIRE(told.back().phase == Phase::choosing);
  write = false;  // from here on the disk says nothing
  core.handle(hall::Received{headset, protocol::ChooseFilm{1, kWalk, "zh"}}, now, out);
  for (int i = 0; i < 300; ++i) step();
  CHECK(core.counts().plans_committed == 1);
  CHECK_FALSE(told.back().play.has_value());
  CHECK(core.counts().gates_opened == 0);
  for (const hall::Persist& persist : std::exchange(unwritten, {})) core.handle(hall::Persisted{persist.token}, now, out);
  step();
  REQUIRE(told.back().play.has_value());
  CHECK(core.counts().gates_opened == 1);  // given, and not yet durable
  CHECK(told.back().authority.last_gate == -1);
  for (int i = 0; i < 20; ++i) step();
  CHECK(told.back().authority.last_gate == -1);
  for (const hall::Persist& persist : std::exchange(unwritten, {})) core.handle(hall::Persisted{persist.token}, now, out);
  step();
  CHECK(told.back().authority.last_gate == 0);
  CHECK(told.back().authority.until > now);
}

TEST_CASE("With a full disk nothing new starts, running plays go on, and all is written afterwards") {
  Rig rig;
  rig.takes_back = true;
  FakeViewer& running = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return running.told.phase == Phase::playing; }, 200.0));
  FakeViewer& waiting = rig.admit(2, kWalkToo);
  REQUIRE(rig.until([&] { return waiting.told.phase == Phase::waiting; }, 20.0));
  rig.rim().set_disk_full(true, rig.now);
  const bool finished = rig.until([&] { return !rig.has_visit(running); }, 300.0);
  INFO(rig.dump());
  REQUIRE(finished);
  CHECK(waiting.told.phase == Phase::waiting);
  CHECK(std::ranges::any_of(rig.notes, [](const hall::Note& note) { return note.kind == hall::NoteKind::alarm && note.text.contains("cannot be written"); }));
  rig.rim().set_disk_full(false, rig.now);
  REQUIRE(rig.until([&] { return waiting.told.phase == Phase::playing; }, 200.0));
  CHECK(rig.fact_kinds() == std::vector<std::string>{"grant", "play_started", "play_ended", "grant", "play_started"});
}

TEST_CASE("Whenever the disk fills up, plays under way finish and the others begin when there is room again") {
  for (double at_s = 2.0; at_s < 60.0; at_s += 2.9) {
    Rig rig;
    rig.takes_back = true;
    std::vector<FakeViewer*> all;
    const base::FilmId films[] = {kWalk, kWalkToo, kSeated, kWalk, kWalkToo};
    for (std::uint16_t n = 1; n <= 5; ++n) all.push_back(&rig.admit(n, films[n - 1]));
    rig.until([] { return false; }, at_s);
    rig.rim().set_disk_full(true, rig.now);
    std::vector<FakeViewer*> running;
    for (FakeViewer* one : all) {
      if (rig.has_visit(*one) && rig.visit(*one).granted_gate >= 0) running.push_back(one);
    }
    const bool finished = rig.until([&] { return std::ranges::none_of(running, [&](const FakeViewer* one) { return rig.has_visit(*one); }); }, 300.0);
    INFO("full at " << at_s << "\n" << rig.dump());
    REQUIRE(finished);
    for (const FakeViewer* one : all) {
      if (!std::ranges::contains(running, one) && rig.has_visit(*one)) CHECK(one->told.phase <= Phase::waiting);
    }
    rig.rim().set_disk_full(false, rig.now);
    REQUIRE(rig.until([&] { return std::ranges::none_of(all, [&](const FakeViewer* one) { return rig.has_visit(*one); }); }, 500.0));
    const auto kinds = rig.fact_kinds();
    CHECK(std::ranges::count(kinds, "play_started") == 5);
    CHECK(std::ranges::count(kinds, "play_ended") == 5);
    CHECK(rig.core().counts().commands_without_gate == 0);
  }
}

TEST_CASE("A start whose record could not be written is taken back, and keeps nobody waiting behind it") {
  Rig rig;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.play.has_value(); }, 60.0));
  const HallTime start = rig.visit(viewer).start;
  rig.rim().set_disk_full(true, rig.now);
  rig.until([&] { return rig.now >= start; }, 60.0);
  CHECK(viewer.gates_passed == 0);
  CHECK(rig.core().counts().gates_opened == 1);
  CHECK(rig.core().interlocking().plays().empty());
  CHECK(rig.visit(viewer).phase == Phase::waiting);
  rig.rim().set_disk_full(false, rig.now);
  CHECK(rig.until([&] { return viewer.told.phase == Phase::playing; }, 100.0));
}

TEST_CASE("When the disk failed and nothing is left to write, the hall writes something to learn that it works again") {
  hall::HallConfig config = sample_config();
  config.epoch = base::EpochId(1);
  hall::Hall core(config, {});
  hall::Effects out;
  core.handle(hall::PersistFailed{0, {"disk-full", "The disk is full.", "Make room on it."}}, config.start, out);
  const auto probe = std::ranges::find_if(out, [](const hall::Effect& effect) { return std::holds_alternative<hall::Persist>(effect); });
  REQUIRE(probe != out.end());
  const std::uint64_t token = std::get<hall::Persist>(*probe).token;
  out.clear();
  core.handle(hall::PersistFailed{token, {"disk-full", "The disk is full.", "Make room on it."}}, config.start, out);
  CHECK(out.empty());  // one is enough: the rim tries it again
  core.handle(hall::Persisted{token}, config.start, out);
  REQUIRE(out.size() == 1);
  CHECK(std::get<hall::Note>(out.front()).text.contains("written again"));
}

TEST_CASE("Records that cannot be read are dropped and noted") {
  server::HallMemory memory;
  hall::Persist persist;
  persist.records = {{"visit", "1", {'n', 'o'}}, {"course", "1", {'{', '}'}}, {"hall", "mode", {'[', ']'}}, {"other", "x", {1, 2}}};
  memory.append(persist);
  server::InlineHall rim(sample_config(), memory, {});
  rim.tick(sample_config().start);
  CHECK(rim.take_notes().size() == 3);
  CHECK(rim.core().visits().empty());
}

TEST_CASE("After crash upon crash all plays begin paused") {
  Rig rig;
  rig.takes_back = true;
  FakeViewer& viewer = rig.admit(1, kWalk);
  REQUIRE(rig.until([&] { return viewer.told.phase == Phase::playing; }, 200.0));
  rig.config.start_paused = true;
  rig.crash_and_restart();
  REQUIRE(rig.until([&] { return viewer.told.epoch.value() == 2; }, 5.0));
  rig.step();
  CHECK(viewer.told.safety.level == tracking::Level::pause);
  CHECK(viewer.told.safety.cause == tracking::Cause::operator_command);
  CHECK(viewer.told.authority.last_gate == -1);
  REQUIRE(rig.staff(protocol::SetViewerPaused{viewer.headset, false}).accepted);
  REQUIRE(rig.until([&] { return !rig.has_visit(viewer); }, 300.0));
}
