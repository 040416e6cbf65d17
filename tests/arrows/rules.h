#pragma once
// The tables that the arrow test enforces. A new module is a new row in kModules: decide there what it may use.

#include <array>
#include <string_view>
#include <vector>

namespace promenade::arrows {

struct Module {
  std::string_view folder;
  bool pure = false;                   // reads no clock, starts no thread, draws no randomness of its own
  std::vector<std::string_view> uses;  // besides itself
};

inline const std::vector<Module> kModules{
    {"tracking/base", true, {}},
    {"tracking/base/http", false, {"tracking/base"}},
    {"tracking", true, {"tracking/base"}},

    {"ticketing/core", true, {"tracking/base"}},
    {"ticketing/store", false, {"ticketing/core", "tracking/base"}},
    {"ticketing/web", true, {"ticketing/core", "tracking/base"}},
    {"ticketing/api", false, {"ticketing/core", "ticketing/store", "ticketing/web", "tracking/base", "tracking/base/http"}},
    {"ticketing/postgres", false, {"tracking/base"}},
    {"ticketing/circuit", false, {"ticketing/core", "ticketing/postgres", "ticketing/store", "ticketing/web", "tracking/base", "tracking/base/http"}},

    {"content-tools/package", true, {"tracking/base"}},
    {"content-tools/samples", false, {"content-tools/package", "tracking/base"}},
    {"content-tools/tool", false, {"content-tools/package", "tracking/base"}},

    {"showcontrol/drawing", false, {"tracking/base"}},
    {"showcontrol/marks", false, {"showcontrol/drawing", "tracking", "tracking/base"}},
    {"showcontrol/link", true, {"tracking/base"}},
    {"showcontrol/link/rim", false, {"showcontrol/link", "tracking/base"}},
    {"showcontrol/protocol", true, {"showcontrol/link", "showcontrol/link/rim", "tracking", "tracking/base", "content-tools/package"}},
    {"showcontrol/client", true, {"showcontrol/protocol", "tracking", "tracking/base", "content-tools/package"}},
    // Its program, not its library, prints marks and draws fits.
    {"showcontrol/planning", true, {"showcontrol/drawing", "showcontrol/marks", "showcontrol/protocol", "tracking", "tracking/base", "content-tools/package"}},
    {"showcontrol/hall", true,
     {"showcontrol/protocol", "showcontrol/planning", "tracking", "tracking/base", "ticketing/core", "content-tools/package"}},
    {"showcontrol/succession", true, {"tracking/base"}},
    {"showcontrol/enrol", false, {"showcontrol/link", "showcontrol/link/rim", "tracking/base"}},
    {"showcontrol/server", false,
     {"showcontrol/link", "showcontrol/link/rim", "showcontrol/protocol", "showcontrol/planning", "showcontrol/hall", "showcontrol/succession", "tracking", "tracking/base", "tracking/base/http",
      "ticketing/core", "ticketing/store", "content-tools/package"}},
    {"showcontrol/rehearsal", false,
     {"showcontrol/link", "showcontrol/link/rim", "showcontrol/protocol", "showcontrol/planning", "showcontrol/hall", "showcontrol/client", "showcontrol/server",
      "tracking", "tracking/base", "tracking/base/http", "ticketing/core", "ticketing/store", "content-tools/package"}},
    {"showcontrol/report", false,
     {"showcontrol/drawing", "tracking", "tracking/base", "ticketing/core", "ticketing/store", "content-tools/package"}},
    {"showcontrol/console", false,
     {"showcontrol/link", "showcontrol/link/rim", "showcontrol/protocol", "tracking", "tracking/base", "content-tools/package"}},

    {"runtime/film", false, {"tracking", "tracking/base", "content-tools/package"}},
    {"runtime/gpu", false, {"runtime/film", "tracking", "tracking/base"}},
    {"runtime/xr", false, {"runtime/gpu", "tracking", "tracking/base"}},
    {"runtime/sound", false, {"runtime/film", "tracking", "tracking/base", "content-tools/package"}},
    {"runtime/ui", false, {"runtime/gpu", "showcontrol/client", "showcontrol/protocol", "tracking", "tracking/base", "content-tools/package"}},
    {"runtime/guest", false, {"runtime/xr", "showcontrol/client", "showcontrol/protocol", "tracking", "tracking/base"}},
    {"runtime/headset", false,
     {"runtime/xr", "runtime/gpu", "runtime/film", "runtime/sound", "runtime/ui", "runtime/guest", "showcontrol/client",
      "showcontrol/link", "showcontrol/link/rim", "showcontrol/protocol", "tracking", "tracking/base", "tracking/base/http", "content-tools/package"}},
};

struct Home {
  std::string_view header;               // the include's beginning, between the angle brackets
  std::vector<std::string_view> places;  // folders, or files, that may include it
  bool single_file = false;              // besides, no more than one file in all, those that `places` names apart
};

inline const std::vector<Home> kHomes{
    {"enet/", {"showcontrol/protocol", "tests/bench/raw_enet_main.cpp"}, true},  // the bench's to stand beside, bare
    {"mbedtls/", {"showcontrol/link"}},
    {"psa/", {"showcontrol/link"}},
    {"sqlite3.h", {"ticketing/store"}},
    {"gpiod.h", {"showcontrol/server"}, true},
    {"httplib.h", {"tracking/base/http"}},
    {"openssl/", {"tracking/base/http", "tracking/base/crypto.cpp"}},
    {"sodium.h", {"tracking/base"}},
    {"cairo", {"showcontrol/drawing"}, true},
    {"apriltag/", {"showcontrol/marks"}, true},
    {"qrencode.h", {"ticketing/web", "showcontrol/enrol"}},  // two programs that share no folder
    {"simdjson.h", {"ticketing/circuit"}, true},
    {"libpq-fe.h", {"ticketing/postgres"}},
    {"toml++/", {"tracking/base/toml.h"}},
    {"imgui", {"showcontrol/console", "runtime/ui"}},
    {"openxr/", {"runtime/xr", "runtime/guest"}},
    {"vulkan/", {"runtime/gpu"}},
    {"vk_mem_alloc.h", {"runtime/gpu"}},
    {"png.h", {"runtime/gpu", "showcontrol/console", "content-tools/samples"}},  // three programs that share no folder
    {"meshoptimizer.h", {"runtime/film"}},
    {"zlib.h", {}},                      // by way of others only
    {"zstd.h", {}},
    {"stb/", {}},
    {"GLFW/", {"showcontrol/console"}},
    {"EGL/", {"showcontrol/console"}},
    {"GL/", {"showcontrol/console"}},
    {"tiny_gltf.h", {"runtime/film"}, true},
    {"libavcodec/", {"runtime/film"}, true},
    {"libavformat/", {"runtime/film"}, true},
    {"libsw", {"runtime/film"}},
    {"AL/", {"runtime/sound"}},
    {"filament/", {"tests/bench"}},
    {"gltfio/", {"tests/bench"}},
    {"nanoflann.hpp", {"tests/bench"}},
    {"highs/", {"tests/bench/exact_packing.cpp"}},
};

// The command-line library belongs to a program's entry: a file main.cpp, or one named for its options or
// commands.
inline constexpr std::string_view kCommandLineHeader = "CLI/";
inline constexpr std::array<std::string_view, 4> kCommandLineFiles{"main.", "options", "command", "bench"};

// What a pure module never says. Blanks in the source do not hide it.
inline constexpr std::array<std::string_view, 13> kImpure{
    "#include<thread>",   "#include<sys/socket.h>", "std::thread",           "std::jthread",         "this_thread::",
    "random_device",      "steady_clock::now",      "system_clock::now",     "high_resolution_clock", "utc_clock::now",
    "clock_gettime",      "std::time(",             "gettimeofday"};

}  // namespace promenade::arrows
