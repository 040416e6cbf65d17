#include "tests/bench/filament_peer.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>
#include <vector>

#include <filament/Camera.h>
#include <filament/Engine.h>
#include <filament/IndirectLight.h>
#include <filament/LightManager.h>
#include <filament/Renderer.h>
#include <filament/Scene.h>
#include <filament/Skybox.h>
#include <filament/SwapChain.h>
#include <filament/Texture.h>
#include <filament/View.h>
#include <filament/Viewport.h>
#include <gltfio/Animator.h>
#include <gltfio/AssetLoader.h>
#include <gltfio/FilamentAsset.h>
#include <gltfio/MaterialProvider.h>
#include <gltfio/ResourceLoader.h>
#include <utils/EntityManager.h>

namespace promenade::bench {
namespace {

namespace fi = filament;

class Peer final : public FilamentPeer {
 public:
  explicit Peer(const PeerView& view) : view_(view) {}
  ~Peer() override;
  bool begin(base::ByteView glb, std::string& why);

  void draw(double clip_s) override { render(clip_s, false); }
  gpu::Picture picture(double clip_s) override {
    read_.resize(std::size_t{4} * view_.width * view_.height);
    render(clip_s, true);
    return {view_.width, view_.height, read_};
  }
  void finished(bool on) override { view3d_->setPostProcessingEnabled(on); }

 private:
  void light();
  void look();
  void render(double clip_s, bool reads);

  PeerView view_;
  fi::Engine* engine_ = nullptr;
  fi::SwapChain* chain_ = nullptr;
  fi::Renderer* renderer_ = nullptr;
  fi::Scene* scene_ = nullptr;
  fi::View* view3d_ = nullptr;
  fi::Camera* camera_ = nullptr;
  fi::Skybox* sky_ = nullptr;
  fi::IndirectLight* around_ = nullptr;
  fi::Texture* mirrored_ = nullptr;
  utils::Entity sun_, eye_;
  gltfio::MaterialProvider* materials_ = nullptr;
  gltfio::AssetLoader* loader_ = nullptr;
  gltfio::FilamentAsset* asset_ = nullptr;
  std::vector<std::uint8_t> read_;
  std::array<std::uint8_t, 24> surround_{};
};

Peer::~Peer() {
  if (!engine_) return;
  if (asset_) loader_->destroyAsset(asset_);
  if (materials_) materials_->destroyMaterials();
  delete materials_;
  if (loader_) gltfio::AssetLoader::destroy(&loader_);
  if (scene_) {
    engine_->destroy(sun_);
    engine_->destroyCameraComponent(eye_);
    engine_->destroy(around_);
    engine_->destroy(mirrored_);
    engine_->destroy(sky_);
    engine_->destroy(view3d_);
    engine_->destroy(scene_);
  }
  if (renderer_) engine_->destroy(renderer_);
  if (chain_) engine_->destroy(chain_);
  fi::Engine::destroy(&engine_);
}

bool Peer::begin(base::ByteView glb, std::string& why) {
  engine_ = fi::Engine::create(fi::Engine::Backend::VULKAN);
  if (!engine_) {
    why = "Filament found no Vulkan device";
    return false;
  }
  chain_ = engine_->createSwapChain(view_.width, view_.height, fi::SwapChain::CONFIG_READABLE);
  renderer_ = engine_->createRenderer();
  scene_ = engine_->createScene();
  view3d_ = engine_->createView();
  look();
  light();
  materials_ = gltfio::createMaterialGenerator(engine_, true);  // a shader for just what each material uses: its quickest
  loader_ = gltfio::AssetLoader::create({engine_, materials_});
  asset_ = loader_->createAssetFromBinary(reinterpret_cast<const std::uint8_t*>(glb.data()), static_cast<std::uint32_t>(glb.size()));
  if (!asset_) {
    why = "Filament does not read the asset";
    return false;
  }
  gltfio::ResourceLoader resources({engine_, nullptr, true, false});
  if (!resources.loadResources(asset_)) {
    why = "Filament does not read the asset's pictures or buffers";
    return false;
  }
  asset_->getAnimator();
  asset_->releaseSourceData();
  scene_->addEntities(asset_->getEntities(), asset_->getEntityCount());
  return true;
}

// What costs nothing in ours is switched off: no bloom, no second anti-aliasing, no temporal noise, no dynamic resolution.
void Peer::look() {
  eye_ = utils::EntityManager::get().create();
  camera_ = engine_->createCamera(eye_);
  const double high_deg = 2.0 * view_.half_high_rad * 180.0 / std::numbers::pi;
  camera_->setProjection(high_deg, static_cast<double>(view_.width) / view_.height, view_.near_m, view_.far_m, fi::Camera::Fov::VERTICAL);
  camera_->lookAt({view_.eye.x, view_.eye.y, view_.eye.z}, {view_.center.x, view_.center.y, view_.center.z}, {0.0f, 1.0f, 0.0f});
  camera_->setExposure(1.0f);
  view3d_->setCamera(camera_);
  view3d_->setScene(scene_);
  view3d_->setViewport({0, 0, view_.width, view_.height});
  view3d_->setSampleCount(static_cast<std::uint8_t>(view_.samples));
  view3d_->setAntiAliasing(fi::View::AntiAliasing::NONE);
  view3d_->setDithering(fi::View::Dithering::NONE);
  view3d_->setShadowingEnabled(false);
}

void Peer::light() {
  const float strongest = std::max({view_.sun_light.r, view_.sun_light.g, view_.sun_light.b});
  const glm::vec3 color = view_.sun_light / strongest;
  sun_ = utils::EntityManager::get().create();
  fi::LightManager::Builder(fi::LightManager::Type::DIRECTIONAL)
      .color({color.r, color.g, color.b})
      .intensity(strongest)
      .direction({-view_.sun_towards.x, -view_.sun_towards.y, -view_.sun_towards.z})
      .castShadows(false)
      .build(*engine_, sun_);
  scene_->addEntity(sun_);
  sky_ = fi::Skybox::Builder().color({view_.surround, view_.surround, view_.surround, 1.0f}).build(*engine_);
  scene_->setSkybox(sky_);
  surround_.fill(static_cast<std::uint8_t>(view_.surround * 255.0f + 0.5f));
  mirrored_ = fi::Texture::Builder().width(1).height(1).levels(1).sampler(fi::Texture::Sampler::SAMPLER_CUBEMAP).format(fi::Texture::InternalFormat::RGBA8).build(*engine_);
  fi::Texture::FaceOffsets faces(4);
  mirrored_->setImage(*engine_, 0, {surround_.data(), surround_.size(), fi::Texture::Format::RGBA, fi::Texture::Type::UBYTE}, faces);
  const fi::math::float3 even{view_.surround, view_.surround, view_.surround};
  around_ = fi::IndirectLight::Builder().reflections(mirrored_).irradiance(1, &even).intensity(1.0f).build(*engine_);
  scene_->setIndirectLight(around_);
}

// Whether Filament would rather skip a frame for its pace (what beginFrame answers) is left aside: each one is drawn.
// flushAndWait returns when the device has finished: frames with 150 ms of rest between them take as long as others.
// Reading one pixel to be sure would be no help: with 1.9.25 reads of 1 x 1 damaged the heap.
void Peer::render(double clip_s, bool reads) {
  gltfio::Animator* animator = asset_->getAnimator();
  if (animator->getAnimationCount() > 0) animator->applyAnimation(0, static_cast<float>(clip_s));
  animator->updateBoneMatrices();
  renderer_->beginFrame(chain_);
  renderer_->render(view3d_);
  if (reads) {
    fi::backend::PixelBufferDescriptor into(read_.data(), read_.size(), fi::Texture::Format::RGBA, fi::Texture::Type::UBYTE);
    renderer_->readPixels(0, 0, view_.width, view_.height, std::move(into));
  }
  renderer_->endFrame();
  engine_->flushAndWait();
}

}  // namespace

std::unique_ptr<FilamentPeer> FilamentPeer::create(base::ByteView glb, const PeerView& view, std::string& why) {
  auto peer = std::make_unique<Peer>(view);
  if (!peer->begin(glb, why)) return nullptr;
  return peer;
}

}  // namespace promenade::bench
