#include "runtime/gpu/frame_images.h"

namespace promenade::gpu {

LayerViews layer_views(VkDevice device, VkImage image, VkFormat format, VkImageAspectFlags aspect, std::uint32_t layers) {
  LayerViews views;
  views.both = view_of(device, image, format, 0, layers, 1, true, aspect);
  for (std::uint32_t i = 0; i < layers; ++i) views.each[i] = view_of(device, image, format, i, 1, 1, false, aspect);
  return views;
}

PassImages make_pass_images(Device& device, const PassKind& kind, std::uint32_t width, std::uint32_t height, std::uint32_t layers) {
  PassImages made;
  made.width = width;
  made.height = height;
  made.layers = layers;
  made.kind = kind;
  constexpr VkImageUsageFlags kPassing = VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT;
  if (kind.samples != VK_SAMPLE_COUNT_1_BIT) {
    made.color = ImageMemory(device.state(), {kind.format, width, height, layers, 1, kind.samples, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | kPassing});
    made.color_views = layer_views(device.handle(), made.color.get(), kind.format, VK_IMAGE_ASPECT_COLOR_BIT, layers);
  }
  made.depth = ImageMemory(device.state(), {VK_FORMAT_D32_SFLOAT, width, height, layers, 1, kind.samples, VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | kPassing});
  made.depth_views = layer_views(device.handle(), made.depth.get(), VK_FORMAT_D32_SFLOAT, VK_IMAGE_ASPECT_DEPTH_BIT, layers);
  return made;
}

ShadowMap make_shadow_map(Device& device, std::uint32_t size) {
  ShadowMap made;
  made.size = size;
  made.image = ImageMemory(device.state(), {VK_FORMAT_D32_SFLOAT, size, size, 1, 1, VK_SAMPLE_COUNT_1_BIT,
                                            VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT});
  made.view = view_of(device.handle(), made.image.get(), VK_FORMAT_D32_SFLOAT, 0, 1, 1, false, VK_IMAGE_ASPECT_DEPTH_BIT);
  const VkSamplerCreateInfo info{VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO, nullptr, 0, VK_FILTER_LINEAR, VK_FILTER_LINEAR, VK_SAMPLER_MIPMAP_MODE_NEAREST,
                                 VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_BORDER, VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_BORDER, VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_BORDER,
                                 0.0f, VK_FALSE, 1.0f, VK_TRUE, VK_COMPARE_OP_LESS_OR_EQUAL, 0.0f, 0.0f, VK_BORDER_COLOR_FLOAT_OPAQUE_WHITE, VK_FALSE};
  VkSampler sampler = VK_NULL_HANDLE;
  must(vkCreateSampler(device.handle(), &info, nullptr, &sampler));
  made.sampler = SamplerHandle(device.handle(), sampler);
  return made;
}

MemoryTarget make_memory_target(Device& device, std::uint32_t width, std::uint32_t height) {
  MemoryTarget made;
  made.width = width;
  made.height = height;
  made.image = ImageMemory(device.state(), {VK_FORMAT_R8G8B8A8_SRGB, width, height, 2, 1, VK_SAMPLE_COUNT_1_BIT,
                                            VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
  made.bytes = Buffer(device.state(), VkDeviceSize{8} * width * height, VK_BUFFER_USAGE_TRANSFER_DST_BIT, Reach::read_by_host);
  return made;
}

}  // namespace promenade::gpu
