#include "showcontrol/protocol/impaired_socket.h"

#include <algorithm>
#include <array>
#include <utility>

namespace promenade::protocol {

namespace {
constexpr std::size_t kBufferSize = 4096;  // of ENet's own, and more than any datagram of the link
constexpr int kTakenAtOnce = 256;
}  // namespace

ImpairedSocket::ImpairedSocket(std::unique_ptr<link::DatagramSocket> below, const LinkImpairment& settings)
    : below_(std::move(below)), zero_(below_->now().steady),
      out_(settings.outgoing, base::Random(settings.seed).fork("outgoing")),
      in_(settings.incoming, base::Random(settings.seed).fork("incoming")) {}

void ImpairedSocket::set(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) {
  out_.set(outgoing);
  in_.set(incoming);
}

void ImpairedSocket::pass_on(link::Address to, base::ByteView datagram) {
  ++packets_out;
  bytes_out += datagram.size();
  below_->send(to, datagram);
}

void ImpairedSocket::send(link::Address to, base::ByteView datagram) {
  if (!out_.active()) return pass_on(to, datagram);
  out_.push({to, {datagram.begin(), datagram.end()}}, datagram.size(), since_zero());
  release();
}

void ImpairedSocket::release() {
  while (const auto late = out_.pop(since_zero())) pass_on(late->address, late->bytes);
}

std::optional<link::DatagramSocket::Received> ImpairedSocket::receive(std::span<std::uint8_t> buffer) {
  if (out_.active()) release();
  const auto counted = [this](std::optional<Received> received) {
    if (received) {
      ++packets_in;
      bytes_in += received->size;
    }
    return received;
  };
  if (!in_.active()) return counted(below_->receive(buffer));
  std::array<std::uint8_t, kBufferSize> storage;
  for (int i = 0; i < kTakenAtOnce; ++i) {
    const auto received = counted(below_->receive(storage));
    if (!received) break;
    in_.push({received->from, {storage.begin(), storage.begin() + static_cast<std::ptrdiff_t>(received->size)}}, received->size,
             std::max(last_in_, received->at - zero_));
    last_in_ = std::max(last_in_, received->at - zero_);
  }
  const auto due = in_.next_at();
  const auto late = in_.pop(since_zero());
  if (!late || late->bytes.size() > buffer.size()) return std::nullopt;
  std::ranges::copy(late->bytes, buffer.begin());
  return Received{late->address, late->bytes.size(), zero_ + *due};
}

void ImpairedSocket::wait(base::Duration at_most) {
  for (const auto& due : {out_.next_at(), in_.next_at()}) {
    if (due) at_most = std::min(at_most, std::max(base::Duration{0}, *due - since_zero()));
  }
  below_->wait(at_most);
}

}  // namespace promenade::protocol
