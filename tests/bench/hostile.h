#pragma once
// Whoever can reach the hall's port and means it harm: a flood of datagrams of every sort, on a thread of its own, and a device
// with a good certificate whose datagrams are captured for it. Rim.

#include <atomic>
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

}  // namespace promenade::bench
