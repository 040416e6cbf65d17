#pragma once
// The hall's end of the secure link: one socket's datagrams in, who they are from and what they say out. Pure: time, chance
// and datagrams are arguments; no socket, clock or thread.
//
// An address costs no memory until it has shown, by a cookie, that it can be heard from. Then it has a handshake, whose
// asymmetric work this class does not do: take_work hands it out, whoever drives this (a worker thread, or the same thread
// in simulation) runs it, and give_back takes the result. At most `handshakes_max` are under way, none for longer than
// `handshake_time`. A certificate of the venue that is valid and not revoked makes a connection, with a number that stays
// its own when its address changes. Everything else is dropped and counted.
//
// One thread; HandshakeWork::run alone may be on another, one at a time.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <variant>
#include <vector>

#include "showcontrol/link/hello.h"
#include "showcontrol/link/session.h"
#include "tracking/base/id.h"

namespace promenade::link {

using ConnectionNumber = base::Id<struct ConnectionTag, std::uint32_t>;  // never given twice by one HallEnd

struct HallEndLimits {
  std::size_t connections_max = 640;
  std::size_t per_certificate_max = 4;  // one more, and the oldest of that certificate goes: its device has begun anew
  std::size_t handshakes_max = 200;             // a hall of headsets that comes on at once; 8 MiB
  std::size_t handshakes_per_host = 16;         // of one address, whatever its port: some keep no room from the others
  base::Duration handshake_time{5'000'000};
  base::Duration handshake_stalled{1'000'000};  // no nearer to its end for so long, whatever it says, it makes room for a new one
  // A host whose handshake came to nothing is in doubt for so long, or until one of it comes to its end: its work waits behind that
  // of others, and where all places are held, it makes room for them. So many hosts are remembered, the latest.
  base::Duration in_doubt{60'000'000};
  std::size_t in_doubt_max = 4096;
  // Inner datagrams of one connection a second, and as many at once; whoever goes on is cut off once as many have been dropped
  // without a pause. A headset sends 30 and its answers, and 50 more while it joins; a staff device speaks for many tags. The
  // other hall program has no limit.
  double headset_datagrams = 500.0, staff_datagrams = 4'000.0;
  base::Duration idle{60'000'000};              // a connection that nothing authentic has come from for so long is over
};

struct Outgoing { Address to; base::Bytes bytes; };
struct Delivered { ConnectionNumber connection; DatagramKind kind{}; base::Bytes bytes; base::Duration at{0}; };  // at: when it came
struct Opened { ConnectionNumber connection; Identity peer; Address address; };
struct Moved { ConnectionNumber connection; Address address; };
struct Closed { ConnectionNumber connection; std::string reason; bool too_much = false; };  // too_much: for what it sent
using LinkChange = std::variant<Opened, Moved, Closed>;

struct HallEndCounts {
  std::uint64_t datagrams = 0, accepted = 0;
  std::uint64_t oversize = 0, not_dtls = 0, no_connection = 0;  // dropped by what they are
  std::uint64_t not_authentic = 0;   // forged, damaged, replayed, or of no known kind
  std::uint64_t cookies_sent = 0, cookies_wrong = 0;
  std::uint64_t handshakes = 0, handshakes_failed = 0, handshakes_timed_out = 0, handshakes_refused = 0;
  std::uint64_t too_many = 0;        // authentic, and beyond what a device may send
  std::uint64_t moved = 0, revoked = 0;
};

class HandshakeWork {  // one handshake, for as long as its datagrams reach
 public:
  void run() { session_->shake_hands(inbox_, now_); }

 private:
  friend class HallEnd;
  ConnectionNumber number_;
  std::unique_ptr<Session> session_;
  std::deque<base::Bytes> inbox_;
  Moment now_;
};

class HallEnd {
 public:
  HallEnd(std::shared_ptr<const SessionSettings> settings, HallEndLimits limits);

  // `came`: when it came to the socket, which may be some time before the last tick.
  void receive(Address from, base::ByteView datagram, Moment came);
  // False: no such connection (any more). At most kInnerMax bytes.
  bool send(ConnectionNumber connection, DatagramKind kind, base::ByteView bytes);
  void tick(Moment now);  // timers; at least every 50 ms
  void close(ConnectionNumber connection);  // says so to the other end; makes no Closed

  // New credentials for the handshakes from now on: renewal.
  void use(std::shared_ptr<const SessionSettings> settings) { settings_ = std::move(settings); }
  // Closes what the list names. A list whose number is not higher than the last one's is ignored.
  void revoke(RevocationList list);

  std::optional<HandshakeWork> take_work(Moment now);
  void give_back(HandshakeWork work, Moment now);

  // What has come of it; the caller takes these and clears them.
  std::vector<Outgoing>& outgoing() { return outgoing_; }
  std::vector<Delivered>& delivered() { return delivered_; }
  std::vector<LinkChange>& changes() { return changes_; }

  std::optional<Address> address_of(ConnectionNumber connection) const;
  std::size_t connections() const { return open_.size(); }
  std::size_t handshakes() const { return shaking_.size(); }
  const HallEndCounts& counts() const { return counts_; }

 private:
  struct Shaking {
    Address from;
    std::uint64_t id = 0;
    std::array<std::uint8_t, 32> random{};   // of the hello that began it
    std::unique_ptr<Session> session;        // empty: a worker has it
    std::deque<base::Bytes> inbox;
    base::Duration begun{0}, advanced{0};    // the second: begun, or when its certificate was shown
    bool queued = false;
  };
  struct Open {
    Address from;
    std::uint64_t id = 0;
    std::unique_ptr<Session> session;
    Identity peer;
    std::uint64_t newest_record = 0;
    base::Duration heard{0};
    double allowed = 0.0;            // datagrams, as of `counted`
    double dropped = 0.0;            // beyond them, since all were allowed last
    base::Duration counted{0};
    base::Bytes said_last;  // kind and datagram, of ENet's; said again where its device has moved to
  };
  using ShakingMap = std::map<ConnectionNumber, Shaking>;
  using OpenMap = std::unordered_map<ConnectionNumber, Open>;

  void receive_hello(const ClientHello& hello, Address from, base::ByteView datagram, Moment now);
  void receive_shaking(ConnectionNumber number, base::ByteView datagram, base::Duration now);
  void receive_open(OpenMap::iterator open, const RecordHeader& header, Address from, base::ByteView datagram, Moment now);
  bool make_room(Address from, base::Duration now);
  bool doubted(Address from, base::Duration now) const;
  void doubt(Address from, base::Duration now);
  ShakingMap::iterator to_give_way(Address from, bool crowded, base::Duration now);
  void begin(const ClientHello& hello, Address from, base::ByteView datagram, Moment now);
  void promote(ShakingMap::iterator shaking, std::unique_ptr<Session> session, Moment now);
  void end_oldest_of(const std::string& serial);
  void queue(ConnectionNumber number, Shaking& shaking, base::Duration now);
  void forget(ShakingMap::iterator shaking);
  void come_to_nothing(ShakingMap::iterator shaking, base::Duration now);
  void forget(OpenMap::iterator open);
  double most_datagrams(const Open& open) const;  // 0: no limit
  bool may_send(Open& open, base::Duration now) const;
  void end(OpenMap::iterator open, std::string reason, bool too_much = false);
  void flush(Session& session, Address to);
  std::optional<ConnectionNumber> by_address(const std::map<Address, ConnectionNumber>& map, Address from) const;

  std::shared_ptr<const SessionSettings> settings_;  // shared with its sessions, see SessionSettings
  HallEndLimits limits_;
  CookieMaker cookies_;
  std::shared_ptr<const RevocationList> revoked_;
  ShakingMap shaking_;  // oldest first
  OpenMap open_;
  std::unordered_map<std::uint64_t, ConnectionNumber> by_id_;
  std::map<Address, ConnectionNumber> shaking_by_address_, open_by_address_;
  std::deque<ConnectionNumber> ready_, ready_in_doubt_;
  std::unordered_map<std::uint32_t, base::Duration> doubted_;    // host, and since when
  std::deque<std::pair<base::Duration, std::uint32_t>> doubts_;  // the same, and some that count no more; oldest first
  std::uint32_t next_number_ = 1;
  base::Duration swept_{0};
  std::vector<Outgoing> outgoing_;
  std::vector<Delivered> delivered_;
  std::vector<LinkChange> changes_;
  std::vector<base::Bytes> inner_;
  base::Bytes text_;
  HallEndCounts counts_;
};

}  // namespace promenade::link
