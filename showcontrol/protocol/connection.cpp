#include <utility>

#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/link/secure_socket.h"
#include "showcontrol/protocol/enet_host.h"
#include "showcontrol/protocol/socket_turns.h"
#include "showcontrol/protocol/transport.h"
#include "tracking/base/assert.h"

namespace promenade::protocol {

using std::chrono::milliseconds;

namespace {
constexpr std::uint32_t kConnectTimeout_ms = 5000;
}  // namespace

struct Connection::Impl {
  ImpairedSocket network;
  link::Address hall;  // as ENet sees it
  std::unique_ptr<link::SecureDeviceSocket> secure;  // null: not encrypted
  std::unique_ptr<EnetHost> host;
  std::optional<EnetHost::Slot> slot;  // nothing: not asked to connect yet
  bool connected = false, over = false;
  bool unsent = true;                // ENet may hold something for the wire

  Impl(std::unique_ptr<link::DatagramSocket> socket, const ConnectionConfig& config, link::Address to)
      : network(std::move(socket), config.impairment), hall(to) {
    if (config.security) {
      secure = std::make_unique<link::SecureDeviceSocket>(network, to, config.security);
      hall = link::kVirtualHall;
    }
    host = std::make_unique<EnetHost>(socket_for_enet(), 1, false);
  }
  link::DatagramSocket& socket_for_enet() { return secure ? static_cast<link::DatagramSocket&>(*secure) : network; }

  void lose(CloseCode code, std::vector<LinkEvent>& events) {
    over = true;
    connected = false;
    events.push_back(LinkLost{LinkId{1}, code});
  }
  void turn(std::vector<LinkEvent>& events) {
    if (secure) {
      secure->work();
      for (link::DeviceEnd::Inner& one : std::exchange(secure->beside(), {})) {
        if (one.kind == link::DatagramKind::clock && connected) events.push_back(LinkDatagram{LinkId{1}, std::move(one.bytes), steady_time(one.at), true});
      }
      const auto state = secure->end().state();
      if (state == link::Session::State::over) return lose(secure->end().refused() ? CloseCode::refused : CloseCode::silent, events);
      if (state == link::Session::State::handshake) return;
    }
    if (!slot) slot = host->connect(hall, kConnectTimeout_ms);
    for (std::size_t taken = 0; taken < kEventsMax && !over; ++taken) {
      auto event = host->next();
      if (!event && (taken == 0 || !secure || secure->holds())) event = host->service();
      if (!event) break;
      take(*event, events);
    }
  }
  void take(EnetHost::Event& event, std::vector<LinkEvent>& events) {
    if (std::holds_alternative<EnetHost::Connected>(event)) {
      connected = true;
      LinkConnected made{LinkId{1}, to_string(hall), std::nullopt};
      if (secure) made.peer = secure->end().hall();
      events.push_back(std::move(made));
    } else if (auto* packet = std::get_if<EnetHost::Packet>(&event)) {
      events.push_back(LinkDatagram{LinkId{1}, std::move(packet->bytes), steady_time(network.steady())});
    } else {
      lose(close_code(std::get<EnetHost::Gone>(event).code), events);
    }
  }
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Connection::~Connection() {
  if (impl_) close();
}

base::Result<Connection> Connection::open(const ConnectionConfig& config) {
  if (auto ours = EnetHost::interposed(); !ours) return std::unexpected(ours.error());
  const auto hall = link::resolve(config.host, config.port);
  if (!hall) return std::unexpected(hall.error());
  auto socket = link::UdpSocket::open("0.0.0.0", 0);
  if (!socket) return std::unexpected(socket.error());
  return Connection(std::make_unique<Impl>(std::move(*socket), config, *hall));
}

base::Result<Connection> Connection::open(const ConnectionConfig& config, std::unique_ptr<link::DatagramSocket> socket, link::Address hall) {
  if (auto ours = EnetHost::interposed(); !ours) return std::unexpected(ours.error());
  return Connection(std::make_unique<Impl>(std::move(socket), config, hall));
}

void Connection::poll(milliseconds timeout, std::vector<LinkEvent>& events) {
  if (!impl_->over) poll_socket(impl_->socket_for_enet(), timeout, impl_->connected && !impl_->unsent, events, [&] { impl_->turn(events); });
}

bool Connection::send(base::ByteView bytes, Delivery delivery) {
  if (!impl_->connected) return false;
  if (delivery != Delivery::beside) {
    impl_->unsent = true;
    return impl_->host->send(*impl_->slot, bytes, delivery);
  }
  PROMENADE_ASSERT(bytes.size() <= kDatagramMax);
  return impl_->secure && impl_->secure->send_beside(link::DatagramKind::clock, bytes);
}
void Connection::flush() {
  impl_->unsent = false;
  if (!impl_->over) impl_->host->flush();
  impl_->network.release();
}

void Connection::close() {
  if (!impl_->over && impl_->slot) impl_->host->disconnect(*impl_->slot, static_cast<std::uint32_t>(CloseCode::done), EnetHost::Manner::at_once);
  if (impl_->secure) impl_->secure->close();
  impl_->over = true;
  impl_->connected = false;
}

bool Connection::connected() const { return impl_->connected; }
bool Connection::over() const { return impl_->over; }
std::uint32_t Connection::round_trip_ms() const { return impl_->over || !impl_->slot ? 0 : impl_->host->round_trip_ms(*impl_->slot); }
LinkTotals Connection::totals() const { return count(impl_->network, {}); }
void Connection::set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) { impl_->network.set(outgoing, incoming); }

}  // namespace promenade::protocol
