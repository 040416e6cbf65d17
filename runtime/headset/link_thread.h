#pragma once
// The connection to the hall, on a thread of its own named "link": made again whenever it is lost, for as long as the
// program runs. It owns the socket; with the frame thread it shares the mailbox and counters, nothing else. What comes
// is stamped with headset time at the socket. Messages to send while there is no link are dropped: state is repeated
// and commands are asked again.

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "runtime/headset/mailbox.h"
#include "showcontrol/protocol/hall_connection.h"

namespace promenade::headset {

class LinkThread {
 public:
  // The mailbox outlives the thread.
  LinkThread(Mailbox& mailbox, std::vector<protocol::HallAddress> halls, std::shared_ptr<const link::SessionSettings> security);
  ~LinkThread();  // closes the link and waits for the thread
  LinkThread(const LinkThread&) = delete;
  LinkThread& operator=(const LinkThread&) = delete;

  bool up() const { return up_; }
  std::uint32_t links() const { return links_; }            // made so far
  std::uint64_t unreadable() const { return unreadable_; }  // datagrams that were no messages
  std::uint32_t round_trip_ms() const { return round_trip_ms_; }

 private:
  void run(std::stop_token stop);

  Mailbox& mailbox_;
  std::vector<protocol::HallAddress> halls_;
  std::shared_ptr<const link::SessionSettings> security_;  // shared as SessionSettings says
  std::atomic<bool> up_{false};
  std::atomic<std::uint32_t> links_{0}, round_trip_ms_{0};
  std::atomic<std::uint64_t> unreadable_{0};
  std::jthread thread_;
};

}  // namespace promenade::headset
