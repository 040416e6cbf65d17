// The networks of a rehearsal: messages by the codec alone, and with ENet and the secure link.

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/datagram_network.h"
#include "showcontrol/rehearsal/virtual_network.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

class Phone final : public Endpoint {
 public:
  std::string name() const override { return "phone"; }
  bool wants_link() const override { return wants; }
  void link_up(double) override {
    ++ups;
    out.emplace_back(protocol::StaffHello{protocol::kProtocolVersion, "phone", "key"});
  }
  void link_down(double) override { ++downs; }
  void receive(const protocol::Message& message, double now_s) override {
    last_s = now_s;
    if (std::holds_alternative<protocol::ClockReply>(message)) ++replies;
    if (std::holds_alternative<protocol::StaffWelcome>(message)) ++welcomes;
  }
  std::vector<protocol::Message> take_outgoing() override { return std::exchange(out, {}); }
  std::vector<protocol::Message> out;
  bool wants = true;
  int ups = 0, downs = 0, replies = 0, welcomes = 0;
  double last_s = 0.0;
};

hall::HallConfig config(double now_s) {
  hall::HallConfig made;
  made.films = std::make_shared<const std::vector<hall::Film>>();
  made.staff_keys = {"key"};
  made.start = hall_time_at(now_s);
  made.venue.boundary = {{0.0, 0.0}, {20.0, 0.0}, {20.0, 10.0}, {0.0, 10.0}};
  made.venue.kitting = {{0.0, 0.0}, {3.0, 0.0}, {3.0, 3.0}, {0.0, 3.0}};
  return made;
}

}  // namespace

TEMPLATE_TEST_CASE("Messages arrive encoded, late by the delay, and reliable ones all of them", "", VirtualNetwork, DatagramNetwork) {
  Phone phone;
  NetworkHabits habits;
  habits.loss = 0.3;
  habits.outage_every_s = 0.0;
  TestType network({&phone}, habits, base::Random(1));
  server::HallMemory memory;
  server::InlineHall hall(config(0.0), memory, {});
  network.set_hall(&hall, 0.0);
  int asked = 0;
  for (int k = 0; k < 1000; ++k) {
    const double now = 0.1 * k;
    network.run(now);
    if (phone.welcomes > 0) phone.out.emplace_back(protocol::ClockRequest{static_cast<std::uint32_t>(++asked), {}});
    network.collect_from_endpoints(now);
    network.run(now + 0.04);
    hall.tick(hall_time_at(now + 0.04));
    network.collect_from_hall(now + 0.04);
  }
  CHECK(phone.ups == 1);
  CHECK(phone.welcomes == 1);
  CHECK(phone.replies > 0.40 * asked);
  CHECK(phone.replies < 0.58 * asked);
  CHECK(network.totals().undecodable == 0);
}

TEMPLATE_TEST_CASE("A hall that is gone is given up and found again", "", VirtualNetwork, DatagramNetwork) {
  Phone phone;
  NetworkHabits habits;
  TestType network({&phone}, habits, base::Random(2));
  server::HallMemory memory;
  auto hall = std::make_unique<server::InlineHall>(config(0.0), memory, server::BoxOfficeLine{});
  network.set_hall(hall.get(), 0.0);
  const auto pass = [&](double from, double to) {
    for (double t = from; t < to; t += 0.1) {
      network.run(t);
      network.collect_from_endpoints(t);
      if (hall) hall->tick(hall_time_at(t));
      network.collect_from_hall(t);
    }
  };
  pass(0.0, 2.0);
  CHECK(phone.ups == 1);
  network.set_hall(nullptr, 2.0);
  hall.reset();
  pass(2.0, 8.0);
  CHECK(phone.downs == 1);
  hall = std::make_unique<server::InlineHall>(config(8.0), memory, server::BoxOfficeLine{});
  network.set_hall(hall.get(), 8.0);
  pass(8.0, 10.0);
  CHECK(phone.ups == 2);
  phone.wants = false;
  pass(10.0, 15.0);
  CHECK(phone.downs == 2);
}
