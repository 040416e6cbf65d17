#include "runtime/gpu/models.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/gpu/pipelines.h"

namespace promenade::gpu {

namespace {

constexpr std::uint32_t kSetsPerPool = 64;

struct MaterialTexture {  // as TextureUse in mesh_io.glsl
  glm::vec4 place;
  glm::vec2 turn;
  std::uint32_t number = 0, spare = 0;
};
struct MaterialRecord {
  glm::vec4 base, emissive, surface;
  std::uint32_t flags[4]{};
  MaterialTexture textures[5];
};
static_assert(sizeof(MaterialRecord) == 224);

}  // namespace

std::vector<JointBox> joint_boxes(const film::Mesh& mesh, const film::Skin& skin) {
  std::vector<film::Box> boxes(skin.joints.size(), {glm::vec3(std::numeric_limits<float>::max()), glm::vec3(std::numeric_limits<float>::lowest())});
  for (const film::Primitive& primitive : mesh.primitives) {
    for (const film::Vertex& v : primitive.vertices) {
      for (int i = 0; i < 4; ++i) {
        const std::size_t joint = v.joints[static_cast<std::size_t>(i)];
        if (v.weights[i] <= 0.02f || joint >= boxes.size()) continue;
        const glm::vec3 at = skin.inverse_bind[joint] * glm::vec4(v.position, 1.0f);
        boxes[joint].low = glm::min(boxes[joint].low, at);
        boxes[joint].high = glm::max(boxes[joint].high, at);
      }
    }
  }
  std::vector<JointBox> found;
  for (std::uint32_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].low.x <= boxes[i].high.x) found.push_back({i, boxes[i]});
  }
  return found;
}

Models::Models(Device& device, Slots& slots, Textures& textures, VkDescriptorSetLayout layout)
    : device_(device), slots_(slots), textures_(textures), layout_(layout) {}

bool Models::ready(ModelHandle model) const { return find(model) != nullptr; }

const GpuModel* Models::find(ModelHandle model) const {
  const auto found = models_.find(model);
  return found != models_.end() && found->second->pieces_left == 0 ? found->second.get() : nullptr;
}

ModelHandle Models::upload(std::shared_ptr<const film::Model> source) {
  auto model = std::make_unique<GpuModel>();
  model->source = std::move(source);
  make_buffers(*model);
  make_images(*model);
  make_materials(*model);
  const ModelHandle handle = next_++;
  for (std::uint32_t i = 0; i < model->primitives.size(); ++i) queue_.push_back({handle, false, i, 0});
  for (std::uint32_t i = 0; i < model->images.size(); ++i) queue_.push_back({handle, true, i, 0});
  model->pieces_left = static_cast<std::uint32_t>(model->primitives.size() + model->images.size());
  models_[handle] = std::move(model);
  return handle;
}

void Models::release(ModelHandle handle) {
  const auto found = models_.find(handle);
  if (found == models_.end()) return;
  for (const auto& sampled : found->second->sampled) textures_.give_back(sampled.number, 1);
  returned_.push_back({slots_.submitted() + 1, found->second->set});
  std::erase_if(queue_, [&](const Piece& piece) { return piece.model == handle; });
  slots_.retire(std::move(found->second));
  models_.erase(found);
}

void Models::make_buffers(GpuModel& model) {
  std::uint32_t vertices = 0, indices = 0, deltas = 0;
  bool skinned = false;
  for (const film::Mesh& mesh : model.source->meshes) {
    model.first_primitive.push_back(static_cast<std::uint32_t>(model.primitives.size()));
    for (const film::Primitive& p : mesh.primitives) {
      GpuPrimitive made;
      made.first_index = indices;
      made.index_count = static_cast<std::uint32_t>(p.indices.size());
      made.first_vertex = vertices;
      made.vertex_count = static_cast<std::uint32_t>(p.vertices.size());
      made.first_delta = deltas;
      made.targets = static_cast<std::uint32_t>(p.targets.size());
      made.material = p.material;
      made.box = p.box;
      for (const film::Vertex& v : p.vertices) made.skinned = made.skinned || v.weights.x > 0.0f;
      skinned = skinned || made.skinned;
      indices += made.index_count;
      vertices += made.vertex_count;
      deltas += made.targets * made.vertex_count;
      model.primitives.push_back(made);
    }
  }
  model.first_primitive.push_back(static_cast<std::uint32_t>(model.primitives.size()));
  for (const film::Node& node : model.source->nodes) {
    if (node.mesh == film::kNone || node.skin == film::kNone) continue;
    auto& boxes = model.skin_boxes[{node.mesh, node.skin}];
    if (boxes.empty()) boxes = joint_boxes(model.source->meshes[node.mesh], model.source->skins[node.skin]);
  }
  const auto make = [&](std::size_t size, VkBufferUsageFlags use) {
    return Buffer(device_.state(), std::max<std::size_t>(size, 16), use | VK_BUFFER_USAGE_TRANSFER_DST_BIT, Reach::device);
  };
  model.positions = make(std::size_t{12} * vertices, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
  model.attributes = make(sizeof(PackedVertex) * vertices, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
  model.skins = make(sizeof(PackedSkin) * (skinned || deltas > 0 ? vertices : 1), VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
  model.indices = make(std::size_t{4} * indices, VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
  model.deltas = make(std::size_t{24} * deltas, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
}

void Models::make_images(GpuModel& model) {
  for (const film::Image& image : model.source->images) {
    const VkFormat format = image.srgb ? VK_FORMAT_R8G8B8A8_SRGB : VK_FORMAT_R8G8B8A8_UNORM;
    const std::uint32_t levels = levels_of(image.width, image.height);
    model.images.emplace_back(device_.state(), ImageWish{format, image.width, image.height, 1, levels, VK_SAMPLE_COUNT_1_BIT,
        VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
    model.views.push_back(view_of(device_.handle(), model.images.back().get(), format, 0, 1, levels, false));
  }
}

std::uint32_t Models::number_of(GpuModel& model, const film::TextureUse& use) {
  if (use.image == film::kNone || use.image >= model.images.size()) return 0;
  const Sampling sampling{use.wrap_u, use.wrap_v, use.nearest};
  for (const auto& known : model.sampled) {
    if (known.image == use.image && known.sampling == sampling) return known.number;
  }
  const std::uint32_t number = textures_.take(1);
  if (number == textures_.white()) return 0;      // the table is full: drawn without this texture
  textures_.write(number, model.views[use.image].get(), sampling);
  model.sampled.push_back({use.image, sampling, number});
  return number;
}

void Models::make_materials(GpuModel& model) {
  std::vector<MaterialRecord> records;
  for (const film::Material& m : model.source->materials) {
    MaterialRecord record;
    record.base = m.base_color;
    record.emissive = glm::vec4(m.emissive, m.alpha_cutoff);
    record.surface = {m.metallic, m.roughness, m.normal_scale, m.occlusion_strength};
    record.flags[0] = m.unlit ? 1u : 0u;
    const film::TextureUse* uses[]{&m.base_color_texture, &m.metallic_roughness_texture, &m.normal_texture, &m.occlusion_texture, &m.emissive_texture};
    for (std::size_t i = 0; i < 5; ++i) {
      record.textures[i] = {glm::vec4(uses[i]->offset, uses[i]->scale), {std::cos(uses[i]->rotation_rad), std::sin(uses[i]->rotation_rad)},
                            number_of(model, *uses[i]), 0};
    }
    records.push_back(record);
  }
  if (records.empty()) records.emplace_back();
  // Small and read by every pixel of the model; written by the host, so that it takes no part in the queue.
  model.materials = Buffer(device_.state(), records.size() * sizeof(MaterialRecord), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, Reach::written_by_host);
  std::copy_n(reinterpret_cast<const std::byte*>(records.data()), records.size() * sizeof(MaterialRecord), model.materials.mapped());

  const std::uint64_t done = slots_.finished();
  std::erase_if(returned_, [&](const Returned& r) {
    if (r.value > done) return false;
    free_sets_.push_back(r.set);
    return true;
  });
  if (free_sets_.empty()) {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 2 * kSetsPerPool};
    const VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, nullptr, 0, kSetsPerPool, 1, &size};
    VkDescriptorPool pool = VK_NULL_HANDLE;
    must(vkCreateDescriptorPool(device_.handle(), &info, nullptr, &pool));
    pools_.emplace_back(device_.handle(), pool);
    const std::vector<VkDescriptorSetLayout> layouts(kSetsPerPool, layout_);
    free_sets_.resize(kSetsPerPool);
    const VkDescriptorSetAllocateInfo sets{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, nullptr, pool, kSetsPerPool, layouts.data()};
    must(vkAllocateDescriptorSets(device_.handle(), &sets, free_sets_.data()));
  }
  model.set = free_sets_.back();
  free_sets_.pop_back();
  const VkDescriptorBufferInfo buffers[]{{model.materials.get(), 0, VK_WHOLE_SIZE}, {model.deltas.get(), 0, VK_WHOLE_SIZE}};
  for (std::uint32_t i = 0; i < 2; ++i) {
    const VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, nullptr, model.set, i, 0, 1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, nullptr,
                                     &buffers[i], nullptr};
    vkUpdateDescriptorSets(device_.handle(), 1, &write, 0, nullptr);
  }
}

}  // namespace promenade::gpu
