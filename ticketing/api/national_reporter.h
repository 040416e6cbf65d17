#pragma once
// Hands the ledger's records to the national system until it has received each, on a thread of its own: nobody at the
// counter waits for it. It keeps nothing: what is missing is what the ledger has no receipt of, so that after a crash, a
// restart or a lost answer the same records are handed in again, under the same ids. `turn` is one call and can be made
// without the thread. What goes wrong is told once, and again when it is well.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "ticketing/api/desk.h"
#include "ticketing/api/metrics.h"
#include "ticketing/api/national_link.h"

namespace promenade::ticketing::api {

class NationalReporter {
 public:
  static constexpr std::chrono::seconds kEvery{10};        // between looks for new records
  static constexpr std::chrono::seconds kAgain{10};        // after a failure, doubled with each one more,
  static constexpr std::chrono::seconds kAgainMost{300};   // up to this
  static constexpr std::chrono::minutes kRefusedAgain{10}; // a record that was refused is asked again

  // SAY takes whole sentences, on the reporter's thread. DESK and METRICS outlive it.
  NationalReporter(Desk& desk, Metrics& metrics, std::unique_ptr<NationalLink> link, std::function<void(const std::string&)> say);
  void start();
  void stop();  // a call that is under way is given up, and made again after the next start
  // One call of at most 50 records of the oldest date that may be handed in. Gives how many were received; 0: nothing to do, or
  // all of them were refused. Errors: of the link, and of booking the receipt.
  base::Result<std::size_t> turn();
  // Records that were refused may be asked again from the next turn on.
  void forget_refused() { refused_.clear(); }

 private:
  void run(std::stop_token stop);
  Desk& desk_;
  Metrics& metrics_;
  std::unique_ptr<NationalLink> link_;
  std::function<void(const std::string&)> say_;
  NationalNumbers refused_;
  std::string trouble_;  // code of the last turn's failure
  std::jthread thread_;
};

}  // namespace promenade::ticketing::api
