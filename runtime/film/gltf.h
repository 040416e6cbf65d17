#pragma once
// Reads a glTF 2.0 asset (GLB, or .gltf with all its data inside) into a Model. Pure: bytes in, values out; any thread.
// What a Model holds was checked against the bytes, so that a damaged or hostile file is an error and nothing worse.
//
// Read: skins, morph targets, sparse accessors, animations (linear, step, cubic), KHR_mesh_quantization,
// EXT_meshopt_compression, KHR_texture_transform, KHR_lights_punctual, KHR_materials_unlit,
// KHR_materials_emissive_strength, EXT_mesh_gpu_instancing, KHR_node_visibility, and KHR_animation_pointer where it
// points at that visibility; PNG and JPEG pictures; extras.promenade as content-tools/package/format.md tells.
// Missing normals are made flat, missing tangents from the texture coordinates. Lines and points are left out.
//
// Errors: "gltf-malformed" (names the part), "gltf-unsupported" (a required extension; says what to do),
// "gltf-too-large". Findings of severity warning tell what was left out or replaced: "texture-missing" (a colour
// texture is then neutral grey, another kind is left out), "texture-unsupported", "part-left-out", "extras-unknown".

#include <cstdint>
#include <string>

#include "runtime/film/model.h"
#include "tracking/base/bytes.h"
#include "tracking/base/finding.h"
#include "tracking/base/result.h"

namespace promenade::film {

// What one asset may hold in all. A headset shows some hundred thousand triangles at 90 Hz: these are far above.
struct LoadLimits {
  std::uint64_t vertices = 4'000'000;
  std::uint64_t indices = 24'000'000;
  std::uint64_t morph_deltas = 16'000'000;
  std::uint64_t numbers = 64'000'000;         // read from accessors
  std::uint64_t pixels = 128u << 20;          // of all images
  std::uint64_t unpacked_bytes = 512u << 20;  // by EXT_meshopt_compression
  std::uint64_t nodes = 100'000;
  std::uint64_t instances = 500'000;
};

// `name` stands in messages. `findings`, where given, gets the warnings.
base::Result<Model> load_gltf(base::ByteView bytes, const std::string& name, base::Findings* findings = nullptr,
                              const LoadLimits& limits = {});

// A PNG or JPEG. Errors: "image-unsupported", "image-malformed", "image-too-large".
base::Result<Image> decode_image(base::ByteView bytes, const std::string& name, std::uint64_t pixels_max = 64u << 20);

}  // namespace promenade::film
