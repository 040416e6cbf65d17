// Worlds: materials, shadows, skies, lamps.
#include <catch2/catch_test_macros.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include "studio.h"

using namespace promenade;
using namespace promenade::test;

namespace {


film::Model materials_row(const glm::vec3& sun_from, float lux) {
  film::Model model;
  model.images.push_back(checker(256, 8, {196, 190, 180}, {150, 146, 140}));
  film::Material floor;
  floor.base_color_texture.image = 0;
  floor.metallic = 0.0f;
  floor.roughness = 0.75f;
  model.materials.push_back(floor);
  place(model, floor_plane(24.0f, 12.0f, 0), {0.0f, 0.0f, 0.0f}, "floor");
  for (int row = 0; row < 2; ++row) {
    for (int i = 0; i < 5; ++i) {
      film::Material m;
      m.base_color = row == 0 ? glm::vec4(0.80f, 0.12f, 0.08f, 1.0f) : glm::vec4(0.95f, 0.72f, 0.34f, 1.0f);
      m.metallic = row == 0 ? 0.0f : 1.0f;
      m.roughness = 0.08f + 0.22f * static_cast<float>(i);
      model.materials.push_back(m);
      place(model, sphere(0.34f, static_cast<std::uint32_t>(model.materials.size() - 1)),
            {-1.8f + 0.9f * static_cast<float>(i), 0.34f + 0.9f * static_cast<float>(row), row == 0 ? 0.35f : -0.35f});
    }
  }
  film::Material stand;
  stand.base_color = {0.30f, 0.42f, 0.46f, 1.0f};
  stand.metallic = 0.0f;
  stand.roughness = 0.6f;
  model.materials.push_back(stand);
  place(model, box({2.5f, 0.45f, 0.4f}, static_cast<std::uint32_t>(model.materials.size() - 1)), {0.0f, 0.45f, -0.35f}, "stand");
  film::Light sun{.kind = film::LightKind::directional, .color = {1.0f, 0.95f, 0.86f}, .intensity = lux};
  model.lights.push_back(sun);
  film::Node node;
  node.light = 0;
  node.rotation = glm::quatLookAt(-glm::normalize(sun_from), glm::vec3(0.0f, 1.0f, 0.0f));
  model.nodes.push_back(node);
  return model;
}

}  // namespace

TEST_CASE("spheres from smooth to rough, plain and metal, under a noon sun") {
  Studio studio;
  const auto model = std::make_shared<film::Model>(materials_row({0.5f, 0.8f, 0.55f}, 3.2f));
  const film::Pose pose = at_rest(*model);
  const gpu::DrawnModel drawn[]{{.model = studio.renderer->upload(model), .pose = &pose}};
  gpu::Frame frame;
  frame.eyes = looking({0.0f, 1.55f, 3.6f}, {0.0f, 0.75f, 0.0f});
  frame.sky = noon();
  frame.models = drawn;
  const auto pictures = studio.renderer->draw_to_memory(frame, 480, 480);
  REQUIRE(pictures);
  CHECK(against_golden((*pictures)[0], "materials") < kShare);
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("dusk with stars, fog and lamps") {
  Studio studio;
  film::Model made = materials_row({-0.9f, 0.12f, -0.8f}, 0.35f);
  made.lights[0].color = {1.0f, 0.5f, 0.25f};
  for (int i = 0; i < 3; ++i) {
    film::Light lamp{.kind = i == 1 ? film::LightKind::spot : film::LightKind::point, .color = {1.0f, 0.62f, 0.28f}, .intensity = i == 1 ? 14.0f : 2.5f, .range_m = 8.0f};
    made.lights.push_back(lamp);
    film::Node node;
    node.light = static_cast<std::uint32_t>(made.lights.size() - 1);
    node.translation = {-1.8f + 1.8f * static_cast<float>(i), i == 1 ? 3.0f : 1.25f, 1.0f};
    node.rotation = glm::quatLookAt(glm::vec3(0.0f, -1.0f, 0.0f), glm::vec3(0.0f, 0.0f, 1.0f));
    made.nodes.push_back(node);
    film::Material glowing;
    glowing.base_color = {0.0f, 0.0f, 0.0f, 1.0f};
    glowing.emissive = {5.0f, 2.6f, 0.9f};
    made.materials.push_back(glowing);
    if (i != 1) place(made, sphere(0.07f, static_cast<std::uint32_t>(made.materials.size() - 1)), node.translation);
  }
  const auto model = std::make_shared<film::Model>(std::move(made));
  const film::Pose pose = at_rest(*model);
  const gpu::DrawnModel drawn[]{{.model = studio.renderer->upload(model), .pose = &pose}};
  gpu::Frame frame;
  frame.eyes = looking({0.9f, 1.5f, 4.2f}, {0.0f, 1.25f, 0.0f}, 0.75f);
  frame.sky = dusk();
  frame.models = drawn;
  const auto pictures = studio.renderer->draw_to_memory(frame, 480, 480);
  REQUIRE(pictures);
  CHECK(against_golden((*pictures)[0], "dusk") < kShare);
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("without a film there is a calm dark room") {
  Studio studio;
  gpu::Frame frame;
  frame.eyes = looking({0.0f, 1.6f, 0.0f}, {0.0f, 1.2f, -2.0f}, 0.8f);
  const auto pictures = studio.renderer->draw_to_memory(frame, 320, 320);
  REQUIRE(pictures);
  CHECK(against_golden((*pictures)[0], "room") < kShare);
  CHECK(studio.device->validation_messages() == 0);
}
