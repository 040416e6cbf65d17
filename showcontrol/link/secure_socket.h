#pragma once
// The secure link as a socket above another: what goes in and out of it are inner datagrams of kind ENet, and addresses are
// virtual: a connection's number, which stays when its device's address changes. Other kinds go beside, by `send_beside` and
// `beside`. Pure where the socket below is; one thread.

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "showcontrol/link/device_end.h"
#include "showcontrol/link/handshake_runner.h"

namespace promenade::link {

inline constexpr std::uint16_t kVirtualPort = 1;
constexpr Address virtual_address(ConnectionNumber connection) { return {connection.value(), kVirtualPort}; }
inline constexpr Address kVirtualHall{1, kVirtualPort};  // as a device sees it

class SecureHallSocket final : public DatagramSocket {
 public:
  // `below` outlives it.
  SecureHallSocket(DatagramSocket& below, std::shared_ptr<const SessionSettings> settings, HallEndLimits limits, std::unique_ptr<HandshakeRunner> runner);

  Moment now() const override { return below_.now(); }
  base::Duration steady() const override { return below_.steady(); }
  Address local() const override { return below_.local(); }
  void send(Address to, base::ByteView datagram) override;
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override;
  void wait(base::Duration at_most) override;

  // Takes what has come and what handshakes have been finished, and sends what is due. `receive` hands out what this has taken.
  void work();
  bool holds() const { return !arrived_.empty(); }
  bool send_beside(ConnectionNumber connection, DatagramKind kind, base::ByteView bytes);
  std::vector<Delivered>& beside() { return beside_; }       // the caller clears it
  std::vector<LinkChange>& changes() { return changes_; }    // the same
  HallEnd& end() { return end_; }

 private:
  void transmit();

  DatagramSocket& below_;
  HallEnd end_;
  std::unique_ptr<HandshakeRunner> runner_;
  std::deque<Delivered> arrived_;
  std::vector<Delivered> beside_;
  std::vector<LinkChange> changes_;
};

class SecureDeviceSocket final : public DatagramSocket {
 public:
  SecureDeviceSocket(DatagramSocket& below, Address hall, std::shared_ptr<const SessionSettings> settings);

  Moment now() const override { return below_.now(); }
  base::Duration steady() const override { return below_.steady(); }
  Address local() const override { return below_.local(); }
  void send(Address to, base::ByteView datagram) override;  // only to kVirtualHall
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override;
  void wait(base::Duration at_most) override;

  void work();  // as above
  bool holds() const { return !arrived_.empty(); }
  bool send_beside(DatagramKind kind, base::ByteView bytes);
  std::vector<DeviceEnd::Inner>& beside() { return beside_; }
  void close();
  const DeviceEnd& end() const { return end_; }

 private:
  void transmit();

  DatagramSocket& below_;
  Address hall_;
  DeviceEnd end_;
  std::deque<DeviceEnd::Inner> arrived_;
  std::vector<DeviceEnd::Inner> beside_;
};

}  // namespace promenade::link
