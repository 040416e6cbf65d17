#include "tracking/base/http/server.h"

#include <catch2/catch_test_macros.hpp>
#include <latch>
#include <stdexcept>
#include <thread>

#include "tracking/base/http/client.h"

using namespace promenade::base;
using namespace promenade::base::http;

namespace {
Client client_of(const Server& server) { return Client::open({.base_url = server.base_url(), .headers = {}}).value(); }

void add_routes(Server& server) {
  server.route("GET", "/hello/{name}", [](const Request& request) {
    return Response{.headers = {{"X-Kind", "greeting"}}, .body = request.path_params.at("name") + "+" + std::string(request.param("q").value_or("none"))};
  });
  server.route("POST", "/echo", [](const Request& request) {
    return Response{.status = 201, .content_type = std::string(request.header("content-type").value_or("")), .headers = {}, .body = request.body};
  });
  server.route("GET", "/throws", [](const Request&) -> Response { throw std::runtime_error("private detail"); });
}
}  // namespace

TEST_CASE("routes, parameters, headers and bodies travel both ways") {
  Server server({});
  add_routes(server);
  REQUIRE(server.start());
  REQUIRE(server.port() != 0);
  Client client = client_of(server);
  const auto hello = client.get("/hello/%E7%A5%A8?q=a%20b");
  REQUIRE(hello);
  CHECK(hello->status == 200);
  CHECK(hello->body == "票+a b");
  CHECK(hello->header("x-kind") == "greeting");
  const auto echo = client.post("/echo", std::string("\0{}\xff", 4), "application/octet-stream");
  REQUIRE(echo);
  CHECK(echo->status == 201);
  CHECK(echo->body == std::string("\0{}\xff", 4));
  CHECK(echo->content_type == "application/octet-stream");
}

TEST_CASE("errors that no handler makes have the chosen body") {
  Server server({.max_body_bytes = 100});
  add_routes(server);
  server.set_error_writer([](const Request&, int status, const std::string&) {
    return Response{.status = status, .content_type = "application/problem+json", .headers = {}, .body = "E" + std::to_string(status)};
  });
  REQUIRE(server.start());
  Client client = client_of(server);
  CHECK(client.get("/nowhere")->body == "E404");
  const auto wrong_method = client.get("/echo");
  CHECK(wrong_method->status == 405);
  CHECK(wrong_method->header("allow") == "POST");
  CHECK(client.post("/echo", std::string(101, 'x'), "text/plain")->body == "E413");
  const auto thrown = client.get("/throws");
  CHECK(thrown->status == 500);
  CHECK(thrown->body == "E500");
}

TEST_CASE("a port in use is a clear error, also for a program of the same user") {
  Server first({});
  REQUIRE(first.start());
  Server second({.port = first.port()});
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == "port-in-use");
  CHECK(started.error().message.contains(std::to_string(first.port())));
  Server elsewhere({.bind_address = "203.0.113.1", .port = 0});
  CHECK(elsewhere.start().error().code == "address-unavailable");
}

TEST_CASE("a port is free again at once after a stop") {
  Server first({});
  add_routes(first);
  REQUIRE(first.start());
  const auto port = first.port();
  Client client = client_of(first);
  REQUIRE(client.get("/hello/x"));
  first.stop();
  Server second({.port = port});
  CHECK(second.start());
}

TEST_CASE("many clients at once are all answered") {
  Server server({.workers = 8});
  add_routes(server);
  REQUIRE(server.start());
  constexpr int kClients = 60;
  std::latch together(kClients);
  std::atomic<int> answered{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kClients; ++i)
      threads.emplace_back([&] {
        Client client = client_of(server);
        together.arrive_and_wait();
        const auto answer = client.get("/hello/x");
        if (answer && answer->status == 200) ++answered;
      });
  }
  CHECK(answered == kClients);
  CHECK(server.refused_connections() == 0);
}
