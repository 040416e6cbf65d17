// Safety pictures: each is looked at once as a golden, and asserted by value where a number says it.
#include <cmath>

#include <catch2/catch_test_macros.hpp>

#include "studio.h"

using namespace promenade;
using namespace promenade::test;

namespace {

const glm::vec4 kGuide{0.10f, 0.75f, 0.95f, 1.0f}, kCalm{0.25f, 0.85f, 0.55f, 1.0f}, kWarn{1.0f, 0.55f, 0.10f, 1.0f};

gpu::Frame room(const glm::vec3& from, const glm::vec3& to, float half_angle = 0.72f) {
  gpu::Frame frame;
  frame.eyes = looking(from, to, half_angle);
  return frame;
}

gpu::Picture drawn(Studio& studio, const gpu::Frame& frame, std::uint32_t width = 400, std::uint32_t height = 400) {
  auto pictures = studio.renderer->draw_to_memory(frame, width, height);
  REQUIRE(pictures);
  return std::move((*pictures)[0]);
}

double luminance(const gpu::Picture& p, double u, double v) {
  const auto c = pixel(p, u, v);
  return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

}  // namespace

TEST_CASE("the guide: ribbon, mark with its countdown, arrow") {
  Studio studio;
  gpu::Frame frame = room({0.0f, 1.65f, 0.6f}, {0.1f, 0.2f, -2.4f});
  const std::vector<glm::vec3> path{{0.0f, 0.0f, 0.2f}, {0.0f, 0.0f, -1.0f}, {0.12f, 0.0f, -1.5f}, {0.5f, 0.0f, -2.0f}, {1.0f, 0.0f, -2.4f}, {1.2f, 0.0f, -3.2f}};
  const gpu::Ribbon ribbons[]{{.points = path, .color = kGuide, .width_m = 0.34f, .phase = 0.35f}};
  const gpu::Ring rings[]{{.center = {1.25f, 0.0f, -3.9f}, .radius_m = 0.55f, .width_m = 0.07f, .color = kCalm, .filled = 0.25f, .sweep = 0.7f}};
  const gpu::Arrow arrows[]{{.from = {-1.1f, 0.0f, -1.2f}, .yaw_rad = 0.6f, .color = kWarn}};
  frame.ribbons = ribbons;
  frame.rings = rings;
  frame.arrows = arrows;
  CHECK(against_golden(drawn(studio, frame), "guide") < kShare);

  gpu::Ribbon moved[]{ribbons[0]};
  moved[0].phase = 0.85f;
  gpu::Frame later = frame;
  later.ribbons = moved;
  CHECK(gpu::difference(drawn(studio, frame), drawn(studio, later)) > 0.004);  // the marks move
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("people nearby: figures that stand, face and are seen through") {
  Studio studio;
  gpu::Frame frame = room({0.0f, 1.6f, 1.4f}, {0.0f, 0.85f, -1.6f}, 0.66f);
  const gpu::Figure figures[]{{.floor = {-0.95f, 0.0f, -1.6f}, .yaw_rad = 3.5f, .radius_m = 0.3f, .height_m = 1.75f, .color = {0.30f, 0.75f, 1.0f, 0.85f}},
                              {.floor = {0.05f, 0.0f, -2.4f}, .yaw_rad = 1.4f, .radius_m = 0.3f, .height_m = 1.62f, .color = {0.35f, 0.9f, 0.6f, 0.55f}},
                              {.floor = {0.95f, 0.0f, -1.3f}, .yaw_rad = 3.0f, .radius_m = 0.3f, .height_m = 1.30f, .color = {1.0f, 0.65f, 0.2f, 0.85f}}};
  frame.figures = figures;
  CHECK(against_golden(drawn(studio, frame), "figures") < kShare);
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("the boundary's walls of lines glow near the viewer") {
  Studio studio;
  gpu::Frame frame = room({1.2f, 1.6f, -1.0f}, {2.2f, 1.1f, -2.2f}, 0.8f);
  const std::vector<glm::vec3> outline{{-4.0f, 0.0f, -3.0f}, {2.4f, 0.0f, -3.0f}, {2.4f, 0.0f, 4.0f}, {-4.0f, 0.0f, 4.0f}};
  const std::vector<std::vector<glm::vec3>> holes{{{0.2f, 0.0f, -2.4f}, {0.6f, 0.0f, -2.4f}, {0.6f, 0.0f, -2.0f}, {0.2f, 0.0f, -2.0f}}};
  frame.grid = gpu::Grid{.outline = outline, .holes = holes, .opacity = 1.0f, .height_m = 2.4f, .color = {0.25f, 0.75f, 1.0f, 1.0f}};
  const gpu::Picture near = drawn(studio, frame);
  CHECK(against_golden(near, "boundary") < kShare);
  frame.grid->opacity = 0.0f;
  CHECK(gpu::difference(near, drawn(studio, frame)) > 0.05);
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("dimming and fading take the film and leave safety") {
  Studio studio;
  gpu::Frame frame = room({0.0f, 1.6f, 0.0f}, {0.0f, 0.4f, -2.0f});
  frame.sky = noon();
  const gpu::TextureHandle white = studio.renderer->make_texture(gpu::TextureKind::rgba_srgb, 8, 8);
  studio.renderer->update(white, std::vector<std::uint8_t>(8 * 8 * 4, 255));
  const gpu::Quad quads[]{{.texture = white, .center = {-0.8f, 1.2f, -2.0f}, .size_m = {0.4f, 0.4f}},
                          {.texture = white, .center = {0.8f, 1.2f, -2.0f}, .size_m = {0.4f, 0.4f}, .over_all = true}};
  frame.quads = quads;
  const gpu::Ring rings[]{{.center = {0.0f, 0.0f, -2.0f}, .radius_m = 0.5f, .width_m = 0.1f, .color = kCalm, .filled = 1.0f}};
  frame.rings = rings;
  const gpu::Picture bright = drawn(studio, frame);
  frame.world_dim = 0.5f;
  const gpu::Picture dim = drawn(studio, frame);
  frame.fade = 1.0f;
  const gpu::Picture gone = drawn(studio, frame);

  const double sky_u = 0.5, sky_v = 0.02;
  CHECK(luminance(dim, sky_u, sky_v) < 0.85 * luminance(bright, sky_u, sky_v));
  CHECK(luminance(gone, sky_u, sky_v) <= 1.0);
  const glm::vec2 film_at = seen_at(frame.eyes[0], quads[0].center), safety_at = seen_at(frame.eyes[0], quads[1].center);
  const auto film = [&](const gpu::Picture& p) { return luminance(p, film_at.x, film_at.y); };
  const auto safety = [&](const gpu::Picture& p) { return luminance(p, safety_at.x, safety_at.y); };
  CHECK(film(bright) > 254.0);
  CHECK(std::abs(film(dim) - 188.0) < 2.0);       // half the light
  CHECK(film(gone) <= 1.0);
  CHECK(safety(bright) > 254.0);
  CHECK(safety(gone) > 254.0);
  CHECK(luminance(gone, 0.5, 0.6) > 60.0);        // the ring's disc
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("what the world hides is still seen, fainter; what is over all is whole") {
  Studio studio;
  film::Model model;
  model.materials.resize(1);
  model.materials[0].base_color = {0.05f, 0.05f, 0.05f, 1.0f};
  place(model, box({3.0f, 3.0f, 0.05f}), {0.0f, 0.0f, -1.0f});
  const auto wall = std::make_shared<film::Model>(std::move(model));
  const film::Pose pose = at_rest(*wall);
  const gpu::DrawnModel models[]{{.model = studio.renderer->upload(wall), .pose = &pose}};
  gpu::Frame frame = room({0.0f, 1.6f, 1.0f}, {0.0f, 1.2f, -3.0f});
  const gpu::Figure figures[]{{.floor = {0.0f, 0.0f, -3.0f}, .yaw_rad = 0.0f, .color = {1.0f, 1.0f, 1.0f, 1.0f}}};
  frame.figures = figures;
  const gpu::Picture open = drawn(studio, frame);
  frame.models = models;
  const gpu::Picture hidden = drawn(studio, frame);
  frame.figures = {};
  const gpu::Picture wall_alone = drawn(studio, frame);
  const double u = 0.5, v = 0.55;
  CHECK(luminance(hidden, u, v) > luminance(wall_alone, u, v) + 15.0);
  CHECK(luminance(hidden, u, v) < luminance(open, u, v) - 15.0);

  const gpu::TextureHandle red = studio.renderer->make_texture(gpu::TextureKind::rgba_srgb, 1, 1);
  studio.renderer->update(red, std::vector<std::uint8_t>{255, 0, 0, 255});
  const gpu::Quad quads[]{{.texture = red, .center = {0.0f, 1.2f, -3.0f}, .size_m = {1.0f, 1.0f}, .over_all = true}};
  frame.quads = quads;
  CHECK(pixel(drawn(studio, frame), 0.5, 0.5)[0] > 250);
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("a frame that is seen through has alpha where something is drawn and none elsewhere, premultiplied") {
  Studio studio;
  gpu::Frame frame = room({0.0f, 1.6f, 0.0f}, {0.0f, 0.4f, -2.0f});
  frame.sky = noon();
  frame.fade = 1.0f;  // the curtain is the film's
  const gpu::TextureHandle white = studio.renderer->make_texture(gpu::TextureKind::rgba_srgb, 8, 8);
  studio.renderer->update(white, std::vector<std::uint8_t>(8 * 8 * 4, 255));
  const gpu::Quad quads[]{{.texture = white, .center = {-0.8f, 1.2f, -2.0f}, .size_m = {0.4f, 0.4f}},
                          {.texture = white, .center = {0.8f, 1.2f, -2.0f}, .size_m = {0.4f, 0.4f}, .opacity = 0.5f, .over_all = true}};
  frame.quads = quads;
  const gpu::Ring rings[]{{.center = {0.0f, 0.0f, -2.0f}, .radius_m = 0.5f, .width_m = 0.1f, .color = kCalm, .filled = 1.0f}};
  frame.rings = rings;
  const gpu::Picture opaque = drawn(studio, frame);
  for (std::size_t i = 3; i < opaque.rgba.size(); i += 4) REQUIRE(opaque.rgba[i] == 255);

  frame.see_through = true;
  const gpu::Picture through = drawn(studio, frame);
  CHECK(pixel(through, 0.5, 0.02) == std::array<std::uint8_t, 4>{0, 0, 0, 0});  // no sky
  const glm::vec2 whole = seen_at(frame.eyes[0], quads[0].center), half = seen_at(frame.eyes[0], quads[1].center);
  CHECK(pixel(through, whole.x, whole.y) == std::array<std::uint8_t, 4>{255, 255, 255, 255});
  const auto blended = pixel(through, half.x, half.y);
  CHECK(std::abs(blended[3] - 128) <= 1);
  CHECK(std::abs(blended[0] - 188) <= 2);  // half the light, encoded: premultiplied before the encoding
  const glm::vec2 disc = seen_at(frame.eyes[0], rings[0].center);
  CHECK(pixel(through, disc.x, disc.y)[3] > 100);
  CHECK(studio.device->validation_messages() == 0);
}
