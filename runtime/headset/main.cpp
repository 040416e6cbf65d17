// promenade-headset: what a viewer wears. Options and wiring only.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string_view>

#include <CLI/CLI.hpp>

#include "runtime/headset/options.h"
#include "runtime/headset/program.h"
#include "runtime/headset/view_command.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/renewal.h"
#include "showcontrol/protocol/hall_connection.h"

namespace promenade::headset {
namespace {

Signals signals;

void on_signal(int number) {
  if (number == SIGUSR1) signals.picture = true;
  else signals.stop = true;
}

constexpr const char* kFooter =
    "promenade-headset view FILM.prom draws pictures of a film's scenes instead, without headset or hall.\n\n"
    "A runtime, headset, hall or sound device that is missing or goes is said here and to the hall, and waited for.\n"
    "Exit codes, once it is stopped or --seconds have run out:\n"
    "  0  nothing was wrong at the end\n"
    "  1  validation messages with --validate, or a file that could not be written\n"
    "  2  wrong usage\n"
    "  3  films, fonts or a folder missing\n"
    "  4  no Vulkan device (ends at once)\n"
    "  5  no OpenXR runtime ever answered\n"
    "  6  no hall ever answered\n"
    "  7  the runtime never found a headset\n"
    "  8  no sound device (never with --sound none)\n"
    "  9  a film is newer than this program\n"
    "  10 a film is damaged or missing, or parts of it are\n"
    "Of several the one without which the least works: 1, 4, 5, 7, 6, 9, 10, 8.\n"
    "To check the surroundings: --seconds 10.";

int complain(int code, const std::string& text) {
  std::fprintf(stderr, "promenade-headset: %s\n", text.c_str());
  return code;
}

int run_headset(const Options& options) {
  auto halls = protocol::hall_addresses(options.hall);
  if (!halls) return complain(kUsage, "--hall: " + halls.error().text());
  for (const protocol::HallAddress& hall : *halls) {
    const auto renewed = link::renew_if_due(options.link, hall.host, hall.port);
    if (renewed) break;  // of two, one answers: the one that leads
    if (hall == halls->back()) complain(kUsage, renewed.error().text());
  }
  auto security = link::device_settings(options.link);
  if (!security) return complain(kUsage, security.error().text());
  const link::Subject& enrolled = (*security)->own().subject;
  if (enrolled.role != link::Role::headset || enrolled.name != std::to_string(options.headset)) {
    return complain(kUsage, "The folder " + options.link + " was enrolled for " + std::string(link::to_string(enrolled.role)) + " " + enrolled.name + ", and this is headset " +
                                std::to_string(options.headset) + ". Give this headset's own folder, or enrol it.");
  }
  if (!options.screenshot_dir.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(options.screenshot_dir, failed);
    if (failed) return complain(kSurroundings, "The folder " + options.screenshot_dir + " cannot be made: " + failed.message() + ".");
  }
  // Without a device of any kind there is nothing to wait for: a runtime cannot bring one.
  gpu::DeviceSettings probe;
  probe.validation = options.validate;
  const auto device = gpu::Device::create(probe);
  if (!device) complain(kNoVulkan, device.error().text());
  AppSettings settings;
  settings.headset = base::HeadsetId(options.headset);
  settings.films = options.films;
  settings.language = options.language;
  settings.sound = options.sound == "default";
  auto app = App::create(std::move(settings));
  if (!app) return complain(device ? kSurroundings : kNoVulkan, app.error().text());
  setenv("XR_LOADER_DEBUG", "none", 0);  // it would say each second what is said here once
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) std::signal(number, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  Program program(options, std::move(*app), std::move(*halls), std::move(*security), signals);
  return device ? program.run() : program.run_without_picture();
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--hall", options.hall, "HOST:PORT of the hall; of one with a standby both, HOST:PORT,HOST:PORT");
  app.add_option("--headset", options.headset, "Number on the headset's shell")->check(CLI::Range(1, 65535));
  app.add_option("--link", options.link, "Folder that this headset was enrolled into (promenade enrol)");
  app.add_option("--films", options.films, "Folder of film packages");
  app.add_option("--language", options.language, "Until the viewer chooses: zh or en")->capture_default_str()->check(CLI::IsMember({"zh", "en"}));
  app.add_option("--screenshot-dir", options.screenshot_dir, "Keep pictures of notable moments there, and of each SIGUSR1");
  app.add_option("--stats", options.stats, "JSON file of how the run goes, written every 5 s and at the end");
  app.add_flag("--validate", options.validate, "Vulkan and OpenXR validation layers; their messages are printed and counted");
  app.add_option("--seconds", options.seconds, "End by itself after so long; 0: never")->capture_default_str()->check(CLI::Range(0.0, 864000.0));
  app.add_option("--sound", options.sound, "Sound device")->capture_default_str()->check(CLI::IsMember({"default", "none"}));
  app.add_option("--status-fd", options.status_fd, "Tell what is shown, as lines of JSON, on this open file descriptor")->check(CLI::Range(0, 65535));
  app.footer(kFooter);
}

int run(int argc, char** argv) {
  CLI::App app{"The headset program: shows a viewer his film, and keeps him safe, on any OpenXR runtime."};
  app.name("promenade-headset");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  for (const auto& [name, missing] : {std::pair{"--hall", options.hall.empty()}, {"--headset", options.headset == 0}, {"--link", options.link.empty()}, {"--films", options.films.empty()}}) {
    if (missing) return complain(kUsage, std::string(name) + " is required. Run with --help for more.");
  }
  return run_headset(options);
}

}  // namespace
}  // namespace promenade::headset

int main(int argc, char** argv) {
  try {
    if (argc > 1 && std::string_view(argv[1]) == "view") return promenade::headset::view_command(argc - 1, argv + 1);
    return promenade::headset::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-headset: %s\n", error.what());
    return promenade::headset::kFailed;
  }
}
