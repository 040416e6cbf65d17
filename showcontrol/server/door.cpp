#include "showcontrol/server/door.h"

#include <algorithm>

#include "showcontrol/protocol/codec.h"

namespace promenade::server {

namespace {

double messages_of(link::Role role) { return role == link::Role::staff ? Door::kStaffMessages : Door::kHeadsetMessages; }

// A headset greets by its own number, staff greet as staff; every other message is let be.
bool may_say(const link::Subject& who, const protocol::Message& message) {
  if (const auto* hello = std::get_if<protocol::Hello>(&message)) return who.role == link::Role::headset && who.name == std::to_string(hello->headset.value());
  return !std::holds_alternative<protocol::StaffHello>(message) || who.role == link::Role::staff;
}

}  // namespace

bool Door::opened(protocol::LinkId link, const link::Subject& who, base::HallTime now) {
  if (who.role == link::Role::standby) {  // it has a port of its own
    ++counts_.kept_out;
    return false;
  }
  const auto record = records_.find({who.role, who.name});
  if (record != records_.end() && record->second.out_until && now < *record->second.out_until) {
    ++counts_.kept_out;
    return false;
  }
  links_[link] = {who, messages_of(who.role), now, 0};
  return true;
}

const link::Subject* Door::who(protocol::LinkId link) const {
  const auto found = links_.find(link);
  return found == links_.end() ? nullptr : &found->second.who;
}

// True: enough of it.
bool Door::fault(const link::Subject& who, base::HallTime now) {
  Record& record = records_[{who.role, who.name}];
  if (record.faults == 0 || now - record.since > kFaultsWithin) record = {0, now, std::nullopt};
  if (++record.faults < kFaultsMost) return false;
  record = {0, now, now + kKeptOut};
  return true;
}

void Door::cut_off(const link::Subject& who, base::HallTime now) {
  records_[{who.role, who.name}] = {0, now, now + kKeptOut};
  ++counts_.cut_off;
}

Door::Verdict Door::refuse(const Known& known, base::HallTime now) {
  if (!fault(known.who, now)) return Verdict::drop;
  ++counts_.cut_off;
  return Verdict::cut;
}

Door::Verdict Door::judge(const protocol::LinkDatagram& datagram, base::HallTime now, std::optional<protocol::Message>& message) {
  const auto found = links_.find(datagram.link);
  if (found == links_.end()) return Verdict::drop;
  Known& known = found->second;
  const double most = messages_of(known.who.role);
  known.allowed = std::min(most, known.allowed + most * std::max(0.0, base::to_seconds(now - known.at)));
  known.at = std::max(known.at, now);
  if (known.allowed < 1.0) {
    ++counts_.too_many;
    return ++known.too_many % kTooManyAreAFault == 0 ? refuse(known, now) : Verdict::drop;
  }
  known.allowed -= 1.0;
  auto read = protocol::decode(datagram.bytes);
  if (!read || (protocol::delivery_of(*read) == protocol::Delivery::beside) != datagram.beside) {
    ++counts_.unreadable;
    return refuse(known, now);
  }
  if (!may_say(known.who, *read)) {
    ++counts_.impostors;
    static_cast<void>(fault(known.who, now));
    ++counts_.cut_off;
    return Verdict::cut;
  }
  message = std::move(*read);
  return Verdict::take;
}

}  // namespace promenade::server
