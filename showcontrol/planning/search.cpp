#include "showcontrol/planning/search.h"

#include <algorithm>
#include <limits>

#include "showcontrol/planning/timing.h"

namespace promenade::planning {
namespace {

constexpr double kWayWindow_s = 45.0;  // how long a way in or out takes, about: the window of its crossing costs
constexpr std::size_t kWaysIn = 2;     // launching points tried for one placement, nearest first
constexpr double kTogether_s = 3.0;    // a fellow sets out so soon after
constexpr double kDetour = 1.5;          // of a way in, beside the straight line
constexpr std::size_t kMostDisplaced = 3;
constexpr double kNear_m = 3.0;         // no separation is more
constexpr double kSpreadRounding_m = 1e-6;

// Whether what of the play may be moved has to do with the block.
bool comes_near(const ProjectedPlay& play, std::size_t gate, const Block& block) {
  const auto meets = [&](const Block& other) { return !boxes_apart(other.low, other.high, block.low, block.high, kNear_m); };
  return std::any_of(play.plan.blocks.begin() + static_cast<std::ptrdiff_t>(gate) - 1, play.plan.blocks.end(), meets);
}

}  // namespace

Search::Search(const Floor& floor, ConflictRule rule, const Weights& weights, const PlanRequest& request, const Snapshot& snapshot)
    : floor_(floor), rule_(rule), weights_(weights), request_(request), snapshot_(snapshot), earliest_s_(std::max(request.earliest_s, snapshot.now_s)),
      ways_(request.route), expected_(package::along(request.route, package::default_scenes(request.route))), margins_(floor.margins({})) {
  if (request.members > 1 && !request.seat) group_.emplace(floor, request, rule);
  if (!request.enter_from) return;
  const std::vector<double> costs = crossing_costs(floor, snapshot, earliest_s_, earliest_s_ + kWayWindow_s);
  if (group_ && group_->leads_ways()) {
    in_.reserve(group_->launches().size());
    for (const HallPoint from : group_->launches()) in_.emplace_back(group_->floor(), from, std::nullopt, costs);
    return;
  }
  in_.reserve(1 + request.enter_also.size());
  in_.emplace_back(floor, request.enter_by.value_or(*request.enter_from), request.seat, costs);
  for (const HallPoint from : request.enter_also) in_.emplace_back(floor, from, request.seat, costs);
}

// Where nobody knows the way in yet: as if it were straight at best, and half as long again at worst.
Interval Search::arrivals_at(HallPoint place) const {
  const double latest_s = earliest_s_ + request_.wait_max_s;
  if (in_.empty()) return {earliest_s_, latest_s};
  double least_m = std::numeric_limits<double>::infinity(), most_m = 0.0;
  for (const TransitField& field : in_) {
    const double before_m = starts_inside(&field) ? tracking::distance(*request_.enter_from, field.door()) : 0.0;
    const double straight_m = before_m + tracking::distance(field.door(), place);
    least_m = std::min(least_m, straight_m);
    most_m = std::max(most_m, kDetour * straight_m);
  }
  const double speed_mps = request_.route.walk_speed_mps;
  return {earliest_s_ + least_m / speed_mps, latest_s + floor_.plan().setting_off_s + most_m / speed_mps};
}

QuickLook Search::look_at_scale(double scale) const {
  const double ways_s = in_.empty() ? 0.0 : floor_.plan().setting_off_s + kDetour * 2.0 * tracking::distance(floor_.low(), floor_.high()) / request_.route.walk_speed_mps;
  return {expected_, floor_.plan(), rule_, scale, earliest_s_, request_.wait_max_s + ways_s};
}

Occupancy& Search::occupancy() {
  if (!occupancy_) {
    const QuickLook longest = look_at_scale(std::max(1.0, request_.route.scale_max));
    PlayPlan newcomer;
    newcomer.members = request_.members;
    newcomer.seated = request_.seat.has_value();
    occupancy_.emplace(floor_, rule_, newcomer, snapshot_, earliest_s_, longest.step_s(), longest.steps());
  }
  return *occupancy_;
}

std::optional<QuickLook::Prospect> Search::look(const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(expected_, laid.placement, laid.scale);
  if (!keeps_margins(floor_, places, margins_)) return std::nullopt;
  if (!unscaled_) unscaled_.emplace(look_at_scale(1.0));
  const Interval arrivals = arrivals_at(places.front());
  QuickLook::Prospect prospect = laid.scale == 1.0 ? unscaled_->look(laid, occupancy(), arrivals, weights_) : look_at_scale(laid.scale).look(laid, occupancy(), arrivals, weights_);
  if (!prospect.goes) return prospect;
  find_taken();
  prospect.cost += taken_->newly_taken_m2(places) * weights_.newly_taken_s_per_m2 * scarcity_;
  return prospect;
}

bool Search::fits(const LaidRoute& laid) const {
  if (!group_) return keeps_margins(floor_, lay(expected_, laid.placement, laid.scale), margins_);
  return keeps_margins(ground(), request_.route, laid) && spread_m(group_->offsets()) <= scene_room_m(request_.route) * laid.scale + kSpreadRounding_m;
}

bool Search::try_placement(const LaidRoute& laid, double arrive_s) {
  arrive_from_s_ = arrive_s;
  return consider(laid);
}

bool Search::try_seat(PlanAnswer& answer) {
  const package::FilmPoint at = request_.route.scenes.front().at;
  LaidRoute laid;
  laid.placement.shift = {request_.seat->x - at.x_m, request_.seat->y - at.y_m};
  answer.placements_tried = answer.placements_fitting = answer.placements_timed = 1;
  return consider(laid);
}

const TransitField& Search::out() {
  if (!out_) {
    const double leave_s = earliest_s_ + package::nominal_length_s(request_.route);
    const HallPoint end = group_ && group_->leads_ways() ? *group_->farewell() : *request_.leave_to;
    out_.emplace(group_ && group_->leads_ways() ? group_->floor() : floor_, end, request_.seat, crossing_costs(floor_, snapshot_, leave_s, leave_s + kWayWindow_s));
  }
  return *out_;
}

void Search::find_taken() {
  if (taken_) return;
  taken_.emplace(floor_, floor_.plan().separation_m);
  for (const ProjectedPlay& other : snapshot_.plays) {
    for (std::size_t k = 0; k < other.plan.block_count(); ++k) {
      if (other.plan.block(k).scene != kNoScene) taken_->take(other.plan.block(k).place());
    }
  }
  scarcity_ = taken_->share() * taken_->share();
}

bool Search::no_way_for_group() const {
  if (!group_ || !group_->leads_ways()) return false;
  return (request_.enter_from && in_.empty()) || (request_.leave_to && !group_->farewell());
}

bool Search::consider(const LaidRoute& laid) {
  reached_ = 0;
  if (no_way_for_group()) {
    way_missing_ = true;
    return false;
  }
  const std::vector<HallPoint> places = lay(request_.route, laid.placement, laid.scale);
  std::vector<const TransitField*> nearest;
  for (const TransitField& field : in_) nearest.push_back(&field);
  std::ranges::stable_sort(nearest, {}, [&](const TransitField* field) { return tracking::distance(field->door(), places.front()); });
  nearest.resize(std::min(nearest.size(), kWaysIn));
  std::vector<StepsIn> ways;
  for (const TransitField* field : nearest) {
    if (auto steps = field->steps_to(places.front())) ways.push_back({field, std::move(*steps)});
    else way_missing_ = true;
  }
  if (!in_.empty() && ways.empty()) return false;
  if ((!in_.empty() || request_.leave_to) && !scenes_may_be_timed(laid, ways)) return false;
  Path way_out;
  if (request_.leave_to) {
    const auto way = out().way_to(places[ways_.expected_end()]);
    if (!way) {
      way_missing_ = true;
      return false;
    }
    way_out.assign(way->rbegin(), way->rend());
  }
  if (in_.empty()) return keep(laid, {}, way_out);
  bool found = false;
  for (const StepsIn& one : ways) {
    auto way = one.field->pulled(one.steps);
    if (way) {
      if (starts_inside(one.field)) way->insert(way->begin(), *request_.enter_from);
      found = keep(laid, *way, way_out) || found;
    } else {
      way_missing_ = true;
    }
  }
  return found;
}

// Most placements fail by their scenes, whatever the ways to them: that is cheaper to find out than the ways are.
bool Search::scenes_may_be_timed(const LaidRoute& laid, const std::vector<StepsIn>& ways) {
  double least_m = ways.empty() ? 0.0 : std::numeric_limits<double>::infinity();
  double most_m = 0.0;
  for (const StepsIn& one : ways) {
    const double before_m = starts_inside(one.field) ? tracking::distance(*request_.enter_from, one.field->door()) : 0.0;
    least_m = std::min(least_m, before_m + tracking::distance(one.steps.front(), one.steps.back()));
    most_m = std::max(most_m, before_m + path_length_m(one.steps));
  }
  const PlayPlan scenes = make_play(laid, {}, {});
  const double latest_s = earliest_s_ + request_.wait_max_s + (ways.empty() ? 0.0 : scenes.setting_off_s);
  const Interval arrival{earliest_s_ + least_m / scenes.speed_mps, latest_s + most_m / scenes.speed_mps};
  return may_be_timed(scenes, snapshot_, floor_.plan(), rule_, arrival, request_.route.hold_total_max_s, &reached_);
}

PlayPlan Search::make_play(const LaidRoute& laid, const Path& way_in, const Path& way_out) const {
  PlayPlan plan = make_plan(request_.route, laid.placement, laid.scale, way_in, way_out, group_ && group_->leads_ways() ? group_->floor().plan() : floor_.plan());
  plan.play = request_.play;
  plan.film = request_.film;
  plan.members = request_.members;
  plan.seated = request_.seat.has_value() && request_.joins.is_none();
  plan.joins = request_.joins;
  plan.joins_block = request_.joins_block;
  if (!group_) return plan;
  std::vector<HallVec> offsets = laid_offsets(group_->offsets(), laid.placement);
  if (!group_->leads_ways()) {
    plan.offsets = std::move(offsets);
    return plan;
  }
  const std::vector<GroupMember>& members = way_in.empty() ? group_->members() : group_->members_to(way_in.front());
  if (!way_in.empty()) offsets = assigned(members, offsets, way_in.front());
  give_lanes(plan, members, std::move(offsets), way_out.empty() ? std::nullopt : request_.leave_to);
  return plan;
}

std::optional<PlayPlan> Search::timed(PlayPlan plan, const Snapshot& snapshot, double earliest_s, double latest_s, std::size_t* reached) const {
  auto times = earliest_times(plan, snapshot, floor_.plan(), rule_, earliest_s, latest_s, request_.route.hold_total_max_s, reached);
  if (!times) return std::nullopt;
  plan.enter_s = std::move(times->enter_s);
  plan.end_s = times->end_s;
  return plan;
}

bool Search::keep(const LaidRoute& laid, const Path& way_in, const Path& way_out) {
  std::size_t blocks = 0;
  PlayPlan untimed = make_play(laid, way_in, way_out);
  double before_s = 0.0;  // from his entry to scene 0
  for (std::size_t k = 0; k <= untimed.first_scene_block(); ++k) before_s += untimed.walk_s(k);
  const double latest_s = earliest_s_ + request_.wait_max_s;
  auto plan = timed(std::move(untimed), snapshot_, std::clamp(arrive_from_s_ - before_s, earliest_s_, latest_s), latest_s, &blocks);
  reached_ = (in_.empty() && !request_.leave_to ? 0 : request_.route.scenes.size()) + blocks;
  if (!plan) return false;
  find_taken();
  const double not_offered = narrowed(*plan);
  const double cost = cost_of(*plan) + not_offered;
  remember(cost, {std::move(*plan), {}});
  return true;
}

void Search::remember(double cost, Planned planned) {
  if (found_.empty() || cost < found_[best_].cost) best_ = found_.size();
  found_.push_back({cost, std::move(planned)});
}

std::optional<PlayPlan> Search::with_ways(const LaidRoute& laid) {
  const std::vector<HallPoint> places = lay(request_.route, laid.placement, laid.scale);
  Path way_in, way_out;
  if (!in_.empty()) {
    const auto field = std::ranges::min_element(in_, {}, [&](const TransitField& one) { return tracking::distance(one.door(), places.front()); });
    const auto way = field->way_to(places.front());
    if (!way) return std::nullopt;
    way_in = *way;
    if (starts_inside(&*field)) way_in.insert(way_in.begin(), *request_.enter_from);
  }
  if (request_.leave_to) {
    const auto way = out().way_to(places[ways_.expected_end()]);
    if (!way) return std::nullopt;
    way_out.assign(way->rbegin(), way->rend());
  }
  return make_play(laid, way_in, way_out);
}

bool Search::rearrange(const LaidRoute& laid, int& timings) {
  if (no_way_for_group()) return false;
  const auto whole = with_ways(laid);
  if (!whole) return false;
  const double free_from_s = snapshot_.now_s + floor_.plan().tolerance_s;
  const double latest_s = earliest_s_ + request_.wait_max_s;
  Snapshot with = snapshot_;
  std::vector<Displaced> displaced;
  std::size_t reached = 0;
  --timings;
  auto plan = timed(*whole, with, earliest_s_, latest_s, &reached);
  // One after the other, that play is taken to be movable without which the placement goes farthest.
  while (!plan) {
    if (displaced.size() == kMostDisplaced || reached >= whole->blocks.size()) return false;
    const Block& stuck = whole->blocks[reached];
    std::optional<Displaced> best;
    std::size_t farthest = reached;
    for (std::size_t i = 0; i < with.plays.size() && timings > 0 && !plan; ++i) {
      const std::size_t gate = first_free_gate(with.plays[i], free_from_s);
      const bool moved = std::ranges::find(displaced, i, &Displaced::play) != displaced.end();
      if (moved || gate >= with.plays[i].plan.blocks.size() || !comes_near(with.plays[i], gate, stuck)) continue;
      ProjectedPlay fixed = fixed_part(with.plays[i], gate, free_from_s);
      std::swap(with.plays[i], fixed);
      std::size_t now_reached = 0;
      --timings;
      plan = timed(*whole, with, earliest_s_, latest_s, &now_reached);
      std::swap(with.plays[i], fixed);
      if (!plan && now_reached <= farthest) continue;
      best = {i, gate};
      farthest = now_reached;
    }
    if (!best) return false;
    reached = farthest;
    with.plays[best->play] = fixed_part(with.plays[best->play], best->gate, free_from_s);
    displaced.push_back(*best);
  }
  with.plays.push_back({*plan, 0, 0.0, 0.0});
  auto others = retime(displaced, with, timings);
  if (!others) return false;
  find_taken();
  double cost = cost_of(*plan) + weights_.not_offered * static_cast<double>(ways_.count());
  for (std::size_t i = 0; i < displaced.size(); ++i) cost += weights_.hold * ((*others)[i].end_s - snapshot_.plays[displaced[i].play].plan.end_s);
  remember(cost, {std::move(*plan), std::move(*others)});
  return true;
}

std::optional<std::vector<Retimed>> Search::retime(const std::vector<Displaced>& displaced, Snapshot& with, int& timings) const {
  const double free_from_s = snapshot_.now_s + floor_.plan().tolerance_s;
  std::vector<Retimed> all;
  for (const Displaced& one : displaced) {
    const ProjectedPlay& before = snapshot_.plays[one.play];
    with.plays[one.play].first_block = with.plays[one.play].plan.blocks.size();  // out of its own way
    --timings;
    auto times = retimed(before, one.gate, with, floor_.plan(), rule_, free_from_s);
    if (!times) return std::nullopt;
    ProjectedPlay after = before;
    after.plan.enter_s = times->enter_s;
    after.plan.end_s = times->end_s;
    with.plays[one.play] = std::move(after);
    all.push_back({before.plan.play, std::move(times->enter_s), times->end_s});
  }
  return all;
}

double Search::narrowed(PlayPlan& plan) {
  if (ways_.count() == 0 || request_.members > 1) return 0.0;  // a group stays together: it goes the first way
  const auto way_out = [&](HallPoint from) -> std::optional<Path> {
    if (!request_.leave_to) return Path{};
    auto way = out().way_to(from);
    if (way) std::ranges::reverse(*way);
    return way;
  };
  return weights_.not_offered * static_cast<double>(ways_.open(plan, floor_, snapshot_, rule_, earliest_s_, earliest_s_ + request_.wait_max_s, way_out));
}

double Search::cost_of(const PlayPlan& plan) const {
  const double wait = plan.start_s() - earliest_s_;
  const double hold = plan.leave_s(plan.last_scene_block()) - plan.start_s() - plan.nominal_s();
  std::vector<HallPoint> places;
  for (std::size_t k = 0; k < plan.block_count(); ++k) {
    if (plan.block(k).scene != kNoScene) places.push_back(plan.block(k).place());
  }
  return wait * weights_.wait + hold * weights_.hold + taken_->newly_taken_m2(places) * weights_.newly_taken_s_per_m2 * scarcity_;
}

std::optional<double> Search::cost_beside(const PlayPlan& leader) {
  if (leader.start_s() + kTogether_s > arrivals_at(leader.blocks[leader.first_scene_block()].place()).to_s) return std::nullopt;
  Occupancy with = occupancy();
  with.take({leader, 0, 0.0, 0.0});
  const QuickLook quick = look_at_scale(leader.scale);
  std::optional<double> best;
  for (const LaidRoute& laid : ring_of_copies({leader.placement, leader.scale}, centre_separation_m(floor_.plan(), leader, leader))) {
    const std::vector<HallPoint> places = lay(expected_, laid.placement, laid.scale);
    if (!keeps_margins(floor_, places, margins_)) continue;
    const QuickLook::Prospect prospect = quick.look(laid, with, {leader.start_s(), leader.start_s() + kTogether_s}, weights_);
    if (!prospect.goes) continue;
    const double cost = prospect.cost + taken_->newly_taken_m2(places) * weights_.newly_taken_s_per_m2 * scarcity_;
    if (!best || cost < *best) best = cost;
  }
  return best;
}

std::optional<LaidRoute> Search::best_laid() const {
  if (found_.empty()) return std::nullopt;
  const PlayPlan& best = found_[best_].planned.plan;
  return LaidRoute{best.placement, best.scale};
}

std::optional<Search::Planned> Search::take_best(int leaders) {
  if (found_.empty()) return std::nullopt;
  std::size_t best = best_;
  if (leaders > 0 && request_.fellows > 0 && request_.members == 1 && !request_.seat) {
    std::ranges::stable_sort(found_, {}, &Found::cost);
    best = 0;
    double best_cost = std::numeric_limits<double>::infinity();
    const std::size_t looked_at = std::min(found_.size(), static_cast<std::size_t>(leaders));
    for (std::size_t i = 0; i < looked_at; ++i) {
      if (!found_[i].planned.retimed.empty()) continue;
      const auto beside = cost_beside(found_[i].planned.plan);
      if (!beside) continue;
      const double cost = found_[i].cost + *beside;
      if (cost < best_cost) {
        best_cost = cost;
        best = i;
      }
    }
  }
  return std::move(found_[best].planned);
}

}  // namespace promenade::planning
