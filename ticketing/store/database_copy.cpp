// Database::copy_to: a whole file copied while it is in use.

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "ticketing/store/database.h"

namespace promenade::ticketing::store {
namespace {

bool sync_path(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

base::Result<void> Database::copy_to(const std::string& path) const {
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) {
    return base::fail("backup-exists", path + " exists.", "A backup never replaces a file: name another.");
  }
  const auto failed = [&](int code) -> std::unexpected<base::Error> {
    if ((code & 0xFF) == SQLITE_FULL) return base::fail("disk-full", "The copy " + path + " cannot be written: the disk is full.", "Free space there, or name another place.");
    return base::fail("backup-failed", "The copy " + path + " failed: " + std::string(sqlite3_errstr(code)) + ".", "Check that its folder exists and may be written, and try again.");
  };
  // Under its name only when it is whole: half a copy must never be taken for one.
  const std::string draft = path + ".part";
  std::filesystem::remove(draft, unknown);
  sqlite3* target = nullptr;
  int code = sqlite3_open_v2(draft.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_backup* copy = sqlite3_backup_init(target, "main", connection_, "main");
    // All pages in one step: one reading transaction, so that what is committed meanwhile does not begin it anew.
    code = copy == nullptr ? sqlite3_extended_errcode(target) : sqlite3_backup_step(copy, -1);
    if (copy != nullptr) {
      const int finished = sqlite3_backup_finish(copy);
      code = code == SQLITE_DONE ? finished : code;
    }
  }
  sqlite3_close(target);
  const bool kept = code == SQLITE_OK && sync_path(draft, O_RDWR) && ::rename(draft.c_str(), path.c_str()) == 0;
  const int error = errno;
  if (kept) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    sync_path(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    return {};
  }
  std::filesystem::remove(draft, unknown);
  if (code != SQLITE_OK) return failed(code);
  if (error == ENOSPC || error == EDQUOT) return failed(SQLITE_FULL);
  return base::fail("backup-failed", "The copy " + path + " failed: " + std::strerror(error) + ".", "Check that its folder exists and may be written, and try again.");
}

}  // namespace promenade::ticketing::store
