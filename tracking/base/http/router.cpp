#include "tracking/base/http/router.h"

#include <algorithm>

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

bool is_name(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// One character a segment: 'l' for a literal, 'p' for a {name}; empty when the path does not match.
std::string match_shape(std::string_view pattern, const std::vector<std::string_view>& path,
                        std::map<std::string, std::string>& params) {
  const auto parts = segments(pattern);
  if (parts.size() != path.size()) return {};
  std::string shape;
  params.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_name(parts[i])) {
      if (path[i].empty()) return {};
      params.emplace(parts[i].substr(1, parts[i].size() - 2), path[i]);
      shape.push_back('p');
    } else {
      if (parts[i] != path[i]) return {};
      shape.push_back('l');
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
    } else if (best.route == nullptr || shape < best_shape) {  // 'l' sorts before 'p'
      best.route = &route;
      best.path_params = std::move(params);
      best_shape = shape;
    }
  }
  return best;
}

}  // namespace promenade::base::http
