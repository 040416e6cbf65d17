#pragma once
// Command buffers in flight: a ring of slots and one timeline semaphore. A slot is begun again only when the device has
// finished what it last carried; what frames no longer need is retired until then. Frame thread only.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/gpu/memory.h"

namespace promenade::gpu {

// A driver may write a timestamp for each view of the multiview pass before it, so each has room for two.
inline constexpr std::uint32_t kTimes = 4, kTimeFrom = 0, kTimeTo = 2;

struct Slot {
  explicit Slot(Device::State& device) : arena(device) {}
  CommandPool pool;
  VkCommandBuffer commands = VK_NULL_HANDLE;
  QueryPool times;                                 // timestamps; none where the device has no clock
  bool timed = false;                              // its timestamps were written
  Arena arena;
  VkDescriptorSet frame_set = VK_NULL_HANDLE;      // set 1 of the shaders
  std::uint64_t value = 0;                         // of the timeline when this slot is finished
};

enum class Work : std::uint8_t { frame, paint };   // two slots each: painting does not wait for frames

class Slots {
 public:
  Slots(Device& device, VkDescriptorSetLayout frame_layout);
  ~Slots();                                        // waits until the device has finished everything
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  // Waits for the slot, resets it and begins its command buffer. Null: the device was lost.
  Slot* begin(Work work);
  bool submit(Slot& slot);                         // false: the device was lost
  bool wait(std::uint64_t value);
  std::uint64_t finished() const;                  // the timeline's value now
  std::uint64_t submitted() const { return next_ - 1; }
  // The time between the timestamps of the newest finished frame, once each.
  std::optional<double> take_gpu_ms();

  template <class T>
  void retire(T&& thing) {                         // destroyed when everything submitted so far, and what is being recorded, is over
    retired_.emplace_back(next_, std::make_shared<std::decay_t<T>>(std::forward<T>(thing)));
  }

 private:
  void sweep();
  Device& device_;
  Semaphore timeline_;
  DescriptorPool sets_;
  std::array<std::unique_ptr<Slot>, 4> slots_;
  std::array<std::uint32_t, 2> turn_{};
  std::uint64_t next_ = 1;
  bool lost_ = false;
  std::optional<double> gpu_ms_;
  // shared_ptr<void>: it remembers how to destroy things of any type.
  std::deque<std::pair<std::uint64_t, std::shared_ptr<void>>> retired_;
};

}  // namespace promenade::gpu
