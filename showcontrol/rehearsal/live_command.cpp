// `promenade-rehearse live`: its options.

#include <CLI/CLI.hpp>
#include <memory>

#include "showcontrol/rehearsal/commands.h"
#include "showcontrol/rehearsal/live.h"

namespace promenade::rehearsal {

Command add_live(CLI::App& app) {
  auto options = std::make_shared<LiveOptions>();
  app.description("Simulated visitors and staff against a running hall and box office, in real time");
  app.add_option("--hall", options->hall, "HOST:PORT of the hall; of one with a standby both, HOST:PORT,HOST:PORT")->capture_default_str();
  app.add_option("--boxoffice", options->box_office, "URL of the box office")->capture_default_str();
  app.add_option("--key-file", options->key_file, "File with an API key of the box office (scopes sell, observe)")->required();
  app.add_option("--staff-key-file", options->staff_key_file, "File with the hall's staff key")->required();
  app.add_option("--link", options->link, "Folder of the hall's link keys: each simulated device gets a certificate of the venue from it, for a day")->required();
  app.add_option("--venue", options->venue, "Venue file, the same as the hall's")->required();
  app.add_option("--films", options->films, "Folder of film packages, the same as the hall's")->required();
  app.add_option("--viewers", options->viewers, "At most so many visitors; 0: as many as fit")->capture_default_str()->check(CLI::Range(0, 10000));
  app.add_option("--present", options->present, "Nobody more is asked to come while so many are there whose film is not over; 0: as many as come")->check(CLI::Range(0, 10000))->capture_default_str();
  app.add_option("--seconds", options->seconds, "Nobody is let in after this; the last ones finish")->capture_default_str()->check(CLI::Range(10.0, 86400.0));
  app.add_option("--pace", options->pace, "Seconds that fitting a headset takes")->capture_default_str()->check(CLI::Range(0.5, 300.0));
  app.add_option("--until-full", options->until_full, "Nobody is let in any more once the hall has been full for so many seconds in all: twelve plays under way, three viewers in chairs, six walking films; 0: --seconds alone decides")->capture_default_str()->check(CLI::Range(0.0, 86400.0));
  app.add_option("--real-headset", options->real_headset, "NUMBER@SOCKET: whoever comes first wears the headset program with this number, by a driver that listens at SOCKET");
  app.add_flag("!--settled-elsewhere", options->settles, "After an evacuation attendants wait until somebody at a console has said what becomes of each film");
  app.add_option("--impair", options->impair, "Every simulated device's network is bad on purpose, both ways: loss=10,delay=20,jitter=10,seed=7. Words: loss, duplicate, reorder (percent); delay, jitter (ms); rate (kbit/s); outage=FROM-UNTIL (s of the run); seed");
  app.add_option("--seed", options->seed, "Of everybody's deeds")->capture_default_str();
  app.add_option("--out", options->out, "Folder for tracks.json and rehearsal.json")->capture_default_str();
  return [options] { return run_live(*options); };
}

}  // namespace promenade::rehearsal
