#pragma once
// What the layer in faults_layer.cpp can be told to do. Tests only. The layer is loaded by the OpenXR loader into the
// same process; a test finds it there. Every order holds for the next calls of whatever instance exists then.

#include <cstdint>

extern "C" {
// The next `times` calls of an OpenXR function answer `result` and do not reach the runtime.
using FaultsFail = void (*)(const char* function, int result, int times);
// Events that xrPollEvent hands out before the runtime's own.
using FaultsEvent = void (*)(const void* event, std::uint32_t bytes);
// Of every xrWaitFrame from now on.
using FaultsHide = void (*)(bool hidden);
// The size that the runtime recommends for an eye from now on; 0: its own.
using FaultsSize = void (*)(std::uint32_t width, std::uint32_t height);
// Asks the runtime to end the session, as its own menu does.
using FaultsExit = void (*)();
// What the runtime offers from the next session on, beside its own: the blend mode ALPHA_BLEND, XR_FB_passthrough.
using FaultsPassthrough = void (*)(bool alpha_blend, bool fb);
// Whether the headset tells, from the next session on, that it is worn (XR_EXT_user_presence).
using FaultsPresence = void (*)(bool told);
struct FaultsFrame {             // what the newest xrEndFrame handed over
  int blend_mode = 0;            // XrEnvironmentBlendMode
  int layers = 0;
  int passthrough_at = -1;       // index of the passthrough layer, whose feature runs; -1: none
  std::uint64_t room_flags = 0;  // of the projection layer
  bool fb_running = false;
  bool fb_made = false;
};
using FaultsShown = FaultsFrame (*)();
// How far the room slides along the runtime's anchors (XR_MSFT_spatial_anchor) from now on, along its x; whether they
// are located; whether the runtime sets any.
using FaultsAnchors = void (*)(double slid_m, bool located, bool can_set);
// A printed tag in the headset's cameras (XR_ML_marker_understanding), at this place of the room; id below 0: none.
using FaultsTag = void (*)(int id, float x, float y, float z);
using FaultsCalls = std::uint64_t (*)(const char* function);  // so far
}
