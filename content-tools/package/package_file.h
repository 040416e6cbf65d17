#pragma once
// Packages as files: the rim between package.h and the file system.
// Failures name the file and say what to do; nothing half-written is left behind.

#include <cstdio>
#include <memory>
#include <string>

#include "content-tools/package/package.h"

namespace promenade::package {

// Opens for reading; "file-unreadable".
base::Result<std::unique_ptr<ByteSource>> open_file_source(const std::string& path);

// The manifest of the package at `path`, with signature and trust checked: cheap, reads no chunk.
base::Result<Manifest> load_manifest(const std::string& path, const TrustedKeys& trusted = {});
base::Result<Reader> open_package(const std::string& path, const TrustedKeys& trusted = {});

// Every "*.prom" of a folder, by film code; `findings` has those that cannot be used and codes that come twice.
struct FilmFolder {
  struct Film {
    std::string path;
    Manifest manifest;
  };
  std::vector<Film> films;
  base::Findings findings;
};
base::Result<FilmFolder> load_film_folder(const std::string& path, const TrustedKeys& trusted = {});

// Public keys are 64 hex digits, given as such or as the name of a file that holds them.
base::Result<base::PublicKey> load_public_key(const std::string& hex_or_path);

// A file that appears under its name only when `commit` succeeds: written beside it, synced, renamed.
// "disk-full" and "file-unwritable" leave nothing behind, nor does destruction without commit.
class AtomicFile final : public ByteSink {
 public:
  static base::Result<std::unique_ptr<AtomicFile>> create(const std::string& path);
  ~AtomicFile() override;
  base::Result<void> write(base::ByteView bytes) override;
  base::Result<void> commit();

 private:
  AtomicFile(std::string path, std::string temporary, int descriptor);
  std::string path_;
  std::string temporary_;
  int descriptor_;
};

}  // namespace promenade::package
