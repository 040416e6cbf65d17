#include "runtime/headset/pictures.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "runtime/gpu/renderer.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

constexpr std::uint32_t kWidth = 1440, kHeight = 1600;
constexpr int kNice = 5;            // after the frames, but not after everybody else on the machine
constexpr int kUploadDraws = 2000;  // small draws in which a model is to be uploaded

}  // namespace

// The second device and what has been brought to it. Models stay for the pictures to come; textures are made anew.
struct Pictures::Studio {
  static base::Result<std::unique_ptr<Studio>> open() {
    auto studio = std::make_unique<Studio>();
    auto device = gpu::Device::create({});
    if (!device) return std::unexpected(device.error());
    studio->device = std::move(*device);
    auto renderer = gpu::Renderer::create(*studio->device);
    if (!renderer) return std::unexpected(renderer.error());
    studio->renderer = std::move(*renderer);
    return studio;
  }

  gpu::ModelHandle bring(const std::shared_ptr<const film::Model>& model) {
    const auto found = models.find(model.get());
    if (found != models.end()) return found->second.first;
    const gpu::ModelHandle handle = renderer->upload(model);
    models.emplace(model.get(), std::pair{handle, model});
    return handle;
  }

  base::Result<std::array<gpu::Picture, 2>> draw(KeptFrame& frame) {
    std::map<gpu::ModelHandle, gpu::ModelHandle> own_models;
    for (const auto& [handle, model] : frame.models()) own_models[handle] = bring(model);
    std::map<gpu::TextureHandle, gpu::TextureHandle> own_textures;
    std::vector<std::pair<std::uint64_t, gpu::TextureHandle>> interfaces;
    for (const auto& [handle, texture] : frame.textures()) {
      if (texture.ui) {
        interfaces.emplace_back(texture.painted, handle);
      } else if (texture.bytes) {
        own_textures[handle] = renderer->make_texture(texture.kind, texture.width, texture.height);
        renderer->update(own_textures[handle], *texture.bytes);
        made.push_back(own_textures[handle]);
      }
    }
    std::ranges::sort(interfaces);  // as they were painted: their letters share one atlas
    const auto texture_of = [&](gpu::TextureHandle handle) {
      const auto found = own_textures.find(handle);
      return found == own_textures.end() ? gpu::TextureHandle{0} : found->second;
    };
    for (const auto& [order, handle] : interfaces) own_textures[handle] = paint(*frame.textures().at(handle).ui, texture_of);
    const gpu::Frame& ready = frame.with([&](gpu::ModelHandle handle) { return own_models[handle]; }, texture_of);
    for (int i = 0; i < kUploadDraws && !std::ranges::all_of(own_models, [&](const auto& one) { return renderer->ready(one.second); }); ++i) {
      if (auto small = renderer->draw_to_memory(ready, 32, 32); !small) return small;
    }
    auto pictures = renderer->draw_to_memory(ready, kWidth, kHeight);
    for (const gpu::TextureHandle handle : std::exchange(made, {})) renderer->release_texture(handle);
    return pictures;
  }

  template <class TextureOf>
  gpu::TextureHandle paint(gpu::UiDraw ui, TextureOf texture_of) {
    for (gpu::UiCommand& command : ui.commands) {
      if (command.texture != 0) command.texture = texture_of(command.texture);
    }
    return renderer->paint(ui);
  }

  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<gpu::Renderer> renderer;
  std::map<const film::Model*, std::pair<gpu::ModelHandle, std::shared_ptr<const film::Model>>> models;
  std::vector<gpu::TextureHandle> made;
};

Pictures::Pictures(std::filesystem::path folder) : folder_(std::move(folder)), thread_([this](std::stop_token stop) { run(stop); }) {
  pthread_setname_np(thread_.native_handle(), "pictures");
}

Pictures::~Pictures() = default;

bool Pictures::take(std::string name, std::shared_ptr<KeptFrame> frame) { return jobs_.push({std::move(name), std::move(frame)}); }

std::vector<std::string> Pictures::take_log() {
  std::vector<std::string> lines;
  while (auto line = log_.try_pop()) lines.push_back(std::move(*line));
  return lines;
}

void Pictures::run(std::stop_token stop) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);  // threads that the device starts inherit it
  std::unique_ptr<Studio> studio;
  while (true) {
    auto job = jobs_.pop_for(stop, std::chrono::milliseconds(100));
    if (!job) {
      if (stop.stop_requested()) return;
      continue;
    }
    if (!studio) {
      auto opened = Studio::open();
      if (!opened) {
        log_.push("No pictures: " + opened.error().text());
        continue;
      }
      studio = std::move(*opened);
    }
    const auto pictures = studio->draw(*job->frame);
    if (!pictures) {
      log_.push("No pictures: " + pictures.error().text());
      static_cast<void>(studio.release());  // a lost device may still be at work on what it was given
      continue;
    }
    for (const auto& [picture, ending] : {std::pair{&(*pictures)[0], ""}, std::pair{&(*pictures)[1], "-right"}}) {
      const std::string path = (folder_ / base::formatted("headset-{}{}.png", job->name, ending)).string();
      if (const auto written = gpu::write_png(*picture, path); !written) log_.push(written.error().text());
    }
    log_.push("Picture: " + job->name);
  }
}

}  // namespace promenade::headset
