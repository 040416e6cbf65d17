#include <deque>
#include <map>
#include <utility>

#include "showcontrol/link/rim/handshake_thread.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/link/secure_socket.h"
#include "showcontrol/protocol/enet_host.h"
#include "showcontrol/protocol/socket_turns.h"
#include "showcontrol/protocol/transport.h"
#include "tracking/base/assert.h"

namespace promenade::protocol {

using std::chrono::milliseconds;

namespace {
constexpr std::size_t kRenewalsMax = 16;  // between two looks; the rest asks again
}  // namespace

struct Listener::Impl {
  struct Known {  // a connection of the secure link
    link::Identity peer;
    LinkId link;  // none: ENet has not connected on it
    bool renewal_asked = false;
    base::Bytes renewed;  // the answer, as soon as there is one
  };
  struct Linked {
    EnetHost::Slot slot = 0;
    link::ConnectionNumber connection;  // none: not encrypted
  };
  struct Unproven { LinkId link; base::Duration since; };
  struct Waiting { link::ConnectionNumber connection; base::Duration since; };

  ImpairedSocket network;
  ListenerConfig config;
  std::unique_ptr<link::SecureHallSocket> secure;  // null: not encrypted
  std::unique_ptr<EnetHost> host;
  std::map<LinkId, Linked> links;
  std::map<EnetHost::Slot, LinkId> link_at;
  std::map<link::ConnectionNumber, Known> known;
  std::deque<Unproven> unproven;  // oldest first
  std::deque<Waiting> waiting;    // connections that ENet shall connect on; oldest first
  std::vector<Renewal> renewals;
  std::vector<link::Subject> cut_off;
  LinkTotals totals;
  std::uint32_t next_link = 1;
  bool unsent = true;             // ENet may hold something for the wire

  Impl(std::unique_ptr<link::DatagramSocket> socket, const ListenerConfig& settings, std::unique_ptr<link::HandshakeRunner> runner)
      : network(std::move(socket), settings.impairment), config(settings) {
    // Room for those who are told that the hall is full, and for closings under way.
    const std::size_t peers = config.links_max + config.unproven_max + 32;
    if (config.security) {
      config.unproven_max = config.links_max;  // a hall of headsets that comes on at once is no attack
      link::HallEndLimits limits;
      limits.connections_max = peers;
      secure = std::make_unique<link::SecureHallSocket>(network, config.security, limits, std::move(runner));
    }
    host = std::make_unique<EnetHost>(socket_for_enet(), peers, secure != nullptr);
  }

  link::DatagramSocket& socket_for_enet() { return secure ? static_cast<link::DatagramSocket&>(*secure) : network; }
  base::Duration now() const { return network.steady(); }

  void forget(LinkId link) {
    if (const auto found = links.find(link); found != links.end()) {
      link_at.erase(found->second.slot);
      links.erase(found);
    }
    std::erase_if(unproven, [&](const Unproven& u) { return u.link == link; });
  }
  void drop(LinkId link, CloseCode code) {
    const auto found = links.find(link);
    if (found == links.end()) return;
    unsent = true;
    host->disconnect(found->second.slot, static_cast<std::uint32_t>(code), EnetHost::Manner::flushed);
    forget(link);
  }
  void connected(const EnetHost::Connected& event, std::vector<LinkEvent>& events) {
    if (links.size() >= config.links_max) {
      ++totals.refused_full;
      unsent = true;
      host->disconnect(event.slot, static_cast<std::uint32_t>(CloseCode::full), EnetHost::Manner::told);
      return;
    }
    const LinkId link{next_link++};
    LinkConnected made{link, to_string(event.from), std::nullopt};
    if (secure) {
      const link::ConnectionNumber connection{event.from.host};
      const auto who = known.find(connection);
      if (who == known.end()) return host->disconnect(event.slot, 0, EnetHost::Manner::dropped);
      who->second.link = link;
      made.peer = who->second.peer;
      if (const auto address = secure->end().address_of(connection)) made.address = to_string(*address);
    }
    links.emplace(link, Linked{event.slot, secure ? link::ConnectionNumber{event.from.host} : link::ConnectionNumber{}});
    link_at[event.slot] = link;
    unproven.push_back({link, now()});
    events.push_back(std::move(made));
  }
  void gone(const EnetHost::Gone& event, std::vector<LinkEvent>& events) {
    if (secure) {
      const link::ConnectionNumber connection{event.from.host};
      secure->end().close(connection);
      known.erase(connection);
    }
    const auto found = link_at.find(event.slot);
    if (found == link_at.end()) return;
    const LinkId link = found->second;
    forget(link);
    events.push_back(LinkLost{link, close_code(event.code)});
  }
  void received(EnetHost::Packet& event, std::vector<LinkEvent>& events) {
    const auto found = link_at.find(event.slot);
    if (found != link_at.end()) events.push_back(LinkDatagram{found->second, std::move(event.bytes), steady_time(network.steady())});
  }
  void turn(std::vector<LinkEvent>& events) {
    unsent = false;
    if (secure) {
      secure->work();
      take_opened(events);
    }
    for (std::size_t taken = 0; taken < kEventsMax; ++taken) {
      auto event = host->next();
      if (!event && (taken == 0 || !secure || secure->holds())) event = host->service();
      if (!event) break;
      if (const auto* made = std::get_if<EnetHost::Connected>(&*event)) connected(*made, events);
      else if (const auto* lost = std::get_if<EnetHost::Gone>(&*event)) gone(*lost, events);
      else received(std::get<EnetHost::Packet>(*event), events);
    }
    if (secure) take_closed(events);  // last: what a connection said before its end comes before its end
  }
  void take_opened(std::vector<LinkEvent>& events) {
    for (const link::LinkChange& change : secure->changes()) {
      const auto* opened = std::get_if<link::Opened>(&change);
      if (opened == nullptr) continue;
      known.emplace(opened->connection, Known{opened->peer, {}, false, {}});
      waiting.push_back({opened->connection, now()});
    }
    std::erase_if(secure->changes(), [](const link::LinkChange& change) { return !std::holds_alternative<link::Closed>(change); });
    for (link::Delivered& one : std::exchange(secure->beside(), {})) {
      const auto who = known.find(one.connection);
      if (who == known.end()) continue;
      if (one.kind == link::DatagramKind::renewal) {
        take_renewal(one.connection, who->second);
      } else if (one.kind == link::DatagramKind::clock && links.contains(who->second.link)) {
        events.push_back(LinkDatagram{who->second.link, std::move(one.bytes), steady_time(one.at), true});
      } else {
        ++totals.unused_beside;
      }
    }
  }
  void take_renewal(link::ConnectionNumber connection, Known& who) {
    if (!who.renewed.empty()) {
      secure->send_beside(connection, link::DatagramKind::renewal, who.renewed);
    } else if (!who.renewal_asked && renewals.size() < kRenewalsMax) {
      who.renewal_asked = true;
      renewals.push_back({connection, who.peer});
    }
  }
  void take_closed(std::vector<LinkEvent>& events) {
    for (const link::LinkChange& change : std::exchange(secure->changes(), {})) {
      const auto* closed = std::get_if<link::Closed>(&change);
      const auto found = closed == nullptr ? known.end() : known.find(closed->connection);
      if (found == known.end()) continue;
      const LinkId link = found->second.link;
      if (closed->too_much) cut_off.push_back(found->second.peer.subject);
      known.erase(found);
      const auto slot = links.find(link);
      if (slot == links.end()) continue;
      host->disconnect(slot->second.slot, 0, EnetHost::Manner::dropped);
      forget(link);
      events.push_back(LinkLost{link, CloseCode::refused});
    }
    // Whoever has a connection and makes no use of it makes room.
    while (!waiting.empty() && now() - waiting.front().since > config.unproven_time) {
      const auto found = known.find(waiting.front().connection);
      waiting.pop_front();
      if (found == known.end() || !found->second.link.is_none()) continue;
      secure->end().close(found->first);
      known.erase(found);
    }
  }
  void drop_unproven(std::vector<LinkEvent>& events) {
    while (!unproven.empty() && (unproven.size() > config.unproven_max || now() - unproven.front().since > config.unproven_time)) {
      const LinkId link = unproven.front().link;
      ++totals.dropped_unproven;
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
  for (const auto& [link, linked] : impl_->links) impl_->host->disconnect(linked.slot, static_cast<std::uint32_t>(CloseCode::done), EnetHost::Manner::at_once);
}

base::Result<Listener> Listener::open(const ListenerConfig& config) {
  if (auto ours = EnetHost::interposed(); !ours) return std::unexpected(ours.error());
  auto socket = link::UdpSocket::open(config.bind, config.port);
  if (!socket) return std::unexpected(socket.error());
  std::unique_ptr<link::HandshakeRunner> runner;
  if (config.security) runner = std::make_unique<link::HandshakeThread>();
  return Listener(std::make_unique<Impl>(std::move(*socket), config, std::move(runner)));
}

base::Result<Listener> Listener::open(const ListenerConfig& config, std::unique_ptr<link::DatagramSocket> socket,
                                      std::unique_ptr<link::HandshakeRunner> handshakes) {
  if (auto ours = EnetHost::interposed(); !ours) return std::unexpected(ours.error());
  if (!handshakes) handshakes = std::make_unique<link::InlineRunner>();
  return Listener(std::make_unique<Impl>(std::move(socket), config, std::move(handshakes)));
}

void Listener::poll(milliseconds timeout, std::vector<LinkEvent>& events) {
  impl_->drop_unproven(events);
  poll_socket(impl_->socket_for_enet(), timeout, !impl_->unsent, events, [&] { impl_->turn(events); });
  impl_->drop_unproven(events);
}

bool Listener::send(LinkId link, base::ByteView bytes, Delivery delivery) {
  const auto found = impl_->links.find(link);
  if (found == impl_->links.end()) return false;
  if (delivery != Delivery::beside) {
    impl_->unsent = true;
    return impl_->host->send(found->second.slot, bytes, delivery);
  }
  PROMENADE_ASSERT(bytes.size() <= kDatagramMax);
  return impl_->secure && impl_->secure->send_beside(found->second.connection, link::DatagramKind::clock, bytes);
}

void Listener::flush() {
  impl_->unsent = false;
  impl_->host->flush();
  impl_->network.release();
}
void Listener::proven(LinkId link) {
  std::erase_if(impl_->unproven, [&](const Impl::Unproven& u) { return u.link == link; });
}
void Listener::close(LinkId link, CloseCode code) { impl_->drop(link, code); }

std::optional<std::uint32_t> Listener::round_trip_ms(LinkId link) const {
  const auto found = impl_->links.find(link);
  if (found == impl_->links.end()) return std::nullopt;
  return impl_->host->round_trip_ms(found->second.slot);
}

std::vector<link::Subject> Listener::take_cut_off() { return std::exchange(impl_->cut_off, {}); }

void Listener::revoke(link::RevocationList list) {
  if (impl_->secure) impl_->secure->end().revoke(std::move(list));
}
std::vector<Listener::Renewal> Listener::take_renewals() { return std::exchange(impl_->renewals, {}); }
void Listener::renewed(link::ConnectionNumber connection, base::ByteView certificate) {
  const auto found = impl_->known.find(connection);
  if (found == impl_->known.end() || certificate.size() > link::kInnerMax) return;
  found->second.renewed.assign(certificate.begin(), certificate.end());
  impl_->secure->send_beside(connection, link::DatagramKind::renewal, certificate);
}
void Listener::not_renewed(link::ConnectionNumber connection) {
  if (const auto found = impl_->known.find(connection); found != impl_->known.end()) found->second.renewal_asked = false;
}
void Listener::use(std::shared_ptr<const link::SessionSettings> security) {
  PROMENADE_ASSERT(impl_->secure != nullptr && security != nullptr);
  impl_->secure->end().use(std::move(security));
}

std::uint16_t Listener::port() const { return impl_->network.local().port; }
std::size_t Listener::link_count() const { return impl_->links.size(); }
LinkTotals Listener::totals() const {
  LinkTotals totals = count(impl_->network, impl_->totals);
  if (impl_->secure) totals.security = impl_->secure->end().counts();
  totals.links = impl_->links.size();
  const EnetHost::Waiting waiting = impl_->host->waiting();
  totals.waiting_commands = waiting.commands;
  totals.waiting_out = waiting.bytes_out;
  totals.waiting_in = waiting.bytes_in;
  return totals;
}
void Listener::set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) { impl_->network.set(outgoing, incoming); }

}  // namespace promenade::protocol
