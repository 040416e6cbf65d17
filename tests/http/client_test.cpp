#include "tracking/base/http/client.h"

#include <catch2/catch_test_macros.hpp>

#include "tracking/base/http/server.h"

using namespace promenade::base;
using namespace promenade::base::http;

TEST_CASE("a URL that is none is refused before anything is sent") {
  for (const char* url : {"", "localhost:80", "ftp://a", "http://", "http://a/path", "http://a b"})
    CHECK(Client::open({.base_url = url, .headers = {}}).error().code == "http-bad-url");
  CHECK(Client::open({.base_url = "http://127.0.0.1:1/", .headers = {}}));
}

TEST_CASE("no server is unreachable, and the text says what to do") {
  std::uint16_t port = 0;
  {
    Server server({});
    REQUIRE(server.start());
    port = server.port();
  }
  Client client = Client::open({.base_url = "http://127.0.0.1:" + std::to_string(port), .headers = {}}).value();
  const auto answer = client.get("/");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "http-unreachable");
  CHECK(answer.error().text().contains("Check"));
}

TEST_CASE("an answer beyond the limit is refused, and default headers are sent") {
  Server server({});
  server.route("GET", "/big", [](const Request&) { return Response{.headers = {}, .body = std::string(5000, 'x')}; });
  server.route("GET", "/key", [](const Request& r) { return Response{.headers = {}, .body = std::string(r.header("authorization").value_or(""))}; });
  REQUIRE(server.start());
  Client client = Client::open({.base_url = server.base_url(), .max_answer_bytes = 4096, .headers = {{"Authorization", "Bearer k"}}}).value();
  CHECK(client.get("/big").error().code == "http-answer-too-large");
  CHECK(client.get("/key")->body == "Bearer k");
  CHECK(client.get("/key", {{"Authorization", "Bearer other"}})->body == "Bearer other");
}
