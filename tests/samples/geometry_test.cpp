// Meshes made from code: closed, looking outwards, and kept so by what is done to them.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <glm/geometric.hpp>

#include "content-tools/samples/geometry.h"

using namespace promenade::samples::worlds;

namespace {

// By the divergence theorem; positive where the faces of a closed mesh look outwards.
float volume(const Mesh& mesh) {
  float sum = 0.0f;
  for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
    const auto p = [&](std::size_t k) { return mesh.vertices[mesh.indices[i + k]].position; };
    sum += glm::dot(p(0), glm::cross(p(1), p(2))) / 6.0f;
  }
  return sum;
}

bool normals_agree(const Mesh& mesh) {
  for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
    const auto v = [&](std::size_t k) -> const Vertex& { return mesh.vertices[mesh.indices[i + k]]; };
    const vec3 n = glm::cross(v(1).position - v(0).position, v(2).position - v(0).position);
    if (glm::dot(n, n) < 1e-14f) continue;
    for (std::size_t k = 0; k < 3; ++k) {
      if (glm::dot(glm::normalize(n), v(k).normal) < 0.0f) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("boxes have their volume, whichever corners they are given by") {
  CHECK(volume(box({0, 0, 0}, {1, 2, 3})) == Catch::Approx(6.0f));
  CHECK(volume(box({1, 2, 3}, {0, 0, 0})) == Catch::Approx(6.0f));
  const Mesh bevelled = box({-1, 0, -1}, {1, 1, 1}, 0.05f);
  CHECK(volume(bevelled) > 3.9f);
  CHECK(volume(bevelled) < 4.0f);
  CHECK(normals_agree(bevelled));
}

TEST_CASE("solids look outwards") {
  CHECK(volume(ball(1.0f, 24, 32)) == Catch::Approx(4.18f).epsilon(0.03));
  CHECK(volume(rock(3, {1, 1, 1}, 2)) > 0.2f);
  const vec3 path[] = {{0, 0, 0}, {0, 1, 0}, {0, 2, 0}};
  CHECK(volume(tube(path, 0.5f, 32)) == Catch::Approx(1.56f).epsilon(0.03));
  const vec2 outline[] = {{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}};
  CHECK(volume(extrude(outline, 0.5f)) == Catch::Approx(1.5f));
  const vec2 profile[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  CHECK(volume(lathe(profile, 48)) == Catch::Approx(3.13f).epsilon(0.02));
  for (const Mesh& mesh : {ball(1.0f), rock(3, {1, 1, 1}, 2), tube(path, 0.5f, 8), extrude(outline, 0.5f), disc(1, 12), card(1, 2)}) CHECK(normals_agree(mesh));
}

TEST_CASE("a mirroring placement keeps fronts in front") {
  Mesh mesh;
  mat4 mirror(1.0f);
  mirror[0][0] = -1.0f;
  mesh.add(ball(1.0f), mirror);
  CHECK(volume(mesh) > 3.5f);
  CHECK(normals_agree(mesh));
}

TEST_CASE("refining keeps the surface and bounds the edges") {
  Mesh mesh = box({0, 0, 0}, {2, 1, 1});
  mesh.refine(0.3f);
  CHECK(volume(mesh) == Catch::Approx(2.0f));
  for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(glm::distance(mesh.vertices[mesh.indices[i + k]].position, mesh.vertices[mesh.indices[i + (k + 1) % 3]].position) <= 0.3f + 1e-5f);
    }
  }
}

TEST_CASE("smoothing keeps creases and joins the rest") {
  Mesh cube = box({0, 0, 0}, {1, 1, 1});
  cube.smooth(60);
  CHECK(normals_agree(cube));
  for (const Vertex& v : cube.vertices) CHECK(std::max({std::abs(v.normal.x), std::abs(v.normal.y), std::abs(v.normal.z)}) > 0.99f);
  Mesh round = ball(1.0f, 12, 16);
  round.smooth(80);
  for (const Vertex& v : round.vertices) CHECK(glm::dot(glm::normalize(v.position), v.normal) > 0.95f);
}

TEST_CASE("noise is the same on every call, bounded and smooth") {
  for (int i = 0; i < 200; ++i) {
    const vec3 p(0.37f * static_cast<float>(i), 1.1f, -0.2f * static_cast<float>(i));
    CHECK(noise(p, 3) == noise(p, 3));
    CHECK(std::abs(noise(p, 3)) <= 1.0f);
    CHECK(std::abs(noise(p + vec3(1e-3f), 3) - noise(p, 3)) < 0.02f);
    CHECK(hash01(static_cast<std::uint32_t>(i)) < 1.0f);
  }
}
