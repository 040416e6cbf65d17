#pragma once
// Packets between hall and devices: ENet (enet_host.h) over the secure link (showcontrol/link) over a network that may be
// made bad on purpose (impaired_socket.h) over a socket: UDP, or one of the caller's, such as a network in memory under a
// virtual clock. All time is that socket's. A Listener or Connection belongs to one thread; with UDP a Listener's handshakes
// run on a thread of its own. Bytes are whatever the codec makes; this layer knows no messages. IPv4.
//
// Unreliable bytes (at most kDatagramMax) go unsequenced, in one datagram, once: state carries its own sequence.
// Reliable bytes (at most kReliableMax) arrive once and in order, or the link is lost. Bytes beside (at most kDatagramMax) go
// as the unreliable ones do, but past ENet, in a datagram of their own kind: for the clock.
//
// With `security` set, nothing passes that is not of a device with a certificate of the venue; without it nothing is
// encrypted, nothing goes beside, and anybody may connect: for measuring ENet itself, and for tests.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "showcontrol/link/handshake_runner.h"
#include "showcontrol/protocol/impairment.h"
#include "showcontrol/protocol/messages.h"
#include "tracking/base/bytes.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::protocol {

using LinkId = base::Id<struct LinkTag, std::uint32_t>;  // one connection; never reused by its Listener
using SteadyTime = std::chrono::steady_clock::time_point;

// Why a link is over. Silence (a timeout) arrives as `silent`; unknown codes of the other end as `refused`.
enum class CloseCode : std::uint32_t { silent = 0, done = 1, full = 2, no_hello = 3, refused = 4 };

struct LinkConnected {
  LinkId link;
  std::string address;                 // "10.0.0.7:50112"
  std::optional<link::Identity> peer;  // whom the certificate names; nothing: not encrypted
};
struct LinkLost { LinkId link; CloseCode code = CloseCode::silent; };
struct LinkDatagram {
  LinkId link;
  base::Bytes bytes;
  SteadyTime received;  // beside: as the socket stamped it; else: when ENet handed it out
  bool beside = false;
};
using LinkEvent = std::variant<LinkConnected, LinkLost, LinkDatagram>;

struct ListenerConfig {
  std::string bind = "0.0.0.0";
  std::uint16_t port = 0;             // 0: any free one
  std::size_t links_max = 512;        // one more is told `full`
  std::size_t unproven_max = 32;      // links not yet proven; beyond it the oldest of them goes. Without security: else it has a certificate
  std::chrono::milliseconds unproven_time{5000};  // and none lasts longer than this
  LinkImpairment impairment;
  std::shared_ptr<const link::SessionSettings> security = nullptr;  // shared as SessionSettings says
};

struct LinkTotals {
  std::uint64_t packets_in = 0, packets_out = 0;  // UDP datagrams
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t refused_full = 0, dropped_unproven = 0;
  std::uint64_t unused_beside = 0;                // datagrams beside ENet that nobody takes: of kind state, or clock without a link
  link::HallEndCounts security;
  std::uint64_t links = 0;                        // now: peers of ENet, a Listener's
  // Now, in ENet, for all links: reliable commands not yet acknowledged and their bytes, and bytes that wait for what came before them.
  std::uint64_t waiting_commands = 0, waiting_out = 0, waiting_in = 0;
};

class Listener {
 public:
  // On UDP. Codes: "port-in-use", "bind-failed", "address-invalid", "socket-failed", "link-layer-missing".
  static base::Result<Listener> open(const ListenerConfig& config);
  // On a socket of the caller's; bind and port say nothing. `handshakes`: none: inline. Code "link-layer-missing".
  static base::Result<Listener> open(const ListenerConfig& config, std::unique_ptr<link::DatagramSocket> socket,
                                     std::unique_ptr<link::HandshakeRunner> handshakes = nullptr);
  ~Listener();  // closes every link
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  // Sends what is due and appends events; waits at most `timeout` for the first. At most 4,096 events a call.
  void poll(std::chrono::milliseconds timeout, std::vector<LinkEvent>& events);
  // False: no such link (any more), or nothing goes beside. Asserts the size limits.
  bool send(LinkId link, base::ByteView bytes, Delivery delivery);
  void flush();                        // puts on the wire now what send has taken
  void proven(LinkId link);            // its Hello was accepted
  // The other end gets the code; no LinkLost event comes from this end's own closing.
  void close(LinkId link, CloseCode code);
  std::optional<std::uint32_t> round_trip_ms(LinkId link) const;
  // Devices that have asked for their next certificate since this was called last, and their answer (DER). With security. A
  // connection asks once: who asks again hears the same answer again, unless nobody could see to it (`not_renewed`).
  struct Renewal { link::ConnectionNumber connection; link::Identity peer; };
  std::vector<Renewal> take_renewals();
  void renewed(link::ConnectionNumber connection, base::ByteView certificate);
  void not_renewed(link::ConnectionNumber connection);
  // Whose link is lost because of how much it sent, since this was called last.
  std::vector<link::Subject> take_cut_off();
  // With security: certificates that count no more, whose links are lost at once; own credentials renewed.
  void revoke(link::RevocationList list);
  void use(std::shared_ptr<const link::SessionSettings> security);

  std::uint16_t port() const;
  std::size_t link_count() const;
  LinkTotals totals() const;
  void set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming);

 private:
  struct Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct ConnectionConfig {
  std::string host = "127.0.0.1";  // name or address
  std::uint16_t port = 0;
  LinkImpairment impairment;
  std::shared_ptr<const link::SessionSettings> security = nullptr;
};

class Connection {
 public:
  // Starts to connect; LinkConnected comes later, or LinkLost when nobody answers for about 5 s (`silent`) or this end's
  // or the hall's certificate is not taken (`refused`). Codes: "address-invalid", "socket-failed", "link-layer-missing".
  static base::Result<Connection> open(const ConnectionConfig& config);
  static base::Result<Connection> open(const ConnectionConfig& config, std::unique_ptr<link::DatagramSocket> socket, link::Address hall);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  void poll(std::chrono::milliseconds timeout, std::vector<LinkEvent>& events);
  bool send(base::ByteView bytes, Delivery delivery);  // false: not connected, or nothing goes beside
  void flush();
  void close();  // tells the other end; no event follows
  bool connected() const;
  bool over() const;  // lost, refused or closed: open a new one
  std::uint32_t round_trip_ms() const;
  LinkTotals totals() const;
  void set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming);

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::protocol
