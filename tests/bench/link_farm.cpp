#include "tests/bench/link_farm.h"

#include <pthread.h>

#include <stdexcept>
#include <utility>

#include "showcontrol/protocol/codec.h"
#include "tests/bench/farm_socket.h"

namespace promenade::bench {

namespace {
constexpr std::size_t kJoinAtOnce = 64;  // of handshakes, each of which costs either end milliseconds
}

LinkFarm::LinkFarm(const LinkHall& hall, const LinkTraffic& traffic, std::vector<std::shared_ptr<const link::SessionSettings>> devices)
    : hall_(hall), traffic_(traffic), devices_(devices.size()) {
  for (std::size_t i = 0; i < devices.size(); ++i) devices_[i].security = std::move(devices[i]);
  thread_ = std::jthread([this](std::stop_token stop) {
    try {
      run(stop);
    } catch (const std::exception& error) {
      const std::scoped_lock lock(mutex_);
      failure_ = error.what();
    }
  });
}

std::string LinkFarm::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void LinkFarm::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void LinkFarm::open(std::size_t index) {
  Device& device = devices_[index];
  auto socket = std::make_unique<FarmSocket>(loopback_host(index));
  const int descriptor = socket->descriptor();
  protocol::ConnectionConfig config;
  config.security = device.security;
  device.connection.reset();
  device.welcome = false;
  auto opened = protocol::Connection::open(config, std::move(socket), link::Address{0x7f000001, hall_.port()});
  if (!opened) throw std::runtime_error(opened.error().text());
  device.connection.emplace(std::move(*opened));
  readiness_.add(descriptor, index);
}

void LinkFarm::run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), "link farm");
  const base::Duration zero = bench_hall_time().time_since_epoch();
  const auto count = static_cast<std::int64_t>(devices_.size());
  std::size_t opened = 0;
  // Headset i has its moments at zero + i / count of the period, so that all of theirs come one after the other.
  for (std::int64_t number = 0; !stop.stop_requested();) {
    const auto due = [&] { return zero + kBundleEvery * number / count; };
    while (opened < devices_.size() && opened < welcomed_ + kJoinAtOnce) open(opened++);
    while (due() <= bench_hall_time().time_since_epoch() && !stop.stop_requested()) {
      const auto index = static_cast<std::size_t>(number % count);
      const bool says = talks_.load(std::memory_order_relaxed) && devices_[index].welcome;
      if (says) late_ms_.push_back(1e3 * base::to_seconds(bench_hall_time().time_since_epoch() - due()));
      if (index < opened) turn(index, static_cast<std::uint64_t>(number / count));
      ++number;
    }
    readiness_.nap([this](std::size_t index) { take(index); });
  }
  for (Device& device : devices_) device.connection.reset();
}

void LinkFarm::turn(std::size_t index, std::uint64_t number) {
  Device& device = devices_[index];
  if (!device.welcome || !talks_.load(std::memory_order_relaxed)) return take(index);  // handshakes and ENet have timers
  bytes_.clear();
  protocol::encode_into(traffic_.bundle(index, ++device.sent, bench_hall_time()), bytes_);
  if (device.connection->send(bytes_, protocol::Delivery::unreliable)) ++bundles_;
  if (asks_the_clock(index, number)) send(device, protocol::ClockRequest{device.sent, base::HeadsetTime{bench_hall_time().time_since_epoch()}});
  device.connection->flush();
}

void LinkFarm::send(Device& device, const protocol::Message& message) {
  bytes_.clear();
  protocol::encode_into(message, bytes_);
  device.connection->send(bytes_, protocol::delivery_of(message));
}

void LinkFarm::take(std::size_t index) {
  Device& device = devices_[index];
  events_.clear();
  device.connection->poll(std::chrono::milliseconds(0), events_);
  for (const protocol::LinkEvent& event : events_) {
    if (std::holds_alternative<protocol::LinkConnected>(event)) {
      send(device, protocol::Hello{protocol::kProtocolVersion, base::HeadsetId(static_cast<std::uint16_t>(index + 1)), "promenade-bench", {}});
      device.connection->flush();
      continue;
    }
    if (std::holds_alternative<protocol::LinkLost>(event)) {
      if (device.welcome) {
        ++lost_;
        --welcomed_;
      }
      open(index);
      return;
    }
    const auto message = protocol::decode(std::get<protocol::LinkDatagram>(event).bytes);
    if (!message) ++unreadable_;
    else if (std::holds_alternative<protocol::Welcome>(*message) && !std::exchange(device.welcome, true)) ++welcomed_;
    else if (const auto* frame = std::get_if<protocol::HallState>(&*message); frame != nullptr && frame->sequence > device.heard) {
      device.heard = frame->sequence;
      ++frames_;
      const base::Duration down = bench_hall_time() - frame->time;
      down_ms_.push_back(1e3 * base::to_seconds(down));
      through_ms_.push_back(1e3 * base::to_seconds(down + hall_.newest_up((index + 1) % devices_.size())));
    }
  }
}

}  // namespace promenade::bench
