#pragma once
// Meshes made from code: solids, surfaces of revolution, tubes, rocks, terrain, and what is done to them.
// Frame: glTF's, metres, right-handed, y up. Textures repeat once a metre unless said otherwise. Pure; the same
// arguments give the same bytes.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

namespace promenade::samples::worlds {

using glm::mat4;
using glm::vec2;
using glm::vec3;
using glm::vec4;

inline constexpr float kPi = 3.14159265f;

// The point `height` metres over the film's floor point (x, y).
inline vec3 point(float x, float y, float height = 0.0f) { return {x, height, -y}; }

struct Vertex {
  vec3 position{0.0f};
  vec3 normal{0.0f, 1.0f, 0.0f};
  vec2 uv{0.0f};
  vec4 color{1.0f};  // linear
};

struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;

  Mesh& add(const Mesh& other, const mat4& place = mat4(1.0f));
  Mesh& place(const mat4& matrix);  // turns inside out where the matrix mirrors, so that fronts stay fronts
  Mesh& move(const vec3& by);
  Mesh& turn(float degrees, const vec3& axis);
  Mesh& turn_y(float degrees) { return turn(degrees, {0, 1, 0}); }
  Mesh& stretch(const vec3& by);
  Mesh& paint(const vec3& color);  // multiplies
  Mesh& paint(const std::function<vec3(const Vertex&)>& color);
  Mesh& bend(const std::function<vec3(const vec3&)>& to);  // moves every vertex; normals follow
  Mesh& flat();                                           // every triangle its own normal
  Mesh& smooth(float crease_degrees = 60.0f);             // normals shared below the crease
  Mesh& refine(float longest_edge_m);                     // splits edges, so that baked light has where to lie
  Mesh& map_box();                                        // uv in metres along the side that each triangle faces
  Mesh& scale_uv(const vec2& by);
  Mesh& reverse();                                        // inside out
};

mat4 at(const vec3& where, float turn_y_degrees = 0.0f, float scale = 1.0f);
mat4 rotation(float degrees, const vec3& axis);

Mesh triangle(const vec3& a, const vec3& b, const vec3& c);
Mesh quad(const vec3& a, const vec3& b, const vec3& c, const vec3& d);  // counter-clockwise, uv 0..1 from a
Mesh box(const vec3& one, const vec3& other, float bevel = 0.0f);      // opposite corners; the grain (u) along the longest side
Mesh block(const vec3& size, float bevel = 0.0f);                      // stands on the origin
Mesh plank(const vec3& from, const vec3& to, float width, float thickness, float bevel = 0.0f);
Mesh extrude(std::span<const vec2> outline, float depth);              // counter-clockwise in x, y; z 0..depth
Mesh lathe(std::span<const vec2> profile, int segments);               // (radius, height) from below
Mesh tube(std::span<const vec3> path, std::span<const float> radii, int sides);
Mesh tube(std::span<const vec3> path, float radius, int sides);
Mesh ball(float radius, int rings = 8, int segments = 12);
Mesh rock(std::uint32_t seed, const vec3& size, int detail, float rough = 0.25f);  // about the origin, faceted
Mesh terrain(const vec2& low, const vec2& high, float step, const std::function<float(float, float)>& height);
Mesh card(float width, float height);                                  // stands on the origin, faces +z
Mesh disc(float radius, int segments, float hole = 0.0f);              // lies, faces up, uv 0..1
Mesh ribbon(std::span<const vec3> path, std::span<const vec3> across); // from path - across to path + across

std::vector<vec3> curve(std::span<const vec3> through, int steps_each);  // Catmull-Rom

// Noise: hashed, smooth, about -1..1; fbm sums `octaves` of it.
float hash01(std::uint32_t seed);
float noise(const vec3& p, std::uint32_t seed = 0);
float fbm(const vec3& p, int octaves, std::uint32_t seed = 0);

}  // namespace promenade::samples::worlds
