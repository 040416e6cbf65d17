// What a viewer sees, drawn by the real renderer from the real App, against goldens. PROMENADE_WRITE_GOLDEN=1 in the
// environment writes them anew; look at each before keeping it. PROMENADE_PICTURE_SIZE=1440x1600 draws large ones into
// the build folder for judging, without comparing.

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <vector>

#include "runtime/gpu/renderer.h"
#include "tests/headset/poster.h"
#include "tests/headset/rig.h"

using namespace promenade;
using namespace promenade::headset;
using client::Screen;
using test::Rig;

namespace {

// Share of pixels that may differ visibly (CIE76 over 6 after a blur of one pixel): drivers round edges differently.
constexpr double kTolerance = 0.02;

bool covers_all(const gpu::Picture& picture) {
  for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
    if (picture.rgba[i] != 255) return false;
  }
  return true;
}

double linear_of(double shown) { return shown <= 0.04045 ? shown / 12.92 : std::pow((shown + 0.055) / 1.055, 2.4); }
double shown_of(double linear) { return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055; }

// As a runtime lays our premultiplied picture over its cameras': bright and dark squares, since a hall has both.
gpu::Picture over_checker(gpu::Picture picture) {
  const std::uint32_t square = picture.width / 12;
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      std::uint8_t* pixel = &picture.rgba[std::size_t{4} * (std::size_t{y} * picture.width + x)];
      const double behind = linear_of((x / square + y / square) % 2 == 0 ? 0.72 : 0.34) * (1.0 - pixel[3] / 255.0);
      for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::lround(255.0 * shown_of(std::min(1.0, linear_of(pixel[c] / 255.0) + behind))));
      pixel[3] = 255;
    }
  }
  return picture;
}

void check_against(const gpu::Picture& picture, const std::string& name, const std::filesystem::path& folder) {
  const std::filesystem::path made = std::filesystem::path(PROMENADE_BINARY_DIR "/headset-pictures") / (name + ".png");
  std::filesystem::create_directories(made.parent_path());
  REQUIRE(gpu::write_png(picture, made.string()));
  if (std::getenv("PROMENADE_PICTURE_SIZE") != nullptr) return;
  const std::filesystem::path golden = folder / (name + ".png");
  if (std::getenv("PROMENADE_WRITE_GOLDEN") != nullptr) REQUIRE(gpu::write_png(picture, golden.string()));
  const auto kept = gpu::read_png(golden.string());
  REQUIRE(kept);
  CHECK(gpu::difference(picture, *kept) < kTolerance);
}

struct Cinema {  // a rig that is drawn
  explicit Cinema(const std::string& language = "zh", const std::filesystem::path& films = test::films().path()) : rig(films, language) {
    auto made = gpu::Device::create({.validation = true, .cache_file = PROMENADE_BINARY_DIR "/gpu/pipelines.cache", .multiview = true});
    if (!made) SKIP(made.error().text());
    device = std::move(*made);
    auto drawing = gpu::Renderer::create(*device);
    REQUIRE(drawing);
    renderer = std::move(*drawing);
    surfaces = std::make_unique<RendererSurfaces>(*renderer);
    rig.app->detach();
    rig.app->attach(*surfaces);
  }
  ~Cinema() {
    rig.app->detach();
    if (device) CHECK(device->validation_messages() == 0);
  }

  // Plays on until the world has been uploaded, which takes frames that are drawn.
  void into_the_film() {
    rig.play(0.0);
    REQUIRE(rig.load_film());
    rig.gate = 0;
    rig.walk_to({12.0, 4.0});
    REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 5.0));
    for (int i = 0; i < 40; ++i) {
      REQUIRE(renderer->draw_to_memory(*rig.step().frame, 32, 32));
      if (!rig.output->frame->models.empty()) break;
    }
    rig.run(1.2);
    REQUIRE(rig.output->frame->models.size() == 1);
  }

  // What the left eye sees now; where the real hall is seen through, a checker stands in for it.
  gpu::Picture seen(std::uint32_t width, std::uint32_t height) {
    rig.step();
    gpu::Frame frame = *rig.output->frame;
    for (gpu::Eye& eye : frame.eyes) {
      eye.left_rad = -0.80f, eye.right_rad = 0.80f;
      eye.up_rad = 0.84f, eye.down_rad = -0.84f;
    }
    auto pictures = renderer->draw_to_memory(frame, width, height);
    REQUIRE(pictures);
    const bool opaque = covers_all((*pictures)[0]);
    CHECK(opaque != frame.see_through);
    return opaque ? std::move((*pictures)[0]) : over_checker((*pictures)[0]);
  }

  void check(const std::string& name) {
    std::uint32_t width = 480, height = 534;
    const char* size = std::getenv("PROMENADE_PICTURE_SIZE");
    if (size != nullptr) REQUIRE(std::sscanf(size, "%ux%u", &width, &height) == 2);
    check_against(seen(width, height), name, PROMENADE_SOURCE_DIR "/tests/headset/golden");
  }

  Rig rig;
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Renderer> renderer;
  std::unique_ptr<RendererSurfaces> surfaces;
};

// A point of the hall so far ahead of the viewer and to his right.
protocol::HallPoint from_him(const Rig& rig, double ahead_m, double right_m) {
  const double yaw = rig.yaw;
  return rig.head + tracking::Vec<tracking::Hall>{-std::sin(yaw) * ahead_m + std::cos(yaw) * right_m, std::cos(yaw) * ahead_m + std::sin(yaw) * right_m};
}

// As the hall orders it; `towards_rad`: where danger lies, clockwise from where the viewer looks.
void order(Rig& rig, tracking::Level level, tracking::Cause cause, double towards_rad = 0.0) {
  rig.frame.safety.level = level;
  rig.frame.safety.cause = cause;
  rig.frame.safety.away_rad = tracking::wrap_angle(rig.yaw - towards_rad + std::numbers::pi);
}

protocol::Neighbour somebody(protocol::HallPoint at) {
  protocol::Neighbour other;
  other.body = base::BodyId{5};
  other.position = at;
  other.radius_m = 0.25;
  return other;
}

}  // namespace

TEST_CASE("picture: shelf and marks") {
  Cinema cinema;
  cinema.rig.connect();
  cinema.rig.run(1.5);
  cinema.check("shelf");
  cinema.rig.frame.phase = protocol::Phase::fitted;
  cinema.rig.run(0.2);
  cinema.rig.touch_mark(false);
  cinema.check("marks");
}

TEST_CASE("picture: welcome and menu in both languages") {
  for (const std::string language : {"zh", "en"}) {
    Cinema cinema(language);
    cinema.rig.menu();
    cinema.rig.run(1.5);
    cinema.check("welcome-" + language);
    cinema.rig.click("continue");
    cinema.rig.click("film:" + test::kSecondFilm.value());
    cinema.rig.aim_at("choose");
    cinema.check("menu-" + language);
  }
}

TEST_CASE("picture: a film's poster in the menu, as long as it can be had and when it cannot, and while it is waited for") {
  const test::PosterFolder folder(test::poster());
  for (const std::string language : {"en", "zh"}) {
    Cinema cinema(language, folder.path());
    Rig& rig = cinema.rig;
    rig.menu();
    rig.run(1.5);
    rig.click("continue");
    REQUIRE(rig.see_poster());
    rig.aim_at("choose");
    if (language == "en") {
      cinema.check("menu-poster");
      continue;
    }
    rig.frame.menu.front().available = false;
    rig.run(0.5);
    cinema.check("menu-poster-not-now");
    rig.input.hands[kRight] = {};
    rig.ordered_hash = folder.hash();
    rig.frame.phase = protocol::Phase::waiting;
    rig.frame.play = rig.order(rig.t + 80.0);
    rig.frame.told_start = base::hall_time(rig.t + 80.0 + test::kHallAhead_s);
    rig.run(1.5);
    cinema.check("wait-poster");
  }
}

TEST_CASE("picture: waiting for the start") {
  Cinema cinema;
  cinema.rig.ready(protocol::Phase::waiting);
  cinema.rig.frame.play = cinema.rig.order(cinema.rig.t + 80.0);
  cinema.rig.frame.told_start = base::hall_time(cinema.rig.t + 80.0 + test::kHallAhead_s);
  cinema.rig.run(1.5);
  cinema.check("wait");
}

TEST_CASE("picture: the way to the first mark") {
  Cinema cinema;
  cinema.rig.play(20.0);
  cinema.rig.gate = 0;
  cinema.rig.walk_to({8.6, 5.0});
  cinema.rig.face({12.0, 4.0});
  cinema.rig.pitch = -0.22;
  cinema.rig.run(1.5);
  cinema.check("guide");
  cinema.rig.walk_to({6.2, 5.65});
  cinema.rig.face({12.0, 4.0});
  cinema.rig.pitch = 0.0;
  cinema.rig.run(1.5);
  cinema.check("guide-ahead");
}

TEST_CASE("picture: the film with a subtitle, and held at its gate") {
  Cinema cinema;
  cinema.into_the_film();
  cinema.check("film");
  cinema.rig.run(10.0);
  cinema.check("hold");
}

TEST_CASE("picture: somebody near, the word stop, and a stop with the hall's outline or the real hall") {
  Cinema cinema;
  Rig& rig = cinema.rig;
  cinema.into_the_film();
  rig.pitch = -0.12;
  rig.frame.neighbours = {somebody(from_him(rig, 2.1, 0.5))};
  rig.run(1.0);
  cinema.check("ghost");
  rig.frame.safety.level = tracking::Level::pause;
  rig.frame.safety.cause = tracking::Cause::body;
  rig.frame.safety.away_rad = rig.yaw + 2.4;
  rig.frame.neighbours = {somebody(from_him(rig, 1.3, 0.3))};
  rig.run(1.0);
  cinema.check("pause");
  rig.frame.safety.level = tracking::Level::stop;
  rig.frame.safety.cause = tracking::Cause::operator_command;
  rig.run(1.5);
  cinema.check("stop");
  rig.input.passthrough = true;
  rig.run(0.1);
  cinema.check("stop-passthrough");
}

TEST_CASE("picture: warned of somebody behind, and of a neighbour who has fallen silent") {
  for (const std::string language : {"zh", "en"}) {
    Cinema cinema(language);
    Rig& rig = cinema.rig;
    cinema.into_the_film();
    rig.pitch = -0.12;
    rig.frame.neighbours = {somebody(from_him(rig, -1.3, 1.0))};
    order(rig, tracking::Level::warn, tracking::Cause::body, 2.4);
    rig.run(1.0);
    REQUIRE(rig.view().level == tracking::Level::warn);
    cinema.check("warn-" + language);
    if (language == "en") continue;
    rig.frame.neighbours = {somebody(from_him(rig, 3.0, 0.2))};
    rig.frame.neighbours.front().age = std::chrono::milliseconds(900);
    order(rig, tracking::Level::warn, tracking::Cause::stale);
    rig.run(1.2);
    REQUIRE(rig.view().ghosts.front().radius_m > 0.8);
    cinema.check("warn-silent");
  }
}

TEST_CASE("picture: the wall") {
  Cinema cinema;
  cinema.rig.play(20.0);
  cinema.rig.walk_to({12.0, 1.0});
  cinema.rig.yaw = 3.0;
  cinema.rig.pitch = -0.15;
  cinema.rig.run(4.0);
  cinema.check("wall");
}

TEST_CASE("picture: help, stand still") {
  Cinema cinema("en");
  cinema.rig.play(20.0);
  Controller& hand = cinema.rig.input.hands[kRight];
  hand = {true, cinema.rig.stage_pose({5.0, 6.0}, 1.2, 0.0), cinema.rig.stage_pose({5.0, 6.0}, 1.2, 0.0), false, false, true};
  cinema.rig.step();
  hand.menu = false;
  cinema.rig.run(1.2);
  cinema.rig.aim_at("close");
  cinema.check("help");
  cinema.rig.click("close");
  cinema.rig.input.hands[kRight] = {};
  cinema.rig.app->recentred(cinema.rig.input.now);
  cinema.rig.run(1.5);
  cinema.check("stand-still");
}

TEST_CASE("picture: evacuation and the hall that has fallen silent, drawn and over the real hall, in both languages") {
  for (const std::string language : {"zh", "en"}) {
    Cinema cinema(language);
    Rig& rig = cinema.rig;
    rig.play(20.0);
    rig.frame.evacuate = true;
    rig.frame.way_out = {rig.head, {9.0, 7.4}, {20.0, 7.5}, rig.frame.way_out_door};
    rig.face({9.0, 7.4});
    rig.pitch = -0.08;
    rig.run(1.5);
    cinema.check("evacuate-" + language);
    rig.input.passthrough = true;
    rig.run(1.0);
    cinema.check("evacuate-passthrough-" + language);
    rig.frame.evacuate = false;
    rig.frame.way_out.clear();
    rig.run(2.0);
    rig.hall_talks = false;
    REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::evacuate; }, 20.0));
    rig.run(1.0);
    cinema.check("lift-off-passthrough-" + language);
    rig.input.passthrough = false;
    rig.run(1.0);
    cinema.check("lift-off-" + language);
  }
}

// The levels side by side, for the documents: docs/images/headset-levels.png.
TEST_CASE("picture: the levels, as docs/safety.md shows them") {
  constexpr std::uint32_t kWide = 420, kHigh = 440, kGap = 8, kColumns = 3;
  Cinema cinema("en");
  Rig& rig = cinema.rig;
  cinema.into_the_film();
  std::vector<gpu::Picture> all;
  const auto take = [&] { all.push_back(cinema.seen(kWide, kHigh)); };
  rig.pitch = -0.18;
  rig.frame.neighbours = {somebody(from_him(rig, 4.1, 1.5)), somebody(from_him(rig, 4.3, -1.4))};
  rig.frame.neighbours.back().body = base::BodyId{6};
  rig.run(3.2);  // the subtitle has gone
  REQUIRE(rig.view().level == tracking::Level::clear);
  take();
  rig.frame.neighbours = {somebody(from_him(rig, 1.8, 0.55))};
  order(rig, tracking::Level::warn, tracking::Cause::body, 0.3);
  rig.run(1.0);
  REQUIRE(rig.view().level == tracking::Level::warn);
  take();
  rig.frame.neighbours = {somebody(from_him(rig, 1.4, 0.5))};
  order(rig, tracking::Level::pause, tracking::Cause::body, 0.3);
  rig.run(1.0);
  REQUIRE(rig.view().level == tracking::Level::pause);
  take();
  order(rig, tracking::Level::stop, tracking::Cause::operator_command);
  rig.run(1.5);
  take();
  rig.input.passthrough = true;
  rig.run(0.5);
  take();
  rig.input.passthrough = false;
  rig.frame.evacuate = true;
  rig.frame.neighbours.clear();
  rig.frame.way_out = {rig.head, from_him(rig, 5.0, 1.0), rig.frame.way_out_door};
  rig.run(1.5);
  take();

  gpu::Picture strip;
  const auto rows = static_cast<std::uint32_t>((all.size() + kColumns - 1) / kColumns);
  strip.width = kColumns * kWide + (kColumns - 1) * kGap;
  strip.height = rows * kHigh + (rows - 1) * kGap;
  strip.rgba.assign(std::size_t{4} * strip.width * strip.height, 255);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t left = i % kColumns * (kWide + kGap), top = i / kColumns * (kHigh + kGap);
    for (std::size_t y = 0; y < kHigh; ++y) {
      std::copy_n(&all[i].rgba[4 * y * kWide], std::size_t{4} * kWide, &strip.rgba[4 * ((top + y) * strip.width + left)]);
    }
  }
  check_against(strip, "headset-levels", PROMENADE_SOURCE_DIR "/docs/images");
}

TEST_CASE("picture: a choice of ways") {
  const test::ChoiceFolder folder;
  for (const char* language : {"zh", "en"}) {
    Cinema cinema(language, folder.path());
    Rig& rig = cinema.rig;
    rig.ordered_hash = folder.hash();
    rig.frame.ways = {{0, 3}};
    rig.play(0.0);
    rig.frame.play->language = language;
    REQUIRE(rig.load_film());
    rig.gate = 0;
    rig.walk_to({12.0, 4.0});
    REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 5.0));
    for (int i = 0; i < 40 && rig.output->frame->models.empty(); ++i) REQUIRE(cinema.renderer->draw_to_memory(*rig.step().frame, 32, 32));
    REQUIRE(rig.run_until([&] { return rig.view().choice && rig.view().choice->left_s < 1.8; }, 5.0));
    rig.aim_at("way:1");
    cinema.check(std::string("ways-") + language);
  }
}

TEST_CASE("picture: the way out and the rating") {
  Cinema cinema;
  Rig& rig = cinema.rig;
  rig.play(0.0);
  rig.gate = 3;
  for (const protocol::HallPoint place : {protocol::HallPoint{12.0, 4.0}, {15.0, 4.0}, {15.0, 7.0}}) {
    rig.walk_to(place);
    REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 3.0));
    REQUIRE(rig.run_until([&] { return rig.view().screen != Screen::film; }, 6.0));
  }
  rig.face({22.0, 9.0});
  rig.pitch = -0.2;
  rig.run(2.0);
  cinema.check("way-out");
  rig.pitch = 0.0;
  rig.walk_to({22.0, 9.0});
  rig.walk_to({26.6, 7.7}, 0.6);  // slower, as people come to the end of their way: a wall is near
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::rate; }, 3.0));
  rig.run(1.0);  // less than a gaze needs to press what it rests on
  rig.aim_at("star:4");
  cinema.check("rate");
}
