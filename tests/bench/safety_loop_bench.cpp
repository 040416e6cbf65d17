// The hall's safety loop at 90 Hz: every body put, its neighbours found, its level evaluated, once a tick, for 50 to 2,000
// walkers in a hall that grows with them; beside brute force over all pairs and a k-d tree (nanoflann) built anew each tick.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <memory>
#include <nanoflann.hpp>
#include <numbers>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/online_demand.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"
#include "tracking/base/random.h"
#include "tracking/level_filter.h"
#include "tracking/safety.h"
#include "tracking/wall_grid.h"

namespace promenade::bench {
namespace {

using tracking::Body;
using tracking::HallPoint;
using tracking::HallVec;
using tracking::Neighbour;

constexpr std::size_t kCrowds[] = {50, 200, 500, 1000, 2000};
constexpr std::size_t kHeadline = 200;
constexpr double kFloorEach_m2 = 20.0;
constexpr double kWideness = 28.0 / 15.0;   // of wuxi-420, whose two columns of 0.6 m stand on 210 m² each
constexpr double kColumnEach_m2 = 210.0;
constexpr double kColumn_m = 0.6;
constexpr double kTick_s = 1.0 / 90.0;
constexpr std::size_t kNearMax = 32;        // as the hall's
constexpr double kMostTick_ms = 0.3;        // docs/measures.md
constexpr double kMostGrowth = 1.3;
constexpr double kSpeed_mps = 0.7, kSpeedSd_mps = 0.11;
constexpr double kTurn_rad = 0.15;          // 1 σ a tick: a walk that wanders
constexpr double kWallKept_m = 0.5;
constexpr double kCircle_m = 1.0;           // of those kept apart

struct LoopOptions {
  std::size_t ticks = 2000;    // of ours for every crowd
  std::size_t every = 20;      // the others run each so many ticks
  std::uint64_t seed = 1;
  bool wander = false;
};

// A tick's time on the processor, and on the clock on the wall: on a machine that nothing else uses they agree, and on a
// shared one the second says how busy the others are.
struct TickTime {
  double processor_us = 0.0;
  double wall_us = 0.0;
};
TickTime time_now() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return {static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3,
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count()};
}

tracking::Venue hall_for(std::size_t walkers) {
  const double area_m2 = kFloorEach_m2 * static_cast<double>(walkers);
  const double depth_m = std::sqrt(area_m2 / kWideness);
  const double width_m = area_m2 / depth_m;
  tracking::Venue venue;
  venue.boundary = {{0, 0}, {width_m, 0}, {width_m, depth_m}, {0, depth_m}};
  const auto columns = std::max<std::size_t>(1, static_cast<std::size_t>(area_m2 / kColumnEach_m2));
  const auto across = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(columns) * kWideness))));
  const std::size_t rows = (columns + across - 1) / across;
  for (std::size_t i = 0; i < columns; ++i) {
    const double x = width_m * (static_cast<double>(i % across) + 0.5) / static_cast<double>(across);
    const double y = depth_m * (static_cast<double>(i / across) + 0.5) / static_cast<double>(rows);
    const double half_m = kColumn_m / 2.0;
    venue.obstacles.push_back({"column", {{x - half_m, y - half_m}, {x + half_m, y - half_m}, {x + half_m, y + half_m}, {x - half_m, y + half_m}}});
  }
  return venue;
}

// Walkers each with a plan that agrees with his way: what the bodies of a busy hall hold. Kept apart, each goes round a
// circle on floor of his own, as far from the others as plans keep people. Wandering, they go anywhere and near each other.
class Crowd {
 public:
  Crowd(const tracking::Venue& venue, std::size_t walkers, bool wander, base::Random random)
      : high_(venue.boundary[2]), wander_(wander), random_(random) {
    const auto across = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(walkers) * kWideness)));
    const std::size_t rows = (walkers + across - 1) / across;
    std::vector<std::size_t> places(walkers);
    for (std::size_t i = 0; i < walkers; ++i) places[i] = i;
    for (std::size_t i = walkers - 1; i > 0; --i) std::swap(places[i], places[random_.below(i + 1)]);  // bodies lie in no order of place
    for (std::size_t i = 0; i < walkers; ++i) {
      Body& body = bodies_.emplace_back();
      body.id = base::BodyId{static_cast<std::uint32_t>(i + 1)};
      const double speed = std::clamp(random_.normal(kSpeed_mps, kSpeedSd_mps), 0.3, 1.4);
      const double heading = random_.uniform(-std::numbers::pi, std::numbers::pi);
      body.velocity = {speed * std::cos(heading), speed * std::sin(heading)};
      const HallPoint own{high_.x * (static_cast<double>(places[i] % across) + 0.5) / static_cast<double>(across),
                          high_.y * (static_cast<double>(places[i] / across) + 0.5) / static_cast<double>(rows)};
      const HallPoint anywhere{random_.uniform(kWallKept_m, high_.x - kWallKept_m), random_.uniform(kWallKept_m, high_.y - kWallKept_m)};
      body.position = wander ? anywhere : own + HallVec{std::sin(heading), -std::cos(heading)} * kCircle_m;
    }
  }

  void step(base::HallTime now) {
    for (Body& body : bodies_) {
      HallVec& v = body.velocity;
      const double turn = wander_ ? random_.normal(0.0, kTurn_rad) : length(v) * kTick_s / kCircle_m;
      v = turned(v, turn);
      HallPoint& at = body.position;
      at = at + v * kTick_s;
      if (wander_ && (at.x < kWallKept_m || at.x > high_.x - kWallKept_m)) v.x = std::copysign(v.x, high_.x / 2.0 - at.x);
      if (wander_ && (at.y < kWallKept_m || at.y > high_.y - kWallKept_m)) v.y = std::copysign(v.y, high_.y / 2.0 - at.y);
      body.heard = now;
      const double turn_in_1s = wander_ ? 0.0 : length(v) / kCircle_m;
      body.ahead = tracking::PlanAhead{at, at + turned(v, turn_in_1s / 2.0), at + turned(v, turn_in_1s / 2.0) + turned(v, turn_in_1s * 1.5)};
    }
  }
  const std::vector<Body>& bodies() const { return bodies_; }

 private:
  static HallVec turned(HallVec v, double turn) {
    return {v.x * std::cos(turn) - v.y * std::sin(turn), v.x * std::sin(turn) + v.y * std::cos(turn)};
  }
  HallPoint high_;
  bool wander_;
  base::Random random_;
  std::vector<Body> bodies_;
};

// What each walker is told, from the neighbours that `find` gives him; the same for all three ways of finding them.
template <class Find>
TickTime tick(const std::vector<Body>& bodies, std::vector<tracking::LevelFilter>& filters, const tracking::Venue& venue,
               const tracking::WallGrid& walls, base::HallTime now, Find find, std::size_t& raised) {
  const TickTime begin = time_now();
  std::array<Neighbour, kNearMax> near;
  find.begin();
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Body& self = find.self(bodies[i]);
    const std::size_t count = find(self, near);
    const auto evaluation = tracking::evaluate(self, {}, std::span(near).first(count), venue, now, &walls);
    raised += filters[i].update(now, evaluation).level != tracking::Level::clear ? 1 : 0;
  }
  const TickTime end = time_now();
  return {end.processor_us - begin.processor_us, end.wall_us - begin.wall_us};
}

struct ByTable {
  tracking::BodyTable& table;
  const std::vector<Body>& bodies;
  void begin() const {
    for (const Body& body : bodies) (void)table.put(body);
  }
  const Body& self(const Body& body) const { return *table.find(body.id); }
  std::size_t operator()(const Body& self, std::span<Neighbour> out) const { return table.near(self.position, tracking::kInterestRadius_m, self.id, out); }
};

using Found = std::vector<std::pair<double, const Body*>>;  // squared distance

std::size_t nearest_of(Found& found, std::span<Neighbour> out) {
  std::ranges::sort(found, [](const auto& a, const auto& b) { return a.first != b.first ? a.first < b.first : a.second->id < b.second->id; });
  const std::size_t count = std::min(found.size(), out.size());
  for (std::size_t i = 0; i < count; ++i) out[i] = Neighbour{found[i].second};
  return count;
}

struct ByBruteForce {
  const std::vector<Body>& bodies;
  Found& found;
  void begin() const {}
  const Body& self(const Body& body) const { return body; }
  std::size_t operator()(const Body& self, std::span<Neighbour> out) const {
    constexpr double kRadius2 = tracking::kInterestRadius_m * tracking::kInterestRadius_m;
    found.clear();
    for (const Body& body : bodies) {
      const HallVec offset = body.position - self.position;
      if (const double gap2 = dot(offset, offset); gap2 <= kRadius2 && body.id != self.id) found.emplace_back(gap2, &body);
    }
    return nearest_of(found, out);
  }
};

struct Cloud {  // as nanoflann asks for points
  const std::vector<Body>& bodies;
  std::size_t kdtree_get_point_count() const { return bodies.size(); }
  double kdtree_get_pt(std::size_t i, std::size_t axis) const { return axis == 0 ? bodies[i].position.x : bodies[i].position.y; }
  template <class Box>
  bool kdtree_get_bbox(Box&) const { return false; }
};
using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud, 2, std::uint32_t>;

struct ByTree {
  Tree& tree;
  const std::vector<Body>& bodies;
  Found& found;
  std::vector<nanoflann::ResultItem<std::uint32_t, double>>& items;
  void begin() const { tree.buildIndex(); }
  const Body& self(const Body& body) const { return body; }
  std::size_t operator()(const Body& self, std::span<Neighbour> out) const {
    const double at[2] = {self.position.x, self.position.y};
    const double radius2 = std::nextafter(tracking::kInterestRadius_m * tracking::kInterestRadius_m, 1e9);  // its radius is exclusive
    tree.radiusSearch(at, radius2, items, nanoflann::SearchParameters(0.0F, false));
    found.clear();
    for (const auto& item : items) {
      const HallVec offset = bodies[item.first].position - self.position;
      if (bodies[item.first].id != self.id) found.emplace_back(dot(offset, offset), &bodies[item.first]);
    }
    return nearest_of(found, out);
  }
};

struct CrowdFigures {
  std::vector<double> ours_us, wall_us, brute_us, tree_us;  // wall_us: of ours; the others on the processor
  std::size_t neighbours = 0, compared = 0, differ = 0, raised = 0;
};

// Whether all three find the same neighbours in the same order, for every walker.
void compare(const ByTable& table, const ByBruteForce& brute, const ByTree& tree, const std::vector<Body>& bodies, CrowdFigures& figures) {
  std::array<Neighbour, kNearMax> a, b, c;
  for (const Body& self : bodies) {
    const std::size_t found = table(self, a);
    const auto same = [&](const std::array<Neighbour, kNearMax>& other, std::size_t count) {
      return count == found && std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(found), other.begin(),
                                          [](const Neighbour& x, const Neighbour& y) { return x.body->id == y.body->id; });
    };
    const bool all = same(b, brute(self, b)) && same(c, tree(self, c));
    figures.neighbours += found;
    ++figures.compared;
    figures.differ += all ? 0 : 1;
  }
}

// One crowd in its hall, with what each way of finding neighbours keeps between ticks.
class Loop {
 public:
  Loop(std::size_t walkers, bool wander, std::uint64_t seed)
      : venue_(hall_for(walkers)), walls_(venue_), crowd_(venue_, walkers, wander, base::Random(seed).fork("crowd", walkers)), table_(walkers, venue_),
        own_(walkers), of_brute_(walkers), of_tree_(walkers), cloud_{crowd_.bodies()}, tree_(2, cloud_) {}

  void tick(base::HallTime now, bool with_others) {
    const std::vector<Body>& bodies = crowd_.bodies();
    const ByTable by_table{table_, bodies};
    crowd_.step(now);
    const TickTime ours = bench::tick(bodies, own_, venue_, walls_, now, by_table, figures_.raised);
    figures_.ours_us.push_back(ours.processor_us);
    figures_.wall_us.push_back(ours.wall_us);
    if (!with_others) return;
    const ByBruteForce by_brute{bodies, found_};
    const ByTree by_tree{tree_, bodies, found_, items_};
    std::size_t raised_elsewhere = 0;
    figures_.brute_us.push_back(bench::tick(bodies, of_brute_, venue_, walls_, now, by_brute, raised_elsewhere).processor_us);
    figures_.tree_us.push_back(bench::tick(bodies, of_tree_, venue_, walls_, now, by_tree, raised_elsewhere).processor_us);
    compare(by_table, by_brute, by_tree, bodies, figures_);
  }
  const CrowdFigures& figures() const { return figures_; }

 private:
  tracking::Venue venue_;
  tracking::WallGrid walls_;
  Crowd crowd_;
  tracking::BodyTable table_;
  std::vector<tracking::LevelFilter> own_, of_brute_, of_tree_;
  Cloud cloud_;
  Tree tree_;
  Found found_;
  std::vector<nanoflann::ResultItem<std::uint32_t, double>> items_;
  CrowdFigures figures_;
};

Outcome run_loop(LoopOptions options, bool full) {
  if (full) options.ticks *= 5;
  Outcome outcome;
  outcome.table = base::formatted("{:>8} {:>8} {:>11} {:>13} {:>13} {:>13} {:>13} {:>10} {:>10} {:>10}\n", "walkers", "ticks", "neighbours", "tick p50, ms",
                                  "tick p99, ms", "on the wall", "a walker, us", "brute", "k-d tree", "warned");
  double headline_us = 0.0;
  double largest_us = 0.0;
  std::size_t differ = 0;
  // The crowds take their ticks in turn: what else the machine does falls on all alike, and none finds its own memory
  // still at hand, as no hall does 11 ms later.
  std::vector<std::unique_ptr<Loop>> loops;
  for (const std::size_t walkers : kCrowds) loops.push_back(std::make_unique<Loop>(walkers, options.wander, options.seed));
  for (std::size_t tick = 0; tick < options.ticks; ++tick) {
    for (const auto& loop : loops) loop->tick(base::hall_time(static_cast<double>(tick) * kTick_s), tick % options.every == 0);
  }
  for (const auto& loop : loops) {
    const CrowdFigures& crowd = loop->figures();
    const std::size_t walkers = kCrowds[static_cast<std::size_t>(&loop - loops.data())];
    const double each = static_cast<double>(walkers);
    const double p50 = quantile(crowd.ours_us, 0.5);
    const double p99 = quantile(crowd.ours_us, 0.99);
    const double wall = quantile(crowd.wall_us, 0.99);
    const double brute = quantile(crowd.brute_us, 0.5);
    const double tree = quantile(crowd.tree_us, 0.5);
    const double near = static_cast<double>(crowd.neighbours) / static_cast<double>(crowd.compared);
    const double raised = static_cast<double>(crowd.raised) / (each * static_cast<double>(options.ticks));
    if (walkers == kHeadline) {
      headline_us = p50 / each;
      outcome.at_most("tick_p99_ms_200", p99 / 1000.0, kMostTick_ms);
    }
    largest_us = p50 / each;
    differ += crowd.differ;
    outcome.figures[std::to_string(walkers)] = {{"neighbours", near}, {"tick_p50_ms", p50 / 1000.0}, {"tick_p99_ms", p99 / 1000.0}, {"tick_p99_wall_ms", wall / 1000.0}, {"walker_us", p50 / each},
                                                {"brute_walker_us", brute / each}, {"tree_walker_us", tree / each}, {"share_raised", raised}};
    outcome.samples[std::to_string(walkers)] = {{"ticks", options.ticks}, {"ticks_of_others", crowd.brute_us.size()}, {"neighbourhoods_compared", crowd.compared}};
    outcome.table += base::formatted("{:>8} {:>8} {:>11.2f} {:>13.3f} {:>13.3f} {:>13.3f} {:>13.2f} {:>10.2f} {:>10.2f} {:>9.1f}%\n", walkers, options.ticks, near, p50 / 1000.0,
                                     p99 / 1000.0, wall / 1000.0, p50 / each, brute / each, tree / each, 100.0 * raised);
  }
  outcome.figures["growth_200_to_2000"] = largest_us / headline_us;
  outcome.table += base::formatted("cost of a walker, 2,000 over 200: {:.2f}\n", largest_us / headline_us);
  outcome.at_most("growth_200_to_2000", largest_us / headline_us, kMostGrowth);
  outcome.at_most("neighbourhoods_that_differ", static_cast<double>(differ), 0.0);
  return outcome;
}

Run add_loop_options(CLI::App& app) {
  auto options = std::make_shared<LoopOptions>();
  app.add_option("--ticks", options->ticks, "Ticks of each crowd; a p99 needs 2,000")->check(CLI::Range(2000, 1'000'000))->capture_default_str();
  app.add_option("--every", options->every, "Ticks between two of brute force and the k-d tree")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_flag("--wander", options->wander, "Walkers go anywhere and near each other; otherwise they are kept apart, as plans do");
  app.add_option("--seed", options->seed, "Seed of the walkers' ways")->capture_default_str();
  return [options](bool full) { return run_loop(*options, full); };
}

}  // namespace

Bench safety_loop_bench() {
  return {"safety-loop", "The hall's safety evaluation of 50 to 2,000 walkers, beside brute force and a k-d tree", add_loop_options};
}

}  // namespace promenade::bench
