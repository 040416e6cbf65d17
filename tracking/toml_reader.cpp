#include "tracking/toml_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <sstream>

#include "tracking/base/formatted.h"

namespace promenade::tracking {
namespace {

constexpr double kCoordinateMax_m = 500.0;
constexpr std::size_t kCornersMax = 256;

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

// Edits that turn one word into the other (Levenshtein 1966).
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string TomlReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : base::formatted("{}.{}", path_, key);
}

void TomlReader::add(std::string code, int line, const std::string& key, std::string message, std::string expected) {
  findings_.push_back(
      {base::Severity::error, std::move(code), file_, line, key, std::move(message), std::move(expected)});
}

void TomlReader::wrong_type(const toml::node& node, const std::string& key, std::string_view what) {
  std::ostringstream kind;
  kind << node.type();
  add("type-wrong", line_of(node), key, base::formatted("The value is of the wrong kind ({}).", kind.str()),
      base::formatted("Give {}.", what));
}

const toml::node* TomlReader::find(std::string_view key, Need need, std::string_view what) {
  known_.emplace(key);
  if (table_ == nullptr) return nullptr;
  const toml::node* node = table_->get(key);
  if (node == nullptr && need == Need::required) {
    add("key-missing", std::max(1, line_of(*table_)), path_of(key), "The key is missing.",
        base::formatted("Give {}.", what));
  }
  return node;
}

void TomlReader::number(std::string_view key, double& out, double low, double high, std::string_view unit, Need need) {
  const std::string what = base::formatted("a number from {} to {} {}", low, high, unit);
  const toml::node* node = find(key, need, what);
  if (node == nullptr) return;
  const std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
  if (!value) return wrong_type(*node, path_of(key), what);
  if (!(*value >= low && *value <= high)) {
    return add("value-range", line_of(*node), path_of(key), base::formatted("{} is out of range.", *value),
               base::formatted("Give {}.", what));
  }
  out = *value;
}

void TomlReader::integer(std::string_view key, int& out, int low, int high, Need need) {
  const std::string what = base::formatted("a whole number from {} to {}", low, high);
  const toml::node* node = find(key, need, what);
  if (node == nullptr) return;
  const std::optional<std::int64_t> value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (!value) return wrong_type(*node, path_of(key), what);
  if (*value < low || *value > high) {
    return add("value-range", line_of(*node), path_of(key), base::formatted("{} is out of range.", *value),
               base::formatted("Give {}.", what));
  }
  out = static_cast<int>(*value);
}

void TomlReader::text(std::string_view key, std::string& out, std::size_t size_max, Need need) {
  const std::string what = base::formatted("a text of 1 to {} bytes", size_max);
  const toml::node* node = find(key, need, what);
  if (node == nullptr) return;
  const std::optional<std::string> value = node->value_exact<std::string>();
  if (!value) return wrong_type(*node, path_of(key), what);
  const bool has_control = std::ranges::any_of(*value, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (value->find_first_not_of(' ') == std::string::npos || value->size() > size_max || has_control) {
    return add("value-range", line_of(*node), path_of(key), "The text is empty, too long or holds control characters.",
               base::formatted("Give {}.", what));
  }
  out = *value;
}

void TomlReader::code(std::string_view key, std::string& out, std::size_t size_max, Need need) {
  const std::string what = base::formatted("a code of 1 to {} letters a to z, digits, '-' and '_'", size_max);
  const toml::node* node = find(key, need, what);
  if (node == nullptr) return;
  const std::optional<std::string> value = node->value_exact<std::string>();
  if (!value) return wrong_type(*node, path_of(key), what);
  const bool plain = std::ranges::all_of(*value, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (value->empty() || value->size() > size_max || !plain) {
    return add("value-range", line_of(*node), path_of(key), base::formatted("The code has {} bytes, or others than letters, digits, '-' and '_'.", value->size()),
               base::formatted("Give {}.", what));
  }
  out = *value;
}

bool TomlReader::read_point(const toml::node& node, const std::string& key, HallPoint& out) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  out = {kUnknown, kUnknown};
  const std::string what = "a point [x, y] in metres";
  const toml::array* pair = node.as_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) {
    wrong_type(node, key, what);
    return false;
  }
  const double x = *(*pair)[0].value<double>();
  const double y = *(*pair)[1].value<double>();
  if (!(std::abs(x) <= kCoordinateMax_m && std::abs(y) <= kCoordinateMax_m)) {
    add("value-range", line_of(node), key, base::formatted("({}, {}) is out of range.", x, y),
        base::formatted("Give {} of at most {} m.", what, kCoordinateMax_m));
    return false;
  }
  out = {x, y};
  return true;
}

void TomlReader::point(std::string_view key, HallPoint& out) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  out = {kUnknown, kUnknown};
  if (const toml::node* node = find(key, Need::required, "a point [x, y] in metres")) {
    read_point(*node, path_of(key), out);
  }
}

void TomlReader::outline(std::string_view key, Polygon& out) {
  const std::string what = "the corners [[x, y], ...] in metres, the last one the same as the first";
  const toml::node* node = find(key, Need::required, what);
  if (node == nullptr) return;
  const toml::array* corners = node->as_array();
  if (corners == nullptr) return wrong_type(*node, path_of(key), what);
  if (corners->size() > kCornersMax) {
    return add("value-range", line_of(*node), path_of(key), base::formatted("{} corners are too many.", corners->size()),
               base::formatted("Give at most {}.", kCornersMax));
  }
  Polygon polygon;
  for (const toml::node& corner : *corners) {
    HallPoint p;
    if (!read_point(corner, path_of(key), p)) return;
    polygon.push_back(p);
  }
  if (polygon.size() < 2 || polygon.front() != polygon.back()) {
    return add("polygon-open", line_of(*node), path_of(key),
               "The outline is open: it does not come back to the corner where it starts.",
               "Close it by repeating the first corner at the end, and look for a corner that is missing.");
  }
  polygon.pop_back();
  if (signed_area_m2(polygon) < 0.0) std::ranges::reverse(polygon);
  out = std::move(polygon);
}

TomlReader TomlReader::table(std::string_view key, Need need) {
  const toml::node* node = find(key, need, base::formatted("the table [{}]", path_of(key)));
  if (node != nullptr && !node->is_table()) wrong_type(*node, path_of(key), base::formatted("the table [{}]", path_of(key)));
  return {node != nullptr ? node->as_table() : nullptr, path_of(key), file_, findings_};
}

std::vector<TomlReader> TomlReader::tables(std::string_view key, std::size_t count_max) {
  std::vector<TomlReader> out;
  const std::string what = base::formatted("tables [[{}]], at most {}", path_of(key), count_max);
  const toml::node* node = find(key, Need::optional, what);
  if (node == nullptr) return out;
  const toml::array* list = node->as_array();
  const bool all_tables =
      list != nullptr && std::ranges::all_of(*list, [](const toml::node& each) { return each.is_table(); });
  if (!all_tables || list->size() > count_max) {
    wrong_type(*node, path_of(key), what);
    return out;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    out.emplace_back((*list)[i].as_table(), base::formatted("{}[{}]", path_of(key), i), file_, findings_);
  }
  return out;
}

void TomlReader::finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    const std::string_view name = key.str();
    if (known_.contains(name)) continue;
    const std::string_view head = name.substr(0, 60);
    std::string_view nearest;
    std::size_t nearest_edits = std::max<std::size_t>(2, head.size() / 3) + 1;
    for (const std::string& known : known_) {
      const std::size_t count = edits(head, known);
      if (count < nearest_edits) {
        nearest_edits = count;
        nearest = known;
      }
    }
    add("key-unknown", static_cast<int>(key.source().begin.line), path_of(base::printable(name)), "The key is unknown.",
        nearest.empty() ? "Remove it." : base::formatted("Did you mean \"{}\"?", nearest));
  }
}

}  // namespace promenade::tracking
