#include "runtime/headset/compose.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "runtime/headset/channels.h"

namespace promenade::headset {
namespace {

using client::Screen;
using protocol::Relation;

// Linear, premultiplied by their last member.
constexpr glm::vec4 lit(float r, float g, float b, float alpha) { return {r * alpha, g * alpha, b * alpha, alpha}; }
constexpr glm::vec4 warm(float alpha) { return lit(0.90f, 0.40f, 0.09f, alpha); }
constexpr glm::vec4 exit_green(float alpha) { return lit(0.08f, 0.62f, 0.22f, alpha); }
constexpr glm::vec4 alarm(float alpha) { return lit(0.76f, 0.07f, 0.04f, alpha); }

constexpr float kPathWidth_m = 0.42f;
constexpr float kPathInFilm = 0.35f;         // opacity: the story leads, the light only reminds
constexpr float kMarks_s = 2.0f;             // of one mark's way along the path to the next
constexpr float kArrowAhead_m = 0.55f;
constexpr float kBeamFrom_m = 0.6f, kBeamWhole_m = 1.6f;  // beyond the ring's rim: who stands in it needs no light over it
constexpr float kRingLeast_m = 0.35f;
constexpr float kFigureMost_m = 0.40f;       // a wider one is no person: the ring tells how far he may have come
constexpr float kRingSeenThrough = 0.85f;    // opacity: a faint one would be lost over a bright floor
constexpr float kOwnRing_m = 0.45f;
constexpr float kDoorRing_m = 0.6f;
constexpr float kEdge = 0.75f;               // share of a scene's free area beyond which its ring is shown

glm::vec4 color_of(Relation relation, float alpha) {
  switch (relation) {
    case Relation::group:
    case Relation::lost_of_group:
    case Relation::pair: return lit(0.20f, 0.62f, 0.52f, alpha);
    case Relation::staff:
    case Relation::placed_staff: return lit(0.25f, 0.45f, 0.85f, alpha);
    default: return lit(0.95f, 0.62f, 0.30f, alpha);
  }
}

bool leads(Screen screen) { return screen == Screen::guide_in || screen == Screen::guide_out; }

float ring_radius(const client::View& view) { return std::max(static_cast<float>(view.target_radius_m), kRingLeast_m); }

// A way leads up to the ring round its end: within it, turns shorter than the way is wide would lie over each other.
void end_at_ring(std::vector<glm::vec3>& path, const glm::vec3& at, float radius) {
  const auto from_middle = [&](const glm::vec3& point) { return glm::vec2(point.x - at.x, point.z - at.z); };
  while (!path.empty() && glm::length(from_middle(path.back())) < radius) {
    if (path.size() == 1 || glm::length(from_middle(path[path.size() - 2])) < radius) {
      path.pop_back();
      continue;
    }
    // From outside to inside: the smaller root of |outside + share * (inside - outside)| = radius.
    const glm::vec3 outside = path[path.size() - 2], inside = path.back();
    const glm::vec2 o = from_middle(outside), d = from_middle(inside) - o;
    const float a = glm::dot(d, d), b = glm::dot(o, d), c = glm::dot(o, o) - radius * radius;
    path.back() = glm::mix(outside, inside, (-b - std::sqrt(std::max(b * b - a * c, 0.0f))) / a);
    return;
  }
}

}  // namespace

const gpu::Frame& Composer::compose(const Scene& scene) {
  frame_ = {};
  models_.clear();
  quads_.clear();
  ribbons_.clear();
  rings_.clear();
  figures_.clear();
  arrows_.clear();
  frame_.eyes = scene.eyes;
  frame_.time_s = static_cast<float>(std::fmod(scene.time_s, 3600.0));
  frame_.fade = scene.fade;
  frame_.see_through = scene.see_through;
  film(scene);
  if (scene.stage_from_hall) {
    way(scene);
    people(scene);
    hall(scene);
  }
  for (const Shown& each : scene.shown) {
    if (each.texture != 0 && each.opacity > 0.0f) {
      quads_.push_back({each.texture, each.plane.center, each.plane.orientation, each.plane.size_m, each.opacity, each.over_all});
    }
  }
  frame_.models = models_;
  frame_.quads = quads_;
  frame_.ribbons = ribbons_;
  frame_.rings = rings_;
  frame_.figures = figures_;
  frame_.arrows = arrows_;
  return frame_;
}

void Composer::film(const Scene& scene) {
  // At a stop the room takes the film's place: the viewer must see the real hall, or its outline, and nothing else.
  if (scene.see_through || !scene.film_open || !scene.film.ready() || scene.stop >= 1.0f) return;
  frame_.world_dim = std::max(scene.dim, scene.stop);
  frame_.dome = scene.film.dome;
  if (scene.film.world == 0) return;
  if (scene.film.sky != nullptr) frame_.sky = *scene.film.sky;
  models_.push_back({scene.film.world, scene.film.pose, scene.film.stage_from_world, glm::vec4(1.0f), true});
}

void Composer::way(const Scene& scene) {
  const client::View& view = *scene.view;
  if (view.level == tracking::Level::evacuate) return way_out(scene);
  if (view.level >= tracking::Level::stop) return;  // nobody walks on
  const StageFromHall& to_stage = *scene.stage_from_hall;
  const bool led = leads(view.screen), on_leg = view.screen == Screen::leg;
  if (led || on_leg) {
    path_.clear();
    for (const protocol::HallPoint point : view.path) path_.push_back(in_stage(to_stage, point, 0.01));
    if (view.target) end_at_ring(path_, in_stage(to_stage, *view.target, 0.01), ring_radius(view));
    if (path_.size() >= 2) {
      const float phase = static_cast<float>(std::fmod(scene.time_s / kMarks_s, 1.0));
      ribbons_.push_back({path_, warm(led ? 0.9f : kPathInFilm), led ? kPathWidth_m : kPathWidth_m * 0.6f, phase});
    }
  }
  if (!view.target) return;
  const glm::vec3 at = in_stage(to_stage, *view.target, 0.01);
  const float radius = ring_radius(view);
  const float off = glm::length(glm::vec2(scene.head.x - at.x, scene.head.z - at.z));
  if (led) {
    const float beam = std::clamp((off - radius - kBeamFrom_m) / (kBeamWhole_m - kBeamFrom_m), 0.0f, 1.0f);
    rings_.push_back({at, radius, 0.06f, warm(0.95f), off < radius ? 0.25f : 0.12f, view.countdown_s ? scene.countdown : 1.0f, beam});
  } else if (on_leg) {
    rings_.push_back({at, radius, 0.05f, warm(kPathInFilm), 0.05f, 1.0f});
  } else if (view.screen == Screen::film && off > radius * kEdge) {
    const float share = std::clamp((off / radius - kEdge) / (1.0f - kEdge), 0.0f, 1.0f);
    rings_.push_back({at, radius, 0.05f, warm(0.7f * share), 0.0f, 1.0f});
  }
}

// As far as the hall has told it; the light over the door is seen from afar.
void Composer::way_out(const Scene& scene) {
  const client::View& view = *scene.view;
  if (view.way_out.size() < 2) return;
  path_.clear();
  for (const protocol::HallPoint point : view.way_out) path_.push_back(in_stage(*scene.stage_from_hall, point, 0.01));
  const glm::vec3 door = in_stage(*scene.stage_from_hall, view.way_out.back(), 0.01);
  end_at_ring(path_, door, kDoorRing_m);
  if (path_.size() >= 2) ribbons_.push_back({path_, exit_green(0.95f), kPathWidth_m, static_cast<float>(std::fmod(scene.time_s / kMarks_s, 1.0))});
  rings_.push_back({door, kDoorRing_m, 0.08f, exit_green(0.95f), 0.15f, 1.0f, 1.0f});
}

void Composer::people(const Scene& scene) {
  const client::View& view = *scene.view;
  for (const client::Ghost& ghost : view.ghosts) {
    const glm::vec3 at = in_stage(*scene.stage_from_hall, ghost.position);
    const glm::vec2 towards{scene.head.x - at.x, scene.head.z - at.z};
    const float ring = scene.see_through ? std::max(static_cast<float>(ghost.ring), kRingSeenThrough) : static_cast<float>(ghost.ring);
    if (ring > 0.0f) {
      rings_.push_back({at + glm::vec3(0.0f, 0.012f, 0.0f), std::max(static_cast<float>(ghost.radius_m), kRingLeast_m), 0.04f,
                        color_of(ghost.relation, ring), 0.0f, 1.0f});
    }
    if (ghost.opacity <= 0.0 || scene.see_through) continue;  // whom one sees needs no ghost; the ring says where he is taken to be
    gpu::Figure figure;
    figure.floor = at;
    figure.yaw_rad = std::atan2(-towards.x, -towards.y);  // nothing is told of where he looks: his face is turned to the viewer
    figure.radius_m = std::clamp(static_cast<float>(ghost.radius_m), 0.25f, kFigureMost_m);
    figure.color = color_of(ghost.relation, static_cast<float>(ghost.opacity));
    figures_.push_back(figure);
  }
  if (channels_of(view.level, view.cause).own_ring) {
    const bool hard = view.level >= tracking::Level::pause;
    rings_.push_back({{scene.head.x, 0.014f, scene.head.z}, kOwnRing_m, hard ? 0.09f : 0.06f, hard ? alarm(0.95f) : warm(0.9f), hard ? 0.12f : 0.0f, 1.0f});
  }
}

void Composer::hall(const Scene& scene) {
  const client::View& view = *scene.view;
  const StageFromHall& to_stage = *scene.stage_from_hall;
  if (view.arrow_rad) {
    const float yaw = static_cast<float>(yaw_in_stage(to_stage, *view.arrow_rad));
    arrows_.push_back({glm::vec3(scene.head.x, 0.02f, scene.head.z) + ahead_of(yaw) * kArrowAhead_m, yaw, lit(1.0f, 0.95f, 0.88f, 0.95f)});
  }
  // Whole from the first frame of a stop on, whether or not the real hall is seen: cameras may be late, the outline is not.
  const float grid = std::max(static_cast<float>(view.boundary_grid), view.level >= tracking::Level::stop ? 1.0f : scene.stop);
  if (scene.venue == nullptr || grid <= 0.0f) return;
  outline_.clear();
  for (const protocol::HallPoint point : scene.venue->boundary) outline_.push_back(in_stage(to_stage, point));
  holes_.clear();
  for (const tracking::Obstacle& obstacle : scene.venue->obstacles) {
    std::vector<glm::vec3>& hole = holes_.emplace_back();
    for (const protocol::HallPoint point : obstacle.outline) hole.push_back(in_stage(to_stage, point));
  }
  frame_.grid = gpu::Grid{outline_, holes_, grid, 2.4f, view.level >= tracking::Level::pause ? alarm(1.0f) : warm(1.0f)};
}

}  // namespace promenade::headset
