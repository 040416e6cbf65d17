#include "tests/bench/render_films.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <glm/gtc/quaternion.hpp>

#include "runtime/headset/compose.h"
#include "runtime/headset/film_screen.h"
#include "runtime/headset/scene_view.h"
#include "runtime/headset/story.h"
#include "runtime/headset/surfaces.h"
#include "tests/bench/offscreen.h"

namespace promenade::bench {
namespace {

constexpr std::uint32_t kSmallWidth = 32, kSmallHeight = 36;
constexpr int kWarmUp = 3;
constexpr float kEyeHeight_m = 1.6f, kHalfEyes_m = 0.032f, kHalfView_rad = std::numbers::pi_v<float> / 4.0f;
constexpr double kLookRound_s = 9.0;  // of one look to the left, behind, to the right and back

film::Moment moment_at(const package::Manifest& manifest, double play_s) {
  const auto& scenes = manifest.route->scenes;
  for (std::uint32_t i = 0; i < scenes.size(); ++i) {
    if (play_s < scenes[i].dwell_s || i + 1 == scenes.size()) return {i, std::min(play_s, scenes[i].dwell_s), false};
    play_s -= scenes[i].dwell_s;
    const double leg_s = package::leg_length_m(*manifest.route, i) / manifest.route->walk_speed_mps;
    if (play_s < leg_s) return {i, play_s, true};
    play_s -= leg_s;
  }
  return {};
}

class FilmOnStage {
 public:
  FilmOnStage(gpu::Renderer& renderer, std::unique_ptr<headset::LoadedFilm> film) : surfaces_(renderer) {
    screen_.attach(surfaces_);
    screen_.show(std::move(film));
  }
  ~FilmOnStage() { screen_.detach(); }
  FilmOnStage(const FilmOnStage&) = delete;
  FilmOnStage& operator=(const FilmOnStage&) = delete;

  const package::Manifest& manifest() const { return screen_.film()->open->manifest(); }
  bool ready() const { return screen_.ready(); }

  const gpu::Frame& frame_at(double play_s) {
    const film::Moment moment = moment_at(manifest(), play_s);
    const float look = std::numbers::pi_v<float> * static_cast<float>(std::sin(2.0 * std::numbers::pi * play_s / kLookRound_s));
    const glm::quat turned = glm::angleAxis(headset::view_yaw_rad(manifest(), moment.scene) + look, glm::vec3(0.0f, 1.0f, 0.0f));
    headset::Scene scene;
    scene.head = headset::view_place(manifest(), moment, kEyeHeight_m);
    for (std::size_t eye = 0; eye < 2; ++eye) {
      const float aside = eye == 0 ? -kHalfEyes_m : kHalfEyes_m;
      scene.eyes[eye] = {scene.head + turned * glm::vec3(aside, 0.0f, 0.0f), turned, -kHalfView_rad, kHalfView_rad, kHalfView_rad, -kHalfView_rad};
    }
    scene.film = screen_.at(moment, play_s, glm::mat4(1.0f));
    scene.film_open = true;
    scene.time_s = play_s;
    return composer_.compose(scene);
  }

 private:
  headset::RendererSurfaces surfaces_;
  headset::FilmScreen screen_;
  headset::Composer composer_;
};

}  // namespace

std::vector<std::filesystem::path> walking_films(const std::filesystem::path& folder) {
  const auto shelf = headset::read_shelf(folder);
  if (!shelf) throw std::runtime_error(shelf.error().text());
  std::vector<std::filesystem::path> films;
  for (const auto& film : *shelf->shelf) {
    if (film.manifest.route) films.push_back(shelf->files.at(film.manifest.film));
  }
  if (films.empty()) throw std::runtime_error("There is no walking film in " + folder.string() + ".");
  std::ranges::sort(films);
  return films;
}

FilmFigures measure_film(gpu::Device& device, const std::filesystem::path& file, const FilmWish& wish) {
  auto loaded = headset::load_film({}, file);
  if (loaded->error) throw std::runtime_error(loaded->error->text());
  auto renderer = make_renderer(device, {});  // samples and shadow as the headset program has them
  const Canvas small(device, kSmallWidth, kSmallHeight, 2), both(device, wish.width, wish.height, 2), mono(device, wish.width, wish.height, 1);
  FilmOnStage film(*renderer, std::move(loaded));
  const double length_s = package::nominal_length_s(*film.manifest().route);
  double play_s = 0.0;
  const auto frame = [&]() -> const gpu::Frame& { return film.frame_at(play_s); };
  for (int i = 0; !film.ready() && i < kUploadDraws; ++i) time_frame(device, *renderer, small.target(), frame);
  if (!film.ready()) throw std::runtime_error("The renderer did not take the world of " + file.string() + ".");

  FilmFigures figures;
  figures.name = file.stem().string();
  const auto run = [&](int frames, const auto& one) {
    const double began = steady_ms();
    for (int i = 0; i < frames + kWarmUp && (i <= kWarmUp || steady_ms() - began < wish.longest_s * 1e3); ++i) {
      play_s = length_s * std::fmod(0.618034 * i, 1.0);  // spread over the film, however many there will be
      one(i >= kWarmUp);
    }
  };
  const auto both_eyes = [&](const Canvas& canvas, bool counts) {
    const FrameTimes times = time_frame(device, *renderer, canvas.target(), frame);
    figures.draws_max = std::max(figures.draws_max, renderer->cost().draws);
    if (counts) figures.cpu_ms.push_back(times.cpu_ms);
    return times.wall_ms;
  };
  run(wish.small_frames, [&](bool counts) { both_eyes(small, counts); });
  auto one_eye = make_renderer(device, {});   // a renderer keeps the images of one size and number of eyes
  {
    FilmOnStage again(*one_eye, headset::load_film({}, file));
    const auto frame_again = [&]() -> const gpu::Frame& { return again.frame_at(play_s); };
    for (int i = 0; !again.ready() && i < kUploadDraws; ++i) time_frame(device, *one_eye, mono.target(), frame_again);
    run(wish.whole_frames, [&](bool counts) {
      const double both_ms = both_eyes(both, counts);
      const double mono_ms = time_frame(device, *one_eye, mono.target(), frame_again).wall_ms;
      if (!counts) return;
      figures.both_ms.push_back(both_ms);
      figures.mono_ms.push_back(mono_ms);
    });
  }
  return figures;
}

}  // namespace promenade::bench
