#include "tests/bench/clock_exchange.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promenade::bench {

double WrongClock::seconds(double now_s) const {
  constexpr double kWander = 1e-6, kWanderEvery_s = 900.0, kTurn = 2.0 * std::numbers::pi / kWanderEvery_s;
  return zero_s + now_s * (1.0 + 1e-6 * ppm) + kWander / kTurn * (1.0 - std::cos(kTurn * now_s));
}

void ClockExchange::ask(protocol::ClockRequest request, double now_s) {
  const double sent_s = now_s + random_.uniform(0.0, 0.003);
  request.sent = clock_.time(sent_s);
  const auto up_s = wifi_.up(sent_s);
  if (!up_s) return;
  const double there_s = sent_s + *up_s, left_s = there_s + random_.uniform(0.00002, 0.002);
  const auto down_s = wifi_.down(left_s);
  if (down_s) coming_.push_back({left_s + *down_s, {request.sequence, request.sent, true_hall_time(there_s), true_hall_time(left_s)}});
}

void ClockExchange::deliver(double now_s, const std::function<void(const protocol::ClockReply&, base::HeadsetTime)>& take) {
  std::ranges::sort(coming_, {}, &Coming::at_s);
  const auto later = std::ranges::find_if(coming_, [&](const Coming& c) { return c.at_s > now_s; });
  for (auto it = coming_.begin(); it != later; ++it) take(it->reply, clock_.time(it->at_s));
  coming_.erase(coming_.begin(), later);
}

}  // namespace promenade::bench
