#pragma once
// The film that is on: its world posed at a moment, or its video's newest picture, in the renderer's hands. Frame
// thread only; never waits.

#include <memory>

#include "runtime/headset/compose.h"
#include "runtime/headset/media.h"
#include "runtime/headset/surfaces.h"

namespace promenade::headset {

class FilmScreen {
 public:
  void attach(Surfaces& surfaces);
  void detach();                          // handles are gone with the renderer
  void show(std::unique_ptr<LoadedFilm> film);  // instead of the one before; without `open`: none

  const LoadedFilm* film() const { return film_.get(); }
  // The renderer has what it needs to show it.
  bool ready() const;

  // Poses the world, or takes the picture due at `play_s`. Seated: `stage_from_film` gives the direction alone.
  FilmPicture at(const film::Moment& moment, double play_s, const glm::mat4& stage_from_film);
  std::uint64_t stalls() const;           // of the video

 private:
  FilmPicture world_at(const film::Moment& moment, double play_s, const glm::mat4& stage_from_film);
  FilmPicture video_at(double play_s, const glm::mat4& stage_from_film);
  void upload();
  void release();

  Surfaces* surfaces_ = nullptr;
  std::unique_ptr<LoadedFilm> film_;
  gpu::ModelHandle world_ = 0;
  gpu::TextureHandle picture_ = 0;
  std::shared_ptr<const film::VideoFrame> shown_;
  film::Pose pose_;
};

}  // namespace promenade::headset
