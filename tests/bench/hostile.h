#pragma once
// Whoever can reach the hall's port and means it harm: a flood of datagrams of every sort, on a thread of its own, and a device
// with a good certificate whose datagrams are captured for it. Rim.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "showcontrol/protocol/transport.h"
#include "tests/bench/alert_hall.h"
#include "tracking/base/bytes.h"

namespace promenade::bench {

// An enrolled device whose datagrams somebody hears: those of its handshake, and of its link, which stays open.
class CapturedDevice {
 public:
  CapturedDevice(const AlertHall& hall, const std::string& name);
  ~CapturedDevice();
  void poll();   // keeps the link
  bool over() const;
  const std::vector<base::Bytes>& handshake() const { return handshake_; }
  const std::vector<base::Bytes>& records() const { return records_; }  // authentic, and heard by the hall

 private:
  class Tap;
  std::vector<base::Bytes> sent_, handshake_, records_;  // the connection says its end into the first
  std::unique_ptr<protocol::Connection> connection_;
  std::vector<protocol::LinkEvent> events_;
};

class Flood {
 public:
  // From several addresses of the loopback, `per_second` datagrams in equal parts: garbage, too large, first hellos, bits flipped
  // in captured records, replays, forged endings (of DTLS and ENet), handshakes that are cut or damaged.
  Flood(std::uint16_t port, const CapturedDevice& captured, double per_second);
  ~Flood();  // ends it
  std::uint64_t sent() const { return sent_; }

 private:
  std::atomic<std::uint64_t> sent_{0};
  std::jthread thread_;
};

// Attackers who can be heard from and answer the cookie, each at an address of its own with a real socket, without a certificate that
// is theirs: once their handshake has begun a fifth each fall silent, send garbage, send cut or damaged flights, replay a captured
// device's flights (its certificate is good), or say their hello again; then they begin anew.
class ConnectFlood {
 public:
  enum class Deeds { mixed, silent };  // the second: all fall silent, and hold their places as long as the hall lets them
  // Each attacker begins anew after `every`. Addresses 127.1.A.B.
  ConnectFlood(std::uint16_t port, const CapturedDevice& captured, Deeds deeds, int attackers, std::chrono::milliseconds every);
  ~ConnectFlood();  // ends it
  std::uint64_t begun() const { return begun_; }        // hellos with a good cookie, each with a number of its own
  std::uint64_t sent() const { return sent_; }          // datagrams in all
  std::uint64_t answered() const { return answered_; }  // datagrams of a hall that took the hello: its own flights, or alerts

 private:
  std::atomic<std::uint64_t> begun_{0}, sent_{0}, answered_{0};
  std::jthread thread_;
};

// Headsets with good certificates, each at an address of its own (127.2.A.B), of which one after another joins and leaves again.
class Joiners {
 public:
  Joiners(const AlertHall& hall, int count);
  ~Joiners();
  void poll();
  bool all_in() const { return took_s_.size() == credentials_.size(); }
  const std::vector<double>& took_s() const { return took_s_; }  // of each: until ENet was connected, tried as often as it takes

 private:
  void next();
  std::uint16_t port_;
  std::vector<std::shared_ptr<const link::SessionSettings>> credentials_;
  std::unique_ptr<protocol::Connection> connection_;
  std::chrono::steady_clock::time_point began_;
  std::vector<protocol::LinkEvent> events_;
  std::vector<double> took_s_;
};

}  // namespace promenade::bench
