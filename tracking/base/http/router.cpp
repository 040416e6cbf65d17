#include "tracking/base/http/router.h"

#include <algorithm>
#include <optional>

#include "tracking/base/assert.h"

namespace promenade::base::http {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  while (true) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

// "{name}" or "{name}.ending": name and what must follow it.
struct Named {
  std::string_view name, ending;
};
std::optional<Named> as_named(std::string_view segment) {
  const auto close = segment.find('}');
  if (!segment.starts_with('{') || close == std::string_view::npos || close < 2) return std::nullopt;
  return Named{segment.substr(1, close - 1), segment.substr(close + 1)};
}

// One character a segment, in order of preference: 'a' literal, 'b' with an ending, 'c' a name alone; empty when
// the path does not match.
std::string match_shape(std::string_view pattern, const std::vector<std::string_view>& path,
                        std::map<std::string, std::string>& params) {
  const auto parts = segments(pattern);
  if (parts.size() != path.size()) return {};
  std::string shape;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const auto named = as_named(parts[i])) {
      if (path[i].size() <= named->ending.size() || !path[i].ends_with(named->ending)) return {};
      params.emplace(named->name, path[i].substr(0, path[i].size() - named->ending.size()));
      shape.push_back(named->ending.empty() ? 'c' : 'b');
    } else {
      if (parts[i] != path[i]) return {};
      shape.push_back('a');
    }
  }
  return shape;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Handler handler) {
  PROMENADE_ASSERT(pattern.starts_with('/'));
  PROMENADE_ASSERT(std::ranges::none_of(
      routes_, [&](const Route& r) { return r.method == method && r.pattern == pattern; }));
  routes_.push_back({std::move(method), std::move(pattern), std::move(handler)});
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const auto parts = segments(path);
  Match best;
  std::string best_shape;
  for (const Route& route : routes_) {
    std::map<std::string, std::string> params;
    const std::string shape = match_shape(route.pattern, parts, params);
    if (shape.empty()) continue;
    if (route.method != wanted) {
      if (std::ranges::find(best.allowed_methods, route.method) == best.allowed_methods.end())
        best.allowed_methods.push_back(route.method);
    } else if (best.route == nullptr || shape < best_shape) {  // 'a' before 'b' before 'c'
      best.route = &route;
      best.path_params = std::move(params);
      best_shape = shape;
    }
  }
  return best;
}

}  // namespace promenade::base::http
