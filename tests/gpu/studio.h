#pragma once
// For tests of the renderer: a device, shapes made by code, frames that look at them, and golden pictures.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "runtime/film/model.h"
#include "runtime/film/pose.h"
#include "runtime/gpu/device.h"
#include "runtime/gpu/renderer.h"

namespace promenade::test {

struct Studio {  // a device with validation, and a renderer
  explicit Studio(bool multiview = true, std::uint32_t samples = 4, std::uint32_t shadow_size = 2048);
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Renderer> renderer;
};

film::Primitive box(const glm::vec3& half, std::uint32_t material = 0);
film::Primitive sphere(float radius, std::uint32_t material = 0);
film::Primitive floor_plane(float half, float uv_scale, std::uint32_t material = 0);
film::Image checker(std::uint32_t size, std::uint32_t cells, std::array<std::uint8_t, 3> a, std::array<std::uint8_t, 3> b, bool srgb = true);
// Adds a mesh of one primitive and a node there; returns the node.
std::uint32_t place(film::Model& model, film::Primitive primitive, const glm::vec3& at, const std::string& name = {});
film::Pose at_rest(const film::Model& model);

// Two eyes 64 mm apart at `from`, looking at `to`.
std::array<gpu::Eye, 2> looking(const glm::vec3& from, const glm::vec3& to, float half_angle_rad = 0.62f);
// Where a place is in that eye's picture: 0..1 from the left and from the top.
glm::vec2 seen_at(const gpu::Eye& eye, const glm::vec3& place);
film::Sky noon();
film::Sky dusk();

// The picture beside its golden: the share of pixels that differ visibly. Where PROMENADE_WRITE_GOLDEN is set in the
// environment, the golden is written instead. The picture itself is left in the build folder either way.
inline constexpr double kShare = 0.005;  // of pixels that may differ by more than 6 in CIE76 after a blur of one pixel
double against_golden(const gpu::Picture& picture, const std::string& name);
std::array<std::uint8_t, 4> pixel(const gpu::Picture& picture, double u, double v);

}  // namespace promenade::test
