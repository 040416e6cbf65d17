#include "showcontrol/rehearsal/live_link.h"

#include <utility>

#include "showcontrol/protocol/codec.h"

namespace promenade::rehearsal {
namespace {

constexpr double kReconnectAfter = 0.5;  // s
// The hall sends to every device several times a second: silence is a hall that has gone, and the transport's own
// patience (30 s) would be the viewers' wait for the one that has taken its place.
constexpr double kSilentAfter = 2.0;     // s
constexpr double kJoiningMost = 8.0;     // s; a handshake over a bad network takes some of them, and gives up by itself

}  // namespace

LiveLink::LiveLink(Endpoint& endpoint, Open open) : endpoint_(endpoint), open_(std::move(open)) {}

void LiveLink::set_impairment(const protocol::ImpairmentSettings& outgoing, const protocol::ImpairmentSettings& incoming) {
  if (connection_) connection_->set_impairment(outgoing, incoming);
}

void LiveLink::close(double now_s, double again_after_s) {
  connection_.reset();
  again_s_ = now_s + again_after_s;
  if (up_) endpoint_.link_down(now_s);
  up_ = false;
}

void LiveLink::receive(double now_s) {
  if (!endpoint_.wants_link()) {
    if (connection_) close(now_s, kReconnectAfter);
    return;
  }
  if (!connection_) {
    if (now_s < again_s_) return;
    auto opened = open_();
    again_s_ = now_s + kReconnectAfter;
    if (!opened) return;
    connection_.emplace(std::move(*opened));
    heard_s_ = now_s;
  }
  events_.clear();
  connection_->poll(std::chrono::milliseconds(0), events_);
  for (const protocol::LinkEvent& event : events_) {
    if (std::holds_alternative<protocol::LinkConnected>(event)) {
      up_ = true;
      heard_s_ = now_s;
      endpoint_.link_up(now_s);
    } else if (const auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
      heard_s_ = now_s;
      if (const auto message = protocol::decode(datagram->bytes)) {
        endpoint_.receive(*message, now_s);
      } else {
        ++unreadable_;
      }
    }
  }
  // Who refused is asked again later; one that has fallen silent was killed, and the next may be there.
  if (connection_->over()) close(now_s, kReconnectAfter);
  else if (now_s - heard_s_ > (up_ ? kSilentAfter : kJoiningMost)) close(now_s, 0.0);
}

void LiveLink::send(double now_s) {
  const auto outgoing = endpoint_.take_outgoing();
  if (!connection_ || !up_ || outgoing.empty()) return;  // state is repeated, commands are asked again
  for (const protocol::Message& message : outgoing) {
    bytes_.clear();
    protocol::encode_into(message, bytes_);
    if (!connection_->send(bytes_, protocol::delivery_of(message))) return close(now_s, kReconnectAfter);
  }
  connection_->flush();
}

}  // namespace promenade::rehearsal
