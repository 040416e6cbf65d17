#include "runtime/gpu/slots.h"

namespace promenade::gpu {

namespace {
constexpr std::uint64_t kPatience_ns = 10'000'000'000;  // a device that takes longer is lost
constexpr std::uint64_t kSoftwarePatience_ns = 300'000'000'000;  // one that is a busy processor is only slow
}

Slots::Slots(Device& device, VkDescriptorSetLayout frame_layout) : device_(device) {
  const VkDevice vk = device.handle();
  const VkSemaphoreTypeCreateInfo type{VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO, nullptr, VK_SEMAPHORE_TYPE_TIMELINE, 0};
  const VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, &type, 0};
  VkSemaphore timeline = VK_NULL_HANDLE;
  must(vkCreateSemaphore(vk, &info, nullptr, &timeline));
  timeline_ = Semaphore(vk, timeline);

  const VkDescriptorPoolSize sizes[]{{VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, 4}, {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 12},
                                     {VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 4}};
  const VkDescriptorPoolCreateInfo pool_info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, nullptr, 0, 4, 3, sizes};
  VkDescriptorPool sets = VK_NULL_HANDLE;
  must(vkCreateDescriptorPool(vk, &pool_info, nullptr, &sets));
  sets_ = DescriptorPool(vk, sets);

  for (auto& slot : slots_) {
    slot = std::make_unique<Slot>(device.state());
    const VkCommandPoolCreateInfo commands{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO, nullptr, VK_COMMAND_POOL_CREATE_TRANSIENT_BIT, device.queue_family()};
    VkCommandPool pool = VK_NULL_HANDLE;
    must(vkCreateCommandPool(vk, &commands, nullptr, &pool));
    slot->pool = CommandPool(vk, pool);
    const VkCommandBufferAllocateInfo buffer{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO, nullptr, pool, VK_COMMAND_BUFFER_LEVEL_PRIMARY, 1};
    must(vkAllocateCommandBuffers(vk, &buffer, &slot->commands));
    const VkDescriptorSetAllocateInfo set{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO, nullptr, sets, 1, &frame_layout};
    must(vkAllocateDescriptorSets(vk, &set, &slot->frame_set));
    if (device.state().can.timestamps) {
      const VkQueryPoolCreateInfo times{VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO, nullptr, 0, VK_QUERY_TYPE_TIMESTAMP, kTimes, 0};
      VkQueryPool queries = VK_NULL_HANDLE;
      must(vkCreateQueryPool(vk, &times, nullptr, &queries));
      slot->times = QueryPool(vk, queries);
    }
  }
}

Slots::~Slots() {
  vkDeviceWaitIdle(device_.handle());
  retired_.clear();
}

Slot* Slots::begin(Work work) {
  const auto kind = static_cast<std::uint32_t>(work);
  Slot& slot = *slots_[kind * 2 + (turn_[kind]++ & 1u)];
  if (!wait(slot.value)) return nullptr;
  if (slot.timed) {
    std::uint64_t from = 0, to = 0;
    const auto read = [&](std::uint32_t query, std::uint64_t& ticks) {
      return vkGetQueryPoolResults(device_.handle(), slot.times.get(), query, 1, sizeof ticks, &ticks, sizeof ticks, VK_QUERY_RESULT_64_BIT) == VK_SUCCESS;
    };
    if (read(kTimeFrom, from) && read(kTimeTo, to)) {
      gpu_ms_ = static_cast<double>(to - from) * device_.state().can.timestamp_ns * 1e-6;
    }
    slot.timed = false;
  }
  sweep();
  slot.arena.begin();
  must(vkResetCommandPool(device_.handle(), slot.pool.get(), 0));
  const VkCommandBufferBeginInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
  must(vkBeginCommandBuffer(slot.commands, &info));
  return &slot;
}

bool Slots::submit(Slot& slot) {
  must(vkEndCommandBuffer(slot.commands));
  slot.value = next_++;
  const VkCommandBufferSubmitInfo commands{VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO, nullptr, slot.commands, 0};
  const VkSemaphoreSubmitInfo signal{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO, nullptr, timeline_.get(), slot.value, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, 0};
  const VkSubmitInfo2 submit{VK_STRUCTURE_TYPE_SUBMIT_INFO_2, nullptr, 0, 0, nullptr, 1, &commands, 1, &signal};
  const std::lock_guard lock(device_.queue_lock());
  if (lost_ || vkQueueSubmit2(device_.queue(), 1, &submit, VK_NULL_HANDLE) != VK_SUCCESS) lost_ = true;
  return !lost_;
}

bool Slots::wait(std::uint64_t value) {
  if (lost_) return false;
  const VkSemaphore timeline = timeline_.get();
  const VkSemaphoreWaitInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO, nullptr, 0, 1, &timeline, &value};
  const std::uint64_t patience = device_.state().can.software ? kSoftwarePatience_ns : kPatience_ns;
  if (vkWaitSemaphores(device_.handle(), &info, patience) != VK_SUCCESS) lost_ = true;
  return !lost_;
}

std::uint64_t Slots::finished() const {
  std::uint64_t value = 0;
  return vkGetSemaphoreCounterValue(device_.handle(), timeline_.get(), &value) == VK_SUCCESS ? value : 0;
}

std::optional<double> Slots::take_gpu_ms() { return std::exchange(gpu_ms_, std::nullopt); }

void Slots::sweep() {
  const std::uint64_t done = finished();
  while (!retired_.empty() && retired_.front().first <= done) retired_.pop_front();
}

}  // namespace promenade::gpu
