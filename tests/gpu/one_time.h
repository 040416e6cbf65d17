#pragma once
// Commands that are recorded, submitted and waited for at once, for tests and benches that read or clear images by
// themselves. One thread at a time; the device outlives it; what fails ends the program, as in the renderer.

#include <mutex>

#include "runtime/gpu/device.h"
#include "runtime/gpu/memory.h"

namespace promenade::test {

class OneTime {
 public:
  explicit OneTime(gpu::Device& device) : device_(device) {
    const VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, nullptr, VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT, device.queue_family()};
    gpu::must(vkCreateCommandPool(device.handle(), &pool, nullptr, &pool_));
    const VkCommandBufferAllocateInfo buffer{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, nullptr, pool_, VK_COMMAND_BUFFER_LEVEL_PRIMARY, 1};
    gpu::must(vkAllocateCommandBuffers(device.handle(), &buffer, &commands_));
  }
  ~OneTime() {
    std::lock_guard lock(device_.queue_lock());
    vkQueueWaitIdle(device_.queue());
    vkDestroyCommandPool(device_.handle(), pool_, nullptr);
  }
  OneTime(const OneTime&) = delete;
  OneTime& operator=(const OneTime&) = delete;

  VkCommandBuffer commands() const { return commands_; }

  template <class Record>
  void run(const Record& record) {
    VkCommandBufferBeginInfo begin{};
    begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
    begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    gpu::must(vkBeginCommandBuffer(commands_, &begin));
    record();
    gpu::must(vkEndCommandBuffer(commands_));
    VkSubmitInfo submit{};
    submit.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &commands_;
    std::lock_guard lock(device_.queue_lock());
    gpu::must(vkQueueSubmit(device_.queue(), 1, &submit, VK_NULL_HANDLE));
    gpu::must(vkQueueWaitIdle(device_.queue()));
  }

 private:
  gpu::Device& device_;
  VkCommandPool pool_ = VK_NULL_HANDLE;
  VkCommandBuffer commands_ = VK_NULL_HANDLE;
};

}  // namespace promenade::test
