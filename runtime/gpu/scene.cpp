#include "runtime/gpu/scene.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <tuple>

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

namespace promenade::gpu {

namespace {

struct Bounds { glm::vec3 center, half; };

Bounds placed(const glm::mat4& m, const film::Box& box) {
  const glm::vec3 center = 0.5f * (box.low + box.high), half = 0.5f * (box.high - box.low);
  const glm::vec3 x(m[0]), y(m[1]), z(m[2]);
  return {glm::vec3(m * glm::vec4(center, 1.0f)), glm::abs(x) * half.x + glm::abs(y) * half.y + glm::abs(z) * half.z};
}

void set_rows(glm::vec4 (&rows)[3], const glm::mat4& m) {
  const glm::mat4 t = glm::transpose(m);
  for (int i = 0; i < 3; ++i) rows[i] = t[i];
}

bool is_mirrored(const glm::mat4& m) { return glm::dot(glm::vec3(m[0]), glm::cross(glm::vec3(m[1]), glm::vec3(m[2]))) < 0.0f; }

// Turned about up through its own origin until its +z looks at the viewer.
glm::mat4 facing(const glm::mat4& stage_from_node, const glm::vec3& head) {
  const glm::vec3 at(stage_from_node[3]), front(stage_from_node[2]);
  const glm::vec3 to = head - at;
  if (std::hypot(front.x, front.z) < 1e-6f || std::hypot(to.x, to.z) < 1e-4f) return glm::mat4(1.0f);
  const float turn = std::atan2(to.x, to.z) - std::atan2(front.x, front.z);
  return glm::translate(glm::mat4(1.0f), at) * glm::rotate(glm::mat4(1.0f), turn, glm::vec3(0.0f, 1.0f, 0.0f)) * glm::translate(glm::mat4(1.0f), -at);
}

}  // namespace

bool Frustum::sees(const glm::vec3& center, const glm::vec3& half) const {
  for (const glm::vec4& plane : planes) {
    const glm::vec3 n(plane);
    if (glm::dot(n, center) + plane.w + glm::dot(glm::abs(n), half) < 0.0f) return false;
  }
  return true;
}

Frustum frustum_of(const glm::mat4& clip_from_stage) {
  const glm::mat4 rows = glm::transpose(clip_from_stage);
  // Reversed depth: the near end is where z is w.
  return {{rows[3] + rows[0], rows[3] - rows[0], rows[3] + rows[1], rows[3] - rows[1], rows[3] - rows[2]}};
}

void Scene::build(const Frame& frame, const Models& models, std::uint32_t shadow_size) {
  for (auto* items : {&solid_items_, &blended_items_, &caster_items_}) items->clear();
  for (auto* draws : {&solid_, &blended_, &casters_}) draws->clear();
  instances_.clear();
  joints_.clear();
  weights_.clear();
  head_ = head_of(frame);
  for (std::size_t i = 0; i < 2; ++i) frusta_[i] = frustum_of(eye_record(frame.eyes[i]).clip_from_stage);
  light(frame, models);
  shadow_.reset();
  if (shadow_size > 0 && glm::dot(sun_.light, sun_.light) > 0.0f) shadow_ = shadow_place(frame, sun_.towards, shadow_size);
  for (const DrawnModel& drawn : frame.models) {
    if (const GpuModel* model = models.find(drawn.model); model && drawn.pose) add_model(drawn, *model, head_);
  }
  group(solid_items_, solid_);
  group(caster_items_, casters_);
  std::ranges::sort(blended_items_, std::greater{}, &Item::depth);
  for (const Item& item : blended_items_) {
    blended_.push_back({item.model, item.primitive, item.fill, item.deforms, item.double_sided, item.mirrored, item.ghost, item.tint,
                        static_cast<std::uint32_t>(instances_.size()), 1, item.depth});
    instances_.push_back(item.record);
  }
  if (casters_.empty()) shadow_.reset();
}

void Scene::light(const Frame& frame, const Models& models) {
  lamps_.clear();
  bool found = false;
  for (const DrawnModel& drawn : frame.models) {
    const GpuModel* model = models.find(drawn.model);
    if (!model || !drawn.pose) continue;
    const film::Model& source = *model->source;
    for (std::size_t i = 0; i < source.nodes.size(); ++i) {
      const film::Node& node = source.nodes[i];
      if (node.light == film::kNone || !drawn.pose->visible[i]) continue;
      const film::Light& l = source.lights[node.light];
      const glm::mat4 m = drawn.stage_from_model * drawn.pose->model_from_node[i];
      const glm::vec3 axis = -glm::normalize(glm::vec3(m[2]));
      if (l.kind == film::LightKind::directional) {
        if (!found) sun_ = {-axis, l.color * l.intensity};
        found = true;
        continue;
      }
      Lamp lamp;
      lamp.place = glm::vec3(m[3]);
      lamp.axis = axis;
      lamp.light = l.color * l.intensity;
      lamp.range_m = l.range_m;
      lamp.away = glm::distance(lamp.place, head_);
      if (l.kind == film::LightKind::spot) {
        const float outer = std::cos(l.outer_cone_rad);
        lamp.cone_scale = 1.0f / std::max(std::cos(l.inner_cone_rad) - outer, 0.001f);
        lamp.cone_offset = -outer * lamp.cone_scale;
      }
      lamps_.push_back(lamp);
    }
  }
  choose_lamps(lamps_);
  if (!found) sun_ = {glm::normalize(frame.light_towards), frame.sky ? glm::vec3(2.2f, 2.1f, 2.0f) : glm::vec3(1.6f, 1.55f, 1.5f)};
}

void Scene::add_model(const DrawnModel& drawn, const GpuModel& model, const glm::vec3& head) {
  const film::Model& source = *model.source;
  const bool turns = std::ranges::any_of(source.nodes, &film::Node::faces_viewer);
  if (turns) {
    turns_.assign(1, glm::mat4(1.0f));
    turn_of_.assign(source.nodes.size(), 0);
  }
  for (std::uint32_t i = 0; i < source.nodes.size(); ++i) {
    const film::Node& node = source.nodes[i];
    glm::mat4 m = drawn.stage_from_model * drawn.pose->model_from_node[i];
    if (turns) {
      if (node.parent != film::kNone) turn_of_[i] = turn_of_[node.parent];
      if (node.faces_viewer) {
        const glm::mat4 before = turns_[turn_of_[i]];
        turns_.push_back(facing(before * m, head) * before);
        turn_of_[i] = static_cast<std::uint32_t>(turns_.size()) - 1;
      }
      if (turn_of_[i]) m = turns_[turn_of_[i]] * m;
    }
    if (node.mesh != film::kNone && drawn.pose->visible[i]) add_node(drawn, model, i, m);
  }
}

std::uint32_t Scene::add_joints(const DrawnModel& drawn, const GpuModel& model, std::uint32_t node) {
  const film::Skin& skin = model.source->skins[model.source->nodes[node].skin];
  const auto first = static_cast<std::uint32_t>(joints_.size() / 3);
  for (std::size_t j = 0; j < skin.joints.size(); ++j) {
    const glm::mat4 t = glm::transpose(drawn.stage_from_model * drawn.pose->model_from_node[skin.joints[j]] * skin.inverse_bind[j]);
    joints_.insert(joints_.end(), {t[0], t[1], t[2]});
  }
  return first;
}

void Scene::add_node(const DrawnModel& drawn, const GpuModel& model, std::uint32_t index, const glm::mat4& stage_from_node) {
  const film::Node& node = model.source->nodes[index];
  const film::Mesh& mesh = model.source->meshes[node.mesh];
  Looks looks{film::kNone, static_cast<std::uint32_t>(weights_.size())};
  const auto& posed = drawn.pose->weights.size() > index ? drawn.pose->weights[index] : mesh.weights;
  const auto& used = posed.empty() ? mesh.weights : posed;
  std::size_t targets = 0;
  for (const film::Primitive& p : mesh.primitives) targets = std::max(targets, p.targets.size());
  for (std::size_t t = 0; t < targets; ++t) weights_.push_back(t < used.size() ? used[t] : 0.0f);

  std::optional<Bounds> skinned;
  if (node.skin != film::kNone) {
    const film::Skin& skin = model.source->skins[node.skin];
    glm::vec3 low(std::numeric_limits<float>::max()), high(std::numeric_limits<float>::lowest());
    for (const JointBox& jb : model.skin_boxes.at({node.mesh, node.skin})) {
      const Bounds b = placed(drawn.stage_from_model * drawn.pose->model_from_node[skin.joints[jb.joint]], jb.box);
      low = glm::min(low, b.center - b.half);
      high = glm::max(high, b.center + b.half);
    }
    if (low.x <= high.x) skinned = {0.5f * (low + high), 0.5f * (high - low)};
    looks.joints = add_joints(drawn, model, index);
  }
  const std::uint32_t first = model.first_primitive[node.mesh], last = model.first_primitive[node.mesh + 1];
  const std::size_t copies = std::max<std::size_t>(node.instances.size(), 1);
  for (std::size_t i = 0; i < copies; ++i) {
    const glm::mat4 m = node.instances.empty() ? stage_from_node : stage_from_node * node.instances[i];
    for (std::uint32_t p = first; p < last; ++p) {
      const GpuPrimitive& primitive = model.primitives[p];
      const Bounds bounds = primitive.skinned && skinned ? *skinned : placed(m, primitive.box);
      add_primitive(drawn, model, primitive, m, bounds.center, bounds.half, looks);
    }
  }
}

void Scene::add_primitive(const DrawnModel& drawn, const GpuModel& model, const GpuPrimitive& primitive, const glm::mat4& stage_from_mesh,
                          const glm::vec3& center, const glm::vec3& half, const Looks& looks) {
  const film::Material& material = model.source->materials[primitive.material];
  Item item{};
  item.model = &model;
  item.primitive = &primitive;
  item.ghost = drawn.tint.a < 1.0f;
  item.fill = material.alpha == film::AlphaMode::blend || item.ghost ? Fill::blend : material.alpha == film::AlphaMode::mask ? Fill::mask : Fill::opaque;
  const bool skinned = primitive.skinned && looks.joints != film::kNone;
  item.deforms = skinned || primitive.targets > 0;
  item.double_sided = material.double_sided;
  item.mirrored = is_mirrored(skinned ? drawn.stage_from_model : stage_from_mesh);
  item.depth = glm::distance(center, head_);
  set_rows(item.record.rows, stage_from_mesh);
  item.tint = drawn.tint;
  item.record.joints = skinned ? looks.joints : film::kNone;
  item.record.weights = looks.weights;
  item.record.targets = primitive.targets;
  item.record.first_delta = primitive.first_delta;
  item.record.vertices = primitive.vertex_count;
  item.record.first_vertex = primitive.first_vertex;
  if (frusta_[0].sees(center, half) || frusta_[1].sees(center, half)) (item.fill == Fill::blend ? blended_items_ : solid_items_).push_back(item);
  if (!shadow_ || !drawn.casts_shadow || item.fill == Fill::blend || material.unlit) return;
  const glm::vec3 off = center - shadow_->center;
  const float along = glm::dot(off, sun_.towards), reach = glm::length(half);
  if (along < -(shadow_->radius_m + reach)) return;
  if (glm::length(off - along * sun_.towards) > shadow_->radius_m * 1.42f + reach) return;
  caster_items_.push_back(item);
}

// Copies of one primitive are drawn at once; groups whose nearest copy is near come first.
void Scene::group(std::vector<Item>& items, std::vector<Draw>& draws) {
  const auto key = [](const Item& i) { return std::tuple(i.primitive, i.mirrored, i.tint.r, i.tint.g, i.tint.b); };
  std::ranges::sort(items, [&](const Item& a, const Item& b) { return std::tuple(key(a), a.depth) < std::tuple(key(b), b.depth); });
  const std::size_t first_draw = draws.size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (i == 0 || key(items[i - 1]) != key(item)) {
      draws.push_back({item.model, item.primitive, item.fill, item.deforms, item.double_sided, item.mirrored, false, item.tint,
                       static_cast<std::uint32_t>(instances_.size()), 0, item.depth});
    }
    ++draws.back().instances;
    instances_.push_back(item.record);
  }
  std::sort(draws.begin() + static_cast<std::ptrdiff_t>(first_draw), draws.end(), [](const Draw& a, const Draw& b) {
    return std::tuple(a.fill, a.nearest, a.primitive) < std::tuple(b.fill, b.nearest, b.primitive);
  });
}

}  // namespace promenade::gpu
