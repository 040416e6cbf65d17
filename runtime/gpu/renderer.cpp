#include "runtime/gpu/renderer.h"

#include <ctime>

#include <algorithm>

#include "runtime/gpu/frame_images.h"
#include "runtime/gpu/models.h"
#include "runtime/gpu/overlays.h"
#include "runtime/gpu/passes.h"
#include "runtime/gpu/pipelines.h"
#include "runtime/gpu/scene.h"
#include "runtime/gpu/slots.h"
#include "runtime/gpu/textures.h"
#include "runtime/gpu/ui_painter.h"
#include "tracking/base/assert.h"

namespace promenade::gpu {

namespace {

constexpr std::size_t kUploadBudget = std::size_t{16} << 20;  // bytes of models a frame
constexpr auto kOutput = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT;
constexpr auto kDepthTests = VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT;
constexpr auto kColorAccess = VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT;
constexpr auto kDepthAccess = VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT;

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

VkSampleCountFlagBits samples_of(VkSampleCountFlags offered, std::uint32_t wanted) {
  for (std::uint32_t count = 64; count > 1; count /= 2) {
    if (count <= wanted && (offered & count)) return static_cast<VkSampleCountFlagBits>(count);
  }
  return VK_SAMPLE_COUNT_1_BIT;
}

base::Error device_lost() {
  return {"device-lost", "The graphics device stopped answering.", "The picture comes back by itself; if it does so often, look at its driver and its cooling."};
}

}  // namespace

struct Renderer::State {
  State(Device& d, const RendererSettings& s)
      : device(d), settings(s), layouts(d), slots(d, layouts.frame.get()), textures(d, slots, layouts.textures.get()),
        models(d, slots, textures, layouts.model.get()), pipelines(d, layouts), painter(d, layouts, pipelines, slots, textures),
        shadow_map(make_shadow_map(d, std::clamp(s.shadow_size, 16u, 8192u))), samples(samples_of(d.state().can.samples, s.samples)) {
    const auto mesh = figure_mesh();
    figure_vertices = static_cast<std::uint32_t>(mesh.size());
    figures = Buffer(d.state(), mesh.size() * sizeof(FigureVertex), VK_BUFFER_USAGE_VERTEX_BUFFER_BIT, Reach::written_by_host);
    std::copy_n(reinterpret_cast<const std::byte*>(mesh.data()), mesh.size() * sizeof(FigureVertex), figures.mapped());
  }

  void use_images(const PassKind& kind, const Target& target);
  void write_frame_set(Slot& slot, const Frame& frame);
  void record(Slot& slot, const Frame& frame, const Target& target);
  void record_shadow(Slot& slot, Recorder& recorder);
  void record_eyes(Slot& slot, Recorder& recorder, const Target& target, float opaque);
  void render(Slot& slot, Recorder& recorder, const Target& target, const LayerViews& color, const LayerViews& depth, int eye, float opaque);
  bool draw(const Frame& frame, const Target& target, bool whole_upload);
  bool read_back(MemoryTarget& memory);

  Device& device;
  RendererSettings settings;
  Layouts layouts;
  Slots slots;
  Textures textures;
  Models models;
  Pipelines pipelines;
  UiPainter painter;
  ShadowMap shadow_map;
  VkSampleCountFlagBits samples;
  Buffer figures;
  std::uint32_t figure_vertices = 0;
  PassImages images;
  MemoryTarget memory;
  Scene scene;
  Overlays overlays;
  FrameCost cost;
};

void Renderer::State::use_images(const PassKind& kind, const Target& target) {
  if (images.width == target.width && images.height == target.height && images.layers == target.eyes && images.kind == kind) return;
  slots.retire(std::move(images));
  images = make_pass_images(device, kind, target.width, target.height, target.eyes);
}

void Renderer::State::write_frame_set(Slot& slot, const Frame& frame) {
  const FrameBlock block = frame_block(frame, scene.sun(), scene.lamps(), scene.shadow());
  const Piece pieces[]{slot.arena.put(&block, 1), slot.arena.put(scene.instances().data(), scene.instances().size()),
                       slot.arena.put(scene.joints().data(), scene.joints().size()), slot.arena.put(scene.weights().data(), scene.weights().size())};
  VkDescriptorBufferInfo buffers[4];
  VkWriteDescriptorSet writes[5];
  for (std::uint32_t i = 0; i < 4; ++i) {
    buffers[i] = {pieces[i].buffer, pieces[i].offset, pieces[i].size};
    writes[i] = {VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, nullptr, slot.frame_set, i, 0, 1,
                 i == 0 ? VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, nullptr, &buffers[i], nullptr};
  }
  const VkDescriptorImageInfo shadow{shadow_map.sampler.get(), shadow_map.view.get(), VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
  writes[4] = {VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET, nullptr, slot.frame_set, 4, 0, 1, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, &shadow, nullptr, nullptr};
  vkUpdateDescriptorSets(device.handle(), 5, writes, 0, nullptr);
}

void Renderer::State::record_shadow(Slot& slot, Recorder& recorder) {
  const VkImage image = shadow_map.image.get();
  barrier(slot.commands, {{image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL, VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT | kDepthTests,
                           VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT, kDepthTests, kDepthAccess, VK_IMAGE_ASPECT_DEPTH_BIT}});
  if (scene.shadow()) {
    VkRenderingAttachmentInfo depth{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO, nullptr, shadow_map.view.get(), VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
                                    VK_RESOLVE_MODE_NONE, VK_NULL_HANDLE, VK_IMAGE_LAYOUT_UNDEFINED, VK_ATTACHMENT_LOAD_OP_CLEAR, VK_ATTACHMENT_STORE_OP_STORE, {}};
    depth.clearValue.depthStencil = {1.0f, 0};
    const VkRect2D area{{0, 0}, {shadow_map.size, shadow_map.size}};
    const VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO, nullptr, 0, area, 1, 0, 0, nullptr, &depth, nullptr};
    vkCmdBeginRendering(slot.commands, &rendering);
    const VkViewport viewport{0.0f, 0.0f, static_cast<float>(shadow_map.size), static_cast<float>(shadow_map.size), 0.0f, 1.0f};
    vkCmdSetViewport(slot.commands, 0, 1, &viewport);
    vkCmdSetScissor(slot.commands, 0, 1, &area);
    recorder.shadow();
    vkCmdEndRendering(slot.commands);
  }
  barrier(slot.commands, {{image, VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, kDepthTests,
                           VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT, VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                           VK_IMAGE_ASPECT_DEPTH_BIT}});
}

// One rendering: both layers (eye < 0) or one of them. `opaque`: alpha of what nothing is drawn on.
void Renderer::State::render(Slot& slot, Recorder& recorder, const Target& target, const LayerViews& color_out, const LayerViews& depth_out, int eye,
                             float opaque) {
  const auto pick = [&](const LayerViews& views) { return eye < 0 ? views.both.get() : views.each[static_cast<std::size_t>(eye)].get(); };
  const bool many = samples != VK_SAMPLE_COUNT_1_BIT, keeps_depth = target.depth != VK_NULL_HANDLE;
  VkRenderingAttachmentInfo color{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO, nullptr, many ? pick(images.color_views) : pick(color_out),
                                  VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, many ? VK_RESOLVE_MODE_AVERAGE_BIT : VK_RESOLVE_MODE_NONE,
                                  many ? pick(color_out) : VK_NULL_HANDLE, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_CLEAR,
                                  many ? VK_ATTACHMENT_STORE_OP_DONT_CARE : VK_ATTACHMENT_STORE_OP_STORE, {}};
  color.clearValue.color = {{0.0f, 0.0f, 0.0f, opaque}};
  const bool resolves = many && keeps_depth;
  const VkRenderingAttachmentInfo depth{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO, nullptr, !many && keeps_depth ? pick(depth_out) : pick(images.depth_views),
                                        VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL, resolves ? VK_RESOLVE_MODE_SAMPLE_ZERO_BIT : VK_RESOLVE_MODE_NONE,
                                        resolves ? pick(depth_out) : VK_NULL_HANDLE, VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_CLEAR,
                                        !many && keeps_depth ? VK_ATTACHMENT_STORE_OP_STORE : VK_ATTACHMENT_STORE_OP_DONT_CARE, {}};
  const VkRect2D area{{0, 0}, {target.width, target.height}};
  const VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO, nullptr, 0, area, 1, eye < 0 ? 3u : 0u, 1, &color, &depth, nullptr};
  vkCmdBeginRendering(slot.commands, &rendering);
  const VkViewport viewport{0.0f, 0.0f, static_cast<float>(target.width), static_cast<float>(target.height), 0.0f, 1.0f};
  vkCmdSetViewport(slot.commands, 0, 1, &viewport);
  vkCmdSetScissor(slot.commands, 0, 1, &area);
  recorder.eyes(eye < 0 ? 0u : static_cast<std::uint32_t>(eye));
  vkCmdEndRendering(slot.commands);
}

void Renderer::State::record_eyes(Slot& slot, Recorder& recorder, const Target& target, float opaque) {
  LayerViews color = layer_views(device.handle(), target.image, target.format, VK_IMAGE_ASPECT_COLOR_BIT, target.eyes), depth;
  if (target.depth) depth = layer_views(device.handle(), target.depth, VK_FORMAT_D32_SFLOAT, VK_IMAGE_ASPECT_DEPTH_BIT, target.eyes);
  const VkImageLayout kept = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, deep = VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL;
  barrier(slot.commands,
          {{target.image, kept, kept, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kOutput, kColorAccess},
           {target.depth, deep, deep, kOutput | kDepthTests, VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
            kOutput | kDepthTests, kColorAccess | kDepthAccess, VK_IMAGE_ASPECT_DEPTH_BIT},
           {images.color.get(), VK_IMAGE_LAYOUT_UNDEFINED, kept, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kOutput, kColorAccess},
           {images.depth.get(), VK_IMAGE_LAYOUT_UNDEFINED, deep, kDepthTests | kOutput, VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT, kDepthTests | kOutput,
            kDepthAccess | kColorAccess, VK_IMAGE_ASPECT_DEPTH_BIT}});
  if (images.kind.views != 0) {
    render(slot, recorder, target, color, depth, -1, opaque);
  } else {
    for (int eye = 0; eye < static_cast<int>(target.eyes); ++eye) render(slot, recorder, target, color, depth, eye, opaque);
  }
  // Whatever comes next, be it a runtime's change of layout without dependencies of its own, finds them written.
  constexpr auto kAll = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
  constexpr auto kAny = VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT;
  barrier(slot.commands,
          {{target.image, kept, kept, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kAll, kAny},
           {target.depth, deep, deep, kOutput | kDepthTests, VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kAll, kAny,
            VK_IMAGE_ASPECT_DEPTH_BIT}});
  // A swapchain's images may go and come back under the same handle, so their views are not kept.
  slots.retire(std::move(color));
  slots.retire(std::move(depth));
}

void Renderer::State::record(Slot& slot, const Frame& frame, const Target& target) {
  PROMENADE_ASSERT(target.eyes == 1 || target.eyes == 2);
  const PassKind kind{target.format, samples, device.multiview() && target.eyes == 2 ? 3u : 0u};
  use_images(kind, target);
  textures.flush(slot);
  scene.build(frame, models, settings.shadow_size);
  overlays.build(frame, [&](TextureHandle handle) { return textures.look(handle); });
  write_frame_set(slot, frame);
  const Piece vertices = slot.arena.put(overlays.vertices().data(), overlays.vertices().size());
  const PassInput input{frame, scene, overlays, layouts, pipelines.pass(kind), pipelines.shadow(), textures, shadow_map, figures.get(), figure_vertices, vertices};
  Recorder recorder(slot, input);
  record_shadow(slot, recorder);
  record_eyes(slot, recorder, target, frame.see_through ? 0.0f : 1.0f);
  cost.draws = recorder.draws();
}

bool Renderer::State::draw(const Frame& frame, const Target& target, bool whole_upload) {
  Slot* slot = slots.begin(Work::frame);
  if (!slot) return false;
  while (whole_upload && models.pump(*slot, kUploadBudget)) {
    if (!slots.submit(*slot) || !(slot = slots.begin(Work::frame))) return false;
  }
  const double began = thread_ms();               // after the wait for the slot: the frame's own work
  if (slot->times) {
    vkResetQueryPool(device.handle(), slot->times.get(), 0, kTimes);
    vkCmdWriteTimestamp2(slot->commands, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, slot->times.get(), kTimeFrom);
  }
  if (!whole_upload) models.pump(*slot, kUploadBudget);
  record(*slot, frame, target);
  if (slot->times) {
    vkCmdWriteTimestamp2(slot->commands, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, slot->times.get(), kTimeTo);
    slot->timed = true;
  }
  const bool submitted = slots.submit(*slot);
  cost.cpu_ms = thread_ms() - began;
  if (const auto gpu = slots.take_gpu_ms()) cost.gpu_ms = *gpu;
  return submitted;
}

bool Renderer::State::read_back(MemoryTarget& m) {
  Slot* slot = slots.begin(Work::paint);
  if (!slot) return false;
  constexpr auto kCopy = VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT;
  const VkImageLayout drawn = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, read = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
  barrier(slot->commands, {{m.image.get(), drawn, read, kOutput, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT, kCopy, VK_ACCESS_2_TRANSFER_READ_BIT}});
  const VkBufferImageCopy copy{0, 0, 0, {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 2}, {0, 0, 0}, {m.width, m.height, 1}};
  vkCmdCopyImageToBuffer(slot->commands, m.image.get(), read, m.bytes.get(), 1, &copy);
  barrier(slot->commands, {{m.image.get(), read, drawn, kCopy, 0, kOutput, kColorAccess}});
  const VkMemoryBarrier2 seen{VK_STRUCTURE_TYPE_MEMORY_BARRIER_2, nullptr, kCopy, VK_ACCESS_2_TRANSFER_WRITE_BIT, VK_PIPELINE_STAGE_2_HOST_BIT, VK_ACCESS_2_HOST_READ_BIT};
  const VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO, nullptr, 0, 1, &seen, 0, nullptr, 0, nullptr};
  vkCmdPipelineBarrier2(slot->commands, &info);
  if (!slots.submit(*slot) || !slots.wait(slot->value)) return false;
  m.bytes.seen_by_host();
  return true;
}

base::Result<std::unique_ptr<Renderer>> Renderer::create(Device& device, const RendererSettings& settings) {
  return std::unique_ptr<Renderer>(new Renderer(std::make_unique<State>(device, settings)));
}

Renderer::Renderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Renderer::~Renderer() {
  if (!state_) return;
  const std::lock_guard lock(state_->device.queue_lock());
  vkDeviceWaitIdle(state_->device.handle());  // before the first of the parts goes
}

ModelHandle Renderer::upload(std::shared_ptr<const film::Model> model) { return state_->models.upload(std::move(model)); }
bool Renderer::ready(ModelHandle model) const { return state_->models.ready(model); }
void Renderer::release_model(ModelHandle model) { state_->models.release(model); }
TextureHandle Renderer::make_texture(TextureKind kind, std::uint32_t width, std::uint32_t height) { return state_->textures.make(kind, width, height); }
void Renderer::update(TextureHandle texture, base::ByteView bytes) { state_->textures.update(texture, bytes); }
void Renderer::release_texture(TextureHandle texture) { state_->textures.release(texture); }
TextureHandle Renderer::paint(const UiDraw& ui) { return state_->painter.paint(ui); }

base::Result<void> Renderer::paint(const UiDraw& ui, const Target& target) {
  if (!state_->painter.paint(ui, target)) return std::unexpected(device_lost());
  return {};
}

base::Result<void> Renderer::draw(const Frame& frame, const Target& target) {
  if (!state_->draw(frame, target, false)) return std::unexpected(device_lost());
  return {};
}

base::Result<std::array<Picture, 2>> Renderer::draw_to_memory(const Frame& frame, std::uint32_t width, std::uint32_t height) {
  State& s = *state_;
  MemoryTarget& m = s.memory;
  if (m.width != width || m.height != height) {
    s.slots.retire(std::move(m));
    m = make_memory_target(s.device, width, height);
  }
  if (m.fresh) {
    Slot* slot = s.slots.begin(Work::paint);
    if (!slot) return std::unexpected(device_lost());
    barrier(slot->commands, {{m.image.get(), VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_PIPELINE_STAGE_2_NONE, 0, kOutput, kColorAccess}});
    if (!s.slots.submit(*slot)) return std::unexpected(device_lost());
    m.fresh = false;
  }
  const Target target{m.image.get(), VK_FORMAT_R8G8B8A8_SRGB, width, height, VK_NULL_HANDLE};
  if (!s.draw(frame, target, true) || !s.read_back(m)) return std::unexpected(device_lost());
  std::array<Picture, 2> pictures;
  const std::size_t size = std::size_t{4} * width * height;
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(m.bytes.mapped()) + eye * size;
    pictures[eye] = {width, height, {first, first + size}};
  }
  return pictures;
}

FrameCost Renderer::cost() const { return state_->cost; }

}  // namespace promenade::gpu
