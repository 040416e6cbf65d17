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
using FaultsCalls = std::uint64_t (*)(const char* function);  // so far
}
