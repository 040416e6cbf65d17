#pragma once
// What becomes of the hall's near misses: the core's effects as records of the log beside the journal, and the thread
// that writes them. Nothing waits for it: what cannot be written is lost, counted and said once. Rim.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "showcontrol/hall/events.h"
#include "ticketing/store/near_miss_log.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::server {

ticketing::store::NearMissRecord record_of(const hall::NearMissKept& kept);
std::vector<ticketing::store::ViewerTimeRow> rows_of(const hall::ViewerTime& time);
std::int64_t milliseconds(base::UtcTime at);

// Owns the log. A log that cannot be opened is tried again with each record.
class NearMissWorker {
 public:
  using Job = std::variant<hall::NearMissKept, hall::ViewerTime>;
  explicit NearMissWorker(std::string path, const ticketing::store::FileOptions& options = {});
  ~NearMissWorker();  // writes what is still queued, once each
  void keep(Job job);  // never waits
  std::uint64_t kept() const { return kept_; }  // near misses written
  std::uint64_t lost() const { return lost_; }  // near misses that could not be, or came too fast

 private:
  void run(std::stop_token stop);
  void write(const Job& job);
  base::Result<void> open_log();
  base::Result<void> try_write(const Job& job);
  void tell(const base::Error& error);  // once for each failure that lasts

  const std::string path_;
  const ticketing::store::FileOptions options_;
  std::optional<ticketing::store::NearMissLog> log_;  // of the thread
  bool told_ = false;                                 // of the thread: this failure has been said
  base::BoundedQueue<std::unique_ptr<const Job>> jobs_{512, base::Overflow::refuse_newest};
  std::atomic<std::uint64_t> kept_ = 0, lost_ = 0;
  std::jthread thread_;
};

}  // namespace promenade::server
