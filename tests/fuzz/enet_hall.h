#pragma once
// A hall's ENet that answers whoever connects, with what must hold whatever they send: shared by the fuzz target and by the test that
// writes its corpus, so that what was recorded against one means the same to the other. Pure where its socket is.

#include <set>

#include "showcontrol/protocol/enet_host.h"
#include "tracking/base/assert.h"

namespace promenade::fuzz {

inline constexpr std::size_t kEnetPeers = 4;
inline constexpr base::Duration kEnetZero{5'000'000};        // of the virtual clock
inline constexpr link::Address kEnetDevices[] = {{7, 1}, {8, 1}};  // as the secure link numbers connections
// What is kept of a peer's reliable data that waits, and one packet more (enet_host.cpp).
inline constexpr std::uint64_t kEnetWaitingMost = kEnetPeers * ((std::uint64_t{256} << 10) + protocol::kReliableMax);

class EnetHall {
 public:
  explicit EnetHall(link::DatagramSocket& socket) : host_(socket, kEnetPeers, true) {}

  void turn() {
    for (int i = 0; i < 64; ++i) {
      const auto event = host_.service();
      if (!event) break;
      if (const auto* made = std::get_if<protocol::EnetHost::Connected>(&*event)) {
        PROMENADE_ASSERT(connected_.insert(made->slot).second && connected_.size() <= kEnetPeers);
        host_.send(made->slot, base::Bytes(3000, 1), protocol::Delivery::reliable);  // a welcome, in fragments
      } else if (const auto* gone = std::get_if<protocol::EnetHost::Gone>(&*event)) {
        PROMENADE_ASSERT(connected_.erase(gone->slot) == 1);
      } else {
        const auto& packet = std::get<protocol::EnetHost::Packet>(*event);
        PROMENADE_ASSERT(connected_.contains(packet.slot) && packet.bytes.size() <= protocol::kReliableMax);
        heard_ += packet.bytes.size();
      }
    }
    for (const auto slot : connected_) host_.send(slot, base::Bytes(400, 2), protocol::Delivery::unreliable);
    host_.flush();
    const auto waiting = host_.waiting();
    PROMENADE_ASSERT(waiting.bytes_in <= kEnetWaitingMost);
  }
  std::size_t connected() const { return connected_.size(); }
  std::size_t heard() const { return heard_; }  // bytes

 private:
  protocol::EnetHost host_;
  std::set<protocol::EnetHost::Slot> connected_;
  std::size_t heard_ = 0;
};

}  // namespace promenade::fuzz
