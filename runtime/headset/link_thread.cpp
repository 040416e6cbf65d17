#include "runtime/headset/link_thread.h"

#include <pthread.h>

#include <optional>
#include <utility>
#include <vector>

#include "runtime/headset/clock.h"
#include "showcontrol/protocol/codec.h"

namespace promenade::headset {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReconnectAfter{500};
// The hall sends 30 times a second: silence is a hall that has gone, and the transport's own patience (30 s) would be
// the viewer's wait for the one that has taken its place.
constexpr milliseconds kSilentAfter{2000};
constexpr milliseconds kJoiningMost{8000};  // a handshake over a bad network takes some of them, and gives up by itself
constexpr milliseconds kTurn{3};  // at most so long a message waits to be sent

}  // namespace

LinkThread::LinkThread(Mailbox& mailbox, std::vector<protocol::HallAddress> halls, std::shared_ptr<const link::SessionSettings> security)
    : mailbox_(mailbox), halls_(std::move(halls)), security_(std::move(security)), thread_([this](std::stop_token stop) { run(stop); }) {
  pthread_setname_np(thread_.native_handle(), "link");
}

LinkThread::~LinkThread() = default;

void LinkThread::run(std::stop_token stop) {
  std::optional<protocol::HallConnection> connection;
  std::vector<protocol::LinkEvent> events;
  base::Bytes bytes;
  auto heard = std::chrono::steady_clock::now();
  const auto close = [&] {
    connection.reset();
    if (up_.exchange(false)) mailbox_.in.push({headset_now(), LinkDown{}});
  };
  while (!stop.stop_requested()) {
    if (!connection) {
      auto opened = protocol::HallConnection::open(halls_, security_);
      if (opened) {
        connection.emplace(std::move(*opened));
        heard = std::chrono::steady_clock::now();
      } else {
        std::this_thread::sleep_for(kReconnectAfter);
        continue;
      }
    }
    events.clear();
    connection->poll(kTurn, events);
    for (protocol::LinkEvent& event : events) {
      if (std::holds_alternative<protocol::LinkConnected>(event)) {
        up_ = true;
        heard = std::chrono::steady_clock::now();
        ++links_;
        mailbox_.in.push({headset_now(), LinkUp{}});
      } else if (auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
        heard = datagram->received;
        if (auto message = protocol::decode(datagram->bytes)) {
          mailbox_.in.push({headset_time_of(datagram->received), std::move(*message)});
        } else {
          ++unreadable_;
        }
      }
    }
    while (auto message = mailbox_.out.try_pop()) {
      if (!up_) continue;
      bytes.clear();
      if (auto* request = std::get_if<protocol::ClockRequest>(&*message)) request->sent = headset_now();  // as near to the socket as can be
      protocol::encode_into(*message, bytes);
      if (!connection->send(bytes, protocol::delivery_of(*message))) break;
    }
    connection->flush();
    round_trip_ms_ = connection->round_trip_ms();
    if (connection->over()) {
      close();
      std::this_thread::sleep_for(kReconnectAfter);
    } else if (std::chrono::steady_clock::now() - heard > (up_ ? kSilentAfter : kJoiningMost)) {
      close();  // it was killed, and the next one may be there
    }
  }
  close();
}

}  // namespace promenade::headset
