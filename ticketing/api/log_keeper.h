#pragma once
// Signs the ledger each minute and tells the outside witness, on a thread of its own: nobody at the counter waits for a
// witness. `turn` is one round and can be called without the thread. What goes wrong is told once, and again when it is
// well: a witness that refuses the ledger is for people to look at, and does not stop selling.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "ticketing/api/desk.h"
#include "ticketing/api/metrics.h"
#include "ticketing/api/witness_link.h"

namespace promenade::ticketing::api {

class LogKeeper {
 public:
  // WITNESS may be null. SAY takes whole sentences, on the keeper's thread. DESK and METRICS outlive it.
  LogKeeper(Desk& desk, Metrics& metrics, std::unique_ptr<WitnessLink> witness, std::function<void(const std::string&)> say);
  void start();
  void stop();  // after the round that is under way
  // Signs where that is due and offers what the witness has not got. Errors of the disk and of the witness.
  base::Result<void> turn();

 private:
  base::Result<void> tell_witness(const Checkpoint& last);
  Desk& desk_;
  Metrics& metrics_;
  std::unique_ptr<WitnessLink> witness_;
  std::function<void(const std::string&)> say_;
  std::optional<Checkpoint> told_;
  std::string trouble_;  // code of the last turn's failure
  std::jthread thread_;
};

}  // namespace promenade::ticketing::api
