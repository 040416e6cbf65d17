// What a damaged or forged package is told: each kind of harm has its own code.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "content-tools/package/header.h"
#include "content-tools/package/package.h"
#include "tests/package/films.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

namespace {

const base::Bytes& sound() {
  static const base::Bytes bytes =
      *packed(walking_film(), {{"a.bin", base::Bytes(900, 1), {}}, {"b.bin", base::Bytes(70'000, 2), {1, 0.0}}});
  return bytes;
}

std::size_t manifest_size() { return base::ByteReader(base::ByteView(sound()).subspan(12)).u32(); }

// The first code that opening and verifying gives; empty: all right.
std::string code_of(base::Bytes bytes, std::string* text = nullptr) {
  auto reader = opened(std::move(bytes));
  if (!reader) return reader.error().code;
  const base::Findings findings = reader->verify();
  if (findings.empty()) return "";
  if (text) *text = base::to_string(findings);
  return findings.front().code;
}

// The package with its manifest's text changed and signed again by `signer`.
base::Bytes forged(std::string_view from, std::string_view to, const base::KeyPair& signer = key()) {
  std::string manifest(base::as_text(base::ByteView(sound()).subspan(kHeaderSize, manifest_size())));
  const std::size_t at = manifest.find(from);
  REQUIRE(at != std::string::npos);
  manifest.replace(at, from.size(), to);
  base::Bytes message = signed_header(kFormatVersion, static_cast<std::uint32_t>(manifest.size()), signer.public_key());
  base::Bytes out = message;
  base::ByteWriter(message).raw(base::as_bytes(manifest));
  base::ByteWriter(out).raw(signer.sign(kSignatureDomain, message));
  base::ByteWriter(out).raw(base::as_bytes(manifest));
  base::ByteWriter(out).raw(base::ByteView(sound()).subspan(kHeaderSize + manifest_size()));
  return out;
}

}  // namespace

TEST_CASE("a sound package is right") { CHECK(code_of(sound()).empty()); }

TEST_CASE("a package cut short at any length says so") {
  for (std::size_t length = 0; length < sound().size(); length += length < 200 ? 1 : 997) {
    const std::string code = code_of(base::Bytes(sound().begin(), sound().begin() + static_cast<std::ptrdiff_t>(length)));
    INFO("cut to " << length);
    CHECK(code == (length < kHeaderSize ? "package-too-short" : "package-cut-short"));
  }
  CHECK(code_of(base::Bytes(sound().begin(), sound().end() - 1)) == "package-cut-short");
}

TEST_CASE("a flipped bit anywhere is found, and named by where it lies") {
  const std::size_t chunks_at = kHeaderSize + manifest_size();
  for (std::size_t at = 0; at < sound().size(); at += at < chunks_at + 1200 ? 1 : 331) {
    base::Bytes bytes = sound();
    bytes[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    std::string text;
    const std::string code = code_of(std::move(bytes), &text);
    INFO("flipped at " << at << ": " << code);
    if (at < 8) CHECK(code == "magic-wrong");
    else if (at < 12) CHECK(code == "version-unknown");
    else if (at < 16) CHECK((code == "manifest-too-large" || code == "package-cut-short" || code == "signature-wrong"));
    else if (at < chunks_at) CHECK(code == "signature-wrong");
    else {
      CHECK(code == "segment-damaged");
      CHECK(text.contains(at < chunks_at + kSegmentHeaderSize + 900 ? "\"a.bin\"" : "\"b.bin\""));
      CHECK(text.contains("chunk 0"));
    }
  }
}

TEST_CASE("bytes after the end are found") {
  base::Bytes bytes = sound();
  bytes.push_back(0);
  CHECK(code_of(bytes) == "trailing-data");
}

TEST_CASE("a segment altered together with its tag is not the one that was signed") {
  base::Bytes bytes = sound();
  const std::size_t at = kHeaderSize + manifest_size();
  bytes[at + kSegmentHeaderSize] ^= 1;
  const base::ByteView segment = base::ByteView(bytes).subspan(at, kSegmentHeaderSize + 900);
  const base::Hash tag = base::Hasher().add(segment.first(64)).add(segment.subspan(kSegmentHeaderSize)).finish();
  std::ranges::copy(tag, bytes.begin() + static_cast<std::ptrdiff_t>(at) + 64);
  CHECK(code_of(bytes) == "chunk-damaged");
  auto reader = opened(bytes);
  CHECK(reader->read_file("a.bin", 1000).error().code == "chunk-damaged");
}

TEST_CASE("reading a damaged file fails, reading another one of a sound chunk does not") {
  const auto two_chunks = packed(walking_film(), {{"a.bin", base::Bytes(1'047'040, 1), {}}, {"b.bin", base::Bytes(10, 2), {1, 0.0}}});
  base::Bytes bytes = *two_chunks;
  bytes[bytes.size() - 200] ^= 1;  // in the last segment of a.bin
  auto reader = opened(bytes);
  REQUIRE(reader);
  CHECK(reader->read_file("a.bin", 2'000'000).error().code == "segment-damaged");
  CHECK(reader->read_file("b.bin", 100));
  CHECK_FALSE(reader->verify_chunk(0).empty());
  CHECK(reader->verify_chunk(1).empty());
}

TEST_CASE("bytes that change after a chunk was checked are found") {
  class Shared final : public ByteSource {
   public:
    explicit Shared(base::Bytes& bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    base::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
      std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
      return {};
    }

   private:
    base::Bytes& bytes_;
  };
  base::Bytes bytes = sound();
  auto reader = Reader::open(std::make_unique<Shared>(bytes), "trial.prom");
  REQUIRE(reader);
  REQUIRE(reader->read_file("b.bin", 100'000));
  bytes.back() ^= 1;
  CHECK(reader->read_file("b.bin", 100'000).error().code == "segment-damaged");
}

TEST_CASE("who signed is who is asked for") {
  CHECK(opened(sound(), {key(7).public_key()}));
  CHECK(opened(sound(), {key(8).public_key(), key(7).public_key()}));
  CHECK(opened(sound(), {key(8).public_key()}).error().code == "signer-not-trusted");
  base::Bytes bytes = sound();
  std::ranges::copy(key(8).public_key(), bytes.begin() + 16);
  CHECK(code_of(bytes) == "signature-wrong");
  CHECK(code_of(forged("Trial", "Trail", key(8))) == "signer-mismatch");
}

TEST_CASE("signed but wrong manifests are refused each for its reason") {
  CHECK(code_of(forged("Trial", "Trail")).empty());
  CHECK(code_of(forged("\"length_s\":18.0", "\"length_s\":99.0")) == "manifest-malformed");
  CHECK(code_of(forged("\"first_segment\":1", "\"first_segment\":2")) == "layout-wrong");
  CHECK(code_of(forged("\"plain_size\":70900", "\"plain_size\":70901")) == "layout-wrong");
  CHECK(code_of(forged("\"size\":900", "\"size\":901")) == "package-cut-short");
  CHECK(code_of(forged("\"size\":900", "\"size\":9000000000000000")) == "layout-wrong");
  CHECK(code_of(forged("\"size\":900", "\"size\":899")) == "trailing-data");
  CHECK(code_of(forged("\"index\":0,", base::formatted("\"index\":0,\"key_id\":\"{}\",", std::string(32, 'a')))) == "cipher-unknown");
}

TEST_CASE("a file hash that the writer got wrong is found") {
  const std::string hash = base::to_hex(base::blake2b(base::Bytes(900, 1)));
  const base::Bytes bytes = forged(hash, std::string(64, '0'));
  CHECK(code_of(bytes) == "file-damaged");
  auto reader = opened(bytes);
  CHECK(reader->read_file("a.bin", 1000).error().code == "file-damaged");
}
