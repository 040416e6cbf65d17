#pragma once
// Surfaces that keep a copy of what they are given, so that a frame can be drawn again somewhere else: the pictures of
// --screenshot-dir are made on a device of their own and cost the headset no frame. Frame thread only.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/headset/app.h"

namespace promenade::headset {

struct KeptTexture {             // either bytes or an interface
  gpu::TextureKind kind = gpu::TextureKind::rgba_srgb;
  std::uint32_t width = 0, height = 0;
  std::shared_ptr<const base::Bytes> bytes;
  std::shared_ptr<const gpu::UiDraw> ui;
  std::uint64_t painted = 0;     // order of interfaces
};

// A frame with all it refers to, owning it; may go to another thread.
class KeptFrame {
 public:
  KeptFrame(const gpu::Frame& frame, std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>> models,
            std::map<gpu::TextureHandle, KeptTexture> textures);
  KeptFrame(const KeptFrame&) = delete;
  KeptFrame& operator=(const KeptFrame&) = delete;

  // The frame with other handles, as `model_of` and `texture_of` tell them. Valid until the next call.
  template <class ModelOf, class TextureOf>
  const gpu::Frame& with(ModelOf model_of, TextureOf texture_of) {
    for (std::size_t i = 0; i < models_.size(); ++i) models_[i].model = model_of(original_models_[i]);
    for (std::size_t i = 0; i < quads_.size(); ++i) quads_[i].texture = texture_of(original_quads_[i]);
    if (frame_.dome) frame_.dome->texture = texture_of(original_dome_);
    return frame_;
  }
  void add(const gpu::Quad& quad);

  const std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>>& models() const { return kept_models_; }
  const std::map<gpu::TextureHandle, KeptTexture>& textures() const { return kept_textures_; }

 private:
  std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>> kept_models_;
  std::map<gpu::TextureHandle, KeptTexture> kept_textures_;
  gpu::Frame frame_;
  std::vector<film::Pose> poses_;
  std::vector<gpu::DrawnModel> models_;
  std::vector<gpu::ModelHandle> original_models_;
  std::vector<gpu::Quad> quads_;
  std::vector<gpu::TextureHandle> original_quads_;
  gpu::TextureHandle original_dome_ = 0;
  std::vector<std::vector<glm::vec3>> points_;
  std::vector<gpu::Ribbon> ribbons_;
  std::vector<gpu::Ring> rings_;
  std::vector<gpu::Figure> figures_;
  std::vector<gpu::Arrow> arrows_;
  std::vector<glm::vec3> outline_;
  std::vector<std::vector<glm::vec3>> holes_;
};

class LedgerSurfaces final : public Surfaces {
 public:
  explicit LedgerSurfaces(Surfaces& real) : real_(real) {}

  gpu::ModelHandle upload(std::shared_ptr<const film::Model> model) override;
  bool ready(gpu::ModelHandle model) const override { return real_.ready(model); }
  void release_model(gpu::ModelHandle model) override;
  gpu::TextureHandle make_texture(gpu::TextureKind kind, std::uint32_t width, std::uint32_t height) override;
  void update(gpu::TextureHandle texture, base::ByteView bytes) override;
  void release_texture(gpu::TextureHandle texture) override;
  gpu::TextureHandle paint(const gpu::UiDraw& ui) override;

  // With the menu as a quad of the frame, where a layer of its own shows it.
  std::shared_ptr<KeptFrame> keep(const gpu::Frame& frame, const std::optional<MenuPlane>& menu_layer) const;

 private:
  Surfaces& real_;
  std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>> models_;
  std::map<gpu::TextureHandle, KeptTexture> textures_;
  std::uint64_t painted_ = 0;
};

}  // namespace promenade::headset
