#pragma once
// The nine sample films as their sources give them, packed in memory with a key that is always the same.

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "content-tools/package/source.h"

namespace promenade::film_tool::testing {

inline constexpr std::array kSamples = {"lantern-street", "tide-caves",  "clockmakers-yard", "snow-line",      "orchard-of-birds",
                                        "night-train",    "slow-planet", "reed-lake",        "inside-the-bell"};

inline package::Manifest packed_sample(const std::string& name) {
  auto source = package::load_film_source(std::string(PROMENADE_SOURCE_DIR) + "/content-tools/samples/" + name);
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
  const std::string path = std::string(PROMENADE_SOURCE_DIR) + "/tests/film_tool/golden/" + name;
  if (std::getenv("PROMENADE_WRITE_GOLDENS")) std::ofstream(path, std::ios::binary) << text;
  std::ifstream in(path, std::ios::binary);
  const std::string golden{std::istreambuf_iterator<char>(in), {}};
  CHECK(text == golden);
}

}  // namespace promenade::film_tool::testing
