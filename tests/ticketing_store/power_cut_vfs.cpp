#include "tests/ticketing_store/power_cut_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace promenade::ticketing::store::test {
namespace {

struct Handle {
  sqlite3_file base{};  // first, as SQLite reads it
  PowerCutDisk* disk = nullptr;
  std::shared_ptr<PowerCutDisk::File> file;
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int close_file(sqlite3_file* f) {
  of(f).file.~shared_ptr();
  return SQLITE_OK;
}

int read_file(sqlite3_file* f, void* out, int amount, sqlite3_int64 offset) {
  const auto& now = of(f).file->now;
  std::memset(out, 0, static_cast<std::size_t>(amount));
  if (static_cast<std::size_t>(offset) >= now.size()) return SQLITE_IOERR_SHORT_READ;
  const std::size_t there = std::min(static_cast<std::size_t>(amount), now.size() - static_cast<std::size_t>(offset));
  std::memcpy(out, now.data() + offset, there);
  return there == static_cast<std::size_t>(amount) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change(sqlite3_file* f, PowerCutDisk::Change made) {
  Handle& h = of(f);
  if (!h.disk->spend()) return SQLITE_IOERR_WRITE;
  const std::uint64_t end = made.offset + made.bytes.size();
  if (!made.truncate && end > h.file->now.size() && !h.disk->room_for(end - h.file->now.size())) return SQLITE_FULL;
  PowerCutDisk::apply(h.file->now, made, made.bytes.size());
  h.file->pending.push_back(std::move(made));
  return SQLITE_OK;
}

int write_file(sqlite3_file* f, const void* data, int amount, sqlite3_int64 offset) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  return change(f, {false, static_cast<std::uint64_t>(offset), {bytes, bytes + amount}});
}

int truncate_file(sqlite3_file* f, sqlite3_int64 size) { return change(f, {true, static_cast<std::uint64_t>(size), {}}); }

int sync_file(sqlite3_file* f, int) {
  Handle& h = of(f);
  if (!h.disk->spend()) return SQLITE_IOERR_FSYNC;
  h.file->synced = h.file->now;
  h.file->pending.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* f, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(f).file->now.size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int check_reserved(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int characteristics(sqlite3_file*) { return 0; }

int shm_map(sqlite3_file* f, int region, int size, int, void volatile** out) {
  auto& memory = of(f).file->shared_memory[region];
  memory.resize(static_cast<std::size_t>(size));
  *out = memory.data();
  return SQLITE_OK;
}
int shm_lock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void shm_barrier(sqlite3_file*) {}
int shm_unmap(sqlite3_file* f, int erase) {
  if (erase != 0) of(f).file->shared_memory.clear();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods{2, close_file, read_file, write_file, truncate_file, sync_file, file_size, lock_file, lock_file,
                                  check_reserved, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier, shm_unmap,
                                  nullptr, nullptr};

PowerCutDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<PowerCutDisk*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* out_flags) {
  out->pMethods = nullptr;
  PowerCutDisk& disk = disk_of(vfs);
  auto file = name == nullptr ? std::make_shared<PowerCutDisk::File>() : disk.file(name, (flags & SQLITE_OPEN_CREATE) != 0);
  if (file == nullptr) return SQLITE_CANTOPEN;
  auto* handle = new (out) Handle;
  handle->disk = &disk;
  handle->file = std::move(file);
  handle->base.pMethods = &kMethods;
  if (disk.read_only()) flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int) {
  PowerCutDisk& disk = disk_of(vfs);
  if (!disk.exists(name)) return SQLITE_IOERR_DELETE_NOENT;
  if (!disk.spend()) return SQLITE_IOERR_DELETE;
  disk.remove(name);
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int, int* out) {
  *out = disk_of(vfs).exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

}  // namespace

PowerCutDisk::PowerCutDisk(std::string name) : name_(std::move(name)), vfs_(std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr))) {
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->pNext = nullptr;
  vfs_->szOsFile = sizeof(Handle);
  vfs_->xOpen = open_file;
  vfs_->xDelete = delete_file;
  vfs_->xAccess = access_file;
  vfs_->xFullPathname = full_path;
  sqlite3_vfs_register(vfs_.get(), 0);
}

PowerCutDisk::~PowerCutDisk() { sqlite3_vfs_unregister(vfs_.get()); }

void PowerCutDisk::apply(std::vector<std::uint8_t>& content, const Change& change, std::size_t keep) {
  if (change.truncate) {
    content.resize(change.offset);
    return;
  }
  if (content.size() < change.offset + keep) content.resize(change.offset + keep);
  std::copy_n(change.bytes.begin(), keep, content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

bool PowerCutDisk::spend() {
  if (operations_left_ == 0) cut_ = true;
  if (cut_) return false;
  --operations_left_;
  ++operations_;
  return !read_only_ && (operations_ < first_failing_ || operations_ > last_failing_);
}

void PowerCutDisk::restore_power(std::uint64_t seed) {
  base::Random random(seed);
  for (auto& [path, file] : files_) {
    for (const Change& change : file->pending) {
      const auto fate = random.below(3);
      if (fate == 0) continue;
      const std::size_t torn = std::min<std::size_t>(change.bytes.size(), 512 * random.below(change.bytes.size() / 512 + 1));
      apply(file->synced, change, fate == 1 ? change.bytes.size() : torn);
    }
    file->pending.clear();
    file->now = file->synced;
    file->shared_memory.clear();
  }
  cut_ = false;
  operations_left_ = std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t PowerCutDisk::size() const {
  std::uint64_t size = 0;
  for (const auto& [path, file] : files_) size += file->now.size();
  return size;
}

std::shared_ptr<PowerCutDisk::File> PowerCutDisk::file(const std::string& path, bool create) {
  const auto at = files_.find(path);
  if (at != files_.end()) return at->second;
  if (!create || cut_) return nullptr;
  return files_[path] = std::make_shared<File>();
}

}  // namespace promenade::ticketing::store::test
