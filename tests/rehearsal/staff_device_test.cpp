#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/staff_device.h"

using namespace promenade;
using namespace promenade::rehearsal;

TEST_CASE("A tablet says who it is, repeats commands until they are answered, and hands on the answer once") {
  StaffDevice tablet("tablet", "key", base::Random(1));
  tablet.link_up(0.0);
  auto out = tablet.take_outgoing();
  REQUIRE(out.size() == 1);
  CHECK(std::get<protocol::StaffHello>(out[0]).key == "key");
  int answers = 0;
  tablet.command(protocol::SetReturned{base::HeadsetId(3)}, 0.0, [&](const protocol::StaffReply& reply) { answers += reply.accepted ? 1 : 0; });
  CHECK(tablet.take_outgoing().empty());
  tablet.receive(protocol::StaffWelcome{}, 0.1);
  tablet.step(0.2);
  out = tablet.take_outgoing();
  REQUIRE(out.size() == 1);
  const std::uint32_t request = std::get<protocol::StaffCommand>(out[0]).request;
  tablet.step(4.0);
  CHECK(tablet.take_outgoing().size() == 1);
  tablet.receive(protocol::StaffReply{request, true, {}, {}}, 4.1);
  tablet.receive(protocol::StaffReply{request, true, {}, {}}, 4.2);
  CHECK(answers == 1);
  tablet.step(20.0);
  CHECK(tablet.take_outgoing().empty());
}

TEST_CASE("Tags are sent ten times a second in hall time, with their error") {
  StaffDevice tablet("tablet", "key", base::Random(1));
  tablet.link_up(0.0);
  tablet.receive(protocol::StaffWelcome{}, 0.0);
  protocol::HallSummary summary;
  summary.epoch = base::EpochId(1);
  summary.sequence = 1;
  summary.time = base::hall_time(500.0);
  tablet.receive(summary, 0.02);
  (void)tablet.take_outgoing();
  double sum = 0.0;
  int reports = 0;
  for (int k = 0; k < 3000; ++k) {
    const double now = 0.05 * k + 0.1;
    tablet.report_tag(1, {5.0, 5.0}, now);
    for (const protocol::Message& message : tablet.take_outgoing()) {
      const auto& tag = std::get<protocol::TagReport>(message);
      CHECK(std::abs(base::seconds_since_zero(tag.time) - (500.0 + now - 0.02)) < 1e-3);
      sum += (tag.at.x - 5.0) * (tag.at.x - 5.0);
      ++reports;
    }
  }
  CHECK(reports >= 1450);
  CHECK(reports <= 1550);
  CHECK(std::abs(std::sqrt(sum / reports) - 0.3) < 0.03);
}

TEST_CASE("A card of an older round does not replace a newer one; bodies that are told no more are forgotten") {
  StaffDevice tablet("tablet", "key", base::Random(1));
  tablet.link_up(0.0);
  protocol::HeadsetCard card;
  card.headset = base::HeadsetId(1);
  card.sequence = 5;
  card.phase = protocol::Phase::choosing;
  tablet.receive(card, 0.0);
  card.sequence = 4;
  card.phase = protocol::Phase::idle;
  tablet.receive(card, 0.1);
  CHECK(tablet.card(base::HeadsetId(1))->phase == protocol::Phase::choosing);
  protocol::BodyCard body;
  body.body = base::BodyId(9);
  body.sequence = 5;
  tablet.receive(body, 0.1);
  protocol::HallSummary summary;
  summary.epoch = base::EpochId(1);
  summary.sequence = 12;
  tablet.receive(summary, 1.0);
  CHECK(tablet.bodies().empty());
}

TEST_CASE("A tablet knows the alarms that nobody has taken") {
  StaffDevice tablet("tablet", "key", base::Random(1));
  tablet.link_up(0.0);
  tablet.receive(protocol::StaffWelcome{}, 0.0);
  protocol::StaffAlarm alarm;
  alarm.number = 7;
  alarm.headset = base::HeadsetId(3);
  tablet.receive(alarm, 0.1);
  REQUIRE(tablet.alarms().contains(7));
  CHECK(tablet.alarms().at(7).headset == base::HeadsetId(3));
  alarm.taken_by = "exit tablet";
  tablet.receive(alarm, 0.2);
  CHECK(tablet.alarms().empty());
  alarm.number = 8;
  alarm.taken_by.clear();
  tablet.receive(alarm, 0.3);
  tablet.receive(protocol::StaffWelcome{}, 0.4);  // another link, perhaps another hall program: its alarms follow
  CHECK(tablet.alarms().empty());
}
