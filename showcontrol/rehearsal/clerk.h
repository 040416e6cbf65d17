#pragma once
// The counter: sells and comps tickets, gives money back, hands in what the door counter saw. Asks the box office
// only; repeats what was not answered under the same idempotency key. One thread; rehearsal seconds.

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "showcontrol/rehearsal/ports.h"

namespace promenade::rehearsal {

class Clerk {
 public:
  // `device` names the counter and begins every idempotency key; `utc_at_zero` is the rehearsal's second 0.
  Clerk(BoxOfficePort& port, std::string device, base::UtcTime utc_at_zero);

  using Sold = std::function<void(const base::Result<ticketing::SaleAnswer>&)>;
  void sell(const base::FilmId& film, int count, ticketing::TicketKind kind, double now_s, Sold sold);
  using Refunded = std::function<void(const base::Result<ticketing::RefundAnswer>&)>;
  void refund(const base::TicketId& ticket, const std::string& reason, double now_s, Refunded refunded);
  void observe(ticketing::Observation observation, double now_s);  // its head is filled in here
  void step(double now_s);                 // asks again what got no answer
  std::size_t unanswered() const { return open_.size(); }
  std::uint64_t refused() const { return refused_; }

 private:
  struct Open {
    std::uint64_t id = 0;
    ticketing::Request request;
    BoxOfficePort::Done done;
    double again_s = 0.0;
    bool asked = false;
  };
  void put(ticketing::Request request, BoxOfficePort::Done done, double now_s);
  void ask(std::uint64_t id);
  ticketing::RequestHead head(std::string_view deed, double now_s);

  BoxOfficePort& port_;
  std::string device_;
  base::UtcTime utc_at_zero_;
  std::uint64_t next_ = 1, refused_ = 0;
  double now_s_ = 0.0;
  std::deque<Open> open_;
};

}  // namespace promenade::rehearsal
