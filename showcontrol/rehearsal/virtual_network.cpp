#include "showcontrol/rehearsal/virtual_network.h"

#include <algorithm>
#include <utility>

#include "showcontrol/protocol/codec.h"

namespace promenade::rehearsal {
namespace {

constexpr double kHallAhead_s = 1000.0;           // of the rehearsal's second 0
constexpr base::Duration kResend{60'000};         // of a lost reliable message
constexpr int kResendMost = 200;

base::Duration since_zero(double now_s) { return base::from_seconds(now_s); }
double seconds(base::Duration at) { return base::to_seconds(at); }

}  // namespace

base::HallTime hall_time_at(double now_s) { return base::hall_time(kHallAhead_s + now_s); }

VirtualNetwork::VirtualNetwork(std::vector<Endpoint*> endpoints, const NetworkHabits& habits, base::Random random)
    : habits_(habits), random_(random.fork("network")), line_of_peer_(1, 0) {
  protocol::ImpairmentSettings settings;
  settings.loss = habits.loss;
  settings.duplication = habits.duplication;
  settings.reordering = habits.reordering;
  settings.delay_min = base::from_seconds(habits.delay_min_s);
  settings.delay_max = base::from_seconds(habits.delay_max_s);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    Line line;
    line.endpoint = endpoints[i];
    line.up = std::make_unique<protocol::Impairment>(settings, random.fork("up", i));
    line.down = std::make_unique<protocol::Impairment>(settings, random.fork("down", i));
    line.connect_s = 0.01 * static_cast<double>(i);
    line.next_outage_s = habits.outage_every_s > 0.0 ? random_.exponential(habits.outage_every_s) : 1e18;
    lines_.push_back(std::move(line));
  }
}

std::uint32_t VirtualNetwork::take_slot() {
  if (free_slots_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  slots_[slot].clear();
  return slot;
}

void VirtualNetwork::set_hall(server::InlineHall* hall, double now_s) {
  hall_ = hall;
  for (Line& line : lines_) {
    line.hall_knows = false;
    if (line.told) line.give_up_s = now_s + habits_.silent_after_s * random_.uniform(0.5, 1.0);
  }
}

void VirtualNetwork::tend(Line& line, double now_s) {
  const bool wants = line.endpoint->wants_link();
  if (!wants && line.told) {  // it went dark: the hall hears nothing more and gives it up after a while
    line.told = false;
    line.endpoint->link_down(now_s);
    line.give_up_s = now_s + habits_.silent_after_s;
  }
  if (line.give_up_s >= 0.0 && now_s >= line.give_up_s) {
    line.give_up_s = -1.0;
    if (line.hall_knows && hall_ != nullptr) hall_->lost(line.peer, hall_time_at(now_s));
    line.hall_knows = false;
    line.peer = hall::PeerId{};
    if (line.told) line.endpoint->link_down(now_s);
    line.told = false;
    line.connect_s = now_s + habits_.connect_s;
  }
  if (wants && line.peer.is_none() && hall_ != nullptr && now_s >= line.connect_s) {
    line.peer = hall::PeerId(next_peer_++);
    line_of_peer_.push_back(static_cast<std::uint32_t>(&line - lines_.data()));
    line.hall_knows = line.told = true;
    line.last_up = line.last_down = base::Duration{0};
    hall_->connected(line.peer, hall_time_at(now_s));
    line.endpoint->link_up(now_s);
  }
  if (now_s >= line.next_outage_s) {
    const double until_s = now_s + random_.uniform(habits_.outage_min_s, habits_.outage_max_s);
    line.next_outage_s = until_s + random_.exponential(habits_.outage_every_s);
    for (protocol::Impairment* one : {line.up.get(), line.down.get()}) {
      protocol::ImpairmentSettings settings = one->settings();
      settings.outages = {{since_zero(now_s), since_zero(until_s)}};
      one->set(std::move(settings));
    }
  }
}

void VirtualNetwork::put(std::uint32_t number, bool up, const protocol::Message& message, base::Duration now) {
  Line& line = lines_[number];
  if (line.peer.is_none()) return;
  const std::uint32_t slot = take_slot();
  protocol::encode_into(message, slots_[slot]);
  const std::size_t size = slots_[slot].size();
  ++totals_.messages;
  totals_.bytes += size;
  protocol::Impairment& way = up ? *line.up : *line.down;
  protocol::Impairment::Arrivals arrivals = way.pass(size, now);
  if (protocol::delivery_of(message) == protocol::Delivery::reliable) {
    for (int again = 1; arrivals.count == 0 && again < kResendMost; ++again) arrivals = way.pass(size, now + kResend * again);
    base::Duration& last = up ? line.last_up : line.last_down;
    if (arrivals.count > 0) last = arrivals.at[0] = std::max(arrivals.at[0], last + base::Duration{1});
    arrivals.count = std::min<std::size_t>(arrivals.count, 1);
  }
  if (arrivals.count == 0) {
    free_slots_.push_back(slot);
    return;
  }
  for (std::size_t copy = 1; copy < arrivals.count; ++copy) {
    const std::uint32_t second = take_slot();
    slots_[second] = slots_[slot];
    on_the_way_.push({arrivals.at[copy], order_++, number, line.peer, up, second});
  }
  on_the_way_.push({arrivals.at[0], order_++, number, line.peer, up, slot});
}

void VirtualNetwork::deliver(const Packet& packet) {
  Line& line = lines_[packet.line];
  free_slots_.push_back(packet.slot);
  if (line.peer != packet.peer) return;  // of a connection that is over
  auto message = protocol::decode(slots_[packet.slot]);
  if (!message) {
    ++totals_.undecodable;
    return;
  }
  const double at_s = seconds(packet.at);
  if (packet.up) {
    if (hall_ == nullptr || !line.hall_knows) return;
    hall_->receive(packet.peer, std::move(*message), hall_time_at(at_s));
    collect_from_hall(at_s);
  } else if (line.told) {
    line.endpoint->receive(*message, at_s);
  }
}

void VirtualNetwork::run(double now_s) {
  const base::Duration now = since_zero(now_s);
  while (!on_the_way_.empty() && on_the_way_.top().at <= now) {
    const Packet packet = on_the_way_.top();
    on_the_way_.pop();
    deliver(packet);
  }
}

void VirtualNetwork::collect_from_endpoints(double now_s) {
  const base::Duration now = since_zero(now_s);
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    tend(lines_[i], now_s);
    for (const protocol::Message& message : lines_[i].endpoint->take_outgoing()) {
      if (lines_[i].told) put(i, true, message, now);
    }
  }
}

void VirtualNetwork::collect_from_hall(double now_s) {
  if (hall_ == nullptr) return;
  const base::Duration now = since_zero(now_s);
  for (const hall::Send& send : hall_->take_sends()) {
    const std::uint32_t line = line_of_peer_[send.peer.value()];
    if (lines_[line].peer == send.peer) put(line, false, send.message, now);
  }
  for (const hall::Disconnect& gone : hall_->take_disconnects()) {
    Line& line = lines_[line_of_peer_[gone.peer.value()]];
    if (line.peer != gone.peer) continue;
    line.hall_knows = false;
    line.give_up_s = now_s;
  }
}

}  // namespace promenade::rehearsal
