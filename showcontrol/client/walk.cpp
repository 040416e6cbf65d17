#include "showcontrol/client/walk.h"

#include <algorithm>

#include "tracking/geometry.h"

namespace promenade::client {

using protocol::BlockStage;
using protocol::HallPoint;
using protocol::PlayRun;

namespace {

double distance_to_path_m(const std::vector<HallPoint>& path, HallPoint p) {
  double nearest = tracking::distance(path.front(), p);
  for (std::size_t i = 1; i < path.size(); ++i) nearest = std::min(nearest, tracking::distance_to_segment_m(path[i - 1], path[i], p));
  return nearest;
}

// The point `further_m` along the path from where it is nearest to p; its end when that lies beyond.
HallPoint along(const std::vector<HallPoint>& path, HallPoint p, double further_m) {
  double nearest = tracking::distance(path.front(), p);
  std::size_t segment = 1;
  HallPoint foot = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    const HallPoint q = tracking::nearest_on_segment(path[i - 1], path[i], p);
    if (const double d = tracking::distance(q, p); d < nearest) {
      nearest = d;
      segment = i;
      foot = q;
    }
  }
  for (; segment < path.size(); ++segment) {
    const double left = tracking::distance(foot, path[segment]);
    if (further_m < left) return foot + (path[segment] - foot) * (further_m / left);
    further_m -= left;
    foot = path[segment];
  }
  return path.back();
}

}  // namespace

void Walk::follow(const protocol::PlayOrder& order, const FilmShelf& shelf) {
  const bool same = order_.play == order.play;
  const bool laid = same && known_ && order_.placement == order.placement && order_.scale == order.scale;
  const std::uint8_t block = same ? block_ : order.resume_block;
  ordered_ = true;
  order_ = order;
  ++changes_;
  if (!laid) {
    known_ = false;
    for (const Film& film : shelf) {
      if (film.manifest.film != order.film || film.package_hash != order.package_hash) continue;
      lay(film.manifest);
      known_ = true;
    }
    if (!known_) {
      places_.clear();
      radii_m_.clear();
      dwells_.clear();
    }
  }
  if (!same) {
    stage_ = order.resume_stage;
    scene_time_ = order.resume_scene_time;
    leg_time_ = base::Duration{0};
  }
  block_ = block;
  // An order that does not fit the film is not walked.
  if (known_ && (block_ > scenes() || (block_ == scenes() && stage_ == BlockStage::in_scene))) known_ = false;
  set_path();
}

void Walk::lay(const package::Manifest& film) {
  places_.clear();
  radii_m_.clear();
  dwells_.clear();
  const auto place = [&](double x_m, double y_m) {
    return order_.placement * tracking::Point<tracking::Film>{x_m * order_.scale, y_m * order_.scale};
  };
  seated_ = film.kind == package::FilmKind::seated;
  if (film.route) {
    speed_mps_ = film.route->walk_speed_mps;
    for (const package::Scene& scene : film.route->scenes) {
      places_.push_back(place(scene.at.x_m, scene.at.y_m));
      radii_m_.push_back(scene.free_radius_m * order_.scale);
      dwells_.push_back(base::from_seconds(scene.dwell_s));
    }
  } else {
    places_.push_back(place(0.0, 0.0));
    radii_m_.push_back(film.place ? film.place->radius_m : kArrivalRadius_m);
    dwells_.push_back(base::from_seconds(film.length_s));
  }
}

void Walk::forget() {
  const std::uint32_t changes = changes_ + 1;
  *this = Walk{};
  changes_ = changes;
}

double Walk::radius_m(std::size_t scene) const { return std::max(kArrivalRadius_m, radii_m_[scene]); }

void Walk::enter(std::uint8_t block) {
  block_ = block;
  stage_ = BlockStage::walking;
  scene_time_ = base::Duration{0};
  leg_time_ = base::Duration{0};
  ++changes_;
  set_path();
}

void Walk::step(const Moment& moment) {
  if (!ordered_ || !known_ || order_.run == PlayRun::ended) return;
  const bool frozen = moment.frozen || order_.run == PlayRun::paused;
  if (!frozen && stage_ == BlockStage::in_scene) scene_time_ += moment.since;
  if (!frozen && stage_ == BlockStage::walking && block_ > 0 && block_ < scenes()) leg_time_ += moment.since;
  Moment now = moment;
  now.frozen = frozen;
  for (std::size_t i = 0; i < 2 && advance(now); ++i) {}  // arrival, then at most one gate
}

bool Walk::advance(const Moment& moment) {
  const bool may_go = !moment.frozen && moment.hall && moment.head;
  if (stage_ == BlockStage::before) {
    if (!may_go || moment.open_gate < 0) return false;
    enter(0);
    return true;
  }
  if (stage_ == BlockStage::in_scene) {
    if (!may_go || !ready() || moment.open_gate < block_ + 1) return false;
    enter(static_cast<std::uint8_t>(block_ + 1));
    return true;
  }
  if (stage_ != BlockStage::walking || !moment.head) return false;
  if (block_ < scenes()) {
    if (tracking::distance(*moment.head, places_[block_]) > radius_m(block_)) return false;
    if (block_ == 0 && (!moment.hall || *moment.hall < order_.start)) return false;
    stage_ = BlockStage::in_scene;
  } else {
    if (!order_.way_out.empty() && tracking::distance(*moment.head, order_.way_out.back()) > kExitRadius_m) return false;
    stage_ = BlockStage::done;
  }
  ++changes_;
  set_path();
  return true;
}

bool Walk::film_shows() const {
  if (!ordered_ || !known_ || order_.run == PlayRun::ended) return false;
  return stage_ == BlockStage::in_scene || (stage_ == BlockStage::walking && block_ > 0 && block_ < scenes());
}

protocol::Progress Walk::progress() const {
  if (!ordered_) return {};
  return {order_.play, block_, stage_, scene_time_, ready()};
}

void Walk::set_path() {
  path_.clear();
  if (!known_ || stage_ != BlockStage::walking) return;
  if (block_ == 0) {
    path_ = order_.way_in;
    if (path_.empty() || tracking::distance(path_.back(), places_[0]) > 0.01) path_.push_back(places_[0]);
  } else if (block_ < scenes()) {
    path_ = {places_[block_ - 1u], places_[block_]};
  } else {
    path_ = order_.way_out;
  }
}

std::optional<HallPoint> Walk::target() const {
  if (!ordered_ || !known_) return std::nullopt;
  if (!path_.empty()) return path_.back();
  if (stage_ == BlockStage::in_scene) return places_[block_];
  return std::nullopt;
}

double Walk::target_radius_m() const {
  if (!known_) return 0.0;
  return block_ < scenes() ? radius_m(block_) : kExitRadius_m;
}

double Walk::stray_m(HallPoint head) const {
  if (!ordered_ || !known_ || order_.run == PlayRun::ended) return 0.0;
  const auto from_area = [&](std::size_t scene) { return std::max(0.0, tracking::distance(head, places_[scene]) - radius_m(scene)); };
  if (stage_ == BlockStage::in_scene) return from_area(block_);
  if (path_.empty()) return 0.0;
  double stray = distance_to_path_m(path_, head);
  if (block_ > 0) stray = std::min(stray, from_area(block_ - 1u));
  if (block_ < scenes()) stray = std::min(stray, from_area(block_));
  return stray;
}

HallPoint Walk::planned(HallPoint head, double seconds) const {
  if (!path_.empty()) return along(path_, head, speed_mps_ * seconds);
  if (known_ && stage_ == BlockStage::in_scene) return places_[block_];
  return head;
}

}  // namespace promenade::client
