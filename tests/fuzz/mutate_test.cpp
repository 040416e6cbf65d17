#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>

#include "tests/fuzz/fuzz_main.h"

using namespace promenade;
using base::Bytes;

TEST_CASE("a seed gives the same mutations, another seed gives others") {
  const std::vector<Bytes> corpus{{1, 2, 3, 4, 5, 6, 7, 8}, {9, 10}, {}};
  base::Random first(7);
  base::Random same(7);
  base::Random other(8);
  int differing = 0;
  for (int i = 0; i < 200; ++i) {
    const Bytes input = fuzz::mutate(corpus, 64, first);
    REQUIRE(input == fuzz::mutate(corpus, 64, same));
    if (input != fuzz::mutate(corpus, 64, other)) ++differing;
  }
  CHECK(differing > 100);
}

TEST_CASE("mutations stay within the largest size and are many") {
  Bytes distinct(60);
  std::iota(distinct.begin(), distinct.end(), std::uint8_t{1});
  const std::vector<Bytes> corpus{distinct};
  base::Random random(1);
  std::set<Bytes> seen;
  for (int i = 0; i < 500; ++i) {
    Bytes input = fuzz::mutate(corpus, 64, random);
    REQUIRE(input.size() <= 64);
    seen.insert(std::move(input));
  }
  CHECK(seen.size() > 350);  // a flip or a cut alone often comes twice
}

TEST_CASE("options are read, and what is not an option is said") {
  const auto options = fuzz::parse_options({"corpus", "--runs", "12", "--seed", "3"});
  REQUIRE(options);
  CHECK(options->corpus == std::vector<std::string>{"corpus"});
  CHECK(options->runs == 12);
  CHECK(options->seed == 3);
  CHECK(fuzz::parse_options({"--runs", "many"}).error().code == "option-malformed");
  CHECK(fuzz::parse_options({"--runs"}).error().code == "option-unknown");
  CHECK(fuzz::parse_options({"--speed", "1"}).error().code == "option-unknown");
}

TEST_CASE("a corpus is read in the order of names; an empty one holds the empty input") {
  const auto folder = std::filesystem::path(PROMENADE_BINARY_DIR) / "fuzz_corpus_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  CHECK(fuzz::read_corpus({folder.string()}) == std::vector<Bytes>{{}});
  std::ofstream(folder / "b") << "two";
  std::ofstream(folder / "a") << "one";
  CHECK(fuzz::read_corpus({folder.string()}) == std::vector<Bytes>{{'o', 'n', 'e'}, {'t', 'w', 'o'}});
  CHECK(fuzz::read_corpus({(folder / "none").string()}).error().code == "corpus-unreadable");
  std::filesystem::remove_all(folder);
}
