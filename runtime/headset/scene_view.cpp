#include "runtime/headset/scene_view.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <glm/gtc/quaternion.hpp>
#include <numbers>

#include "runtime/headset/compose.h"
#include "runtime/headset/film_screen.h"
#include "runtime/headset/story.h"
#include "runtime/ui/interface.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

using base::Result;

constexpr float kHalfWide_rad = std::numbers::pi_v<float> / 4.0f;
constexpr float kSubtitleAway_m = 2.0f, kSubtitleDrop_m = 0.62f, kSubtitleWide_m = 1.55f;
constexpr int kUploadDraws = 2000;     // a world is uploaded over several frames
constexpr double kVideoWait_s = 30.0;

gpu::Eye eye_of(const ViewOf& view, glm::vec3 place, float yaw_rad) {
  gpu::Eye eye;
  eye.position = place;
  eye.orientation = glm::angleAxis(yaw_rad, glm::vec3(0, 1, 0)) * glm::angleAxis(view.pitch_rad, glm::vec3(1, 0, 0));
  const float up = std::atan(std::tan(kHalfWide_rad) * static_cast<float>(view.height) / static_cast<float>(view.width));
  eye.left_rad = -kHalfWide_rad;
  eye.right_rad = kHalfWide_rad;
  eye.up_rad = up;
  eye.down_rad = -up;
  return eye;
}

}  // namespace

float view_yaw_rad(const package::Manifest& manifest, std::uint32_t scene) {
  if (!manifest.route || manifest.route->scenes.size() < 2) return 0.0f;
  const auto& scenes = manifest.route->scenes;
  // Along the walk that leads here, or away from the first scene.
  std::uint32_t from = 0, to = std::min(scene, static_cast<std::uint32_t>(scenes.size() - 1));
  for (std::uint32_t each = 0; each < to; ++each) {
    if (std::ranges::contains(package::followers(*manifest.route, each), to)) from = each;
  }
  if (to == 0) to = package::followers(*manifest.route, 0).front();
  const package::FilmPoint a = scenes[from].at, b = scenes[to].at;
  return static_cast<float>(std::atan2(-(b.x_m - a.x_m), b.y_m - a.y_m));
}

glm::vec3 view_place(const package::Manifest& manifest, const film::Moment& moment, float eye_height_m) {
  if (!manifest.route) return {0.0f, eye_height_m, 0.0f};
  const auto& scenes = manifest.route->scenes;
  const std::size_t scene = std::min<std::size_t>(moment.scene, scenes.size() - 1);
  package::FilmPoint at = scenes[scene].at;
  const auto next = package::followers(*manifest.route, static_cast<std::uint32_t>(scene));
  if (moment.on_leg && !next.empty()) {
    const double leg_m = package::leg_length_m(*manifest.route, scene);
    const double share = leg_m > 0.0 ? std::clamp(moment.time_s * manifest.route->walk_speed_mps / leg_m, 0.0, 1.0) : 1.0;
    at.x_m += (scenes[next.front()].at.x_m - at.x_m) * share;
    at.y_m += (scenes[next.front()].at.y_m - at.y_m) * share;
  }
  return {static_cast<float>(at.x_m), eye_height_m, static_cast<float>(-at.y_m)};
}

Result<std::uint32_t> find_scene(const package::Manifest& manifest, const std::string& name_or_number) {
  if (!manifest.route) return 0u;
  const auto& scenes = manifest.route->scenes;
  const auto named = std::ranges::find(scenes, name_or_number, &package::Scene::name);
  if (named != scenes.end()) return static_cast<std::uint32_t>(named - scenes.begin());
  std::size_t number = 0;
  const char* last = name_or_number.data() + name_or_number.size();
  const auto [end, error] = std::from_chars(name_or_number.data(), last, number);
  if (error == std::errc() && end == last && number >= 1 && number <= scenes.size()) return static_cast<std::uint32_t>(number - 1);
  std::string names;
  for (const package::Scene& scene : scenes) names += (names.empty() ? "" : ", ") + scene.name;
  return base::fail("scene-unknown", base::formatted("There is no scene \"{}\".", name_or_number),
                    base::formatted("Give a number from 1 to {}, or one of: {}.", scenes.size(), names));
}

double telling_time_s(const package::Manifest& manifest, std::uint32_t scene) {
  const double dwell_s = manifest.route ? manifest.route->scenes[scene].dwell_s : manifest.length_s;
  const package::SubtitleLine* longest = nullptr;
  for (const package::SubtitleTrack& track : manifest.subtitles) {
    for (const package::SubtitleLine& line : track.lines) {
      if (line.scene != scene || line.end_s > dwell_s) continue;
      if (!longest || line.end_s - line.start_s > longest->end_s - longest->start_s) longest = &line;
    }
  }
  return longest ? 0.5 * (longest->start_s + longest->end_s) : 0.5 * dwell_s;
}

struct SceneView::State {
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Renderer> renderer;
  std::unique_ptr<RendererSurfaces> surfaces;
  std::unique_ptr<ui::Interface> interface;  // none: no font
  std::string note;
  FilmScreen screen;
  Composer composer;

  ~State() { screen.detach(); }
  const package::Manifest& manifest() const { return screen.film()->open->manifest(); }
  Result<FilmPicture> film_at(const ViewOf& view);
  void add_subtitle(const ViewOf& view, const gpu::Eye& eye, float yaw_rad, Scene& scene);
};

// Draws until the renderer has taken the world, or the video its frame.
Result<FilmPicture> SceneView::State::film_at(const ViewOf& view) {
  const double play_s = nominal_play_s(manifest(), view.moment);
  if (film::Video* video = screen.film()->video.get()) {
    video->seek(view.moment.time_s);
    if (!video->wait_for(view.moment.time_s, kVideoWait_s)) {
      return base::fail("video-late", base::formatted("The video's picture at {:.1f} s could not be decoded.", view.moment.time_s),
                        "Check the package with promenade film verify.");
    }
  }
  for (int i = 0; i < kUploadDraws; ++i) {
    const FilmPicture picture = screen.at(view.moment, play_s, glm::mat4(1.0f));
    if (picture.ready()) return picture;
    if (auto drawn = renderer->draw_to_memory(gpu::Frame{}, 16, 16); !drawn) return std::unexpected(drawn.error());
  }
  return base::fail("device-lost", "The renderer did not take the film's world.");
}

void SceneView::State::add_subtitle(const ViewOf& view, const gpu::Eye& eye, float yaw_rad, Scene& scene) {
  const package::SubtitleLine* line = view.language.empty() ? nullptr : film::subtitle_at(manifest(), view.moment, view.language);
  if (!interface || !line) return;
  bool changed = false;
  const gpu::UiDraw& draw = interface->subtitle(line->text, changed);
  const float high_m = kSubtitleWide_m * static_cast<float>(ui::kSubtitleHeight_px) / static_cast<float>(ui::kSubtitleWidth_px);
  const glm::vec3 center = eye.position + ahead_of(yaw_rad) * kSubtitleAway_m - glm::vec3(0.0f, kSubtitleDrop_m, 0.0f);
  scene.shown.push_back({renderer->paint(draw), {center, turned(yaw_rad), {kSubtitleWide_m, high_m}}, 1.0f, true});
}

SceneView::SceneView(std::unique_ptr<State> state) : state_(std::move(state)) {}
SceneView::~SceneView() = default;

Result<std::unique_ptr<SceneView>> SceneView::open(const std::filesystem::path& film, bool validation) {
  auto loaded = load_film({}, film);
  if (loaded->error) return std::unexpected(*loaded->error);
  auto state = std::make_unique<State>();
  gpu::DeviceSettings settings;
  settings.validation = validation;
  auto device = gpu::Device::create(settings);
  if (!device) return std::unexpected(device.error());
  state->device = std::move(*device);
  auto renderer = gpu::Renderer::create(*state->device);
  if (!renderer) return std::unexpected(renderer.error());
  state->renderer = std::move(*renderer);
  state->surfaces = std::make_unique<RendererSurfaces>(*state->renderer);
  auto interface = ui::Interface::create();
  if (interface) {
    state->interface = std::move(*interface);
    state->interface->prepare_film(loaded->open->manifest());
    state->interface->build_glyphs();
  } else {
    state->note = "The picture has no subtitles. " + interface.error().text();
  }
  state->screen.attach(*state->surfaces);
  state->screen.show(std::move(loaded));
  return std::unique_ptr<SceneView>(new SceneView(std::move(state)));
}

const package::Manifest& SceneView::manifest() const { return state_->manifest(); }
const base::Findings& SceneView::findings() const { return state_->screen.film()->open->findings(); }
const std::string& SceneView::note() const { return state_->note; }
std::uint64_t SceneView::validation_messages() const { return state_->device->validation_messages(); }

Result<gpu::Picture> SceneView::draw(const ViewOf& view) {
  State& s = *state_;
  if (view.moment.scene >= s.manifest().scene_count()) return base::fail("scene-unknown", base::formatted("There is no scene {}.", view.moment.scene + 1));
  auto film = s.film_at(view);
  if (!film) return std::unexpected(film.error());
  const float yaw_rad = view.yaw_rad.value_or(view_yaw_rad(s.manifest(), view.moment.scene));
  const gpu::Eye eye = eye_of(view, view_place(s.manifest(), view.moment, view.eye_height_m), yaw_rad);
  Scene scene;
  scene.eyes = {eye, eye};
  scene.head = eye.position;
  scene.film = *film;
  scene.film_open = true;
  scene.time_s = nominal_play_s(s.manifest(), view.moment);
  s.add_subtitle(view, eye, yaw_rad, scene);
  auto pictures = s.renderer->draw_to_memory(s.composer.compose(scene), view.width, view.height);
  if (!pictures) return std::unexpected(pictures.error());
  return std::move((*pictures)[0]);
}

}  // namespace promenade::headset
