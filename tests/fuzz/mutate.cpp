#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz_main.h"
#include "tracking/base/formatted.h"

namespace promenade::fuzz {
namespace {

using base::Bytes;
using base::Random;
using Offset = Bytes::difference_type;

std::size_t index_in(std::size_t size, Random& random) { return static_cast<std::size_t>(random.below(size)); }

void flip(Bytes& input, Random& random) {
  if (input.empty()) return;
  input[index_in(input.size(), random)] ^= static_cast<std::uint8_t>(1u << random.below(8));
}

// Lengths, counts and signs go wrong at these values, in one to eight bytes of little-endian.
void overwrite(Bytes& input, Random& random) {
  constexpr std::array<std::uint64_t, 12> kTelling{0,      1,          0x7f,       0x80,       0xff,       0x7fff, 0x8000,
                                                   0xffff, 0x7fffffff, 0x80000000, 0xffffffff, ~std::uint64_t{0}};
  if (input.empty()) return;
  const std::size_t at = index_in(input.size(), random);
  const std::size_t width = std::min(std::size_t{1} << random.below(4), input.size() - at);
  const std::uint64_t value = kTelling[index_in(kTelling.size(), random)];
  for (std::size_t i = 0; i < width; ++i) input[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void insert(Bytes& input, Random& random) {
  const auto at = static_cast<Offset>(index_in(input.size() + 1, random));
  Bytes extra(1 + index_in(16, random));
  for (std::uint8_t& byte : extra) byte = static_cast<std::uint8_t>(random.below(256));
  input.insert(input.begin() + at, extra.begin(), extra.end());
}

void repeat(Bytes& input, Random& random) {
  if (input.empty()) return;
  const std::size_t from = index_in(input.size(), random);
  const std::size_t size = 1 + index_in(std::min<std::size_t>(64, input.size() - from), random);
  const Bytes part(input.begin() + static_cast<Offset>(from), input.begin() + static_cast<Offset>(from + size));
  input.insert(input.begin() + static_cast<Offset>(index_in(input.size() + 1, random)), part.begin(), part.end());
}

void splice(Bytes& input, const Bytes& other, Random& random) {
  input.resize(index_in(input.size() + 1, random));
  input.insert(input.end(), other.begin() + static_cast<Offset>(index_in(other.size() + 1, random)), other.end());
}

base::Result<std::uint64_t> number(const std::string& name, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return base::fail("option-malformed", base::formatted("{} wants a whole number, not \"{}\".", name, text));
  }
  return value;
}

}  // namespace

base::Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      options.corpus.push_back(argument);
      continue;
    }
    if ((argument != "--runs" && argument != "--seed") || i + 1 == arguments.size()) {
      return base::fail("option-unknown", base::formatted("\"{}\" is not an option, or lacks its value.", argument),
                        "Use: TARGET CORPUS... [--runs N] [--seed S].");
    }
    const auto value = number(argument, arguments[++i]);
    if (!value) return std::unexpected(value.error());
    (argument == "--runs" ? options.runs : options.seed) = *value;
  }
  return options;
}

base::Result<std::vector<Bytes>> read_corpus(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (fs::is_directory(path)) {
      for (const auto& entry : fs::directory_iterator(path)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    } else {
      files.emplace_back(path);
    }
  }
  std::ranges::sort(files);
  std::vector<Bytes> corpus;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return base::fail("corpus-unreadable", base::formatted("The corpus file {} cannot be read.", file.string()));
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) corpus.emplace_back();
  return corpus;
}

Bytes mutate(const std::vector<Bytes>& corpus, std::size_t largest, Random& random) {
  Bytes input = corpus[index_in(corpus.size(), random)];
  const std::uint64_t changes = 1 + random.below(4);
  for (std::uint64_t i = 0; i < changes; ++i) {
    switch (random.below(6)) {
      case 0: flip(input, random); break;
      case 1: overwrite(input, random); break;
      case 2: input.resize(index_in(input.size() + 1, random)); break;
      case 3: insert(input, random); break;
      case 4: repeat(input, random); break;
      default: splice(input, corpus[index_in(corpus.size(), random)], random); break;
    }
  }
  if (input.size() > largest) input.resize(largest);
  return input;
}

}  // namespace promenade::fuzz
