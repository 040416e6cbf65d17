#include "tests/bench/safety_actor.h"

#include "showcontrol/hall/course_motion.h"

#include <algorithm>

namespace promenade::bench::safety {

namespace {

constexpr double kLegFree_m = 0.5;      // as rehearsed viewers take it

}  // namespace

protocol::PlayOrder order_of(const planning::PlayPlan& plan, std::size_t place) {
  protocol::PlayOrder order;
  order.play = plan.play;
  order.film = plan.film;
  order.placement = plan.placement;
  order.scale = plan.scale;
  order.start = base::hall_time(plan.start_s());
  const std::size_t first = plan.first_scene_block();
  const std::size_t out = plan.last_scene_block() + 1;
  if (plan.blocks[first].path.size() > 1 || first > 0) hall::add_way(plan, 0, first, place, order.way_in, order.way_in_stops);
  if (plan.blocks.size() > out) hall::add_way(plan, out, plan.blocks.size() - 1, place, order.way_out, order.way_out_stops);
  return order;
}

Actor::Actor(const rehearsal::WalkerHabits& habits, base::Random random, const protocol::PlayOrder& order, const client::FilmShelf& shelf,
             double play_length_s, bool child, const std::optional<protocol::OwnPlace>& own_place, std::optional<base::Random> together)
    : walker_(habits, random, order.way_in.front(), play_length_s, child, std::move(together)) {
  walk_.follow(order, {}, shelf, own_place);
}

std::optional<protocol::OwnPlace> own_place_of(const planning::PlayPlan& plan, std::size_t place) {
  if (plan.offsets.empty()) return std::nullopt;
  return protocol::OwnPlace{plan.offsets[place], 0, {}};
}

hall::Walked Actor::walked() const {
  const protocol::Progress progress = walk_.progress();
  return {progress.block, progress.stage, progress.scene_time, progress.ready};
}

HallPoint Actor::home() const {
  HallPoint best = walk_.target().value_or(at());
  if (!guidance_.path.empty() && walk_.stage() == protocol::BlockStage::walking) {
    double nearest = 1e9;
    for (std::size_t i = 0; i < guidance_.path.size(); ++i) {
      const HallPoint p = tracking::nearest_on_segment(guidance_.path[i > 0 ? i - 1 : 0], guidance_.path[i], at());
      const double distance = tracking::distance(p, at());
      if (distance < nearest) {
        nearest = distance;
        best = p;
      }
    }
  }
  return best;
}

void Actor::stand_at(HallPoint here) {
  walker_.stand_at(here, here);
  shown_.clear();  // what path is shown is walked from here
  guidance_.path.clear();
  ++guidance_.path_id;
}

void Actor::keep_time(double now_s, const rehearsal::Room& room) {
  walker_.stand_at(at(), at());
  rehearsal::Guidance standing;
  standing.free_radius_m = -0.1;
  walker_.step(now_s, standing, room);
  now_s_ = now_s;
}

void Actor::take_path() {
  const std::vector<HallPoint>& path = walk_.path();
  if (path == shown_) return;
  const bool grows = !shown_.empty() && path.size() > shown_.size() && std::equal(shown_.begin(), shown_.end(), path.begin());
  if (grows && !guidance_.path.empty()) {
    for (std::size_t i = shown_.size(); i < path.size(); ++i) guidance_.path.push_back(path[i]);
    shown_ = path;
    return;
  }
  shown_ = path;
  if (path.empty()) return;
  std::size_t next = 0;
  double nearest = tracking::distance(at(), path.front());
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double distance = tracking::distance_to_segment_m(path[i - 1], path[i], at());
    if (distance < nearest) {
      nearest = distance;
      next = i;
    }
  }
  // From the point that he wanders about, so that a stray is not walked twice.
  guidance_.path.assign(1, walker_.at_path_end() ? walker_.next_point() : at());
  for (std::size_t i = next; i < path.size(); ++i) guidance_.path.push_back(path[i]);
  ++guidance_.path_id;
}

void Actor::step(double now_s, HallPoint head, const Leading& leading, const rehearsal::Room& room) {
  client::Walk::Moment moment;
  moment.since = started_ ? base::from_seconds(now_s - now_s_) : base::Duration{0};
  moment.hall = base::hall_time(now_s);
  moment.head = head;
  moment.frozen = leading.level >= tracking::Level::pause;
  moment.open_gate = leading.open_gate;
  walk_.step(moment);
  started_ = true;
  now_s_ = now_s;

  const bool in_scene = walk_.stage() == protocol::BlockStage::in_scene && !walk_.on_way_in() && !walk_.on_way_out();
  guidance_.level = leading.level == tracking::Level::evacuate ? tracking::Level::stop : leading.level;
  guidance_.has_arrow = leading.arrow_rad.has_value();
  guidance_.arrow_rad = leading.arrow_rad.value_or(0.0);
  guidance_.in_play = walk_.film_shows();
  guidance_.free_radius_m = in_scene ? walk_.target_radius_m() : kLegFree_m;
  if (changes_ != walk_.changes() || shown_.empty()) {
    changes_ = walk_.changes();
    if (!walk_.path().empty()) take_path();
  }
  walker_.step(now_s, guidance_, room);
}

}  // namespace promenade::bench::safety
