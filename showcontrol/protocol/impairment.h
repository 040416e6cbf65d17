#pragma once
// A bad network, on purpose: seeded loss, delay, jitter, duplication, reordering, rate and outages for one
// direction of one link. Pure: says when the copies of a datagram arrive; whoever carries datagrams keeps them
// until then (the transport below ENet, the rehearsal's in-process link under virtual time). Times are durations
// since any fixed zero of the caller's clock, and must not go back.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tracking/base/clock.h"
#include "tracking/base/random.h"

namespace promenade::protocol {

struct Outage {  // nothing passes from `from` until `until`
  base::Duration from{0};
  base::Duration until{0};
};

struct ImpairmentSettings {
  double loss = 0.0;                 // probabilities for each datagram, 0..1
  double duplication = 0.0;
  double reordering = 0.0;           // held back by `reorder_by` beyond its delay
  base::Duration delay_min{0};       // delay is uniform between the two
  base::Duration delay_max{0};
  base::Duration reorder_by{10'000};
  bool keep_order = false;           // jitter never lets a later datagram overtake (a queue, not a bundle of paths)
  double rate_bytes_per_s = 0.0;     // 0: unlimited
  base::Duration queue_max{200'000}; // what would wait longer for the rate is lost
  std::vector<Outage> outages;       // in order of time

  bool any() const {
    return loss > 0.0 || duplication > 0.0 || reordering > 0.0 || delay_max.count() > 0 || rate_bytes_per_s > 0.0 ||
           !outages.empty();
  }
};

struct LinkImpairment {  // none by default; both directions as seen from one end
  ImpairmentSettings outgoing;
  ImpairmentSettings incoming;
  std::uint64_t seed = 1;
};

class Impairment {
 public:
  Impairment(ImpairmentSettings settings, base::Random random);

  struct Arrivals {
    std::size_t count = 0;  // 0: lost; 2: duplicated
    std::array<base::Duration, 2> at{};
  };
  Arrivals pass(std::size_t bytes, base::Duration now);

  // Forgets nothing that has been passed already; the random stream goes on.
  void set(ImpairmentSettings settings);
  const ImpairmentSettings& settings() const { return settings_; }

 private:
  base::Duration delay();

  ImpairmentSettings settings_;
  base::Random random_;
  base::Duration line_free_{0};   // when the rate limiter has sent what it holds
  base::Duration last_arrival_{0};
};

}  // namespace promenade::protocol
