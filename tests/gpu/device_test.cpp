// The device and the renderer as machines: no Vulkan, validation, one pass as two, textures, releases.
#include <cstdlib>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>
#include <glm/gtc/quaternion.hpp>

#include "studio.h"

using namespace promenade;
using namespace promenade::test;

namespace {

film::Model small_world() {
  film::Model model;
  model.images.push_back(checker(64, 8, {220, 210, 190}, {90, 110, 100}));
  model.materials.resize(3);
  model.materials[0].base_color_texture.image = 0;
  model.materials[0].metallic = 0.0f;
  model.materials[1].metallic = 0.0f;
  model.materials[1].base_color = {0.8f, 0.3f, 0.1f, 1.0f};
  model.materials[2].base_color = {0.2f, 0.5f, 0.9f, 0.4f};
  model.materials[2].alpha = film::AlphaMode::blend;
  model.materials[2].metallic = 0.0f;
  place(model, floor_plane(8.0f, 8.0f, 0), {});
  place(model, box(glm::vec3(0.4f), 1), {-0.6f, 0.4f, -2.0f});
  place(model, sphere(0.5f, 2), {0.6f, 0.5f, -1.8f});
  return model;
}

gpu::Frame everything(const gpu::DrawnModel& drawn) {
  static const std::vector<glm::vec3> path{{0, 0, 0}, {0, 0, -2}, {1, 0, -3}};
  static const gpu::Ribbon ribbons[]{{.points = path, .color = {0.1f, 0.7f, 0.9f, 1.0f}}};
  static const gpu::Ring rings[]{{.center = {1, 0, -3}}};
  static const gpu::Figure figures[]{{.floor = {-1.2f, 0, -2.4f}, .color = {0.3f, 0.7f, 1.0f, 0.8f}}};
  static const gpu::Arrow arrows[]{{.from = {0.3f, 0, -1.0f}}};
  gpu::Frame frame;
  frame.eyes = looking({0.0f, 1.6f, 0.8f}, {0.0f, 0.7f, -2.0f});
  frame.sky = noon();
  frame.models = {&drawn, 1};
  frame.ribbons = ribbons;
  frame.rings = rings;
  frame.figures = figures;
  frame.arrows = arrows;
  frame.grid = gpu::Grid{.outline = path, .holes = {}, .opacity = 0.8f};
  return frame;
}

}  // namespace

TEST_CASE("without a Vulkan driver there is a sentence that says what to do") {
  const char* before = std::getenv("VK_DRIVER_FILES");
  const std::string kept = before ? before : "";
  setenv("VK_DRIVER_FILES", "/nonexistent/driver.json", 1);
  const auto device = gpu::Device::create({});
  if (before) setenv("VK_DRIVER_FILES", kept.c_str(), 1);
  else unsetenv("VK_DRIVER_FILES");
  REQUIRE_FALSE(device);
  CHECK(device.error().code == "no-vulkan");
  CHECK(device.error().message.contains("Vulkan"));
  CHECK_FALSE(device.error().advice.empty());
}

TEST_CASE("one pass for both eyes draws what two passes draw") {
  std::array<std::array<gpu::Picture, 2>, 2> pictures;
  for (const bool multiview : {true, false}) {
    Studio studio(multiview);
    CHECK(studio.device->multiview() == multiview);
    const auto model = std::make_shared<film::Model>(small_world());
    const film::Pose pose = at_rest(*model);
    const gpu::DrawnModel drawn{.model = studio.renderer->upload(model), .pose = &pose};
    auto made = studio.renderer->draw_to_memory(everything(drawn), 240, 256);
    REQUIRE(made);
    pictures[multiview ? 0 : 1] = std::move(*made);
    CHECK(studio.device->validation_messages() == 0);
  }
  for (std::size_t eye = 0; eye < 2; ++eye) CHECK(gpu::difference(pictures[0][eye], pictures[1][eye], 1.0) == 0.0);
  CHECK(gpu::difference(pictures[0][0], pictures[0][1]) > 0.01);  // and the eyes see from two places
}

TEST_CASE("fifty frames with all that is drawn, textures, video and interface leave validation silent") {
  Studio studio;
  gpu::Renderer& r = *studio.renderer;
  const auto model = std::make_shared<film::Model>(small_world());
  const film::Pose pose = at_rest(*model);
  gpu::DrawnModel drawn{.model = r.upload(model), .pose = &pose};
  CHECK_FALSE(r.ready(drawn.model));
  const gpu::TextureHandle video = r.make_texture(gpu::TextureKind::yuv420, 64, 32);
  std::vector<std::uint8_t> planes(64 * 32 * 3 / 2, 100);
  gpu::UiDraw ui;
  ui.width_px = ui.height_px = 64;
  ui.atlas_width = ui.atlas_height = 4;
  ui.atlas_alpha.assign(16, 255);
  ui.atlas_revision = 1;
  ui.vertices = {{{4, 4}, {0.5f, 0.5f}, 0xff00ff00u}, {{60, 4}, {0.5f, 0.5f}, 0xff00ff00u}, {{4, 60}, {0.5f, 0.5f}, 0xff00ff00u}};
  ui.indices = {0, 1, 2};
  ui.commands = {{0, 3, {0, 0}, {64, 64}, 0}};
  for (int i = 0; i < 50; ++i) {
    gpu::Frame frame = everything(drawn);
    planes[static_cast<std::size_t>(i)] = 200;
    r.update(video, planes);
    if (i == 20) { ui.atlas_revision = 2; ui.width_px = 96; }
    if (i == 30) {
      r.release_model(drawn.model);
      drawn.model = r.upload(model);
    }
    const gpu::Quad quads[]{{.texture = r.paint(ui), .center = {0, 1.5f, -2}, .size_m = {0.5f, 0.5f}, .over_all = i % 2 == 0}};
    frame.quads = quads;
    if (i % 3 == 0) frame.dome = gpu::Dome{.texture = video, .opacity = 0.5f};
    REQUIRE(r.draw_to_memory(frame, i < 40 ? 96u : 80u, 96));
  }
  CHECK(r.ready(drawn.model));
  r.release_texture(video);
  CHECK(r.cost().draws > 5);
  CHECK(r.cost().cpu_ms > 0.0);
  CHECK(studio.device->validation_messages() == 0);
  INFO(studio.device->last_validation_message());
}

TEST_CASE("the interface is painted in its own colours, over transparency") {
  Studio studio(true, 1);
  gpu::UiDraw ui;
  ui.width_px = ui.height_px = 32;
  ui.atlas_width = ui.atlas_height = 2;
  ui.atlas_alpha.assign(4, 255);
  ui.atlas_revision = 7;
  const auto rectangle = [&](float x0, float x1, std::uint32_t color) {
    const auto first = static_cast<std::uint32_t>(ui.vertices.size());
    for (const glm::vec2 p : {glm::vec2(x0, 0), glm::vec2(x1, 0), glm::vec2(x1, 32), glm::vec2(x0, 32)}) ui.vertices.push_back({p, {0.5f, 0.5f}, color});
    for (const std::uint32_t i : {0u, 1u, 2u, 0u, 2u, 3u}) ui.indices.push_back(first + i);
  };
  rectangle(0, 16, 0xff3060c0u);
  ui.commands = {{0, 6, {0, 0}, {32, 32}, 0}};
  gpu::Frame frame;
  gpu::Eye eye;
  eye.left_rad = eye.down_rad = -0.5f;
  eye.right_rad = eye.up_rad = 0.5f;
  frame.eyes = {eye, eye};
  const gpu::Quad quads[]{{.texture = studio.renderer->paint(ui), .center = {0, 0, -1}, .size_m = {1, 1}, .over_all = true}};
  REQUIRE(quads[0].texture != 0);
  frame.quads = quads;
  frame.fade = 1.0f;
  const auto pictures = studio.renderer->draw_to_memory(frame, 64, 64);
  REQUIRE(pictures);
  const auto left = pixel((*pictures)[0], 0.3, 0.5), right = pixel((*pictures)[0], 0.7, 0.5);
  CHECK(std::abs(left[0] - 0xc0) <= 1);
  CHECK(std::abs(left[1] - 0x60) <= 1);
  CHECK(std::abs(left[2] - 0x30) <= 1);
  CHECK(right[0] + right[1] + right[2] <= 3);
  CHECK(studio.device->validation_messages() == 0);
}
