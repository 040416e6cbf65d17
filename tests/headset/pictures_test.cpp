// What a viewer sees, drawn by the real renderer from the real App, against goldens. PROMENADE_WRITE_GOLDEN=1 in the
// environment writes them anew; look at each before keeping it. PROMENADE_PICTURE_SIZE=1440x1600 draws large ones into
// the build folder for judging, without comparing.

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

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

  void check(const std::string& name) {
    rig.step();
    std::uint32_t width = 480, height = 534;
    const char* size = std::getenv("PROMENADE_PICTURE_SIZE");
    if (size != nullptr) REQUIRE(std::sscanf(size, "%ux%u", &width, &height) == 2);
    gpu::Frame frame = *rig.output->frame;
    for (gpu::Eye& eye : frame.eyes) {
      eye.left_rad = -0.80f, eye.right_rad = 0.80f;
      eye.up_rad = 0.84f, eye.down_rad = -0.84f;
    }
    const auto pictures = renderer->draw_to_memory(frame, width, height);
    REQUIRE(pictures);
    const std::filesystem::path made = std::filesystem::path(PROMENADE_BINARY_DIR "/headset-pictures") / (name + ".png");
    std::filesystem::create_directories(made.parent_path());
    REQUIRE(gpu::write_png((*pictures)[0], made.string()));
    if (size != nullptr) return;
    const std::filesystem::path golden = std::filesystem::path(PROMENADE_SOURCE_DIR "/tests/headset/golden") / (name + ".png");
    if (std::getenv("PROMENADE_WRITE_GOLDEN") != nullptr) REQUIRE(gpu::write_png((*pictures)[0], golden.string()));
    const auto kept = gpu::read_png(golden.string());
    REQUIRE(kept);
    CHECK(gpu::difference((*pictures)[0], *kept) < kTolerance);
  }

  Rig rig;
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Renderer> renderer;
  std::unique_ptr<RendererSurfaces> surfaces;
};

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
  cinema.rig.head = {8.6, 5.0};
  cinema.rig.face({12.0, 4.0});
  cinema.rig.pitch = -0.22;
  cinema.rig.run(1.5);
  cinema.check("guide");
  cinema.rig.head = {6.2, 5.65};
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

TEST_CASE("picture: somebody near, the word stop, and a stop with the hall's outline") {
  Cinema cinema;
  cinema.into_the_film();
  const double yaw = cinema.rig.yaw;
  const auto ahead = [&](double along, double aside) {
    return cinema.rig.head + tracking::Vec<tracking::Hall>{-std::sin(yaw) * along + std::cos(yaw) * aside, std::cos(yaw) * along + std::sin(yaw) * aside};
  };
  cinema.rig.pitch = -0.12;
  cinema.rig.frame.neighbours = {somebody(ahead(2.1, 0.5))};
  cinema.rig.run(1.0);
  cinema.check("ghost");
  cinema.rig.frame.safety.level = tracking::Level::pause;
  cinema.rig.frame.safety.cause = tracking::Cause::body;
  cinema.rig.frame.safety.away_rad = yaw + 2.4;
  cinema.rig.frame.neighbours = {somebody(ahead(1.3, 0.3))};
  cinema.rig.run(1.0);
  cinema.check("pause");
  cinema.rig.frame.safety.level = tracking::Level::stop;
  cinema.rig.frame.safety.cause = tracking::Cause::operator_command;
  cinema.rig.run(1.5);
  cinema.check("stop");
}

TEST_CASE("picture: the wall") {
  Cinema cinema;
  cinema.rig.play(20.0);
  cinema.rig.head = {12.0, 1.0};
  cinema.rig.yaw = 3.0;
  cinema.rig.pitch = -0.15;
  cinema.rig.run(1.5);
  cinema.check("wall");
}

TEST_CASE("picture: help, stand still, evacuate") {
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
  cinema.rig.frame.evacuate = true;
  cinema.rig.run(1.5);
  cinema.check("evacuate");
  cinema.rig.frame.evacuate = false;
  cinema.rig.app->recentred(cinema.rig.input.now);
  cinema.rig.run(1.5);
  cinema.check("stand-still");
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
  rig.walk_to({26.6, 7.7});
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::rate; }, 3.0));
  rig.run(1.0);  // less than a gaze needs to press what it rests on
  rig.aim_at("star:4");
  cinema.check("rate");
}
