#pragma once
// The two doors of a rehearsal to the outside: devices that talk to the hall, and the box office. The same simulated
// people run against an in-process hall under virtual time and against real servers over the network.
// One thread; times in seconds of the rehearsal's own clock (0 when it begins), which no device knows.

#include <functional>
#include <string>
#include <vector>

#include "showcontrol/protocol/messages.h"
#include "ticketing/core/answers.h"
#include "ticketing/core/requests.h"
#include "tracking/base/result.h"

namespace promenade::rehearsal {

// One device with a connection of its own to the hall. Whoever carries the messages connects while `wants_link()`,
// again after a loss, and takes the outgoing messages after every step.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual std::string name() const = 0;         // unique, for logs and seeds
  virtual bool wants_link() const = 0;          // false: switched off or dead; a link there is goes down silently
  virtual void link_up(double now_s) = 0;
  virtual void link_down(double now_s) = 0;
  virtual void receive(const protocol::Message& message, double now_s) = 0;
  virtual std::vector<protocol::Message> take_outgoing() = 0;
};

// The box office as people at the counter and the door's counter use it. `done` is called once, on the rehearsal's
// thread, from within `ask` or later. Error code "box-office-away" means that nobody knows whether it was done: ask
// again with the same idempotency key.
class BoxOfficePort {
 public:
  using Done = std::function<void(const base::Result<ticketing::Answer>& answer)>;
  virtual ~BoxOfficePort() = default;
  virtual void ask(const ticketing::Request& request, Done done) = 0;
};

}  // namespace promenade::rehearsal
