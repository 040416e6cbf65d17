#pragma once
// A device's connection to its hall, wherever the program is that leads: one address, or two of a hall with a standby. All are
// tried at once and the first that answers is kept; a hall program that does not lead answers nobody. As Connection; one
// thread. IPv4.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "showcontrol/protocol/transport.h"

namespace promenade::protocol {

inline constexpr std::size_t kHallAddressesMax = 2;
struct HallAddress {
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const HallAddress&, const HallAddress&) = default;
};
// "HOST:PORT", or two of them with a comma between. Code "address-invalid".
base::Result<std::vector<HallAddress>> hall_addresses(std::string_view text);

class HallConnection {
 public:
  HallConnection(Connection only);  // of a hall with one address, opened by the caller: on a socket in memory, say
  // Codes as Connection::open has them, of the first address, where none can be tried.
  static base::Result<HallConnection> open(const std::vector<HallAddress>& halls, std::shared_ptr<const link::SessionSettings> security,
                                           const LinkImpairment& impairment = {});

  // LinkConnected, or LinkLost once every address has been given up; then as Connection.
  void poll(std::chrono::milliseconds timeout, std::vector<LinkEvent>& events);
  bool send(base::ByteView bytes, Delivery delivery);
  void flush();
  bool connected() const { return connected_; }
  bool over() const { return tried_.empty(); }
  std::uint32_t round_trip_ms() const { return connected_ ? tried_.front().round_trip_ms() : 0; }
  void set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming);

 private:
  HallConnection() = default;
  std::vector<Connection> tried_;  // the one that answered, alone, once connected_
  bool connected_ = false;
};

}  // namespace promenade::protocol
