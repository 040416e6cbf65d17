#include "showcontrol/console/link.h"

#include <iterator>
#include <utility>

#include "showcontrol/protocol/codec.h"

namespace promenade::console {

namespace {
constexpr double kAgain_s = 1.0;
// The hall speaks five times a second: so long a silence is a hall that has gone.
constexpr double kSilent_s = 2.0;
constexpr double kJoining_s = 8.0;  // a handshake over a bad network takes some of them, and gives up by itself
}  // namespace

HallLink::HallLink(ConsoleModel& model, std::vector<protocol::HallAddress> halls, std::shared_ptr<const link::SessionSettings> security)
    : model_(model), halls_(std::move(halls)), security_(std::move(security)) {}

base::Result<void> HallLink::record_to(const std::string& path) {
  record_.emplace(path, std::ios::binary | std::ios::trunc);
  if (!*record_) return base::fail("file-unwritable", "The recording " + path + " cannot be written.", "Check the folder and the disk.");
  return {};
}

void HallLink::close(double now_s, bool refused) {
  connection_.reset();
  again_s_ = now_s + kAgain_s;
  model_.link_down(now_s, refused);
  up_ = false;
}

void HallLink::poll(double now_s) {
  if (!connection_) {
    if (now_s < again_s_) return;
    again_s_ = now_s + kAgain_s;
    auto opened = protocol::HallConnection::open(halls_, security_);
    if (!opened) return;
    connection_.emplace(std::move(*opened));
    heard_s_ = now_s;
  }
  events_.clear();
  connection_->poll(std::chrono::milliseconds(0), events_);
  bool refused = false;
  for (const protocol::LinkEvent& event : events_) {
    if (std::holds_alternative<protocol::LinkConnected>(event)) {
      up_ = true;
      heard_s_ = now_s;
      model_.link_up(now_s);
    } else if (const auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
      heard_s_ = now_s;
      if (record_) record_->write(reinterpret_cast<const char*>(datagram->bytes.data()), static_cast<std::streamsize>(datagram->bytes.size()));
      if (const auto message = protocol::decode(datagram->bytes)) model_.receive(*message, now_s);
    } else if (const auto* lost = std::get_if<protocol::LinkLost>(&event)) {
      refused = lost->code == protocol::CloseCode::refused;
    }
  }
  if (connection_->over() || now_s - heard_s_ > (up_ ? kSilent_s : kJoining_s)) return close(now_s, refused);
  for (const protocol::Message& message : model_.take_outgoing()) {
    bytes_.clear();
    protocol::encode_into(message, bytes_);
    if (!connection_->send(bytes_, protocol::delivery_of(message))) return close(now_s, false);
  }
  connection_->flush();
}

base::Result<void> replay(const std::string& path, ConsoleModel& model, double now_s) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail("file-unreadable", "The recording " + path + " cannot be read.");
  const base::Bytes all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  constexpr std::size_t kHeader = 3;  // type and length, as every packet has them
  model.link_up(now_s);
  for (std::size_t at = 0; at + kHeader <= all.size();) {
    const std::size_t size = kHeader + all[at + 1] + (static_cast<std::size_t>(all[at + 2]) << 8);
    if (at + size > all.size()) break;  // cut off in mid-packet
    const auto message = protocol::decode(base::ByteView(all).subspan(at, size));
    if (!message) return base::fail("recording-damaged", "The recording " + path + " holds what is no message: " + message.error().message);
    model.receive(*message, now_s);
    at += size;
  }
  return {};
}

}  // namespace promenade::console
