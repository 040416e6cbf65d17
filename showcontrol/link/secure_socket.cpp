#include "showcontrol/link/secure_socket.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace promenade::link {

namespace {

constexpr std::size_t kTakenAtOnce = 512;   // datagrams of one call, so that a flood does not keep a loop from its other work
constexpr std::size_t kArrivedMax = 4096;   // beyond it the oldest are lost
constexpr std::size_t kBufferSize = kOuterMax + 1;  // one more, so that what is too large is seen to be
constexpr base::Duration kWhileShaking{1'000};
constexpr base::Duration kTimers{20'000};

DatagramSocket::Received hand(Address from, const base::Bytes& bytes, base::Duration at, std::span<std::uint8_t> buffer) {
  if (bytes.size() > buffer.size()) return {from, 0, at};
  std::ranges::copy(bytes, buffer.begin());
  return {from, bytes.size(), at};
}

}  // namespace

// ------------------------------------------------------------ SecureHallSocket

SecureHallSocket::SecureHallSocket(DatagramSocket& below, std::shared_ptr<const SessionSettings> settings, HallEndLimits limits,
                                   std::unique_ptr<HandshakeRunner> runner)
    : below_(below), end_(std::move(settings), limits), runner_(std::move(runner)) {}

void SecureHallSocket::work() {
  const Moment now = below_.now();
  std::array<std::uint8_t, kBufferSize> buffer;
  for (std::size_t i = 0; i < kTakenAtOnce; ++i) {
    const auto received = below_.receive(buffer);
    if (!received) break;
    end_.receive(received->from, std::span(buffer).first(received->size), {received->at, now.utc});
    if (end_.outgoing().size() > kTakenAtOnce) transmit();
  }
  end_.tick(now);
  while (runner_->has_room()) {
    auto work = end_.take_work(now);
    if (!work) break;
    runner_->give(std::move(*work));
  }
  while (auto done = runner_->take()) end_.give_back(std::move(*done), now);
  transmit();
  for (Delivered& one : end_.delivered()) {
    if (one.kind != DatagramKind::enet) beside_.push_back(std::move(one));
    else arrived_.push_back(std::move(one));
  }
  end_.delivered().clear();
  while (arrived_.size() > kArrivedMax) arrived_.pop_front();
  std::ranges::move(end_.changes(), std::back_inserter(changes_));
  end_.changes().clear();
}

void SecureHallSocket::transmit() {
  for (const Outgoing& one : end_.outgoing()) below_.send(one.to, one.bytes);
  end_.outgoing().clear();
}

void SecureHallSocket::send(Address to, base::ByteView datagram) {
  if (to.port == kVirtualPort && datagram.size() <= kInnerMax) send_beside(ConnectionNumber{to.host}, DatagramKind::enet, datagram);
}

bool SecureHallSocket::send_beside(ConnectionNumber connection, DatagramKind kind, base::ByteView bytes) {
  const bool sent = end_.send(connection, kind, bytes);
  transmit();
  return sent;
}

std::optional<DatagramSocket::Received> SecureHallSocket::receive(std::span<std::uint8_t> buffer) {
  while (!arrived_.empty()) {
    const Delivered one = std::move(arrived_.front());
    arrived_.pop_front();
    if (const auto received = hand(virtual_address(one.connection), one.bytes, one.at, buffer); received.size > 0) return received;
  }
  return std::nullopt;
}

void SecureHallSocket::wait(base::Duration at_most) {
  if (!arrived_.empty() || !changes_.empty() || !beside_.empty()) return;
  below_.wait(std::min(at_most, runner_->busy() ? kWhileShaking : kTimers));
}

// ------------------------------------------------------------ SecureDeviceSocket

SecureDeviceSocket::SecureDeviceSocket(DatagramSocket& below, Address hall, std::shared_ptr<const SessionSettings> settings)
    : below_(below), hall_(hall), end_(std::move(settings)) {}

void SecureDeviceSocket::work() {
  const Moment now = below_.now();
  std::array<std::uint8_t, kBufferSize> buffer;
  for (std::size_t i = 0; i < kTakenAtOnce; ++i) {
    const auto received = below_.receive(buffer);
    if (!received) break;
    if (received->from == hall_) end_.receive(std::span(buffer).first(received->size), {received->at, now.utc});
  }
  end_.tick(now);
  transmit();
  for (DeviceEnd::Inner& one : end_.delivered()) {
    if (one.kind != DatagramKind::enet) beside_.push_back(std::move(one));
    else arrived_.push_back(std::move(one));
  }
  end_.delivered().clear();
  while (arrived_.size() > kArrivedMax) arrived_.pop_front();
}

void SecureDeviceSocket::transmit() {
  for (const base::Bytes& bytes : end_.outgoing()) below_.send(hall_, bytes);
  end_.outgoing().clear();
}

void SecureDeviceSocket::send(Address to, base::ByteView datagram) {
  if (to == kVirtualHall && datagram.size() <= kInnerMax) send_beside(DatagramKind::enet, datagram);
}

bool SecureDeviceSocket::send_beside(DatagramKind kind, base::ByteView bytes) {
  const bool sent = end_.send(kind, bytes);
  transmit();
  return sent;
}

std::optional<DatagramSocket::Received> SecureDeviceSocket::receive(std::span<std::uint8_t> buffer) {
  while (!arrived_.empty()) {
    const DeviceEnd::Inner one = std::move(arrived_.front());
    arrived_.pop_front();
    if (const auto received = hand(kVirtualHall, one.bytes, one.at, buffer); received.size > 0) return received;
  }
  return std::nullopt;
}

void SecureDeviceSocket::wait(base::Duration at_most) {
  if (!arrived_.empty() || !beside_.empty()) return;
  below_.wait(std::min(at_most, kTimers));
}

void SecureDeviceSocket::close() {
  end_.close();
  transmit();
}

}  // namespace promenade::link
