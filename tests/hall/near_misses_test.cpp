// What the hall keeps of near misses: who, in which film and scene, where in the film's own frame, and the time they
// are counted against.

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/hall/rig.h"

using namespace promenade;
using namespace promenade::hall_test;
using Catch::Approx;
using hall::FilmPart;
using tracking::EpisodeKind;
using tracking::Level;

namespace {

void walk(Rig& rig, FakeViewer& who, HallPoint to, double stop_m) {
  who.walks = false;
  for (int i = 0; i < 900 && tracking::distance(who.at, to) > stop_m; ++i) {
    const auto way = to - who.at;
    who.at = who.at + way * (std::min(0.07, tracking::length(way)) / tracking::length(way));
    rig.step();
  }
}

const tracking::SafetyLimits& limits() {
  static const tracking::SafetyLimits all = sample_venue().safety;
  return all;
}
double near_m() { return (limits().near_miss_m + limits().contact_m) / 2.0; }  // a near miss and no contact

// One walks up to the other and away again; what was kept of it.
std::vector<hall::NearMissKept> meet(Rig& rig, FakeViewer& who, FakeViewer& whom, double gap_m) {
  whom.walks = false;
  rig.rim().take_near_misses();
  walk(rig, who, whom.at, gap_m);
  const HallPoint away{whom.at.x + (who.at.x > whom.at.x ? 2.5 : -2.5), who.at.y};
  walk(rig, who, away, 0.1);
  for (int i = 0; i < 30; ++i) rig.step();
  return rig.rim().take_near_misses();
}

const hall::NearMissKept* of_kind(const std::vector<hall::NearMissKept>& all, EpisodeKind kind) {
  const auto found = std::ranges::find(all, kind, &hall::NearMissKept::kind);
  return found == all.end() ? nullptr : &*found;
}

const hall::NearMissSide& side_of(const hall::NearMissKept& kept, const FakeViewer& viewer) {
  const auto found = std::ranges::find(kept.sides, viewer.headset, &hall::NearMissSide::headset);
  REQUIRE(found != kept.sides.end());
  return *found;
}

// A film that no placement holds at its own size.
hall::HallConfig large_film(std::uint64_t seed) {
  hall::HallConfig config = sample_config();
  auto films = std::make_shared<std::vector<hall::Film>>(*config.films);
  package::Route& route = *films->front().manifest.route;
  for (package::Scene& scene : route.scenes) {
    scene.at = {scene.at.x_m * 8.0, scene.at.y_m * 4.0};
    scene.dwell_s = 60.0;
    scene.loop_s = 0.0;
  }
  route.mirrorable = true;
  route.scale_min = 0.35;
  config.films = films;
  config.seed = seed;
  return config;
}

}  // namespace

TEST_CASE("A near miss is kept with both viewers' films, scenes, levels and tracks, as wall clock and place had it") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  REQUIRE(rig.until([&] { return one.in_scene(1); }, 60.0));
  one.walks = false;
  const int scene = 1;
  FakeViewer& two = playing(rig, 2, kWalkToo);
  const auto kept = meet(rig, two, one, near_m());
  INFO(rig.dump());
  const hall::NearMissKept* near = of_kind(kept, EpisodeKind::near_miss);
  REQUIRE(near != nullptr);
  CHECK(of_kind(kept, EpisodeKind::contact) == nullptr);
  CHECK(near->nearest_m == Approx(near_m()).margin(0.08));
  CHECK(near->begin <= near->nearest);
  CHECK(near->nearest < near->end);
  const auto now = rig.config.utc_at_start + std::chrono::duration_cast<std::chrono::milliseconds>(rig.now - rig.config.start);
  CHECK(near->end <= now);
  CHECK(now - near->begin < std::chrono::minutes(3));
  REQUIRE(near->sides.size() == 2);
  const hall::NearMissSide& first = side_of(*near, one);
  CHECK(first.film.film == kWalk);
  CHECK(first.film.package_hash == rig.config.films->front().package_hash);
  CHECK(first.film.part == FilmPart::scene);
  CHECK(first.film.scene == scene);
  CHECK(first.film.scene_name == rig.config.films->front().manifest.route->scenes[static_cast<std::size_t>(scene)].name);
  CHECK(side_of(*near, two).film.film == kWalkToo);
  CHECK(first.play_code == rig.visit(one).play_code);
  CHECK(first.level >= Level::warn);
  CHECK(first.warned_s > 0.1);
  CHECK(first.tracked);
  CHECK(tracking::distance(first.at, one.at) < 0.05);
  CHECK(tracking::distance(first.at, side_of(*near, two).at) == Approx(near->nearest_m).margin(1e-9));
  for (const hall::NearMissSide& side : near->sides) {
    CHECK(side.track.size() > 50);
    CHECK(side.track.size() <= 100);
    CHECK(side.track.front().time < near->nearest_time);
    CHECK(side.track.back().time >= near->nearest_time);
  }
}

TEST_CASE("A touch is kept as a contact beside its near miss; a wall has one side") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kWalkToo);
  const auto kept = meet(rig, two, one, limits().contact_m - 0.2);
  const hall::NearMissKept* contact = of_kind(kept, EpisodeKind::contact);
  REQUIRE(contact != nullptr);
  REQUIRE(of_kind(kept, EpisodeKind::near_miss) != nullptr);
  CHECK(contact->nearest_m == of_kind(kept, EpisodeKind::near_miss)->nearest_m);
  CHECK(side_of(*contact, two).level == Level::stop);
  const double beside_wall_m = limits().wall_contact_m - 0.05;
  walk(rig, two, {two.at.x < 14.0 ? beside_wall_m : 28.0 - beside_wall_m, two.at.y}, 0.02);
  walk(rig, two, {14.0, two.at.y}, 12.0);
  for (int i = 0; i < 30; ++i) rig.step();
  const auto walls = rig.rim().take_near_misses();
  const hall::NearMissKept* wall = of_kind(walls, EpisodeKind::wall_contact);
  REQUIRE(wall != nullptr);
  CHECK(wall->sides.size() == 1);
  CHECK(wall->nearest_m == Approx(beside_wall_m).margin(0.1));
  CHECK(of_kind(walls, EpisodeKind::wall_near_miss) != nullptr);
}

TEST_CASE("Staff are called to a touch at once, while the two still stand there") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  FakeViewer& two = playing(rig, 2, kWalkToo);
  one.walks = false;
  walk(rig, two, one.at, limits().contact_m - 0.1);
  CHECK(rig.rim().take_near_misses().empty());
  CHECK(alarms(rig, "contact") == 1);
  for (int i = 0; i < 100; ++i) rig.step();
  CHECK(alarms(rig, "contact") == 1);
}

TEST_CASE("In the film's own frame its viewers' near misses fall on one map, however the film was mirrored and scaled") {
  int mirrored = 0, upright = 0;
  for (std::uint64_t seed = 1; seed <= 12 && (mirrored == 0 || upright == 0); ++seed) {
    Rig rig(large_film(seed));
    FakeViewer& one = playing(rig, 1, kWalk);
    FakeViewer& two = playing(rig, 2, kSeated);
    REQUIRE(one.told.play->scale < 1.0);
    (one.told.play->placement.mirrored ? mirrored : upright) += 1;
    REQUIRE(rig.until([&] { return one.in_scene(1); }, 200.0));
    const protocol::PlayOrder order = *one.told.play;
    const auto kept = meet(rig, two, one, near_m());
    const hall::NearMissKept* near = of_kind(kept, EpisodeKind::near_miss);
    INFO("seed " << seed << rig.dump());
    REQUIRE(near != nullptr);
    const hall::NearMissSide& side = side_of(*near, one);
    REQUIRE(side.film.part == FilmPart::scene);
    CHECK(side.film.scene == 1);
    REQUIRE(side.film.at);
    const package::FilmPoint scene = rig.config.films->front().manifest.route->scenes[1].at;
    CHECK(std::hypot(side.film.at->x - scene.x_m, side.film.at->y - scene.y_m) < 0.3);  // where the author put the scene
    const HallPoint again = order.placement * tracking::Point<tracking::Film>{side.film.at->x * order.scale, side.film.at->y * order.scale};
    CHECK(tracking::distance(again, side.at) < 1e-6);
    CHECK_FALSE(side_of(*near, two).film.at);  // who sits has no place in a route
  }
  CHECK(mirrored > 0);
  CHECK(upright > 0);
}

TEST_CASE("On the way between two scenes a near miss belongs to the one that was left, at that film's time") {
  Rig rig;
  FakeViewer& two = rig.admit(2, kSeated);
  two.wants.reset();  // stays in the kitting area
  REQUIRE(rig.until([&] { return two.told.phase >= Phase::calibrated; }, 60.0));
  FakeViewer& one = playing(rig, 1, kWalk);
  const auto walks_on = [&] { return one.progress.block == one.first_scene() + 1 && one.progress.stage == protocol::BlockStage::walking; };
  REQUIRE(rig.until(walks_on, 100.0));
  for (int i = 0; i < 15; ++i) rig.step();
  REQUIRE(walks_on());
  const auto kept = meet(rig, two, one, near_m());
  const hall::NearMissKept* near = of_kind(kept, EpisodeKind::near_miss);
  REQUIRE(near != nullptr);
  const hall::FilmMoment& film = side_of(*near, one).film;
  CHECK(film.part == FilmPart::leg);
  CHECK(film.scene == 0);
  const package::Route& route = *rig.config.films->front().manifest.route;
  CHECK(film.scene_s > route.scenes[0].dwell_s);
  CHECK(film.scene_s < route.scenes[0].dwell_s + package::leg_length_m(route, 0) / route.walk_speed_mps);
}

TEST_CASE("The time that viewers spend in each part of each film is told every minute") {
  Rig rig;
  FakeViewer& one = playing(rig, 1, kWalk);
  rig.rim().take_viewer_times();
  const HallTime from = rig.now;
  REQUIRE(rig.until([&] { return one.told.phase >= Phase::finished; }, 400.0));
  for (int i = 0; i < 700; ++i) rig.step();
  double total_s = 0.0, scene_s = 0.0;
  std::set<std::string> scenes;
  std::size_t parts = 0;
  const auto told = rig.rim().take_viewer_times();
  for (const hall::ViewerTime& time : told) {
    for (const hall::ViewerTime::Part& part : time.parts) {
      total_s += part.seconds;
      ++parts;
      if (part.film != kWalk || part.part != FilmPart::scene) continue;
      scene_s += part.seconds;
      scenes.insert(part.scene_name);
    }
  }
  const package::Route& route = *rig.config.films->front().manifest.route;
  double dwell_s = 0.0;
  for (const package::Scene& scene : route.scenes) dwell_s += scene.dwell_s;
  CHECK(scenes.size() == route.scenes.size());
  CHECK(scene_s >= dwell_s - 1.0);
  CHECK(total_s <= base::to_seconds(rig.now - from) + 61.0);
  CHECK(total_s > scene_s);
  CHECK(told.size() <= static_cast<std::size_t>(base::to_seconds(rig.now - from) / 60.0) + 1);
  CHECK(parts >= route.scenes.size());
}
