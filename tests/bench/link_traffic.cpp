#include "tests/bench/link_traffic.h"

#include <stdexcept>

#include "showcontrol/protocol/codec.h"
#include "tests/bench/loss_hall.h"

namespace promenade::bench {

namespace {

constexpr int kSamples = 3;                       // 90 Hz in bundles of 30
constexpr base::Duration kSampleEvery{11'111};
constexpr double kStride_m = 0.7 / 90.0;          // between two samples of somebody who walks
constexpr double kUnderWayWithin_s = 60.0, kEvaluated_s = 2.0;

rehearsal::NetworkHabits good_network() {
  rehearsal::NetworkHabits habits;
  habits.loss = 0.0;
  habits.delay_min_s = habits.delay_max_s = 0.0;
  habits.outage_every_s = 0.0;
  return habits;
}

}  // namespace

protocol::HeadsetState LinkTraffic::bundle(std::size_t index, std::uint32_t sequence, base::HallTime now) const {
  protocol::HeadsetState state = bundles[index % bundles.size()];
  const protocol::PoseSample newest = state.samples.back();
  state.headset = base::HeadsetId(static_cast<std::uint16_t>(index + 1));
  state.sequence = sequence;
  state.samples.assign(kSamples, newest);
  for (int i = 0; i < kSamples; ++i) {
    protocol::PoseSample& sample = state.samples[static_cast<std::size_t>(i)];
    sample.time = now - (kSamples - 1 - i) * kSampleEvery;
    sample.pose.position.x += kStride_m * (i + static_cast<double>(sequence % 30));
  }
  return state;
}

protocol::HallState LinkTraffic::frame(std::size_t index) const {
  protocol::HallState state = frames[index % frames.size()];
  state.headset = base::HeadsetId(static_cast<std::uint16_t>(index + 1));
  return state;
}

LinkTraffic real_traffic(int viewers, std::uint64_t seed) {
  LossHall hall(viewers, good_network(), seed);
  if (!hall.all_ready(kUnderWayWithin_s)) throw std::runtime_error("the viewers of the hall that messages are taken from are not under way within a minute");
  hall.run(1.0);
  LinkTraffic traffic;
  traffic.venue_toml = hall.crowd().venue_toml;
  traffic.bundles = hall.bundles();
  for (const auto& viewer : hall.viewers()) {
    if (!viewer->frame()) throw std::runtime_error("a viewer has no frame");
    traffic.frames.push_back(*viewer->frame());
  }
  for (const protocol::HeadsetState& state : traffic.bundles) {
    if (state.samples.empty()) throw std::runtime_error("a headset's bundle holds no pose");
  }
  const double spent_s = hall.evaluate(kEvaluated_s);
  traffic.evaluation_share = spent_s / kEvaluated_s;
  traffic.evaluation_us = 1e6 * spent_s / (kEvaluated_s / base::to_seconds(kBundleEvery) * viewers);
  return traffic;
}

LinkSizes sizes_of(const LinkTraffic& traffic, std::size_t headsets) {
  LinkSizes sizes;
  const base::HallTime some_time = base::hall_time(1e5);
  base::Bytes bytes;
  const auto size = [&](const auto& message) {
    bytes.clear();
    protocol::encode_into(message, bytes);
    return static_cast<double>(bytes.size());
  };
  for (std::size_t i = 0; i < headsets; ++i) {
    sizes.bundle += size(traffic.bundle(i, 1000, some_time)) / static_cast<double>(headsets);
    sizes.frame += size(traffic.frame(i)) / static_cast<double>(headsets);
  }
  sizes.clock_request = size(protocol::Message(protocol::ClockRequest{}));
  sizes.clock_reply = size(protocol::Message(protocol::ClockReply{}));
  return sizes;
}

}  // namespace promenade::bench
