#include "tests/bench/standing_crowd.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "showcontrol/hall/records.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::bench {

namespace {

constexpr double kPairColumn_m = 6.6, kPairRow_m = 6.06;  // 20 m² a viewer
constexpr double kPlannedApart_m = 2.0;
constexpr double kKittingDepth_m = 3.0;
constexpr double kDwell_s = 3600.0;                       // nobody's scene ends meanwhile
constexpr double kWaitersApart_m = 2.0;

std::string venue_of(int columns, int rows, std::size_t people) {
  const double half_x = columns * kPairColumn_m / 2.0;
  const double half_y = (rows * kPairRow_m + kKittingDepth_m) / 2.0;
  const double top_y = half_y, low_y = -half_y, kitting_y = low_y + kKittingDepth_m - 0.6;
  std::string text = "format = \"promenade-venue/1\"\n[venue]\nid = \"bench\"\n[hall]\nid = \"bench-hall\"\nname_zh = \"测试厅\"\nname_en = \"Bench hall\"\n";
  const auto box = [](double x0, double y0, double x1, double y1) {
    return base::formatted("[[{0:.2f}, {1:.2f}], [{2:.2f}, {1:.2f}], [{2:.2f}, {3:.2f}], [{0:.2f}, {3:.2f}], [{0:.2f}, {1:.2f}]]\n", x0, y0, x1, y1);
  };
  text += "boundary_m = " + box(-half_x, low_y, half_x, top_y) + "wall_margin_m = 1.1\n";
  text += base::formatted("[hall.entrance]\nat_m = [{0:.2f}, {1:.2f}]\nleft_m = [{2:.2f}, {3:.2f}]\nright_m = [{4:.2f}, {3:.2f}]\n", -half_x + 2.0, low_y + 1.2,
                                 -half_x + 1.4, low_y, -half_x + 2.6);
  text += base::formatted("[hall.exit]\nat_m = [0.0, {0:.2f}]\nleft_m = [0.6, {1:.2f}]\nright_m = [-0.6, {1:.2f}]\n", top_y - 1.2, top_y);
  text += "[hall.kitting]\noutline_m = " + box(-half_x + 1.0, low_y, half_x - 1.0, kitting_y);
  text += base::formatted("[[hall.marks]]\nid = \"M1\"\nfirst_m = [-3.0, {0:.2f}]\nsecond_m = [3.0, {0:.2f}]\n", low_y + 1.6);
  text += base::formatted("[plan]\nseparation_m = {:.1f}\nseparation_reason = \"a venue's default\"\ntime_tolerance_s = 1.0\n[capacity]\nviewers = {}\nattendants = 4\n", kPlannedApart_m,
                          std::max<std::size_t>(kCrowdMost, people));
  return text;
}

package::Manifest manifest_of(const base::FilmId& id, const char* zh, const char* en, package::Route route) {
  package::Manifest film;
  film.film = id;
  film.permit_number = "演示虚字[2026]第099号";
  film.titles = {{"zh", zh}, {"en", en}};
  film.synopses = {{"zh", zh}, {"en", en}};
  film.length_s = 0.0;
  for (const package::Scene& scene : route.scenes) film.length_s += scene.dwell_s;
  for (std::size_t i = 1; i < route.scenes.size(); ++i) {
    const package::FilmPoint a = route.scenes[i - 1].at, b = route.scenes[i].at;
    film.length_s += std::hypot(b.x_m - a.x_m, b.y_m - a.y_m) / route.walk_speed_mps;
  }
  film.languages = {"zh", "en"};
  film.distributor = "Bench";
  film.route = std::move(route);
  return film;
}

package::Route standing() {
  package::Route route;
  route.scenes = {{"first", {0.0, 0.0}, 0.6, kDwell_s, 60.0}, {"second", {0.0, 1.4}, 0.6, kDwell_s, 60.0}};
  route.hold_total_max_s = 120.0;
  return route;
}

// Ten minutes along a square of 7 m and across it: no placement passes between pairs that stand 4.6 m and 6 m apart.
package::Route wandering() {
  package::Route route;
  const std::vector<package::FilmPoint> places{{0.0, 0.0}, {7.0, 0.0}, {7.0, 7.0}, {0.0, 7.0}, {3.5, 3.5}, {7.0, 0.0}, {0.0, 0.0}, {0.0, 7.0}};
  for (std::size_t i = 0; i < places.size(); ++i) route.scenes.push_back({base::formatted("scene-{}", i + 1), places[i], 0.6, 60.0, 20.0});
  route.hold_total_max_s = 120.0;
  return route;
}

}  // namespace

StandingCrowd standing_crowd(int viewers, int waiting) {
  StandingCrowd crowd;
  const int pairs = viewers / 2;
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(pairs))));
  const int rows = (pairs + columns - 1) / columns;
  for (int k = 0; k < pairs; ++k) {
    // The wire's box is +-32.767 m: the hall lies round its middle.
    const double x = (k % columns - (columns - 1) / 2.0) * kPairColumn_m;
    const double y = kKittingDepth_m / 2.0 + (k / columns - (rows - 1) / 2.0) * kPairRow_m;
    const auto to_cm = [](double metres) { return std::round(metres * 100.0) / 100.0; };
    crowd.homes.push_back({to_cm(x - kPlannedApart_m / 2.0), to_cm(y)});
    crowd.homes.push_back({to_cm(x + kPlannedApart_m / 2.0), to_cm(y)});
  }
  crowd.playing = crowd.homes.size();
  const double waiters_y = -rows * kPairRow_m / 2.0;  // in the middle of the kitting area
  for (int k = 0; k < waiting; ++k) crowd.homes.push_back({(k - (waiting - 1) / 2.0) * kWaitersApart_m, waiters_y});
  crowd.venue_toml = venue_of(columns, rows, crowd.homes.size());
  auto venue = tracking::read_venue(crowd.venue_toml, "the bench's venue");
  if (!venue) throw std::runtime_error(base::to_string(venue.error()));
  crowd.venue = std::move(*venue);
  return crowd;
}

package::Manifest standing_film() { return manifest_of(kStandingFilm, "等候", "Standing", standing()); }
package::Manifest wandering_film() { return manifest_of(kWanderingFilm, "漫步", "Wandering", wandering()); }

std::vector<hall::StateRecord> standing_records(const StandingCrowd& crowd, const package::Manifest& film) {
  using hall::to_record;
  const planning::FloorPlan floor = hall::floor_plan(crowd.venue);
  std::vector<hall::StateRecord> records;
  const auto add = [&](std::string kind, std::uint64_t key, base::Bytes body) { records.push_back({std::move(kind), std::to_string(key), std::move(body)}); };
  const auto visit_at = [&](std::size_t i, protocol::Phase phase, const base::FilmId& wanted) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    hall::Visit visit;
    visit.viewer = base::ViewerId(number);
    visit.headset = base::HeadsetId(static_cast<std::uint16_t>(number));
    visit.body = base::BodyId(number);
    visit.phase = phase;
    visit.film = wanted;
    visit.allowed = {wanted};
    visit.token = base::formatted("ticket-{}", number);
    visit.height_m = 1.7;
    visit.last_head = crowd.homes[i];
    visit.head_known = true;
    return visit;
  };
  const auto add_visit = [&](const hall::Visit& visit) {
    add("visit", visit.viewer.value(), to_record(visit));
    add("shelf", visit.viewer.value(), to_record(hall::ShelfRecord{protocol::Phase::idle, visit.viewer, 0}));
  };
  for (std::size_t i = 0; i < crowd.playing; ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    tracking::Placement placement;
    placement.shift = {crowd.homes[i].x, crowd.homes[i].y};
    hall::Course course;
    course.id = base::PlayId(number);
    course.film = film.film;
    course.plan = planning::make_plan(hall::planned_route(film), placement, 1.0, {}, {}, floor);
    course.plan.play = course.id;
    course.plan.film = film.film;
    course.plan.enter_s = {0.5, 0.5 + kDwell_s};
    course.plan.end_s = 3.0 + 2.0 * kDwell_s;
    course.members = {base::ViewerId(number)};
    course.granted_gate = 0;
    planning::SavedPlay saved;
    saved.plan = course.plan;
    saved.at.block = saved.at.granted = 0;
    saved.at.ready_s = kDwell_s;
    saved.waits.resize(course.plan.blocks.size());

    hall::Visit visit = visit_at(i, protocol::Phase::playing, film.film);
    hall::Play play;
    play.id = play.course = course.id;
    play.code = base::formatted("bench-hall-1-{}", number);
    play.walked = {0, protocol::BlockStage::in_scene, std::chrono::seconds(1), false};
    play.granted = play.started = true;
    visit.play = play;
    add("course", number, to_record(course, &saved));
    add_visit(visit);
  }
  for (std::size_t i = crowd.playing; i < crowd.homes.size(); ++i) {
    hall::Visit visit = visit_at(i, protocol::Phase::waiting, kWanderingFilm);
    visit.chosen = base::hall_time(0.01 * static_cast<double>(i));
    add_visit(visit);
  }
  return records;
}

}  // namespace promenade::bench
