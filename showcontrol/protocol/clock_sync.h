#pragma once
// The headset's knowledge of hall time: when to ask, what to make of the answers, and a map that never jumps in the
// middle of a film. Pure; one thread; headset time must not go back.
//
// Each exchange gives four stamps and so an offset that is wrong by at most half its round trip. Per 4 s bin the least
// way forth and the least way back are kept (queues only ever add delay), together the least round trip that the bin could have
// had; bins that most others contradict are left out (Marzullo, "Maintaining the Time in a Distributed System", 1984). Over the
// rest of the last 60 s a line gives offset and skew, robust by Huber's weights, and says how well it knows them. The served map
// follows this estimate by at most 500 ppm; it steps only where it may (nothing plays) or where it is wrong by more than 50 ms.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "showcontrol/protocol/messages.h"

namespace promenade::protocol {

struct ClockMap {  // hall = hall_at + (headset - headset_at) * rate
  HeadsetTime headset_at;
  HallTime hall_at;
  double rate = 1.0;
  HallTime to_hall(HeadsetTime time) const;
  HeadsetTime to_headset(HallTime time) const;
};

class ClockSync {
 public:
  static constexpr int kJoinExchanges = 20;
  static constexpr Duration kJoinSpacing{20'000};
  static constexpr int kBurstExchanges = 8;
  static constexpr Duration kBurstSpacing{10'000};
  static constexpr Duration kBin{4'000'000};        // also from burst to burst
  static constexpr std::size_t kBins = 15;          // 60 s
  static constexpr double kSlewMost = 500e-6;
  static constexpr Duration kStepAbove{50'000};
  static constexpr Duration kReplyWithin{2'000'000};  // later answers are ignored

  // A new connection: ask as at a join. What is known stays.
  void join(HeadsetTime now);
  // Another hall program, whose clock may differ: its answers alone count from now on. The served map goes on until
  // they are in, so that what plays goes on by it; meanwhile `uncertainty` is without bound.
  void forget();

  // The request to send at `now`, if one is due; call at every step while connected.
  std::optional<ClockRequest> request_due(HeadsetTime now);
  // `received`: stamped at the socket, as may be the reply's `sent`, which is then later than the request's. Replies not
  // asked for, late, or with impossible stamps are ignored (false).
  bool reply(const ClockReply& reply, HeadsetTime received);
  // Takes up the replies since the last call and moves the served map on; `may_step`: nothing plays.
  void advance(HeadsetTime now, bool may_step);

  bool known() const { return served_.has_value(); }
  const ClockMap& map() const { return *served_; }         // known() only
  // Half-width of what is believed of hall_time(now): a quarter of the least round trip (an asymmetry beyond 3:1
  // would not be seen), what the line leaves open, more with every second since the last answer, and what is still to be slewed.
  Duration uncertainty(HeadsetTime now) const;
  Duration round_trip() const { return newest_round_trip_; }

 private:
  struct Exchange {        // or the best of a bin
    HeadsetTime at;        // middle of the exchange
    Duration forth{0};     // by the stamps: the way to the hall, and what the hall's clock is ahead
    Duration back{0};      // and the way back, less that
    Duration offset() const { return (forth - back) / 2; }      // hall - headset
    Duration round_trip() const { return forth + back; }
  };
  struct Variance {        // of the line at the newest bin: us², us²/s, us²/s²
    double offset = 0.0, both = 0.0, skew = 0.0;
  };
  struct Asked {
    std::uint32_t sequence = 0;
    HeadsetTime at;
  };
  void take(const Exchange& exchange);
  std::vector<Exchange> believed() const;
  void estimate();

  std::vector<Exchange> bins_;            // oldest first, at most kBins
  std::array<Asked, 32> asked_{};         // by sequence modulo the size
  std::uint32_t next_sequence_ = 1;
  int left_in_burst_ = 0;
  Duration spacing_ = kJoinSpacing;
  HeadsetTime next_request_{};
  std::optional<HeadsetTime> next_burst_;
  HeadsetTime bin_end_{};
  std::optional<ClockMap> estimate_;
  bool estimate_due_ = false;             // a reply came that is not in it yet
  std::optional<ClockMap> served_;
  Variance variance_;                     // of the estimate
  Duration least_{0};                     // round trip of its bins
  Duration newest_round_trip_{0};
};

}  // namespace promenade::protocol
