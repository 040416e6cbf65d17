#include "tests/headset/rig.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>
#include <thread>

#include <glm/gtc/quaternion.hpp>

#include "content-tools/package/package_file.h"
#include "content-tools/samples/glb.h"
#include "tests/package/films.h"
#include "tracking/venue_file.h"

namespace promenade::headset::test {

namespace {

using protocol::HallPoint;
namespace worlds = samples::worlds;

const tracking::Transform<tracking::Hall, tracking::Stage> kHallFromStage{0.7, {3.0, -2.0}, 0.0, false};
constexpr double kAhead_s = 0.03;             // between a frame's making and its being seen

// A courtyard at dusk: a paved floor, four walls of uneven stones, lanterns on posts, a well that turns.
base::Bytes courtyard() {
  worlds::World world;
  world.sky.zenith = {0.05f, 0.07f, 0.16f};
  world.sky.horizon = {0.55f, 0.26f, 0.16f};
  world.sky.stars = 0.4f;
  const auto stone = world.material({.name = "stone", .color = {0.34f, 0.29f, 0.26f}});
  const auto paving = world.material({.name = "paving", .color = {0.24f, 0.21f, 0.20f}});
  const auto wood = world.material({.name = "wood", .color = {0.20f, 0.11f, 0.06f}});
  const auto flame = world.material({.name = "flame", .color = {1.0f, 0.62f, 0.25f}, .emissive = {4.0f, 2.0f, 0.7f}});
  const auto box = [](const worlds::vec3& size, const worlds::vec3& at) { return worlds::box(at - size * 0.5f, at + size * 0.5f); };
  for (int x = -4; x <= 4; ++x) {
    for (int z = -4; z <= 4; ++z) {
      const float dark = 0.85f + 0.15f * static_cast<float>(((x * 7 + z * 5) % 3 + 3) % 3) / 2.0f;
      world.add(worlds::kRoot, paving, box({0.98f, 0.1f, 0.98f}, {1.5f + static_cast<float>(x), -0.05f, -1.5f + static_cast<float>(z)}).paint(worlds::vec3(dark)));
    }
  }
  for (int i = 0; i < 10; ++i) {
    const float along = -3.0f + static_cast<float>(i), high = 1.6f + 0.25f * static_cast<float>((i * 5) % 4);
    world.add(worlds::kRoot, stone, box({0.96f, high, 0.5f}, {along, high * 0.5f, -6.2f}));
    world.add(worlds::kRoot, stone, box({0.96f, high, 0.5f}, {along, high * 0.5f, 3.2f}));
    world.add(worlds::kRoot, stone, box({0.5f, high, 0.96f}, {-3.2f, high * 0.5f, -6.0f + static_cast<float>(i)}));
    world.add(worlds::kRoot, stone, box({0.5f, high, 0.96f}, {6.2f, high * 0.5f, -6.0f + static_cast<float>(i)}));
  }
  for (const auto& at : {worlds::vec3{-1.2f, 0.0f, -1.6f}, {1.5f, 0.0f, -4.4f}, {4.6f, 0.0f, -2.2f}, {1.4f, 0.0f, 1.6f}}) {
    world.add(worlds::kRoot, wood, box({0.12f, 1.7f, 0.12f}, at + worlds::vec3{0.0f, 0.85f, 0.0f}));
    world.add(worlds::kRoot, flame, box({0.26f, 0.36f, 0.26f}, at + worlds::vec3{0.0f, 1.88f, 0.0f}));
  }
  const auto well = world.node("well", worlds::kRoot, stone, worlds::box(worlds::vec3{-0.45f, -0.4f, -0.45f}, worlds::vec3{0.45f, 0.4f, 0.45f}), {1.5f, 0.4f, -1.5f});
  world.key("always", well, worlds::Path::rotation, {{0.0f, {0, 0, 0, 1}}, {4.0f, {0, 1, 0, 0}}, {8.0f, {0, 0, 0, -1}}});
  const auto sun = world.node("sun", worlds::vec3{0.0f, 5.0f, 0.0f});
  world.nodes[sun].rotation = worlds::turned(-50.0f, {1, 0, 0});
  world.nodes[sun].light = worlds::LightSource{true, {1.0f, 0.75f, 0.55f}, 1.6f, 0.0f};
  return worlds::write_glb(world);
}

package::Manifest manifest_of(const base::FilmId& film, const std::string& zh, const std::string& en) {
  package::Manifest m = package::testing::walking_film();
  m.film = film;
  m.titles = {{"zh", zh}, {"en", en}};
  m.synopses = {{"zh", "院子里有一口井，井里是另一个黄昏。"}, {"en", "There is a well in the courtyard, and another dusk in the well."}};
  m.accessibility.captions = true;
  m.route->scenes = {{"one", {0.0, 0.0}, 0.6, 4.0, 20.0}, {"two", {3.0, 0.0}, 0.6, 4.0, 20.0}, {"three", {3.0, 3.0}, 0.6, 4.0, 20.0}};
  for (auto& scene : m.route->scenes) scene.loop_s = 2.0;
  m.length_s = package::nominal_length_s(*m.route);
  m.cues.clear();
  m.subtitles = {{"zh", {{0, 0.5, 3.5, "太阳落了。拿好火种，\n整条街都在等你。"}, {1, 0.5, 2.5, "再见"}}},
                 {"en", {{0, 0.5, 3.5, "Guard it. It is small, and it is the only one\nthat the whole street has tonight."}}}};
  m.tracks = {{"world", package::TrackKind::world, "", "glb", "world/world.glb"}};
  return m;
}

std::string venue_text() {
  std::ifstream in(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

const tracking::Venue& venue() {
  static const tracking::Venue read = tracking::read_venue(venue_text(), "venue.toml").value();
  return read;
}

FilmFolder::FilmFolder() {
  const base::Bytes world = courtyard();
  const auto pack = [&](const base::FilmId& film, const std::string& zh, const std::string& en) {
    const auto bytes = package::testing::packed(manifest_of(film, zh, en), {{"world/world.glb", world, {}}});
    REQUIRE(bytes);
    std::ofstream(file(film), std::ios::binary).write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  };
  pack(kFilm, "灯街", "Lantern Street");
  pack(kSecondFilm, "钟匠的院子", "The Clockmaker's Yard");
}

base::Hash FilmFolder::hash(const base::FilmId& film) const {
  const auto manifest = package::load_manifest(file(film).string());
  REQUIRE(manifest);
  return base::blake2b(package::manifest_bytes(*manifest));
}

OneFilmFolder::OneFilmFolder(package::Manifest manifest, std::vector<std::pair<std::string, base::Bytes>> files) {
  std::vector<package::testing::NamedFile> named;
  for (auto& [path, bytes] : files) named.push_back({path, std::move(bytes), {}});
  const auto bytes = package::testing::packed(std::move(manifest), named);
  INFO((bytes ? std::string() : bytes.error().text()));
  REQUIRE(bytes);
  std::ofstream(file(), std::ios::binary).write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
}

base::Hash OneFilmFolder::hash() const {
  const auto manifest = package::load_manifest(file().string());
  REQUIRE(manifest);
  return base::blake2b(package::manifest_bytes(*manifest));
}

package::Manifest courtyard_manifest(const base::FilmId& film) { return manifest_of(film, "灯街", "Lantern Street"); }

namespace {
package::Manifest with_poster(package::Manifest manifest) {
  manifest.tracks.push_back({"poster", package::TrackKind::poster, "", "png", "poster.png"});
  return manifest;
}
}  // namespace

namespace {
package::Manifest with_choice(package::Manifest manifest) {
  package::Scene& scene = manifest.route->scenes.front();
  scene.next = std::vector<package::Next>{{1, {{"zh", "沿着长廊走"}, {"en", "Along the arcade"}}}, {2, {{"zh", "穿过院子"}, {"en", "Across the yard"}}}};
  scene.choose_s = 3.0;
  return manifest;
}
}  // namespace

ChoiceFolder::ChoiceFolder() : OneFilmFolder(with_choice(courtyard_manifest(kFilm)), {{"world/world.glb", courtyard()}}) {}

PosterFolder::PosterFolder(base::Bytes poster)
    : OneFilmFolder(with_poster(courtyard_manifest(kFilm)), {{"world/world.glb", courtyard()}, {"poster.png", std::move(poster)}}) {
  std::filesystem::copy_file(films().file(kSecondFilm), path() / "second.prom");
}

const FilmFolder& films() {
  static const FilmFolder made;
  return made;
}

Rig::Rig(const std::filesystem::path& folder, std::string language, bool sound) {
  AppSettings settings;
  settings.headset = base::HeadsetId{17};
  settings.films = folder;
  settings.language = std::move(language);
  settings.sound = sound;
  auto made = App::create(std::move(settings));
  REQUIRE(made);
  app = std::move(*made);
  app->attach(counting);
  frame.headset = base::HeadsetId{17};
  frame.way_out_door = {27.2, 7.5};
  input.quality = protocol::TrackingQuality::good;
}

protocol::StagePose Rig::stage_pose(HallPoint p, double height, double hall_yaw) const {
  return tracking::inverse(kHallFromStage) * tracking::pose_at(p, height, hall_yaw);
}

void Rig::face(HallPoint target) {
  const auto to = target - head;
  yaw = std::atan2(-to.x, to.y);
}

void Rig::talk() {
  protocol::HallState out = frame;
  out.epoch = base::EpochId{1};
  out.sequence = ++sequence;
  out.time = base::hall_time(t + kHallAhead_s);
  if (up) out.last_headset_sequence = up->sequence;
  out.safety.expires = out.time + base::from_seconds(1.0);
  if (out.play && gate >= 0) out.authority = {static_cast<std::int8_t>(gate), out.time + base::from_seconds(3.0)};
  app->mailbox().in.push({base::headset_time(t), protocol::Message(out)});
}

void Rig::listen() {
  while (auto message = app->mailbox().out.try_pop()) {
    if (const auto* request = std::get_if<protocol::ClockRequest>(&*message)) {
      const base::HallTime hall = base::hall_time(t + kHallAhead_s) + base::Duration{500};
      app->mailbox().in.push({base::headset_time(t) + base::Duration{1000}, protocol::Message(protocol::ClockReply{request->sequence, request->sent, hall, hall})});
    }
    if (const auto* choice = std::get_if<protocol::ChooseFilm>(&*message)) chosen = *choice;
    if (const auto* rating = std::get_if<protocol::RateFilm>(&*message)) rated = *rating;
    if (const auto* state = std::get_if<protocol::HeadsetState>(&*message)) up = *state;
  }
}

const Output& Rig::step() {
  t += kFrame_s;
  if (linked && hall_talks) talk();
  input.now = base::headset_time(t);
  input.shown = base::headset_time(t + kAhead_s);
  input.head = stage_pose({head.x + 0.001 * (sequence % 2), head.y}, height_m, yaw);
  input.head.orientation = input.head.orientation * glm::dquat(std::cos(pitch / 2.0), std::sin(pitch / 2.0), 0.0, 0.0);
  const glm::quat q(input.head.orientation);
  for (int eye = 0; eye < 2; ++eye) {
    gpu::Eye& each = input.eyes[static_cast<std::size_t>(eye)];
    each.orientation = q;
    each.position = glm::vec3(input.head.position) + q * glm::vec3(eye == 0 ? -0.032f : 0.032f, 0.0f, 0.0f);
  }
  return look();
}

const Output& Rig::look() {
  output = &app->update(input);
  listen();
  return *output;
}

bool Rig::wait_for(const std::function<bool()>& done, double limit_s) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
  while (!done()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    look();
    std::this_thread::yield();
  }
  return true;
}

void Rig::run(double seconds) {
  for (const double end = t + seconds; t < end;) step();
}

bool Rig::run_until(const std::function<bool()>& done, double limit_s) {
  for (const double end = t + limit_s; t < end;) {
    if (done()) return true;
    step();
  }
  return done();
}

void Rig::walk_to(HallPoint target, double speed_mps) {
  while (tracking::distance(head, target) > 1e-6) {
    const double left = tracking::distance(head, target), go = speed_mps * kFrame_s;
    head = left <= go ? target : head + (target - head) * (go / left);
    step();
  }
}

void Rig::connect() {
  linked = true;
  app->mailbox().in.push({base::headset_time(t), LinkUp{}});
  app->mailbox().in.push({base::headset_time(t), protocol::Message(protocol::Welcome{protocol::kProtocolVersion, base::EpochId{1}, venue_text()})});
  run(0.6);
  REQUIRE(app->client().clock_known());
}

void Rig::touch_mark(bool second) {
  const tracking::MarkPair& pair = venue().marks.front();
  Controller& hand = input.hands[kRight];
  hand.present = true;
  hand.grip = hand.aim = stage_pose(second ? pair.second : pair.first, 0.03, pair.arrow_rad());
  hand.menu = true;
  step();
  hand.menu = false;
  run(0.3);
  hand.present = false;
}

void Rig::calibrate() {
  touch_mark(false);
  touch_mark(true);
  run(0.3);
}

void Rig::ready(protocol::Phase phase) {
  connect();
  frame.phase = protocol::Phase::fitted;
  run(0.1);
  calibrate();
  REQUIRE(app->client().hall_from_stage());
  frame.phase = phase;
  run(0.1);
}

void Rig::menu() {
  frame.menu = {{kFilm, base::from_seconds(5.0), true}, {kSecondFilm, base::from_seconds(200.0), true}};
  ready(protocol::Phase::choosing);
}

protocol::PlayOrder Rig::order(double start_s) const {
  protocol::PlayOrder o;
  o.play = base::PlayId{42};
  o.film = ordered;
  o.language = "zh";
  o.package_hash = ordered_hash ? *ordered_hash : films().hash(ordered);
  o.placement.shift = {12.0, 4.0};
  o.start = base::hall_time(start_s + kHallAhead_s);
  o.way_in = {{5.0, 6.0}, {12.0, 4.0}};
  o.way_out = {{15.0, 7.0}, {22.0, 9.0}, {27.2, 7.5}};
  return o;
}

void Rig::play(double start_in_s) {
  ready(protocol::Phase::guided);
  frame.play = order(t + start_in_s);
  face({12.0, 4.0});
  run(0.3);
}

bool Rig::load_film(double limit_s) {
  step();
  return wait_for([this] { return std::ranges::any_of(app->take_log(), [](const std::string& line) { return line.contains("is open"); }); }, limit_s);
}

bool Rig::shows_poster() const {
  if (!output->menu) return false;
  return std::ranges::any_of(output->menu->draw->commands, [](const gpu::UiCommand& command) { return command.texture != 0; });
}

bool Rig::see_poster(double limit_s) {
  step();
  return wait_for([this] { return shows_poster(); }, limit_s);
}

bool Rig::begin_film() {
  play(0.0);
  if (!load_film()) return false;
  gate = 0;
  walk_to({12.0, 4.0});
  return true;
}

void Rig::aim_at(const std::string& target) {
  REQUIRE(output->menu);
  const auto found = std::ranges::find(app->menu_targets(), target, &App::Target::name);
  INFO(target << " on " << app->telemetry().screen << " at level " << static_cast<int>(view().level) << ", " << app->menu_targets().size() << " targets");
  REQUIRE(found != app->menu_targets().end());
  const MenuPlane& plane = *output->menu;
  const glm::vec2 pixel = (found->low + found->high) * 0.5f;
  const glm::vec2 share{pixel.x / static_cast<float>(plane.draw->width_px) - 0.5f, 0.5f - pixel.y / static_cast<float>(plane.draw->height_px)};
  const glm::dvec3 at(plane.center + plane.orientation * glm::vec3(share * plane.size_m, 0.0f));
  Controller& hand = input.hands[kRight];
  hand.present = true;
  const glm::dvec3 from = input.head.position + input.head.orientation * glm::dvec3(0.22, -0.35, -0.3);
  hand.aim.position = hand.grip.position = from;
  hand.aim.orientation = hand.grip.orientation = glm::quatLookAt(glm::normalize(at - from), glm::dvec3(0.0, 1.0, 0.0));
  step();
}

void Rig::click(const std::string& target) {
  aim_at(target);
  input.hands[kRight].trigger = true;
  step();
  input.hands[kRight].trigger = false;
  step();
}

}  // namespace promenade::headset::test
