#include "showcontrol/protocol/enet_host.h"

#include <enet/enet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::protocol {

namespace {

thread_local link::DatagramSocket* current = nullptr;  // of the call into ENet that runs on this thread

class Scope {  // while it lives, what ENet asks of the system on this thread goes to `socket`
 public:
  explicit Scope(link::DatagramSocket& socket) : outer_(std::exchange(current, &socket)) {}
  ~Scope() { current = outer_; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  link::DatagramSocket* outer_;
};

// ENet keeps hosts in network byte order.
ENetAddress enet_address(link::Address address) { return {ENET_HOST_TO_NET_32(address.host), address.port}; }
link::Address link_address(const ENetAddress& address) { return {ENET_NET_TO_HOST_32(address.host), address.port}; }

constexpr ENetSocket kSomeSocket = 0;  // a handle that nobody looks behind

}  // namespace
}  // namespace promenade::protocol

// ------------------------------------------------------------ what ENet asks of the system

extern "C" {

using promenade::protocol::current;

ENetSocket enet_socket_create(ENetSocketType) { return current == nullptr ? ENET_SOCKET_NULL : promenade::protocol::kSomeSocket; }
int enet_socket_bind(ENetSocket, const ENetAddress*) { return current == nullptr ? -1 : 0; }
int enet_socket_get_address(ENetSocket, ENetAddress* address) {
  if (current == nullptr) return -1;
  *address = promenade::protocol::enet_address(current->local());
  return 0;
}
int enet_socket_listen(ENetSocket, int) { return -1; }
ENetSocket enet_socket_accept(ENetSocket, ENetAddress*) { return ENET_SOCKET_NULL; }
int enet_socket_connect(ENetSocket, const ENetAddress*) { return -1; }
int enet_socket_set_option(ENetSocket, ENetSocketOption, int) { return 0; }
int enet_socket_get_option(ENetSocket, ENetSocketOption, int* value) {
  *value = 0;
  return 0;
}
int enet_socket_shutdown(ENetSocket, ENetSocketShutdown) { return 0; }
void enet_socket_destroy(ENetSocket) {}

int enet_socket_send(ENetSocket, const ENetAddress* to, const ENetBuffer* buffers, size_t count) {
  if (current == nullptr || to == nullptr) return -1;
  std::array<std::uint8_t, ENET_PROTOCOL_MAXIMUM_MTU> datagram;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (buffers[i].dataLength > datagram.size() - size) return -1;
    std::copy_n(static_cast<const std::uint8_t*>(buffers[i].data), buffers[i].dataLength, datagram.begin() + static_cast<std::ptrdiff_t>(size));
    size += buffers[i].dataLength;
  }
  current->send(promenade::protocol::link_address(*to), std::span(datagram).first(size));
  return static_cast<int>(size);
}

int enet_socket_receive(ENetSocket, ENetAddress* from, ENetBuffer* buffers, size_t count) {
  if (current == nullptr) return -1;
  if (count == 0) return 0;
  const auto received = current->receive({static_cast<std::uint8_t*>(buffers[0].data), buffers[0].dataLength});
  if (!received) return 0;
  if (from != nullptr) *from = promenade::protocol::enet_address(received->from);
  return static_cast<int>(received->size);
}

int enet_socket_wait(ENetSocket, enet_uint32* condition, enet_uint32) {
  *condition = ENET_SOCKET_WAIT_NONE;  // whoever drives a host waits at its socket; ENet is never asked to
  return 0;
}

enet_uint32 enet_time_get(void) {
  if (current == nullptr) return 0;
  return static_cast<enet_uint32>(std::chrono::floor<std::chrono::milliseconds>(current->steady()).count());
}
void enet_time_set(enet_uint32) {}

}  // extern "C"

namespace promenade::protocol {

namespace {

constexpr std::size_t kWaitingDataMax = 256 << 10;  // of a peer's reliable data that waits for its predecessors
// ENet sends an unreliable packet in fragments, which under loss leak until a peer goes deaf (1.3.18), where it is larger
// than this less its two headers of 28 bytes.
static_assert(kDatagramMax + 28 <= link::kInnerMax);

// Of a peer of whom nothing is known. ENet takes 500 ms, sends a word of its connecting again only after that, and doubles it each
// time: where three datagrams of ten are lost each way, one headset of fourteen would not be let in within 5 s. A hall is near.
constexpr enet_uint32 kFirstRoundTrip_ms = 100;

// A reliable command is sent again no later than this. ENet doubles the time at each try, so that where three datagrams of ten are
// lost each way, one command of 440 would find no way through in the 30 s after which a peer is given up.
constexpr enet_uint32 kResendMost_ms = 400;
constexpr base::Duration kHurryEvery{50'000};

void hurry(ENetPeer& peer) {
  for (ENetListIterator it = enet_list_begin(&peer.sentReliableCommands); it != enet_list_end(&peer.sentReliableCommands); it = enet_list_next(it)) {
    auto& command = *reinterpret_cast<ENetOutgoingCommand*>(it);
    command.roundTripTimeout = std::min(command.roundTripTimeout, kResendMost_ms);
    const enet_uint32 due = command.sentTime + command.roundTripTimeout;
    if (static_cast<std::int32_t>(due - peer.nextTimeout) < 0) peer.nextTimeout = due;
  }
}

void prepare(ENetPeer& peer) { peer.roundTripTime = kFirstRoundTrip_ms; }

void configure(ENetPeer& peer) {
  // ENet drops unreliable packets by chance while its throttle is below its scale; with no deceleration it stays there.
  enet_peer_throttle_configure(&peer, ENET_PEER_PACKET_THROTTLE_INTERVAL, ENET_PEER_PACKET_THROTTLE_SCALE, 0);
  enet_peer_timeout(&peer, 1000, 20000, 30000);
  peer.mtu = std::min<enet_uint32>(peer.mtu, link::kInnerMax);
}

class Probe final : public link::DatagramSocket {  // notes what it is asked
 public:
  link::Moment now() const override {
    asked_time = true;
    return {};
  }
  link::Address local() const override { return {}; }
  void send(link::Address to, base::ByteView) override { sent = sent || to == link::Address{0x7f000001, 9}; }
  std::optional<Received> receive(std::span<std::uint8_t>) override {
    asked_datagram = true;
    return std::nullopt;
  }
  void wait(base::Duration) override {}
  mutable bool asked_time = false;
  bool sent = false, asked_datagram = false;
};

bool probe_interposition() {
  Probe probe;
  EnetHost host(probe, 1, false);
  if (!host.connect({0x7f000001, 9}, 1000)) return false;
  static_cast<void>(host.service());
  return probe.asked_time && probe.sent && probe.asked_datagram;
}

}  // namespace

struct EnetHost::Parts {
  link::DatagramSocket& socket;
  ENetHost* host = nullptr;
  base::Duration hurried{0};

  ENetPeer& peer(Slot slot) const {
    PROMENADE_ASSERT(slot < host->peerCount);
    return host->peers[slot];
  }
  Slot slot_of(const ENetPeer& peer) const { return static_cast<Slot>(&peer - host->peers); }
  Event event_of(ENetEvent& event) const;
};

base::Result<void> EnetHost::interposed() {
  static const bool ours = probe_interposition();
  if (ours) return {};
  return base::fail("link-layer-missing", "This build's ENet goes past the secure link: it does not call the program's own socket functions.",
                    "Link the shared libenet of Debian 13 (1.3.18), not a static one.");
}

EnetHost::EnetHost(link::DatagramSocket& socket, std::size_t peers, bool one_per_host) : parts_(std::make_unique<Parts>(socket)) {
  const Scope scope(socket);
  parts_->host = enet_host_create(nullptr, std::min<std::size_t>(peers, ENET_PROTOCOL_MAXIMUM_PEER_ID), 1, 0, 0);
  PROMENADE_ASSERT(parts_->host != nullptr);
  parts_->host->mtu = link::kInnerMax;
  for (std::size_t i = 0; i < parts_->host->peerCount; ++i) {
    parts_->host->peers[i].mtu = link::kInnerMax;  // what it proposes to the other end
    prepare(parts_->host->peers[i]);
  }
  parts_->host->maximumPacketSize = kReliableMax;
  parts_->host->maximumWaitingData = kWaitingDataMax;
  if (one_per_host) parts_->host->duplicatePeers = 1;
}

EnetHost::~EnetHost() {
  const Scope scope(parts_->socket);
  enet_host_destroy(parts_->host);
}

std::optional<EnetHost::Slot> EnetHost::connect(link::Address to, std::uint32_t timeout_ms) {
  const Scope scope(parts_->socket);
  const ENetAddress address = enet_address(to);
  ENetPeer* peer = enet_host_connect(parts_->host, &address, 1, 0);
  if (peer == nullptr) return std::nullopt;
  prepare(*peer);
  enet_peer_timeout(peer, 1000, timeout_ms, timeout_ms);
  return parts_->slot_of(*peer);
}

bool EnetHost::send(Slot slot, base::ByteView bytes, Delivery delivery) {
  PROMENADE_ASSERT(!bytes.empty());
  PROMENADE_ASSERT(bytes.size() <= (delivery == Delivery::unreliable ? kDatagramMax : kReliableMax));
  const Scope scope(parts_->socket);
  const enet_uint32 flags = delivery == Delivery::reliable ? ENET_PACKET_FLAG_RELIABLE : ENET_PACKET_FLAG_UNSEQUENCED;
  ENetPacket* packet = enet_packet_create(bytes.data(), bytes.size(), flags);
  if (packet == nullptr) return false;
  if (enet_peer_send(&parts_->peer(slot), 0, packet) == 0) return true;
  enet_packet_destroy(packet);
  return false;
}

std::optional<EnetHost::Event> EnetHost::service() {
  const Scope scope(parts_->socket);
  if (const base::Duration now = parts_->socket.steady(); now - parts_->hurried >= kHurryEvery) {
    parts_->hurried = now;
    for (std::size_t i = 0; i < parts_->host->peerCount; ++i) hurry(parts_->host->peers[i]);
  }
  ENetEvent event{};
  if (enet_host_service(parts_->host, &event, 0) <= 0) return std::nullopt;
  return parts_->event_of(event);
}

std::optional<EnetHost::Event> EnetHost::next() {
  const Scope scope(parts_->socket);
  ENetEvent event{};
  if (enet_host_check_events(parts_->host, &event) <= 0) return std::nullopt;
  return parts_->event_of(event);
}

EnetHost::Event EnetHost::Parts::event_of(ENetEvent& event) const {
  const Slot slot = slot_of(*event.peer);
  if (event.type == ENET_EVENT_TYPE_CONNECT) {
    configure(*event.peer);
    return Connected{slot, link_address(event.peer->address)};
  }
  if (event.type == ENET_EVENT_TYPE_DISCONNECT) {
    prepare(*event.peer);  // which ENet has reset
    return Gone{slot, link_address(event.peer->address), event.data};
  }
  Packet packet{slot, base::Bytes(event.packet->data, event.packet->data + event.packet->dataLength)};
  enet_packet_destroy(event.packet);
  return packet;
}

void EnetHost::flush() {
  const Scope scope(parts_->socket);
  enet_host_flush(parts_->host);
}

void EnetHost::disconnect(Slot slot, std::uint32_t code, Manner manner) {
  const Scope scope(parts_->socket);
  ENetPeer& peer = parts_->peer(slot);
  if (manner == Manner::told) enet_peer_disconnect(&peer, code);
  else if (manner == Manner::flushed) enet_peer_disconnect_later(&peer, code);
  else if (manner == Manner::at_once) enet_peer_disconnect_now(&peer, code);
  else enet_peer_reset(&peer);
  if (peer.state == ENET_PEER_STATE_DISCONNECTED) prepare(peer);
}

EnetHost::Waiting EnetHost::waiting() const {
  Waiting sum;
  for (std::size_t i = 0; i < parts_->host->peerCount; ++i) {
    ENetPeer& peer = parts_->host->peers[i];
    sum.bytes_in += peer.totalWaitingData;
    for (ENetList* list : {&peer.outgoingCommands, &peer.outgoingSendReliableCommands, &peer.sentReliableCommands}) {
      for (ENetListIterator it = enet_list_begin(list); it != enet_list_end(list); it = enet_list_next(it)) {
        ++sum.commands;
        sum.bytes_out += reinterpret_cast<const ENetOutgoingCommand*>(it)->fragmentLength;
      }
    }
  }
  return sum;
}

std::uint32_t EnetHost::round_trip_ms(Slot slot) const { return parts_->peer(slot).roundTripTime; }

}  // namespace promenade::protocol
