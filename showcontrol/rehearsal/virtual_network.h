#pragma once
// The quick network of a rehearsal: every message is encoded, lost or delayed by the shipped impairment, and decoded at the
// other end, without ENet and encryption (datagram_network.h has them). Reliable messages come once and in order, later when
// lost.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "showcontrol/hall/events.h"
#include "showcontrol/protocol/impairment.h"
#include "showcontrol/rehearsal/network.h"
#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/server/inline_hall.h"
#include "tracking/base/random.h"

namespace promenade::rehearsal {

class VirtualNetwork final : public Network {
 public:
  VirtualNetwork(std::vector<Endpoint*> endpoints, const NetworkHabits& habits, base::Random random);

  void set_hall(server::InlineHall* hall, double now_s) override;
  void run(double now_s) override;
  void collect_from_endpoints(double now_s) override;
  void collect_from_hall(double now_s) override;
  NetworkTotals totals() const override { return totals_; }

 private:
  struct Line {                            // one device's connection
    Endpoint* endpoint = nullptr;
    std::unique_ptr<protocol::Impairment> up, down;
    hall::PeerId peer;                     // none: not connected
    bool told = false;                     // the device believes to be connected
    bool hall_knows = false;
    double give_up_s = -1.0, connect_s = 0.0, next_outage_s = 0.0, outage_until_s = -1.0;
    base::Duration last_up{0}, last_down{0};  // arrival of the newest reliable message
  };
  struct Packet {
    base::Duration at{0};
    std::uint64_t order = 0;
    std::uint32_t line = 0;
    hall::PeerId peer;
    bool up = false;
    std::uint32_t slot = 0;                // of its bytes
    bool operator>(const Packet& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  void tend(Line& line, double now_s);
  void put(std::uint32_t line, bool up, const protocol::Message& message, base::Duration now);
  void deliver(const Packet& packet);
  std::uint32_t take_slot();

  std::vector<Line> lines_;
  NetworkHabits habits_;
  base::Random random_;
  server::InlineHall* hall_ = nullptr;
  std::uint32_t next_peer_ = 1;
  std::vector<std::uint32_t> line_of_peer_;
  std::priority_queue<Packet, std::vector<Packet>, std::greater<>> on_the_way_;
  std::vector<base::Bytes> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t order_ = 0;
  NetworkTotals totals_;
};

}  // namespace promenade::rehearsal
