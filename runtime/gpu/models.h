#pragma once
// Uploaded models: their meshes, images and materials on the device, and the queue by which they get there a piece at a
// time. Frame thread. A model is drawn once all of it has arrived.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "runtime/film/model.h"
#include "runtime/gpu/memory.h"
#include "runtime/gpu/picture.h"
#include "runtime/gpu/slots.h"
#include "runtime/gpu/textures.h"

namespace promenade::gpu {

struct GpuPrimitive {
  std::uint32_t first_index = 0, index_count = 0;
  std::uint32_t first_vertex = 0, vertex_count = 0;
  std::uint32_t first_delta = 0, targets = 0;
  std::uint32_t material = 0;
  bool skinned = false;
  film::Box box;
};

// Where the vertices that hang on one joint are, in the joint's frame: the box of a skinned node at any pose.
struct JointBox { std::uint32_t joint = 0; film::Box box; };

struct GpuModel {
  std::shared_ptr<const film::Model> source;      // nodes, lights and materials are read from it in every frame
  std::vector<GpuPrimitive> primitives;
  std::vector<std::uint32_t> first_primitive;     // of each mesh; one more at the end
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<JointBox>> skin_boxes;  // by (mesh, skin)
  Buffer positions, attributes, skins, indices, materials, deltas;
  std::vector<ImageMemory> images;
  std::vector<View> views;
  struct Sampled { std::uint32_t image; Sampling sampling; std::uint32_t number; };
  std::vector<Sampled> sampled;
  VkDescriptorSet set = VK_NULL_HANDLE;
  std::uint32_t pieces_left = 0;
};

class Models {
 public:
  Models(Device& device, Slots& slots, Textures& textures, VkDescriptorSetLayout layout);
  ModelHandle upload(std::shared_ptr<const film::Model> model);
  bool ready(ModelHandle model) const;
  void release(ModelHandle model);
  const GpuModel* find(ModelHandle model) const;  // null unless it is ready
  // Records copies of queued pieces until `budget` bytes are used up. True: more is waiting.
  bool pump(Slot& slot, std::size_t budget);

 private:
  struct Piece { ModelHandle model; bool image; std::uint32_t index; std::uint32_t row; };
  std::size_t copy_primitive(Slot& slot, GpuModel& model, std::uint32_t index);
  std::size_t copy_rows(Slot& slot, GpuModel& model, Piece& piece, std::size_t budget);
  void make_buffers(GpuModel& model);
  void make_images(GpuModel& model);
  void make_materials(GpuModel& model);
  std::uint32_t number_of(GpuModel& model, const film::TextureUse& use);

  Device& device_;
  Slots& slots_;
  Textures& textures_;
  VkDescriptorSetLayout layout_;
  std::vector<DescriptorPool> pools_;
  std::vector<VkDescriptorSet> free_sets_;
  struct Returned { std::uint64_t value; VkDescriptorSet set; };
  std::vector<Returned> returned_;
  std::map<ModelHandle, std::unique_ptr<GpuModel>> models_;
  std::deque<Piece> queue_;
  ModelHandle next_ = 1;
};

std::vector<JointBox> joint_boxes(const film::Mesh& mesh, const film::Skin& skin);

}  // namespace promenade::gpu
