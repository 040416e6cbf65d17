#pragma once
// A small deterministic driver for fuzz targets where libFuzzer is not linked: runs every corpus file, then
// seeded mutations of them. The same seed gives the same inputs on every machine. One thread; an input that
// ends the program is left in `fuzz-failure.bin` in the working folder and can be given as a corpus file.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/random.h"
#include "tracking/base/result.h"

// What every target defines; the return value is ignored, a wrong answer is asserted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace promenade::fuzz {

struct Options {
  std::vector<std::string> corpus;  // files, or folders whose files are taken in the order of their names
  std::uint64_t runs = 20000;       // mutations after the corpus
  std::uint64_t seed = 1;
  std::size_t largest_input = 4096;  // bytes; mutations never grow beyond it or the largest corpus file
};

base::Result<Options> parse_options(const std::vector<std::string>& arguments);

// Reads the corpus; an empty one holds the empty input, so that there is always something to mutate.
base::Result<std::vector<base::Bytes>> read_corpus(const std::vector<std::string>& paths);

// One to four changes drawn from: flip a bit, overwrite with a telling integer, truncate, insert, repeat a
// part, splice with another corpus input. The result has at most `largest` bytes.
base::Bytes mutate(const std::vector<base::Bytes>& corpus, std::size_t largest, base::Random& random);

}  // namespace promenade::fuzz
