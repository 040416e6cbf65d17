// The one file that knows ENet.

#include <dlfcn.h>
#include <enet/enet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <system_error>
#include <utility>

#include "showcontrol/protocol/delay_line.h"
#include "showcontrol/protocol/transport.h"
#include "tracking/base/assert.h"

namespace promenade::protocol {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

class SocketPath;
thread_local SocketPath* open_path = nullptr;  // of the call into ENet that runs on this thread
thread_local bool own_send_seen = false;

using SendFunction = int (*)(ENetSocket, const ENetAddress*, const ENetBuffer*, size_t);
using ReceiveFunction = int (*)(ENetSocket, ENetAddress*, ENetBuffer*, size_t);

int library_send(ENetSocket socket, const ENetAddress* to, const ENetBuffer* buffers, std::size_t count) {
  static const auto function = reinterpret_cast<SendFunction>(dlsym(RTLD_NEXT, "enet_socket_send"));
  PROMENADE_ASSERT(function != nullptr);
  return function(socket, to, buffers, count);
}

int library_receive(ENetSocket socket, ENetAddress* from, ENetBuffer* buffers, std::size_t count) {
  static const auto function = reinterpret_cast<ReceiveFunction>(dlsym(RTLD_NEXT, "enet_socket_receive"));
  PROMENADE_ASSERT(function != nullptr);
  return function(socket, from, buffers, count);
}

// What stands between ENet and the network at one socket: today the impairment layer; encryption has its place here.
class SocketPath {
 public:
  explicit SocketPath(const LinkImpairment& settings)
      : out_(settings.outgoing, base::Random(settings.seed).fork("outgoing")),
        in_(settings.incoming, base::Random(settings.seed).fork("incoming")) {}

  bool active() const { return out_.active() || in_.active(); }
  void set(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) {
    out_.set(outgoing);
    in_.set(incoming);
  }

  int send(ENetSocket socket, const ENetAddress& to, const ENetBuffer* buffers, std::size_t count) {
    Late late{to, {}};
    for (std::size_t i = 0; i < count; ++i) {
      const auto* data = static_cast<const std::uint8_t*>(buffers[i].data);
      late.bytes.insert(late.bytes.end(), data, data + buffers[i].dataLength);
    }
    out_.push(late, late.bytes.size(), now());
    release(socket);
    return static_cast<int>(late.bytes.size());
  }

  void release(ENetSocket socket) {  // sends what is due
    while (auto late = out_.pop(now())) {
      const ENetBuffer buffer{late->bytes.data(), late->bytes.size()};
      library_send(socket, &late->address, &buffer, 1);  // a full socket buffer loses it, as a network would
    }
  }

  int receive(ENetSocket socket, ENetAddress* from, ENetBuffer* buffers, std::size_t count) {
    std::array<std::uint8_t, ENET_PROTOCOL_MAXIMUM_MTU> storage;
    for (int i = 0; i < 256; ++i) {
      Late late;
      ENetBuffer buffer{storage.data(), storage.size()};
      const int size = library_receive(socket, &late.address, &buffer, 1);
      if (size <= 0) break;
      late.bytes.assign(storage.begin(), storage.begin() + size);
      in_.push(late, late.bytes.size(), now());
    }
    const auto late = count == 0 ? std::nullopt : in_.pop(now());
    if (!late || late->bytes.size() > buffers[0].dataLength) return 0;
    std::ranges::copy(late->bytes, static_cast<std::uint8_t*>(buffers[0].data));
    if (from != nullptr) *from = late->address;
    return static_cast<int>(late->bytes.size());
  }

  std::optional<milliseconds> next_due() const {  // from now, rounded up
    const auto out = out_.next_at(), in = in_.next_at();
    if (!out && !in) return std::nullopt;
    const base::Duration at = std::min(out.value_or(base::Duration::max()), in.value_or(base::Duration::max()));
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(at - now()));
  }

 private:
  struct Late {
    ENetAddress address{};
    base::Bytes bytes;
  };
  base::Duration now() const { return std::chrono::duration_cast<base::Duration>(steady_clock::now() - zero_); }

  SteadyTime zero_ = steady_clock::now();
  DelayLine<Late> out_, in_;
};

class PathScope {  // while it lives, ENet's socket calls on this thread go through `path`
 public:
  explicit PathScope(SocketPath& path) : outer_(std::exchange(open_path, path.active() ? &path : nullptr)) {}
  ~PathScope() { open_path = outer_; }
  PathScope(const PathScope&) = delete;
  PathScope& operator=(const PathScope&) = delete;

 private:
  SocketPath* outer_;
};

}  // namespace
}  // namespace promenade::protocol

// Debian's libenet calls these through the dynamic linker, so the program's definitions win; ENet itself needs no change.
extern "C" int enet_socket_send(ENetSocket socket, const ENetAddress* to, const ENetBuffer* buffers, size_t count) {
  using namespace promenade::protocol;
  own_send_seen = true;
  if (open_path != nullptr && to != nullptr) return open_path->send(socket, *to, buffers, count);
  return library_send(socket, to, buffers, count);
}

extern "C" int enet_socket_receive(ENetSocket socket, ENetAddress* from, ENetBuffer* buffers, size_t count) {
  using namespace promenade::protocol;
  if (open_path != nullptr) return open_path->receive(socket, from, buffers, count);
  return library_receive(socket, from, buffers, count);
}

namespace promenade::protocol {

namespace {

constexpr std::size_t kEventsMax = 4096;
constexpr int kReceiveBuffer = 4 << 20;
constexpr std::size_t kWaitingDataMax = 256 << 10;  // of a peer's reliable data that waits for its predecessors
constexpr enet_uint32 kMtu = 1280;                  // a datagram of kDatagramMax with ENet's headers fits whole
constexpr enet_uint32 kConnectTimeout = 5000;       // ms

struct HostCloser {
  void operator()(ENetHost* host) const { enet_host_destroy(host); }
};
using HostHandle = std::unique_ptr<ENetHost, HostCloser>;

bool start_library() {
  static const bool started = enet_initialize() == 0;
  return started;
}

void configure(ENetHost& host) {
  host.mtu = kMtu;
  host.maximumPacketSize = kReliableMax;
  host.maximumWaitingData = kWaitingDataMax;
  enet_socket_set_option(host.socket, ENET_SOCKOPT_RCVBUF, kReceiveBuffer);
}

void configure(ENetPeer& peer) {
  // ENet drops unreliable packets by chance while its throttle is below its scale; with no deceleration it stays there.
  enet_peer_throttle_configure(&peer, ENET_PEER_PACKET_THROTTLE_INTERVAL, ENET_PEER_PACKET_THROTTLE_SCALE, 0);
  enet_peer_timeout(&peer, 1000, 20000, 30000);
}

std::string address_text(const ENetAddress& address) {
  std::array<char, 64> text{};
  if (enet_address_get_host_ip(&address, text.data(), text.size()) != 0) return "unknown";
  return std::string(text.data()) + ":" + std::to_string(address.port);
}

bool send_packet(ENetPeer& peer, base::ByteView bytes, Delivery delivery) {
  PROMENADE_ASSERT(!bytes.empty());
  PROMENADE_ASSERT(bytes.size() <= (delivery == Delivery::unreliable ? kDatagramMax : kReliableMax));
  const enet_uint32 flags = delivery == Delivery::reliable ? ENET_PACKET_FLAG_RELIABLE : ENET_PACKET_FLAG_UNSEQUENCED;
  ENetPacket* packet = enet_packet_create(bytes.data(), bytes.size(), flags);
  if (packet == nullptr) return false;
  if (enet_peer_send(&peer, 0, packet) == 0) return true;
  enet_packet_destroy(packet);
  return false;
}

LinkDatagram take_datagram(LinkId link, ENetPacket* packet) {
  LinkDatagram datagram{link, base::Bytes(packet->data, packet->data + packet->dataLength), steady_clock::now()};
  enet_packet_destroy(packet);
  return datagram;
}

// A host with its path; what Listener and Connection share.
struct Socket {
  HostHandle host;
  SocketPath path;
  LinkTotals totals;

  void count() {
    totals.packets_in += std::exchange(host->totalReceivedPackets, 0);
    totals.packets_out += std::exchange(host->totalSentPackets, 0);
    totals.bytes_in += std::exchange(host->totalReceivedData, 0);
    totals.bytes_out += std::exchange(host->totalSentData, 0);
  }

  void flush() {
    PathScope scope(path);
    enet_host_flush(host.get());
    path.release(host->socket);
    count();
  }

  // Calls `handle` for each ENet event; waits at most `timeout` for the first that makes an event of ours.
  template <class Handle>
  void poll(milliseconds timeout, std::vector<LinkEvent>& events, Handle handle) {
    const SteadyTime deadline = steady_clock::now() + timeout;
    const std::size_t before = events.size();
    PathScope scope(path);
    for (std::size_t taken = 0; taken < kEventsMax;) {
      path.release(host->socket);
      milliseconds wait{0};
      if (events.size() == before) wait = std::max(wait, std::chrono::ceil<milliseconds>(deadline - steady_clock::now()));
      if (const auto due = path.next_due()) wait = std::min(wait, std::max(*due, milliseconds{0}));
      ENetEvent event{};
      const int result = enet_host_service(host.get(), &event, static_cast<enet_uint32>(wait.count()));
      if (result > 0) {
        ++taken;
        handle(event);
      } else if (result < 0 || events.size() > before || steady_clock::now() >= deadline) {
        break;
      }
    }
    count();
  }
};

// Whether ENet really calls our socket functions: sends one datagram to this machine's discard port and looks.
bool socket_functions_are_ours() {
  if (!start_library()) return false;
  const HostHandle host(enet_host_create(nullptr, 1, 1, 0, 0));
  if (!host) return false;
  ENetAddress discard{};
  enet_address_set_host_ip(&discard, "127.0.0.1");
  discard.port = 9;
  ENetPeer* peer = enet_host_connect(host.get(), &discard, 1, 0);
  if (peer == nullptr) return false;
  own_send_seen = false;
  enet_host_flush(host.get());
  enet_peer_reset(peer);
  return own_send_seen;
}

base::Result<void> check_path(const LinkImpairment& impairment) {
  if (!impairment.outgoing.any() && !impairment.incoming.any()) return {};
  if (socket_functions_are_ours()) return {};
  return base::fail("impairment-unavailable", "This build's ENet does not use the program's own socket functions.",
                    "Link the shared libenet of Debian 13, or switch the impairment off.");
}

CloseCode close_code(enet_uint32 data) {
  return data <= static_cast<enet_uint32>(CloseCode::refused) ? static_cast<CloseCode>(data) : CloseCode::refused;
}

}  // namespace

// ------------------------------------------------------------ Listener

struct Listener::Impl {
  Socket socket;
  ListenerConfig config;
  std::map<LinkId, ENetPeer*> links;
  struct Unproven { LinkId link; SteadyTime since; };
  std::deque<Unproven> unproven;  // oldest first
  std::uint32_t next_link = 1;

  static LinkId link_of(const ENetPeer& peer) {
    return LinkId{static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(peer.data))};
  }
  void forget(LinkId link) {
    links.erase(link);
    std::erase_if(unproven, [&](const Unproven& u) { return u.link == link; });
  }
  void drop(LinkId link, CloseCode code) {
    const auto found = links.find(link);
    if (found == links.end()) return;
    found->second->data = nullptr;
    enet_peer_disconnect_later(found->second, static_cast<enet_uint32>(code));
    forget(link);
  }
  void connected(ENetPeer& peer, std::vector<LinkEvent>& events) {
    configure(peer);
    peer.data = nullptr;
    if (links.size() >= config.links_max) {
      ++socket.totals.refused_full;
      enet_peer_disconnect(&peer, static_cast<enet_uint32>(CloseCode::full));
      return;
    }
    const LinkId link{next_link++};
    peer.data = reinterpret_cast<void*>(static_cast<std::uintptr_t>(link.value()));
    links.emplace(link, &peer);
    unproven.push_back({link, steady_clock::now()});
    events.push_back(LinkConnected{link, address_text(peer.address)});
  }
  void handle(const ENetEvent& event, std::vector<LinkEvent>& events) {
    const LinkId link = event.type == ENET_EVENT_TYPE_CONNECT ? LinkId{} : link_of(*event.peer);
    if (event.type == ENET_EVENT_TYPE_CONNECT) {
      connected(*event.peer, events);
    } else if (event.type == ENET_EVENT_TYPE_RECEIVE) {
      if (link.is_none()) enet_packet_destroy(event.packet);
      else events.push_back(take_datagram(link, event.packet));
    } else if (event.type == ENET_EVENT_TYPE_DISCONNECT && !link.is_none()) {
      forget(link);
      event.peer->data = nullptr;
      events.push_back(LinkLost{link, close_code(event.data)});
    }
  }
  void drop_unproven(std::vector<LinkEvent>& events) {
    const SteadyTime now = steady_clock::now();
    while (!unproven.empty() && (unproven.size() > config.unproven_max || now - unproven.front().since > config.unproven_time)) {
      const LinkId link = unproven.front().link;
      ++socket.totals.dropped_unproven;
      drop(link, CloseCode::no_hello);
      events.push_back(LinkLost{link, CloseCode::no_hello});
    }
  }
};

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

Listener::~Listener() {
  if (!impl_) return;
  const PathScope scope(impl_->socket.path);
  for (const auto& [link, peer] : impl_->links) enet_peer_disconnect_now(peer, static_cast<enet_uint32>(CloseCode::done));
}

base::Result<Listener> Listener::open(const ListenerConfig& config) {
  if (!start_library()) return base::fail("bind-failed", "ENet could not be started.");
  if (auto path = check_path(config.impairment); !path) return std::unexpected(path.error());
  ENetAddress address{};
  if (enet_address_set_host_ip(&address, config.bind.c_str()) != 0) {
    return base::fail("address-invalid", "\"" + config.bind + "\" is not an IPv4 address.", "Give the address of one of this machine's interfaces, or 0.0.0.0.");
  }
  address.port = config.port;
  // Room for those who are told that the hall is full, and for closings under way.
  const std::size_t peers = std::min<std::size_t>(config.links_max + config.unproven_max + 32, ENET_PROTOCOL_MAXIMUM_PEER_ID);
  errno = 0;
  HostHandle host(enet_host_create(&address, peers, 1, 0, 0));
  if (!host) {
    const std::string where = config.bind + ":" + std::to_string(config.port);
    if (errno == EADDRINUSE) {
      return base::fail("port-in-use", "UDP port " + where + " is in use by another program.",
                        "Stop the other hall program or choose another port.");
    }
    return base::fail("bind-failed", "UDP port " + where + " cannot be opened: " + std::generic_category().message(errno) + ".",
                      "Check that the address belongs to this machine and the port is allowed.");
  }
  configure(*host);
  return Listener(std::make_unique<Impl>(Impl{{std::move(host), SocketPath(config.impairment), {}}, config, {}, {}, 1}));
}

void Listener::poll(milliseconds timeout, std::vector<LinkEvent>& events) {
  impl_->drop_unproven(events);
  impl_->socket.poll(timeout, events, [&](const ENetEvent& event) { impl_->handle(event, events); });
  impl_->drop_unproven(events);
}

bool Listener::send(LinkId link, base::ByteView bytes, Delivery delivery) {
  const auto found = impl_->links.find(link);
  return found != impl_->links.end() && send_packet(*found->second, bytes, delivery);
}

void Listener::flush() { impl_->socket.flush(); }
void Listener::proven(LinkId link) {
  std::erase_if(impl_->unproven, [&](const Impl::Unproven& u) { return u.link == link; });
}
void Listener::close(LinkId link, CloseCode code) { impl_->drop(link, code); }

std::optional<std::uint32_t> Listener::round_trip_ms(LinkId link) const {
  const auto found = impl_->links.find(link);
  if (found == impl_->links.end()) return std::nullopt;
  return found->second->roundTripTime;
}

std::uint16_t Listener::port() const { return impl_->socket.host->address.port; }
std::size_t Listener::link_count() const { return impl_->links.size(); }
LinkTotals Listener::totals() const { return impl_->socket.totals; }
void Listener::set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) {
  impl_->socket.path.set(outgoing, incoming);
}

// ------------------------------------------------------------ Connection

struct Connection::Impl {
  Socket socket;
  ENetPeer* peer = nullptr;  // null: over
  bool connected = false;
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Connection::~Connection() {
  if (impl_) close();
}

base::Result<Connection> Connection::open(const ConnectionConfig& config) {
  if (!start_library()) return base::fail("socket-failed", "ENet could not be started.");
  if (auto path = check_path(config.impairment); !path) return std::unexpected(path.error());
  ENetAddress address{};
  if (enet_address_set_host(&address, config.host.c_str()) != 0 || config.port == 0) {
    return base::fail("address-invalid", "\"" + config.host + ":" + std::to_string(config.port) + "\" is no address of a hall.",
                      "Give the hall server's name or IPv4 address and its port.");
  }
  address.port = config.port;
  HostHandle host(enet_host_create(nullptr, 1, 1, 0, 0));
  if (!host) {
    return base::fail("socket-failed", "No UDP socket could be opened: " + std::generic_category().message(errno) + ".",
                      "Raise the limit of open files.");
  }
  configure(*host);
  ENetPeer* peer = enet_host_connect(host.get(), &address, 1, 0);
  if (peer == nullptr) return base::fail("socket-failed", "ENet has no room for a connection.");
  enet_peer_timeout(peer, 1000, kConnectTimeout, kConnectTimeout);
  return Connection(std::make_unique<Impl>(Impl{{std::move(host), SocketPath(config.impairment), {}}, peer, false}));
}

void Connection::poll(milliseconds timeout, std::vector<LinkEvent>& events) {
  Impl& impl = *impl_;
  if (impl.peer == nullptr) return;
  impl.socket.poll(timeout, events, [&](const ENetEvent& event) {
    if (event.type == ENET_EVENT_TYPE_CONNECT) {
      configure(*event.peer);
      impl.connected = true;
      events.push_back(LinkConnected{LinkId{1}, address_text(event.peer->address)});
    } else if (event.type == ENET_EVENT_TYPE_RECEIVE) {
      events.push_back(take_datagram(LinkId{1}, event.packet));
    } else if (event.type == ENET_EVENT_TYPE_DISCONNECT) {
      impl.peer = nullptr;
      impl.connected = false;
      events.push_back(LinkLost{LinkId{1}, close_code(event.data)});
    }
  });
}

bool Connection::send(base::ByteView bytes, Delivery delivery) {
  return impl_->connected && send_packet(*impl_->peer, bytes, delivery);
}
void Connection::flush() { impl_->socket.flush(); }

void Connection::close() {
  if (impl_->peer != nullptr) {
    const PathScope scope(impl_->socket.path);
    enet_peer_disconnect_now(impl_->peer, static_cast<enet_uint32>(CloseCode::done));
  }
  impl_->peer = nullptr;
  impl_->connected = false;
}

bool Connection::connected() const { return impl_->connected; }
bool Connection::over() const { return impl_->peer == nullptr; }
std::uint32_t Connection::round_trip_ms() const { return impl_->peer == nullptr ? 0 : impl_->peer->roundTripTime; }
LinkTotals Connection::totals() const { return impl_->socket.totals; }
void Connection::set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) {
  impl_->socket.path.set(outgoing, incoming);
}

}  // namespace promenade::protocol
