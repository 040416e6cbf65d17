#pragma once
// Safety pictures and flat pictures as triangles, in the order in which they are drawn. Pure; shapes within a surface are
// drawn by overlay.frag from the values that each vertex carries. Its vectors are kept from frame to frame. Frame: Stage.

#include <cstdint>
#include <functional>
#include <vector>

#include "runtime/gpu/picture.h"
#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/textures.h"

namespace promenade::gpu {

struct Range { std::uint32_t first = 0, count = 0; };

class Overlays {
 public:
  void build(const Frame& frame, const std::function<TextureLook(TextureHandle)>& look);
  const std::vector<OverlayVertex>& vertices() const { return vertices_; }
  Range floor() const { return floor_; }          // marks on the floor and walls of lines: seen through the world, fainter
  Range flat() const { return flat_; }            // flat pictures that belong to the world
  Range over_all() const { return over_all_; }

 private:
  struct Corner { glm::vec3 at; glm::vec2 uv; };
  void quad(const Corner (&corners)[4], const glm::vec4& color, const glm::vec4& shape, std::uint32_t kind);
  void ribbon(const Ribbon& ribbon);
  void ring(const Ring& ring, const glm::vec3& head);
  void beam(const Ring& ring, const glm::vec3& head);
  void arrow(const Arrow& arrow);
  void figure_floor(const Figure& figure, const glm::vec3& head);
  void walls(const Grid& grid, const glm::vec3& head);
  void wall(const glm::vec3& a, const glm::vec3& b, const Grid& grid, const glm::vec3& head, float& along);
  void picture(const Quad& quad, const TextureLook& look, float light);

  std::vector<OverlayVertex> vertices_;
  std::vector<float> lengths_;
  std::vector<const Quad*> sorted_;
  Range floor_, flat_, over_all_;
};

// The simple human shape of figures: a turned profile and a head, radius 1 and height 1, facing -z.
std::vector<FigureVertex> figure_mesh();

}  // namespace promenade::gpu
