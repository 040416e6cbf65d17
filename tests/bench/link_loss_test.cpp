// The world of bench link-loss with few viewers and little time: what it says of loss, roaming and a killed hall must hold at any size.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/bench/loss_hall.h"

using namespace promenade;
using namespace promenade::bench;

TEST_CASE("viewers under way over ENet and the secure link on virtual time: a third of all datagrams lost each way") {
  LossHall hall(6, bad_network(0.3), 1);
  REQUIRE(hall.all_ready(60.0));
  for (const auto& viewer : hall.viewers()) viewer->measure(true);
  const auto while_joining = hall.losses();  // at a third lost a join or two in a hundred begins anew
  hall.run(20.0);
  CHECK(hall.losses() == while_joining);
  CHECK(hall.frame_ages().quantile_ms(0.99) <= 170.0);
  CHECK(hall.pose_ages().quantile_ms(0.99) <= 250.0);
  CHECK(hall.hall().counts().plays_ended_early == 0);
  CHECK(hall.network().totals().undecodable == 0);
  CHECK(hall.network().door().cut_off == 0);
  CHECK(hall.network().door().too_many == 0);
}

TEST_CASE("the same seed is the same run") {
  const auto run = [] {
    LossHall hall(4, bad_network(0.2), 7);
    hall.run(6.0);
    const auto totals = hall.network().link_totals();
    return std::array{totals.packets_in, totals.packets_out, totals.bytes_in, totals.bytes_out, totals.security.accepted, hall.network().totals().messages, hall.network().totals().bytes};
  };
  CHECK(run() == run());
}

TEST_CASE("an address that changes in mid-show loses no link, and frames are missed for a tenth of a second at most") {
  LossHall hall(4, bad_network(0.0), 2);
  REQUIRE(hall.all_ready(60.0));
  for (std::size_t i = 0; i < 4; ++i) {
    hall.viewers()[i]->forget_gap();
    hall.network().roam(i);
    hall.run(0.5);
    CHECK(hall.viewers()[i]->worst_gap_s() <= 0.1);
  }
  CHECK(hall.losses() == 0);
  CHECK(hall.network().link_totals().security.moved == 4);
}

TEST_CASE("a hall that is killed without a word has its viewers back within 5 s, in their films") {
  LossHall hall(6, bad_network(0.1), 3);
  REQUIRE(hall.all_ready(60.0));
  const double killed_s = hall.now_s();
  hall.kill();
  hall.run(1.0);
  hall.start();
  const base::EpochId epoch = hall.hall().epoch();
  REQUIRE(hall.run_until([&] { return std::ranges::all_of(hall.viewers(), [&](const auto& viewer) { return viewer->epoch() == epoch; }); }, 30.0));
  CHECK(hall.now_s() - killed_s <= 5.0);
  REQUIRE(hall.all_ready(30.0));
  CHECK(hall.hall().counts().plays_ended_early == 0);
}

TEST_CASE("many who join at once are all let in") {
  LossHall hall(60, bad_network(0.1), 4);
  REQUIRE(hall.run_until([&] { return std::ranges::all_of(hall.viewers(), [](const auto& viewer) { return viewer->joined_s().has_value(); }); }, 5.0));
  CHECK(hall.network().link_totals().dropped_unproven == 0);
}
