#include <algorithm>

#include "content-tools/package/header.h"
#include "content-tools/package/layout.h"
#include "content-tools/package/package.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

using base::ByteView;
using base::Result;

constexpr std::size_t kMaxFindings = 100;

struct Front {
  Manifest manifest;
  std::uint64_t size = 0;  // header and manifest: where the chunks begin
};

Result<void> check_trust(const base::PublicKey& signer, const std::string& name, const TrustedKeys& trusted) {
  if (trusted.empty() || std::ranges::find(trusted, signer) != trusted.end()) return {};
  return base::fail("signer-not-trusted", base::formatted("{} is signed by {}, who is not trusted here.", name, base::to_hex(signer)),
                    "Get the film from its distributor, or trust this key if it is theirs.");
}

// Header fields in the order in which a wrong file should be explained: what is it, which version, is it whole.
Result<Front> read_front(ByteSource& source, const std::string& name, const TrustedKeys& trusted) {
  base::Bytes header(std::min<std::uint64_t>(kHeaderSize, source.size()));
  if (auto read = source.read(0, header); !read) return std::unexpected(read.error());
  const std::size_t seen = std::min(header.size(), kMagic.size());
  if (!std::equal(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(seen), kMagic.begin())) {
    return base::fail("magic-wrong", base::formatted("{} is not a film package.", name), "Give a .prom file.");
  }
  if (header.size() < kHeaderSize) {
    return base::fail("package-too-short", base::formatted("{} ends after {} bytes, within its header.", name, header.size()),
                      "Copy it again; the transfer was cut short.");
  }
  base::ByteReader reader(ByteView(header).subspan(kMagic.size()));
  const std::uint32_t version = reader.u32();
  const std::uint32_t manifest_size = reader.u32();
  base::PublicKey signer;
  std::ranges::copy(reader.raw(signer.size()), signer.begin());
  base::Signature signature;
  std::ranges::copy(reader.raw(signature.size()), signature.begin());
  if (version != kFormatVersion) {
    return base::fail("version-unknown", base::formatted("{} has format version {}.", name, version),
                      base::formatted("This program reads version {}; update it.", kFormatVersion));
  }
  if (manifest_size > kMaxManifestSize) {
    return base::fail("manifest-too-large", base::formatted("{} claims a manifest of {} bytes.", name, manifest_size),
                      base::formatted("The limit is {}; the file is damaged.", kMaxManifestSize));
  }
  if (source.size() < kHeaderSize + manifest_size) {
    return base::fail("package-cut-short", base::formatted("{} ends after {} bytes, within its manifest.", name, source.size()),
                      "Copy it again; the transfer was cut short.");
  }
  base::Bytes message(kSignedHeaderSize + manifest_size);
  std::copy_n(header.begin(), kSignedHeaderSize, message.begin());
  const auto manifest_part = std::span(message).subspan(kSignedHeaderSize);
  if (auto read = source.read(kHeaderSize, manifest_part); !read) return std::unexpected(read.error());
  if (!base::verify(signer, kSignatureDomain, message, signature)) {
    return base::fail("signature-wrong", base::formatted("The signature of {} does not match its manifest.", name),
                      "The film was altered or damaged; get it again from its distributor.");
  }
  if (auto trust = check_trust(signer, name, trusted); !trust) return std::unexpected(trust.error());
  ParsedManifest parsed = parse_manifest(manifest_part, name);
  if (!parsed.manifest) {
    return base::fail("manifest-malformed", "The manifest is signed but not right:\n" + base::to_string(parsed.findings),
                      "Tell the distributor.");
  }
  if (parsed.manifest->signer != signer) {
    return base::fail("signer-mismatch", base::formatted("The manifest of {} names another signer than its header.", name),
                      "Tell the distributor.");
  }
  return Front{std::move(*parsed.manifest), kHeaderSize + manifest_size};
}

// The first key of the manifest that disagrees with the layout that the file sizes give; empty: none.
std::string layout_difference(const Manifest& manifest, const Layout& layout) {
  for (std::size_t f = 0; f < manifest.files.size(); ++f) {
    const FileEntry& file = manifest.files[f];
    const LaidSegment& first = layout.segments[layout.file_first[f]];
    if (file.first_chunk != first.chunk || file.first_segment != first.index || file.segments != segments_of(file.size)) {
      return base::formatted("files[{}]", f);
    }
  }
  if (manifest.chunks.size() != layout.chunks.size()) return "chunks";
  for (std::size_t c = 0; c < manifest.chunks.size(); ++c) {
    const Chunk& chunk = manifest.chunks[c];
    const LaidChunk& laid = layout.chunks[c];
    if (chunk.index != c || chunk.size != laid.size || chunk.plain_size != laid.plain_size ||
        chunk.needed_by != laid.needed_by || chunk.name != chunk_name(chunk.index, chunk.hash)) {
      return base::formatted("chunks[{}]", c);
    }
  }
  return {};
}

Result<Layout> checked_layout(const Front& front, std::uint64_t source_size, const std::string& name) {
  const auto sealed = std::ranges::find_if(front.manifest.chunks, [](const Chunk& c) { return c.key_id.has_value(); });
  if (sealed != front.manifest.chunks.end()) {
    return base::fail("cipher-unknown", base::formatted("{} is encrypted (chunk {}).", name, sealed->index),
                      "This version plays films that are not encrypted; update it.");
  }
  const auto stored = stored_size(front.manifest.files);
  if (!stored) {
    return base::fail("layout-wrong", base::formatted("{} claims files larger than a package can hold.", name),
                      "Tell the distributor.");
  }
  const std::uint64_t expected = front.size + *stored;
  if (source_size < expected) {
    return base::fail("package-cut-short",
                      base::formatted("{} has {} bytes of {}.", name, source_size, expected),
                      "Copy it again; the transfer was cut short.");
  }
  if (source_size > expected) {
    return base::fail("trailing-data", base::formatted("{} has {} bytes after its last chunk.", name, source_size - expected),
                      "Copy it again; something was added to it.");
  }
  Layout layout = lay_out(front.manifest.files);
  if (const std::string key = layout_difference(front.manifest, layout); !key.empty()) {
    return base::fail("layout-wrong", base::formatted("The layout that {} states at {} does not follow from its file sizes.", name, key),
                      "Tell the distributor.");
  }
  return layout;
}

}  // namespace

Result<Manifest> read_manifest(ByteSource& source, const std::string& name, const TrustedKeys& trusted) {
  auto front = read_front(source, name, trusted);
  if (!front) return std::unexpected(front.error());
  return std::move(front->manifest);
}

struct Reader::State {
  std::unique_ptr<ByteSource> source;
  std::string name;
  Front front;
  Layout layout;
  std::vector<std::vector<base::Hash>> tags;  // by chunk; empty until the chunk was checked whole

  Result<base::Bytes> stored(std::uint64_t offset, std::uint64_t size) const {
    PROMENADE_ASSERT(size <= kChunkSize);
    base::Bytes bytes(size);
    if (auto read = source->read(front.size + offset, bytes); !read) return std::unexpected(read.error());
    return bytes;
  }

  std::string where(const LaidSegment& segment) const {
    return base::formatted("segment {} of chunk {} ({}: \"{}\", bytes {} to {})", segment.index, segment.chunk, name,
                       front.manifest.files[segment.file].path, segment.file_offset,
                       segment.file_offset + segment.payload);
  }

  base::Finding damage(const std::string& code, std::uint32_t chunk, std::string message) const {
    return {base::Severity::error, code, name, 0, base::formatted("chunks[{}]", chunk), std::move(message),
            "Copy the film again; if it stays so, get it again from its distributor."};
  }

  // Findings about one chunk whose stored bytes are `bytes`; keeps the tags when there are none.
  base::Findings check_chunk(std::uint32_t index, ByteView bytes) {
    base::Findings findings;
    const LaidChunk& chunk = layout.chunks[index];
    std::vector<base::Hash> found;
    for (std::uint32_t i = 0; i < chunk.count; ++i) {
      const LaidSegment& segment = layout.segments[chunk.first + i];
      const ByteView part = bytes.subspan(segment.offset - chunk.offset, kSegmentHeaderSize + segment.payload);
      if (const auto error = check_segment(part, segment)) {
        findings.push_back(damage(error->code, index, base::formatted("Damage in {}. {}", where(segment), error->message)));
      }
      found.push_back(segment_tag(part));
    }
    if (findings.empty() && base::blake2b(bytes) != front.manifest.chunks[index].hash) {
      const LaidSegment& first = layout.segments[chunk.first];
      findings.push_back(damage("chunk-damaged", index,
                                base::formatted("Chunk {} is not the one that was signed; it begins with {}.", index, where(first))));
    }
    if (findings.empty()) tags[index] = std::move(found);
    return findings;
  }

  Result<void> ensure_chunk(std::uint32_t index) {
    if (!tags[index].empty()) return {};
    const auto bytes = stored(layout.chunks[index].offset, layout.chunks[index].size);
    if (!bytes) return std::unexpected(bytes.error());
    const base::Findings findings = check_chunk(index, *bytes);
    if (findings.empty()) return {};
    return base::fail(findings.front().code, findings.front().message, findings.front().expected);
  }

  Result<base::Bytes> checked_segment(const LaidSegment& segment) {
    if (auto checked = ensure_chunk(segment.chunk); !checked) return std::unexpected(checked.error());
    auto bytes = stored(segment.offset, kSegmentHeaderSize + segment.payload);
    if (!bytes) return bytes;
    if (check_segment(*bytes, segment) || segment_tag(*bytes) != tags[segment.chunk][segment.index]) {
      return base::fail("segment-damaged", base::formatted("Damage in {} since it was checked.", where(segment)),
                        "Copy the film again.");
    }
    return bytes;
  }
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(std::unique_ptr<ByteSource> source, std::string name, const TrustedKeys& trusted) {
  auto front = read_front(*source, name, trusted);
  if (!front) return std::unexpected(front.error());
  auto layout = checked_layout(*front, source->size(), name);
  if (!layout) return std::unexpected(layout.error());
  auto state = std::make_unique<State>();
  state->tags.resize(layout->chunks.size());
  state->source = std::move(source);
  state->name = std::move(name);
  state->front = std::move(*front);
  state->layout = std::move(*layout);
  return Reader(std::move(state));
}

const Manifest& Reader::manifest() const { return state_->front.manifest; }

const FileEntry* Reader::find(std::string_view path) const {
  const auto& files = manifest().files;
  const auto it = std::ranges::find(files, path, &FileEntry::path);
  return it == files.end() ? nullptr : &*it;
}

Result<void> Reader::read(const FileEntry& file, std::uint64_t offset, std::span<std::uint8_t> out) {
  const auto& files = manifest().files;
  PROMENADE_ASSERT(&file >= files.data() && &file < files.data() + files.size());
  if (offset > file.size || out.size() > file.size - offset) {
    return base::fail("out-of-range", base::formatted("\"{}\" has no {} bytes at {}.", file.path, out.size(), offset));
  }
  const std::uint32_t first = state_->layout.file_first[static_cast<std::size_t>(&file - files.data())];
  while (!out.empty()) {
    const LaidSegment& segment = state_->layout.segments[first + offset / kSegmentPayload];
    const auto bytes = state_->checked_segment(segment);
    if (!bytes) return std::unexpected(bytes.error());
    const ByteView payload = ByteView(*bytes).subspan(kSegmentHeaderSize + offset % kSegmentPayload);
    const std::size_t size = std::min(out.size(), payload.size());
    std::ranges::copy(payload.first(size), out.begin());
    out = out.subspan(size);
    offset += size;
  }
  return {};
}

Result<base::Bytes> Reader::read_file(std::string_view path, std::uint64_t size_max) {
  const FileEntry* file = find(path);
  if (!file) return base::fail("file-missing", base::formatted("{} has no file \"{}\".", state_->name, path));
  if (file->size > size_max) {
    return base::fail("file-too-large", base::formatted("\"{}\" has {} bytes; at most {} were expected.", path, file->size, size_max));
  }
  base::Bytes bytes(file->size);
  if (auto result = read(*file, 0, bytes); !result) return std::unexpected(result.error());
  if (base::blake2b(bytes) != file->hash) {
    return base::fail("file-damaged", base::formatted("\"{}\" of {} does not match its hash.", path, state_->name),
                      "Tell the distributor.");
  }
  return bytes;
}

base::Findings Reader::verify_chunk(std::size_t chunk) {
  PROMENADE_ASSERT(chunk < state_->layout.chunks.size());
  const auto index = static_cast<std::uint32_t>(chunk);
  const auto bytes = state_->stored(state_->layout.chunks[chunk].offset, state_->layout.chunks[chunk].size);
  if (!bytes) return {state_->damage(bytes.error().code, index, bytes.error().text())};
  return state_->check_chunk(index, *bytes);
}

base::Findings Reader::verify(const Progress& progress) {
  base::Findings findings;
  const Layout& layout = state_->layout;
  std::optional<base::Hasher> hasher;
  for (std::uint32_t c = 0; c < layout.chunks.size() && findings.size() < kMaxFindings; ++c) {
    const LaidChunk& chunk = layout.chunks[c];
    const auto bytes = state_->stored(chunk.offset, chunk.size);
    if (!bytes) return {state_->damage(bytes.error().code, c, bytes.error().text())};
    base::Findings found = state_->check_chunk(c, *bytes);
    findings.insert(findings.end(), found.begin(), found.end());
    for (std::uint32_t i = chunk.first; i < chunk.first + chunk.count; ++i) {
      const LaidSegment& segment = layout.segments[i];
      const FileEntry& file = manifest().files[segment.file];
      if (segment.file_offset == 0) hasher.emplace();
      hasher->add(ByteView(*bytes).subspan(segment.offset - chunk.offset + kSegmentHeaderSize, segment.payload));
      // Damage to the bytes has been told already; here a writer that hashed wrongly is found.
      if (segment.file_offset + segment.payload == file.size && hasher->finish() != file.hash && findings.empty()) {
        findings.push_back(state_->damage("file-damaged", c, base::formatted("\"{}\" does not match its hash.", file.path)));
      }
    }
    if (progress && !progress(chunk.offset + chunk.size, layout.size)) {
      findings.push_back(state_->damage("cancelled", c, "The work was stopped."));
      break;
    }
  }
  return findings;
}

}  // namespace promenade::package
