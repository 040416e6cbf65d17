#pragma once
// From the models of a Frame to lists of draws: who is seen by either eye, who casts a shadow, in which order, with the
// records that shaders read. Pure but for looking up uploaded models; its vectors are kept, so that nothing is allocated
// from the second frame on. Frame: Stage.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/gpu/frame_block.h"
#include "runtime/gpu/models.h"
#include "runtime/gpu/pipelines.h"

namespace promenade::gpu {

struct InstanceRecord {  // as Instance in mesh_io.glsl
  glm::vec4 rows[3];
  std::uint32_t joints, weights, targets, first_delta;
  std::uint32_t vertices, first_vertex, spare[2];
};
static_assert(sizeof(InstanceRecord) == 80);

struct Draw {
  const GpuModel* model = nullptr;
  const GpuPrimitive* primitive = nullptr;
  Fill fill = Fill::opaque;
  bool deforms = false, double_sided = false, mirrored = false, ghost = false;
  glm::vec4 tint{1.0f};
  std::uint32_t first_instance = 0, instances = 0;
  float nearest = 0.0f;                           // metres to the nearest copy
};

struct Frustum {
  std::array<glm::vec4, 5> planes;                // inside is positive; there is no far end
  bool sees(const glm::vec3& center, const glm::vec3& half) const;
};
Frustum frustum_of(const glm::mat4& clip_from_stage);

class Scene {
 public:
  // `shadow_size` 0: no shadows.
  void build(const Frame& frame, const Models& models, std::uint32_t shadow_size);

  const std::vector<Draw>& solid() const { return solid_; }      // opaque and masked, near ones first
  const std::vector<Draw>& blended() const { return blended_; }  // far ones first
  const std::vector<Draw>& casters() const { return casters_; }
  const std::vector<InstanceRecord>& instances() const { return instances_; }
  const std::vector<glm::vec4>& joints() const { return joints_; }
  const std::vector<float>& weights() const { return weights_; }
  const Sun& sun() const { return sun_; }
  const std::vector<Lamp>& lamps() const { return lamps_; }
  const std::optional<ShadowPlace>& shadow() const { return shadow_; }

 private:
  struct Item {
    const GpuModel* model;
    const GpuPrimitive* primitive;
    Fill fill;
    bool deforms, double_sided, mirrored, ghost;
    glm::vec4 tint;
    float depth;
    InstanceRecord record;
  };
  struct Looks { std::uint32_t joints, weights; };
  void light(const Frame& frame, const Models& models);
  void add_model(const DrawnModel& drawn, const GpuModel& model, const glm::vec3& head);
  void add_node(const DrawnModel& drawn, const GpuModel& model, std::uint32_t node, const glm::mat4& stage_from_node);
  void add_primitive(const DrawnModel& drawn, const GpuModel& model, const GpuPrimitive& primitive, const glm::mat4& stage_from_mesh,
                     const glm::vec3& center, const glm::vec3& half, const Looks& looks);
  std::uint32_t add_joints(const DrawnModel& drawn, const GpuModel& model, std::uint32_t node);
  void group(std::vector<Item>& items, std::vector<Draw>& draws);

  std::array<Frustum, 2> frusta_;
  glm::vec3 head_{0.0f};
  Sun sun_;
  std::vector<Lamp> lamps_;
  std::optional<ShadowPlace> shadow_;
  std::vector<Item> solid_items_, blended_items_, caster_items_;
  std::vector<Draw> solid_, blended_, casters_;
  std::vector<InstanceRecord> instances_;
  std::vector<glm::vec4> joints_;
  std::vector<float> weights_;
  std::vector<glm::mat4> turns_;                  // of the model being added: what its billboards turn by
  std::vector<std::uint32_t> turn_of_;
};

}  // namespace promenade::gpu
