#pragma once
// Draws kept frames again at 1440 x 1600 an eye and writes them as PNG files, on a thread of its own ("pictures") with
// a Vulkan device of its own and a low priority. Left eye NAME.png, the other beside it as NAME-right.png.

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "runtime/headset/ledger.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::headset {

class Pictures {
 public:
  explicit Pictures(std::filesystem::path folder);
  ~Pictures();                    // finishes what is queued
  Pictures(const Pictures&) = delete;
  Pictures& operator=(const Pictures&) = delete;

  // False: too many are waiting; ask again later.
  bool take(std::string name, std::shared_ptr<KeptFrame> frame);
  std::vector<std::string> take_log();

 private:
  struct Job { std::string name; std::shared_ptr<KeptFrame> frame; };
  struct Studio;
  void run(std::stop_token stop);

  std::filesystem::path folder_;
  base::BoundedQueue<Job> jobs_{16, base::Overflow::refuse_newest};
  base::BoundedQueue<std::string> log_{64, base::Overflow::drop_oldest};
  std::jthread thread_;
};

}  // namespace promenade::headset
