#include "showcontrol/link/memory_network.h"

#include <algorithm>

namespace promenade::link {

class MemoryNetwork::Socket final : public DatagramSocket {
 public:
  Socket(MemoryNetwork& network, Address local) : network_(network), local_(local) {}
  ~Socket() override { network_.bound_.erase(local_); }
  Moment now() const override { return network_.now_; }
  Address local() const override { return local_; }
  void send(Address to, base::ByteView datagram) override {
    const auto found = network_.bound_.find(to);
    if (found == network_.bound_.end() || found->second.size() >= kWaitingMax) return;
    found->second.push_back({local_, {datagram.begin(), datagram.end()}, network_.now_.steady});
  }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override {
    auto& arrived = network_.bound_.at(local_);
    while (!arrived.empty()) {
      const Arrived one = std::move(arrived.front());
      arrived.pop_front();
      if (one.bytes.size() > buffer.size()) continue;
      std::ranges::copy(one.bytes, buffer.begin());
      return Received{one.from, one.bytes.size(), one.at};
    }
    return std::nullopt;
  }
  void wait(base::Duration) override {}  // time passes by `advance` alone

 private:
  MemoryNetwork& network_;
  Address local_;
};

void MemoryNetwork::advance(base::Duration by) {
  const base::Duration began = now_.steady;
  now_.steady += by;
  // Milliseconds of UTC from whole durations, so that small steps are not rounded away.
  now_.utc += std::chrono::floor<std::chrono::milliseconds>(now_.steady) - std::chrono::floor<std::chrono::milliseconds>(began);
}

std::unique_ptr<DatagramSocket> MemoryNetwork::bind(Address address) {
  if (!bound_.try_emplace(address).second) return nullptr;
  return std::make_unique<Socket>(*this, address);
}

}  // namespace promenade::link
