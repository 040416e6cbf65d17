#include "ticketing/core/answers.h"

#include "ticketing/core/json_fields.h"
#include "ticketing/core/report.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

json ticket_json(const SoldTicket& t) {
  return {{"code", t.code.value()}, {"slot", t.slot}, {"token", t.token}, {"valid_from", to_text(t.valid_from)},
          {"valid_until", to_text(t.valid_until)}};
}

json body_of(const SaleAnswer& a) {
  json tickets = json::array();
  for (const auto& t : a.tickets) tickets.push_back(ticket_json(t));
  json out{{"sale", a.sale}, {"film", a.film.value()}, {"screening", a.screening.value()}, {"lane", a.lane.value()},
          {"hall", a.hall.value()}, {"business_date", a.business_date.text()}, {"window_from", to_text(a.window_from)},
          {"window_until", to_text(a.window_until)}, {"ticket_kind", to_text(a.ticket_kind)}, {"currency", a.price.currency.code()},
          {"price", to_decimal(a.price)}, {"total", to_decimal(a.total)}, {"tickets", std::move(tickets)}};
  if (a.off) out["off"] = to_decimal(*a.off);
  if (!a.discount.empty()) out["discount"] = a.discount;
  if (!a.voucher.empty()) out["voucher"] = a.voucher;
  if (!a.reservation.is_none()) out["reservation"] = a.reservation.value();
  return out;
}

json body_of(const ReservationAnswer& a) {
  return {{"reservation", a.reservation.value()}, {"film", a.film.value()}, {"screening", a.screening.value()}, {"lane", a.lane.value()},
          {"hall", a.hall.value()}, {"business_date", a.business_date.text()}, {"window_from", to_text(a.window_from)},
          {"window_until", to_text(a.window_until)}, {"slots", a.slots}, {"expires", to_text(a.expires)}};
}

json body_of(const ReleaseAnswer& a) { return {{"reservation", a.reservation.value()}, {"released", a.released}}; }

json body_of(const RefundAnswer& a) {
  return {{"ticket", a.ticket.value()}, {"currency", a.amount.currency.code()}, {"amount", to_decimal(a.amount)},
          {"revoked_grant", a.revoked_grant.value()}, {"revoked_redemption", a.revoked_redemption.value()}, {"watched", a.watched}};
}

json body_of(const ChangeAnswer& a) {
  json out{{"old_ticket", a.old_ticket.value()}, {"ticket", ticket_json(a.ticket)}, {"film", a.film.value()},
          {"screening", a.screening.value()}, {"lane", a.lane.value()}, {"currency", a.price.currency.code()},
          {"price", to_decimal(a.price)}, {"redemption", a.redemption.value()}};
  if (a.off) out["off"] = to_decimal(*a.off);
  return out;
}

json body_of(const RedemptionAnswer& a) {
  json films = json::array();
  for (const auto& film : a.allowed_films) films.push_back(film.value());
  return {{"redemption", a.redemption.value()}, {"ticket", a.ticket.value()}, {"film", a.film.value()}, {"allowed_films", std::move(films)},
          {"screening", a.screening.value()}, {"lane", a.lane.value()}, {"slot", a.slot}, {"business_date", a.business_date.text()},
          {"ticket_kind", to_text(a.ticket_kind)}, {"conflict", a.conflict}};
}

json body_of(const GrantAnswer& a) {
  return {{"grant", a.grant.value()}, {"redemption", a.redemption.value()}, {"film", a.film.value()}, {"lane", a.lane.value()},
          {"screening", a.screening.value()}, {"conflict", a.conflict}};
}

json body_of(const RecordedAnswer& a) {
  return {{"business_date", a.business_date.text()}, {"late", a.late}, {"discrepancies", a.discrepancies}};
}

json body_of(const DayAnswer& a) {
  json out{{"date", a.date.text()}, {"revision", a.revision}, {"data_through", a.data_through}, {"report_hash", base::to_hex(a.report_hash)}};
  if (a.reckoning != 1) out["reckoning"] = a.reckoning;
  return out;
}

json body_of(const SettlementAnswer& a) {
  json out{{"evacuation", a.evacuation}, {"ticket", a.ticket.value()}, {"play", a.play.value()}, {"settlement", to_text(a.settlement)},
           {"business_date", a.business_date.text()}};
  if (a.settlement == Settlement::refund) {
    out.update({{"currency", a.amount.currency.code()}, {"amount", to_decimal(a.amount)}, {"watched", a.watched}});
  }
  if (a.settlement == Settlement::refund || a.settlement == Settlement::rebook) {
    out.update({{"revoked_grant", a.revoked_grant.value()}, {"revoked_redemption", a.revoked_redemption.value()}});
  }
  if (a.settlement == Settlement::rebook) {
    out.update({{"screening", a.screening.value()}, {"lane", a.lane.value()}, {"hall", a.hall.value()}, {"slot", a.slot},
                {"valid_from", to_text(a.valid_from)}, {"valid_until", to_text(a.valid_until)}});
  }
  return out;
}

json body_of(const NationalAnswer& a) { return {{"date", a.date.text()}, {"records", a.records}, {"entry", to_text(a.entry)}}; }

json body_of(const LateEntryAnswer& a) { return {{"date", a.date.text()}, {"missing", a.missing}, {"until", to_text(a.until)}}; }

Currency currency(FieldReader& in) {
  const auto read = Currency::from_code(in.text("currency", 3, 3));
  if (!read) in.reject("\"currency\" is not a currency code.");
  return read ? *read : Currency{};
}

TicketKind kind(FieldReader& in) {
  const auto read = ticket_kind_from_text(in.text("ticket_kind", 1, 10));
  if (!read) in.reject("\"ticket_kind\" is not a kind of ticket.");
  return read ? *read : TicketKind::paid;
}

SoldTicket read_ticket(const json& body, FieldReader& outer) {
  FieldReader in(body, "ticket of the answer", "answer-malformed");
  SoldTicket t;
  t.code = base::TicketId(in.text("code", 1, 16));
  t.slot = static_cast<int>(in.number("slot", 1, 10'000));
  t.token = in.optional_text("token", kMaxTicketText);
  t.valid_from = in.time("valid_from");
  t.valid_until = in.time("valid_until");
  if (auto done = in.finish(); !done) outer.reject(done.error().message);
  return t;
}

void read(FieldReader& in, SaleAnswer& a) {
  a.sale = in.text("sale", 1, 40);
  a.film = base::FilmId(in.text("film", 1, 12));
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  a.hall = base::HallId(in.text("hall", 1, 80));
  a.business_date = in.date("business_date");
  a.window_from = in.time("window_from");
  a.window_until = in.time("window_until");
  a.ticket_kind = kind(in);
  const Currency money = currency(in);
  a.price = in.money("price", money);
  a.total = in.money("total", money);
  const json& tickets = in.any("tickets");
  if (!tickets.is_array()) return in.reject("\"tickets\" of the answer is not a list.");
  for (const auto& t : tickets) a.tickets.push_back(read_ticket(t, in));
  if (in.has("off")) a.off = in.money("off", money);
  a.discount = in.optional_text("discount", 80);
  a.voucher = in.optional_text("voucher", 80);
  a.reservation = ReservationId(in.optional_text("reservation", 80));
}

void read(FieldReader& in, ReservationAnswer& a) {
  a.reservation = ReservationId(in.text("reservation", 1, 80));
  a.film = base::FilmId(in.text("film", 1, 12));
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  a.hall = base::HallId(in.text("hall", 1, 80));
  a.business_date = in.date("business_date");
  a.window_from = in.time("window_from");
  a.window_until = in.time("window_until");
  const json& slots = in.any("slots");
  if (!slots.is_array()) return in.reject("\"slots\" of the answer is not a list.");
  for (const auto& slot : slots) {
    if (!slot.is_number_integer() || slot < 1 || slot > 10'000) return in.reject("\"slots\" of the answer holds what is no slot.");
    a.slots.push_back(slot.get<int>());
  }
  a.expires = in.time("expires");
}

void read(FieldReader& in, ReleaseAnswer& a) {
  a.reservation = ReservationId(in.text("reservation", 1, 80));
  a.released = static_cast<int>(in.number("released", 0, 10'000));
}

void read(FieldReader& in, RefundAnswer& a) {
  a.ticket = base::TicketId(in.text("ticket", 1, 16));
  a.amount = in.money("amount", currency(in));
  a.revoked_grant = GrantId(in.optional_text("revoked_grant", 80));
  a.revoked_redemption = RedemptionId(in.optional_text("revoked_redemption", 80));
  a.watched = in.flag("watched");
}

void read(FieldReader& in, ChangeAnswer& a) {
  a.old_ticket = base::TicketId(in.text("old_ticket", 1, 16));
  a.ticket = read_ticket(in.any("ticket"), in);
  a.film = base::FilmId(in.text("film", 1, 12));
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  const Currency money = currency(in);
  a.price = in.money("price", money);
  a.redemption = RedemptionId(in.optional_text("redemption", 80));
  if (in.has("off")) a.off = in.money("off", money);
}

void read(FieldReader& in, RedemptionAnswer& a) {
  a.redemption = RedemptionId(in.text("redemption", 1, 80));
  a.ticket = base::TicketId(in.text("ticket", 1, 16));
  a.film = base::FilmId(in.text("film", 1, 12));
  const json& films = in.any("allowed_films");
  if (!films.is_array()) return in.reject("\"allowed_films\" of the answer is not a list.");
  for (const auto& film : films) {
    if (!film.is_string()) return in.reject("\"allowed_films\" of the answer holds something that is no film code.");
    a.allowed_films.emplace_back(film.get<std::string>());
  }
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  a.slot = static_cast<int>(in.number("slot", 1, 10'000));
  a.business_date = in.date("business_date");
  a.ticket_kind = kind(in);
  a.conflict = in.flag("conflict");
}

void read(FieldReader& in, GrantAnswer& a) {
  a.grant = GrantId(in.text("grant", 1, 80));
  a.redemption = RedemptionId(in.text("redemption", 1, 80));
  a.film = base::FilmId(in.text("film", 1, 12));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.conflict = in.flag("conflict");
}

void read(FieldReader& in, RecordedAnswer& a) {
  a.business_date = in.date("business_date");
  a.late = in.flag("late");
  const json& codes = in.any("discrepancies");
  if (!codes.is_array()) return in.reject("\"discrepancies\" of the answer is not a list.");
  for (const auto& code : codes) {
    if (!code.is_string()) return in.reject("\"discrepancies\" of the answer holds something that is no text.");
    a.discrepancies.push_back(code.get<std::string>());
  }
}

void read(FieldReader& in, DayAnswer& a) {
  a.date = in.date("date");
  a.revision = static_cast<int>(in.number("revision", 1, 1'000'000));
  a.data_through = in.sequence("data_through");
  a.report_hash = in.hash("report_hash");
  if (in.has("reckoning")) a.reckoning = static_cast<int>(in.number("reckoning", 2, kReckoning));
}

void read(FieldReader& in, SettlementAnswer& a) {
  a.evacuation = in.text("evacuation", 1, 80);
  a.ticket = base::TicketId(in.text("ticket", 1, 16));
  a.play = PlayCode(in.optional_text("play", 80));
  const auto settlement = settlement_from_text(in.text("settlement", 1, 10));
  if (!settlement) return in.reject("\"settlement\" of the answer is none.");
  a.settlement = *settlement;
  a.business_date = in.date("business_date");
  if (a.settlement == Settlement::refund) {
    a.amount = in.money("amount", currency(in));
    a.watched = in.flag("watched");
  }
  if (a.settlement == Settlement::refund || a.settlement == Settlement::rebook) {
    a.revoked_grant = GrantId(in.optional_text("revoked_grant", 80));
    a.revoked_redemption = RedemptionId(in.optional_text("revoked_redemption", 80));
  }
  if (a.settlement != Settlement::rebook) return;
  a.screening = base::ScreeningId(in.text("screening", 1, 16));
  a.lane = base::LaneId(in.text("lane", 1, 16));
  a.hall = base::HallId(in.text("hall", 1, 80));
  a.slot = static_cast<int>(in.number("slot", 1, 10'000));
  a.valid_from = in.time("valid_from");
  a.valid_until = in.time("valid_until");
}

void read(FieldReader& in, NationalAnswer& a) {
  a.date = in.date("date");
  a.records = static_cast<int>(in.number("records", 1, 50));
  const auto entry = entry_from_text(in.text("entry", 1, 20));
  if (entry) a.entry = *entry;
  else in.reject("\"entry\" of the answer is no class of entry.");
}

void read(FieldReader& in, LateEntryAnswer& a) {
  a.date = in.date("date");
  a.missing = static_cast<int>(in.number("missing", 0, 10'000'000));
  a.until = in.time("until");
}

template <class T>
base::Result<Answer> read_as(const json& body) {
  FieldReader in(body, std::string(T::kKind) + " answer", "answer-malformed");
  T answer;
  in.any("kind");
  answer.seq = in.sequence("seq");
  read(in, answer);
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return Answer(std::move(answer));
}

template <class... Kinds>
base::Result<Answer> read_kind(const json& body, std::string_view kind, std::variant<Kinds...>*) {
  base::Result<Answer> result = base::fail("answer-malformed", "There is no answer of the kind \"" + std::string(kind.substr(0, 40)) + "\".");
  static_cast<void>(((kind == Kinds::kKind && (result = read_as<Kinds>(body), true)) || ...));
  return result;
}

}  // namespace

std::uint64_t seq_of(const Answer& answer) {
  return std::visit([](const auto& a) { return a.seq; }, answer);
}

json to_json(const Answer& answer) {
  return std::visit(
      [](const auto& a) {
        json out = body_of(a);
        out["kind"] = a.kKind;
        out["seq"] = a.seq;
        return out;
      },
      answer);
}

base::Result<Answer> answer_from_json(const json& body) {
  const auto said = body.is_object() ? body.find("kind") : body.end();
  if (!body.is_object() || said == body.end() || !said->is_string()) {
    return base::fail("answer-malformed", "The answer is not a JSON object with a \"kind\".");
  }
  return read_kind(body, said->get_ref<const std::string&>(), static_cast<Answer*>(nullptr));
}

base::Result<Answer> answer_from_text(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return base::fail("answer-malformed", "The answer is not JSON.");
  return answer_from_json(parsed);
}

}  // namespace promenade::ticketing
