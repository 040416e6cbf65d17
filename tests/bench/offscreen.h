#pragma once
// Frames drawn into images of their own and waited for, for the render bench: what a frame costs the thread that makes
// it, and how long it takes until the device has finished it. One thread. Throws std::runtime_error where the device
// or the renderer fails.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "runtime/gpu/memory.h"
#include "runtime/gpu/renderer.h"

namespace promenade::bench {

inline constexpr int kUploadDraws = 2000;  // a model is uploaded over several frames; more than the largest takes

struct FrameTimes {
  double cpu_ms = 0.0;   // of this thread (CLOCK_THREAD_CPUTIME_ID), from making the frame to its submission
  double wall_ms = 0.0;  // from making the frame until the device has finished it
};

double thread_ms();
double steady_ms();

// An image of one layer for each eye, as an OpenXR swapchain's.
class Canvas {
 public:
  Canvas(gpu::Device& device, std::uint32_t width, std::uint32_t height, std::uint32_t eyes);
  gpu::Target target() const;

 private:
  gpu::ImageMemory image_;
  std::uint32_t eyes_;
};

std::unique_ptr<gpu::Renderer> make_renderer(gpu::Device& device, const gpu::RendererSettings& settings);

// Makes the frame, draws it and waits until the device's queue is empty, so that no frame overlaps the next.
FrameTimes time_frame(gpu::Device& device, gpu::Renderer& renderer, const gpu::Target& target, const std::function<const gpu::Frame&()>& make);

double median(std::vector<double> values);
// Of each pair's ratio: what both were beside at that moment weighs on neither.
double median_ratio(const std::vector<double>& over, const std::vector<double>& under);
double quantile_of(std::vector<double> values, double share);

}  // namespace promenade::bench
