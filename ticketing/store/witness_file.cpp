#include "ticketing/store/witness_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "ticketing/core/json_fields.h"
#include "tracking/base/text_file.h"

namespace promenade::ticketing::store {
namespace {

constexpr std::string_view kFormat = "promenade-witness-1";
constexpr std::size_t kMaxFile = std::size_t{4} << 30;
constexpr std::chrono::hours kSignOfLife{1};

std::unexpected<base::Error> file_failure(const std::string& path, const char* deed) {
  const int error = errno;
  return base::fail(error == ENOSPC || error == EDQUOT ? "disk-full" : "witness-write-failed", std::string(deed) + " " + path + " failed: " + std::strerror(error) + ".",
                    "Free space or fix the file's owner.");
}

std::unexpected<base::Error> unreadable(const std::string& path, const std::string& why) {
  return base::fail("witness-unreadable", path + " is not a witness's file: " + why + ".", "Name another file; keep this one.");
}

}  // namespace

WitnessFile::WitnessFile(WitnessFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)), witness_(std::move(other.witness_)), written_(std::move(other.written_)), end_(other.end_) {}

WitnessFile& WitnessFile::operator=(WitnessFile&& other) noexcept {
  std::swap(file_, other.file_);
  path_ = std::move(other.path_);
  witness_ = std::move(other.witness_);
  written_ = std::move(other.written_);
  end_ = other.end_;
  return *this;
}

WitnessFile::~WitnessFile() {
  if (file_ >= 0) ::close(file_);
}

base::Result<WitnessFile> WitnessFile::open(const std::string& path, const base::VenueId& venue, std::optional<base::PublicKey> pinned) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return file_failure(path, "Opening");
  WitnessFile opened(file, path, Witness(venue, pinned));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return base::fail("witness-in-use", "Another program writes " + path + ".", "Give each witness a file of its own.");
  if (::lseek(file, 0, SEEK_END) == 0) {
    if (auto done = opened.write(canonical_text({{"format", kFormat}, {"venue", venue.value()}})); !done) return std::unexpected(done.error());
    return opened;
  }
  if (auto done = opened.load(true); !done) return std::unexpected(done.error());
  return opened;
}

base::Result<std::optional<Checkpoint>> WitnessFile::last_of(const std::string& path, const base::VenueId& venue) {
  WitnessFile look(-1, path, Witness(venue));
  if (auto done = look.load(false); !done) return std::unexpected(done.error());
  return look.last();
}

base::Result<void> WitnessFile::load(bool writable) {
  const auto text = base::read_text_file(path_, kMaxFile);
  if (!text) return unreadable(path_, text.error());
  std::size_t at = 0;
  for (std::size_t line_number = 1; at < text->size(); ++line_number) {
    const std::size_t end = text->find('\n', at);
    if (end == std::string::npos) break;  // cut short by a crash: it was never acknowledged
    const auto line = nlohmann::json::parse(text->begin() + static_cast<std::ptrdiff_t>(at), text->begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    at = end + 1;
    const std::string where = "line " + std::to_string(line_number);
    if (!line.is_object()) return unreadable(path_, where + " is not a JSON object");
    if (line_number == 1) {
      if (line.value("format", "") != kFormat) return unreadable(path_, "it has no header");
      if (line.value("venue", "") != witness_.venue().value()) {
        return base::fail("witness-other-venue", path_ + " is of the venue " + line.value("venue", "") + ", not " + witness_.venue().value() + ".", "Give each venue a file of its own.");
      }
      continue;
    }
    if (!line.contains("checkpoint") || !line.contains("keys") || !line["keys"].is_array()) return unreadable(path_, where + " is no checkpoint");
    const auto checkpoint = checkpoint_from_json(line["checkpoint"]);
    if (!checkpoint) return unreadable(path_, where + ": " + checkpoint.error().message);
    std::vector<LogKey> keys = witness_.keys().all();
    for (const auto& one : line["keys"]) {
      const auto key = log_key_from_json(one);
      if (!key) return unreadable(path_, where + ": " + key.error().message);
      keys.push_back(*key);
    }
    if (auto done = witness_.recall(*checkpoint, keys); !done) return unreadable(path_, where + ": " + done.error().message);
  }
  if (at == 0) return unreadable(path_, "it has no header");
  written_ = witness_.last();
  end_ = at;
  if (writable && at < text->size() && ::ftruncate(file_, static_cast<off_t>(at)) != 0) return file_failure(path_, "Shortening");
  return {};
}

base::Result<void> WitnessFile::write(const std::string& line) {
  const std::string text = line + "\n";
  if (::pwrite(file_, text.data(), text.size(), static_cast<off_t>(end_)) == static_cast<ssize_t>(text.size()) && ::fsync(file_) == 0) {
    end_ += text.size();
    return {};
  }
  const auto failure = file_failure(path_, "Writing");
  static_cast<void>(::ftruncate(file_, static_cast<off_t>(end_)));
  return failure;
}

base::Result<void> WitnessFile::offer(const Submission& submission) {
  Witness next = witness_;
  if (auto done = next.offer(submission); !done) return done;
  const Checkpoint& taken = submission.checkpoint;
  const bool news = !written_ || written_->size != taken.size || written_->closes != taken.closes || written_->key != taken.key;
  if (news || taken.at < written_->at || taken.at - written_->at >= kSignOfLife) {
    nlohmann::json keys = nlohmann::json::array();
    const auto& all = next.keys().all();
    for (std::size_t i = witness_.keys().all().size(); i < all.size(); ++i) keys.push_back(to_json(all[i]));
    if (auto done = write(canonical_text({{"checkpoint", to_json(taken)}, {"keys", keys}})); !done) return done;
    written_ = taken;
  }
  witness_ = std::move(next);
  return {};
}

}  // namespace promenade::ticketing::store
