#pragma once
// Hundreds of headsets' ends of the link on a thread of their own: shipped connections, each with its certificate and an address of
// its own on the loopback, which greet, send a bundle 30 times a second each at its own moment, ask for the time, and note what
// frames come and how old they are. Rim. Counts may be read from any thread; ages once it is stopped.

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "showcontrol/protocol/transport.h"
#include "tests/bench/link_hall.h"
#include "tests/bench/link_traffic.h"
#include "tests/bench/readiness.h"

namespace promenade::bench {

class LinkFarm {
 public:
  // One headset for each of the settings. `hall` and `traffic` outlive it.
  LinkFarm(const LinkHall& hall, const LinkTraffic& traffic, std::vector<std::shared_ptr<const link::SessionSettings>> devices);
  ~LinkFarm() { stop(); }

  void talk(bool on) { talks_ = on; }  // bundles and the clock's requests
  std::size_t welcomed() const { return welcomed_; }           // now
  std::size_t lost() const { return lost_; }                   // links that were welcomed before
  std::uint64_t bundles() const { return bundles_; }           // sent
  std::uint64_t frames() const { return frames_; }             // read, none twice
  std::uint64_t unreadable() const { return unreadable_; }
  std::string failure() const;                                 // why its thread has ended by itself; empty: it has not
  void stop();
  // From a frame's making until it has been decoded here; the same and the way up of a neighbour's newest bundle; how far behind
  // their moments bundles were sent, which is this machine's doing.
  const std::vector<double>& down_ms() const { return down_ms_; }
  const std::vector<double>& through_ms() const { return through_ms_; }
  const std::vector<double>& late_ms() const { return late_ms_; }

 private:
  struct Device {
    std::shared_ptr<const link::SessionSettings> security;
    std::optional<protocol::Connection> connection;
    bool welcome = false;
    std::uint32_t sent = 0, heard = 0;  // newest sequences
  };
  void run(std::stop_token stop);
  void open(std::size_t index);
  void take(std::size_t index);
  void turn(std::size_t index, std::uint64_t number);
  void send(Device& device, const protocol::Message& message);

  const LinkHall& hall_;
  const LinkTraffic& traffic_;
  std::vector<Device> devices_;
  Readiness readiness_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  std::vector<double> down_ms_, through_ms_, late_ms_;
  std::atomic<bool> talks_{false};
  std::atomic<std::size_t> welcomed_{0}, lost_{0};
  std::atomic<std::uint64_t> bundles_{0}, frames_{0}, unreadable_{0};
  mutable std::mutex mutex_;
  std::string failure_;
  std::jthread thread_;
};

}  // namespace promenade::bench
