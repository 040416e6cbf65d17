// What a console knows and asks, without a window.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/console/judge.h"
#include "showcontrol/protocol/codec.h"
#include "tests/console/scenes.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;

namespace {
std::vector<protocol::StaffCommand> commands(ConsoleModel& model) {
  std::vector<protocol::StaffCommand> list;
  for (const Message& message : model.take_outgoing()) {
    if (const auto* command = std::get_if<protocol::StaffCommand>(&message)) list.push_back(*command);
  }
  return list;
}
}  // namespace

TEST_CASE("Every scene of these tests can be sent") {
  for (const auto& scene : {busy(), with_alarm(), evacuating(), with_forecasts(), console_test::stopped()}) {
    for (const Message& message : scene) {
      const auto can = protocol::check_encodable(message);
      INFO((can ? std::string() : can.error().message));
      CHECK(can.has_value());
    }
  }
}

TEST_CASE("A console says who it is, and knows the hall once it is welcome") {
  ConsoleModel model("tablet 1", "staff-key");
  CHECK(model.snapshot().link.contact == Contact::never);
  model.link_up(1.0);
  const auto first = model.take_outgoing();
  REQUIRE(first.size() == 1);
  const auto& hello = std::get<protocol::StaffHello>(first.front());
  CHECK(hello.name == "tablet 1");
  CHECK(hello.key == "staff-key");
  model.receive(summary(), 1.1);  // overtakes the welcome
  CHECK_FALSE(model.snapshot().summary_known);
  for (const Message& message : busy()) model.receive(message, 1.2);
  const Snapshot& s = model.snapshot();
  CHECK(s.connected());
  REQUIRE(s.venue != nullptr);
  CHECK(s.venue->seats.size() == 3);
  CHECK(s.films.size() == 9);
  CHECK(s.headsets.size() == 24);
  CHECK(s.bodies.size() == 4);
  CHECK(s.film(film_code(0))->title_en == "Lantern Street");
}

TEST_CASE("How well a headset knows hall time is amber from 2 ms on, red from 10, and not known of one that is not heard") {
  using protocol::ClockGrade;
  ConsoleModel model = heard(busy(), 1.0);
  auto card = *model.snapshot().headset(HeadsetId(1));
  const auto grade = [&](std::uint16_t error_us) {
    ++card.sequence;
    card.clock_error_us = error_us;
    model.receive(card, 2.0);
    return clock_of(*model.snapshot().headset(HeadsetId(1)));
  };
  REQUIRE(card.connected);
  CHECK(grade(300) == ClockGrade::good);
  CHECK(grade(2'000) == ClockGrade::good);
  CHECK(grade(2'001) == ClockGrade::amber);
  CHECK(grade(10'000) == ClockGrade::amber);
  CHECK(grade(10'001) == ClockGrade::red);
  CHECK(grade(65'535) == ClockGrade::unknown);
  card.connected = false;
  CHECK(grade(300) == ClockGrade::unknown);
}

TEST_CASE("Cards that come late or twice change nothing") {
  ConsoleModel model = heard(busy(), 1.0);
  auto card = *model.snapshot().headset(HeadsetId(1));
  card.sequence = 9;
  card.battery_percent = 50;
  model.receive(card, 1.1);
  card.sequence = 8;
  card.battery_percent = 51;
  model.receive(card, 1.2);
  CHECK(model.snapshot().headset(HeadsetId(1))->battery_percent == 50);
  auto old = summary(1);
  old.playing = 99;
  model.receive(old, 1.3);
  CHECK(model.snapshot().summary.playing == 13);
}

TEST_CASE("A body that is no longer told of is gone") {
  ConsoleModel model = heard(busy(), 1.0);
  model.receive(summary(1 + ConsoleModel::kForgetRounds), 3.0);
  CHECK(model.snapshot().bodies.size() == 4);
  model.receive(summary(2 + ConsoleModel::kForgetRounds), 3.2);
  CHECK(model.snapshot().bodies.empty());
}

TEST_CASE("What is asked is repeated until it is answered, and the answer is kept for a while") {
  ConsoleModel model = heard(busy(), 1.0);
  const auto number = model.ask(protocol::SetViewerPaused{HeadsetId(3), true}, 2.0);
  auto sent = commands(model);
  REQUIRE(sent.size() == 1);
  CHECK(sent.front().request == number);
  model.step(4.9);
  CHECK(commands(model).empty());
  model.step(5.1);
  REQUIRE(commands(model).size() == 1);
  CHECK(model.snapshot().requests.back().state == Request::State::asked);
  model.receive(protocol::StaffReply{number, false, "no-viewer", "No viewer is bound to this headset."}, 5.2);
  CHECK(model.snapshot().requests.back().state == Request::State::refused);
  CHECK(model.snapshot().requests.back().code == "no-viewer");
  model.step(9.0);
  CHECK(commands(model).empty());
  model.step(5.2 + ConsoleModel::kRefusalShown_s + 0.1);
  CHECK(model.snapshot().requests.empty());
}

TEST_CASE("What is not answered is not said again after what it would undo") {
  ConsoleModel model = heard(busy(), 1.0);
  model.ask(protocol::SetViewerPaused{HeadsetId(3), true}, 2.0);
  model.ask(protocol::SetViewerPaused{HeadsetId(4), true}, 2.1);
  model.ask(protocol::SetViewerPaused{HeadsetId(3), false}, 2.5);
  CHECK(commands(model).size() == 3);
  model.step(6.0);
  auto again = commands(model);
  REQUIRE(again.size() == 2);  // the pause of headset 4 and the going on of headset 3
  CHECK(std::get<protocol::SetViewerPaused>(again[0].action).headset == HeadsetId(4));
  CHECK_FALSE(std::get<protocol::SetViewerPaused>(again[1].action).paused);

  // A stop: whatever loosens is not said again, by whomever it was meant for; what tightens is.
  model.ask(protocol::SetHallStopped{false}, 6.1);
  model.ask(protocol::ReleaseViewer{HeadsetId(5)}, 6.2);
  model.ask(protocol::SetHallPaused{false}, 6.3);
  model.ask(protocol::SetHallStopped{true}, 6.4);
  commands(model);
  model.step(12.0);
  again = commands(model);
  REQUIRE(again.size() == 2);
  CHECK(std::get<protocol::SetViewerPaused>(again[0].action).headset == HeadsetId(4));
  CHECK(std::get<protocol::SetHallStopped>(again[1].action).stopped);
}

TEST_CASE("Nothing is done minutes after the tap: without a hall a command is refused at once, and never kept") {
  ConsoleModel model = heard(busy(), 1.0);
  const auto open = model.ask(protocol::ReleaseViewer{HeadsetId(3)}, 2.0);
  static_cast<void>(commands(model));
  model.link_down(4.0);
  CHECK(model.snapshot().link.contact == Contact::lost);
  CHECK(model.snapshot().link.since_s == 1.0);  // the last word of the hall
  CHECK(model.snapshot().requests.back().number == open);
  CHECK(model.snapshot().requests.back().code == "no-answer");
  model.ask(protocol::SetHallStopped{true}, 5.0);
  CHECK(model.snapshot().requests.back().code == "not-connected");
  CHECK(model.snapshot().headsets.size() == 24);  // what was known is still shown
  model.link_up(6.0);
  for (const Message& message : busy()) model.receive(message, 6.1);
  model.step(60.0);
  CHECK(commands(model).empty());
  CHECK(model.snapshot().connected());
}

TEST_CASE("A console whose key is wrong says so") {
  ConsoleModel model("tablet", "wrong");
  model.link_up(0.0);
  model.link_down(0.1, true);
  CHECK(model.snapshot().link.refused);
  CHECK(model.snapshot().link.contact == Contact::never);
}

TEST_CASE("An alarm that somebody has taken is the same alarm") {
  ConsoleModel model = heard(with_alarm(), 1.0);
  REQUIRE(untaken(model.snapshot()).size() == 2);
  CHECK(untaken(model.snapshot()).front()->code == "viewer-fallen");
  auto taken = *untaken(model.snapshot()).front();
  taken.taken_by = "tablet 2";
  model.receive(taken, 2.0);
  CHECK(model.snapshot().alarms.size() == 3);
  REQUIRE(untaken(model.snapshot()).size() == 1);
  CHECK(untaken(model.snapshot()).front()->code == "viewer-lost");
}

TEST_CASE("However many alarms there are, only taken ones make room") {
  ConsoleModel model = heard(with_alarm(), 1.0);
  const std::size_t waited = untaken(model.snapshot()).size();
  for (std::uint32_t i = 0; i < 200; ++i) {
    protocol::StaffAlarm alarm = *untaken(model.snapshot()).front();
    alarm.number = 1000 + i;
    alarm.taken_by = i % 2 == 0 ? "" : "tablet 2";
    model.receive(alarm, 2.0);
  }
  CHECK(untaken(model.snapshot()).size() == waited + 100);
  CHECK(model.snapshot().alarms.size() == waited + 100);
}

TEST_CASE("Placed bodies get numbers that nobody has") {
  ConsoleModel model = heard(busy(), 1.0);
  CHECK(model.next_body_number() == 4);  // 1 and 2 are tags, 3 was placed: nobody else shall be shown by these numbers
  const std::uint16_t first = model.next_body_number();
  model.ask(protocol::PlaceBody{first, {5.0, 5.0}, true}, 2.0);
  CHECK(model.next_body_number() == 5);
  model.receive(protocol::BodyCard{2, BodyId(400), protocol::Relation::staff, {5.0, 5.0}, 0.3, std::chrono::seconds(0), 5, false}, 2.1);
  CHECK(model.next_body_number() == 6);  // another console was quicker
}

TEST_CASE("The worst comes first, and what needs nobody comes last") {
  ConsoleModel model = heard(with_alarm(), 1.0);
  const auto order = worst_first(model.snapshot());
  REQUIRE(order.size() == 24);
  CHECK(order[0].card->headset == HeadsetId(10));
  CHECK(order[0].reason == Reason::lost);
  CHECK(order[1].card->headset == HeadsetId(7));
  CHECK(order[1].weight == Weight::act);
  const auto at = [&](std::uint16_t number) { return std::ranges::find(order, HeadsetId(number), [](const Judged& one) { return one.card->headset; }); };
  CHECK(at(4)->reason == Reason::level);
  CHECK(at(8)->reason == Reason::drift);
  CHECK(at(9)->reason == Reason::battery_low);
  CHECK(at(16)->reason == Reason::late_start);
  CHECK(at(1)->weight == Weight::fine);
  CHECK(at(24)->weight == Weight::idle);
  CHECK(at(1) < at(20));
  CHECK(std::ranges::is_sorted(order, std::ranges::greater{}, &Judged::weight));
}

TEST_CASE("The queue: the next to start first; those being fitted apart") {
  ConsoleModel model = heard(busy(), 1.0);
  const auto queue = queue_of(model.snapshot());
  REQUIRE(queue.size() == 3);
  CHECK(queue[0]->headset == HeadsetId(14));
  CHECK(queue[2]->headset == HeadsetId(16));
  REQUIRE(being_fitted(model.snapshot()).size() == 1);
  CHECK(free_headsets(model.snapshot()).size() == 4);  // one of the five is switched off
  ConsoleModel after = heard(console_test::stopped(), 1.0);
  CHECK(waiting_release(after.snapshot()).size() == 11);
}

TEST_CASE("Hall time is told by the quickest summary") {
  ConsoleModel model = heard(busy(), 10.0);
  model.receive(summary(2), 10.9);  // 0.7 s late
  model.receive(summary(3), 10.5);
  CHECK(model.snapshot().hall_age_s(base::hall_time(5000.0)) > 0.69);
  CHECK(model.snapshot().hall_age_s(base::hall_time(6000.0)) == 0.0);
}

TEST_CASE("A headset that is being changed is no alarm, and a battery that is not known is not empty") {
  const ConsoleModel model = heard(with_gaps(), 1.0);
  const Judged changed = judge(model.snapshot(), *model.snapshot().headset(HeadsetId(6)));
  CHECK(changed.reason == Reason::swapping);
  CHECK(changed.weight < Weight::act);
  auto late = *model.snapshot().headset(HeadsetId(6));
  late.swapping = false;
  CHECK(judge(model.snapshot(), late).weight == Weight::alarm);
  const auto* unknown = model.snapshot().headset(HeadsetId(1));
  CHECK(unknown->battery_percent == 0);
  CHECK(judge(model.snapshot(), *unknown).reason == Reason::none);
}
