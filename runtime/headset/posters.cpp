#include "runtime/headset/posters.h"

#include <utility>

#include "tracking/base/assert.h"

namespace promenade::headset {

void Posters::attach(Surfaces& surfaces, ui::Interface& interface) {
  surfaces_ = &surfaces;
  for (const auto& [film, image] : images_) show(film, image, interface);
}

void Posters::detach(ui::Interface& interface) {
  surfaces_ = nullptr;
  interface.drop_posters();
}

void Posters::add(const base::FilmId& film, film::Image image, ui::Interface& interface) {
  const auto [at, is_new] = images_.emplace(film, std::move(image));
  PROMENADE_ASSERT(is_new);
  show(film, at->second, interface);
}

void Posters::show(const base::FilmId& film, const film::Image& image, ui::Interface& interface) {
  if (surfaces_ == nullptr) return;
  const gpu::TextureHandle texture = surfaces_->make_texture(gpu::TextureKind::rgba_srgb, image.width, image.height);
  if (texture == 0) return;
  surfaces_->update(texture, image.rgba);
  interface.show_poster(film, {texture, image.width, image.height});
}

}  // namespace promenade::headset
