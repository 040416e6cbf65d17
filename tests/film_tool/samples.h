#pragma once
// The nine sample films as their sources give them, packed in memory with a key that is always the same. Their worlds,
// sounds and pictures are made by a program in minutes; here a few bytes stand for each of them.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "content-tools/package/source.h"

namespace promenade::film_tool::testing {

inline constexpr std::array kSamples = {"lantern-street", "tide-caves",  "clockmakers-yard", "snow-line",      "orchard-of-birds",
                                        "night-train",    "slow-planet", "reed-lake",        "inside-the-bell"};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A copy of the sample's folder with a stand-in for each of its media, made on first use; gone when the tests end.
inline std::string sample_folder(const std::string& name) {
  namespace fs = std::filesystem;
  static const struct Copies {
    fs::path folder = fs::temp_directory_path() / ("promenade-samples-" + std::to_string(::getpid()));
    ~Copies() {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    }
  } copies;
  const fs::path to = copies.folder / name;
  if (fs::exists(to)) return to.string();
  fs::create_directories(copies.folder);
  fs::copy(fs::path(PROMENADE_SOURCE_DIR) / "content-tools/samples" / name, to, fs::copy_options::recursive);
  for (const package::MediaReference& media : package::read_film_toml(content_of(to / "film.toml"), "film.toml").media) {
    fs::create_directories((to / media.path).parent_path());
    std::ofstream(to / media.path) << "stands for " << media.path;
  }
  return to.string();
}

inline package::Manifest packed_sample(const std::string& name) {
  auto source = package::load_film_source(sample_folder(name));
  REQUIRE(source);
  INFO(base::to_string(source->findings));
  REQUIRE(source->findings.empty());
  base::KeySeed seed{};
  package::MemorySink sink;
  auto manifest = package::write_package(source->manifest, source->inputs(), base::KeyPair::from_seed(seed), sink);
  REQUIRE(manifest);
  return *manifest;
}

// Compares with tests/film_tool/golden/NAME; PROMENADE_WRITE_GOLDENS=1 writes it instead.
inline void check_golden(const std::string& name, const std::string& text) {
  const std::string path = PROMENADE_SOURCE_DIR "/tests/film_tool/golden/" + name;
  if (std::getenv("PROMENADE_WRITE_GOLDENS")) std::ofstream(path, std::ios::binary) << text;
  CHECK(text == content_of(path));
}

}  // namespace promenade::film_tool::testing
