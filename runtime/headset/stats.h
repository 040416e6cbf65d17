#pragma once
// How a run of the headset program went, as a JSON file that is written anew now and then and at the end. Frame
// thread; the file is replaced whole, so that a reader never sees half of it.

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/headset/app.h"
#include "runtime/headset/link_thread.h"
#include "runtime/xr/headset.h"
#include "tracking/base/result.h"

namespace promenade::headset {

// Milliseconds in steps of 0.1 up to 100, so that a day of frames takes a fixed room.
class Histogram {
 public:
  void add(double ms);
  double quantile(double share) const;            // upper edge of the step; 0 without values
  double mean() const { return count_ ? sum_ / static_cast<double>(count_) : 0.0; }
  double worst() const { return worst_; }

 private:
  std::vector<std::uint32_t> steps_ = std::vector<std::uint32_t>(1001);
  std::uint64_t count_ = 0;
  double sum_ = 0.0, worst_ = 0.0;
};

struct RunStats {
  std::string gpu;
  double seconds = 0.0;
  double first_picture_s = 0.0;                   // from the start to the first frame handed over; 0: none yet
  std::uint32_t sessions = 0;                     // begun so far
  std::uint32_t losses = 0;                       // of runtime, session or device
  std::uint64_t vulkan_messages = 0;              // of validation, all devices
  std::string last_vulkan_message;
  Histogram cpu_ms;                               // of the frame thread's work in a frame, waits for the runtime left out
  Histogram photon_ms;                            // from making a frame to when it is to be seen
};

// Error "stats-not-written".
base::Result<void> write_stats(const std::string& path, const RunStats& stats, const App& app, const xr::Headset& headset, const LinkThread& link);

}  // namespace promenade::headset
