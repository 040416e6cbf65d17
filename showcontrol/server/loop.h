#pragma once
// The hall's loop: the one owner of the core and of the sockets. Takes datagrams and the workers' answers, hands the
// core its events in order, and carries out its effects. Rim; runs on the thread that calls `run`.

#include <atomic>
#include <map>
#include <memory>
#include <optional>

#include "showcontrol/link/rim/key_watch.h"
#include "showcontrol/protocol/transport.h"
#include "showcontrol/server/contact_input.h"
#include "showcontrol/server/door.h"
#include "showcontrol/server/near_misses.h"
#include "showcontrol/server/pair.h"
#include "showcontrol/server/status.h"
#include "showcontrol/server/workers.h"

namespace promenade::server {

struct LoopParts {  // owned elsewhere, alive while the loop runs
  const HallClock& clock;
  EventQueue& events;
  PlannerWorker& planner;
  StoreWorker& store;
  QuestionWorker& questions;
  NearMissWorker& near_misses;
  link::KeyWatch& keys;
  StatusCell& status;
  LinePrinter& lines;
  const ContactWatch* fire_contact = nullptr;  // null: none is wired
  const ContactWatch* evacuate_button = nullptr;
  const PairWorker* pair = nullptr;            // null: of no pair
};

class Loop {
 public:
  Loop(hall::Hall hall, protocol::Listener listener, LoopParts parts);
  // Until `stop` is requested; then tells every headset that the hall ends.
  void run(std::stop_token stop);

 private:
  void take(const protocol::LinkEvent& event);
  // What must be told at once is on the wire on return. `cause`: since when that is counted.
  void hand(const hall::Event& event, std::optional<SteadyTime> cause = std::nullopt);
  void cut_off(protocol::LinkId link);
  void keep_out(const link::Subject& who);
  void take_keys();
  void read_contacts();
  void carry_out(hall::Effects& effects);
  void send(const hall::Send& send);
  void print(const hall::Note& note);
  void publish();
  base::HallTime advance(base::HallTime to) { return now_ = std::max(now_, to); }

  hall::Hall hall_;
  protocol::Listener listener_;
  LoopParts parts_;
  base::HallTime now_;
  base::HallTime next_mark_;
  std::chrono::steady_clock::time_point next_status_;
  std::vector<protocol::LinkEvent> links_;
  Door door_;
  hall::Effects effects_;
  base::Bytes bytes_;
  std::deque<StoreWorker::Job> unasked_;  // while the store's queue is full
  std::optional<hall::ContactsRead> contacts_;  // as last handed over
  base::HallTime next_contacts_;
  Latencies alerts_;
  Latencies turns_alone_, turns_beside_planner_;
  Latencies plans_;
  SteadyTime plan_asked_;  // the core asks for one at a time
  double busy_s_ = 0.0;
  double longest_s_ = 0.0;
};

}  // namespace promenade::server
