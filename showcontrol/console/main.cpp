// promenade-console: the hall on a tablet. Wiring of the command line, the clock, the link and the surface only.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <print>
#include <stdexcept>
#include <thread>

#include "showcontrol/console/app.h"
#include "showcontrol/console/link.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/renewal.h"
#include "tracking/base/formatted.h"

namespace {

using namespace promenade;
using namespace promenade::console;
using Clock = std::chrono::steady_clock;

constexpr int kDone = 0, kUsage = 2, kSurroundings = 3;

struct Options {
  std::string hall, link, key_file, key, name = "console", language = "zh", time_zone = "Asia/Shanghai", size = "1280x800", screenshot, state, record, layout, show;
  double after_s = 3.0;
  bool fullscreen = false;
  std::vector<protocol::HallAddress> halls;
  const std::chrono::time_zone* zone = nullptr;
  int width = 0, height = 0;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--hall", options.hall, "HOST:PORT of the hall (its UDP port, 9560 by default); of one with a standby both, HOST:PORT,HOST:PORT");
  app.add_option("--link", options.link, "Folder that this device was enrolled into (promenade enrol)");
  app.add_option("--staff-key-file,--key-file", options.key_file, "File with the hall's staff key");
  app.add_option("--staff-key", options.key, "The staff key itself")->envname("PROMENADE_STAFF_KEY");
  app.add_option("--name", options.name, "What others are told when this console takes an alarm, at most 32 bytes")->capture_default_str();
  app.add_option("--language", options.language, "zh or en; the button on the screen changes it")->check(CLI::IsMember({"zh", "en"}))->capture_default_str();
  app.add_option("--time-zone", options.time_zone, "The venue's time zone: times are shown in it, as in the box office's pages")->capture_default_str();
  app.add_option("--size", options.size, "WIDTHxHEIGHT of the window or picture, at least 1024x700")->capture_default_str();
  app.add_flag("--fullscreen", options.fullscreen, "The whole screen");
  app.add_option("--screenshot", options.screenshot, "Write one picture (PNG) and end; needs no display");
  app.add_option("--after", options.after_s, "With --screenshot: seconds to listen to the hall before")->check(CLI::Range(0.0, 3600.0))->capture_default_str();
  app.add_option("--state", options.state, "With --screenshot: show this recording instead of a hall");
  app.add_option("--show", options.show, "What is open at first: headsets, queue, day, or a headset's number");
  app.add_option("--record", options.record, "Write all that is heard to this file, for --state");
  app.add_option("--layout", options.layout, "Keep where things are on the screen in this file (JSON), for hands that are programs");
}

std::string check(Options& options) {
  if (options.name.size() > 32 || options.name.empty()) return "--name must have 1 to 32 bytes.";
  if (std::sscanf(options.size.c_str(), "%dx%d", &options.width, &options.height) != 2 || options.width < 1024 || options.height < 700 || options.width > 8192 || options.height > 8192) {
    return "--size must be WIDTHxHEIGHT, from 1024x700 to 8192x8192.";
  }
  try {
    options.zone = std::chrono::locate_zone(options.time_zone);
  } catch (const std::runtime_error&) {
    return "--time-zone " + options.time_zone + " is not a time zone that this machine knows. Give a name such as Asia/Shanghai, and see that the package tzdata is installed.";
  }
  if (!options.state.empty() && options.screenshot.empty()) return "--state goes with --screenshot.";
  if (!options.state.empty()) return {};
  if (options.hall.empty()) return "--hall HOST:PORT is missing.";
  auto halls = protocol::hall_addresses(options.hall);
  if (!halls) return "--hall: " + halls.error().text();
  if (options.link.empty()) return "--link FOLDER is missing: the folder that this device was enrolled into (promenade enrol).";
  options.halls = std::move(*halls);
  if (!options.key_file.empty()) {
    std::ifstream in(options.key_file);
    if (!std::getline(in, options.key)) return "The staff key cannot be read from " + options.key_file + ".";
  }
  if (options.key.empty() || options.key.size() > 64) return "The staff key is missing (--staff-key-file), or longer than 64 bytes.";
  return {};
}

int fail(const base::Error& error, int status) {
  std::println(stderr, "promenade-console: {}", error.text());
  return status;
}

// Console seconds began with the program; the venue's time of one of them.
std::string wall_clock(const std::chrono::time_zone& zone, Clock::time_point begin, double console_s) {
  const auto ago = Clock::now() - begin - std::chrono::duration<double>(console_s);
  const auto at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() - std::chrono::duration_cast<std::chrono::system_clock::duration>(ago));
  return base::formatted("{:%H:%M:%S}", zone.to_local(at));
}

void open_at(UiState& ui, const std::string& what) {
  if (what == "queue") ui.tab = Tab::queue;
  else if (what == "day") ui.tab = Tab::day;
  else if (const int number = std::atoi(what.c_str()); number > 0 && number < 65536) ui.choose(HeadsetId(static_cast<std::uint16_t>(number)));
}

int screenshot(const Options& options, App& app, std::optional<HallLink>& link, const std::function<double()>& now_s) {
  if (!options.state.empty()) {
    if (auto done = replay(options.state, app.model(), now_s()); !done) return fail(done.error(), kUsage);
  }
  while (link && now_s() < options.after_s) {
    link->poll(now_s());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  auto surface = open_offscreen(options.width, options.height);
  if (!surface) return fail(surface.error(), kSurroundings);
  for (int i = 0; i < 3; ++i) app.frame(**surface, now_s());  // sizes of what scrolls settle
  if (auto written = write_png((*surface)->image(), options.screenshot); !written) return fail(written.error(), kSurroundings);
  if (!options.layout.empty()) write(app.layout(), options.layout);
  return kDone;
}

int window(const Options& options, App& app, HallLink& link, const std::function<double()>& now_s) {
  auto surface = open_window({options.width, options.height, options.fullscreen});
  if (!surface) return fail(surface.error(), kSurroundings);
  Layout written;
  for (bool open = true; open;) {
    link.poll(now_s());
    open = app.frame(**surface, now_s());
    link.poll(now_s());  // what was wished goes out now
    if (options.layout.empty() || app.layout() == written) continue;
    written = app.layout();
    write(written, options.layout);
  }
  return kDone;
}

int run(const Options& options) {
  const auto begin = Clock::now();
  const auto now_s = [begin] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  AppOptions made{options.name, options.key, options.language == "zh" ? Language::zh : Language::en, options.hall, [begin, zone = options.zone](double s) { return wall_clock(*zone, begin, s); }};
  auto app = App::make(std::move(made));
  if (!app) return fail(app.error(), kSurroundings);
  open_at((*app)->ui(), options.show);
  std::optional<HallLink> hall;
  if (options.state.empty()) {
    for (const protocol::HallAddress& one : options.halls) {
      const auto renewed = link::renew_if_due(options.link, one.host, one.port);
      if (renewed) break;  // of two, one answers: the one that leads
      if (one == options.halls.back()) std::println(stderr, "promenade-console: {}", renewed.error().text());
    }
    auto security = link::device_settings(options.link);
    if (!security) return fail(security.error(), kUsage);
    hall.emplace((*app)->model(), options.halls, std::move(*security));
    if (!options.record.empty()) {
      if (auto recording = hall->record_to(options.record); !recording) return fail(recording.error(), kSurroundings);
    }
  }
  return options.screenshot.empty() ? window(options, **app, *hall, now_s) : screenshot(options, **app, hall, now_s);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Promenade's console: the hall, its viewers and what staff can do, on a tablet.", "promenade-console");
  app.footer("Exit codes: 0 done, 2 wrong usage or input, 3 surroundings (display, fonts, disk).\nLosing a console changes nothing in the hall; it connects again by itself.");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (const std::string wrong = check(options); !wrong.empty()) {
    std::println(stderr, "promenade-console: {}", wrong);
    return kUsage;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-console: {}", error.what());
    return kSurroundings;
  }
}
