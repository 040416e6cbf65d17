#pragma once
// Runs one of the project's built programs as a person does at a shell, and waits for its end.

#include <string>

namespace promenade::command_test {

struct Outcome {
  int code = -1;     // exit code; -1: a signal ended it
  std::string text;  // standard output and error together
};

// PROGRAM: as in the build's bin folder. ARGUMENTS: as at the shell, quoted where needed. BEFORE: put in front of the
// line, such as "ulimit -f 8; ". Fails the test when no shell can be started.
Outcome run(const std::string& program, const std::string& arguments, const std::string& before = {});

}  // namespace promenade::command_test
