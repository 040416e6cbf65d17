#pragma once
// A UDP socket of the system, and its clocks. Rim: IPv4, non-blocking but for `wait`; one thread.

#include <memory>

#include "showcontrol/link/datagram.h"
#include "tracking/base/result.h"

namespace promenade::link {

// Zero of `steady` is that of std::chrono::steady_clock.
Moment system_moment();
base::Duration system_steady();

// A dotted address, or a name that the system resolves to one; blocks while it does. Code "address-invalid".
base::Result<Address> resolve(const std::string& host, std::uint16_t port);

class UdpSocket final : public DatagramSocket {
 public:
  // `bind` is a dotted address; port 0: any free one. Asks for a receive buffer that holds a burst of every headset's.
  // Codes "port-in-use", "bind-failed", "address-invalid", "socket-failed".
  static base::Result<std::unique_ptr<UdpSocket>> open(const std::string& bind, std::uint16_t port);
  ~UdpSocket() override;
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  Moment now() const override { return system_moment(); }
  base::Duration steady() const override { return system_steady(); }
  Address local() const override { return local_; }
  void send(Address to, base::ByteView datagram) override;
  // Received::at is the kernel's stamp, which a program that was busy does not make late.
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override;
  void wait(base::Duration at_most) override;

 private:
  struct Batch;  // of datagrams that one call of the system has taken
  UdpSocket(int descriptor, Address local);
  int descriptor_;
  Address local_;
  std::unique_ptr<Batch> batch_;
};

}  // namespace promenade::link
