#include "runtime/film/gltf.h"

#include "runtime/film/gltf_parts.h"

namespace promenade::film {

base::Result<Model> load_gltf(base::ByteView bytes, const std::string& name, base::Findings* findings, const LoadLimits& limits) {
  Source source(name, limits, findings);
  Model model;
  source.open(bytes);
  if (source.ok()) {
    const std::vector<int> texture_sets = read_materials(source, model);
    if (source.ok()) read_meshes(source, texture_sets, model);
    if (source.ok()) read_scene(source, model);
  }
  if (!source.ok()) return std::unexpected(source.error());
  if (model.name.empty()) model.name = name;
  return model;
}

}  // namespace promenade::film
