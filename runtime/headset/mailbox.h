#pragma once
// How the frame thread and the link thread meet: two bounded queues. The link thread stamps what comes at the socket
// with headset time; the frame thread leaves what the client has to say.

#include <variant>

#include "showcontrol/protocol/messages.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::headset {

struct LinkUp {};
struct LinkDown {};
struct FromLink {
  base::HeadsetTime at;
  std::variant<LinkUp, LinkDown, protocol::Message> what;
};

inline constexpr std::size_t kMailboxMax = 256;

struct Mailbox {
  // A frame thread that stalls loses the oldest of what came: state is repeated.
  base::BoundedQueue<FromLink> in{kMailboxMax, base::Overflow::drop_oldest};
  base::BoundedQueue<protocol::Message> out{kMailboxMax, base::Overflow::drop_oldest};
};

}  // namespace promenade::headset
