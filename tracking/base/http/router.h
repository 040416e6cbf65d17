#pragma once
// Which handler answers a method and path. Pure; filled before it is shared, then read by many threads.
// Patterns are literal segments, {name} segments and {name}.ending segments ("/v1/days/{date}.csv"); a {name}
// matches one non-empty run without '/'. Where two patterns match, the first segment in which they differ
// decides: literal before ending before name.

#include <functional>
#include <string>
#include <vector>

#include "tracking/base/http/message.h"

namespace promenade::base::http {

using Handler = std::function<Response(const Request&)>;

struct Route {
  std::string method;
  std::string pattern;
  Handler handler;
};

class Router {
 public:
  // Asserts that the pattern starts with '/' and that method and pattern are new.
  void add(std::string method, std::string pattern, Handler handler);

  struct Match {
    const Route* route = nullptr;  // null: nothing answers
    std::map<std::string, std::string> path_params;
    std::vector<std::string> allowed_methods;  // of other routes on this path: then it is 405, else 404
  };
  // HEAD is answered by GET's handler.
  Match match(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace promenade::base::http
