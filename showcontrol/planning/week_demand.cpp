#include "showcontrol/planning/week_demand.h"

#include <optional>

#include "tracking/base/formatted.h"
#include "tracking/base/text_file.h"
#include "tracking/base/toml.h"

namespace promenade::planning {
namespace {

constexpr std::string_view kDemandFormat = "promenade-demand/1";
constexpr std::size_t kDemandFileMax = 1 << 20;
constexpr std::size_t kDaysMost = 31, kHoursMost = 24, kFilmsMost = 1000;
constexpr double kViewersMost = 2000.0;  // an hour, of one film

class DemandReader {
 public:
  explicit DemandReader(const std::string& file) : file_(file) {}

  std::vector<DayDemand> read(const toml::table& root) {
    std::vector<DayDemand> days;
    if (root["format"].value<std::string>() != kDemandFormat) add("format-wrong", root.get("format"), "format", "The file does not say what it is.", base::formatted("Begin with format = \"{}\".", kDemandFormat));
    only(root, "", {"format", "days"});
    const toml::array* list = root["days"].as_array();
    if (list == nullptr || list->empty() || list->size() > kDaysMost) {
      add("days-missing", root.get("days"), "days", "There is no list of days.", base::formatted("Give 1 to {} tables [[days]].", kDaysMost));
      return days;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string key = base::formatted("days[{}]", i);
      if (const toml::table* table = list->get(i)->as_table()) days.push_back(day(*table, key));
      else add("type-wrong", list->get(i), key, "This is no table.", "Give [[days]].");
    }
    return days;
  }
  void add(std::string code, const toml::node* node, std::string key, std::string message, std::string expected) {
    const int line = node != nullptr ? static_cast<int>(node->source().begin.line) : 0;
    findings.push_back({base::Severity::error, std::move(code), file_, line, std::move(key), std::move(message), std::move(expected)});
  }

  base::Findings findings;

 private:
  DayDemand day(const toml::table& table, const std::string& key) {
    DayDemand day;
    only(table, key + ".", {"name", "times", "opens_h", "viewers_per_hour"});
    const auto name = table["name"].value<std::string>();
    if (name && !name->empty()) day.name = base::printable(*name);
    else add("name-missing", &table, key + ".name", "The day has no name.", "Give a text, such as \"workday\".");
    day.times = whole(table, key, "times", 1, 7);
    day.opens_h = whole(table, key, "opens_h", 0, 23);
    const toml::table* films = table["viewers_per_hour"].as_table();
    if (films == nullptr || films->empty() || films->size() > kFilmsMost) {
      add("films-missing", &table, key + ".viewers_per_hour", "No film is wished for.", "Give a table of film codes, each with one number for every hour from opening on.");
      return day;
    }
    for (const auto& [code, node] : *films) viewers(std::string(code.str()), node, key + ".viewers_per_hour", day);
    return day;
  }

  void viewers(const std::string& code, const toml::node& node, const std::string& key, DayDemand& day) {
    const std::string at = base::formatted("{}.\"{}\"", key, base::printable(code));
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty() || list->size() > kHoursMost) {
      add("hours-missing", &node, at, "This is no list of hours.", base::formatted("Give 1 to {} numbers, one for every hour from opening on.", kHoursMost));
      return;
    }
    std::vector<double>& hours = day.viewers_per_hour[base::FilmId(code)];
    for (const toml::node& one : *list) {
      const auto number = one.value<double>();
      if (!number || !(*number >= 0.0 && *number <= kViewersMost)) add("out-of-range", &one, at, "This is no number of viewers.", base::formatted("Give 0 to {:.0f} an hour.", kViewersMost));
      hours.push_back(number.value_or(0.0));
    }
    if (hours.size() != day.viewers_per_hour.begin()->second.size()) {
      add("hours-differ", &node, at, base::formatted("There are {} hours here, and {} for another film of the day.", hours.size(), day.viewers_per_hour.begin()->second.size()), "Give as many for every film.");
    }
  }

  int whole(const toml::table& table, const std::string& key, std::string_view name, int least, int most) {
    const auto number = table[name].value_exact<std::int64_t>();
    if (number && *number >= least && *number <= most) return static_cast<int>(*number);
    const toml::node* node = table.get(name);
    add("out-of-range", node != nullptr ? node : &table, base::formatted("{}.{}", key, name), node != nullptr ? "The value is out of range." : "The key is missing.", base::formatted("Give a whole number from {} to {}.", least, most));
    return least;
  }

  void only(const toml::table& table, const std::string& key, std::initializer_list<std::string_view> known) {
    for (const auto& [name, node] : table) {
      bool found = false;
      for (const std::string_view one : known) found = found || name.str() == one;
      if (!found) add("key-unknown", &node, key + base::printable(name.str()), "There is no such key.", "Take it out, or look for a misspelling.");
    }
  }

  const std::string& file_;
};

std::unexpected<base::Findings> only_one(std::string code, const std::string& file, int line, std::string message, std::string expected) {
  return std::unexpected(base::Findings{{base::Severity::error, std::move(code), file, line, "", std::move(message), std::move(expected)}});
}

}  // namespace

std::expected<std::vector<DayDemand>, base::Findings> read_demand(std::string_view text, const std::string& file) {
  if (text.size() > kDemandFileMax) return only_one("file-too-large", file, 0, "The file is larger than 1 MiB.", "Give a demand file.");
  const auto root = base::parse_toml(text);
  if (!root) return only_one("toml-syntax", file, root.error().line, root.error().message, "Mend the line.");
  DemandReader reader(file);
  std::vector<DayDemand> days = reader.read(*root);
  if (base::has_errors(reader.findings)) return std::unexpected(std::move(reader.findings));
  return days;
}

std::expected<std::vector<DayDemand>, base::Findings> load_demand(const std::string& path) {
  const auto text = base::read_text_file(path, kDemandFileMax);
  if (!text) return only_one("file-unreadable", path, 0, base::formatted("The file cannot be read: {}.", text.error()), "Name a demand file, e.g. venue-configs/wuxi-420/demand.toml.");
  return read_demand(*text, path);
}

}  // namespace promenade::planning
