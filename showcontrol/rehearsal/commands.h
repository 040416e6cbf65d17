#pragma once
// The subcommands of promenade-rehearse: one file each, one line in main.cpp's table. `add` gives the subcommand its
// options and returns what runs it; the exit code is 0 when all went as it must, 1 when not, 2 on unusable input.

#include <CLI/CLI.hpp>
#include <functional>

namespace promenade::rehearsal {

using Command = std::function<int()>;
Command add_day(CLI::App& app);
Command add_live(CLI::App& app);
Command add_picture(CLI::App& app);

}  // namespace promenade::rehearsal
