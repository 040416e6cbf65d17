#include "showcontrol/rehearsal/clerk.h"

#include <algorithm>
#include <utility>

#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {
constexpr double kAgain_s = 5.0;
}

Clerk::Clerk(BoxOfficePort& port, std::string device, base::UtcTime utc_at_zero)
    : port_(port), device_(std::move(device)), utc_at_zero_(utc_at_zero) {}

ticketing::RequestHead Clerk::head(std::string_view deed, double now_s) {
  const auto utc = utc_at_zero_ + std::chrono::milliseconds(static_cast<std::int64_t>(now_s * 1000.0));
  return {base::formatted("{}-{}-{}-{}", device_, utc_at_zero_.time_since_epoch().count(), deed, next_), device_, utc, "clerk"};
}

void Clerk::sell(const base::FilmId& film, int count, ticketing::TicketKind kind, double now_s, Sold sold) {
  ticketing::SaleRequest sale;
  sale.head = head("sale", now_s);
  sale.film = film;
  sale.count = count;
  sale.ticket_kind = kind;
  if (kind != ticketing::TicketKind::paid) sale.reason = "invited";
  put(sale, [sold = std::move(sold)](const base::Result<ticketing::Answer>& answer) {
    if (!answer) return sold(std::unexpected(answer.error()));
    sold(std::get<ticketing::SaleAnswer>(*answer));
  }, now_s);
}

void Clerk::refund(const base::TicketId& ticket, const std::string& reason, double now_s, Refunded refunded) {
  ticketing::RefundRequest refund;
  refund.head = head("refund", now_s);
  refund.ticket = ticket;
  refund.reason = reason;
  refund.supervisor = "manager";
  put(refund, [refunded = std::move(refunded)](const base::Result<ticketing::Answer>& answer) {
    if (!answer) return refunded(std::unexpected(answer.error()));
    refunded(std::get<ticketing::RefundAnswer>(*answer));
  }, now_s);
}

void Clerk::observe(ticketing::Observation observation, double now_s) {
  observation.head = head("observation", now_s);
  put(std::move(observation), [](const base::Result<ticketing::Answer>&) {}, now_s);
}

void Clerk::put(ticketing::Request request, BoxOfficePort::Done done, double now_s) {
  now_s_ = now_s;
  const std::uint64_t id = next_++;
  open_.push_back({id, std::move(request), std::move(done), now_s, false});
  ask(id);
}

void Clerk::ask(std::uint64_t id) {
  const auto open = std::ranges::find(open_, id, &Open::id);
  open->asked = true;
  const ticketing::Request request = open->request;
  port_.ask(request, [this, id](const base::Result<ticketing::Answer>& answer) {
    const auto found = std::ranges::find(open_, id, &Open::id);
    if (found == open_.end()) return;
    if (!answer && answer.error().code == "box-office-away") {
      found->asked = false;
      found->again_s = now_s_ + kAgain_s;
      return;
    }
    if (!answer) ++refused_;
    const BoxOfficePort::Done done = std::move(found->done);
    open_.erase(found);
    done(answer);
  });
}

void Clerk::step(double now_s) {
  now_s_ = now_s;
  std::vector<std::uint64_t> due;
  for (const Open& open : open_) {
    if (!open.asked && now_s >= open.again_s) due.push_back(open.id);
  }
  for (const std::uint64_t id : due) ask(id);
}

}  // namespace promenade::rehearsal
