#pragma once
// The films' posters in the renderer's hands, one texture each, and in the interface's cards. Frame thread only; never
// waits. The pictures are kept, so that the next renderer gets them too; textures go with the renderer.

#include <map>

#include "runtime/film/model.h"
#include "runtime/headset/surfaces.h"
#include "runtime/ui/interface.h"
#include "tracking/base/id.h"

namespace promenade::headset {

class Posters {
 public:
  void attach(Surfaces& surfaces, ui::Interface& interface);
  void detach(ui::Interface& interface);  // handles are gone with the renderer
  // Opaque sRGB. Where the renderer has no room for it the cards keep their drawn picture.
  void add(const base::FilmId& film, film::Image image, ui::Interface& interface);

 private:
  void show(const base::FilmId& film, const film::Image& image, ui::Interface& interface);

  Surfaces* surfaces_ = nullptr;
  std::map<base::FilmId, film::Image> images_;
};

}  // namespace promenade::headset
