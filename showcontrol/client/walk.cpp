#include "showcontrol/client/walk.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

bool rising_inside(const std::vector<std::uint8_t>& stops, std::size_t points) {
  for (std::size_t i = 0; i < stops.size(); ++i) {
    if (stops[i] <= (i > 0 ? stops[i - 1] : 0) || stops[i] + std::size_t{1} >= points) return false;
  }
  return true;
}

}  // namespace

void Walk::follow(const protocol::PlayOrder& order, const std::vector<protocol::WayOrder>& ways, const FilmShelf& shelf,
                  const std::optional<protocol::OwnPlace>& own_place) {
  const protocol::OwnPlace given = own_place.value_or(protocol::OwnPlace{});
  const bool same = order_.play == order.play;
  const bool as_placed = same && known_ && order_.film == order.film && order_.package_hash == order.package_hash &&
                         order_.placement == order.placement && order_.scale == order.scale &&
                         own_place_.offset == given.offset && own_place_.enter_scene == given.enter_scene;
  const bool laid = as_placed && ways_ == ways;
  const std::vector<std::uint32_t> before = scenes_;
  ordered_ = true;
  order_ = order;
  ways_ = ways;
  own_place_ = given;
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
  // Who has chosen goes on by another way out; nobody is sent to where he has not come from.
  if (as_placed && !laid && known_) {
    known_ = goes_on_as_before(before);
    out_stops_begun_ = order_.way_out_stops.size();
  }
  if (!same) {
    chosen_.clear();
    block_ = shown_to_ = order.resume_block;
    stage_ = order.resume_stage;
    scene_time_ = order.resume_scene_time;
    leg_time_ = base::Duration{0};
    begin();
  }
  known_ = known_ && order_fits();
  set_path();
}

void Walk::begin() {
  in_stops_begun_ = order_.way_in_stops.size();
  out_stops_begun_ = order_.way_out_stops.size();
}

bool Walk::order_fits() const {
  if (places_.empty()) return false;  // it begins in a scene that the film does not have
  if (!rising_inside(order_.way_in_stops, order_.way_in.size()) || !rising_inside(order_.way_out_stops, order_.way_out.size())) return false;
  if (stage_ == BlockStage::before) return block_ == 0;
  if (in_stops_begun_ != order_.way_in_stops.size() || out_stops_begun_ != order_.way_out_stops.size()) return false;
  const bool last = block_ + std::size_t{1} == blocks();
  return block_ < blocks() && !(last && stage_ == BlockStage::in_scene) && (last || stage_ != BlockStage::done);
}

void Walk::lay(const package::Manifest& film) {
  places_.clear();
  radii_m_.clear();
  dwells_.clear();
  scenes_.clear();
  route_ = film.route ? &*film.route : nullptr;
  const auto place = [&](double x_m, double y_m) {
    return order_.placement * tracking::Point<tracking::Film>{x_m * order_.scale, y_m * order_.scale} + own_place_.offset;
  };
  seated_ = film.kind == package::FilmKind::seated;
  if (film.route) {
    speed_mps_ = film.route->walk_speed_mps;
    std::vector<std::uint8_t> taken;
    for (const protocol::WayOrder& way : ways_) taken.push_back(way.way);
    scenes_ = package::scenes_by(*film.route, taken);
    scenes_.erase(scenes_.begin(), scenes_.begin() + std::min<std::ptrdiff_t>(own_place_.enter_scene, std::ssize(scenes_)));
    for (const std::uint32_t number : scenes_) {
      const package::Scene& scene = film.route->scenes[number];
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

std::optional<std::size_t> Walk::scene() const {
  if (block_ < way_in_stops() || on_way_out()) return std::nullopt;
  return block_ - way_in_stops();
}

// ---------------------------------------------------------------- ways

std::vector<HallPoint> Walk::way_up_to(std::size_t block) const {
  std::vector<HallPoint> way;
  if (block <= way_in_stops()) {
    way = order_.way_in;
    if (block < way_in_stops()) way.resize(order_.way_in_stops[block] + std::size_t{1});
    else if (way.empty() || tracking::distance(way.back(), places_[0]) > 0.01) way.push_back(places_[0]);
  } else {
    way = order_.way_out;
    const std::size_t piece = block - way_in_stops() - places_.size();
    if (piece < order_.way_out_stops.size()) way.resize(order_.way_out_stops[piece] + std::size_t{1});
  }
  return way;
}

std::size_t Walk::way_begin(std::size_t block) const {
  const bool in = block <= way_in_stops();
  const std::size_t piece = in ? block : block - way_in_stops() - places_.size();
  return piece == 0 ? 0 : (in ? order_.way_in_stops : order_.way_out_stops)[piece - 1];
}

std::optional<HallPoint> Walk::stop_before() const {
  if (block_ > way_in_stops() && !on_way_out()) return std::nullopt;
  const std::size_t at = way_begin(block_);
  if (at == 0) return std::nullopt;
  return (on_way_out() ? order_.way_out : order_.way_in)[at];
}

bool Walk::arrived(HallPoint head) const {
  if (const auto here = scene()) return tracking::distance(head, places_[*here]) <= radius_m(*here);
  if (block_ + std::size_t{1} < blocks()) return at_stop(head);
  return order_.way_out.empty() || tracking::distance(head, order_.way_out.back()) <= kExitRadius_m;
}

// A stop is passed as well as reached: nobody is turned back to it who goes on beside it, or round the corner there.
bool Walk::at_stop(HallPoint head) const {
  const std::vector<HallPoint> way = way_up_to(block_);
  const std::vector<HallPoint> piece(way.begin() + static_cast<std::ptrdiff_t>(way_begin(block_)), way.end());
  if (tracking::distance(head, piece.back()) <= kArrivalRadius_m) return true;
  const double off_m = distance_to_path_m(ahead_, head);
  if (off_m > kPassRadius_m) return false;
  const bool beyond = distance_to_path_m(piece, head) > off_m + kArrivalRadius_m;
  return beyond || tracking::distance(along(piece, head, 0.0), piece.back()) <= kArrivalRadius_m;
}

// The whole way up to where gates are open, so that a path that grows stays the same path.
void Walk::show_way(int open_gate) {
  const std::size_t last = on_way_out() ? blocks() - 1 : way_in_stops();
  if (!on_way_out() && block_ > last) return;
  const auto shown_to = static_cast<std::uint8_t>(std::clamp<int>(open_gate, block_, static_cast<int>(last)));
  if (shown_to == shown_to_) return;
  shown_to_ = shown_to;
  ++changes_;
  set_path();
}

// ---------------------------------------------------------------- time

void Walk::enter(std::size_t block) {
  block_ = static_cast<std::uint8_t>(block);
  shown_to_ = std::max(shown_to_, block_);
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
  if (!frozen && stage_ == BlockStage::walking && film_shows()) leg_time_ += moment.since;
  Moment now = moment;
  now.frozen = frozen;
  for (std::size_t i = 0; i < 2 && advance(now); ++i) {}  // arrival, then at most one gate
  if (stage_ != BlockStage::before) show_way(moment.open_gate);
}

bool Walk::advance(const Moment& moment) {
  const bool may_go = !moment.frozen && moment.hall && moment.head;
  if (stage_ == BlockStage::before) {
    if (!may_go || moment.open_gate < 0) return false;
    begin();
    enter(0);
    return true;
  }
  if (stage_ == BlockStage::in_scene) {
    if (!may_go || !ready() || moment.open_gate < block_ + 1) return false;
    enter(block_ + std::size_t{1});
    return true;
  }
  if (stage_ != BlockStage::walking || !moment.head || !arrived(*moment.head)) return false;
  if (block_ == way_in_stops() && (!moment.hall || *moment.hall < order_.start)) return false;
  stage_ = block_ + std::size_t{1} < blocks() ? BlockStage::in_scene : BlockStage::done;
  if (block_ == way_in_stops()) {
    scene_time_ = own_place_.enter_scene_time;  // who joins a group is where its film is
    // Who has waited for the start begins at it, and not at the picture after it: all of a hall begin together.
    if (const base::Duration ago = *moment.hall - order_.start; !moment.frozen && ago <= moment.since) scene_time_ += ago;
  }
  ++changes_;
  set_path();
  return true;
}

bool Walk::film_shows() const {
  if (!ordered_ || !known_ || order_.run == PlayRun::ended || on_way_in() || on_way_out()) return false;
  return stage_ == BlockStage::in_scene || stage_ == BlockStage::walking;
}

protocol::Progress Walk::progress() const {
  if (!ordered_) return {};
  return {order_.play, block_, stage_, scene_time_, ready()};
}

// ---------------------------------------------------------------- geometry

void Walk::set_path() {
  path_.clear();
  ahead_.clear();
  if (!known_ || stage_ == BlockStage::before || stage_ == BlockStage::done) return;
  if (on_way_in() || on_way_out()) {
    path_ = way_up_to(shown_to_);
    const std::size_t from = way_begin(stage_ == BlockStage::in_scene ? block_ + std::size_t{1} : block_);
    ahead_.assign(path_.begin() + static_cast<std::ptrdiff_t>(from), path_.end());
  } else if (stage_ == BlockStage::walking) {
    path_ = ahead_ = {places_[*scene() - 1], places_[*scene()]};
  }
}

std::optional<HallPoint> Walk::target() const {
  if (!ordered_ || !known_) return std::nullopt;
  if (!path_.empty()) return path_.back();
  if (stage_ == BlockStage::in_scene && scene()) return places_[*scene()];
  return std::nullopt;
}

double Walk::target_radius_m() const {
  if (!known_) return 0.0;
  if (on_way_in()) return shown_to_ == way_in_stops() ? radius_m(0) : kArrivalRadius_m;
  if (on_way_out()) return shown_to_ + std::size_t{1} == blocks() ? kExitRadius_m : kArrivalRadius_m;
  return radius_m(*scene());
}

double Walk::stray_m(HallPoint head) const {
  if (!ordered_ || !known_ || order_.run == PlayRun::ended) return 0.0;
  if (stage_ == BlockStage::before || stage_ == BlockStage::done) return 0.0;
  double stray = ahead_.empty() ? std::numeric_limits<double>::infinity() : distance_to_path_m(ahead_, head);
  const auto within = [&](HallPoint area, double radius_m) { stray = std::min(stray, std::max(0.0, tracking::distance(head, area) - radius_m)); };
  const auto here = scene();
  if (here) within(places_[*here], radius_m(*here));
  if (stage_ == BlockStage::in_scene) {
    if (!here) within(ahead_.front(), kArrivalRadius_m);  // the stop
  } else if (const auto stop = stop_before()) {
    within(*stop, kArrivalRadius_m);
  } else if (block_ > way_in_stops()) {
    const std::size_t before = block_ - way_in_stops() - 1;
    within(places_[before], radius_m(before));
  }
  return std::isfinite(stray) ? stray : 0.0;
}

double Walk::off_plan_m(HallPoint head, tracking::HallVec velocity) const {
  if (!ordered_ || !known_) return 0.0;
  const bool stands = stage_ == BlockStage::in_scene;
  const HallPoint place = scene() ? places_[*scene()] : ahead_.empty() ? head : ahead_.front();
  const double look_s = tracking::off_plan_look_s(stands, base::to_seconds(scene_time_), head - place, velocity);
  return tracking::off_plan_m([this](HallPoint at) { return stray_m(at); }, head, velocity, stands, look_s);
}

HallPoint Walk::planned(HallPoint head, double seconds) const {
  if (!ahead_.empty()) return along(ahead_, head, speed_mps_ * seconds);
  if (known_ && stage_ == BlockStage::in_scene && scene()) return places_[*scene()];
  return head;
}

}  // namespace promenade::client
