#pragma once
// A picture of a film at a moment, as the headset shows it, without headset, hall or viewer: for film makers and tests.
// One thread; waits for what it needs. Frame: the film's own floor, as if its Stage lay there.
// Errors: those of film::OpenFilm, gpu::Device and gpu::Renderer; "scene-unknown"; "video-late" (the video's frame
// was not decoded in time).

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runtime/film/film.h"
#include "runtime/gpu/renderer.h"

namespace promenade::headset {

struct ViewOf {
  film::Moment moment;
  std::optional<float> yaw_rad;       // in the film: 0 looks along its y, to the left is positive; none: see view_yaw_rad
  float pitch_rad = 0.0f;             // up is positive
  float eye_height_m = 1.6f;
  std::string language = "en";        // of subtitles; empty: none
  std::uint32_t width = 1280, height = 720;  // 90 degrees wide
};

// The way a walker looks on arriving at a scene: along the leg before it; in the first scene along the leg after it.
float view_yaw_rad(const package::Manifest& manifest, std::uint32_t scene);
// Where the walker is at a moment, at the height of the eyes: the scene's place, or on the leg.
glm::vec3 view_place(const package::Manifest& manifest, const film::Moment& moment, float eye_height_m);
// By number from 1, as `promenade-film inspect` lists them, or by name.
base::Result<std::uint32_t> find_scene(const package::Manifest& manifest, const std::string& name_or_number);
// A telling second of a scene where none is asked for: in the middle of its longest subtitle, else of the scene.
double telling_time_s(const package::Manifest& manifest, std::uint32_t scene);

class SceneView {
 public:
  // `validation`: Vulkan's layers, whose messages are counted.
  static base::Result<std::unique_ptr<SceneView>> open(const std::filesystem::path& film, bool validation = false);
  ~SceneView();

  const package::Manifest& manifest() const;
  const base::Findings& findings() const;       // of the film
  const std::string& note() const;              // why there are no subtitles; empty: nothing is amiss
  std::uint64_t validation_messages() const;
  base::Result<gpu::Picture> draw(const ViewOf& view);

 private:
  struct State;
  explicit SceneView(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::headset
