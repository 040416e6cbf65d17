#include "runtime/xr/choices.h"

#include <array>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace promenade::xr;

TEST_CASE("The runtime's first sRGB format is taken, and none where there is none") {
  const std::array<std::int64_t, 4> formats{VK_FORMAT_R16G16B16A16_SFLOAT, VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_B8G8R8A8_SRGB, VK_FORMAT_R8G8B8A8_SRGB};
  CHECK(color_format(formats) == VK_FORMAT_B8G8R8A8_SRGB);
  CHECK(!color_format(std::span(formats).first(2)));
  CHECK(!depth_format(formats));
  const std::array<std::int64_t, 2> depths{VK_FORMAT_D24_UNORM_S8_UINT, VK_FORMAT_D32_SFLOAT};
  CHECK(depth_format(depths) == VK_FORMAT_D32_SFLOAT);
}

TEST_CASE("STAGE for walking, else the floor below the viewer, else his own height") {
  const std::array all{XR_REFERENCE_SPACE_TYPE_VIEW, XR_REFERENCE_SPACE_TYPE_LOCAL, XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR, XR_REFERENCE_SPACE_TYPE_STAGE};
  CHECK(room_space(all, true) == XR_REFERENCE_SPACE_TYPE_STAGE);
  CHECK(room_space(std::span(all).first(3), true) == XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR);
  CHECK(room_space(std::span(all).first(3), false) == XR_REFERENCE_SPACE_TYPE_LOCAL);
  CHECK(!room_space(std::span(all).first(1), true));
}

TEST_CASE("The refresh rate is one that the film's frame rate divides") {
  const std::array rates{72.0f, 80.0f, 90.0f, 120.0f};
  CHECK(refresh_rate(rates, 30.0) == 90.0f);
  CHECK(refresh_rate(rates, 24.0) == 72.0f);
  CHECK(refresh_rate(rates, 24.0, 120.0f) == 120.0f);
  CHECK(refresh_rate(rates, 25.0) == 90.0f);   // none fits
  CHECK(refresh_rate(rates, 0.0) == 90.0f);
  CHECK(refresh_rate(std::array{59.94f}, 29.97) == 59.94f);
  CHECK(!refresh_rate({}, 30.0));
}

TEST_CASE("Opaque if it can be had") {
  CHECK(blend_mode(std::array{XR_ENVIRONMENT_BLEND_MODE_ADDITIVE, XR_ENVIRONMENT_BLEND_MODE_OPAQUE}) == XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
  CHECK(blend_mode(std::array{XR_ENVIRONMENT_BLEND_MODE_ADDITIVE}) == XR_ENVIRONMENT_BLEND_MODE_ADDITIVE);
  CHECK(!blend_mode({}));
}

TEST_CASE("Optional extensions are switched on where they are offered, and Vulkan is required") {
  const std::array<std::string, 4> some{"XR_KHR_vulkan_enable2", "XR_EXT_user_presence", "XR_KHR_composition_layer_depth", "XR_EXT_debug_utils"};
  const ExtensionChoice choice = extensions(some, false);
  CHECK(!choice.required_missing);
  CHECK(choice.on.user_presence);
  CHECK(choice.on.depth);
  CHECK(!choice.on.debug_utils);
  CHECK(!choice.on.hand_interaction);
  CHECK(choice.names.size() == 3);
  CHECK(extensions(some, true).on.debug_utils);
  CHECK(extensions({}, true).required_missing);
}

TEST_CASE("Passthrough: blending before layers, glasses last, and nothing that is not offered") {
  using enum Passthrough;
  const std::array all{XR_ENVIRONMENT_BLEND_MODE_OPAQUE, XR_ENVIRONMENT_BLEND_MODE_ADDITIVE, XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND};
  CHECK(passthrough_ways(all, true, true) == std::vector{alpha_blend, fb_layer, htc_layer, additive});
  CHECK(passthrough_ways(std::span(all).first(2), false, false) == std::vector{additive});
  CHECK(passthrough_ways(std::span(all).first(1), true, false) == std::vector{fb_layer});
  CHECK(passthrough_ways(std::span(all).first(1), false, false).empty());
  CHECK(to_string(alpha_blend) == "alpha_blend");
  CHECK(to_string(none) == "none");
}
