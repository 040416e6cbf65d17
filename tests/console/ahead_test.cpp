// Places by the compass, and forecasts as the console reads them.

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "showcontrol/console/compass.h"
#include "showcontrol/console/forecast.h"
#include "tests/console/scenes.h"

using namespace promenade;
using namespace promenade::console;
using namespace promenade::console_test;
using std::chrono::seconds;

namespace {

using Polygon = tracking::Polygon;
const Polygon kHall{{0, 0}, {28, 0}, {28, 15}, {0, 15}};

Whereabouts corner(Compass side) { return {HallPart::corner, side}; }
Whereabouts wall(Compass side) { return {HallPart::wall, side}; }
Whereabouts side(Compass of) { return {HallPart::side, of}; }

protocol::PlayForecast play(std::uint64_t id, double made_s, std::vector<protocol::ForecastPoint> points, bool ends) {
  return {base::PlayId(id), base::hall_time(made_s), film_code(0), {base::HeadsetId(static_cast<std::uint16_t>(id))}, std::move(points), ends};
}

}  // namespace

TEST_CASE("A rectangular hall has four corners, four walls, sides and a middle, however long it is") {
  for (const double length : {28.0, 60.0}) {
    const Polygon hall{{0, 0}, {length, 0}, {length, 15}, {0, 15}};
    CHECK(whereabouts_in(hall, {length - 1, 14}) == corner(Compass::north_east));
    CHECK(whereabouts_in(hall, {1, 14}) == corner(Compass::north_west));
    CHECK(whereabouts_in(hall, {1, 1}) == corner(Compass::south_west));
    CHECK(whereabouts_in(hall, {length - 2, 2}) == corner(Compass::south_east));
    CHECK(whereabouts_in(hall, {length / 2, 14}) == wall(Compass::north));
    CHECK(whereabouts_in(hall, {length / 2, 1}) == wall(Compass::south));
    CHECK(whereabouts_in(hall, {length - 1, 7.5}) == wall(Compass::east));
    CHECK(whereabouts_in(hall, {1, 7}) == wall(Compass::west));
    CHECK(whereabouts_in(hall, {length / 2 + 1, 8}) == Whereabouts{});
    CHECK(whereabouts_in(hall, {length - 5, 7.5}) == side(Compass::east));
    CHECK(whereabouts_in(hall, {5, 7}) == side(Compass::west));
  }
}

TEST_CASE("A hall on its corner has a north corner; the sense and a repeated first corner change nothing") {
  const Polygon diamond{{0, -10}, {10, 0}, {0, 10}, {-10, 0}};
  CHECK(whereabouts_in(diamond, {0, 8}) == corner(Compass::north));
  CHECK(whereabouts_in(diamond, {-8, 0}) == corner(Compass::west));
  CHECK(whereabouts_in(diamond, {4.5, 4.5}) == wall(Compass::north_east));
  for (const Polygon& hall : {diamond, kHall}) {
    Polygon turned(hall.rbegin(), hall.rend()), closed = hall;
    closed.push_back(hall.front());
    for (double x = -9.5; x < 28.0; x += 1.3) {
      for (double y = -9.5; y < 15.0; y += 1.3) {
        CHECK(whereabouts_in(hall, {x, y}) == whereabouts_in(turned, {x, y}));
        CHECK(whereabouts_in(hall, {x, y}) == whereabouts_in(closed, {x, y}));
      }
    }
  }
}

TEST_CASE("A corner inwards is no corner, and a wall is named after where it faces out") {
  const Polygon ell{{0, 0}, {20, 0}, {20, 8}, {10, 8}, {10, 16}, {0, 16}};
  CHECK(whereabouts_in(ell, {9, 7}).part != HallPart::corner);
  CHECK(whereabouts_in(ell, {15, 7.5}) == wall(Compass::north));
  CHECK(whereabouts_in(ell, {9.5, 10.5}) == wall(Compass::east));
  CHECK(whereabouts_in(ell, {19, 1}) == corner(Compass::south_east));
  CHECK(whereabouts_in(ell, {1, 15}) == corner(Compass::north_west));
}

TEST_CASE("A play is between its points, not there before the first and after its end, and not known beyond what was told") {
  ConsoleModel model = heard(busy(), 100.0);  // hall time 5000.2
  model.receive(play(1, 5000.2, {{{2, 2}, seconds(0)}, {{2, 2}, seconds(60)}, {{6, 2}, seconds(68)}, {{6, 2}, seconds(600)}}, false), 100.0);
  model.receive(play(2, 5000.2, {{{8, 2}, seconds(30)}, {{8, 9}, seconds(40)}}, true), 100.0);
  model.receive(play(3, 5000.2, {{{9, 9}, seconds(0)}, {{9, 9}, seconds(50)}}, false), 100.0);
  const auto& s = model.snapshot();
  CHECK(no_forecast(s) == NoForecast::none);
  auto at = forecasts_at(s, 10.0);
  REQUIRE(at.plays.size() == 2);
  CHECK(at.plays[0].at == HallPoint{2, 2});
  CHECK_FALSE(at.plays[0].walks);
  CHECK(at.plays[1].play->play == base::PlayId(3));
  at = forecasts_at(s, 35.0);
  REQUIRE(at.plays.size() == 3);
  CHECK(at.plays[1].at.y == Catch::Approx(5.5));
  CHECK(at.plays[1].walks);
  at = forecasts_at(s, 64.0);
  REQUIRE(at.plays.size() == 1);
  CHECK(at.plays[0].at.x == Catch::Approx(4.0));
  CHECK(at.untold == 1);  // play 3; play 2 has left
  CHECK(forecasts_at(s, 600.0).plays.size() == 1);
  CHECK(forecasts_at(s, 1e9).plays.size() == 1);
}

TEST_CASE("Forecasts age with the hall's clock, and go when they are old, when the hall halts and when it is another run") {
  ConsoleModel model = heard(busy(), 100.0);
  model.receive(play(1, 5000.2, {{{2, 2}, seconds(0)}, {{12, 2}, seconds(100)}}, true), 100.0);
  model.step(104.0);
  CHECK(forecasts_at(model.snapshot(), 10.0).plays.front().at.x == Catch::Approx(2.0 + 1.4));
  model.receive(play(1, 5000.0, {{{3, 3}, seconds(0)}, {{3, 3}, seconds(100)}}, true), 104.0);  // overtaken on its way here
  CHECK(forecasts_at(model.snapshot(), 10.0).plays.front().at.y == Catch::Approx(2.0));
  for (const int state : {0, 1, 2}) {
    protocol::HallSummary halted = summary(100 + static_cast<std::uint32_t>(2 * state));
    halted.time = base::hall_time(5004.2);
    (state == 0 ? halted.paused : state == 1 ? halted.stopped : halted.evacuate) = true;
    model.receive(halted, 104.0);
    CHECK(no_forecast(model.snapshot()) == NoForecast::halted);
    CHECK(forecasts_at(model.snapshot(), 10.0).plays.empty());
  }
  protocol::HallSummary again = summary(200);
  again.time = base::hall_time(5004.2);
  model.receive(again, 104.0);
  CHECK(no_forecast(model.snapshot()) == NoForecast::none);
  model.link_down(104.5);
  CHECK(no_forecast(model.snapshot()) == NoForecast::not_connected);
  model.step(100.0 + kForecastKept_s + 0.1);
  CHECK(model.snapshot().forecasts.empty());
  ConsoleModel anew = heard(busy(), 100.0);
  anew.receive(play(1, 5000.2, {{{2, 2}, seconds(0)}}, false), 100.0);
  for (const Message& message : busy()) anew.receive(message, 101.0);
  CHECK(anew.snapshot().forecasts.empty());
  CHECK(no_forecast(anew.snapshot()) == NoForecast::untold);
}

TEST_CASE("Points that stand at one time, or none, do no harm") {
  ConsoleModel model = heard(busy(), 100.0);
  model.receive(play(1, 5000.2, {{{2, 2}, seconds(5)}, {{4, 2}, seconds(5)}, {{6, 2}, seconds(1)}}, true), 100.0);
  model.receive(play(2, 5000.2, {}, true), 100.0);
  for (double ahead = 0.0; ahead < 8.0; ahead += 0.5) CHECK(forecasts_at(model.snapshot(), ahead).plays.size() <= 1);
}
