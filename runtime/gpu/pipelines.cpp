#include "runtime/gpu/pipelines.h"

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include "runtime/gpu/shader_code.h"
#include "runtime/gpu/ui_draw.h"

namespace promenade::gpu {

namespace {

SetLayout set_layout(VkDevice vk, std::span<const VkDescriptorSetLayoutBinding> bindings, const VkDescriptorBindingFlags* flags = nullptr) {
  const VkDescriptorSetLayoutBindingFlagsCreateInfo more{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_BINDING_FLAGS_CREATE_INFO, nullptr, 1, flags};
  const VkDescriptorSetLayoutCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, flags ? &more : nullptr,
      flags ? VkDescriptorSetLayoutCreateFlags{VK_DESCRIPTOR_SET_LAYOUT_CREATE_UPDATE_AFTER_BIND_POOL_BIT} : 0u,
      static_cast<std::uint32_t>(bindings.size()), bindings.data()};
  VkDescriptorSetLayout layout = VK_NULL_HANDLE;
  must(vkCreateDescriptorSetLayout(vk, &info, nullptr, &layout));
  return SetLayout(vk, layout);
}

VkDescriptorSetLayoutBinding binding(std::uint32_t at, VkDescriptorType type, VkShaderStageFlags stages, std::uint32_t count = 1) {
  return {at, type, count, stages, nullptr};
}

struct Constants {  // in the order of their ids
  VkBool32 encode = VK_FALSE, deforms = VK_FALSE;
  std::int32_t alpha = 0;
  VkBool32 coverage = VK_FALSE;
};
constexpr VkSpecializationMapEntry kConstants[]{{0, offsetof(Constants, encode), 4}, {1, offsetof(Constants, deforms), 4},
                                                {2, offsetof(Constants, alpha), 4}, {3, offsetof(Constants, coverage), 4}};

using Bindings = std::span<const VkVertexInputBindingDescription>;
using Attributes = std::span<const VkVertexInputAttributeDescription>;

constexpr VkVertexInputBindingDescription kMeshBindings[]{{0, 12, VK_VERTEX_INPUT_RATE_VERTEX}, {1, sizeof(PackedVertex), VK_VERTEX_INPUT_RATE_VERTEX},
                                                          {2, sizeof(PackedSkin), VK_VERTEX_INPUT_RATE_VERTEX}};
// Meshes that do not deform have one skin record for all their vertices, which nothing reads.
constexpr VkVertexInputBindingDescription kStillBindings[]{kMeshBindings[0], kMeshBindings[1], {2, 0, VK_VERTEX_INPUT_RATE_VERTEX}};
constexpr VkVertexInputAttributeDescription kMeshAttributes[]{
    {0, 0, VK_FORMAT_R32G32B32_SFLOAT, 0},
    {1, 1, VK_FORMAT_R16G16B16A16_SNORM, offsetof(PackedVertex, normal)},
    {2, 1, VK_FORMAT_R16G16B16A16_SNORM, offsetof(PackedVertex, tangent)},
    {3, 1, VK_FORMAT_R32G32_SFLOAT, offsetof(PackedVertex, uv)},
    {4, 1, VK_FORMAT_R16G16B16A16_SFLOAT, offsetof(PackedVertex, color)},
    {5, 2, VK_FORMAT_R16G16B16A16_UINT, offsetof(PackedSkin, joints)},
    {6, 2, VK_FORMAT_R16G16B16A16_UNORM, offsetof(PackedSkin, weights)}};
constexpr VkVertexInputBindingDescription kOverlayBinding{0, sizeof(OverlayVertex), VK_VERTEX_INPUT_RATE_VERTEX};
constexpr VkVertexInputAttributeDescription kOverlayAttributes[]{
    {0, 0, VK_FORMAT_R32G32B32_SFLOAT, offsetof(OverlayVertex, position)}, {1, 0, VK_FORMAT_R32G32_SFLOAT, offsetof(OverlayVertex, uv)},
    {2, 0, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(OverlayVertex, color)}, {3, 0, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(OverlayVertex, shape)},
    {4, 0, VK_FORMAT_R32_UINT, offsetof(OverlayVertex, kind)}};
constexpr VkVertexInputBindingDescription kFigureBinding{0, sizeof(FigureVertex), VK_VERTEX_INPUT_RATE_VERTEX};
constexpr VkVertexInputAttributeDescription kFigureAttributes[]{{0, 0, VK_FORMAT_R32G32B32_SFLOAT, offsetof(FigureVertex, position)},
    {1, 0, VK_FORMAT_R32G32B32_SFLOAT, offsetof(FigureVertex, normal)}, {2, 0, VK_FORMAT_R32_SFLOAT, offsetof(FigureVertex, face)}};
constexpr VkVertexInputBindingDescription kUiBinding{0, sizeof(UiVertex), VK_VERTEX_INPUT_RATE_VERTEX};
constexpr VkVertexInputAttributeDescription kUiAttributes[]{{0, 0, VK_FORMAT_R32G32_SFLOAT, offsetof(UiVertex, position)},
    {1, 0, VK_FORMAT_R32G32_SFLOAT, offsetof(UiVertex, uv)}, {2, 0, VK_FORMAT_R8G8B8A8_UNORM, offsetof(UiVertex, color)}};

struct Wish {
  Shader vertex;
  const Shader* fragment = nullptr;               // null: depth alone
  Constants constants;
  Bindings bindings;
  Attributes attributes;
  VkFormat color = VK_FORMAT_UNDEFINED, depth = VK_FORMAT_UNDEFINED;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
  std::uint32_t views = 0;
  bool blends = false, coverage = false, writes_color = true, depth_bias = false;
};

PipelineHandle make(Device& device, const Layouts& layouts, const Wish& wish) {
  const VkDevice vk = device.handle();
  const VkSpecializationInfo constants{4, kConstants, sizeof(Constants), &wish.constants};
  std::array<VkShaderModuleCreateInfo, 2> code{};
  std::array<VkPipelineShaderStageCreateInfo, 2> stages{};
  const std::uint32_t stage_count = wish.fragment ? 2 : 1;
  for (std::uint32_t i = 0; i < stage_count; ++i) {
    const auto words = code_of(i == 0 ? wish.vertex : *wish.fragment);
    code[i] = {VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, nullptr, 0, words.size_bytes(), words.data()};
    VkShaderModule module = VK_NULL_HANDLE;
    must(vkCreateShaderModule(vk, &code[i], nullptr, &module));
    stages[i] = {VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, nullptr, 0, i == 0 ? VK_SHADER_STAGE_VERTEX_BIT : VK_SHADER_STAGE_FRAGMENT_BIT,
                 module, "main", &constants};
  }
  const VkPipelineVertexInputStateCreateInfo input{VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO, nullptr, 0,
      static_cast<std::uint32_t>(wish.bindings.size()), wish.bindings.data(), static_cast<std::uint32_t>(wish.attributes.size()), wish.attributes.data()};
  const VkPipelineInputAssemblyStateCreateInfo assembly{VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO, nullptr, 0, VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST, VK_FALSE};
  const VkPipelineViewportStateCreateInfo viewport{VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO, nullptr, 0, 1, nullptr, 1, nullptr};
  VkPipelineRasterizationStateCreateInfo raster{VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO, nullptr, 0, VK_FALSE, VK_FALSE,
      VK_POLYGON_MODE_FILL, VK_CULL_MODE_NONE, VK_FRONT_FACE_COUNTER_CLOCKWISE, wish.depth_bias, 0.0f, 0.0f, 0.0f, 1.0f};
  VkPipelineMultisampleStateCreateInfo multisample{VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO, nullptr, 0, wish.samples, VK_FALSE, 0.0f, nullptr,
      wish.coverage, VK_FALSE};
  const VkPipelineDepthStencilStateCreateInfo depth{VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO, nullptr, 0, VK_TRUE, VK_TRUE,
      VK_COMPARE_OP_GREATER_OR_EQUAL, VK_FALSE, VK_FALSE, {}, {}, 0.0f, 1.0f};
  VkPipelineColorBlendAttachmentState blend{};
  blend.blendEnable = wish.blends;                // premultiplied
  blend.srcColorBlendFactor = blend.srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
  blend.dstColorBlendFactor = blend.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
  blend.colorWriteMask = wish.writes_color ? 0xfu : 0u;
  const std::uint32_t colors = wish.color == VK_FORMAT_UNDEFINED ? 0 : 1;
  const VkPipelineColorBlendStateCreateInfo blending{VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO, nullptr, 0, VK_FALSE, VK_LOGIC_OP_CLEAR, colors, &blend, {}};
  const VkDynamicState dynamic[]{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR, VK_DYNAMIC_STATE_CULL_MODE, VK_DYNAMIC_STATE_FRONT_FACE,
                                 VK_DYNAMIC_STATE_DEPTH_TEST_ENABLE, VK_DYNAMIC_STATE_DEPTH_WRITE_ENABLE, VK_DYNAMIC_STATE_DEPTH_COMPARE_OP,
                                 VK_DYNAMIC_STATE_DEPTH_BIAS};
  const VkPipelineDynamicStateCreateInfo dynamics{VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO, nullptr, 0, wish.depth_bias ? 8u : 7u, dynamic};
  const VkPipelineRenderingCreateInfo rendering{VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO, nullptr, wish.views, colors, &wish.color, wish.depth, VK_FORMAT_UNDEFINED};
  const VkGraphicsPipelineCreateInfo info{VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO, &rendering, 0, stage_count, stages.data(), &input, &assembly, nullptr,
      &viewport, &raster, &multisample, &depth, &blending, &dynamics, layouts.pipeline.get(), VK_NULL_HANDLE, 0, VK_NULL_HANDLE, -1};
  VkPipeline pipeline = VK_NULL_HANDLE;
  must(vkCreateGraphicsPipelines(vk, device.state().cache, 1, &info, nullptr, &pipeline));
  for (std::uint32_t i = 0; i < stage_count; ++i) vkDestroyShaderModule(vk, stages[i].module, nullptr);
  return PipelineHandle(vk, pipeline);
}

constexpr Shader kMesh = Shader::mesh_frag, kShadow = Shader::shadow_frag, kSky = Shader::sky_frag, kDome = Shader::dome_frag,
                 kOverlay = Shader::overlay_frag, kFigure = Shader::figure_frag, kUi = Shader::ui_frag;

}  // namespace

bool encodes_itself(VkFormat format) {
  return format == VK_FORMAT_R8G8B8A8_SRGB || format == VK_FORMAT_B8G8R8A8_SRGB || format == VK_FORMAT_A8B8G8R8_SRGB_PACK32;
}

Layouts::Layouts(Device& device) {
  const VkDevice vk = device.handle();
  const VkDescriptorSetLayoutBinding all[]{binding(0, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT, device.state().can.texture_slots)};
  const VkDescriptorBindingFlags flags = VK_DESCRIPTOR_BINDING_PARTIALLY_BOUND_BIT | VK_DESCRIPTOR_BINDING_UPDATE_AFTER_BIND_BIT |
                                         VK_DESCRIPTOR_BINDING_UPDATE_UNUSED_WHILE_PENDING_BIT;
  textures = set_layout(vk, all, &flags);
  const VkDescriptorSetLayoutBinding in_frame[]{
      binding(0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, kPushStages), binding(1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, kPushStages),
      binding(2, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_SHADER_STAGE_VERTEX_BIT), binding(3, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_SHADER_STAGE_VERTEX_BIT),
      binding(4, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, VK_SHADER_STAGE_FRAGMENT_BIT)};
  frame = set_layout(vk, in_frame);
  const VkDescriptorSetLayoutBinding in_model[]{binding(0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_SHADER_STAGE_FRAGMENT_BIT),
                                                binding(1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, VK_SHADER_STAGE_VERTEX_BIT)};
  model = set_layout(vk, in_model);
  const VkDescriptorSetLayout sets[]{textures.get(), frame.get(), model.get()};
  const VkPushConstantRange push{kPushStages, 0, kPushBytes};
  const VkPipelineLayoutCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, nullptr, 0, 3, sets, 1, &push};
  VkPipelineLayout made = VK_NULL_HANDLE;
  must(vkCreatePipelineLayout(vk, &info, nullptr, &made));
  pipeline = PipelineLayout(vk, made);
}

const PassPipelines& Pipelines::pass(const PassKind& kind) {
  if (const auto found = passes_.find(kind); found != passes_.end()) return found->second;
  PassPipelines made;
  Wish base{.vertex = Shader::full_vert, .fragment = nullptr, .constants = {}, .bindings = {}, .attributes = {}, .color = kind.format,
            .depth = VK_FORMAT_D32_SFLOAT, .samples = kind.samples, .views = kind.views};
  base.constants.encode = !encodes_itself(kind.format);
  const auto with = [&](Shader vertex, const Shader& fragment, bool blends) {
    Wish wish = base;
    wish.vertex = vertex;
    wish.fragment = &fragment;
    wish.blends = blends;
    return wish;
  };
  made.sky = make(device_, layouts_, with(Shader::full_vert, kSky, false));
  made.dome = make(device_, layouts_, with(Shader::full_vert, kDome, true));
  Wish overlay = with(Shader::overlay_vert, kOverlay, true);
  overlay.bindings = {&kOverlayBinding, 1};
  overlay.attributes = kOverlayAttributes;
  made.overlay = make(device_, layouts_, overlay);
  Wish figure = with(Shader::figure_vert, kFigure, true);
  figure.bindings = {&kFigureBinding, 1};
  figure.attributes = kFigureAttributes;
  made.figure = make(device_, layouts_, figure);
  figure.writes_color = false;
  made.figure_depth = make(device_, layouts_, figure);
  for (std::uint32_t deforms = 0; deforms < 2; ++deforms) {
    for (std::int32_t fill = 0; fill < 3; ++fill) {
      Wish mesh = with(Shader::mesh_vert, kMesh, fill == 2);
      mesh.constants.deforms = deforms;
      mesh.constants.alpha = fill;
      mesh.coverage = fill == 1 && kind.samples != VK_SAMPLE_COUNT_1_BIT;
      mesh.constants.coverage = mesh.coverage;
      mesh.bindings = deforms ? Bindings(kMeshBindings) : Bindings(kStillBindings);
      mesh.attributes = kMeshAttributes;
      made.mesh[deforms][static_cast<std::size_t>(fill)] = make(device_, layouts_, mesh);
    }
  }
  device_.state().keep_cache();
  return passes_.emplace(kind, std::move(made)).first->second;
}

const ShadowPipelines& Pipelines::shadow() {
  if (shadow_) return *shadow_;
  shadow_ = std::make_unique<ShadowPipelines>();
  for (std::uint32_t deforms = 0; deforms < 2; ++deforms) {
    for (std::uint32_t masked = 0; masked < 2; ++masked) {
      Wish wish{.vertex = Shader::shadow_vert, .fragment = masked ? &kShadow : nullptr, .constants = {}, .bindings = deforms ? Bindings(kMeshBindings) : Bindings(kStillBindings),
                .attributes = kMeshAttributes, .depth = VK_FORMAT_D32_SFLOAT, .depth_bias = true};
      wish.constants.deforms = deforms;
      shadow_->mesh[deforms][masked] = make(device_, layouts_, wish);
    }
  }
  return *shadow_;
}

VkPipeline Pipelines::paint(VkFormat format) {
  PipelineHandle& kept = paints_[format];
  if (!kept) {
    kept = make(device_, layouts_, {.vertex = Shader::ui_vert, .fragment = &kUi, .constants = {}, .bindings = {&kUiBinding, 1}, .attributes = kUiAttributes,
                                    .color = format, .blends = true});
  }
  return kept.get();
}

}  // namespace promenade::gpu
