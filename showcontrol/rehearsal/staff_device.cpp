#include "showcontrol/rehearsal/staff_device.h"

#include <algorithm>
#include <utility>

namespace promenade::rehearsal {
namespace {
constexpr double kAgain_s = 3.0;
constexpr double kTagEvery_s = 0.1;
constexpr double kTagSigma_m = 0.3;       // row "attendants"
constexpr std::uint32_t kForgetCards = 3; // a body not on so many rounds of cards is gone
}  // namespace

StaffDevice::StaffDevice(std::string name, std::string key, base::Random random)
    : name_(std::move(name)), key_(std::move(key)), random_(random.fork("staff device")) {}

void StaffDevice::command(protocol::StaffAction action, double now_s, Reply reply) {
  const std::uint32_t request = next_request_++;
  if (welcome_) out_.emplace_back(protocol::StaffCommand{request, action});
  open_.emplace(request, Open{std::move(action), std::move(reply), now_s + kAgain_s});
}

void StaffDevice::report_tag(std::uint16_t tag, HallPoint truly_at, double now_s) {
  double& due_s = next_tag_s_[tag];
  if (!welcome_ || now_s < due_s) return;
  const auto hall = hall_time(now_s);
  if (!hall) return;
  due_s = std::max(due_s + kTagEvery_s, now_s + kTagEvery_s / 2.0);
  const HallVec off{random_.normal(0.0, kTagSigma_m), random_.normal(0.0, kTagSigma_m)};
  out_.emplace_back(protocol::TagReport{tag, *hall, truly_at + off, kTagSigma_m});
}

void StaffDevice::step(double now_s) {
  if (!welcome_) return;
  for (auto& [request, open] : open_) {
    if (now_s < open.again_s) continue;
    open.again_s = now_s + kAgain_s;
    out_.emplace_back(protocol::StaffCommand{request, open.action});
  }
}

const protocol::HeadsetCard* StaffDevice::card(base::HeadsetId headset) const {
  const auto found = cards_.find(headset);
  return found == cards_.end() ? nullptr : &found->second;
}

std::optional<base::HallTime> StaffDevice::hall_time(double now_s) const {
  if (!hall_ahead_s_) return std::nullopt;
  return base::hall_time(now_s + *hall_ahead_s_);
}

void StaffDevice::link_up(double) {
  welcome_ = false;
  out_.clear();
  out_.emplace_back(protocol::StaffHello{protocol::kProtocolVersion, name_, key_});
}

void StaffDevice::link_down(double) {
  welcome_ = false;
  out_.clear();
}

void StaffDevice::receive(const protocol::Message& message, double now_s) {
  heard_s_ = now_s;
  if (std::holds_alternative<protocol::StaffWelcome>(message)) {
    welcome_ = true;
    alarms_.clear();  // what nobody has taken is told after it
    for (auto& [request, open] : open_) open.again_s = now_s;
  } else if (const auto* reply = std::get_if<protocol::StaffReply>(&message)) {
    const auto found = open_.find(reply->request);
    if (found == open_.end()) return;
    const Reply heard = std::move(found->second.reply);
    open_.erase(found);
    if (heard) heard(*reply);
  } else if (const auto* summary = std::get_if<protocol::HallSummary>(&message)) {
    if (summary->epoch < summary_.epoch) return;
    const bool epoch_new = summary->epoch > summary_.epoch;
    if (!epoch_new && summary->sequence <= summary_.sequence) return;
    summary_ = *summary;
    const double ahead_s = base::seconds_since_zero(summary->time) - now_s;
    if (epoch_new) {
      hall_ahead_s_.reset();
      bodies_.clear();
      for (auto& [id, card] : cards_) card.sequence = 0;
    }
    hall_ahead_s_ = std::max(hall_ahead_s_.value_or(ahead_s), ahead_s);
    std::erase_if(bodies_, [&](const auto& one) { return one.second.sequence + kForgetCards < summary->sequence; });
  } else if (const auto* card = std::get_if<protocol::HeadsetCard>(&message)) {
    protocol::HeadsetCard& kept = cards_[card->headset];
    if (card->sequence >= kept.sequence) kept = *card;
  } else if (const auto* body = std::get_if<protocol::BodyCard>(&message)) {
    bodies_[body->body] = *body;
  } else if (const auto* alarm = std::get_if<protocol::StaffAlarm>(&message)) {
    if (alarm->taken_by.empty()) alarms_[alarm->number] = *alarm;
    else alarms_.erase(alarm->number);
  }
}

std::vector<protocol::Message> StaffDevice::take_outgoing() { return std::exchange(out_, {}); }

}  // namespace promenade::rehearsal
