// Skins, morph targets, instances, mirrored placements, billboards, alpha: each where it must be, by value or golden.
#include <cmath>

#include <catch2/catch_test_macros.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>

#include "studio.h"

using namespace promenade;
using namespace promenade::test;

namespace {

film::Material plain(const glm::vec4& color) {
  film::Material m;
  m.base_color = color;
  m.metallic = 0.0f;
  m.unlit = true;
  return m;
}

gpu::Frame ahead(const std::vector<gpu::DrawnModel>& models) {
  gpu::Frame frame;
  frame.eyes = looking({0.0f, 1.0f, 3.0f}, {0.0f, 1.0f, 0.0f}, 0.6f);
  frame.models = models;
  return frame;
}

bool bright(const gpu::Picture& p, double u, double v) { return pixel(p, u, v)[0] > 120; }

struct Drawn {
  Drawn(Studio& studio, film::Model made) : model(std::make_shared<film::Model>(std::move(made))), pose(at_rest(*model)) {
    list.push_back({.model = studio.renderer->upload(model), .pose = &pose});
  }
  gpu::Picture picture(Studio& studio) {
    auto pictures = studio.renderer->draw_to_memory(ahead(list), 200, 200);
    REQUIRE(pictures);
    return std::move((*pictures)[0]);
  }
  std::shared_ptr<film::Model> model;
  film::Pose pose;
  std::vector<gpu::DrawnModel> list;
};

// Where metres in the plane z = 0 are in the picture.
double across(double x) { return 0.5 + 0.5 * x / (3.0 * std::tan(0.6)); }
double down(double y) { return 0.5 - 0.5 * (y - 1.0) / (3.0 * std::tan(0.6)); }

}  // namespace

TEST_CASE("a skinned bar bends where its joint turns") {
  Studio studio(true, 1);
  film::Model model;
  model.materials.push_back(plain({1, 1, 1, 1}));
  film::Primitive bar = box({0.1f, 0.5f, 0.1f});
  for (film::Vertex& v : bar.vertices) {
    v.joints = {0, 1, 0, 0};
    v.weights = v.position.y > 0.0f ? glm::vec4(0, 1, 0, 0) : glm::vec4(1, 0, 0, 0);
  }
  const std::uint32_t node = place(model, std::move(bar), {0.0f, 50.0f, 0.0f});  // a skinned node's own place says nothing
  film::Node root, tip;
  root.translation = {0.0f, 0.5f, 0.0f};
  tip.translation = {0.0f, 0.5f, 0.0f};
  tip.parent = 1;
  model.nodes.push_back(root);
  model.nodes.push_back(tip);
  model.skins.push_back({{1, 2}, {glm::translate(glm::mat4(1.0f), glm::vec3(0, 0.5f, 0)), glm::mat4(1.0f)}});
  model.nodes[node].skin = 0;
  Drawn drawn(studio, std::move(model));
  const gpu::Picture straight = drawn.picture(studio);
  CHECK(bright(straight, across(0.0), down(1.3)));
  CHECK_FALSE(bright(straight, across(-0.4), down(1.0)));
  drawn.pose.model_from_node[2] = drawn.pose.model_from_node[2] * glm::rotate(glm::mat4(1.0f), 1.5707963f, glm::vec3(0, 0, 1));
  const gpu::Picture bent = drawn.picture(studio);
  CHECK_FALSE(bright(bent, across(0.0), down(1.4)));
  CHECK(bright(bent, across(-0.35), down(1.0)));
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("morph targets move vertices by their weights") {
  Studio studio(true, 1);
  film::Model model;
  model.materials.push_back(plain({1, 1, 1, 1}));
  film::Primitive shape = box(glm::vec3(0.2f));
  shape.targets.resize(2);
  for (auto& target : shape.targets) target.resize(shape.vertices.size());
  for (film::MorphDelta& d : shape.targets[1]) d.position = {0.8f, 0.0f, 0.0f};
  shape.box.high.x += 0.8f;
  place(model, std::move(shape), {0.0f, 1.0f, 0.0f});
  model.meshes[0].weights = {0.0f, 0.0f};
  Drawn drawn(studio, std::move(model));
  CHECK(bright(drawn.picture(studio), across(0.0), down(1.0)));
  drawn.pose.weights[0] = {1.0f, 1.0f};
  const gpu::Picture moved = drawn.picture(studio);
  CHECK_FALSE(bright(moved, across(0.0), down(1.0)));
  CHECK(bright(moved, across(0.8), down(1.0)));
}

TEST_CASE("instances stand each in its place and are drawn at once") {
  Studio studio(true, 1);
  film::Model model;
  model.materials.push_back(plain({1, 1, 1, 1}));
  const std::uint32_t node = place(model, box(glm::vec3(0.15f)), {0.0f, 1.0f, 0.0f});
  for (const float x : {-0.9f, 0.0f, 0.9f}) model.nodes[node].instances.push_back(glm::translate(glm::mat4(1.0f), glm::vec3(x, 0.0f, 0.0f)));
  Drawn drawn(studio, std::move(model));
  const gpu::Picture picture = drawn.picture(studio);
  for (const double x : {-0.9, 0.0, 0.9}) CHECK(bright(picture, across(x), down(1.0)));
  CHECK_FALSE(bright(picture, across(0.45), down(1.0)));
  CHECK(studio.renderer->cost().draws == 2);      // the boxes and the room
}

TEST_CASE("a mirrored placement shows its outside") {
  Studio studio(true, 1);
  film::Model model;
  model.materials.push_back(plain({1, 0, 0, 1}));
  model.materials.push_back(plain({1, 1, 1, 1}));
  place(model, box(glm::vec3(0.3f), 1), {0.6f, 1.0f, 0.0f});
  place(model, box({0.25f, 0.25f, 0.01f}, 0), {0.6f, 1.0f, -0.2f});  // within the box: seen only if the front is culled
  Drawn drawn(studio, std::move(model));
  drawn.list[0].stage_from_model = glm::scale(glm::mat4(1.0f), glm::vec3(-1, 1, 1));
  const gpu::Picture picture = drawn.picture(studio);
  CHECK_FALSE(bright(picture, across(0.6), down(1.0)));
  CHECK(pixel(picture, across(-0.6), down(1.0))[1] > 120);
}

TEST_CASE("a billboard and its children turn to the viewer about up") {
  Studio studio(true, 1);
  film::Model model;
  film::Material one_sided = plain({1, 1, 1, 1});
  model.materials.push_back(one_sided);
  film::Primitive card;
  const glm::vec3 corners[]{{-0.3f, -0.3f, 0}, {0.3f, -0.3f, 0}, {0.3f, 0.3f, 0}, {-0.3f, 0.3f, 0}};
  for (const glm::vec3& c : corners) card.vertices.push_back({.position = c, .normal = {0, 0, 1}});
  card.indices = {0, 1, 2, 0, 2, 3};
  card.box = {{-0.3f, -0.3f, 0}, {0.3f, 0.3f, 0}};
  film::Node holder;
  holder.translation = {0.0f, 1.0f, 0.0f};
  holder.rotation = glm::angleAxis(2.5f, glm::vec3(0, 1, 0));  // looks away
  holder.faces_viewer = true;
  model.nodes.push_back(holder);
  const std::uint32_t node = place(model, card, {});
  model.nodes[node].parent = 0;
  Drawn turned(studio, model);
  CHECK(bright(turned.picture(studio), across(0.25), down(1.0)));
  model.nodes[0].faces_viewer = false;
  Drawn fixed(studio, model);
  CHECK_FALSE(bright(fixed.picture(studio), across(0.0), down(1.0)));
}

TEST_CASE("masked, blended and tinted surfaces") {
  Studio studio;
  film::Model model;
  film::Image leaf{"leaf", 128, 128, true, {}};
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) {
      const double r = std::hypot(x - 63.5, y - 63.5) / 64.0, a = std::atan2(y - 63.5, x - 63.5);
      const bool inside = r < 0.55 + 0.4 * std::cos(5.0 * a);
      leaf.rgba.insert(leaf.rgba.end(), {110, 190, 70, static_cast<std::uint8_t>(inside ? 255 : 0)});
    }
  }
  model.images.push_back(leaf);
  film::Material mask = plain({1, 1, 1, 1}), red = plain({0.9f, 0.15f, 0.1f, 0.5f}), blue = plain({0.1f, 0.3f, 0.9f, 0.5f}), body = plain({0.9f, 0.8f, 0.6f, 1.0f});
  mask.base_color_texture.image = 0;
  mask.alpha = film::AlphaMode::mask;
  mask.double_sided = true;
  red.alpha = blue.alpha = film::AlphaMode::blend;
  for (const auto& m : {mask, red, blue, body}) model.materials.push_back(m);
  for (auto& m : model.materials) m.unlit = false;
  place(model, box({0.45f, 0.45f, 0.01f}, 0), {-0.95f, 1.3f, 0.0f});
  place(model, sphere(0.32f, 1), {0.55f, 1.45f, 0.3f});
  place(model, sphere(0.32f, 2), {0.85f, 1.25f, -0.3f});
  place(model, box(glm::vec3(0.25f), 3), {-0.6f, 0.4f, 0.0f});
  Drawn drawn(studio, std::move(model));
  film::Model ghost;
  ghost.materials.push_back(body);
  ghost.materials[0].unlit = false;
  place(ghost, box(glm::vec3(0.25f)), {0.0f, 0.4f, 0.0f});
  place(ghost, sphere(0.22f), {0.0f, 0.85f, 0.0f});
  Drawn pale(studio, std::move(ghost));
  pale.list[0].tint = {0.5f, 0.8f, 1.0f, 0.5f};
  pale.list[0].stage_from_model = glm::translate(glm::mat4(1.0f), glm::vec3(0.6f, 0.0f, 0.0f));
  drawn.list.push_back(pale.list[0]);
  gpu::Frame frame = ahead(drawn.list);
  frame.sky = noon();
  const auto pictures = studio.renderer->draw_to_memory(frame, 400, 400);
  REQUIRE(pictures);
  CHECK(against_golden((*pictures)[0], "alpha") < 0.005);
  CHECK(studio.device->validation_messages() == 0);
}
