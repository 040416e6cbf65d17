#pragma once
// The rules of docs/architecture.md as tables, and a checker of include lines against them. Pure: it is given a
// file's path (from the repository root) and its text. What it returns is empty when every rule is kept.

#include <string>
#include <string_view>
#include <vector>

namespace promenade::arrows {

struct SourceFile {
  std::string path;  // "showcontrol/hall/hall.cpp"
  std::string text;
};

struct Violation {
  std::string path;
  int line = 0;  // 1-based; 0 where the whole file or several files are meant
  std::string what;

  friend bool operator==(const Violation&, const Violation&) = default;
};

// The module that a path lies in: the longest row of the table that is a folder of it. Empty when no row is.
std::string_view module_of(std::string_view path);

// Arrows between modules, homes of third parties, and purity, of one file.
std::vector<Violation> check(const SourceFile& file);

// Rules over all files together: libraries that live in a single file.
std::vector<Violation> check_single_homes(const std::vector<SourceFile>& files);

std::string to_string(const Violation& violation);

}  // namespace promenade::arrows
