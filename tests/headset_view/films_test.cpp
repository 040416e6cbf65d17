// A picture of each sample film, of a walking one in a scene and of a seated one at a time, against goldens.
// PROMENADE_WRITE_GOLDEN=1 in the environment writes them anew; look at each before keeping it.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "runtime/headset/scene_view.h"

using namespace promenade;
using namespace promenade::headset;

namespace {

// Share of pixels that may differ visibly (CIE76 over 6 after a blur of one pixel): drivers round edges differently, and
// the light of a world is baked by the mathematics of the machine that builds it.
constexpr double kTolerance = 0.02;
// The frames of a video are also what its encoder makes of them.
constexpr double kVideoTolerance = 0.03;
// Whatever is not the golden's view of the golden's moment must differ by more: a turn of the head by four degrees, the
// scene after, another moment of a video.
constexpr double kOther = 2.0 * kVideoTolerance;
constexpr float kTurn_rad = 0.07f;
constexpr std::uint32_t kSide_px = 208;  // small files: leaves pack badly

struct Wanted {
  std::string film, scene;      // no scene: seated
  double time_s, other_s = 0.0;  // of the scene, or of the video
  float pitch_rad = 0.0f;
};

void check(const Wanted& wanted) {
  auto opened = SceneView::open(std::filesystem::path(PROMENADE_BINARY_DIR "/films") / (wanted.film + ".prom"), true);
  if (!opened && opened.error().code == "no-vulkan") SKIP("no Vulkan device");
  INFO((opened ? std::string() : opened.error().text()));
  REQUIRE(opened);
  SceneView& view = **opened;
  const package::Manifest& manifest = view.manifest();
  const std::uint32_t scene = *find_scene(manifest, wanted.scene);
  const ViewOf of{.moment = {scene, wanted.time_s}, .yaw_rad = view_yaw_rad(manifest, scene), .pitch_rad = wanted.pitch_rad,
                  .width = kSide_px, .height = kSide_px};
  const auto picture = view.draw(of);
  REQUIRE(picture);

  const std::filesystem::path made = std::filesystem::path(PROMENADE_BINARY_DIR "/film-pictures") / (wanted.film + ".png");
  std::filesystem::create_directories(made.parent_path());
  REQUIRE(gpu::write_png(*picture, made.string()));
  const std::filesystem::path golden = std::filesystem::path(PROMENADE_SOURCE_DIR "/tests/headset_view/golden") / made.filename();
  if (std::getenv("PROMENADE_WRITE_GOLDEN") != nullptr) REQUIRE(gpu::write_png(*picture, golden.string()));
  const auto kept = gpu::read_png(golden.string());
  REQUIRE(kept);
  CHECK(gpu::difference(*picture, *kept) < (manifest.route ? kTolerance : kVideoTolerance));

  ViewOf turned = of, other = of;
  *turned.yaw_rad += kTurn_rad;
  CHECK(gpu::difference(*view.draw(turned), *kept) > kOther);
  other.moment = manifest.route ? film::Moment{scene + 1, wanted.time_s} : film::Moment{0, wanted.other_s};
  other.yaw_rad = view_yaw_rad(manifest, other.moment.scene);
  CHECK(gpu::difference(*view.draw(other), *kept) > kOther);
  CHECK(view.validation_messages() == 0);
}

}  // namespace

TEST_CASE("film picture: the Clockmaker's Yard") { check({"clockmakers-yard", "school_clock", 5.0, 0.0, -0.3f}); }
TEST_CASE("film picture: Lantern Street") { check({"lantern-street", "paper_shop", 5.0}); }
TEST_CASE("film picture: the Night Train") { check({"night-train", "last_carriage", 3.0}); }
TEST_CASE("film picture: the Orchard of Birds") { check({"orchard-of-birds", "kingfisher_branch", 3.0}); }
TEST_CASE("film picture: the Snow Line") { check({"snow-line", "blue_ice", 3.0}); }
TEST_CASE("film picture: the Tide Caves") { check({"tide-caves", "drowned_bell", 3.0}); }
TEST_CASE("film picture: Inside the Bell") { check({"inside-the-bell", "", 42.0, 30.0}); }
TEST_CASE("film picture: the Reed Lake") { check({"reed-lake", "", 32.0, 72.0}); }
TEST_CASE("film picture: the Slow Planet") { check({"slow-planet", "", 49.0, 21.0}); }
