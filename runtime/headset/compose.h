#pragma once
// From what a client shows to the frame that is drawn: the film's world or the calm room, and over it what keeps the
// viewer safe and leads him. Pure, but for the buffers that it keeps from frame to frame. Frame: Stage, metres.

#include <optional>
#include <vector>

#include "runtime/gpu/picture.h"
#include "runtime/headset/geometry.h"
#include "showcontrol/client/view.h"
#include "tracking/venue.h"

namespace promenade::headset {

struct FilmPicture {                     // the film at this moment; empty: none is ready
  gpu::ModelHandle world = 0;
  const film::Pose* pose = nullptr;
  const film::Sky* sky = nullptr;
  glm::mat4 stage_from_world{1.0f};
  std::optional<gpu::Dome> dome;
  bool ready() const { return world != 0 || dome.has_value(); }
};

struct Shown {                           // a painted surface and where it hangs
  gpu::TextureHandle texture = 0;
  Plane plane;
  float opacity = 1.0f;
  bool over_all = false;
};

struct Scene {
  const client::View* view = nullptr;
  const tracking::Venue* venue = nullptr;             // none: no grid
  std::optional<StageFromHall> stage_from_hall;       // none: the hall is not drawn
  std::array<gpu::Eye, 2> eyes;
  glm::vec3 head{0.0f};
  FilmPicture film;
  bool film_open = false;                             // the curtain's: the film is what is seen, not the room
  float fade = 0.0f;                                  // the curtain's
  float dim = 0.0f;                                   // of the film, smoothed
  float stop = 0.0f;                                  // 0..1: how far the hall's outline has replaced the film
  bool see_through = false;                           // the real hall takes the film's place, seen instead of drawn
  float countdown = 0.0f;                             // 0..1 of the way to the start; 1: none, or begun
  std::vector<Shown> shown;
  double time_s = 0.0;
};

class Composer {
 public:
  // Valid until the next call.
  const gpu::Frame& compose(const Scene& scene);

 private:
  void film(const Scene& scene);
  void way(const Scene& scene);
  void way_out(const Scene& scene);
  void people(const Scene& scene);
  void hall(const Scene& scene);

  gpu::Frame frame_;
  std::vector<gpu::DrawnModel> models_;
  std::vector<gpu::Quad> quads_;
  std::vector<glm::vec3> path_, outline_;
  std::vector<std::vector<glm::vec3>> holes_;
  std::vector<gpu::Ribbon> ribbons_;
  std::vector<gpu::Ring> rings_;
  std::vector<gpu::Figure> figures_;
  std::vector<gpu::Arrow> arrows_;
};

}  // namespace promenade::headset
