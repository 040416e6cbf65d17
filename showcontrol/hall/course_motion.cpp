#include "showcontrol/hall/course_motion.h"

#include <algorithm>
#include <limits>

#include "tracking/prediction.h"

namespace promenade::hall {

OnPath nearest_on_path(const planning::Path& path, HallPoint p) {
  OnPath best{0.0, tracking::distance(path.front(), p)};
  double passed = 0.0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const HallPoint at = tracking::nearest_on_segment(path[i - 1], path[i], p);
    const double distance = tracking::distance(at, p);
    if (distance < best.distance_m) best = {passed + tracking::distance(path[i - 1], at), distance};
    passed += tracking::distance(path[i - 1], path[i]);
  }
  return best;
}

namespace {

const planning::Block& block_of(const Course& course, const Walked& walked) {
  return course.plan.blocks[std::min<std::size_t>(walked.block, course.blocks() - 1)];
}

double free_radius_m(const Course& course, int scene) {
  if (scene == planning::kNoScene) return tracking::kArrivalRadius_m;
  if (course.shown == nullptr) return 0.0;
  const auto& manifest = course.shown->manifest;
  if (!manifest.route) return manifest.place ? manifest.place->radius_m : 0.0;
  const auto index = static_cast<std::size_t>(scene);
  return index < manifest.route->scenes.size() ? manifest.route->scenes[index].free_radius_m * course.plan.scale : 0.0;
}

}  // namespace

double remaining_stay_s(const Course& course, const Walked& walked) {
  const planning::Block& block = block_of(course, walked);
  if (block.scene == planning::kNoScene || walked.ready || walked.stage == BlockStage::done) return 0.0;
  if (walked.stage != BlockStage::in_scene) return block.stay_s;
  return std::max(0.0, block.stay_s - base::to_seconds(walked.scene_time));
}

HallPoint planned_point(const Course& course, const Walked& walked, double along_m, double ahead_s, std::size_t place) {
  std::size_t at = std::min<std::size_t>(walked.block, course.blocks() - 1);
  const double speed = course.plan.speed_mps;
  const auto lane = [&](std::size_t k) -> const planning::Path& { return course.plan.blocks[k].lane(place); };
  double length = planning::path_length_m(lane(at));
  double along = walked.stage == BlockStage::walking ? along_m : length;
  if (walked.stage == BlockStage::before) return lane(at).front();
  double stay = remaining_stay_s(course, walked);
  for (;;) {
    const double walk_s = std::max(0.0, length - along) / speed;
    if (ahead_s <= walk_s) return planning::point_along(lane(at), along + ahead_s * speed);
    ahead_s -= walk_s + stay;
    const bool open = static_cast<int>(at) + 1 <= course.granted_gate && at + 1 < course.blocks();
    if (ahead_s <= 0.0 || !open) return lane(at).back();
    ++at;
    along = 0.0;
    length = planning::path_length_m(lane(at));
    stay = course.plan.blocks[at].stay_s;
  }
}

double stray_m(const Course& course, const Walked& walked, HallPoint p, std::size_t place) {
  const std::size_t at = std::min<std::size_t>(walked.block, course.blocks() - 1);
  const planning::Block& block = course.plan.blocks[at];
  double nearest = tracking::distance(block.lane(place).back(), p) - free_radius_m(course, block.scene);
  if (walked.stage != BlockStage::in_scene) nearest = std::min(nearest, nearest_on_path(block.lane(place), p).distance_m);
  if (at > 0 && walked.stage != BlockStage::in_scene) {
    const planning::Block& before = course.plan.blocks[at - 1];
    nearest = std::min(nearest, tracking::distance(before.lane(place).back(), p) - free_radius_m(course, before.scene));
  }
  // Once the next gate is open he may already be on its way, one bundle before he says so.
  if (static_cast<int>(at) + 1 <= course.granted_gate && at + 1 < course.blocks()) {
    nearest = std::min(nearest, nearest_on_path(course.plan.blocks[at + 1].lane(place), p).distance_m);
  }
  return std::max(0.0, nearest);
}

double off_plan_m(const Course& course, const Walked& walked, HallPoint p, tracking::HallVec velocity, std::size_t place) {
  const bool stands = walked.stage == BlockStage::in_scene;
  const double look_s = tracking::off_plan_look_s(stands, base::to_seconds(walked.scene_time),
                                                  p - block_of(course, walked).lane(place).back(), velocity);
  return tracking::off_plan_m([&](HallPoint at) { return stray_m(course, walked, at, place); }, p, velocity, stands, look_s);
}

double along_block_m(const planning::Block& block, const Walked& walked, HallPoint p, std::size_t place) {
  if (walked.stage == BlockStage::in_scene || walked.stage == BlockStage::done) return block.length_m;
  if (walked.stage == BlockStage::before) return 0.0;
  const planning::Path& lane = block.lane(place);
  const double length = planning::path_length_m(lane);
  if (length <= 0.0) return 0.0;
  return nearest_on_path(lane, p).along_m / length * block.length_m;
}

double remaining_s(const Course& course, const Walked& walked, double along_m) {
  const std::size_t last = course.plan.last_scene_block();
  if (walked.block > last) return 0.0;
  const planning::Block& block = block_of(course, walked);
  const double along = walked.stage == BlockStage::walking ? along_m
                       : walked.stage == BlockStage::before ? 0.0
                                                            : block.length_m;
  double total = std::max(0.0, block.length_m - along) / course.plan.speed_mps + remaining_stay_s(course, walked);
  for (std::size_t k = walked.block + std::size_t{1}; k <= last; ++k) total += course.plan.walk_s(k) + course.plan.blocks[k].stay_s;
  return total;
}

void add_way(const planning::PlayPlan& plan, std::size_t first, std::size_t last, std::size_t place, std::vector<HallPoint>& way, std::vector<std::uint8_t>& stops) {
  way.push_back(plan.blocks[first].lane(place).front());
  for (std::size_t k = first; k <= last; ++k) {
    const planning::Path& path = plan.blocks[k].lane(place);
    way.insert(way.end(), path.begin() + 1, path.end());
    if (k < last) stops.push_back(static_cast<std::uint8_t>(way.size() - 1));
  }
}

}  // namespace promenade::hall
