#pragma once
// Reads one input every 20 ms on a thread of its own: a line of a GPIO chip or a file. Rim; the one home of libgpiod.
// Nobody waits for it: the loop takes what was read last, and a reader that hangs becomes a fault. An input that cannot
// be opened is opened again and again.

#include <atomic>
#include <memory>
#include <thread>

#include "showcontrol/server/contact.h"

namespace promenade::server {

class ContactWatch {
 public:
  explicit ContactWatch(ContactSpec spec);
  ~ContactWatch();  // waits for the reading that runs
  ContactWatch(const ContactWatch&) = delete;
  ContactWatch& operator=(const ContactWatch&) = delete;

  hall::Contact state(SteadyTime now) const;  // any thread; never waits

 private:
  void run(std::stop_token stop);

  ContactSpec spec_;
  std::atomic<hall::Contact> state_ = hall::Contact::ready;
  std::atomic<SteadyTime> read_at_;
  std::jthread thread_;
};

}  // namespace promenade::server
