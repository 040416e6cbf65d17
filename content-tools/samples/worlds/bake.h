#pragma once
// Light worked out beforehand and kept in vertex colours: how open each vertex is, or all the light that it gets from
// the world's baked lights, the sky and its neighbours (one bounce), after Cohen et al., "A progressive refinement
// approach to fast radiosity" (1988) in spirit: rays are cast from each vertex, in a fixed pattern.
// Frame: the world's, metres. Deterministic, whatever the number of threads.

#include <cstdint>
#include <span>
#include <vector>

#include "content-tools/samples/glb.h"

namespace promenade::samples::worlds {

struct Triangle {
  vec3 a{0.0f}, ab{0.0f}, ac{0.0f};
  std::uint32_t node = 0, part = 0, first = 0;  // first: of its three indices
};

struct Hit {
  float distance = 0.0f;
  std::uint32_t triangle = kNone;  // kNone: nothing was hit
  float u = 0.0f, v = 0.0f;
};

class RayCaster {
 public:
  explicit RayCaster(std::vector<Triangle> triangles);
  Hit nearest(const vec3& from, const vec3& towards, float farthest) const;
  bool blocked(const vec3& from, const vec3& towards, float farthest) const;
  const Triangle& triangle(std::uint32_t index) const { return triangles_[index]; }

 private:
  struct Box {
    vec3 low{0.0f}, high{0.0f};
    std::uint32_t left = 0, first = 0, count = 0;  // count 0: the children are left and left + 1
  };
  void split(std::uint32_t box, int depth);
  std::uint32_t divide(const Box& box);  // orders its triangles; how many are in the first part (Wald 2007, in bins)
  template <bool kAny>
  Hit cast(const vec3& from, const vec3& towards, float farthest) const;

  std::vector<Triangle> triangles_;
  std::vector<Box> boxes_;
};

// Every triangle that takes light away, with the world at rest.
std::vector<Triangle> occluders(const World& world);

// Bakes in place, by each material's Bake. `rays` per vertex.
void bake(World& world, int rays = 40);

}  // namespace promenade::samples::worlds
