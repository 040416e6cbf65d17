#include "runtime/gpu/shader_code.h"

#include "runtime/gpu/spirv/dome_frag.h"
#include "runtime/gpu/spirv/figure_frag.h"
#include "runtime/gpu/spirv/figure_vert.h"
#include "runtime/gpu/spirv/full_vert.h"
#include "runtime/gpu/spirv/mesh_frag.h"
#include "runtime/gpu/spirv/mesh_vert.h"
#include "runtime/gpu/spirv/overlay_frag.h"
#include "runtime/gpu/spirv/overlay_vert.h"
#include "runtime/gpu/spirv/shadow_frag.h"
#include "runtime/gpu/spirv/shadow_vert.h"
#include "runtime/gpu/spirv/sky_frag.h"
#include "runtime/gpu/spirv/ui_frag.h"
#include "runtime/gpu/spirv/ui_vert.h"
#include "tracking/base/assert.h"

namespace promenade::gpu {

std::span<const std::uint32_t> code_of(Shader shader) {
  switch (shader) {
    case Shader::mesh_vert: return k_mesh_vert;
    case Shader::mesh_frag: return k_mesh_frag;
    case Shader::shadow_vert: return k_shadow_vert;
    case Shader::shadow_frag: return k_shadow_frag;
    case Shader::full_vert: return k_full_vert;
    case Shader::sky_frag: return k_sky_frag;
    case Shader::dome_frag: return k_dome_frag;
    case Shader::overlay_vert: return k_overlay_vert;
    case Shader::overlay_frag: return k_overlay_frag;
    case Shader::figure_vert: return k_figure_vert;
    case Shader::figure_frag: return k_figure_frag;
    case Shader::ui_vert: return k_ui_vert;
    case Shader::ui_frag: return k_ui_frag;
  }
  PROMENADE_ASSERT(false);
  return {};
}

}  // namespace promenade::gpu
