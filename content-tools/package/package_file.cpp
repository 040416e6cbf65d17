#include "content-tools/package/package_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "content-tools/package/text.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

using base::Result;

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, std::uint64_t size, std::string path)
      : descriptor_(descriptor), size_(size), path_(std::move(path)) {}
  ~FileSource() override { ::close(descriptor_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  std::uint64_t size() const override { return size_; }

  Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        return base::fail("file-unreadable", base::formatted("{} cannot be read ({}).", path_, std::strerror(errno)),
                          "Check the disk.");
      }
      if (got == 0) {
        return base::fail("source-cut-short", base::formatted("{} ends before byte {}.", path_, offset + out.size()),
                          "Copy it again; it was cut short.");
      }
      offset += static_cast<std::uint64_t>(got);
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

 private:
  int descriptor_;
  std::uint64_t size_;
  std::string path_;
};

std::unexpected<base::Error> unwritable(const std::string& path, int error) {
  if (error == ENOSPC || error == EDQUOT) {
    return base::fail("disk-full", base::formatted("There is no room on the disk for {}.", path),
                      "Free some space and try again; nothing was left behind.");
  }
  return base::fail("file-unwritable", base::formatted("{} cannot be written ({}).", path, std::strerror(error)),
                    "Check the folder and its permissions.");
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file_source(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const char* why = descriptor < 0 ? std::strerror(errno) : "it is not a file";
    if (descriptor >= 0) ::close(descriptor);
    return base::fail("file-unreadable", base::formatted("{} cannot be read ({}).", path, why), "Check the name and its permissions.");
  }
  return std::make_unique<FileSource>(descriptor, static_cast<std::uint64_t>(status.st_size), path);
}

Result<Manifest> load_manifest(const std::string& path, const TrustedKeys& trusted) {
  auto source = open_file_source(path);
  if (!source) return std::unexpected(source.error());
  return read_manifest(**source, path, trusted);
}

Result<Reader> open_package(const std::string& path, const TrustedKeys& trusted) {
  auto source = open_file_source(path);
  if (!source) return std::unexpected(source.error());
  return Reader::open(std::move(*source), path, trusted);
}

Result<FilmFolder> load_film_folder(const std::string& path, const TrustedKeys& trusted) {
  std::error_code error;
  std::vector<std::string> paths;
  for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".prom") paths.push_back(it->path().string());
  }
  if (error) {
    return base::fail("folder-unreadable", base::formatted("The film folder {} cannot be read ({}).", path, error.message()),
                      "Check the name and its permissions.");
  }
  std::ranges::sort(paths);
  FilmFolder folder;
  std::map<std::string, FilmFolder::Film> films;
  const auto add = [&](const std::string& code, const std::string& file, std::string message, std::string advice) {
    folder.findings.push_back({base::Severity::error, code, file, 0, "", std::move(message), std::move(advice)});
  };
  for (const std::string& file : paths) {
    auto manifest = load_manifest(file, trusted);
    if (!manifest) {
      add(manifest.error().code, file, manifest.error().message, manifest.error().advice);
    } else if (const auto other = films.find(manifest->film.value()); other != films.end()) {
      add("film-twice", file, base::formatted("Film {} is in {} already.", manifest->film.value(), other->second.path),
          "Remove one of the two.");
    } else {
      const std::string code = manifest->film.value();
      films.emplace(code, FilmFolder::Film{file, std::move(*manifest)});
    }
  }
  for (auto& [code, film] : films) folder.films.push_back(std::move(film));
  return folder;
}

Result<base::PublicKey> load_public_key(const std::string& hex_or_path) {
  std::string text = hex_or_path;
  if (std::ifstream in(hex_or_path); in) std::getline(in, text);
  const auto bytes = base::from_hex(trimmed(text));
  if (!bytes || bytes->size() != sizeof(base::PublicKey)) {
    return base::fail("key-malformed", base::formatted("{} is neither a public key nor a file with one.", hex_or_path),
                      "Give 64 hex digits, or the .pub file that keygen wrote.");
  }
  base::PublicKey key;
  std::ranges::copy(*bytes, key.begin());
  return key;
}

AtomicFile::AtomicFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::create(const std::string& path) {
  std::string temporary = base::formatted("{}.{}.part", path, ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return unwritable(path, errno);
  return std::unique_ptr<AtomicFile>(new AtomicFile(path, std::move(temporary), descriptor));
}

Result<void> AtomicFile::write(base::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return unwritable(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) return unwritable(path_, errno);
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) return unwritable(path_, errno);
  temporary_.clear();
  return {};
}

}  // namespace promenade::package
