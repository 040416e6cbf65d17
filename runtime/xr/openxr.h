#pragma once
// OpenXR's headers with what this program uses of them switched on; private to runtime/xr. Vulkan comes first, and
// from its home.

#include <ctime>

#include "runtime/gpu/device.h"

#define XR_USE_GRAPHICS_API_VULKAN
#define XR_USE_TIMESPEC
#include <openxr/openxr.h>
#include <openxr/openxr_platform.h>

namespace promenade::xr {

// A structure of OpenXR with its type set and all else zero.
template <class T>
T typed(XrStructureType type) {
  T value{};
  value.type = type;
  return value;
}

}  // namespace promenade::xr
