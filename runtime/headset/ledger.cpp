#include "runtime/headset/ledger.h"

#include <utility>

namespace promenade::headset {
namespace {

// No texture of a renderer has this handle: the menu's, which only its own layer has painted.
constexpr gpu::TextureHandle kMenuTexture = ~0u;

template <class T>
std::vector<T> copy_of(std::span<const T> values) { return {values.begin(), values.end()}; }

}  // namespace

KeptFrame::KeptFrame(const gpu::Frame& frame, std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>> models,
                     std::map<gpu::TextureHandle, KeptTexture> textures)
    : kept_models_(std::move(models)), kept_textures_(std::move(textures)), frame_(frame), models_(copy_of(frame.models)),
      quads_(copy_of(frame.quads)), ribbons_(copy_of(frame.ribbons)), rings_(copy_of(frame.rings)), figures_(copy_of(frame.figures)),
      arrows_(copy_of(frame.arrows)) {
  poses_.reserve(models_.size());
  for (gpu::DrawnModel& model : models_) {
    original_models_.push_back(model.model);
    if (!model.pose) continue;
    poses_.push_back(*model.pose);
    model.pose = &poses_.back();
  }
  points_.reserve(ribbons_.size());
  for (gpu::Ribbon& ribbon : ribbons_) {
    points_.push_back(copy_of(ribbon.points));
    ribbon.points = points_.back();
  }
  for (const gpu::Quad& quad : quads_) original_quads_.push_back(quad.texture);
  if (frame_.dome) original_dome_ = frame_.dome->texture;
  if (frame_.grid) {
    outline_ = copy_of(frame_.grid->outline);
    holes_ = copy_of(frame_.grid->holes);
    frame_.grid->outline = outline_;
    frame_.grid->holes = holes_;
  }
  frame_.models = models_;
  frame_.quads = quads_;
  frame_.ribbons = ribbons_;
  frame_.rings = rings_;
  frame_.figures = figures_;
  frame_.arrows = arrows_;
}

void KeptFrame::add(const gpu::Quad& quad) {
  quads_.push_back(quad);
  original_quads_.push_back(quad.texture);
  frame_.quads = quads_;
}

gpu::ModelHandle LedgerSurfaces::upload(std::shared_ptr<const film::Model> model) {
  const gpu::ModelHandle handle = real_.upload(model);
  models_[handle] = std::move(model);
  return handle;
}

void LedgerSurfaces::release_model(gpu::ModelHandle model) {
  models_.erase(model);
  real_.release_model(model);
}

gpu::TextureHandle LedgerSurfaces::make_texture(gpu::TextureKind kind, std::uint32_t width, std::uint32_t height) {
  const gpu::TextureHandle handle = real_.make_texture(kind, width, height);
  textures_[handle] = {kind, width, height, nullptr, nullptr, 0};
  return handle;
}

void LedgerSurfaces::update(gpu::TextureHandle texture, base::ByteView bytes) {
  textures_[texture].bytes = std::make_shared<base::Bytes>(bytes.begin(), bytes.end());
  real_.update(texture, bytes);
}

void LedgerSurfaces::release_texture(gpu::TextureHandle texture) {
  textures_.erase(texture);
  real_.release_texture(texture);
}

gpu::TextureHandle LedgerSurfaces::paint(const gpu::UiDraw& ui) {
  const gpu::TextureHandle handle = real_.paint(ui);
  textures_[handle] = {gpu::TextureKind::rgba_srgb, ui.width_px, ui.height_px, nullptr, std::make_shared<gpu::UiDraw>(ui), ++painted_};
  return handle;
}

std::shared_ptr<KeptFrame> LedgerSurfaces::keep(const gpu::Frame& frame, const std::optional<MenuPlane>& menu_layer) const {
  std::map<gpu::ModelHandle, std::shared_ptr<const film::Model>> models;
  std::map<gpu::TextureHandle, KeptTexture> textures;
  const auto want = [&](gpu::TextureHandle handle) {
    if (const auto found = textures_.find(handle); found != textures_.end()) textures.insert(*found);
  };
  for (const gpu::DrawnModel& model : frame.models) {
    if (const auto found = models_.find(model.model); found != models_.end()) models.insert(*found);
  }
  for (const gpu::Quad& quad : frame.quads) want(quad.texture);
  if (frame.dome) want(frame.dome->texture);
  if (menu_layer && menu_layer->draw) {
    const gpu::UiDraw& draw = *menu_layer->draw;
    textures[kMenuTexture] = {gpu::TextureKind::rgba_srgb, draw.width_px, draw.height_px, nullptr, std::make_shared<gpu::UiDraw>(draw), painted_ + 1};
  }
  std::vector<gpu::TextureHandle> in_interfaces;
  for (const auto& [handle, texture] : textures) {
    if (!texture.ui) continue;
    for (const gpu::UiCommand& command : texture.ui->commands) in_interfaces.push_back(command.texture);
  }
  for (const gpu::TextureHandle handle : in_interfaces) want(handle);
  auto kept = std::make_shared<KeptFrame>(frame, std::move(models), std::move(textures));
  if (menu_layer && menu_layer->draw) {
    kept->add({kMenuTexture, menu_layer->center, menu_layer->orientation, menu_layer->size_m, 1.0f, true});
  }
  return kept;
}

}  // namespace promenade::headset
