#include "runtime/headset/scene_view.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <numbers>

#include "runtime/headset/view_command.h"
#include "tests/film/glb.h"
#include "tests/package/films.h"
#include "tests/package/temporary_folder.h"

using namespace promenade;
using namespace promenade::headset;
using promenade::film::testing::Glb;
using package::testing::TemporaryFolder;
using Catch::Approx;

namespace {

std::string written(const TemporaryFolder& folder, package::Manifest manifest, const std::vector<package::testing::NamedFile>& files) {
  const auto bytes = package::testing::packed(std::move(manifest), files);
  REQUIRE(bytes);
  folder.write("film.prom", base::as_text(*bytes));
  return folder.path() + "/film.prom";
}

// A red wall three metres ahead of scene 1, seen in that scene only.
base::Bytes red_wall() {
  Glb glb;
  nlohmann::json& p = glb.triangle();
  p["attributes"]["POSITION"] = glb.floats({-9, -9, -3, 9, -9, -3, 0, 9, -3}, 3);
  glb.root["meshes"][0]["primitives"][0]["material"] = 0;
  glb.root["materials"] = nlohmann::json::array(
      {{{"pbrMetallicRoughness", {{"baseColorFactor", {1, 0, 0, 1}}}}, {"extensions", {{"KHR_materials_unlit", nlohmann::json::object()}}}}});
  glb.root["nodes"][0]["extras"]["promenade"]["scenes"] = {0, 0};
  return glb.file();
}

std::string walking(const TemporaryFolder& folder) {
  package::Manifest m = package::testing::walking_film();
  m.tracks = {{"world", package::TrackKind::world, "", "glb", "world/world.glb"}};
  return written(folder, m, {{"world/world.glb", red_wall(), {}}});
}

std::array<int, 3> middle(const gpu::Picture& picture) {
  const std::size_t at = 4 * (std::size_t{picture.height / 2} * picture.width + picture.width / 2);
  return {picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2]};
}

std::unique_ptr<SceneView> opened(const std::string& film) {
  auto view = SceneView::open(film, true);
  if (!view && view.error().code == "no-vulkan") SKIP("no Vulkan device");
  INFO((view ? std::string() : view.error().text()));
  REQUIRE(view);
  return std::move(*view);
}

int command(std::vector<std::string> words) {
  words.insert(words.begin(), "view");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return view_command(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

TEST_CASE("scenes are found by number and by name") {
  const package::Manifest m = package::testing::walking_film();
  CHECK(*find_scene(m, "1") == 0);
  CHECK(*find_scene(m, "second") == 1);
  CHECK(find_scene(m, "3").error().code == "scene-unknown");
  CHECK(find_scene(m, "0").error().text().find("first, second") != std::string::npos);
  CHECK(*find_scene(package::testing::seated_film(), "") == 0);
}

TEST_CASE("the picture is taken where the walker is, looking as he arrives") {
  package::Manifest m = package::testing::walking_film();
  m.route->scenes[1].at = {-1.4, 0.0};  // to the left
  CHECK(view_yaw_rad(m, 0) == Approx(std::numbers::pi / 2));
  CHECK(view_yaw_rad(m, 1) == Approx(std::numbers::pi / 2));
  CHECK(view_place(m, {0, 3.0}, 1.6f) == glm::vec3(0, 1.6f, 0));
  CHECK(view_place(m, {1, 3.0}, 1.6f) == glm::vec3(-1.4f, 1.6f, 0));
  CHECK(view_place(m, {0, 1.0, true}, 1.6f).x == Approx(-0.7f));
  CHECK(view_place(m, {0, 99.0, true}, 1.6f).x == Approx(-1.4f));
}

TEST_CASE("a telling second has a subtitle where there is one") {
  const package::Manifest m = package::testing::walking_film();
  CHECK(telling_time_s(m, 0) == Approx(1.5));
  package::Manifest silent = m;
  silent.subtitles.clear();
  CHECK(telling_time_s(silent, 1) == Approx(4.0));
}

TEST_CASE("a scene of a walking film is drawn") {
  const TemporaryFolder folder;
  const auto view = opened(walking(folder));
  ViewOf of{.moment = {0, 1.0}, .yaw_rad = 0.0f, .language = "", .width = 160, .height = 90};
  const auto first = view->draw(of);
  REQUIRE(first);
  CHECK(first->width == 160);
  const auto red = middle(*first);
  CHECK((red[0] > 120 && red[1] < 60 && red[2] < 60));
  of.moment = {1, 1.0};  // where the wall is not
  const auto none = middle(*view->draw(of));
  CHECK_FALSE((none[0] > 120 && none[1] < 60));
  of.moment = {2, 0.0};
  CHECK(view->draw(of).error().code == "scene-unknown");
  CHECK(view->validation_messages() == 0);
}

TEST_CASE("a seated film shows its picture at the time asked for") {
  std::ifstream in(std::string(PROMENADE_SOURCE_DIR) + "/tests/film/data/clip.mp4", std::ios::binary);
  base::Bytes clip(std::istreambuf_iterator<char>(in), {});
  package::Manifest m = package::testing::video_film();
  m.length_s = 5.0;
  m.video = package::Video{};
  const TemporaryFolder folder;
  const auto view = opened(written(folder, m, {{"video/film.mp4", clip, {}}, {"sound/lake.flac", {1}, {}}}));
  const auto brightness = [&](double time_s) {
    const auto picture = view->draw({.moment = {0, time_s}, .yaw_rad = 0.0f, .language = "", .width = 160, .height = 90});
    REQUIRE(picture);
    const auto color = middle(*picture);
    return color[0] + color[1] + color[2];
  };
  const int dark = brightness(0.1), light = brightness(1.9), between = brightness(1.0);  // it grows lighter, frame by frame
  CHECK(dark + 60 < between);
  CHECK(between + 60 < light);
  CHECK(view->validation_messages() == 0);
}

TEST_CASE("the command writes pictures and says what is wrong") {
  const TemporaryFolder folder;
  const std::string film = walking(folder);
  opened(film);
  CHECK(command({film, "--scene", "second", "--size", "64x36", "--out", folder.path() + "/one.png"}) == 0);
  CHECK(gpu::read_png(folder.path() + "/one.png")->width == 64);
  CHECK(command({film, "--all", folder.path() + "/all", "--size", "64x36", "--language", "none"}) == 0);
  CHECK(gpu::read_png(folder.path() + "/all/01-first.png"));
  CHECK(gpu::read_png(folder.path() + "/all/02-second.png"));
  CHECK(command({film, "--scene", "third", "--out", folder.path() + "/x.png"}) == 2);
  CHECK(command({film}) == 2);
  CHECK(command({film, "--size", "9", "--out", "x.png"}) == 2);
  CHECK(command({film, "--out", folder.path() + "/none/x.png"}) == 1);
  CHECK(command({folder.path() + "/none.prom", "--out", "x.png"}) == 1);
}
