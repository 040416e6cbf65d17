#include "runtime/headset/app.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/ui/interface.h"
#include "tests/film/glb.h"
#include "tests/headset/poster.h"
#include "tests/headset/rig.h"
#include "tests/package/films.h"

using namespace promenade;
using namespace promenade::headset;
using client::Screen;
using test::films;
using test::kFilm;
using test::kSecondFilm;
using test::Rig;

TEST_CASE("without fonts or films the App says what is missing") {
  AppSettings settings;
  settings.headset = base::HeadsetId{1};
  settings.films = "/nonexistent/films";
  CHECK(App::create(settings).error().code == "films-missing");
  settings.films = films().path();
  settings.fonts = {"/nonexistent/fonts"};
  CHECK(App::create(settings).error().code == "font-missing");
}

TEST_CASE("before the hall is heard the shelf says so, and a frame is drawn all the same") {
  Rig rig;
  rig.run(0.5);
  REQUIRE(rig.output->frame != nullptr);
  REQUIRE(rig.output->menu);
  CHECK(rig.view().screen == Screen::stand_still);
  CHECK(rig.output->frame->quads.size() == 1);
}

TEST_CASE("attendants touch the marks with the menu button on a controller that lies on the floor") {
  Rig rig;
  rig.connect();
  rig.frame.phase = protocol::Phase::fitted;
  rig.run(0.1);
  CHECK(rig.view().screen == Screen::wait_staff);
  rig.input.hands[kRight] = {true, rig.stage_pose({9.0, 1.6}, 1.1, 0.0), rig.stage_pose({9.0, 1.6}, 1.1, 0.0), false, false, true};
  rig.run(0.1);
  CHECK_FALSE(rig.app->stage_from_hall());  // held in the hand it touches nothing
  rig.input.hands[kRight] = {};
  rig.step();
  rig.calibrate();
  CHECK(rig.app->stage_from_hall());
}

TEST_CASE("in mid-visit the marks give a headset its place back, and bring nobody out of his film by chance") {
  Rig rig;
  rig.play();
  rig.run(0.1);
  const Screen screen = rig.view().screen;
  REQUIRE(screen != Screen::stand_still);
  const auto before = *rig.app->stage_from_hall();
  rig.touch_mark(false);
  CHECK(rig.app->marks().touched == 2);  // as it was: nobody holds him, a controller that lies on the floor says nothing
  rig.app->recentred(base::headset_time(rig.t));  // as after a change of headset, or a new start of this program
  rig.run(0.1);
  CHECK(rig.view().screen == Screen::stand_still);
  CHECK_FALSE(rig.app->stage_from_hall());
  rig.touch_mark(false);
  CHECK(rig.app->marks().touched == 1);
  rig.touch_mark(true);
  rig.run(0.1);
  REQUIRE(rig.app->stage_from_hall());
  CHECK(tracking::length(rig.app->stage_from_hall()->shift - before.shift) < 0.02);
  CHECK(rig.view().screen == screen);
}

TEST_CASE("marks that do not agree begin again, with a word and a buzz") {
  Rig rig;
  rig.connect();
  rig.frame.phase = protocol::Phase::fitted;
  rig.run(0.1);
  rig.touch_mark(false);
  rig.touch_mark(false);  // the first mark twice
  CHECK_FALSE(rig.app->stage_from_hall());
  const auto lines = rig.app->take_log();
  CHECK(std::ranges::any_of(lines, [](const std::string& line) { return line.starts_with("A mark was refused"); }));
  rig.calibrate();
  CHECK(rig.app->stage_from_hall());
}

TEST_CASE("marks touched in the wrong order give no place, and the attendant is told") {
  Rig rig;
  rig.connect();
  rig.frame.phase = protocol::Phase::fitted;
  rig.run(0.1);
  rig.touch_mark(true);
  rig.touch_mark(false);
  rig.run(0.1);
  CHECK_FALSE(rig.app->stage_from_hall());
  const auto lines = rig.app->take_log();
  CHECK(std::ranges::any_of(lines, [](const std::string& line) { return line.contains("wrong order"); }));
}

TEST_CASE("an attendant who wears the headset and stands on a mark has it checked") {
  Rig rig;
  rig.ready(protocol::Phase::fitted);
  const auto check = [&](protocol::HallPoint at) {
    rig.walk_to(at);
    rig.run(0.4);
    rig.input.hands[kRight] = {true, rig.stage_pose(at, 1.1, 0.0), rig.stage_pose(at, 1.1, 0.0), false, false, true};
    const auto haptic = rig.step().haptics[kRight];
    rig.input.hands[kRight] = {};
    rig.step();
    REQUIRE(haptic);
    return haptic->seconds < 0.2;
  };
  CHECK(check({9.1, 1.7}));
  CHECK_FALSE(check({11.0, 3.0}));  // 2 m from every mark
  CHECK(rig.app->stage_from_hall());
  CHECK_FALSE(check({9.0, 1.9}));
  rig.run(0.2);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::out_of_trust);
}

TEST_CASE("anchors that have slid 12 cm are an alarm, 25 cm are out of trust, and the hall is told by what it is known") {
  Rig rig;
  CHECK(rig.app->watch().anchors.empty());
  rig.play();
  rig.gate = 0;
  rig.run(0.2);
  const App::Watch watch = rig.app->watch();
  REQUIRE(watch.anchors.size() == 2);
  CHECK(watch.tags);
  CHECK(watch.tag_size_m == tracking::kMarkTagSize_m);
  CHECK(tracking::distance(watch.anchors[0], watch.anchors[1]) > 4.0);
  rig.input.anchors_slid_m = 0.12;
  rig.run(0.2);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::alarm);
  CHECK(rig.up->calibration.measured_by == tracking::DriftMeasure::anchor);
  CHECK(rig.view().level < tracking::Level::pause);
  rig.input.anchors_slid_m = 0.25;
  rig.run(0.2);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::out_of_trust);
  CHECK(rig.view().level >= tracking::Level::pause);
  CHECK(rig.view().cause == tracking::Cause::tracking_lost);
  rig.input.anchors_slid_m.reset();
}

TEST_CASE("a tag that the cameras see measures the place") {
  Rig rig;
  rig.ready(protocol::Phase::fitted);
  const tracking::Tag& tag = test::venue().tags.front();
  rig.walk_to({tag.at.x + 0.5, tag.at.y + 0.5});
  for (int i = 0; i < 6; ++i) {
    rig.input.tags = {{tag.id, rig.stage_pose({tag.at.x + 0.12, tag.at.y}, 0.0, 0.0)}};
    rig.step();
    rig.input.tags.clear();
    rig.run(0.25);
  }
  CHECK(rig.up->calibration.measured_by == tracking::DriftMeasure::tag);
  CHECK(rig.up->calibration.drift == tracking::CalibrationState::alarm);
}

TEST_CASE("a film is chosen with the controller, in the viewer's language") {
  Rig rig;
  rig.menu();
  rig.click("language:en");
  rig.click("continue");
  rig.click("film:" + kSecondFilm.value());
  CHECK_FALSE(rig.chosen);
  rig.click("choose");
  REQUIRE(rig.chosen);
  CHECK(rig.chosen->film == kSecondFilm);
  CHECK(rig.chosen->language == "en");
}

TEST_CASE("a gaze that rests chooses where there is no controller") {
  Rig rig;
  rig.menu();
  REQUIRE(rig.output->menu);
  const auto target = std::ranges::find(rig.app->menu_targets(), "continue", &App::Target::name);
  REQUIRE(target != rig.app->menu_targets().end());
  const MenuPlane plane = *rig.output->menu;
  const glm::vec2 pixel = (target->low + target->high) * 0.5f;
  rig.pitch = std::atan2(plane.center.y + (0.5f - pixel.y / 800.0f) * plane.size_m.y - 1.65, 1.75);
  rig.run(1.0);
  CHECK(std::ranges::contains(rig.app->menu_targets(), "continue", &App::Target::name));
  rig.run(1.0);
  rig.app->take_log();
  CHECK(std::ranges::contains(rig.app->menu_targets(), "choose", &App::Target::name));
  CHECK_FALSE(rig.chosen);
}

TEST_CASE("a play is guided, loads its film off the frame thread, opens it and shows its subtitles") {
  Rig rig;
  rig.play(0.0);
  CHECK(rig.view().screen == Screen::wait_start);
  rig.gate = 0;
  rig.run(0.1);
  CHECK(rig.view().screen == Screen::guide_in);
  CHECK(rig.output->frame->ribbons.size() == 1);
  REQUIRE(rig.load_film());
  rig.walk_to({12.0, 4.0});
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 5.0));
  rig.run(1.6);
  CHECK(rig.output->frame->models.size() == 1);
  CHECK(rig.output->frame->quads.size() == 1);  // the subtitle
  CHECK(rig.output->frame->fade == 0.0f);
  rig.run(12.0);                                // the gate is shut: the scene goes on looping
  CHECK(rig.view().holding);
  const Telemetry& telemetry = rig.app->telemetry();
  CHECK(telemetry.states_reached.contains("hold"));
  CHECK(telemetry.states_reached.contains("film"));
  CHECK(telemetry.film == kFilm);
  CHECK(telemetry.faults.empty());
}

TEST_CASE("a renderer that is lost takes nothing with it") {
  Rig rig;
  REQUIRE(rig.begin_film());
  rig.run(2.0);
  CHECK(rig.output->frame->models.size() == 1);
  rig.app->detach();
  rig.run(0.5);
  CHECK(rig.output->frame->models.empty());
  CHECK(rig.output->frame->quads.empty());
  const auto uploads = rig.counting.models;
  rig.app->attach(rig.counting);
  rig.run(0.5);
  CHECK(rig.counting.models == uploads + 1);
  CHECK(rig.output->frame->models.size() == 1);
}

TEST_CASE("the hall's pause is seen, felt and told") {
  Rig rig;
  rig.play(0.0);
  rig.run(0.5);
  rig.frame.safety.level = tracking::Level::pause;
  rig.frame.safety.cause = tracking::Cause::operator_command;
  bool felt = false;
  for (int i = 0; i < 36; ++i) felt = felt || rig.step().haptics[kLeft].has_value();
  CHECK(felt);
  const auto over = std::ranges::count(rig.output->frame->quads, true, &gpu::Quad::over_all);
  CHECK(over == 2);  // the word and the note
  CHECK(rig.app->telemetry().states_reached.contains("pause"));
}

TEST_CASE("the menu button asks whether to stop, and stopping calls staff") {
  Rig rig;
  rig.play(0.0);
  Controller& hand = rig.input.hands[kRight];
  hand = {true, rig.stage_pose({5.0, 6.0}, 1.2, 0.0), rig.stage_pose({5.0, 6.0}, 1.2, 0.0), false, false, true};
  rig.step();
  hand.menu = false;
  rig.step();
  rig.click("stop");
  rig.run(0.2);
  REQUIRE(rig.up);
  CHECK(rig.up->panic);
  CHECK(rig.view().level == tracking::Level::stop);
}

TEST_CASE("a film that is walked to its end is rated, and its gates are counted") {
  Rig rig;
  rig.play(0.0);
  rig.gate = 3;
  for (const protocol::HallPoint place : {protocol::HallPoint{12.0, 4.0}, {15.0, 4.0}, {15.0, 7.0}}) {
    rig.walk_to(place);
    REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 3.0));
    REQUIRE(rig.run_until([&] { return rig.view().screen != Screen::film; }, 6.0));
  }
  CHECK(rig.view().screen == Screen::guide_out);
  rig.walk_to({22.0, 9.0});
  rig.walk_to({26.6, 7.7});
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::rate; }, 3.0));
  CHECK(rig.app->telemetry().gates_passed == 3);
  rig.run(1.0);
  rig.click("star:4");
  REQUIRE(rig.rated);
  CHECK(rig.rated->stars == 4);
}

namespace {

// A film of one triangle whose picture was left out.
base::Bytes world_without_its_picture() {
  film::testing::Glb glb;
  glb.triangle()["material"] = 0;
  glb.root["images"] = nlohmann::json::array({{{"uri", "elsewhere.png"}}});
  glb.root["textures"] = nlohmann::json::array({{{"source", 0}}});
  glb.root["materials"] = nlohmann::json::array({{{"pbrMetallicRoughness", {{"baseColorTexture", {{"index", 0}}}}}}});
  return glb.file();
}

base::Bytes contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return base::Bytes(std::istreambuf_iterator<char>(in), {});
}

using Troubles = std::vector<protocol::HeadsetTrouble>;

}  // namespace

TEST_CASE("a film with a missing picture is shown, and the hall is told for as long as it is so") {
  const test::OneFilmFolder folder(test::courtyard_manifest(kFilm), {{"world/world.glb", world_without_its_picture()}});
  Rig rig(folder.path());
  rig.ordered_hash = folder.hash();
  REQUIRE(rig.begin_film());
  rig.run(2.0);
  CHECK(rig.output->frame->models.size() == 1);
  REQUIRE(rig.up);
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::film_incomplete, kFilm}});
  CHECK(rig.app->telemetry().faults.size() == 1);
}

TEST_CASE("what is wrong with a film is told before anybody chooses it") {
  const test::OneFilmFolder folder(test::courtyard_manifest(kFilm), {{"world/world.glb", world_without_its_picture()}});
  Rig rig(folder.path());
  rig.connect();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (rig.up->troubles.empty() && std::chrono::steady_clock::now() < until) {
    rig.step();
    std::this_thread::yield();
  }
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::film_incomplete, kFilm}});
}

TEST_CASE("a film's poster is one texture for all its cards, and comes back with the next renderer") {
  const test::PosterFolder folder(test::poster());
  Rig rig(folder.path());
  rig.menu();
  rig.click("continue");
  REQUIRE(rig.see_poster());
  CHECK(rig.counting.textures == 1);
  rig.app->detach();
  rig.step();
  CHECK_FALSE(rig.shows_poster());
  rig.app->attach(rig.counting);
  rig.step();
  CHECK(rig.shows_poster());
  rig.run(1.0);
  CHECK(rig.counting.textures == 2);
  CHECK(rig.counting.released == 0);
  CHECK(rig.app->telemetry().faults.empty());
}

TEST_CASE("a poster that cannot be read leaves the drawn picture and is told as a part that is missing") {
  base::Bytes cut = test::poster();
  cut.resize(cut.size() / 2);
  const test::PosterFolder folder(cut);
  Rig rig(folder.path());
  rig.menu();
  rig.click("continue");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (rig.up->troubles.empty() && std::chrono::steady_clock::now() < until) {
    rig.step();
    std::this_thread::yield();
  }
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::film_incomplete, kFilm}});
  REQUIRE(rig.app->telemetry().faults.size() == 1);
  CHECK(rig.app->telemetry().faults.front().code == "image-malformed");
  CHECK(rig.app->telemetry().faults.front().text().contains("poster.png"));
  CHECK_FALSE(rig.shows_poster());
  CHECK(rig.counting.textures == 0);
  rig.click("film:" + kFilm.value());
  rig.click("choose");
  CHECK(rig.chosen);
}

TEST_CASE("a film that is newer than the program is told to the hall and on the shelf") {
  package::testing::TemporaryFolder folder;
  const std::string newer = folder.file("a.prom");
  std::filesystem::copy_file(films().file(kFilm), newer);
  std::fstream file(newer, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8);
  file.put(99);
  file.close();
  Rig rig(folder.path());
  rig.connect();
  rig.run(0.2);
  REQUIRE(rig.up);
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::film_newer, {}}});
  REQUIRE(rig.app->telemetry().faults.size() == 1);
  CHECK(rig.app->telemetry().faults.front().code == "version-unknown");
  rig.menu();  // the hall offers a film that none of the readable files is
  CHECK(std::ranges::contains(rig.up->troubles, protocol::HeadsetTrouble{protocol::Trouble::film_missing, kSecondFilm}));
}

TEST_CASE("what the device lacks and what cannot be known is told as it is") {
  Rig rig;
  rig.input.troubles = {{protocol::Trouble::no_headset, {}}};
  rig.connect();
  rig.run(0.1);
  REQUIRE(rig.up);
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::no_headset, {}}});
  CHECK_FALSE(rig.up->battery_known);
  rig.input.troubles.clear();
  rig.input.battery_percent = 41;
  rig.run(0.1);
  CHECK(rig.up->troubles.empty());
  CHECK(rig.up->battery_known);
  CHECK(rig.up->battery_percent == 41);
}

TEST_CASE("without a sound device the film goes on, and the hall hears of it") {
  setenv("ALSOFT_DRIVERS", "null", 1);
  Rig rig(films().path(), "zh", true);
  unsetenv("ALSOFT_DRIVERS");
  REQUIRE(rig.begin_film());
  rig.run(2.0);
  CHECK(rig.output->frame->models.size() == 1);
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::no_sound, {}}});
}

TEST_CASE("a seated film is a dome round the viewer, with its picture of the moment, its layout and its sound") {
  package::Manifest manifest = package::testing::video_film();
  manifest.film = kFilm;
  const test::OneFilmFolder folder(manifest, {{"video/film.mp4", contents(PROMENADE_SOURCE_DIR "/tests/film/data/clip.mp4")},
                                              {"sound/lake.flac", contents(PROMENADE_SOURCE_DIR "/tests/film/data/tone.flac")}});
  setenv("ALSOFT_DRIVERS", "null", 1);
  Rig rig(folder.path(), "zh", true);
  unsetenv("ALSOFT_DRIVERS");
  rig.ordered_hash = folder.hash();
  REQUIRE(rig.begin_film());
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 5.0));
  const auto dome_shown = [&] { return rig.output->frame->dome.has_value(); };
  REQUIRE(rig.wait_for(dome_shown));
  const gpu::Dome& dome = *rig.output->frame->dome;
  CHECK(dome.layout == gpu::StereoLayout::top_bottom);
  CHECK(std::abs(dome.span_rad - 3.14159f) < 0.001f);
  CHECK(rig.output->frame->models.empty());
  CHECK(rig.counting.models == 0);
  CHECK(rig.app->telemetry().faults.size() == 1);  // no sound device, and nothing else: the film's sound was read
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::no_sound, {}}});
  rig.app->detach();
  rig.run(0.1);
  CHECK_FALSE(rig.output->frame->dome);
  rig.app->attach(rig.counting);
  CHECK(rig.wait_for(dome_shown));
}

TEST_CASE("words hang nearer than whoever stands behind them, and as large to the eye") {
  Rig rig;
  REQUIRE(rig.begin_film());
  rig.run(2.2);
  REQUIRE(rig.output->frame->quads.size() == 1);
  const gpu::Quad alone = rig.output->frame->quads[0];
  const glm::vec3 head = glm::vec3(rig.input.head.position);
  CHECK(alone.over_all);
  protocol::Neighbour other;
  other.body = base::BodyId{5};
  other.position = rig.head + tracking::Vec<tracking::Hall>{-std::sin(rig.yaw) * 1.5, std::cos(rig.yaw) * 1.5};
  other.radius_m = 0.25;
  rig.frame.neighbours = {other};
  rig.run(0.6);
  REQUIRE_FALSE(rig.view().ghosts.empty());
  const auto& quads = rig.output->frame->quads;
  const auto words = std::ranges::find(quads, alone.texture, &gpu::Quad::texture);
  REQUIRE(words != quads.end());
  const float before = glm::length(glm::vec2(alone.center.x - head.x, alone.center.z - head.z));
  const float now = glm::length(glm::vec2(words->center.x - head.x, words->center.z - head.z));
  CHECK(now < 1.25f - 0.2f);
  CHECK(std::abs(words->size_m.x / alone.size_m.x - now / before) < 0.02f);
}

TEST_CASE("who waits at a stop of the way is told why") {
  Rig rig;
  rig.play(0.0);
  rig.frame.play->way_in = {{5.0, 6.0}, {8.0, 5.0}, {12.0, 4.0}};
  rig.frame.play->way_in_stops = {1};
  rig.gate = 0;
  rig.walk_to({8.0, 5.0});
  rig.run(2.5);
  CHECK(rig.view().screen == Screen::guide_in);
  CHECK(rig.view().holding);
  const auto note = std::ranges::find_if(rig.output->frame->quads, [](const gpu::Quad& quad) { return quad.texture == 100 + static_cast<std::uint32_t>(ui::Surface::note); });
  REQUIRE(note != rig.output->frame->quads.end());
  CHECK(note->opacity == 1.0f);
  CHECK(note->center.y > rig.height_m);  // over the horizon, where it hides nothing of the way
}

TEST_CASE("a film whose package is damaged leaves the viewer in the calm room and is told once") {
  package::testing::TemporaryFolder folder;
  const std::string hurt = folder.file("a.prom");
  std::filesystem::copy_file(films().file(kFilm), hurt);
  const auto size = std::filesystem::file_size(hurt);
  std::fstream file(hurt, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(size - 2000));
  file.write("damage", 6);
  file.close();
  Rig rig(folder.path());
  rig.play(0.0);
  REQUIRE(rig.wait_for([&] { return rig.app->telemetry().faults.size() == 1; }));
  CHECK(std::ranges::none_of(rig.app->take_log(), [](const std::string& line) { return line.contains("is open"); }));
  rig.gate = 0;
  rig.walk_to({12.0, 4.0});
  rig.run(2.0);
  CHECK(rig.app->telemetry().faults.size() == 1);
  CHECK(rig.output->frame->models.empty());
  CHECK(rig.output->menu.has_value());
  CHECK(rig.up->troubles == Troubles{{protocol::Trouble::film_damaged, kFilm}});
}

TEST_CASE("where the story divides the viewer points at a way, and the film goes on along it") {
  const test::ChoiceFolder folder;
  Rig rig(folder.path());
  rig.ordered_hash = folder.hash();
  rig.frame.ways = {{0, 3}};
  REQUIRE(rig.begin_film());
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::film; }, 5.0));
  CHECK_FALSE(rig.view().choice);
  REQUIRE(rig.run_until([&] { return rig.view().choice.has_value(); }, 3.0));
  rig.run(0.2);
  CHECK(rig.view().choice->ways[1].text == "穿过院子");
  rig.click("way:1");
  rig.run(0.2);
  CHECK(rig.view().choice->chosen == 1);
  REQUIRE(rig.up);
  CHECK(rig.up->chosen == std::vector<std::uint8_t>{1});
  rig.frame.ways = {{1, 2}};
  rig.frame.play->way_out = {{15.0, 7.0}, {22.0, 9.0}, {27.2, 7.5}};
  rig.run(0.2);
  CHECK_FALSE(rig.view().choice);
  rig.gate = 1;
  REQUIRE(rig.run_until([&] { return rig.view().screen == Screen::leg; }, 5.0));
  CHECK(rig.view().path.back() == protocol::HallPoint{15.0, 7.0});
}

TEST_CASE("a way can be chosen by looking at it, and not by accident") {
  const test::ChoiceFolder folder;
  Rig rig(folder.path());
  rig.ordered_hash = folder.hash();
  rig.frame.ways = {{0, 3}};
  REQUIRE(rig.begin_film());
  REQUIRE(rig.run_until([&] { return rig.view().choice.has_value(); }, 8.0));
  rig.run(2.0);
  CHECK_FALSE(rig.view().choice->chosen);  // looks ahead, over the ways
}
