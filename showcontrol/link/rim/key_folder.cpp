#include "showcontrol/link/rim/key_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "tracking/base/formatted.h"
#include "tracking/base/text_file.h"

namespace promenade::link {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kFileMax = 1 << 20;
constexpr const char *kRoot = "/root.pem", *kRootKey = "/root.key", *kOwn = "/own.pem", *kOwnKey = "/own.key", *kIssued = "/issued", *kRevoked = "/revoked.txt", *kLock = "/lock", *kNext = ".next";

std::string said(int error) { return std::generic_category().message(error); }

// Nobody but its owner may look into it or change it.
base::Result<void> check_mode(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return base::fail("key-folder-missing", base::formatted("{} cannot be read: {}.", path, said(errno)), "Enrol this device (promenade enrol), or give the folder it was enrolled into.");
  }
  if ((status.st_mode & 077) != 0) {
    return base::fail("key-folder-open", base::formatted("{} can be read or changed by others (mode {:04o}).", path, status.st_mode & 07777),
                      base::formatted("If nobody has: chmod -R go-rwx {}. Else revoke the certificate and enrol anew.", fs::path(path).parent_path().string()));
  }
  return {};
}

base::Result<std::string> read_file(const std::string& path) {
  if (auto mode = check_mode(path); !mode) return std::unexpected(mode.error());
  auto text = base::read_text_file(path, kFileMax);
  if (!text) return base::fail("key-folder-missing", base::formatted("{} cannot be read: {}.", path, text.error()), "Give the folder that this device was enrolled into.");
  return *text;
}

base::Result<void> make_folder(const std::string& folder) {
  std::error_code failed;
  if (const auto above = fs::path(folder).parent_path(); !above.empty()) fs::create_directories(above, failed);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::fail("file-unwritable", base::formatted("The folder {} cannot be made: {}.", folder, said(errno)), "Check the disk and who may write there.");
  }
  return check_mode(folder);
}

// Durable, and whole or not at all.
base::Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const auto failed = [&] {
    const int error = errno;
    ::unlink(fresh.c_str());
    return base::fail("file-unwritable", base::formatted("{} cannot be written: {}.", path, said(error)), "Check the disk and who may write there.");
  };
  ::unlink(fresh.c_str());
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed();
  const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) return failed();
  const int folder = ::open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

// Whoever changes a hall's folder holds it: threads of one program, and other programs. Each one has a descriptor of its own.
class FolderLock {
 public:
  static base::Result<FolderLock> take(const std::string& folder) {
    const std::string path = folder + kLock;
    FolderLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    int taken = lock.descriptor_ < 0 ? -1 : 0;
    while (lock.descriptor_ >= 0 && (taken = ::flock(lock.descriptor_, LOCK_EX)) != 0 && errno == EINTR) {}
    if (taken != 0) return base::fail("file-unwritable", base::formatted("{} cannot be locked: {}.", path, said(errno)), "Check the disk and who may write there.");
    return lock;
  }
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace

RandomSource& system_random() {
  static SystemRandom source;
  return source;
}

base::Result<Credentials> load_credentials(const std::string& folder) {
  if (auto mode = check_mode(folder); !mode) return std::unexpected(mode.error());
  Credentials credentials;
  for (const auto& [name, text] : {std::pair(kRoot, &credentials.root), std::pair(kOwn, &credentials.certificate), std::pair(kOwnKey, &credentials.key)}) {
    auto read = read_file(folder + name);
    if (!read) return std::unexpected(read.error());
    *text = std::move(*read);
  }
  return credentials;
}

base::Result<void> save_credentials(const std::string& folder, const Credentials& credentials) {
  if (auto made = make_folder(folder); !made) return made;
  // The key first: a certificate without its key is the only half that would be taken for a whole.
  for (const auto& [name, text] : {std::pair(kOwnKey, &credentials.key), std::pair(kRoot, &credentials.root), std::pair(kOwn, &credentials.certificate)}) {
    if (auto written = write_file(folder + name, *text); !written) return written;
  }
  return {};
}

base::Result<std::shared_ptr<const SessionSettings>> device_settings(const std::string& folder) {
  const auto credentials = load_credentials(folder);
  if (!credentials) return std::unexpected(credentials.error());
  return SessionSettings::make(SessionSettings::End::device, *credentials, system_random());
}

base::Result<HallKeys> HallKeys::open(const std::string& folder) {
  if (auto mode = check_mode(folder); !mode) return std::unexpected(mode.error());
  auto root = read_file(folder + kRoot);
  if (!root) return std::unexpected(root.error());
  auto key = read_file(folder + kRootKey);
  if (!key) return std::unexpected(key.error());
  auto authority = Authority::from(std::move(*root), std::move(*key), system_random());
  if (!authority) return std::unexpected(authority.error());
  return HallKeys(folder, std::move(*authority));
}

base::Result<HallKeys> HallKeys::open_or_make(const std::string& folder, std::string_view venue, base::UtcTime now) {
  if (fs::exists(folder + kRoot)) return open(folder);
  if (!valid_name(venue)) return base::fail("name-invalid", base::formatted("\"{}\" is no name for a venue's root.", venue), "Use 1 to 40 letters, digits, blanks and . _ -");
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  if (auto made = make_folder(folder + kIssued); !made) return std::unexpected(made.error());
  HallKeys keys(folder, Authority::make(venue, now, system_random()));
  // The certificate last: it is what says that a root is there.
  if (auto written = write_file(folder + kRootKey, keys.authority_.key()); !written) return std::unexpected(written.error());
  if (auto written = write_file(folder + kRoot, keys.authority_.root()); !written) return std::unexpected(written.error());
  return keys;
}

bool HallKeys::own_needs_renewal(base::UtcTime now) const {
  const auto own = read_file(folder_ + kOwn);
  const auto identity = own ? read_certificate(*own) : base::Result<Identity>(std::unexpected(own.error()));
  return !identity || identity->not_after - now < kRenewBefore;
}

base::Result<std::shared_ptr<const SessionSettings>> HallKeys::own_settings(base::UtcTime now, std::string_view in_use) const {
  const auto loaded = [&]() -> base::Result<std::shared_ptr<const SessionSettings>> {
    const auto credentials = load_credentials(folder_);
    if (!credentials) return std::unexpected(credentials.error());
    if (const auto own = read_certificate(credentials->certificate); own && own->serial == in_use) return nullptr;
    return SessionSettings::make(SessionSettings::End::hall, *credentials, system_random());
  };
  // Only read where that is all: a hall starts from a folder that it cannot write to. Between a new key and its certificate they do not fit.
  if (!own_needs_renewal(now)) {
    if (auto own = loaded()) return own;
  }
  const auto lock = FolderLock::take(folder_);
  if (!lock) return std::unexpected(lock.error());
  if (own_needs_renewal(now)) {
    const auto made = issue_locked(Role::hall, "hall", now);
    if (!made) return std::unexpected(made.error());
    if (auto saved = save_credentials(folder_, *made); !saved) return std::unexpected(saved.error());
  }
  return loaded();
}

base::Result<void> HallKeys::note(const std::string& certificate) const {
  const auto identity = read_certificate(certificate);
  if (!identity) return std::unexpected(identity.error());
  return write_file(folder_ + kIssued + "/" + identity->serial + ".pem", certificate);
}

base::Result<Credentials> HallKeys::issue(Role role, std::string_view name, base::UtcTime now) const {
  const auto lock = FolderLock::take(folder_);
  return lock ? issue_locked(role, name, now) : std::unexpected(lock.error());
}

base::Result<Credentials> HallKeys::issue_locked(Role role, std::string_view name, base::UtcTime now) const {
  auto made = authority_.issue(role, name, now, system_random());
  if (!made) return made;
  if (auto noted = note(made->certificate); !noted) return std::unexpected(noted.error());
  return made;
}

base::Result<std::string> HallKeys::certify(Role role, std::string_view name, std::string_view public_key, base::UtcTime now) const {
  const auto lock = FolderLock::take(folder_);
  return lock ? certify_locked(role, name, public_key, now) : std::unexpected(lock.error());
}

base::Result<std::string> HallKeys::certify_locked(Role role, std::string_view name, std::string_view public_key, base::UtcTime now) const {
  auto made = authority_.certify({role, std::string(name), authority_.venue()}, public_key, now, system_random());
  if (!made) return made;
  if (auto noted = note(*made); !noted) return std::unexpected(noted.error());
  return made;
}

base::Result<std::string> HallKeys::renew(const Identity& identity, base::UtcTime now) const {
  if (identity.not_after - now >= kRenewBefore) return base::fail("too-early", "This certificate lasts long enough.");
  const auto lock = FolderLock::take(folder_);
  if (!lock) return std::unexpected(lock.error());
  const auto list = revoked();
  if (!list) return std::unexpected(list.error());
  if (list->serials.contains(identity.serial)) return base::fail("revoked", base::formatted("The certificate of {} {} is revoked; it is not renewed.", to_string(identity.subject.role), identity.subject.name));
  const std::string issued = folder_ + kIssued + "/" + identity.serial;
  const auto old = read_file(issued + ".pem");
  if (!old) return std::unexpected(old.error());
  if (auto next = next_of(identity, *list, now)) return std::move(*next);
  const auto key = certified_key(*old);
  if (!key) return std::unexpected(key.error());
  auto made = certify_locked(identity.subject.role, identity.subject.name, *key, now);
  if (!made) return made;
  if (auto noted = write_file(issued + kNext, *made); !noted) return std::unexpected(noted.error());
  return made;
}

std::optional<std::string> HallKeys::next_of(const Identity& identity, const RevocationList& list, base::UtcTime now) const {
  auto next = read_file(folder_ + kIssued + "/" + identity.serial + kNext);
  const auto read = next ? read_certificate(*next) : base::Result<Identity>(std::unexpected(next.error()));
  if (!read || read->not_after - now < kRenewBefore || list.serials.contains(read->serial)) return std::nullopt;
  return std::move(*next);
}

std::vector<Identity> HallKeys::issued() const {
  std::vector<Identity> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_ + kIssued, failed)) {
    const auto text = entry.path().extension() == ".pem" ? base::read_text_file(entry.path().string(), kFileMax) : std::unexpected(std::string());
    if (auto identity = text ? read_certificate(*text) : base::Result<Identity>(base::fail("", ""))) found.push_back(std::move(*identity));
  }
  std::ranges::sort(found, {}, [](const Identity& i) { return std::tuple(i.subject.role, i.subject.name, i.not_before); });
  return found;
}

base::Result<RevocationList> HallKeys::revoked() const {
  if (!fs::exists(folder_ + kRevoked)) return RevocationList{};
  const auto text = read_file(folder_ + kRevoked);
  if (!text) return std::unexpected(text.error());
  return read_revocation_list(*text, authority_.root());
}

base::Result<std::size_t> HallKeys::revoke(Role role, std::string_view name, base::UtcTime now) const {
  const auto lock = FolderLock::take(folder_);
  if (!lock) return std::unexpected(lock.error());
  auto list = revoked();
  if (!list) return std::unexpected(list.error());
  std::size_t count = 0;
  for (const Identity& one : issued()) {
    if (one.subject.role == role && one.subject.name == name && one.not_after > now) count += list->serials.insert(one.serial).second ? 1 : 0;
    else if (one.not_after <= now) list->serials.erase(one.serial);  // its time has done it
  }
  if (count == 0) {
    return base::fail("never-enrolled", base::formatted("No valid certificate of {} {} was ever issued here that is not revoked already.", to_string(role), name), "promenade enrol list names all.");
  }
  ++list->number;
  if (auto written = write_file(folder_ + kRevoked, authority_.sign(*list, system_random())); !written) return std::unexpected(written.error());
  return count;
}

}  // namespace promenade::link
