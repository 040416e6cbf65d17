// Whoever is slow, endless or idle takes nobody else's turn, and no memory.
#include "tracking/base/http/server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

#include "tests/http/certificates.h"
#include "tracking/base/http/client.h"

using namespace promenade::base;
using namespace promenade::base::http;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kLong = 20s;             // what no step of these tests takes
constexpr std::size_t kGigabyte = 1U << 30;

// A connection that sends what it is told to, well-formed or not, from an address of this computer.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const char* from = "127.0.0.1") : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in own = address(from, 0), server = address("127.0.0.1", port);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) throw std::runtime_error("no connection");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // How many bytes went until the server took no more; MOST where it took all.
  std::size_t stream(std::string_view block, std::size_t most) const {
    std::size_t sent = 0;
    while (sent < most && send(block)) sent += block.size();
    return sent;
  }
  // What the server says until it closes; nothing where it is silent for longer than WAIT.
  std::optional<std::string> hear(std::chrono::milliseconds wait) const {
    std::string heard;
    char buffer[4096];
    pollfd one{socket_, POLLIN, 0};
    while (::poll(&one, 1, static_cast<int>(wait.count())) > 0) {
      const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
      if (n <= 0) return heard;
      heard.append(buffer, static_cast<std::size_t>(n));
    }
    return std::nullopt;
  }
  // Sends a byte, waits EVERY for the server to close, and so on. True: it did within kLong.
  bool drip_until_closed(std::string_view text, std::chrono::milliseconds every, const std::atomic<bool>& give_up) const {
    const auto since = Clock::now();
    for (std::size_t i = 0; Clock::now() - since < kLong && !give_up; ++i)
      if (!send(text.substr(i % text.size(), 1)) || hear(every)) return true;
    return false;
  }

 private:
  static sockaddr_in address(const char* ip, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    ::inet_pton(AF_INET, ip, &out.sin_addr);
    return out;
  }
  int socket_;
};

ServerOptions quick_to_cut() {
  return {.workers = 4, .waiting_connections = 64, .max_body_bytes = 1000, .request_timeout = 400ms, .hurried_timeout = 100ms, .idle_timeout = 60s};
}

void serve_hello(Server& server) {
  server.route("GET", "/hello", [](const Request&) { return Response{.headers = {}, .body = "hello"}; });
  server.route("POST", "/size", [](const Request& request) { return Response{.headers = {}, .body = std::to_string(request.body.size())}; });
}

Client reach(const Server& server, const ClientTls& tls = {}) { return Client::open({.base_url = server.base_url(), .read_timeout = 15s, .headers = {}, .tls = tls}).value(); }

std::size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("clients that send a byte now and then are cut off, and others are answered meanwhile") {
  Server server(quick_to_cut());
  serve_hello(server);
  REQUIRE(server.start());
  std::atomic<int> cut{0};
  std::atomic<bool> give_up{false};
  std::vector<std::jthread> drippers;
  for (int i = 0; i < 16; ++i)
    drippers.emplace_back([&, i] {
      const RawClient raw(server.port(), "127.0.0.2");
      const bool in_head = i % 2 == 0;
      if (raw.send(in_head ? "GET /hello HTTP/1.1\r\nHost: a\r\n" : "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n") && raw.drip_until_closed(in_head ? "X-A: b\r\n" : "x", 50ms, give_up)) ++cut;
    });
  const auto since = Clock::now();
  for (int i = 0; i < 10; ++i) {
    Client client = reach(server);
    const auto answer = client.get("/hello");
    CHECK((answer && answer->status == 200));
  }
  CHECK(Clock::now() - since < kLong / 2);
  drippers.clear();
  CHECK(cut == 16);
}

TEST_CASE("a request has a deadline of its own, however steadily it comes") {
  ServerOptions options = quick_to_cut();
  options.workers = 16;  // nobody waits
  Server server(options);
  serve_hello(server);
  REQUIRE(server.start());
  const std::atomic<bool> never{false};
  const auto since = Clock::now();
  const RawClient raw(server.port());
  CHECK(raw.drip_until_closed("GET /hello HTTP/1.1\r\nX-A: b\r\n", 20ms, never));
  CHECK(Clock::now() - since >= 400ms);
}

TEST_CASE("what has no end is refused, and takes no memory") {
  Server server(quick_to_cut());
  serve_hello(server);
  REQUIRE(server.start());
  CHECK(reach(server).get("/hello")->status == 200);
  const std::size_t before = resident_bytes();
  const std::string block(64 << 10, 'a');
  std::size_t sent = 0;
  SECTION("a line of a header") {
    const RawClient raw(server.port());
    REQUIRE(raw.send("GET /hello HTTP/1.1\r\nX-Long: "));
    sent = raw.stream(block, kGigabyte);
  }
  SECTION("the lines of a header") {
    const RawClient raw(server.port());
    REQUIRE(raw.send("GET /hello HTTP/1.1\r\n"));
    sent = raw.stream("X-Many: of them\r\n", kGigabyte);
  }
  SECTION("a body in chunks") {
    const RawClient raw(server.port());
    REQUIRE(raw.send("POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    sent = raw.stream("10000\r\n" + block + "\r\n", kGigabyte);
  }
  SECTION("a body of 1 GB that says so") {
    const RawClient raw(server.port());
    REQUIRE(raw.send("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"));
    sent = raw.stream(block, kGigabyte);
  }
  CHECK(sent < (64U << 20));
  CHECK(resident_bytes() < before + (32U << 20));
  CHECK(reach(server).get("/hello")->status == 200);
}

TEST_CASE("a small body that unpacks to a large one stays small") {
  Server server(quick_to_cut());
  std::atomic<std::size_t> seen{0};
  server.route("POST", "/size", [&](const Request& request) {
    seen = request.body.size();
    return Response{.headers = {}, .body = {}};
  });
  REQUIRE(server.start());
  // An empty gzip member: what it unpacks to is not its 20 bytes.
  const std::string packed("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20);
  Client client = reach(server);
  CHECK(client.post("/size", packed, "application/octet-stream", {{"Content-Encoding", "gzip"}})->status == 200);
  CHECK(seen == packed.size());
}

TEST_CASE("connections that idle give way to those that wait") {
  ServerOptions options = quick_to_cut();
  options.workers = 2;
  Server server(options);
  serve_hello(server);
  REQUIRE(server.start());
  std::vector<Client> pages;
  const auto since = Clock::now();
  for (int i = 0; i < 8; ++i) {
    pages.push_back(reach(server));
    const auto answer = pages.back().get("/hello");
    CHECK((answer && answer->status == 200));
  }
  for (Client& page : pages) {
    const auto again = page.get("/hello");
    CHECK((again && again->status == 200));
  }
  CHECK(Clock::now() - since < 10s);
}

TEST_CASE("an address holds no more connections than it may") {
  ServerOptions options = quick_to_cut();
  options.workers = 16;
  options.connections_per_address = 3;
  Server server(options);
  serve_hello(server);
  REQUIRE(server.start());
  {
    std::vector<std::unique_ptr<RawClient>> held;
    for (int i = 0; i < 3; ++i) held.push_back(std::make_unique<RawClient>(server.port(), "127.0.0.2"));
    const RawClient one_more(server.port(), "127.0.0.2");
    CHECK(one_more.hear(15s) == "");
    CHECK(server.refused_connections() == 1);
    CHECK(reach(server).get("/hello")->status == 200);
  }
}

TEST_CASE("a handshake that does not go on is cut off") {
  const std::string folder = std::filesystem::temp_directory_path() / ("promenade-slow-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const tests::TestCa ca(folder, "ca");
  const auto own = ca.issue("server"), device = ca.issue("device");
  ServerOptions options = quick_to_cut();
  options.tls = ca.server(own);
  Server server(options);
  serve_hello(server);
  REQUIRE(server.start());
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 12; ++i) {
    silent.push_back(std::make_unique<RawClient>(server.port(), "127.0.0.2"));
    REQUIRE(silent.back()->send("\x16\x03\x01"));
  }
  const auto answer = reach(server, ca.client(device)).get("/hello");
  CHECK((answer && answer->status == 200));
  for (const auto& one : silent) CHECK(one->hear(15s));
  std::filesystem::remove_all(folder);
}
