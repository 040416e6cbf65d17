#include <algorithm>

#include "ticketing/core/decider.h"

namespace promenade::ticketing {
namespace {

std::unexpected<base::Error> film_unknown(const base::FilmId& film) {
  return base::fail("film-unknown", "This venue does not show the film " + film.value() + ".", "Choose one of its films.");
}

std::unexpected<base::Error> day_final(BusinessDate date) {
  return base::fail("day-final", "The day " + date.text() + " is closed.", "Make a correction to it.");
}

}  // namespace

// No other screening that is open on the lane overlaps, not even one opened under an earlier configuration.
bool Decider::lane_free(const Screening& s) const {
  return std::ranges::none_of(state_.open_on(s.business_date), [&](const Screening& other) {
    return other.window_from < s.ends && s.window_from < other.ends && other.lane == s.lane && other.id != s.id;
  });
}

std::optional<Decider::Place> Decider::place_in(const Screening& screening, int count, const base::TicketId& released, const ReservationRecord* from) const {
  if (!lane_free(screening)) return std::nullopt;
  const HallEntry* hall = config_.hall(screening.hall);
  const int live = state_.live_in_hall(screening.hall, screening.window_from, screening.ends, released);
  const ReservationId own = from == nullptr ? ReservationId{} : from->id;
  const int kept = state_.kept_in_hall(screening.hall, screening.window_from, screening.ends, now_, own);
  if (hall == nullptr || live + kept + count > hall->capacity) return std::nullopt;
  const auto open = state_.screenings_.find(screening.id);
  const std::set<int> kept_here = state_.kept_slots(screening.id, now_, own);
  Place place{screening, {}};
  for (int slot = 1; slot <= screening.slots && static_cast<int>(place.slots.size()) < count; ++slot) {
    const bool offered = from == nullptr || std::ranges::find(from->slots, slot) != from->slots.end();
    const bool taken = kept_here.contains(slot) || (open != state_.screenings_.end() && open->second.live.contains(slot));
    if (offered && !taken) place.slots.push_back(slot);
  }
  if (static_cast<int>(place.slots.size()) < count) return std::nullopt;
  return place;
}

base::Result<Decider::Place> Decider::find_place(const FilmEntry& film, const base::ScreeningId& asked, int count,
                                                 const base::TicketId& released) const {
  const BusinessCalendar& calendar = state_.calendar();
  const auto sold_out = [&] {
    return base::fail("sold-out", "There are not " + std::to_string(count) + " places free for " + film.title_en + " (" + film.title_zh + ").",
                      "Offer a later screening or another film, or sell fewer together.");
  };
  if (!asked.is_none()) {
    const auto found = state_.find_screening(asked);
    if (!found) return base::fail("screening-unknown", "There is no screening " + asked.value() + ".", "Look at the day's screenings.");
    const Screening& screening = *found;
    if (screening.film != film.id) {
      return base::fail("screening-other-film", "Screening " + asked.value() + " shows another film.", "Choose a screening of this film.");
    }
    if (now_ >= screening.window_until) {
      return base::fail("screening-over", "Screening " + asked.value() + " let its last viewer start at " + calendar.local_text(screening.window_until) + ".",
                        "Choose a later one.");
    }
    if (final(screening.business_date)) return day_final(screening.business_date);
    if (auto place = place_in(screening, count, released)) return *place;
    return sold_out();
  }
  const BusinessDate today = calendar.date_of(now_);
  if (final(today)) return day_final(today);
  std::optional<Place> best;
  bool any = false;
  for (const auto& lane : config_.lanes) {
    if (lane.film != film.id) continue;
    auto screening = state_.current_or_next(now_, lane);
    // The current window and, where it is full, the next one.
    for (int i = 0; i < 2 && screening; ++i) {
      any = true;
      const auto place = place_in(*screening, count, released);
      if (place && (!best || place->screening.window_from < best->screening.window_from)) best = place;
      if (place) break;
      screening = state_.current_or_next(screening->window_until, lane);
    }
  }
  if (best) return *best;
  if (!any) {
    return base::fail("venue-closed", "No screening of " + film.title_en + " (" + film.title_zh + ") begins any more on " + today.text() + ".",
                      "Sell for another film or another day.");
  }
  return sold_out();
}

void Decider::open_screening(const Screening& screening, const RequestHead& head) {
  if (state_.screenings_.contains(screening.id)) return;
  add_event(kScreeningOpened, head, screening.business_date, screening_text(screening), {});
}

SoldTicket Decider::new_ticket(const Screening& screening, int slot) {
  SoldTicket sold;
  do {
    sold.code = random_ticket_code(ids_);
  } while (state_.tickets_.contains(sold.code));
  sold.slot = slot;
  sold.valid_from = screening.window_from - config_.ticket_early;
  sold.valid_until = screening.window_until + config_.ticket_grace;
  return sold;
}

base::Result<Decision> Decider::decide(const ReservationRequest& request) {
  const FilmEntry* film = config_.film(request.film);
  if (film == nullptr) return film_unknown(request.film);
  const auto place = find_place(*film, request.screening, request.count, {});
  if (!place) return std::unexpected(place.error());
  const Screening& screening = place->screening;
  open_screening(screening, request.head);
  ReservationAnswer answer;
  answer.reservation = ReservationId(request.head.idempotency_key);
  answer.film = screening.film;
  answer.screening = screening.id;
  answer.lane = screening.lane;
  answer.hall = screening.hall;
  answer.business_date = screening.business_date;
  answer.window_from = screening.window_from;
  answer.window_until = screening.window_until;
  answer.slots = place->slots;
  answer.expires = std::min(now_ + config_.reservation, screening.window_until);
  return book(request, std::move(answer), screening.business_date);
}

base::Result<Decision> Decider::decide(const ReservationRelease& request) {
  const auto at = state_.reservations_.find(request.reservation);
  if (at == state_.reservations_.end()) {
    return base::fail("reservation-unknown", "There is no reservation " + request.reservation.value() + ".", "Nothing needs doing.");
  }
  if (!at->second.keeps(now_)) {
    return base::fail("reservation-over", "The reservation keeps no places any more.", "Nothing needs doing.");
  }
  return book(request, ReleaseAnswer{0, request.reservation, static_cast<int>(at->second.slots.size())}, at->second.business_date);
}

base::Result<Decider::Place> Decider::kept_place(const SaleRequest& request) const {
  const auto at = state_.reservations_.find(request.reservation);
  if (at == state_.reservations_.end()) {
    return base::fail("reservation-unknown", "There is no reservation " + request.reservation.value() + ".", "Reserve the places, or sell without.");
  }
  const ReservationRecord& reservation = at->second;
  const auto over = [&] {
    return base::fail("reservation-over", "The places were kept until " + state_.calendar().local_text(reservation.expires) + " and are not any more.",
                      "Look what is free and sell, or reserve anew.");
  };
  if (!reservation.keeps(now_)) return over();
  if (reservation.film != request.film || (!request.screening.is_none() && request.screening != reservation.screening)) {
    return base::fail("reservation-other", "The reservation is of another film or screening.", "Sell what was reserved, or sell without.");
  }
  if (request.count > static_cast<int>(reservation.slots.size())) {
    return base::fail("reservation-smaller", "The reservation keeps " + std::to_string(reservation.slots.size()) + " places, not " + std::to_string(request.count) + ".",
                      "Sell fewer with it, and the rest without.");
  }
  if (final(reservation.business_date)) return day_final(reservation.business_date);
  // None where the clock was set back over its end and somebody else has the places by now.
  auto place = place_in(state_.screenings_.at(reservation.screening).screening, request.count, {}, &reservation);
  if (!place) return over();
  return *place;
}

base::Result<std::optional<Money>> Decider::off_price(const SaleRequest& request, const FilmEntry& film) const {
  const std::int64_t list = film.price.minor_units;
  if (!request.discount.empty()) {
    const DiscountEntry* discount = config_.discount(request.discount);
    if (discount == nullptr) return base::fail("discount-unknown", "This venue has no discount \"" + request.discount + "\".", "Choose one of its discounts.");
    return Money{list / 100 * discount->percent + list % 100 * discount->percent / 100, config_.currency};
  }
  if (request.voucher.empty()) return std::nullopt;
  const VoucherEntry* voucher = config_.voucher(request.voucher);
  if (voucher == nullptr) return base::fail("voucher-unknown", "This venue takes no vouchers of the kind \"" + request.voucher + "\".", "Choose one that it takes.");
  std::set<std::string> codes;
  for (const std::string& code : request.voucher_codes) {
    if (voucher->code_size != 0 && static_cast<int>(code.size()) != voucher->code_size) {
      return base::fail("voucher-malformed", "A code of this kind of voucher has " + std::to_string(voucher->code_size) + " letters and digits.", "Read or scan it again.");
    }
    const bool used = state_.vouchers_.contains(voucher_key(voucher->id, hash_of_secret(code)));
    if (used || !codes.insert(code).second) {
      return base::fail("voucher-used", "The voucher that ends in " + code.substr(code.size() - 4) + " was taken already.", "Take another one, or sell at the full price.");
    }
  }
  return Money{voucher->value ? std::min(voucher->value->minor_units, list) : list, config_.currency};
}

base::Result<Decision> Decider::decide(const SaleRequest& request) {
  const FilmEntry* film = config_.film(request.film);
  if (film == nullptr) return film_unknown(request.film);
  const bool paid = request.ticket_kind == TicketKind::paid;
  if (!paid && request.reason.empty()) {
    return base::fail("reason-needed", "A ticket that costs nothing needs a reason.", "Say why it is given.");
  }
  const auto off = off_price(request, *film);
  if (!off) return std::unexpected(off.error());
  const Money price{paid ? film->price.minor_units - off->value_or(Money{}).minor_units : 0, config_.currency};
  if (request.price) {
    const auto asked = money_from_decimal(*request.price, config_.currency);
    if (!asked) return std::unexpected(asked.error());
    if (*asked != price) {
      return base::fail("price-other", "The price is " + to_decimal(price) + " " + price.currency.code() + ", not " + *request.price + ".",
                        "Load the films again and ask with their price.");
    }
  }
  const auto total = times(price, request.count);
  if (!total) return std::unexpected(total.error());
  const auto place = request.reservation.is_none() ? find_place(*film, request.screening, request.count, {}) : kept_place(request);
  if (!place) return std::unexpected(place.error());
  const Screening& screening = place->screening;
  open_screening(screening, request.head);
  SaleAnswer answer;
  answer.discount = request.discount;
  answer.voucher = request.voucher;
  answer.off = *off;
  answer.reservation = request.reservation;
  answer.sale = "S" + std::to_string(next_seq());
  answer.film = screening.film;
  answer.screening = screening.id;
  answer.lane = screening.lane;
  answer.hall = screening.hall;
  answer.business_date = screening.business_date;
  answer.window_from = screening.window_from;
  answer.window_until = screening.window_until;
  answer.ticket_kind = request.ticket_kind;
  answer.price = price;
  answer.total = *total;
  for (const int slot : place->slots) {
    SoldTicket sold = new_ticket(screening, slot);
    const bool twice = std::ranges::any_of(answer.tickets, [&](const SoldTicket& t) { return t.code == sold.code; });
    if (twice) return base::fail("ids-repeat", "The source of ticket codes repeats itself.", "Restart the box office.");
    sold.token = token_of(sold, screening, film->price_class, request.ticket_kind);
    answer.tickets.push_back(std::move(sold));
  }
  return book(request, std::move(answer), screening.business_date, film->price_class);
}

base::Result<RefundAnswer> Decider::check_refund(const RefundRequest& request, const TicketRecord& record) const {
  RefundAnswer answer;
  answer.ticket = record.code;
  answer.amount = record.price;
  if (record.redemption.is_none()) return answer;
  if (request.reason.empty() || request.supervisor.empty()) {
    return base::fail("supervisor-needed", "Ticket " + record.code.value() + " is redeemed; its refund needs a reason and a supervisor.",
                      "Let a supervisor confirm it with the reason.");
  }
  if (has_play(record.code, true)) {
    return base::fail("play-in-progress", "Ticket " + record.code.value() + " is being watched.", "End the play first.");
  }
  const RedemptionRecord& redemption = state_.redemptions_.at(record.redemption);
  answer.watched = has_play(record.code, false);
  answer.revoked_grant = redemption.completed.is_none() ? redemption.grant : GrantId{};
  if (!answer.watched) answer.revoked_redemption = redemption.id;
  return answer;
}

base::Result<Decision> Decider::decide(const RefundRequest& request) {
  const auto found = live_ticket(request.ticket);
  if (!found) return std::unexpected(found.error());
  if (final((*found)->business_date)) return day_final((*found)->business_date);
  auto answer = check_refund(request, **found);
  if (!answer) return std::unexpected(answer.error());
  return book(request, std::move(*answer), (*found)->business_date);
}

base::Result<Decision> Decider::decide(const ChangeRequest& request) {
  const auto found = live_ticket(request.ticket);
  if (!found) return std::unexpected(found.error());
  const TicketRecord& old = **found;
  if (final(old.business_date)) return day_final(old.business_date);
  const FilmEntry* film = config_.film(request.film);
  if (film == nullptr) return film_unknown(request.film);
  // What made the old ticket cheaper goes over to the new one as the same amount of money, at most its whole price.
  const std::int64_t off = std::min(old.concession.off.minor_units, film->price.minor_units);
  const Money price{old.kind == TicketKind::paid ? film->price.minor_units - off : 0, config_.currency};
  if (request.price) {
    const auto asked = money_from_decimal(*request.price, config_.currency);
    if (!asked) return std::unexpected(asked.error());
    if (*asked != price) {
      return base::fail("price-other", "The new ticket costs " + to_decimal(price) + ", not " + *request.price + ".", "Settle the difference to that price.");
    }
  } else if (film->price_class != old.price_class) {
    return base::fail("film-other-class", film->title_en + " is of the price class " + film->price_class + ", the ticket of " + old.price_class + ".",
                      "At the counter: name the new ticket's price and settle the difference.");
  }
  if (!old.redemption.is_none()) {
    const RedemptionRecord& redemption = state_.redemptions_.at(old.redemption);
    const auto grant = state_.grants_.find(redemption.grant);
    if (!redemption.completed.is_none() || has_play(old.code, false) || (grant != state_.grants_.end() && !grant->second.revoked)) {
      return base::fail("ticket-granted", "Ticket " + old.code.value() + " has its film granted already.", "A film changes only before that.");
    }
    if (!config_.free_choice) {
      return base::fail("free-choice-off", "This venue does not change films after the door.", "Watch the film on the ticket.");
    }
  }
  const auto place = find_place(*film, request.screening, 1, old.code);
  if (!place) return std::unexpected(place.error());
  const Screening& screening = place->screening;
  if (screening.id == old.screening) {
    return base::fail("change-nothing", "The ticket is for this screening already.", "Choose another film or screening.");
  }
  if (screening.business_date != old.business_date) {
    return base::fail("change-other-day", "The ticket is for " + old.business_date.text() + ", the screening on " + screening.business_date.text() + ".",
                      "Refund the ticket and sell another.");
  }
  open_screening(screening, request.head);
  ChangeAnswer answer;
  answer.old_ticket = old.code;
  answer.ticket = new_ticket(screening, place->slots.front());
  answer.ticket.token = token_of(answer.ticket, screening, film->price_class, old.kind);
  answer.film = screening.film;
  answer.screening = screening.id;
  answer.lane = screening.lane;
  answer.price = price;
  if (!old.concession.none()) answer.off = Money{off, config_.currency};
  answer.redemption = old.redemption;
  return book(request, std::move(answer), screening.business_date, film->price_class);
}

}  // namespace promenade::ticketing
