#include "runtime/headset/ledger.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade;
using namespace promenade::headset;

namespace {

struct CountingSurfaces final : Surfaces {
  gpu::ModelHandle upload(std::shared_ptr<const film::Model>) override { return ++handles; }
  bool ready(gpu::ModelHandle) const override { return true; }
  void release_model(gpu::ModelHandle) override { ++released; }
  gpu::TextureHandle make_texture(gpu::TextureKind, std::uint32_t, std::uint32_t) override { return ++handles; }
  void update(gpu::TextureHandle, base::ByteView) override { ++updates; }
  void release_texture(gpu::TextureHandle) override { ++released; }
  gpu::TextureHandle paint(const gpu::UiDraw& ui) override { return 100 + ui.surface; }
  std::uint32_t handles = 0, updates = 0, released = 0;
};

}  // namespace

TEST_CASE("A kept frame owns all it refers to, and can be drawn with the handles of another renderer") {
  CountingSurfaces real;
  LedgerSurfaces ledger(real);
  const gpu::ModelHandle model = ledger.upload(std::make_shared<film::Model>());
  const gpu::TextureHandle video = ledger.make_texture(gpu::TextureKind::rgba_srgb, 1, 1);
  ledger.update(video, base::Bytes{1, 2, 3, 4});
  gpu::UiDraw subtitle;
  subtitle.surface = 2;
  const gpu::TextureHandle words = ledger.paint(subtitle);
  CHECK(real.updates == 1);

  std::shared_ptr<KeptFrame> kept;
  {
    film::Pose pose;
    pose.visible = {1, 0, 1};
    const std::vector<gpu::DrawnModel> models{{model, &pose, glm::mat4(1.0f), glm::vec4(1.0f), true}};
    const std::vector<glm::vec3> points{{0.0f, 0.0f, 0.0f}, {1.0f, 0.0f, 0.0f}};
    const std::vector<gpu::Ribbon> ribbons{{points, glm::vec4(1.0f), 0.3f, 0.0f}};
    const std::vector<gpu::Quad> quads{{words, {}, {1.0f, 0.0f, 0.0f, 0.0f}, {1.0f, 1.0f}, 1.0f, false}};
    gpu::Frame frame;
    frame.models = models;
    frame.ribbons = ribbons;
    frame.quads = quads;
    frame.dome = gpu::Dome{video, {1.0f, 0.0f, 0.0f, 0.0f}, gpu::StereoLayout::mono, 6.28f, 1.0f};
    gpu::UiDraw draw;
    draw.width_px = 640;
    MenuPlane menu;
    menu.draw = &draw;
    kept = ledger.keep(frame, menu);
  }
  ledger.update(video, base::Bytes{9, 9, 9, 9});
  ledger.release_model(model);

  CHECK(kept->models().size() == 1);
  CHECK(kept->textures().size() == 3);  // video, subtitle, menu
  CHECK(*kept->textures().at(video).bytes == base::Bytes{1, 2, 3, 4});
  const gpu::Frame& again = kept->with([](gpu::ModelHandle) { return 7u; }, [&](gpu::TextureHandle handle) { return handle == video ? 8u : 9u; });
  REQUIRE(again.models.size() == 1);
  CHECK(again.models[0].model == 7);
  CHECK(again.models[0].pose->visible.size() == 3);
  REQUIRE(again.ribbons.size() == 1);
  CHECK(again.ribbons[0].points[1].x == 1.0f);
  REQUIRE(again.quads.size() == 2);
  CHECK(again.quads[0].texture == 9);
  CHECK(again.quads[1].over_all);
  CHECK(again.dome->texture == 8);
}

TEST_CASE("What has been released is not kept") {
  CountingSurfaces real;
  LedgerSurfaces ledger(real);
  const gpu::TextureHandle texture = ledger.make_texture(gpu::TextureKind::rgba_srgb, 1, 1);
  ledger.release_texture(texture);
  CHECK(real.released == 1);
  const std::vector<gpu::Quad> quads{{texture, {}, {1.0f, 0.0f, 0.0f, 0.0f}, {1.0f, 1.0f}, 1.0f, false}};
  gpu::Frame frame;
  frame.quads = quads;
  CHECK(ledger.keep(frame, std::nullopt)->textures().empty());
}
