#pragma once
// The film package `.prom`: reading, verifying and writing it. Pure: bytes come from a ByteSource and go to a
// ByteSink; package_file.h joins them to files (and has load_manifest(path)). Layout of the bytes: content-tools/package/format.md.
//
// Error codes of opening: package-too-short, magic-wrong, version-unknown, manifest-too-large, package-cut-short,
// trailing-data, signature-wrong, signer-not-trusted, signer-mismatch, manifest-malformed, layout-wrong,
// cipher-unknown.
// Of reading: chunk-damaged, segment-damaged, file-damaged, file-missing, file-too-large, out-of-range, and the
// source's own (file-unreadable, source-cut-short).
// A reader allocates by sizes only after they were checked against the format's limits.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "content-tools/package/byte_source.h"
#include "content-tools/package/manifest.h"

namespace promenade::package {

inline constexpr std::string_view kSignatureDomain = "promenade-film-1";
inline constexpr std::size_t kHeaderSize = 112;             // before the manifest
inline constexpr std::size_t kSegmentSize = 64u << 10;      // stored, at most
inline constexpr std::size_t kSegmentHeaderSize = 96;
inline constexpr std::size_t kSegmentPayload = kSegmentSize - kSegmentHeaderSize;
inline constexpr std::size_t kChunkSize = 1u << 20;         // stored, at most

// Who may sign: empty accepts any signer whose signature is right.
using TrustedKeys = std::vector<base::PublicKey>;

// Called with bytes done and bytes in all; return false to stop ("cancelled").
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

// The manifest alone, after signature and trust are checked; reads no chunk and looks at no chunk's size.
base::Result<Manifest> read_manifest(ByteSource& source, const std::string& name, const TrustedKeys& trusted = {});

class Reader {
 public:
  // Checks header, signature, trust, manifest, layout and total size. `name` is used in messages.
  static base::Result<Reader> open(std::unique_ptr<ByteSource> source, std::string name,
                                   const TrustedKeys& trusted = {});
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  const Manifest& manifest() const;
  const FileEntry* find(std::string_view path) const;  // nullptr: no such file

  // Fills `out` from `offset` of the file. On the first touch of a chunk the whole chunk is checked against the
  // signed hash; later reads in it take single segments, checked against the tags kept from then.
  base::Result<void> read(const FileEntry& file, std::uint64_t offset, std::span<std::uint8_t> out);
  // The whole file, checked against its hash; "file-too-large" above `size_max`.
  base::Result<base::Bytes> read_file(std::string_view path, std::uint64_t size_max);

  // Checks one chunk against its signed hash and each of its segments. Findings name package, chunk, segment and
  // the file that is hurt; at most one for a segment.
  base::Findings verify_chunk(std::size_t chunk);
  // Every chunk, segment and file hash; empty when all is right. Stops after 100 findings.
  base::Findings verify(const Progress& progress = {});

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct InputFile {
  std::string path;            // inside the package
  StoryTime needed_by;
  ByteSource* source = nullptr;  // not owned; read twice
};

// Writes a package: files ordered by first use (then by path), chunks, file table, signature. `manifest` brings
// the story; its chunks, files and signer are filled in here. Nothing is written unless the manifest is right
// ("manifest-wrong": the message lists the findings). "file-changed": a file differed between the two readings.
// Returns the manifest as written.
base::Result<Manifest> write_package(Manifest manifest, std::vector<InputFile> files, const base::KeyPair& key,
                                     ByteSink& sink, const Progress& progress = {});

}  // namespace promenade::package
