#pragma once
// The compiled shaders as words of SPIR-V. Static; made from shaders/ by the build.

#include <cstdint>
#include <span>

namespace promenade::gpu {

enum class Shader : std::uint8_t {
  mesh_vert, mesh_frag, shadow_vert, shadow_frag, full_vert, sky_frag, dome_frag, overlay_vert, overlay_frag, figure_vert,
  figure_frag, ui_vert, ui_frag
};
std::span<const std::uint32_t> code_of(Shader shader);

}  // namespace promenade::gpu
