// `promenade-rehearse day`: a whole day in one process, and what came of it.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "showcontrol/rehearsal/commands.h"
#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_report.h"
#include "ticketing/store/near_miss_log.h"

namespace promenade::rehearsal {
namespace {

struct DayArguments {
  DayFiles files;
  std::string faults = "usual", export_path, ledger;
  double busy_s = 0.0, pace_s = 4.0, until_full_s = 0.0;
  int visits = 500, viewers = 0, present = 0;
  double hours = 12.0, pose_hz = 10.0, evacuate_at_s = 0.0, groups_share = 0.0;
  int class_people = 0;
  std::uint64_t seed = 1;
  bool json = false, notes = false, story = false, datagrams = false;
};

int run(DayArguments& arguments) {
  namespace fs = std::filesystem;
  if (arguments.files.films.empty()) arguments.files.films = fs::weakly_canonical(fs::read_symlink("/proc/self/exe").parent_path() / "../films");
  if (arguments.files.box_office.empty()) arguments.files.box_office = fs::path(arguments.files.venue).replace_filename("boxoffice.toml");
  if (arguments.busy_s > 0.0 && arguments.files.film_scale == 0.0) arguments.files.film_scale = 1.0;
  auto options = load_day(arguments.files);
  if (!options) {
    std::fprintf(stderr, "promenade-rehearse: %s\n", options.error().text().c_str());
    return 2;
  }
  options->seed = arguments.seed;
  options->visits = arguments.visits;
  options->hours = arguments.hours;
  options->groups_share = arguments.groups_share;
  options->class_people = arguments.class_people;
  options->pose_hz = arguments.pose_hz;
  options->datagrams = arguments.datagrams;
  set_faults(*options, arguments.faults == "none" ? Faults::none : arguments.faults == "heavy" ? Faults::heavy : Faults::usual);
  if (arguments.busy_s > 0.0) {
    options->busy = BusyRun{arguments.busy_s, arguments.viewers, arguments.present, arguments.pace_s, arguments.until_full_s};
    hurry(options->habits, options->venue, *options->busy);
  }
  if (arguments.evacuate_at_s > 0.0) options->evacuation = DayEvacuation{.at_s = arguments.evacuate_at_s};
  if (arguments.story) options->story = [](const std::string& standing) { std::cout << standing; };
  const PrivateFolder folder(arguments.ledger);
  options->ledger_path = folder.path() + "/ledger.sqlite";
  options->near_misses_path = folder.path() + "/" + ticketing::store::kNearMissFile;
  const auto begun = std::chrono::steady_clock::now();
  const auto day = run_day(std::move(*options));
  const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (!day) {
    std::fprintf(stderr, "promenade-rehearse: %s\n", day.error().text().c_str());
    return 2;
  }
  if (!arguments.export_path.empty()) {
    std::ofstream file(arguments.export_path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(day->exported.data()), static_cast<std::streamsize>(day->exported.size()));
    if (!file.flush()) {
      std::fprintf(stderr, "promenade-rehearse: %s cannot be written; choose another place for --export.\n", arguments.export_path.c_str());
      return 2;
    }
  }
  std::cout << day_text(*day, arguments.files, took_s);
  if (arguments.notes) {
    for (const std::string& alarm : day->alarms) std::cout << "  " << alarm << '\n';
  }
  if (!day->busy_report.empty()) std::cout << day->busy_report << '\n';
  if (arguments.json) std::cout << day_json(*day, arguments.files, took_s).dump() << '\n';
  return day_ok(*day) ? 0 : 1;
}

}  // namespace

Command add_day(CLI::App& app) {
  auto arguments = std::make_shared<DayArguments>();
  app.add_option("--venue", arguments->files.venue, "Venue file")->required();
  app.add_option("--films", arguments->files.films, "Folder of film packages (default: the sample films, beside the program)");
  app.add_option("--boxoffice-config", arguments->files.box_office, "The box office's configuration (default: boxoffice.toml beside the venue file)");
  app.add_option("--visits", arguments->visits, "People who come to the counter")->check(CLI::Range(1, 20000))->capture_default_str();
  app.add_option("--busy", arguments->busy_s, "Instead of a day: keep the hall busy for so many seconds, as `live` does")->check(CLI::Range(10.0, 36000.0));
  app.add_option("--pace", arguments->pace_s, "Seconds that fitting a headset takes in a busy run")->check(CLI::Range(0.5, 300.0))->capture_default_str();
  app.add_option("--until-full", arguments->until_full_s, "Nobody is let in any more in a busy run once the hall has been full for so many seconds in all: twelve plays under way, three viewers in chairs, six walking films; 0: --busy alone decides")->capture_default_str()->check(CLI::Range(0.0, 86400.0));
  app.add_option("--viewers", arguments->viewers, "At most so many visitors in a busy run; 0: as many as come in time")->check(CLI::Range(0, 10000))->capture_default_str();
  app.add_option("--present", arguments->present, "Nobody more is asked to come while so many are there whose film is not over; 0: as many as come")->check(CLI::Range(0, 10000))->capture_default_str();
  app.add_option("--hours", arguments->hours, "Hours from opening to closing")->check(CLI::Range(0.2, 16.0))->capture_default_str();
  app.add_option("--groups", arguments->groups_share, "Share of parties that are three to six people")->check(CLI::Range(0.0, 1.0))->capture_default_str();
  app.add_option("--class", arguments->class_people, "A class of so many comes in the morning; 0: none")->check(CLI::Range(0, 100))->capture_default_str();
  app.add_option("--seed", arguments->seed, "Seed of every draw")->capture_default_str();
  app.add_option("--pose-hz", arguments->pose_hz, "Poses a second of each headset")->check(CLI::Range(5.0, 90.0))->capture_default_str();
  app.add_option("--faults", arguments->faults, "none; usual, as in the walker model; heavy, ten times that")
      ->check(CLI::IsMember({"none", "usual", "heavy"}))->capture_default_str();
  app.add_option("--evacuate-at", arguments->evacuate_at_s, "After so many seconds the fire contact says fire, for a minute; 0: never")
      ->check(CLI::Range(0.0, 86400.0))->capture_default_str();
  app.add_option("--film-scale", arguments->files.film_scale, "Factor on the films' scenes; 0: so that a visit takes about 12 minutes, or 1 in a busy run")
      ->check(CLI::Range(0.0, 100.0))->capture_default_str();
  app.add_option("--export", arguments->export_path, "Write the ledger's export stream to this file");
  app.add_option("--ledger", arguments->ledger, "Keep the ledger and the hall's near misses in this new folder, instead of a passing one");
  app.add_flag("--datagrams", arguments->datagrams, "Messages go by ENet and the secure link in memory, as over a network, instead of by the codec alone");
  app.add_flag("--notes", arguments->notes, "List the hall's alarms");
  app.add_flag("--story", arguments->story, "Tell once a second who is where");
  app.add_flag("--json", arguments->json, "Print what came of it as one JSON object on the last line");
  return [arguments] { return run(*arguments); };
}

}  // namespace promenade::rehearsal
