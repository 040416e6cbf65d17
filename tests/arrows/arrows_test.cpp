#include "tests/arrows/arrows.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "tests/arrows/rules.h"

using namespace promenade::arrows;

namespace {

std::vector<SourceFile> product_files() {
  namespace fs = std::filesystem;
  constexpr std::array kFolders{"tracking", "ticketing", "content-tools", "showcontrol", "runtime"};
  const std::set<std::string> endings{".h", ".cpp", ".inl", ".hpp"};
  const fs::path top = PROMENADE_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const char* folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
      if (!entry.is_regular_file() || !endings.contains(entry.path().extension().string())) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back({fs::relative(entry.path(), top).generic_string(),
                       {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<Violation> check_text(std::string path, std::string text) { return check({std::move(path), std::move(text)}); }

}  // namespace

TEST_CASE("every product file keeps to the arrows, the homes and purity") {
  const auto files = product_files();
  REQUIRE(files.size() > 20);
  for (const SourceFile& file : files) {
    for (const Violation& violation : check(file)) FAIL_CHECK(to_string(violation));
  }
  for (const Violation& violation : check_single_homes(files)) FAIL_CHECK(to_string(violation));
}

TEST_CASE("the table itself has no cycle and never points where the architecture forbids") {
  std::map<std::string_view, std::vector<std::string_view>> waiting;
  for (const Module& module : kModules) waiting[module.folder] = module.uses;
  while (!waiting.empty()) {  // take away what depends on nothing left; a cycle never goes away
    const auto free = std::ranges::find_if(waiting, [&](const auto& row) {
      return std::ranges::none_of(row.second, [&](auto used) { return waiting.contains(used); });
    });
    REQUIRE(free != waiting.end());
    waiting.erase(free);
  }
  for (const Module& module : kModules) {
    for (const std::string_view used : module.uses) {
      INFO(module.folder << " -> " << used);
      CHECK_FALSE(used.starts_with("tests"));
      CHECK(std::ranges::any_of(kModules, [&](const Module& m) { return m.folder == used; }));
      if (module.folder.starts_with("ticketing")) CHECK((used.starts_with("ticketing") || used.starts_with("tracking/base")));
      if (module.folder.starts_with("content-tools")) CHECK((used.starts_with("content-tools") || used.starts_with("tracking/base")));
      if (module.folder.starts_with("showcontrol")) CHECK_FALSE(used.starts_with("runtime"));
      if (module.folder.starts_with("runtime") && used.starts_with("showcontrol")) {
        CHECK((used == "showcontrol/client" || used == "showcontrol/protocol" || used.starts_with("showcontrol/link")));
      }
    }
  }
}

TEST_CASE("a path belongs to the longest module that holds it") {
  CHECK(module_of("tracking/base/http/server.cpp") == "tracking/base/http");
  CHECK(module_of("tracking/base/id.h") == "tracking/base");
  CHECK(module_of("tracking/venue.h") == "tracking");
  CHECK(module_of("trackingx/venue.h").empty());
  CHECK(module_of("vector").empty());
}

TEST_CASE("a forbidden arrow is caught, with its line") {
  const auto violations = check_text("showcontrol/hall/made_up.cpp",
                                     "#include \"showcontrol/hall/hall.h\"\n#include <vector>\n  # include \"showcontrol/server/loop.h\"\n");
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].line == 3);
  CHECK(violations[0].what.contains("no arrow goes from showcontrol/hall to showcontrol/server"));
  CHECK(check_text("ticketing/core/a.h", "#include \"content-tools/package/manifest.h\"\n").size() == 1);
  CHECK(check_text("content-tools/package/a.h", "#include \"tracking/venue.h\"\n").size() == 1);
  CHECK(check_text("tracking/a.h", "#include \"tests/arrows/arrows.h\"\n").size() == 1);
  CHECK(check_text("runtime/ui/a.h", "#include \"showcontrol/hall/hall.h\"\n").size() == 1);
  CHECK(check_text("showcontrol/client/a.h", "#include \"client.h\"\n").size() == 1);
}

TEST_CASE("an allowed arrow, and one in a comment, are let be") {
  CHECK(check_text("showcontrol/hall/a.cpp", "#include \"ticketing/core/money.h\"\n#include \"tracking/venue.h\"\n").empty());
  CHECK(check_text("tracking/a.cpp", "// #include \"showcontrol/hall/hall.h\"\n").empty());
}

TEST_CASE("a folder that no row knows is said so") {
  const auto violations = check_text("ticketing/new_part/a.cpp", "");
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].what.contains("rules.h"));
}

TEST_CASE("a library outside its home is caught") {
  CHECK(check_text("ticketing/api/a.cpp", "#include <sqlite3.h>\n").size() == 1);
  CHECK(check_text("ticketing/store/a.cpp", "#include <sqlite3.h>\n").empty());
  CHECK(check_text("showcontrol/server/a.cpp", "#include <enet/enet.h>\n").size() == 1);
  CHECK(check_text("showcontrol/server/a.cpp", "#include <httplib.h>\n").size() == 1);
  CHECK(check_text("ticketing/core/a.cpp", "#include <sodium.h>\n").size() == 1);
  CHECK(check_text("showcontrol/hall/a.cpp", "#include <toml++/toml.hpp>\n").size() == 1);
  CHECK(check_text("showcontrol/server/loop.cpp", "#include <CLI/CLI.hpp>\n").size() == 1);
  CHECK(check_text("showcontrol/server/main.cpp", "#include <CLI/CLI.hpp>\n").empty());
}

TEST_CASE("a second file with a library of a single file is caught") {
  const SourceFile first{"showcontrol/protocol/link.cpp", "#include <enet/enet.h>\n"};
  const SourceFile second{"showcontrol/protocol/other.cpp", "#include <vector>\n#include <enet/enet.h>\n"};
  CHECK(check_single_homes({first}).empty());
  const auto violations = check_single_homes({first, second});
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].path == second.path);
  CHECK(violations[0].line == 2);
  const SourceFile named{"tests/bench/raw_enet_main.cpp", "#include <enet/enet.h>\n"};
  CHECK(check_single_homes({named, first}).empty());
}

TEST_CASE("a clock, a thread or chance in a pure module is caught") {
  for (const char* text : {"#include <thread>\n", "const auto now = std::chrono::steady_clock::now();\n",
                           "auto t = std::chrono::system_clock :: now();\n", "std::random_device device;\n",
                           "std::this_thread::sleep_for(1s);\n"}) {
    INFO(text);
    CHECK(check_text("showcontrol/planning/a.cpp", text).size() == 1);
    CHECK(check_text("tracking/a.cpp", text).size() == 1);
    CHECK(check_text("showcontrol/server/a.cpp", text).empty());
    CHECK(check_text("tracking/base/http/a.cpp", text).empty());
  }
  CHECK(check_text("showcontrol/protocol/a.cpp", "#include <thread>\n").size() == 1);
  CHECK(check_text("showcontrol/protocol/link.cpp", "#include <enet/enet.h>\n#include <thread>\n").empty());
  CHECK(check_text("tracking/a.cpp", "// steady_clock::now() is read at the rim\n").empty());
}
