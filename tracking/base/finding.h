#pragma once
// Findings about an input file: what is wrong, where, and what was expected. A reader collects all it can
// find instead of stopping at the first; any finding of severity `error` means that the file is not used.

#include <string>
#include <vector>

namespace promenade::base {

enum class Severity { warning, error };

struct Finding {
  Severity severity = Severity::error;
  std::string code;      // stable, lower-case words joined by '-', e.g. "polygon-open"
  std::string file;      // as the user named it
  int line = 0;          // 1-based; 0 where the format has none
  std::string key;       // dotted key, e.g. "hall.obstacles[1].outline_m"; may be empty
  std::string message;   // what is wrong, one sentence
  std::string expected;  // what was expected or what to do, one sentence

  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

// "FILE:LINE: error[CODE] KEY: MESSAGE EXPECTED", one line without a newline.
std::string to_string(const Finding& finding);
// All findings, one a line, each with a newline.
std::string to_string(const Findings& findings);
bool has_errors(const Findings& findings);

}  // namespace promenade::base
