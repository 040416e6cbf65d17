#pragma once
// The whole way of a datagram under virtual time: each device has a connection of its own, with ENet and the secure link, over
// sockets in memory and a network that is bad on purpose; the hall has its listener. What is shipped runs here, but for the
// system's sockets and clocks, so a seed replays a day with all that ENet and DTLS do under loss.
//
// What a handshake costs the hall is part of virtual time, as its thread works on one after the other. A hall's program that
// is gone says nothing more, as one that was killed.

#include <functional>
#include <memory>
#include <vector>

#include "showcontrol/link/certificate.h"
#include "showcontrol/link/memory_network.h"
#include "showcontrol/link/random_source.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/rehearsal/live_link.h"
#include "showcontrol/rehearsal/network.h"
#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/server/door.h"
#include "tracking/base/random.h"

namespace promenade::rehearsal {

// Steps of virtual time: each end looks for what has come so often.
inline constexpr double kDatagramStep_s = 0.001;

class DatagramNetwork final : public Network {
 public:
  // Endpoints named "headset-N" have the certificate of headset N, all others one of staff.
  DatagramNetwork(std::vector<Endpoint*> endpoints, const NetworkHabits& habits, base::Random random);
  ~DatagramNetwork() override;

  void set_hall(server::InlineHall* hall, double now_s) override;
  void run(double now_s) override;
  void collect_from_endpoints(double now_s) override;
  void collect_from_hall(double now_s) override;
  NetworkTotals totals() const override;

  // For measures and tests. `watch` sees each message of a device as the hall gets it.
  void set_watch(std::function<void(const protocol::Message&, base::HallTime)> watch) { watch_ = std::move(watch); }
  void roam(std::size_t endpoint);               // it has another address from now on, and does not say so
  protocol::LinkTotals link_totals() const;      // the present hall's
  std::uint32_t links(std::size_t endpoint) const;  // made so far
  const server::DoorCounts& door() const { return door_.counts(); }
  link::MemoryNetwork& air() { return air_; }
  link::Address hall_address() const;

 private:
  class DeviceSocket;
  class HallSocket;
  struct Line;

  link::Moment moment_at(double now_s) const;
  base::Result<protocol::Connection> open(Line& line);
  void take(const protocol::LinkEvent& event);
  void trouble(Line& line, double now_s);
  void step(double now_s);

  NetworkHabits habits_;
  base::Random random_;
  link::SeededRandom source_;
  link::MemoryNetwork air_;
  link::Authority authority_;
  std::shared_ptr<const link::SessionSettings> hall_security_;  // shared as SessionSettings says
  std::vector<std::unique_ptr<Line>> lines_;
  server::InlineHall* hall_ = nullptr;
  std::unique_ptr<protocol::Listener> listener_;
  HallSocket* hall_socket_ = nullptr;          // the listener's
  server::Door door_;
  std::uint32_t next_address_ = 0;
  double now_s_ = 0.0;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  NetworkTotals totals_;
  std::function<void(const protocol::Message&, base::HallTime)> watch_;
};

}  // namespace promenade::rehearsal
