#pragma once
// A bad network above a socket, on purpose, and the count of what passes: a setting of the shipped layer, so that tests,
// rehearsal and demo exercise what ships. Its clock is the socket's, so it is pure where that is. One thread.

#include <memory>

#include "showcontrol/link/datagram.h"
#include "showcontrol/protocol/delay_line.h"

namespace promenade::protocol {

class ImpairedSocket final : public link::DatagramSocket {
 public:
  ImpairedSocket(std::unique_ptr<link::DatagramSocket> below, const LinkImpairment& settings);

  link::Moment now() const override { return below_->now(); }
  base::Duration steady() const override { return below_->steady(); }
  link::Address local() const override { return below_->local(); }
  void send(link::Address to, base::ByteView datagram) override;
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override;
  void wait(base::Duration at_most) override;

  void set(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming);
  void release();  // sends what is due by now
  // Datagrams and bytes that this end has given to the socket and got from it.
  std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;

 private:
  struct Late {
    link::Address address;
    base::Bytes bytes;
  };
  base::Duration since_zero() const { return below_->steady() - zero_; }
  void pass_on(link::Address to, base::ByteView datagram);

  std::unique_ptr<link::DatagramSocket> below_;
  base::Duration zero_;
  base::Duration last_in_{0};  // an impairment's time does not go back
  DelayLine<Late> out_, in_;
};

}  // namespace promenade::protocol
