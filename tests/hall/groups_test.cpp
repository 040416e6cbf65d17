// Groups through the hall: a place for each, parallel ways, one through the door after the other, pairs that stay together,
// and those who come late.

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "showcontrol/planning/formation.h"
#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using protocol::Relation;
using tracking::Level;

namespace {

// A place in the kitting area at which nobody stands.
void stand_free(Rig& rig, FakeViewer& one) {
  for (double x = 8.5; x < 20.0; x += 1.3) {
    const auto near = [&](const FakeViewer& other) { return &other != &one && tracking::distance(other.at, {x, 1.2}) < 1.25; };
    if (std::ranges::any_of(rig.viewers, near)) continue;
    one.put({x, 1.2});
    return;
  }
}

std::vector<FakeViewer*> admit_party(Rig& rig, int people, std::uint16_t party, std::uint16_t first = 1) {
  std::vector<FakeViewer*> all;
  for (int i = 0; i < people; ++i) {
    all.push_back(&rig.admit(static_cast<std::uint16_t>(first + i), kWalk, party));
    stand_free(rig, *all.back());
  }
  return all;
}

double least_apart_m(const std::vector<FakeViewer*>& all) {
  double least = 100.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) least = std::min(least, tracking::distance(all[i]->at, all[j]->at));
  }
  return least;
}

bool all_left(const Rig& rig, const std::vector<FakeViewer*>& all) {
  return std::ranges::none_of(all, [&](const FakeViewer* one) { return rig.has_visit(*one); });
}

}  // namespace

TEST_CASE("A party of up to six shares a play: each at a place of his own, never near another, in one film") {
  const int people = GENERATE(2, 3, 4, 6);
  Rig rig;
  rig.takes_back = true;
  const std::vector<FakeViewer*> all = admit_party(rig, people, 7);
  const bool planned = rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.play.has_value(); }); }, 120.0);
  INFO(rig.dump());
  REQUIRE(planned);
  CHECK(rig.core().interlocking().plays().size() == 1);
  for (const FakeViewer* one : all) {
    REQUIRE(one->told.own_place.has_value());
    CHECK(one->told.play->placement == all.front()->told.play->placement);
    CHECK(one->told.own_place->enter_scene == 0);
    const auto& way = one->told.play->way_in;  // out of the kitting area, and never back into it
    const auto out = std::ranges::find_if(way, [&](HallPoint p) { return !tracking::contains(rig.config.venue.kitting, p); });
    CHECK(out - way.begin() <= 1);
    CHECK(std::none_of(out, way.end(), [&](HallPoint p) { return tracking::contains(rig.config.venue.kitting, p); }));
  }
  double in_film_m = 100.0, anywhere_m = 100.0;
  std::string paused;
  const bool left = rig.until([&] {
    const bool film = std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.phase == Phase::playing || one->told.phase == Phase::held; });
    const bool walks = std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.phase >= Phase::guided && one->told.phase <= Phase::finished; });
    if (film) in_film_m = std::min(in_film_m, least_apart_m(all));
    if (walks) anywhere_m = std::min(anywhere_m, least_apart_m(all));
    for (const FakeViewer* one : all) {
      if (one->told.phase >= Phase::guided && one->told.phase <= Phase::guided_out && one->told.safety.level >= Level::pause && paused.empty()) paused = rig.dump();
    }
    return all_left(rig, all);
  }, 900.0);
  INFO(rig.dump());
  REQUIRE(left);
  CHECK(rig.core().counts().plays_completed == static_cast<std::uint64_t>(people));
  CHECK(in_film_m > 1.0);
  CHECK(anywhere_m > 0.9);
  CHECK(paused == "");
  CHECK(rig.most_violations == 0);
}

TEST_CASE("Strangers keep the separation to every member of a group") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> group = admit_party(rig, 4, 7);
  std::vector<FakeViewer*> strangers;
  for (const std::uint16_t number : {11, 12, 13}) {
    strangers.push_back(&rig.admit(number, number == 12 ? kWalk : kWalkToo));
    stand_free(rig, *strangers.back());
  }
  std::vector<FakeViewer*> all = group;
  all.insert(all.end(), strangers.begin(), strangers.end());
  double least = 100.0;
  const auto walks = [](const FakeViewer* one) { return one->told.phase >= Phase::playing && one->told.phase <= Phase::finished; };
  const bool left = rig.until([&] {
    for (const FakeViewer* one : group) {
      for (const FakeViewer* other : strangers) {
        if (walks(one) && walks(other)) least = std::min(least, tracking::distance(one->at, other->at));
      }
    }
    return all_left(rig, all);
  }, 1200.0);
  INFO(rig.dump());
  REQUIRE(left);
  CHECK(least < 100.0);
  CHECK(least > rig.config.venue.separation_m - 0.1);
}

TEST_CASE("Two adults with two children: each child beside an adult, by the hand") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all{&rig.admit(1, kWalk, 7), &rig.admit(2, kWalk, 7, true), &rig.admit(3, kWalk, 7), &rig.admit(4, kWalk, 7, true)};
  REQUIRE(rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->in_scene(0); }); }, 300.0));
  CHECK(rig.core().interlocking().plays().size() == 1);
  const auto apart = [&](int a, int b) { return tracking::distance(all[static_cast<std::size_t>(a)]->at, all[static_cast<std::size_t>(b)]->at); };
  CHECK(apart(0, 1) == Catch::Approx(planning::kHandApart_m).margin(0.05));
  CHECK(apart(2, 3) == Catch::Approx(planning::kHandApart_m).margin(0.05));
  CHECK(std::min({apart(0, 2), apart(0, 3), apart(1, 2), apart(1, 3)}) > 1.3);
  const auto relation = [&](int a, int b) {
    const base::BodyId body = rig.visit(*all[static_cast<std::size_t>(b)]).body;
    for (const protocol::Neighbour& one : all[static_cast<std::size_t>(a)]->told.neighbours) {
      if (one.body == body) return one.relation;
    }
    return Relation::stranger;
  };
  CHECK(relation(0, 1) == Relation::pair);
  CHECK(relation(3, 2) == Relation::pair);
  CHECK(relation(0, 2) == Relation::group);
  CHECK(relation(0, 3) == Relation::group);
  // One of a pair stops: so does the other, and nobody else; the group's next gate opens for all or for none.
  REQUIRE(rig.staff(protocol::SetViewerPaused{all[1]->headset, true}).accepted);
  rig.step();
  rig.step();
  CHECK(all[1]->told.safety.level >= Level::pause);
  CHECK(all[0]->told.safety.level >= Level::pause);
  CHECK(all[2]->told.safety.level < Level::pause);
  CHECK(all[3]->told.safety.level < Level::pause);
  let(rig, 12.0);
  for (const FakeViewer* one : all) CHECK(one->in_scene(0));
  REQUIRE(rig.staff(protocol::SetViewerPaused{all[1]->headset, false}).accepted);
  const bool left = rig.until([&] { return all_left(rig, all); }, 900.0);
  INFO(rig.dump());
  CHECK(left);
}

TEST_CASE("Whose hand a child holds is as staff said when they bound him") {
  Rig rig;
  std::vector<FakeViewer*> all{&rig.admit(1, kWalk, 7), &rig.admit(2, kWalk, 7)};
  protocol::BindTicket child{{}, {}, 7, 1.2, true};
  child.hand = all[1]->headset;
  all.push_back(&rig.admit(3, kWalk, child));
  REQUIRE(rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.own_place.has_value(); }); }, 200.0));
  const auto apart = [&](std::size_t a, std::size_t b) { return tracking::length(all[a]->told.own_place->offset - all[b]->told.own_place->offset); };
  CHECK(apart(1, 2) == Catch::Approx(planning::kHandApart_m).margin(0.02));
  CHECK(apart(0, 1) > 1.3);
  CHECK(apart(0, 2) > 1.3);
}

TEST_CASE("A group is told to staff lane by lane, and survives a crash of the hall") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all = admit_party(rig, 4, 7);
  REQUIRE(rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->in_scene(1); }); }, 400.0));
  std::map<std::uint16_t, protocol::PlayForecast> told;
  rig.staff_inbox.clear();
  let(rig, 2.5);
  for (const protocol::Message& message : rig.staff_inbox) {
    if (const auto* forecast = std::get_if<protocol::PlayForecast>(&message)) told[forecast->headsets.front().value()] = *forecast;
  }
  REQUIRE(told.size() == 4);
  for (const FakeViewer* one : all) {
    REQUIRE_FALSE(told.at(one->headset.value()).points.empty());
    CHECK(tracking::distance(told.at(one->headset.value()).points.front().at, one->at) < 1.0);
  }
  rig.crash_and_restart();
  const bool left = rig.until([&] { return all_left(rig, all); }, 900.0);
  INFO(rig.dump());
  REQUIRE(left);
  CHECK(rig.most_violations == 0);
}

TEST_CASE("Who is not ready when his group is due is left behind, and joins it in a scene, counted from there") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all = admit_party(rig, 3, 7);
  FakeViewer& late = *all[1];
  REQUIRE(rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.play.has_value(); }); }, 120.0));
  const auto first_play = late.told.play->play;
  REQUIRE(rig.staff(protocol::SetViewerPaused{late.headset, true}).accepted);  // he is not well yet
  const bool started = rig.until([&] { return all[0]->in_scene(0) && all[2]->in_scene(0); }, 200.0);
  INFO(rig.dump());
  REQUIRE(started);
  CHECK(alarms(rig, "group-late") == 1);
  CHECK(late.told.phase == Phase::waiting);
  REQUIRE(rig.staff(protocol::SetViewerPaused{late.headset, false}).accepted);
  const bool joined = rig.until([&] { return late.told.phase == Phase::playing; }, 200.0);
  INFO(rig.dump());
  REQUIRE(joined);
  CHECK(late.told.play->play != first_play);
  CHECK(rig.core().interlocking().plays().size() == 1);
  CHECK(late.told.play->placement == all[0]->told.play->placement);
  REQUIRE(late.told.own_place.has_value());
  CHECK(least_apart_m(all) > 1.2);
  const std::size_t scene = late.told.own_place->enter_scene;
  CHECK(late.in_scene(0));
  CHECK(all[0]->in_scene(scene));
  // From here on he goes with them, and out with them.
  const bool left = rig.until([&] { return all_left(rig, all); }, 900.0);
  INFO(rig.dump());
  REQUIRE(left);
  CHECK(rig.core().counts().plays_completed == 3);
  CHECK(rig.most_violations == 0);
  CHECK(std::ranges::count(rig.fact_kinds(), "play_started") == 3);
}

TEST_CASE("Who is still being fitted when his group has waited for him has a place kept in it, and joins it") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all = admit_party(rig, 2, 7);
  FakeViewer& late = rig.admit(3, kWalk, 7);
  late.calibrates = false;
  all.push_back(&late);
  const bool started = rig.until([&] { return all[0]->in_scene(0) && all[1]->in_scene(0); }, 200.0);
  INFO(rig.dump());
  REQUIRE(started);
  CHECK(rig.core().interlocking().plan(rig.core().interlocking().plays().front()).members == 3);
  late.calibrates = true;
  REQUIRE(rig.until([&] { return late.told.phase == Phase::playing; }, 200.0));
  REQUIRE(late.told.own_place.has_value());
  CHECK(least_apart_m(all) > 1.2);
  CHECK(rig.until([&] { return all_left(rig, all); }, 900.0));
  CHECK(rig.core().counts().plays_completed == 3);
  CHECK(rig.most_violations == 0);
}

TEST_CASE("A latecomer for whom it is too late has the next start") {
  Rig rig;
  rig.takes_back = true;
  std::vector<FakeViewer*> all = admit_party(rig, 3, 7);
  FakeViewer& late = *all[2];
  REQUIRE(rig.until([&] { return std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.play.has_value(); }); }, 120.0));
  REQUIRE(rig.staff(protocol::SetViewerPaused{late.headset, true}).accepted);
  REQUIRE(rig.until([&] { return all[0]->in_scene(3) && all[1]->in_scene(3); }, 400.0));
  REQUIRE(rig.staff(protocol::SetViewerPaused{late.headset, false}).accepted);
  const bool playing = rig.until([&] { return late.told.phase == Phase::playing; }, 300.0);
  INFO(rig.dump());
  REQUIRE(playing);
  CHECK((!late.told.own_place || late.told.own_place->enter_scene == 0));
  CHECK(rig.until([&] { return all_left(rig, all); }, 600.0));
}

TEST_CASE("A class is split evenly into groups that start in turn, an adult with each, and staff see when") {
  Rig rig;
  rig.takes_back = true;
  constexpr std::uint8_t kPeople = 14;  // 5, 5 and 4, were it all at once
  std::vector<FakeViewer*> all;
  const auto admit_next = [&] {  // as the kitting area has room
    const auto i = static_cast<std::uint16_t>(all.size());
    const auto fitting = std::ranges::count_if(all, [](const FakeViewer* one) { return one->told.phase < Phase::guided; });
    const auto standing = std::ranges::count_if(all, [](const FakeViewer* one) { return one->at.y < 2.8; });
    if (i == kPeople || fitting >= 5 || standing >= 8) return;
    const bool child = i % 5 != 0;  // three adults
    all.push_back(&rig.admit(static_cast<std::uint16_t>(i + 1), kWalk, protocol::BindTicket{{}, {}, 7, child ? 1.2 : 1.7, child, 0, kPeople}));
    stand_free(rig, *all.back());
  };
  const auto classes = [&] { return rig.core().summary(rig.now).classes; };
  REQUIRE(rig.until([&] {
    admit_next();
    return classes().size() == 1 && classes().front().groups.size() == 3 && classes().front().groups.front().planned;
  }, 120.0));
  const protocol::ClassProgress first = classes().front();
  CHECK(first.people == kPeople);
  std::vector<int> sizes;
  for (const protocol::ClassGroup& group : first.groups) sizes.push_back(group.people);
  CHECK(sizes == std::vector<int>{5, 5, 4});
  CHECK(std::ranges::is_sorted(first.groups, {}, &protocol::ClassGroup::start));
  const bool under_way = rig.until([&] {
    admit_next();
    return all.size() == kPeople && std::ranges::all_of(all, [](const FakeViewer* one) { return one->told.phase >= Phase::guided || one->told.phase == Phase::idle; });
  }, 1500.0);
  INFO(rig.dump());
  REQUIRE(under_way);
  const bool left = rig.until([&] { return all_left(rig, all); }, 1500.0);
  UNSCOPED_INFO(rig.dump());
  for (const FakeViewer* one : all) {
    if (!one->told.play) continue;
    std::string text = std::to_string(one->headset.value()) + ":";
    for (const HallPoint p : one->told.play->way_in) text += " " + std::to_string(p.x) + "," + std::to_string(p.y);
    UNSCOPED_INFO(text);
  }
  CHECK(left);
  CHECK(rig.core().counts().plays_completed == kPeople);
  CHECK(alarms(rig, "child-alone") == 0);
  CHECK(rig.most_violations == 0);
  CHECK(classes().empty());
}
