#pragma once
// What the App asks of a renderer: models and pictures to keep. The renderer does it for a real headset; tests keep a
// ledger. Frame thread only. Handles die with the renderer, and the App asks for all of them again from the next one.

#include <memory>

#include "runtime/gpu/picture.h"
#include "runtime/gpu/renderer.h"
#include "runtime/gpu/ui_draw.h"

namespace promenade::headset {

class Surfaces {
 public:
  virtual ~Surfaces() = default;
  virtual gpu::ModelHandle upload(std::shared_ptr<const film::Model> model) = 0;
  virtual bool ready(gpu::ModelHandle model) const = 0;
  virtual void release_model(gpu::ModelHandle model) = 0;
  virtual gpu::TextureHandle make_texture(gpu::TextureKind kind, std::uint32_t width, std::uint32_t height) = 0;
  virtual void update(gpu::TextureHandle texture, base::ByteView bytes) = 0;
  virtual void release_texture(gpu::TextureHandle texture) = 0;
  virtual gpu::TextureHandle paint(const gpu::UiDraw& ui) = 0;
};

class RendererSurfaces final : public Surfaces {
 public:
  explicit RendererSurfaces(gpu::Renderer& renderer) : renderer_(renderer) {}
  gpu::ModelHandle upload(std::shared_ptr<const film::Model> model) override { return renderer_.upload(std::move(model)); }
  bool ready(gpu::ModelHandle model) const override { return renderer_.ready(model); }
  void release_model(gpu::ModelHandle model) override { renderer_.release_model(model); }
  gpu::TextureHandle make_texture(gpu::TextureKind kind, std::uint32_t width, std::uint32_t height) override {
    return renderer_.make_texture(kind, width, height);
  }
  void update(gpu::TextureHandle texture, base::ByteView bytes) override { renderer_.update(texture, bytes); }
  void release_texture(gpu::TextureHandle texture) override { renderer_.release_texture(texture); }
  gpu::TextureHandle paint(const gpu::UiDraw& ui) override { return renderer_.paint(ui); }

 private:
  gpu::Renderer& renderer_;
};

}  // namespace promenade::headset
