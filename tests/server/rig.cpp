#include "tests/server/rig.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "showcontrol/protocol/codec.h"
#include "showcontrol/server/hall_clock.h"
#include "tests/package/films.h"
#include "ticketing/core/answers.h"
#include "tracking/base/http/client.h"

extern char** environ;

namespace promenade::server_test {

using Clock = std::chrono::steady_clock;

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "promenade-hall-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

FakeBoxOffice::FakeBoxOffice(std::uint16_t port) {
  http_ = std::make_unique<base::http::Server>(base::http::ServerOptions{.bind_address = "127.0.0.1", .port = port});
  http_->route("GET", "/healthz", [](const base::http::Request&) { return base::http::Response{}; });
  http_->route("GET", "/v1/venue", [](const base::http::Request&) {
    base::http::Response response;
    response.content_type = "application/json";
    response.body = R"({"lanes":[{"lane":"3200000100000001","hall":"wuxi-420"},{"lane":"3200000200000001","hall":"wuxi-other"}]})";
    return response;
  });
  http_->route("POST", "/v1/waits", [this](const base::http::Request&) {
    ++waits;
    return base::http::Response{};
  });
  const auto answer = [this](const base::http::Request& request) {
    ++posts;
    base::http::Response response;
    response.status = 201;
    response.content_type = "application/json";
    const auto asked = ticketing::request_from_text(request.body);
    if (!asked) {
      response.status = 400;
      response.body = R"({"code":"request-malformed","detail":"It is not right."})";
      return response;
    }
    {
      const std::lock_guard lock(mutex_);
      keys_.insert(nlohmann::json::parse(request.body).value("idempotency_key", request.body));
    }
    ticketing::Answer said = ticketing::RecordedAnswer{1, ticketing::BusinessDate(std::chrono::sys_days{}), false, {}};
    if (const auto* redemption = std::get_if<ticketing::RedemptionRequest>(&*asked)) {
      ticketing::RedemptionAnswer made;
      made.seq = 1;
      made.redemption = ticketing::RedemptionId(redemption->head.idempotency_key);
      made.ticket = ticketing::parse_ticket(redemption->token)->code;
      made.film = kFilm;
      made.allowed_films = {kFilm};
      made.screening = base::ScreeningId("1");
      made.lane = base::LaneId("1");
      made.slot = 1;
      made.business_date = ticketing::BusinessDate(std::chrono::sys_days{});
      said = made;
    }
    response.body = ticketing::to_json(said).dump();
    return response;
  };
  for (const char* path : {"/v1/redemptions", "/v1/grants", "/v1/plays", "/v1/swaps"}) http_->route("POST", path, answer);
  REQUIRE(http_->start().has_value());
  port_ = http_->port();
}

bool FakeBoxOffice::until_told() {
  const auto deadline = Clock::now() + kPatience;
  while (waits == 0 && Clock::now() < deadline) std::this_thread::yield();
  return waits > 0;
}

std::size_t FakeBoxOffice::deeds() const {
  const std::lock_guard lock(mutex_);
  return keys_.size();
}

void FakeBoxOffice::stop() {
  if (http_) http_->stop();
  http_.reset();
}

base::KeyPair ticket_signer() {
  base::KeySeed seed{};
  seed.fill(5);
  return base::KeyPair::from_seed(seed);
}

std::string ticket(const std::string& code, base::UtcTime now, const std::string& lane) {
  ticketing::Ticket made;
  made.venue = base::VenueId("wuxi");
  made.code = base::TicketId(code);
  made.film = kFilm;
  made.lane = base::LaneId(lane);
  made.screening = base::ScreeningId("2026112100000001");
  made.slot = 1;
  made.valid_from = std::chrono::floor<std::chrono::seconds>(now - std::chrono::hours(1));
  made.valid_until = std::chrono::floor<std::chrono::seconds>(now + std::chrono::hours(1));
  made.business_date = ticketing::BusinessCalendar::make("Asia/Shanghai", std::chrono::hours(6))->date_of(now);
  made.price_class = "A";
  return ticketing::issue_ticket(made, ticket_signer());
}

void write_film(const std::string& path) {
  const auto bytes = package::testing::packed(package::testing::walking_film(), {});
  REQUIRE(bytes.has_value());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  REQUIRE(file.good());
}

server::ServerOptions options(const Folder& folder, const std::string& box_office_url) {
  std::filesystem::create_directories(folder / "films");
  write_film(folder / "films/trial.prom");
  server::ServerOptions made;
  made.venue_file = std::string(PROMENADE_SOURCE_DIR) + "/venue-configs/wuxi-420/venue.toml";
  made.films_dir = folder / "films";
  made.data_dir = folder / "data";
  made.bind = "127.0.0.1";
  made.port = 0;
  made.http_port = 0;
  made.box_office_url = box_office_url;
  made.box_office_key = "key";
  made.ticket_key = base::to_hex(ticket_signer().public_key());
  made.staff_keys = {"staff-key"};
  made.link_dir = link_keys().folder();
  return made;
}

const link::HallKeys& link_keys() {
  static const Folder folder;
  static const auto keys = link::HallKeys::open_or_make(folder / "link", "wuxi", server::system_time());
  return keys.value();
}

Peer::Peer(std::uint16_t port, link::Role role, const std::string& name)
    : Peer(port, link_keys().authority().issue(role, name, server::system_time(), link::system_random()).value()) {}

Peer::Peer(std::uint16_t port, const link::Credentials& credentials) {
  protocol::ConnectionConfig config;
  config.port = port;
  config.security = link::SessionSettings::make(link::SessionSettings::End::device, credentials, link::system_random()).value();
  auto opened = protocol::Connection::open(config);
  REQUIRE(opened.has_value());
  connection_.emplace(std::move(*opened));
  const auto deadline = Clock::now() + kPatience;
  std::vector<protocol::Message> none;
  while (!connection_->connected() && !connection_->over() && Clock::now() < deadline) poll(none, std::chrono::milliseconds(20));
  REQUIRE(connection_->connected());
}

void Peer::send_raw(base::Bytes bytes) {
  connection_->send(std::move(bytes), protocol::Delivery::unreliable);
  connection_->flush();
}

void Peer::send(const protocol::Message& message) {
  connection_->send(protocol::encode(message), protocol::delivery_of(message));
  connection_->flush();
}

void Peer::poll(std::vector<protocol::Message>& received, std::chrono::milliseconds wait) {
  events_.clear();
  connection_->poll(wait, events_);
  for (const protocol::LinkEvent& event : events_) {
    const auto* datagram = std::get_if<protocol::LinkDatagram>(&event);
    if (datagram == nullptr) continue;
    auto message = protocol::decode(datagram->bytes);
    if (message) received.push_back(std::move(*message));
  }
}

bool Peer::until(const std::function<bool(const protocol::Message&)>& done) {
  const auto deadline = Clock::now() + kPatience;
  while (Clock::now() < deadline && !connection_->over()) {
    std::vector<protocol::Message> received;
    poll(received, std::chrono::milliseconds(20));
    for (const protocol::Message& message : received) {
      if (done(message)) return true;
    }
  }
  return false;
}

protocol::StaffReply Peer::command(protocol::StaffAction action) {
  const std::uint32_t request = ++request_;
  send(protocol::StaffCommand{request, std::move(action)});
  protocol::StaffReply reply;
  REQUIRE(until([&](const protocol::Message& message) {
    const auto* one = std::get_if<protocol::StaffReply>(&message);
    if (one == nullptr || one->request != request) return false;
    reply = *one;
    return true;
  }));
  return reply;
}

std::optional<Peer> staff(std::uint16_t port, const std::string& key) {
  Peer peer(port);
  peer.send(protocol::StaffHello{protocol::kProtocolVersion, "console", key});
  const bool welcome = peer.until([](const protocol::Message& message) { return std::holds_alternative<protocol::StaffWelcome>(message); });
  if (!welcome) return std::nullopt;
  return peer;
}

Running::Running(const server::ServerOptions& given) {
  auto opened = server::Server::open(given);
  if (!opened) FAIL(opened.error().text);
  server_.emplace(std::move(*opened));
  loop_ = std::jthread([this](std::stop_token stop) { server_->run(stop); });
}
Running::~Running() {
  loop_.request_stop();
  loop_.join();
}

Child::Child(const server::ServerOptions& given, const Folder& folder, bool follows) {
  const std::string log = folder / "child.log";
  const std::string out = folder / "child.out";
  std::vector<std::string> words = {std::string(PROMENADE_BINARY_DIR) + "/bin/promenade-hall",
                                    "--venue", given.venue_file, "--films", given.films_dir, "--data", given.data_dir, "--bind", "127.0.0.1", "--port", std::to_string(given.port),
                                    "--http-port", std::to_string(given.http_port), "--boxoffice", given.box_office_url, "--boxoffice-key", "key", "--ticket-key", given.ticket_key,
                                    "--staff-key", "staff-key", "--link", given.link_dir};
  if (given.standby_port) words.insert(words.end(), {"--standby-port", std::to_string(*given.standby_port)});
  if (given.alone) words.push_back("--alone");
  if (!given.standby_of.empty()) words.insert(words.end(), {"--standby-of", given.standby_of});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  REQUIRE(posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  out_ = ends[0];
  if (!follows) until_ready();
}

bool Child::until_ready() {
  const auto deadline = Clock::now() + kPatience;
  while (Clock::now() < deadline && !output.contains("ready on udp")) {
    pollfd waits{out_, POLLIN, 0};
    if (::poll(&waits, 1, 100) <= 0) continue;
    char text[512];
    const ssize_t size = ::read(out_, text, sizeof text);
    if (size <= 0) break;
    output.append(text, static_cast<std::size_t>(size));
  }
  unsigned udp = 0, http = 0, standby = 0;
  unsigned long number = 0;
  if (const auto at = output.find("promenade-hall standby port"); at != std::string::npos && std::sscanf(output.c_str() + at, "promenade-hall standby port %u", &standby) == 1) {
    standby_port = static_cast<std::uint16_t>(standby);
  }
  const auto at = output.find("promenade-hall ready");
  if (at == std::string::npos || std::sscanf(output.c_str() + at, "promenade-hall ready on udp %u, http %u, epoch %lu", &udp, &http, &number) != 3) return false;
  udp_port = static_cast<std::uint16_t>(udp);
  http_port = static_cast<std::uint16_t>(http);
  epoch = number;
  return true;
}

int Child::wait() {
  if (pid_ < 0) return -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
void Child::kill_hard() {
  kill(pid_, SIGKILL);
  wait();
}
int Child::end_gently() {
  kill(pid_, SIGTERM);
  return wait();
}
Child::~Child() {
  if (pid_ >= 0) kill_hard();
  if (out_ >= 0) ::close(out_);
}

bool metric_is(std::uint16_t port, const std::string& line) {
  base::http::ClientOptions options;
  options.base_url = "http://127.0.0.1:" + std::to_string(port);
  auto client = base::http::Client::open(std::move(options)).value();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto response = client.get("/metrics");
    if (response && response->body.contains(line + "\n")) return true;
  }
  return false;
}


}  // namespace promenade::server_test
