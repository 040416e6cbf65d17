#include "ticketing/circuit/event_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

namespace promenade::ticketing::circuit {
namespace {

constexpr std::size_t kMaxHeader = 4096;
constexpr std::string_view kFormat = "promenade-circuit-1";

std::unexpected<base::Error> system_failure(const std::string& path, const char* deed) {
  const int error = errno;
  return base::fail(error == ENOSPC || error == EDQUOT ? "disk-full" : "store-write-failed", std::string(deed) + " " + path + " failed: " + std::strerror(error) + ".",
                    "Nothing of this pull is kept; free space or fix the file's owner and pull again.");
}

std::unexpected<base::Error> unreadable(const std::string& path, const std::string& why) {
  return base::fail("store-unreadable", path + " is not a circuit's store: " + why + ".", "Name another file, or move this one away and pull anew.");
}

bool write_all(int file, const std::uint8_t* data, std::size_t size, std::uint64_t at) {
  while (size > 0) {
    const ssize_t written = ::pwrite(file, data, size, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
    at += static_cast<std::uint64_t>(written);
  }
  return true;
}

// Fewer bytes than asked only at the file's end.
std::size_t read_at(int file, std::uint8_t* data, std::size_t size, std::uint64_t at) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(file, data + done, size - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

// The record at AT; nullopt where no whole record is left.
std::optional<base::Bytes> record_at(int file, std::uint64_t at) {
  std::uint8_t length_bytes[4];
  if (read_at(file, length_bytes, 4, at) < 4) return std::nullopt;
  const std::uint32_t length = base::ByteReader(length_bytes).u32();
  if (length == 0 || length > kMaxEventBytes) return std::nullopt;
  base::Bytes stored(length);
  if (read_at(file, stored.data(), length, at + 4) < length) return std::nullopt;
  return stored;
}

}  // namespace

EventFile::EventFile(EventFile&& other) noexcept { *this = std::move(other); }

EventFile& EventFile::operator=(EventFile&& other) noexcept {
  std::swap(file_, other.file_);
  path_ = std::move(other.path_);
  venue_ = std::move(other.venue_);
  head_ = other.head_;
  last_ = std::move(other.last_);
  start_ = other.start_;
  end_ = other.end_;
  torn_ = other.torn_;
  return *this;
}

EventFile::~EventFile() {
  if (file_ >= 0) ::close(file_);
}

base::Result<EventFile> EventFile::open(const std::string& path, const base::VenueId& venue) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return system_failure(path, "Opening");
  EventFile store(file, path);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return base::fail("store-in-use", "Another pull is writing " + path + ".", "Wait for it to end, or give each venue a file of its own.");
  struct stat status{};
  if (::fstat(file, &status) != 0) return system_failure(path, "Reading");
  if (status.st_size == 0) {
    const std::string header = nlohmann::json{{"format", kFormat}, {"venue", venue.value()}}.dump() + "\n";
    if (!write_all(file, reinterpret_cast<const std::uint8_t*>(header.data()), header.size(), 0) || ::fsync(file) != 0) {
      const auto failure = system_failure(path, "Writing");
      static_cast<void>(::ftruncate(file, 0));
      return failure;
    }
  }
  if (const auto scanned = store.scan(true); !scanned) return std::unexpected(scanned.error());
  if (store.venue_ != venue)
    return base::fail("store-other-venue", path + " holds the venue " + store.venue_.value() + ", not " + venue.value() + ".", "Give each venue a file of its own.");
  return store;
}

base::Result<EventFile> EventFile::open_to_read(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return base::fail("store-unreadable", "Cannot read " + path + ": " + std::strerror(errno) + ".", "Check the name.");
  EventFile store(file, path);
  if (const auto scanned = store.scan(false); !scanned) return std::unexpected(scanned.error());
  return store;
}

base::Result<void> EventFile::scan(bool writable) {
  base::Bytes head(kMaxHeader);
  head.resize(read_at(file_, head.data(), head.size(), 0));
  const auto newline = std::ranges::find(head, static_cast<std::uint8_t>('\n'));
  if (newline == head.end()) return unreadable(path_, "it has no header");
  const auto header = nlohmann::json::parse(head.begin(), newline, nullptr, false);
  if (!header.is_object() || header.value("format", "") != kFormat) return unreadable(path_, "its header is not one");
  venue_ = base::VenueId(header.value("venue", ""));
  start_ = static_cast<std::uint64_t>(newline - head.begin()) + 1;
  end_ = start_;
  while (auto stored = record_at(file_, end_)) {
    end_ += 4 + stored->size();
    last_ = std::move(stored);
  }
  if (last_) {
    const auto event = decode_event(*last_, venue_);
    if (!event) return std::unexpected(event.error());
    head_ = {event->seq, event->hash};
  }
  struct stat status{};
  if (::fstat(file_, &status) != 0) return system_failure(path_, "Reading");
  torn_ = static_cast<std::uint64_t>(status.st_size) - end_;
  if (torn_ > 0 && writable && ::ftruncate(file_, static_cast<off_t>(end_)) != 0) return system_failure(path_, "Shortening");
  return {};
}

base::Result<void> EventFile::append(std::span<const base::Bytes> stored) {
  if (stored.empty()) return {};
  ChainChecker checker(venue_, head_);
  base::Bytes records;
  for (const auto& one : stored) {
    if (const auto event = checker.next(one); !event) return std::unexpected(event.error());
    append_export_event(records, one);
  }
  if (!write_all(file_, records.data(), records.size(), end_) || ::fsync(file_) != 0) {
    const auto failure = system_failure(path_, "Writing");
    static_cast<void>(::ftruncate(file_, static_cast<off_t>(end_)));
    return failure;
  }
  end_ += records.size();
  head_ = checker.head();
  last_ = stored.back();
  return {};
}

base::Result<ChainHead> EventFile::for_each(const std::function<base::Result<void>(const Event&)>& visit) const {
  return for_each_stored([&](base::ByteView, const Event& event) { return visit(event); });
}

base::Result<void> EventFile::export_to(const std::function<void(base::ByteView)>& sink) const {
  sink(base::as_bytes(encode_export_header({venue_, 1, head_.seq, head_.hash})));
  const auto done = for_each_stored([&](base::ByteView stored, const Event&) -> base::Result<void> {
    base::Bytes record;
    append_export_event(record, stored);
    sink(record);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return {};
}

base::Result<ChainHead> EventFile::for_each_stored(const std::function<base::Result<void>(base::ByteView stored, const Event&)>& visit) const {
  ChainChecker checker(venue_);
  for (std::uint64_t at = start_; at < end_;) {
    const auto stored = record_at(file_, at);
    if (!stored) return unreadable(path_, "it changed while it was read");
    const auto event = checker.next(*stored);
    if (!event) return std::unexpected(event.error());
    if (const auto done = visit(*stored, *event); !done) return std::unexpected(done.error());
    at += 4 + stored->size();
  }
  return checker.head();
}

}  // namespace promenade::ticketing::circuit
