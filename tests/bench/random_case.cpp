#include "tests/bench/random_case.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tracking/base/formatted.h"
#include "tracking/base/random.h"

namespace promenade::bench {
namespace {

using planning::HallPoint;
using planning::HallVec;

struct Size {  // of the halls and film sets that are drawn
  double least_m2, most_m2;
  std::size_t least_films, most_films;
};
constexpr Size kAny{200.0, 1000.0, 3, 12};
constexpr Size kSmall{60.0, 150.0, 2, 3};
constexpr double kColumn_m = 0.6;
constexpr double kWallMargin_m = 0.75;
constexpr double kFilm_s = 600.0;
constexpr double kSpeed_mps = 0.6;
constexpr double kHoldTotal_s = 180.0, kHold_s = 20.0;
constexpr double kLeastDwell_s = 5.0;
constexpr std::size_t kWaiting = 8;
constexpr double kDrawnPerHour = 600.0;  // more than any hall takes

enum class RouteKind { wanders, loops, one_way };

planning::Polygon square(HallPoint middle, double side_m) {
  const double half = side_m / 2.0;
  return {{middle.x - half, middle.y - half}, {middle.x + half, middle.y - half}, {middle.x + half, middle.y + half}, {middle.x - half, middle.y + half}};
}

// Columns stand on a line along the hall, as they do where a roof rests on them.
void draw_hall(PlanningCase& drawn, const Size& size, base::Random random) {
  const double area_m2 = size.least_m2 * std::pow(size.most_m2 / size.least_m2, random.uniform());
  const double aspect = random.uniform(1.0, 2.2);
  const bool corner = random.chance(0.35);
  const double cut_x = random.uniform(0.25, 0.45), cut_y = random.uniform(0.25, 0.45);  // of the sides
  const double whole_m2 = corner ? area_m2 / (1.0 - cut_x * cut_y) : area_m2;
  const double depth = std::sqrt(whole_m2 / aspect);
  const double width = depth * aspect;
  if (corner) {
    drawn.floor.boundary = {{0.0, 0.0}, {width, 0.0}, {width, depth * (1.0 - cut_y)}, {width * (1.0 - cut_x), depth * (1.0 - cut_y)}, {width * (1.0 - cut_x), depth}, {0.0, depth}};
  } else {
    drawn.floor.boundary = {{0.0, 0.0}, {width, 0.0}, {width, depth}, {0.0, depth}};
  }
  const std::uint64_t columns = random.chance(0.5) ? random.below(5) : 0;
  for (std::uint64_t i = 0; i < columns; ++i) {
    drawn.floor.obstacles.push_back(square({width * (static_cast<double>(i) + 1.0) / (static_cast<double>(columns) + 1.0), depth * 0.45}, kColumn_m));
  }
  drawn.floor.wall_margin_m = kWallMargin_m;
  drawn.floor.separation_m = random.uniform(1.5, 2.0);
  drawn.floor.tolerance_s = 1.0;
}

std::vector<HallVec> draw_places(RouteKind kind, double width, double depth, base::Random& random) {
  const auto count = 12 + random.below(10);
  std::vector<HallVec> places;
  double turn = random.uniform(0.0, 2.0 * std::numbers::pi);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    if (kind == RouteKind::wanders) {
      places.push_back({width * (random.uniform() - 0.5), depth * (random.uniform() - 0.5)});
    } else if (kind == RouteKind::loops) {
      const double radius = random.uniform(0.8, 1.0) / 2.0;
      places.push_back({width * radius * std::cos(turn), depth * radius * std::sin(turn)});
      turn += 2.0 * std::numbers::pi * random.uniform(0.8, 1.2) * 2.0 / static_cast<double>(count);  // twice round
    } else {  // from one end to the other, swinging to and fro
      places.push_back({width * (share - 0.5), depth * 0.5 * std::sin(share * 3.0 * std::numbers::pi) * random.uniform(0.6, 1.0)});
    }
  }
  return places;
}

CaseFilm draw_film(std::size_t number, double room_m, base::Random random) {
  constexpr std::array kKinds{RouteKind::wanders, RouteKind::wanders, RouteKind::loops, RouteKind::one_way};
  const RouteKind kind = kKinds[random.below(kKinds.size())];
  const double width = std::min(random.uniform(6.0, kind == RouteKind::one_way ? 16.0 : 13.0), room_m);
  const double depth = std::min(random.uniform(5.0, 9.0), room_m);
  CaseFilm film;
  film.id = base::FilmId(base::formatted("film-{}", number));
  film.route.walk_speed_mps = kSpeed_mps;
  film.route.hold_total_max_s = kHoldTotal_s;
  film.route.mirrorable = random.chance(0.7);
  for (const HallVec at : draw_places(kind, width, depth, random)) {
    film.route.scenes.push_back({base::formatted("scene-{}", film.route.scenes.size()), {at.x, at.y}, 0.6, random.uniform(10.0, 40.0), kHold_s});
  }
  // Ten minutes in all: what is not walked is played.
  double walked_s = 0.0, played_s = 0.0;
  for (std::size_t i = 0; i < film.route.scenes.size(); ++i) {
    if (i + 1 < film.route.scenes.size()) walked_s += package::leg_length_m(film.route, i) / kSpeed_mps;
    played_s += film.route.scenes[i].dwell_s;
  }
  const double factor = (kFilm_s - walked_s) / played_s;
  for (package::Scene& scene : film.route.scenes) scene.dwell_s = std::max(kLeastDwell_s, scene.dwell_s * factor);
  return film;
}

// A hall and its films, and nobody who wants to see them yet.
PlanningCase draw_case(const Size& size, const base::Random& random) {
  PlanningCase drawn;
  draw_hall(drawn, size, random.fork("hall"));
  base::Random films = random.fork("films");
  const std::size_t count = size.least_films + films.below(size.most_films - size.least_films + 1);
  HallPoint far{0.0, 0.0};  // the corner opposite the origin
  for (const HallPoint p : drawn.floor.boundary) {
    far = {std::max(far.x, p.x), std::max(far.y, p.y)};
  }
  const double room_m = std::min(far.x, far.y) - 2.0 * kWallMargin_m - 1.0;  // the shorter side
  for (std::size_t i = 0; i < count; ++i) drawn.films.push_back(draw_film(i + 1, room_m, films.fork("film", i)));
  return drawn;
}

void draw_wishes(PlanningCase& drawn, std::size_t count, base::Random random) {
  drawn.wishes.resize(count);
  for (std::size_t& wish : drawn.wishes) wish = random.below(drawn.films.size());
  drawn.pool = kWaiting;
}

}  // namespace

PlanningCase random_case(std::uint64_t seed, double hours) {
  const base::Random random = base::Random(seed).fork("planning case");
  PlanningCase drawn = draw_case(kAny, random);
  drawn.name = base::formatted("random-{}", seed);
  draw_wishes(drawn, static_cast<std::size_t>(hours * kDrawnPerHour) + kWaiting, random.fork("wishes"));
  drawn.hours = hours;
  drawn.warmup_s = std::min(1200.0, hours * 1200.0);
  return drawn;
}

PlanningCase small_case(std::uint64_t seed) {
  const base::Random random = base::Random(seed).fork("small planning case");
  PlanningCase drawn = draw_case(kSmall, random);
  drawn.name = base::formatted("small-{}", seed);
  draw_wishes(drawn, kWaiting, random.fork("wishes"));
  return drawn;
}

}  // namespace promenade::bench
