#pragma once
// The hall's end of the link without the hall's core: the shipped listener on a UDP socket of the loopback, with its thread of
// handshakes, the shipped door and codec, frames to everybody 30 times a second, on a thread of its own whose processor time is
// the link's cost. Rim. Counts may be read from any thread; ages once it is stopped.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "showcontrol/protocol/transport.h"
#include "showcontrol/server/door.h"
#include "tests/bench/link_traffic.h"

namespace promenade::bench {

// Of the steady clock: hall and headsets are in one program, so that ages need no exchange of clocks.
base::HallTime bench_hall_time();

struct LinkHallCounts {  // since it began
  base::Duration at{0};           // when they were taken, of the steady clock
  double processor_s = 0.0;       // of its thread
  std::uint64_t bundles = 0, frames = 0, clock_replies = 0;
  std::size_t links = 0;
  protocol::LinkTotals totals;
  std::uint64_t messages() const { return bundles + frames + 2 * clock_replies; }
};

class LinkHall {
 public:
  LinkHall(std::shared_ptr<const link::SessionSettings> security, const LinkTraffic& traffic, std::size_t headsets);
  ~LinkHall() { stop(); }

  std::uint16_t port() const { return port_; }
  void talk(bool on) { talks_ = on; }               // frames
  LinkHallCounts counts() const;                    // at most some 60 ms old
  base::Duration newest_up(std::size_t headset) const { return base::Duration{up_us_[headset].load(std::memory_order_relaxed)}; }
  void stop();
  // From a bundle's sending until it has been decoded here.
  const std::vector<double>& up_ms() const { return up_ms_; }

 private:
  struct Device {
    protocol::LinkId link;        // none: not connected, or not greeted
    protocol::Message frame;      // a HallState
    base::HallTime next_frame;
    std::uint32_t heard = 0;      // sequence of its newest bundle
  };
  void run(std::stop_token stop);
  void take(const protocol::LinkEvent& event);
  void take(const protocol::LinkDatagram& datagram, const protocol::Message& message);
  void send_frames();
  void publish();

  protocol::Listener listener_;
  std::uint16_t port_;
  std::string venue_toml_;
  std::vector<Device> devices_;
  std::map<protocol::LinkId, std::size_t> device_of_;
  server::Door door_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  LinkHallCounts own_;            // the thread's
  std::vector<double> up_ms_;
  std::vector<std::atomic<std::int32_t>> up_us_;
  std::atomic<bool> talks_{false};
  mutable std::mutex mutex_;
  LinkHallCounts published_;
  std::jthread thread_;
};

}  // namespace promenade::bench
