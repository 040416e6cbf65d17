// load_gltf on foreign bytes. What is accepted must hold what model.h promises, since nobody checks it again.

#include "runtime/film/gltf.h"
#include "runtime/film/pose.h"
#include "tracking/base/assert.h"

namespace {

using namespace promenade;
using namespace promenade::film;

void check_textures(const Model& model) {
  for (const Material& m : model.materials) {
    for (const TextureUse* use : {&m.base_color_texture, &m.metallic_roughness_texture, &m.normal_texture, &m.occlusion_texture, &m.emissive_texture}) {
      PROMENADE_ASSERT(use->image == kNone || use->image < model.images.size());
    }
  }
  for (const Image& image : model.images) PROMENADE_ASSERT(image.rgba.size() == std::size_t{4} * image.width * image.height);
}

void check_meshes(const Model& model) {
  for (const Mesh& mesh : model.meshes) {
    for (const Primitive& p : mesh.primitives) {
      PROMENADE_ASSERT(p.material < model.materials.size() && p.indices.size() % 3 == 0);
      for (const std::uint32_t index : p.indices) PROMENADE_ASSERT(index < p.vertices.size());
      for (const auto& target : p.targets) PROMENADE_ASSERT(target.size() == p.vertices.size());
    }
  }
}

void check_nodes(const Model& model) {
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const Node& node = model.nodes[i];
    PROMENADE_ASSERT(node.parent == kNone || node.parent < i);
    PROMENADE_ASSERT(node.mesh == kNone || node.mesh < model.meshes.size());
    PROMENADE_ASSERT(node.light == kNone || node.light < model.lights.size());
    if (node.skin == kNone) continue;
    PROMENADE_ASSERT(node.skin < model.skins.size() && node.mesh != kNone);
    const Skin& skin = model.skins[node.skin];
    PROMENADE_ASSERT(skin.inverse_bind.size() == skin.joints.size());
    for (const std::uint32_t joint : skin.joints) PROMENADE_ASSERT(joint < model.nodes.size());
    for (const Primitive& p : model.meshes[node.mesh].primitives) {
      for (const Vertex& v : p.vertices) {
        for (const std::uint16_t joint : v.joints) PROMENADE_ASSERT(joint < skin.joints.size());
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const LoadLimits small{.vertices = 20'000, .indices = 60'000, .morph_deltas = 20'000, .numbers = 200'000, .pixels = 1 << 16,
                         .unpacked_bytes = 1 << 20, .nodes = 2'000, .instances = 2'000};
  const auto model = load_gltf({data, size}, "fuzz.glb", nullptr, small);
  if (!model) return 0;
  check_textures(*model);
  check_meshes(*model);
  check_nodes(*model);
  Pose pose;
  std::vector<Clip> clips;
  for (std::uint32_t i = 0; i < model->animations.size(); ++i) clips.push_back({i, 0.4, true});
  evaluate(*model, clips, kNone, pose);
  return 0;
}
