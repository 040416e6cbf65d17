// Places kept for a while, sold at several prices; discounts and vouchers kept as what they are.
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/event_body.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;
using std::chrono::seconds;

namespace {

ReservationRequest reservation(World& w, const base::FilmId& film, int count = 1, const std::string& name = {}) {
  return {w.head(), film, {}, count, name};
}

SaleRequest with(World& w, const ReservationAnswer& kept, int count) {
  SaleRequest sale = w.sale(kept.film, count);
  sale.reservation = kept.reservation;
  return sale;
}

SaleRequest voucher_sale(World& w, const std::string& kind, std::vector<std::string> codes) {
  SaleRequest sale = w.sale(kSnowLine, static_cast<int>(codes.size()));
  sale.voucher = kind;
  sale.voucher_codes = std::move(codes);
  return sale;
}

Counts totals(const World& w) { return w.state.report(w.state.calendar().date_of(w.now)).totals; }

}  // namespace

TEST_CASE("what is reserved is nobody else's until its time is over") {
  World w(config_with_concessions());
  const auto kept = w.must<ReservationAnswer>(Request(reservation(w, kReedLake)));
  CHECK(kept.slots == std::vector{1});
  CHECK(kept.expires == std::min(w.now + seconds(300), kept.window_until));
  SaleRequest other = w.sale(kReedLake);
  other.screening = kept.screening;
  CHECK(w.refused(Request(other)) == "sold-out");
  w.now = kept.expires - std::chrono::milliseconds(1);
  other.head = w.head();
  CHECK(w.refused(Request(other)) == "sold-out");
  CHECK(w.refused(Request(with(w, kept, 2))) == "reservation-smaller");
  const auto sold = w.must<SaleAnswer>(Request(with(w, kept, 1)));
  CHECK(sold.screening == kept.screening);
  CHECK(sold.tickets[0].slot == 1);
  CHECK(sold.reservation == kept.reservation);
  CHECK(w.refused(Request(with(w, kept, 1))) == "reservation-over");
}

TEST_CASE("an expired reservation sells nothing, and its places go to whoever comes") {
  World w;
  const auto kept = w.must<ReservationAnswer>(Request(reservation(w, kSnowLine, 3)));
  CHECK(kept.expires == kept.window_until);  // a start window of 150 s is shorter than the 300 s of a reservation
  w.now = kept.expires;
  CHECK(w.refused(Request(with(w, kept, 1))) == "reservation-over");
  Config quick = small_config();
  quick.reservation = seconds(60);
  World q(quick);
  const auto first = q.must<ReservationAnswer>(Request(reservation(q, kSnowLine, 3)));
  CHECK(first.expires == q.now + seconds(60));
  q.now += seconds(60);
  SaleRequest sale = q.sale(kSnowLine, 3);
  sale.screening = first.screening;
  q.must<SaleAnswer>(Request(sale));
  // The clock set back does not give the places to the one who lost them.
  q.now -= seconds(30);
  CHECK(q.refused(Request(with(q, first, 1))) == "reservation-over");
}

TEST_CASE("a group's places are sold from one reservation at several prices, the rest is released") {
  World w(config_with_concessions());
  const auto kept = w.must<ReservationAnswer>(Request(reservation(w, kSnowLine, 3, "class 3b")));
  SaleRequest pupils = with(w, kept, 1);
  pupils.discount = "pupil";
  const auto cheap = w.must<SaleAnswer>(Request(pupils));
  CHECK(to_decimal(cheap.price) == "44.00");
  const auto full = w.must<SaleAnswer>(Request(with(w, kept, 1)));
  CHECK(to_decimal(full.price) == "88.00");
  CHECK(cheap.tickets[0].slot != full.tickets[0].slot);
  const auto released = w.must<ReleaseAnswer>(Request(ReservationRelease{w.head(), kept.reservation}));
  CHECK(released.released == 1);
  CHECK(w.refused(Request(ReservationRelease{w.head(), kept.reservation})) == "reservation-over");
  CHECK(w.refused(Request(ReservationRelease{w.head(), ReservationId("nobody")})) == "reservation-unknown");
  SaleRequest last = w.sale(kSnowLine);
  last.screening = kept.screening;
  w.must<SaleAnswer>(Request(last));
}

TEST_CASE("reservations count towards the hall, and are of their film and screening") {
  World w;  // a hall of 5
  const auto snow = w.must<ReservationAnswer>(Request(reservation(w, kSnowLine, 3)));
  const auto tide = w.must<ReservationAnswer>(Request(reservation(w, kTideCaves, 2)));
  const auto now_showing = current_or_next(w.now, *w.state.config(), w.state.config()->lanes.back(), w.state.calendar());
  SaleRequest reed = w.sale(kReedLake);
  reed.screening = now_showing->id;  // its own chair is free, the hall is not
  CHECK(w.refused(Request(reed)) == "sold-out");
  w.must<ReleaseAnswer>(Request(ReservationRelease{w.head(), snow.reservation}));
  reed.head = w.head();
  w.must<SaleAnswer>(Request(reed));
  SaleRequest wrong = with(w, tide, 1);
  wrong.film = kSnowLine;
  CHECK(w.refused(Request(wrong)) == "reservation-other");
  wrong = with(w, tide, 1);
  wrong.reservation = ReservationId("nobody");
  CHECK(w.refused(Request(wrong)) == "reservation-unknown");
}

TEST_CASE("discounts and vouchers lower what is paid and are no gross") {
  World w(config_with_concessions());
  SaleRequest pupil = w.sale(kSnowLine);
  pupil.discount = "pupil";
  pupil.price = "44.00";
  const auto half = w.must<SaleAnswer>(Request(pupil));
  CHECK(half.off == Money{4400, half.price.currency});
  const auto gift = w.must<SaleAnswer>(Request(voucher_sale(w, "gift", {"GIFT0001"})));
  CHECK(to_decimal(gift.price) == "68.00");
  const auto whole = w.must<SaleAnswer>(Request(voucher_sale(w, "whole", {"WHOLE0000001"})));
  CHECK(to_decimal(whole.total) == "0.00");
  const Counts c = totals(w);
  CHECK(c.sold == 3);
  CHECK(c.gross_minor == 4400 + 6800);
  CHECK(c.discounts_minor == 4400);
  CHECK(c.vouchers_minor == 2000 + 8800);
  CHECK(c.gross_minor + c.discounts_minor + c.vouchers_minor == 3 * 8800);
  CHECK(report_csv(w.state.report(w.state.calendar().date_of(w.now))).contains(",112.00,0.00,112.00,1,44.00,2,108.00,CNY,"));
  SaleRequest dear = w.sale(kSnowLine);
  dear.discount = "pupil";
  dear.price = "88.00";
  CHECK(w.refused(Request(dear)) == "price-other");
}

TEST_CASE("a voucher is taken once; its code is in no event; a refund gives it back") {
  World w(config_with_concessions());
  CHECK(w.refused(Request(voucher_sale(w, "gift", {"SAME0001", "SAME0001"}))) == "voucher-used");
  const auto first = w.must<SaleAnswer>(Request(voucher_sale(w, "gift", {"GIFT0001"})));
  CHECK(w.refused(Request(voucher_sale(w, "gift", {"GIFT0001"}))) == "voucher-used");
  for (const Event& event : w.events) CHECK_FALSE(event.body.contains("GIFT0001"));
  CHECK_FALSE(dump_rows(w.state.all_rows()).contains("GIFT0001"));
  const auto back = w.must<RefundAnswer>(Request(RefundRequest{w.head(), first.tickets[0].code, {}, {}}));
  CHECK(to_decimal(back.amount) == "68.00");
  w.must<SaleAnswer>(Request(voucher_sale(w, "gift", {"GIFT0001"})));
  CHECK(w.refused(Request(voucher_sale(w, "gift", {"SHORT12"}))) == "request-malformed");
  CHECK(w.refused(Request(voucher_sale(w, "gift", {"TOOLONG12"}))) == "voucher-malformed");
  CHECK(w.refused(Request(voucher_sale(w, "paper", {"GIFT0009"}))) == "voucher-unknown");
  SaleRequest both = voucher_sale(w, "gift", {"GIFT0003"});
  both.discount = "pupil";
  CHECK(w.refused(Request(both)) == "request-malformed");
  SaleRequest comp = w.sale(kSnowLine, 1, TicketKind::comp);
  comp.discount = "pupil";
  CHECK(w.refused(Request(comp)) == "request-malformed");
  SaleRequest unknown = w.sale(kSnowLine);
  unknown.discount = "friend";
  CHECK(w.refused(Request(unknown)) == "discount-unknown");
}

TEST_CASE("a change of film takes discount and voucher along") {
  World w(config_with_concessions());
  const auto sold = w.must<SaleAnswer>(Request(voucher_sale(w, "gift", {"GIFT0001"})));
  const auto changed = w.must<ChangeAnswer>(Request(ChangeRequest{w.head(), sold.tickets[0].code, kTideCaves, {}}));
  CHECK(to_decimal(changed.price) == "68.00");
  CHECK(w.refused(Request(voucher_sale(w, "gift", {"GIFT0001"}))) == "voucher-used");
  CHECK(totals(w).vouchers_minor == 2000);
  ChangeRequest cheaper{w.head(), changed.ticket.code, kReedLake, {}, "28.00"};
  CHECK(to_decimal(w.must<ChangeAnswer>(Request(cheaper)).price) == "28.00");
  CHECK(w.state.vouchers().size() == 1);
}

TEST_CASE("the same reservation asked again is the same, and a ledger that sells another's place is refused") {
  World w;
  const ReservationRequest request = reservation(w, kReedLake);
  const auto kept = w.must<ReservationAnswer>(Request(request));
  const auto events = w.events.size();
  CHECK(w.must<ReservationAnswer>(Request(request)) == kept);
  CHECK(w.events.size() == events);
  // The sale as decided where nobody had reserved, put into this ledger.
  World other(small_config());
  other.must<ReservationAnswer>(Request(reservation(other, kReedLake)));  // under the same key
  other.must<ReleaseAnswer>(Request(ReservationRelease{other.head(), kept.reservation}));
  SaleRequest sale = other.sale(kReedLake);
  sale.screening = kept.screening;
  other.must<SaleAnswer>(Request(sale));
  BookedRequest booked = *booked_from_text(other.events.back().body);
  std::get<SaleAnswer>(booked.answer).seq = w.state.head().seq + 1;
  Event forged = other.events.back();
  forged.body = body_text(booked);
  forged.seq = w.state.head().seq + 1;
  forged.prev_hash = w.state.head().hash;
  const auto applied = w.state.apply(forged);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.contains("kept for somebody else"));
}
