#include "tests/bench/link_hall.h"

#include <pthread.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/protocol/codec.h"
#include "tests/bench/processor_time.h"

namespace promenade::bench {

namespace {

constexpr std::chrono::milliseconds kHallWaits{2};  // as the hall's loop
constexpr base::Duration kPublishEvery{50'000};

protocol::Listener open_listener(std::shared_ptr<const link::SessionSettings> security, std::size_t headsets) {
  protocol::ListenerConfig config;
  config.bind = "127.0.0.1";
  config.links_max = headsets + 12;
  config.security = std::move(security);
  auto opened = protocol::Listener::open(config);
  if (!opened) throw std::runtime_error(opened.error().text());
  return std::move(*opened);
}

}  // namespace

base::HallTime bench_hall_time() { return base::HallTime{link::system_steady()}; }

LinkHall::LinkHall(std::shared_ptr<const link::SessionSettings> security, const LinkTraffic& traffic, std::size_t headsets)
    : listener_(open_listener(std::move(security), headsets)), port_(listener_.port()), venue_toml_(traffic.venue_toml), devices_(headsets), up_us_(headsets) {
  const base::HallTime now = bench_hall_time();
  for (std::size_t i = 0; i < headsets; ++i) {
    devices_[i].frame = traffic.frame(i);
    devices_[i].next_frame = now + kBundleEvery * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(headsets);
  }
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void LinkHall::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

LinkHallCounts LinkHall::counts() const {
  const std::scoped_lock lock(mutex_);
  return published_;
}

// The order of server::Loop::run, less the core and the workers.
void LinkHall::run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), "link hall");
  while (!stop.stop_requested()) {
    events_.clear();
    listener_.poll(kHallWaits, events_);
    for (const protocol::LinkEvent& event : events_) take(event);
    send_frames();
    listener_.flush();
    publish();
  }
}

void LinkHall::take(const protocol::LinkEvent& event) {
  if (const auto* made = std::get_if<protocol::LinkConnected>(&event)) {
    if (!door_.opened(made->link, made->peer->subject, bench_hall_time())) listener_.close(made->link, protocol::CloseCode::refused);
  } else if (const auto* lost = std::get_if<protocol::LinkLost>(&event)) {
    door_.closed(lost->link);
    const auto found = device_of_.find(lost->link);
    if (found == device_of_.end()) return;
    devices_[found->second].link = {};
    device_of_.erase(found);
  } else {
    const auto& datagram = std::get<protocol::LinkDatagram>(event);
    std::optional<protocol::Message> message;
    const server::Door::Verdict verdict = door_.judge(datagram, bench_hall_time(), message);
    if (verdict == server::Door::Verdict::take) take(datagram, *message);
    else if (verdict == server::Door::Verdict::cut) listener_.close(datagram.link, protocol::CloseCode::refused);
  }
}

void LinkHall::take(const protocol::LinkDatagram& datagram, const protocol::Message& message) {
  const auto send = [&](const protocol::Message& answer) {
    bytes_.clear();
    protocol::encode_into(answer, bytes_);
    listener_.send(datagram.link, bytes_, protocol::delivery_of(answer));
  };
  if (const auto* state = std::get_if<protocol::HeadsetState>(&message)) {
    const auto found = device_of_.find(datagram.link);
    if (found == device_of_.end() || state->samples.empty()) return;
    Device& device = devices_[found->second];
    if (state->sequence <= device.heard) return;
    device.heard = state->sequence;
    ++own_.bundles;
    const base::Duration up = bench_hall_time() - state->samples.back().time;
    up_ms_.push_back(1e3 * base::to_seconds(up));
    up_us_[found->second].store(static_cast<std::int32_t>(up.count()), std::memory_order_relaxed);
  } else if (const auto* request = std::get_if<protocol::ClockRequest>(&message)) {
    const base::HallTime received{std::chrono::duration_cast<base::Duration>(datagram.received.time_since_epoch())};
    send(protocol::ClockReply{request->sequence, request->sent, received, bench_hall_time()});
    ++own_.clock_replies;
  } else if (const auto* hello = std::get_if<protocol::Hello>(&message)) {
    const std::size_t index = hello->headset.value() - std::size_t{1};
    if (index >= devices_.size()) return;
    devices_[index].link = datagram.link;
    device_of_[datagram.link] = index;
    listener_.proven(datagram.link);
    send(protocol::Welcome{protocol::kProtocolVersion, base::EpochId(1), venue_toml_});
  }
}

void LinkHall::send_frames() {
  const base::HallTime now = bench_hall_time();
  const bool talks = talks_.load(std::memory_order_relaxed);
  for (Device& device : devices_) {
    if (now < device.next_frame) continue;
    device.next_frame += kBundleEvery * ((now - device.next_frame) / kBundleEvery + 1);  // its own cadence, whatever was missed
    if (!talks || device.link.is_none()) continue;
    auto& frame = std::get<protocol::HallState>(device.frame);
    frame.time = bench_hall_time();
    ++frame.sequence;
    frame.last_headset_sequence = device.heard;
    bytes_.clear();
    protocol::encode_into(device.frame, bytes_);
    if (listener_.send(device.link, bytes_, protocol::Delivery::unreliable)) ++own_.frames;
  }
}

void LinkHall::publish() {
  const base::Duration now = bench_hall_time().time_since_epoch();
  if (now - own_.at < kPublishEvery) return;
  own_.at = now;
  own_.links = device_of_.size();
  own_.totals = listener_.totals();
  own_.processor_s = thread_processor_s();
  const std::scoped_lock lock(mutex_);
  published_ = own_;
}

}  // namespace promenade::bench
