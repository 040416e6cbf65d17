#include "tests/arrows/arrows.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "tests/arrows/rules.h"
#include "tracking/base/formatted.h"

namespace promenade::arrows {
namespace {

bool lies_in(std::string_view path, std::string_view place) {
  return path == place || (path.starts_with(place) && path.size() > place.size() && path[place.size()] == '/');
}

const Module* find_module(std::string_view path) {
  const Module* best = nullptr;
  for (const Module& module : kModules) {
    if (lies_in(path, module.folder) && (best == nullptr || module.folder.size() > best->folder.size())) best = &module;
  }
  return best;
}

struct Include {
  int line = 0;
  bool quoted = false;
  std::string name;
};

// Lines without what follows `//`. (A quote that holds `//` only makes a line shorter.)
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    visit(line, one.substr(0, one.find("//")));
  }
}

std::string without_blanks(std::string_view text) {
  std::string dense;
  std::ranges::copy_if(text, std::back_inserter(dense), [](unsigned char c) { return !std::isspace(c); });
  return dense;
}

std::optional<Include> include_of(int number, std::string_view line) {
  const std::string dense = without_blanks(line);
  constexpr std::string_view kInclude = "#include";
  if (!dense.starts_with(kInclude) || dense.size() < kInclude.size() + 3) return std::nullopt;
  const char open = dense[kInclude.size()];
  if (open != '"' && open != '<') return std::nullopt;
  const std::size_t end = dense.find(open == '"' ? '"' : '>', kInclude.size() + 1);
  if (end == std::string::npos) return std::nullopt;
  return Include{number, open == '"', dense.substr(kInclude.size() + 1, end - kInclude.size() - 1)};
}

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  for_each_line(file.text, [&](int number, std::string_view line) {
    if (auto include = include_of(number, line)) includes.push_back(std::move(*include));
  });
  return includes;
}

std::optional<std::string> arrow_fault(const Module& from, const std::string& name) {
  const Module* to = find_module(name);
  if (to == nullptr) {
    return base::formatted("includes \"{}\", which is in no known module; includes are written from the repository root.", name);
  }
  if (to == &from || std::ranges::contains(from.uses, to->folder)) return std::nullopt;
  return base::formatted("includes \"{}\": no arrow goes from {} to {}.", name, from.folder, to->folder);
}

std::optional<std::string> home_fault(std::string_view path, const std::string& name) {
  if (name.starts_with(kCommandLineHeader)) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const bool entry = std::ranges::any_of(kCommandLineFiles, [&](auto part) { return file.contains(part); });
    if (!entry) return base::formatted("includes <{}>: only a program's main, options or command files read the command line.", name);
  }
  for (const Home& home : kHomes) {
    if (!name.starts_with(home.header)) continue;
    if (std::ranges::any_of(home.places, [&](auto place) { return lies_in(path, place); })) continue;
    return base::formatted("includes <{}>: its home is {}.", name, home.places.front());
  }
  return std::nullopt;
}

// The one file that owns the sockets of an otherwise pure protocol may use what sockets need.
bool owns_sockets(const std::vector<Include>& includes) {
  return std::ranges::any_of(includes, [](const Include& i) { return i.name.starts_with("enet/"); });
}

}  // namespace

std::string_view module_of(std::string_view path) {
  const Module* module = find_module(path);
  return module == nullptr ? std::string_view{} : module->folder;
}

std::vector<Violation> check(const SourceFile& file) {
  const Module* module = find_module(file.path);
  if (module == nullptr) {
    return {{file.path, 0, "lies in no known module; give its folder a row in tests/arrows/rules.h."}};
  }
  std::vector<Violation> violations;
  const std::vector<Include> includes = includes_of(file);
  for (const Include& include : includes) {
    const auto fault = include.quoted ? arrow_fault(*module, include.name) : home_fault(file.path, include.name);
    if (fault) violations.push_back({file.path, include.line, *fault});
  }
  if (!module->pure || owns_sockets(includes)) return violations;
  for_each_line(file.text, [&](int number, std::string_view line) {
    const std::string dense = without_blanks(line);
    for (const std::string_view word : kImpure) {
      if (!dense.contains(word)) continue;
      violations.push_back({file.path, number, base::formatted("says {}, and {} is pure: time and chance are arguments.", word, module->folder)});
    }
  });
  return violations;
}

std::vector<Violation> check_single_homes(const std::vector<SourceFile>& files) {
  std::map<std::string_view, std::string> first;
  std::vector<Violation> violations;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file)) {
      for (const Home& home : kHomes) {
        if (!home.single_file || include.quoted || !include.name.starts_with(home.header) || std::ranges::contains(home.places, file.path)) continue;
        const std::string& owner = first.try_emplace(home.header, file.path).first->second;
        if (owner != file.path) {
          violations.push_back({file.path, include.line, base::formatted("includes <{}>, which one file alone may: {} does.", include.name, owner)});
        }
      }
    }
  }
  return violations;
}

std::string to_string(const Violation& violation) {
  return base::formatted("{}:{}: {}", violation.path, violation.line, violation.what);
}

}  // namespace promenade::arrows
