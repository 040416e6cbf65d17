#pragma once
// A SQLite file layer in memory that loses power: at a cut, each write that was not synced is kept, dropped or torn,
// as a seed decides, and so is each file's last truncation. It also plays a full disk, one with errors, and a
// read-only one. For one connection, one thread.

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tracking/base/random.h"

struct sqlite3_vfs;

namespace promenade::ticketing::store::test {

class PowerCutDisk {
 public:
  // Registers the layer under NAME for as long as this lives.
  explicit PowerCutDisk(std::string name);
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;
  ~PowerCutDisk();

  const std::string& name() const { return name_; }
  // From the Nth operation (write, truncate, sync) from now on everything fails, as when the power has gone.
  void cut_after(std::uint64_t operations) { operations_left_ = operations; }
  bool is_cut() const { return cut_; }
  // Power is back: what was not synced is kept, dropped or torn at 512 bytes.
  void restore_power(std::uint64_t seed);
  // The Nth operation from now on fails, and so do the COUNT - 1 after it, as on a disk with a bad patch or a loose cable; then
  // all is well again. What was written and not synced stays as it was.
  void fail_at(std::uint64_t operation, std::uint64_t count = 1) {
    first_failing_ = operations_ + operation;
    last_failing_ = first_failing_ + count - 1;
  }
  // As after a remount: files open for reading only, and writes fail.
  void set_read_only(bool read_only) { read_only_ = read_only; }
  bool read_only() const { return read_only_; }
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }  // of all files together
  std::uint64_t size() const;
  std::uint64_t operations() const { return operations_; }

  struct Change {
    bool truncate = false;
    std::uint64_t offset = 0;  // of a write; the new size of a truncation
    std::vector<std::uint8_t> bytes;
  };
  struct File {
    std::vector<std::uint8_t> synced, now;
    std::vector<Change> pending;
    std::map<int, std::vector<std::uint8_t>> shared_memory;
  };
  static void apply(std::vector<std::uint8_t>& content, const Change& change, std::size_t keep);

  // Used by the file methods.
  bool spend();  // one operation; false once the power is gone
  bool room_for(std::uint64_t more) const { return size() + more <= capacity_; }
  std::shared_ptr<File> file(const std::string& path, bool create);
  bool exists(const std::string& path) const { return files_.contains(path); }
  void remove(const std::string& path) { files_.erase(path); }

 private:
  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, std::shared_ptr<File>> files_;  // shared with SQLite's open handles, which may outlive a removal
  std::uint64_t operations_ = 0;
  std::uint64_t operations_left_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t first_failing_ = std::numeric_limits<std::uint64_t>::max(), last_failing_ = 0;
  bool read_only_ = false;
  std::uint64_t capacity_ = std::numeric_limits<std::uint64_t>::max();
  bool cut_ = false;
};

}  // namespace promenade::ticketing::store::test
