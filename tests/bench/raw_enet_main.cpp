// promenade-bench-enet: ENet as it comes, for bench link to stand beside. A server and its clients, each with an address of its own
// on the loopback, send packets of given sizes at the link's rate; nothing is encrypted, and what is in a packet is not looked at.
// This program links none of the project's socket functions, so that ENet uses its own, and it makes sure of that.
//
// promenade-bench-enet CLIENTS UP DOWN CLOCK-UP CLOCK-DOWN (bytes). Says "ready" once all are connected. For each line
// "run SECONDS" it answers with one line: processor seconds of the server's thread, packets it got and sent meanwhile, and how many
// of all so far were lost on the way up and down. Ends with its standard input.

#include <dlfcn.h>
#include <enet/enet.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/processor_time.h"
#include "tests/bench/readiness.h"

namespace promenade::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr microseconds kPacketEvery{33'333};
constexpr int kReceiveBuffer = 4 << 20;         // as the link asks for
constexpr std::size_t kConnectAtOnce = 64;
constexpr enet_uint32 kWaits_ms = 2;            // of the server's loop, as the hall's

struct Setting {
  std::size_t clients = 0;
  std::size_t up = 0, down = 0, clock_up = 0, clock_down = 0;  // bytes
};

// As the link sets its peers: the throttle never drops, and they are as patient.
void configure(ENetPeer& peer) {
  enet_peer_throttle_configure(&peer, ENET_PEER_PACKET_THROTTLE_INTERVAL, ENET_PEER_PACKET_THROTTLE_SCALE, 0);
  enet_peer_timeout(&peer, 1000, 20000, 30000);
}

bool send(ENetPeer& peer, const std::vector<enet_uint8>& bytes) {
  ENetPacket* packet = enet_packet_create(bytes.data(), bytes.size(), ENET_PACKET_FLAG_UNSEQUENCED);
  if (packet != nullptr && enet_peer_send(&peer, 0, packet) == 0) return true;
  if (packet != nullptr) enet_packet_destroy(packet);
  return false;
}

void require_own_functions() {
  for (const char* name : {"enet_socket_send", "enet_socket_receive", "enet_socket_wait", "enet_time_get"}) {
    Dl_info where{};
    void* function = dlsym(RTLD_DEFAULT, name);
    if (function == nullptr || dladdr(function, &where) == 0 || where.dli_fname == nullptr || std::strstr(where.dli_fname, "libenet") == nullptr) {
      throw std::runtime_error(std::string(name) + " is not libenet's own");
    }
  }
}

// What fails on a thread ends the program, with a word why.
template <class Work>
void or_end(Work work) {
  try {
    work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-bench-enet: %s\n", error.what());
    std::_Exit(2);
  }
}

class Server {
 public:
  explicit Server(const Setting& setting) : setting_(setting), down_(setting.down, 7), clock_down_(setting.clock_down, 7) {
    ENetAddress address{};
    enet_address_set_host_ip(&address, "127.0.0.1");
    address.port = ENET_PORT_ANY;
    host_ = enet_host_create(&address, setting.clients + 12, 1, 0, 0);
    if (host_ == nullptr) throw std::runtime_error("no ENet host");
    enet_socket_set_option(host_->socket, ENET_SOCKOPT_RCVBUF, kReceiveBuffer);
    const auto now = Clock::now();
    for (std::size_t i = 0; i < host_->peerCount; ++i) next_.push_back(now + kPacketEvery * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(host_->peerCount));
    thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  }
  ~Server() {
    thread_.request_stop();
    thread_.join();
    enet_host_destroy(host_);
  }
  enet_uint16 port() const { return host_->address.port; }

  std::atomic<bool> talks{false};
  std::atomic<std::size_t> connected{0};
  std::atomic<std::uint64_t> got{0}, got_clock{0}, sent{0}, sent_clock{0};
  std::atomic<double> processor_s{0.0};  // as of the last turn

 private:
  void run(std::stop_token stop) {
    while (!stop.stop_requested()) {
      ENetEvent event{};
      enet_uint32 wait_ms = kWaits_ms;
      while (enet_host_service(host_, &event, wait_ms) > 0) {
        wait_ms = 0;
        take(event);
      }
      send_frames();
      enet_host_flush(host_);
      processor_s.store(thread_processor_s(), std::memory_order_relaxed);
    }
  }
  void take(const ENetEvent& event) {
    if (event.type == ENET_EVENT_TYPE_CONNECT) {
      configure(*event.peer);
      ++connected;
    } else if (event.type == ENET_EVENT_TYPE_DISCONNECT) {
      --connected;
    } else if (event.type == ENET_EVENT_TYPE_RECEIVE) {
      const bool clock = event.packet->dataLength == setting_.clock_up;
      enet_packet_destroy(event.packet);
      if (!clock) {
        got.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      got_clock.fetch_add(1, std::memory_order_relaxed);
      if (send(*event.peer, clock_down_)) sent_clock.fetch_add(1, std::memory_order_relaxed);
    }
  }
  void send_frames() {
    const auto now = Clock::now();
    const bool talking = talks.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < host_->peerCount; ++i) {
      if (now < next_[i]) continue;
      next_[i] += kPacketEvery * (std::chrono::duration_cast<microseconds>(now - next_[i]) / kPacketEvery + 1);
      ENetPeer& peer = host_->peers[i];
      if (talking && peer.state == ENET_PEER_STATE_CONNECTED && send(peer, down_)) sent.fetch_add(1, std::memory_order_relaxed);
    }
  }

  Setting setting_;
  std::vector<enet_uint8> down_, clock_down_;
  ENetHost* host_ = nullptr;
  std::vector<Clock::time_point> next_;
  std::jthread thread_;
};

class Clients {
 public:
  Clients(const Setting& setting, const Server& server) : up_(setting.up, 7), clock_up_(setting.clock_up, 7), clock_down_(setting.clock_down), port_(server.port()), hosts_(setting.clients) {
    thread_ = std::jthread([this](std::stop_token stop) { or_end([&] { run(stop); }); });
  }
  ~Clients() {
    thread_.request_stop();
    thread_.join();
    for (Client& client : hosts_) {
      if (client.host != nullptr) enet_host_destroy(client.host);
    }
  }

  std::atomic<bool> talks{false};
  std::atomic<std::size_t> connected{0};
  std::atomic<std::uint64_t> sent{0}, got{0};

 private:
  struct Client {
    ENetHost* host = nullptr;
    ENetPeer* peer = nullptr;
    bool connected = false;
  };
  void open(std::size_t index) {
    ENetAddress own{}, server{};
    own.host = ENET_HOST_TO_NET_32(loopback_host(index));
    enet_address_set_host_ip(&server, "127.0.0.1");
    server.port = port_;
    hosts_[index].host = enet_host_create(&own, 1, 1, 0, 0);
    if (hosts_[index].host == nullptr) throw std::runtime_error("no ENet host for each client: raise the limit of open files (ulimit -n)");
    hosts_[index].peer = enet_host_connect(hosts_[index].host, &server, 1, 0);
    readiness_.add(hosts_[index].host->socket, index);
  }
  void take(std::size_t index) {
    Client& client = hosts_[index];
    ENetEvent event{};
    while (enet_host_service(client.host, &event, 0) > 0) {
      if (event.type == ENET_EVENT_TYPE_CONNECT) {
        configure(*event.peer);
        client.connected = true;
        ++connected;
      } else if (event.type == ENET_EVENT_TYPE_DISCONNECT) {
        throw std::runtime_error("a client was disconnected");
      } else if (event.type == ENET_EVENT_TYPE_RECEIVE) {
        if (event.packet->dataLength != clock_down_) got.fetch_add(1, std::memory_order_relaxed);
        enet_packet_destroy(event.packet);
      }
    }
  }
  void turn(std::size_t index, std::uint64_t number) {
    Client& client = hosts_[index];
    if (!client.connected || !talks.load(std::memory_order_relaxed)) return take(index);
    if (send(*client.peer, up_)) sent.fetch_add(1, std::memory_order_relaxed);
    if ((number + 7 * index) % 120 < 8) static_cast<void>(send(*client.peer, clock_up_));  // as link_traffic.h
    enet_host_flush(client.host);
  }
  void run(std::stop_token stop) {
    const auto zero = Clock::now();
    const auto count = static_cast<std::int64_t>(hosts_.size());
    std::size_t opened = 0;
    for (std::int64_t number = 0; !stop.stop_requested();) {
      const auto due = [&] { return zero + kPacketEvery * number / count; };
      while (opened < hosts_.size() && opened < connected + kConnectAtOnce) open(opened++);
      while (due() <= Clock::now() && !stop.stop_requested()) {
        const auto index = static_cast<std::size_t>(number % count);
        if (index < opened) turn(index, static_cast<std::uint64_t>(number / count));
        ++number;
      }
      readiness_.nap([this](std::size_t index) { take(index); });
    }
  }

  std::vector<enet_uint8> up_, clock_up_;
  std::size_t clock_down_;
  enet_uint16 port_;
  std::vector<Client> hosts_;
  Readiness readiness_;
  std::jthread thread_;
};

void sleep_s(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

void measure(Server& server, Clients& clients, double seconds) {
  constexpr double kSettle_s = 0.3;
  server.talks = clients.talks = true;
  sleep_s(kSettle_s);
  const double before_s = server.processor_s;
  const std::uint64_t got = server.got, sent = server.sent, clock = server.got_clock + server.sent_clock;
  sleep_s(seconds);
  const double spent_s = server.processor_s - before_s;
  const std::uint64_t got_now = server.got, sent_now = server.sent, clock_now = server.got_clock + server.sent_clock;
  server.talks = clients.talks = false;
  sleep_s(kSettle_s);
  std::printf("%.6f %llu %llu %lld %lld\n", spent_s, static_cast<unsigned long long>(got_now - got), static_cast<unsigned long long>(sent_now - sent + clock_now - clock),
              static_cast<long long>(clients.sent - server.got), static_cast<long long>(server.sent - clients.got));
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  if (argc != 6) throw std::runtime_error("use: promenade-bench-enet CLIENTS UP DOWN CLOCK-UP CLOCK-DOWN, as bench link does");
  std::size_t numbers[5];
  for (int i = 0; i < 5; ++i) numbers[i] = std::strtoul(argv[i + 1], nullptr, 10);
  const Setting setting{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
  if (setting.clients == 0 || setting.clients > 4000) throw std::runtime_error("clients: 1 to 4000");
  if (setting.up == setting.clock_up || setting.down == setting.clock_down) throw std::runtime_error("the clock's packets are told from the others by their size");
  require_own_functions();
  if (enet_initialize() != 0) throw std::runtime_error("ENet does not start");
  Server server(setting);
  Clients clients(setting, server);
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (server.connected < setting.clients || clients.connected < setting.clients) {
    if (Clock::now() > deadline) throw std::runtime_error("not all clients connected within a minute");
    sleep_s(0.02);
  }
  std::printf("ready\n");
  std::fflush(stdout);
  char line[128];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    double seconds = 0.0;
    if (std::sscanf(line, "run %lf", &seconds) != 1 || seconds <= 0.0 || seconds > 3600.0) throw std::runtime_error("say: run SECONDS");
    measure(server, clients, seconds);
  }
  return 0;
}

}  // namespace
}  // namespace promenade::bench

int main(int argc, char** argv) {
  try {
    return promenade::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-bench-enet: %s\n", error.what());
    return 2;
  }
}
