#pragma once
// The hall's program in this process or as a child, a box office that says yes, and peers over the loopback.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/server/hall_clock.h"
#include "showcontrol/server/server.h"
#include "ticketing/core/ticket.h"
#include "tracking/base/http/server.h"

namespace promenade::server_test {

inline const base::FilmId kFilm{"001199992026"};
inline constexpr std::chrono::seconds kPatience{20};  // a deadline, not a wait

class Folder {  // gone with its content at the end
 public:
  Folder();
  ~Folder();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class FakeBoxOffice {
 public:
  explicit FakeBoxOffice(std::uint16_t port = 0);
  ~FakeBoxOffice() { stop(); }
  void stop();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  bool until_told();  // the hall's waits, before which it has learned its lanes
  std::atomic<int> posts = 0, waits = 0;
  std::size_t deeds() const;  // told of apart: the same one again, under its key, is no other

 private:
  mutable std::mutex mutex_;
  std::set<std::string> keys_;
  std::unique_ptr<base::http::Server> http_;
  std::uint16_t port_ = 0;
};

base::KeyPair ticket_signer();
// Of kFilm, valid an hour either side; for the rig's own hall, or by another lane for another one.
std::string ticket(const std::string& code, base::UtcTime now = server::system_time(), const std::string& lane = "3200000100000001");
void write_film(const std::string& path);
server::ServerOptions options(const Folder& folder, const std::string& box_office_url);
const link::HallKeys& link_keys();  // of every hall of this process

// One connection with the codec on it. Every wait has a deadline.
class Peer {
 public:
  explicit Peer(std::uint16_t port, link::Role role = link::Role::staff, const std::string& name = "console");
  Peer(std::uint16_t port, const link::Credentials& credentials);
  void send(const protocol::Message& message);
  void send_raw(base::Bytes bytes);  // as state goes
  // Polls until `done` says so for a message; false at the deadline.
  bool until(const std::function<bool(const protocol::Message&)>& done);
  void poll(std::vector<protocol::Message>& received, std::chrono::milliseconds wait);
  bool connected() const { return connection_->connected(); }
  bool over() const { return connection_->over(); }
  protocol::StaffReply command(protocol::StaffAction action);

 private:
  std::optional<protocol::Connection> connection_;
  std::uint32_t request_ = 0;
  std::vector<protocol::LinkEvent> events_;
};
std::optional<Peer> staff(std::uint16_t port, const std::string& key = "staff-key");

class Running {  // a server in this process
 public:
  explicit Running(const server::ServerOptions& options);
  ~Running();
  server::Server& operator*() { return *server_; }
  server::Server* operator->() { return &*server_; }

 private:
  std::optional<server::Server> server_;
  std::jthread loop_;
};

class Child {  // the program as a process
 public:
  // Returns once it leads; where it is to follow, at once.
  Child(const server::ServerOptions& options, const Folder& folder, bool follows = false);
  ~Child();
  bool ready() const { return udp_port != 0; }
  bool until_ready();  // it leads; false at the deadline
  void kill_hard();
  int end_gently();  // exit code
  std::uint16_t udp_port = 0;
  std::uint16_t http_port = 0;
  std::uint64_t epoch = 0;
  std::uint16_t standby_port = 0;
  std::string output;

 private:
  int wait();
  int pid_ = -1;
  int out_ = -1;
};

bool metric_is(std::uint16_t port, const std::string& line);  // within kPatience

}  // namespace promenade::server_test
