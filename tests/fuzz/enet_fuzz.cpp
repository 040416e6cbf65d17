// ENet behind our socket functions on any datagrams of devices with good certificates: nothing crashes, nothing too large is sent
// or handed out, nobody speaks who is not connected, and what waits is bounded. An input is datagrams, each behind one byte (bit 0:
// which of two devices; the rest: milliseconds since the last one) and its length (2 bytes). The corpus is what an honest device
// said (tests/protocol/enet_corpus_test.cpp), so that mutations reach ENet's connected peers.

#include <algorithm>
#include <deque>
#include <utility>

#include "tests/fuzz/enet_hall.h"
#include "tracking/base/bytes.h"

namespace {

using namespace promenade;

class FuzzedSocket final : public link::DatagramSocket {
 public:
  link::Moment now() const override { return {now_, {}}; }
  link::Address local() const override { return {1, 9560}; }
  void send(link::Address, base::ByteView datagram) override { PROMENADE_ASSERT(!datagram.empty() && datagram.size() <= link::kInnerMax); }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override {
    if (arrived_.empty()) return std::nullopt;
    const auto [from, bytes] = std::move(arrived_.front());
    arrived_.pop_front();
    if (bytes.size() > buffer.size()) return std::nullopt;
    std::ranges::copy(bytes, buffer.begin());
    return Received{from, bytes.size(), now_};
  }
  void wait(base::Duration) override {}

  void arrive(link::Address from, base::ByteView bytes) { arrived_.emplace_back(from, base::Bytes(bytes.begin(), bytes.end())); }
  void advance(base::Duration by) { now_ += by; }

 private:
  base::Duration now_ = fuzz::kEnetZero;
  std::deque<std::pair<link::Address, base::Bytes>> arrived_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  PROMENADE_ASSERT(protocol::EnetHost::interposed().has_value());
  FuzzedSocket socket;
  fuzz::EnetHall hall(socket);
  base::ByteReader reader({data, size});
  for (int i = 0; i < 64 && reader.remaining() > 3; ++i) {
    const std::uint8_t control = reader.u8();
    const std::size_t length = std::min<std::size_t>(reader.u16(), std::min(reader.remaining(), link::kInnerMax));  // what the secure link hands on
    socket.advance(base::Duration{1'000 * (control >> 1)});
    socket.arrive(fuzz::kEnetDevices[control & 1], reader.raw(length));
    hall.turn();
  }
  return 0;
}
