#include "tracking/base/http/router.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::base::http;

namespace {
Router sample() {
  Router router;
  const Handler none = [](const Request&) { return Response{}; };
  router.add("GET", "/v1/tickets/{code}", none);
  router.add("GET", "/v1/tickets/count", none);
  router.add("POST", "/v1/tickets/{code}", none);
  router.add("GET", "/", none);
  router.add("GET", "/days/{date}", none);
  router.add("GET", "/days/{date}.csv", none);
  return router;
}
}  // namespace

TEST_CASE("a named segment is captured and a literal one wins over it") {
  const Router router = sample();
  const auto named = router.match("GET", "/v1/tickets/123");
  REQUIRE(named.route != nullptr);
  CHECK(named.path_params.at("code") == "123");
  const auto literal = router.match("GET", "/v1/tickets/count");
  REQUIRE(literal.route != nullptr);
  CHECK(literal.route->pattern == "/v1/tickets/count");
}

TEST_CASE("what does not match says whether another method would") {
  const Router router = sample();
  CHECK(router.match("GET", "/").route != nullptr);
  CHECK(router.match("HEAD", "/v1/tickets/1").route != nullptr);
  CHECK(router.match("GET", "/v1/tickets/").route == nullptr);
  CHECK(router.match("GET", "/v1/tickets/1/more").route == nullptr);
  const auto other = router.match("DELETE", "/v1/tickets/1");
  CHECK(other.route == nullptr);
  CHECK(other.allowed_methods == std::vector<std::string>{"GET", "POST"});
  CHECK(router.match("GET", "/nothing").allowed_methods.empty());
}

TEST_CASE("an ending is cut off the name it follows") {
  const Router router = sample();
  const auto csv = router.match("GET", "/days/2026-05-01.csv");
  REQUIRE(csv.route != nullptr);
  CHECK(csv.route->pattern == "/days/{date}.csv");
  CHECK(csv.path_params.at("date") == "2026-05-01");
  CHECK(router.match("GET", "/days/2026-05-01").route->pattern == "/days/{date}");
  CHECK(router.match("GET", "/days/.csv").route->pattern == "/days/{date}");
}
