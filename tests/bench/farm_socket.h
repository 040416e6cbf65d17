#pragma once
// A device's UDP socket at a loopback address of its own, whose descriptor may be waited for beside those of hundreds of others.
// Rim; IPv4; one thread.

#include "showcontrol/link/datagram.h"

namespace promenade::bench {

class FarmSocket final : public link::DatagramSocket {
 public:
  explicit FarmSocket(std::uint32_t host);  // host byte order; throws std::runtime_error where the system refuses
  ~FarmSocket() override;
  FarmSocket(const FarmSocket&) = delete;
  FarmSocket& operator=(const FarmSocket&) = delete;

  int descriptor() const { return descriptor_; }
  link::Moment now() const override;
  base::Duration steady() const override;
  link::Address local() const override { return local_; }
  void send(link::Address to, base::ByteView datagram) override;
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override;
  void wait(base::Duration) override {}  // whoever drives the devices waits for all of them

 private:
  int descriptor_;
  link::Address local_;
};

}  // namespace promenade::bench
