#include "content-tools/package/package.h"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "tests/package/films.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::package;
using namespace promenade::package::testing;

namespace {

base::Bytes pattern(std::size_t size, std::uint8_t start) {
  base::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(start + i * 31 + i / 251);
  return bytes;
}

}  // namespace

TEST_CASE("what is packed reads back the same, whole and in parts") {
  CHECK(rc::check("pack and read", [] {
    const auto sizes = *rc::gen::resize(6, rc::gen::container<std::vector<std::size_t>>(rc::gen::oneOf(
        rc::gen::inRange<std::size_t>(0, 200), rc::gen::inRange<std::size_t>(kSegmentPayload - 1, kSegmentPayload + 2),
        rc::gen::inRange<std::size_t>(200'000, 1'300'000))));
    std::vector<NamedFile> files;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      files.push_back({base::formatted("media/{}.bin", i), pattern(sizes[i], static_cast<std::uint8_t>(i)),
                       {static_cast<std::uint32_t>(*rc::gen::inRange(0, 2)), *rc::gen::inRange(0, 8) * 1.0}});
    }
    const auto bytes = packed(walking_film(), files);
    RC_ASSERT(bytes.has_value());
    auto reader = opened(*bytes, {key().public_key()});
    RC_ASSERT(reader.has_value());
    for (const NamedFile& file : files) {
      const FileEntry* entry = reader->find(file.path);
      RC_ASSERT(entry != nullptr);
      const std::size_t from = *rc::gen::inRange<std::size_t>(0, file.bytes.size() + 1);
      const std::size_t count = *rc::gen::inRange<std::size_t>(0, file.bytes.size() - from + 1);
      base::Bytes part(count);
      RC_ASSERT(reader->read(*entry, from, part).has_value());
      RC_ASSERT(std::equal(part.begin(), part.end(), file.bytes.begin() + static_cast<std::ptrdiff_t>(from)));
      const auto whole = reader->read_file(file.path, 2'000'000);
      RC_ASSERT((whole && *whole == file.bytes));
    }
    RC_ASSERT(reader->verify().empty());
  }));
}

TEST_CASE("packing is the same each time and orders chunks by first use") {
  const std::vector<NamedFile> files = {{"late.bin", pattern(900'000, 1), {1, 0.0}},
                                        {"early.bin", pattern(900'000, 2), {0, 0.0}},
                                        {"middle.bin", pattern(10, 3), {0, 5.0}}};
  const auto bytes = packed(walking_film(), files);
  REQUIRE(bytes);
  CHECK(*bytes == *packed(walking_film(), {files[2], files[0], files[1]}));
  const auto reader = opened(*bytes);
  REQUIRE(reader);
  const Manifest& m = reader->manifest();
  CHECK(m.files[0].path == "early.bin");
  CHECK(m.files[1].path == "middle.bin");
  CHECK(m.files[2].path == "late.bin");
  for (std::size_t c = 0; c + 1 < m.chunks.size(); ++c) CHECK(m.chunks[c].needed_by <= m.chunks[c + 1].needed_by);
  CHECK(m.chunks.back().needed_by == StoryTime{1, 0.0});
}

TEST_CASE("the manifest comes alone, without any chunk") {
  const auto bytes = packed(walking_film(), {{"a.bin", pattern(300'000, 1), {}}});
  REQUIRE(bytes);
  base::Bytes front(bytes->begin(), bytes->begin() + 8192);
  MemorySource source(front);
  const auto manifest = read_manifest(source, "trial.prom", {key().public_key()});
  REQUIRE(manifest);
  CHECK(manifest->title("en") == "Trial");
  CHECK(opened(front).error().code == "package-cut-short");
}

TEST_CASE("asking for what is not there") {
  const auto bytes = packed(walking_film(), {{"a.bin", pattern(100, 1), {}}});
  auto reader = opened(*bytes);
  REQUIRE(reader);
  base::Bytes out(10);
  CHECK(reader->read(reader->manifest().files[0], 91, out).error().code == "out-of-range");
  CHECK(reader->read_file("b.bin", 100).error().code == "file-missing");
  CHECK(reader->read_file("a.bin", 99).error().code == "file-too-large");
  CHECK(reader->find("b.bin") == nullptr);
}

TEST_CASE("a wrong manifest, a changing file or a stop writes no package") {
  Manifest wrong = walking_film();
  wrong.titles.clear();
  CHECK(packed(wrong, {}).error().code == "manifest-wrong");
  CHECK(packed(walking_film(), {{"../a", {}, {}}}).error().code == "manifest-wrong");

  class Changing final : public ByteSource {
   public:
    std::uint64_t size() const override { return 1; }
    base::Result<void> read(std::uint64_t, std::span<std::uint8_t> out) override {
      out[0] = count_++;
      return {};
    }

   private:
    std::uint8_t count_ = 0;
  } changing;
  MemorySink sink;
  CHECK(write_package(walking_film(), {{"a", {}, &changing}}, key(), sink).error().code == "file-changed");

  MemorySource steady({1, 2, 3});
  MemorySink unused;
  const auto stopped = write_package(walking_film(), {{"a", {}, &steady}}, key(), unused,
                                     [](std::uint64_t, std::uint64_t) { return false; });
  CHECK(stopped.error().code == "cancelled");
  CHECK(unused.bytes().empty());
}
