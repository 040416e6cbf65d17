#include "studio.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>
#include <glm/gtc/matrix_transform.hpp>

namespace promenade::test {

Studio::Studio(bool multiview, std::uint32_t samples, std::uint32_t shadow_size) {
  gpu::DeviceSettings settings;
  settings.validation = true;
  settings.multiview = multiview;
  settings.cache_file = PROMENADE_BINARY_DIR "/gpu/pipelines.cache";
  auto made = gpu::Device::create(settings);
  if (!made) SKIP(made.error().text());
  device = std::move(*made);
  auto drawing = gpu::Renderer::create(*device, {samples, shadow_size});
  REQUIRE(drawing);
  renderer = std::move(*drawing);
}

namespace {

void face(film::Primitive& p, const glm::vec3& center, const glm::vec3& u, const glm::vec3& v, float uv_scale) {
  const auto first = static_cast<std::uint32_t>(p.vertices.size());
  const glm::vec3 normal = glm::normalize(glm::cross(u, v));
  for (const auto& [a, b] : {std::pair{-1.0f, -1.0f}, {1.0f, -1.0f}, {1.0f, 1.0f}, {-1.0f, 1.0f}}) {
    film::Vertex vertex;
    vertex.position = center + a * u + b * v;
    vertex.normal = normal;
    vertex.tangent = glm::vec4(glm::normalize(u), 1.0f);
    vertex.uv = glm::vec2(a + 1.0f, 1.0f - b) * 0.5f * uv_scale;
    p.vertices.push_back(vertex);
  }
  for (const std::uint32_t i : {0u, 1u, 2u, 0u, 2u, 3u}) p.indices.push_back(first + i);
}

}  // namespace

film::Primitive box(const glm::vec3& h, std::uint32_t material) {
  film::Primitive p;
  p.material = material;
  const glm::vec3 x(h.x, 0, 0), y(0, h.y, 0), z(0, 0, h.z);
  face(p, x, -z, y, 1.0f);
  face(p, -x, z, y, 1.0f);
  face(p, y, x, -z, 1.0f);
  face(p, -y, x, z, 1.0f);
  face(p, z, x, y, 1.0f);
  face(p, -z, -x, y, 1.0f);
  p.box = {-h, h};
  return p;
}

film::Primitive floor_plane(float half, float uv_scale, std::uint32_t material) {
  film::Primitive p;
  p.material = material;
  face(p, glm::vec3(0.0f), {half, 0, 0}, {0, 0, -half}, uv_scale);
  p.box = {{-half, 0, -half}, {half, 0, half}};
  return p;
}

film::Primitive sphere(float radius, std::uint32_t material) {
  film::Primitive p;
  p.material = material;
  constexpr std::uint32_t kRows = 24, kSides = 48;
  for (std::uint32_t r = 0; r <= kRows; ++r) {
    for (std::uint32_t s = 0; s <= kSides; ++s) {
      const float a = 3.14159265f * static_cast<float>(r) / kRows, b = 6.2831853f * static_cast<float>(s) / kSides;
      film::Vertex v;
      v.normal = {std::sin(a) * std::sin(b), std::cos(a), std::sin(a) * std::cos(b)};
      v.position = v.normal * radius;
      v.tangent = {std::cos(b), 0.0f, -std::sin(b), 1.0f};
      v.uv = {static_cast<float>(s) / kSides, static_cast<float>(r) / kRows};
      p.vertices.push_back(v);
    }
  }
  for (std::uint32_t r = 0; r < kRows; ++r) {
    for (std::uint32_t s = 0; s < kSides; ++s) {
      const std::uint32_t i = r * (kSides + 1) + s, j = i + kSides + 1;
      for (const std::uint32_t k : {i, j, j + 1, i, j + 1, i + 1}) p.indices.push_back(k);
    }
  }
  p.box = {glm::vec3(-radius), glm::vec3(radius)};
  return p;
}

film::Image checker(std::uint32_t size, std::uint32_t cells, std::array<std::uint8_t, 3> a, std::array<std::uint8_t, 3> b, bool srgb) {
  film::Image image{"checker", size, size, srgb, {}};
  for (std::uint32_t y = 0; y < size; ++y) {
    for (std::uint32_t x = 0; x < size; ++x) {
      const auto& c = ((x * cells / size) + (y * cells / size)) % 2 == 0 ? a : b;
      image.rgba.insert(image.rgba.end(), {c[0], c[1], c[2], 255});
    }
  }
  return image;
}

std::uint32_t place(film::Model& model, film::Primitive primitive, const glm::vec3& at, const std::string& name) {
  film::Node node;
  node.name = name;
  node.translation = at;
  node.mesh = static_cast<std::uint32_t>(model.meshes.size());
  film::Mesh mesh;
  mesh.name = name;
  mesh.primitives.push_back(std::move(primitive));
  model.meshes.push_back(std::move(mesh));
  model.nodes.push_back(node);
  return static_cast<std::uint32_t>(model.nodes.size() - 1);
}

film::Pose at_rest(const film::Model& model) {
  film::Pose pose;
  for (const film::Node& node : model.nodes) {
    glm::mat4 m = glm::translate(glm::mat4(1.0f), node.translation) * glm::mat4_cast(node.rotation) * glm::scale(glm::mat4(1.0f), node.scale);
    if (node.parent != film::kNone) m = pose.model_from_node[node.parent] * m;
    pose.model_from_node.push_back(m);
    pose.visible.push_back(node.visible ? 1 : 0);
    pose.weights.emplace_back();
  }
  return pose;
}

std::array<gpu::Eye, 2> looking(const glm::vec3& from, const glm::vec3& to, float half_angle_rad) {
  const glm::vec3 ahead = glm::normalize(to - from);
  gpu::Eye eye;
  eye.orientation = glm::quatLookAt(ahead, glm::vec3(0.0f, 1.0f, 0.0f));
  eye.left_rad = eye.down_rad = -half_angle_rad;
  eye.right_rad = eye.up_rad = half_angle_rad;
  const glm::vec3 right = eye.orientation * glm::vec3(0.032f, 0.0f, 0.0f);
  std::array<gpu::Eye, 2> eyes{eye, eye};
  eyes[0].position = from - right;
  eyes[1].position = from + right;
  return eyes;
}

glm::vec2 seen_at(const gpu::Eye& eye, const glm::vec3& place) {
  const glm::vec3 p = glm::conjugate(eye.orientation) * (place - eye.position);
  const float x = std::tan(eye.right_rad) - std::tan(eye.left_rad), y = std::tan(eye.up_rad) - std::tan(eye.down_rad);
  return {(p.x / -p.z - std::tan(eye.left_rad)) / x, (std::tan(eye.up_rad) - p.y / -p.z) / y};
}

film::Sky noon() {
  film::Sky sky;
  sky.zenith = {0.07f, 0.18f, 0.50f};
  sky.horizon = {0.42f, 0.54f, 0.70f};
  sky.ground = {0.10f, 0.09f, 0.075f};
  sky.exposure = 0.85f;
  sky.sun_color = {9.0f, 8.2f, 6.8f};
  sky.sun_glow = 0.10f;
  sky.fog_color = {0.44f, 0.54f, 0.68f};
  sky.fog_per_m = 0.006f;
  return sky;
}

film::Sky dusk() {
  film::Sky sky;
  sky.zenith = {0.012f, 0.020f, 0.060f};
  sky.horizon = {0.42f, 0.17f, 0.11f};
  sky.ground = {0.02f, 0.02f, 0.03f};
  sky.horizon_sharpness = 6.0f;
  sky.sun_color = {6.0f, 2.4f, 0.9f};
  sky.sun_glow = 0.25f;
  sky.stars = 1.0f;
  sky.fog_color = {0.10f, 0.06f, 0.07f};
  sky.fog_per_m = 0.010f;
  sky.exposure = 1.3f;
  return sky;
}

double against_golden(const gpu::Picture& picture, const std::string& name) {
  const std::filesystem::path golden = std::filesystem::path(PROMENADE_SOURCE_DIR "/tests/gpu/golden") / (name + ".png");
  const std::filesystem::path made = std::filesystem::path(PROMENADE_BINARY_DIR "/gpu") / (name + ".png");
  std::filesystem::create_directories(made.parent_path());
  REQUIRE(gpu::write_png(picture, made.string()));
  if (std::getenv("PROMENADE_WRITE_GOLDEN")) REQUIRE(gpu::write_png(picture, golden.string()));
  const auto kept = gpu::read_png(golden.string());
  REQUIRE(kept);
  return gpu::difference(picture, *kept);
}

std::array<std::uint8_t, 4> pixel(const gpu::Picture& picture, double u, double v) {
  const auto x = static_cast<std::size_t>(std::clamp(u, 0.0, 0.9999) * picture.width), y = static_cast<std::size_t>(std::clamp(v, 0.0, 0.9999) * picture.height);
  const std::size_t at = (y * picture.width + x) * 4;
  return {picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2], picture.rgba[at + 3]};
}

}  // namespace promenade::test
