// Targets as OpenXR runtimes hand them out: formats that do not encode by themselves, and a depth that is kept.
#include <array>
#include <cstring>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <glm/geometric.hpp>

#include "runtime/gpu/memory.h"
#include "studio.h"
#include "tests/gpu/one_time.h"

using namespace promenade;
using namespace promenade::test;

namespace {

constexpr std::uint32_t kSize = 160;

// Images of a layer for each eye like a swapchain's, in the layouts that a target has, and a way to read them.
class Chain {
 public:
  Chain(gpu::Device& device, VkFormat format, std::uint32_t eyes = 2)
      : eyes_(eyes), color_(device.state(), {format, kSize, kSize, eyes, 1, VK_SAMPLE_COUNT_1_BIT, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT}),
        depth_(device.state(), {VK_FORMAT_D32_SFLOAT, kSize, kSize, eyes, 1, VK_SAMPLE_COUNT_1_BIT, VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT}),
        bytes_(device.state(), 8 * kSize * kSize, VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::Reach::read_by_host), format_(format), once_(device) {
    once_.run([&] {
      change(color_.get(), VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_IMAGE_ASPECT_COLOR_BIT);
      change(depth_.get(), VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL, VK_IMAGE_ASPECT_DEPTH_BIT);
    });
  }

  gpu::Target target() const { return {color_.get(), format_, kSize, kSize, depth_.get(), eyes_}; }

  gpu::Picture picture() {  // of the left eye
    gpu::Picture out{kSize, kSize, std::vector<std::uint8_t>(4 * kSize * kSize)};
    read(color_.get(), VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_IMAGE_ASPECT_COLOR_BIT);
    std::memcpy(out.rgba.data(), bytes_.mapped(), out.rgba.size());
    if (format_ == VK_FORMAT_B8G8R8A8_UNORM) {
      for (std::size_t i = 0; i < out.rgba.size(); i += 4) std::swap(out.rgba[i], out.rgba[i + 2]);
    }
    return out;
  }
  std::vector<float> depth() {
    std::vector<float> out(kSize * kSize);
    read(depth_.get(), VK_IMAGE_LAYOUT_DEPTH_STENCIL_ATTACHMENT_OPTIMAL, VK_IMAGE_ASPECT_DEPTH_BIT);
    std::memcpy(out.data(), bytes_.mapped(), out.size() * sizeof(float));
    return out;
  }

 private:
  void change(VkImage image, VkImageLayout from, VkImageLayout to, VkImageAspectFlags aspect) {
    constexpr auto kAll = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
    constexpr auto kAny = VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT;
    gpu::barrier(once_.commands(), {{image, from, to, kAll, kAny, kAll, kAny, aspect}});
  }
  void read(VkImage image, VkImageLayout kept, VkImageAspectFlags aspect) {
    once_.run([&] {
      change(image, kept, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, aspect);
      const VkBufferImageCopy copy{0, 0, 0, {aspect, 0, 0, 1}, {0, 0, 0}, {kSize, kSize, 1}};
      vkCmdCopyImageToBuffer(once_.commands(), image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, bytes_.get(), 1, &copy);
      change(image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, kept, aspect);
    });
    bytes_.seen_by_host();
  }

  std::uint32_t eyes_;
  gpu::ImageMemory color_, depth_;
  gpu::Buffer bytes_;
  VkFormat format_;
  OneTime once_;
};

struct Set {  // a box before a sky, with a mark on the floor and a half clear picture
  explicit Set(Studio& studio) {
    film::Model model;
    model.materials.resize(1);
    model.materials[0].base_color = {0.7f, 0.4f, 0.2f, 1.0f};
    model.materials[0].metallic = 0.0f;
    place(model, box(glm::vec3(0.5f)), {0.0f, 1.5f, -2.5f});
    world = std::make_shared<film::Model>(std::move(model));
    pose = at_rest(*world);
    drawn[0] = {.model = studio.renderer->upload(world), .pose = &pose};
    const gpu::TextureHandle grey = studio.renderer->make_texture(gpu::TextureKind::rgba_srgb, 4, 4);
    studio.renderer->update(grey, std::vector<std::uint8_t>(4 * 4 * 4, 140));
    quads[0] = {.texture = grey, .center = {0.9f, 1.6f, -2.0f}, .size_m = {0.4f, 0.4f}, .opacity = 0.6f};
    frame.eyes = looking({0.0f, 1.5f, 0.0f}, {0.0f, 1.5f, -2.0f});
    frame.sky = dusk();
    frame.models = drawn;
    frame.rings = rings;
    frame.quads = quads;
  }
  std::shared_ptr<film::Model> world;
  film::Pose pose;
  gpu::DrawnModel drawn[1];
  gpu::Ring rings[1]{{.center = {-0.8f, 0.6f, -2.5f}, .color = {0.9f, 0.4f, 0.1f, 0.8f}, .filled = 0.4f}};
  gpu::Quad quads[1];
  gpu::Frame frame;
};

}  // namespace

TEST_CASE("formats that do not encode by themselves show the same picture as those that do") {
  Studio studio;
  const Set set(studio);
  const auto wanted = studio.renderer->draw_to_memory(set.frame, kSize, kSize);
  REQUIRE(wanted);
  for (const VkFormat format : {VK_FORMAT_R8G8B8A8_SRGB, VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_B8G8R8A8_UNORM}) {
    CAPTURE(static_cast<int>(format));
    Chain chain(*studio.device, format);
    REQUIRE(studio.renderer->draw(set.frame, chain.target()));
    const gpu::Picture picture = chain.picture();
    CHECK(gpu::difference(picture, (*wanted)[0]) < (format == VK_FORMAT_R8G8B8A8_SRGB ? 0.001 : 0.05));  // what is clear is blended as encoded there
    for (const auto& [u, v] : {std::pair{0.5, 0.5}, {0.5, 0.06}}) {
      for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(pixel(picture, u, v)[i] - pixel((*wanted)[0], u, v)[i]) <= 2);
    }
  }
  CHECK(studio.device->validation_messages() == 0);
}

TEST_CASE("the depth that a compositor is handed is the world's, near is 1 and the sky is 0") {
  for (const std::uint32_t samples : {1u, 4u}) {
    Studio studio(true, samples);
    const Set set(studio);
    REQUIRE(studio.renderer->draw_to_memory(set.frame, 16, 16));  // until the world is uploaded
    Chain chain(*studio.device, VK_FORMAT_R8G8B8A8_SRGB);
    REQUIRE(studio.renderer->draw(set.frame, chain.target()));
    const std::vector<float> depth = chain.depth();
    CHECK(std::abs(depth[kSize / 2 * kSize + kSize / 2] - gpu::kNearM / 2.0f) < 1e-4f);  // the box's face is 2 m away
    CHECK(depth[4 * kSize + kSize / 2] == 0.0f);
    CHECK(studio.device->validation_messages() == 0);
  }
}

TEST_CASE("a target of one layer gets the first eye's picture, as two layers would have it") {
  for (const std::uint32_t samples : {1u, 4u}) {
    Studio studio(true, samples);
    const Set set(studio);
    const auto both = studio.renderer->draw_to_memory(set.frame, kSize, kSize);
    REQUIRE(both);
    Chain one(*studio.device, VK_FORMAT_R8G8B8A8_SRGB, 1), two(*studio.device, VK_FORMAT_R8G8B8A8_SRGB);
    REQUIRE(studio.renderer->draw(set.frame, one.target()));
    CHECK(gpu::difference(one.picture(), (*both)[0]) < 0.001);
    REQUIRE(studio.renderer->draw(set.frame, two.target()));  // and both eyes again
    CHECK(gpu::difference(two.picture(), (*both)[0]) < 0.001);
    CHECK(studio.device->validation_messages() == 0);
  }
}
