#include "tests/bench/offscreen.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <mutex>
#include <stdexcept>

#include "tests/gpu/one_time.h"

namespace promenade::bench {

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double steady_ms() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Canvas::Canvas(gpu::Device& device, std::uint32_t width, std::uint32_t height, std::uint32_t eyes)
    : image_(device.state(), {VK_FORMAT_R8G8B8A8_SRGB, width, height, eyes, 1, VK_SAMPLE_COUNT_1_BIT, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT}), eyes_(eyes) {
  test::OneTime once(device);
  once.run([&] {
    gpu::barrier(once.commands(), {{image_.get(), VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_PIPELINE_STAGE_2_NONE, 0,
                                    VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT}});
  });
}

gpu::Target Canvas::target() const {
  gpu::Target target;
  target.image = image_.get();
  target.format = image_.is().format;
  target.width = image_.is().width;
  target.height = image_.is().height;
  target.eyes = eyes_;
  return target;
}

std::unique_ptr<gpu::Renderer> make_renderer(gpu::Device& device, const gpu::RendererSettings& settings) {
  auto renderer = gpu::Renderer::create(device, settings);
  if (!renderer) throw std::runtime_error(renderer.error().text());
  return std::move(*renderer);
}

FrameTimes time_frame(gpu::Device& device, gpu::Renderer& renderer, const gpu::Target& target, const std::function<const gpu::Frame&()>& make) {
  const double began = steady_ms(), cpu_began = thread_ms();
  const auto drawn = renderer.draw(make(), target);
  const double cpu_ms = thread_ms() - cpu_began;
  if (!drawn) throw std::runtime_error(drawn.error().text());
  const std::lock_guard lock(device.queue_lock());
  gpu::must(vkQueueWaitIdle(device.queue()));
  return {cpu_ms, steady_ms() - began};
}

double quantile_of(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::min(at, values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

double median_ratio(const std::vector<double>& over, const std::vector<double>& under) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(over.size(), under.size()); ++i) ratios.push_back(over[i] / under[i]);
  return median(std::move(ratios));
}

double median(std::vector<double> values) { return quantile_of(std::move(values), 0.5); }

}  // namespace promenade::bench
