#pragma once
// Reads typed values out of one TOML table and collects what is wrong with them, with line and dotted key.
// For tracking/venue_file.cpp only. A value that cannot be read leaves its target as it is.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tracking/base/finding.h"
#include "tracking/base/toml.h"
#include "tracking/geometry.h"

namespace promenade::tracking {

enum class Need { required, optional };

class TomlReader {
 public:
  // `table` nullptr reads as empty without findings: its absence has been reported already.
  TomlReader(const toml::table* table, std::string path, const std::string& file, base::Findings& findings)
      : table_(table), path_(std::move(path)), file_(file), findings_(findings) {}

  void number(std::string_view key, double& out, double low, double high, std::string_view unit, Need need);
  void integer(std::string_view key, int& out, int low, int high, Need need);
  void text(std::string_view key, std::string& out, std::size_t size_max, Need need);
  void code(std::string_view key, std::string& out, std::size_t size_max, Need need);  // A-Z a-z 0-9 - _
  void point(std::string_view key, HallPoint& out);            // [x, y]; not finite when it cannot be read
  void outline(std::string_view key, Polygon& out);            // [[x, y], ...], the last corner repeats the first
  TomlReader table(std::string_view key, Need need);
  std::vector<TomlReader> tables(std::string_view key, std::size_t count_max);
  // Reports every key that was never asked for, with the nearest known one.
  void finish();
  bool present() const { return table_ != nullptr; }
  void add(std::string code, int line, const std::string& key, std::string message, std::string expected);
  std::string path_of(std::string_view key) const;

 private:
  const toml::node* find(std::string_view key, Need need, std::string_view what);
  bool read_point(const toml::node& node, const std::string& key, HallPoint& out);
  void wrong_type(const toml::node& node, const std::string& key, std::string_view what);

  const toml::table* table_;
  std::string path_;
  const std::string& file_;
  base::Findings& findings_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace promenade::tracking
