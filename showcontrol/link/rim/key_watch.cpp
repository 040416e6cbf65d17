#include "showcontrol/link/rim/key_watch.h"

#include <pthread.h>

#include <utility>

#include "showcontrol/link/rim/udp_socket.h"

namespace promenade::link {

namespace {
constexpr std::chrono::milliseconds kLookEvery{250};
constexpr base::Duration kOwnEvery = std::chrono::minutes(1);
}  // namespace

KeyWatch::KeyWatch(HallKeys keys, std::string in_use, std::function<void(std::string)> complain)
    : keys_(std::move(keys)), in_use_(std::move(in_use)), complain_(std::move(complain)), thread_([this](std::stop_token stop) { run(stop); }) {
  pthread_setname_np(thread_.native_handle(), "link keys");
}

void KeyWatch::run(std::stop_token stop) {
  std::uint64_t known = 0;
  base::Duration own_at{0};
  std::string complained, refused;
  while (!stop.stop_requested()) {
    const Moment now = system_moment();
    std::string trouble;
    if (auto list = keys_.revoked()) {
      if (list->number > known) {
        known = list->number;
        revoked_.push(std::move(*list));
      }
    } else {
      trouble = list.error().text();
    }
    if (now.steady >= own_at) {
      own_at = now.steady + kOwnEvery;
      if (auto made = keys_.own_settings(now.utc, in_use_); !made) {
        trouble = made.error().text();
      } else if (*made != nullptr) {
        in_use_ = (*made)->own().serial;
        settings_.push(std::move(*made));
      }
    }
    if (trouble != complained && !trouble.empty()) complain_(trouble);
    complained = trouble;
    const auto asked = asked_.pop_for(stop, kLookEvery);
    if (!asked) continue;
    const auto made = keys_.renew(asked->peer, system_moment().utc);
    const auto der = made ? certificate_der(*made) : base::Result<base::Bytes>(std::unexpected(made.error()));
    if (der) static_cast<void>(renewed_.push({asked->connection, asked->peer, *der}));
    else if (der.error().code != "too-early" && std::exchange(refused, der.error().text()) != der.error().text()) complain_(refused);
  }
}

}  // namespace promenade::link
