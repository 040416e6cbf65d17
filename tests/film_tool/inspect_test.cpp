#include "content-tools/tool/inspect.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/film_tool/samples.h"

using namespace promenade;
using namespace promenade::film_tool;
using namespace promenade::film_tool::testing;

TEST_CASE("a sample's canonical manifest and its table are as recorded") {
  const package::Manifest walking = packed_sample("lantern-street");
  check_golden("lantern-street.manifest.json", std::string(base::as_text(package::manifest_bytes(walking))) + "\n");
  check_golden("lantern-street.inspect.txt", inspect_text(walking, 7919));
  check_golden("reed-lake.inspect.txt", inspect_text(packed_sample("reed-lake"), 0));
}
