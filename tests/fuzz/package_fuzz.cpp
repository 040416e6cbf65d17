// Everything of content-tools/package that reads foreign bytes. The first byte says which reader: 'p' a package as it
// is, 'm' a manifest alone, 's' a manifest that somebody signed (with no chunks behind it, or as many bytes as
// follow the manifest's end), 't' film.toml, 'u' subtitles. What is accepted must hold its own contract.

#include <algorithm>
#include <memory>
#include <string>

#include "content-tools/package/header.h"
#include "content-tools/package/package.h"
#include "content-tools/package/source.h"
#include "content-tools/package/subtitles.h"
#include "tracking/base/assert.h"

namespace {

using namespace promenade;
using namespace promenade::package;

void open_and_read(base::Bytes bytes) {
  const std::size_t size = bytes.size();
  auto reader = Reader::open(std::make_unique<MemorySource>(std::move(bytes)), "fuzz.prom");
  if (!reader) return;
  std::uint64_t plain = 0;
  for (const FileEntry& file : reader->manifest().files) plain += file.size;
  PROMENADE_ASSERT(plain <= size);
  const bool sound = reader->verify().empty();
  for (const FileEntry& file : reader->manifest().files) {
    const auto whole = reader->read_file(file.path, size);
    if (sound) PROMENADE_ASSERT(whole && whole->size() == file.size);
  }
}

void parse(base::ByteView bytes) {
  const ParsedManifest parsed = parse_manifest(bytes, "fuzz.json");
  PROMENADE_ASSERT(parsed.manifest.has_value() != base::has_errors(parsed.findings));
  if (parsed.manifest) PROMENADE_ASSERT(std::ranges::equal(manifest_bytes(*parsed.manifest), bytes));
}

// The manifest ends with the last '}'; what follows is taken as chunks.
void sign_and_open(base::ByteView bytes) {
  const std::string_view text = base::as_text(bytes);
  const std::size_t end = std::min(text.rfind('}'), text.size() - 1) + 1;
  const base::KeyPair key = base::KeyPair::from_seed({});
  base::Bytes message = signed_header(kFormatVersion, static_cast<std::uint32_t>(end), key.public_key());
  base::Bytes package = message;
  base::ByteWriter(message).raw(bytes.first(end));
  base::ByteWriter(package).raw(key.sign(kSignatureDomain, message));
  base::ByteWriter(package).raw(bytes);
  open_and_read(std::move(package));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const base::ByteView bytes(data + 1, size - 1);
  switch (data[0]) {
    case 'p': open_and_read({bytes.begin(), bytes.end()}); break;
    case 'm': parse(bytes); break;
    case 's': sign_and_open(bytes); break;
    case 't': read_film_toml(base::as_text(bytes), "film.toml"); break;
    case 'u': parse_subtitles(base::as_text(bytes), "fuzz.srt"); break;
    default: break;
  }
  return 0;
}
