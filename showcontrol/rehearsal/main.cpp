// promenade-rehearse: the real hall program with simulated viewers and staff, over the network in real time or a
// whole day in one process. Exit code 0 when all went as it must, 1 when not, 2 on unusable input.

#include <cstdio>
#include <exception>
#include <map>

#include "showcontrol/rehearsal/commands.h"

namespace promenade::rehearsal {
namespace {

struct Subcommand {
  const char* name;
  const char* summary;
  Command (*add)(CLI::App&);
};

constexpr Subcommand kSubcommands[] = {
    {"day", "A whole day under a virtual clock, in about a minute", add_day},
    {"live", "Simulated viewers and staff against running servers, in real time", add_live},
    {"picture", "Draws who walked where, from the tracks of a live run", add_picture},
};

int run(int argc, char** argv) {
  CLI::App app{"Rehearses a hall with simulated viewers and staff."};
  app.name("promenade-rehearse");
  app.require_subcommand(1);
  std::map<const CLI::App*, Command> commands;
  for (const Subcommand& one : kSubcommands) {
    CLI::App* sub = app.add_subcommand(one.name, one.summary);
    commands[sub] = one.add(*sub);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return commands.at(app.get_subcommands().front())();
}

}  // namespace
}  // namespace promenade::rehearsal

int main(int argc, char** argv) {
  try {
    return promenade::rehearsal::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-rehearse: %s\n", error.what());
    return 2;
  }
}
