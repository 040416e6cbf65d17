#include "showcontrol/link/device_end.h"

#include "tracking/base/assert.h"

namespace promenade::link {

DeviceEnd::DeviceEnd(std::shared_ptr<const SessionSettings> settings) : session_(std::move(settings), 0, nullptr) {}

void DeviceEnd::receive(base::ByteView datagram, Moment came) {
  if (datagram.size() > kOuterMax || session_.state() == Session::State::over) return;
  if (session_.state() == Session::State::handshake) {
    inbox_.emplace_back(datagram.begin(), datagram.end());
    session_.shake_hands(inbox_, came);
    inbox_.clear();
    return;
  }
  inner_.clear();
  if (!session_.open(datagram, came, inner_)) ++not_authentic_;
  for (base::Bytes& bytes : inner_) {
    const std::uint8_t kind = bytes[0];
    if (!known_kind(kind)) continue;
    bytes.erase(bytes.begin());
    delivered_.push_back({static_cast<DatagramKind>(kind), std::move(bytes), came.steady});
  }
}

void DeviceEnd::tick(Moment now) {
  if (session_.state() != Session::State::handshake) return;
  const auto timer = session_.next_timer();
  if (begun_ && !(timer && now.steady >= *timer)) return;
  begun_ = true;
  session_.shake_hands(inbox_, now);
}

bool DeviceEnd::send(DatagramKind kind, base::ByteView bytes) {
  PROMENADE_ASSERT(bytes.size() <= kInnerMax);
  text_.assign(1, static_cast<std::uint8_t>(kind));
  text_.insert(text_.end(), bytes.begin(), bytes.end());
  return session_.seal(text_);
}

void DeviceEnd::close() { session_.close(); }

}  // namespace promenade::link
