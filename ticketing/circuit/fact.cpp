// What counts in the body of an event. A circuit reads every event of its venues, so the bodies are read by simdjson: with a
// document of nlohmann's for each, that alone took a third of the collector's time.

#include <algorithm>
#include <array>
#include <simdjson.h>
#include <span>

#include "ticketing/circuit/admissions.h"
#include "ticketing/core/event_body.h"

namespace promenade::ticketing::circuit {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

enum Field : std::size_t {
  kTicket, kOldTicket, kFilm, kScreening, kCurrency, kPrice, kTicketKind, kRedemption, kGrant, kPlay, kSettlement, kReportHash, kDate,
  kRevokedRedemption, kReason, kRequestRedemption, kRequestGrant, kRequestPlay, kFields
};

struct Wanted {
  std::string_view name;
  Field field;
};
constexpr Wanted kOfAnswer[] = {{"ticket", kTicket}, {"old_ticket", kOldTicket}, {"film", kFilm}, {"screening", kScreening}, {"currency", kCurrency},
                                {"price", kPrice}, {"ticket_kind", kTicketKind}, {"redemption", kRedemption}, {"grant", kGrant}, {"play", kPlay},
                                {"settlement", kSettlement}, {"report_hash", kReportHash}, {"date", kDate}, {"revoked_redemption", kRevokedRedemption}};
constexpr Wanted kOfRequest[] = {{"reason", kReason}, {"redemption", kRequestRedemption}, {"grant", kRequestGrant}, {"play", kRequestPlay}};

template <class T>
void read(element value, T& into) {
  if (T one{}; value.get(one) == simdjson::SUCCESS) into = one;
}

// What {"answer":{..},"request":{..},..} says. What is of another type than it should be is as if it were not there.
struct Body {
  std::array<std::string_view, kFields> text;
  std::vector<std::string> tickets;
  bool conflict = false, completed = false, moved = false, without_ticket = false;
  std::int64_t revision = 0, reckoning = 1;
  double worn_share = 0.0;

  void take(element value, std::string_view name, std::span<const Wanted> wanted) {
    if (const auto one = std::ranges::find(wanted, name, &Wanted::name); one != wanted.end()) read(value, text[one->field]);
  }
  void take_code(element ticket) {
    if (std::string_view code; ticket["code"].get(code) == simdjson::SUCCESS) tickets.emplace_back(code);
  }
  void take_answer(object answer) {
    for (const auto [name, value] : answer) {
      if (name == "conflict") read(value, conflict);
      else if (name == "revision") take_count(value, revision);
      else if (name == "reckoning") take_count(value, reckoning);
      else if (name == "discrepancies") take_discrepancies(value);
      else if (name == "tickets") take_tickets(value);
      else if (name == "ticket" && value.is_object()) take_code(value);
      else take(value, name, kOfAnswer);
    }
  }
  void take_request(object request) {
    for (const auto [name, value] : request) {
      if (name == "completed") read(value, completed);
      else if (name == "moved") read(value, moved);
      else if (name == "worn_share") read(value, worn_share);
      else take(value, name, kOfRequest);
    }
  }

 private:
  void take_count(element value, std::int64_t& into) {
    if (std::uint64_t number = 0; value.get(number) == simdjson::SUCCESS) into = static_cast<std::int64_t>(number);
  }
  void take_discrepancies(element value) {
    array all;
    if (value.get(all) != simdjson::SUCCESS) return;
    for (const element one : all)
      if (std::string_view code; one.get(code) == simdjson::SUCCESS) without_ticket = without_ticket || code == "play-without-grant" || code == "double-redemption";
  }
  void take_tickets(element value) {
    array all;
    if (value.get(all) != simdjson::SUCCESS) return;
    for (const element one : all) take_code(one);
  }
};

Fact::Kind kind_of(std::string_view kind) {
  using enum Fact::Kind;
  if (kind == SaleRequest::kKind) return sale;
  if (kind == RedemptionRequest::kKind) return redemption;
  if (kind == GrantRequest::kKind) return grant;
  if (kind == PlayStarted::kKind) return play_started;
  if (kind == PlayEnded::kKind) return play_ended;
  if (kind == RefundRequest::kKind) return refund;
  if (kind == ChangeRequest::kKind) return change;
  if (kind == SettleEvacuation::kKind) return settlement;
  if (kind == DayClose::kKind || kind == Correction::kKind) return day_settled;
  return none;
}

}  // namespace

base::Result<Fact> fact_of(const Event& event) {
  Fact fact;
  fact.kind = kind_of(event.kind);
  fact.seq = event.seq;
  fact.at = event.ts;
  fact.date = event.business_date;
  if (fact.kind == Fact::Kind::none) return fact;
  const auto bad = [&](const char* what) {
    return base::fail(kCorrupt, "Event " + std::to_string(event.seq) + " (" + event.kind + "): " + what + ".", "The ledger does not fit itself: ask the venue.");
  };
  thread_local simdjson::dom::parser parser;  // its memory is kept from event to event; the texts of `in` lie in it
  object body;
  if (parser.parse(event.body).get(body) != simdjson::SUCCESS) return bad("its body is not JSON");
  Body in;
  for (const auto [name, value] : body) {
    object section;
    if (value.get(section) != simdjson::SUCCESS) continue;
    if (name == "answer") in.take_answer(section);
    else if (name == "request") in.take_request(section);
  }
  const auto& text = in.text;
  const auto has_zero = [](std::string_view value) { return value.contains('\0'); };
  if (std::ranges::any_of(text, has_zero) || std::ranges::any_of(in.tickets, has_zero)) return bad("a text in it holds a zero byte");
  fact.tickets = std::move(in.tickets);
  if (fact.tickets.empty() && !text[kTicket].empty()) fact.tickets.emplace_back(text[kTicket]);
  fact.old_ticket = text[kOldTicket];
  fact.film = text[kFilm];
  fact.screening = text[kScreening];
  fact.currency = text[kCurrency];
  fact.price = text[kPrice];
  fact.redemption = text[fact.kind == Fact::Kind::grant ? kRequestRedemption : kRedemption];
  fact.grant = text[fact.kind == Fact::Kind::grant ? kGrant : kRequestGrant];
  fact.play = text[fact.kind == Fact::Kind::settlement ? kPlay : kRequestPlay];
  fact.settlement = text[kSettlement];
  fact.report_hash = text[kReportHash];
  fact.conflict = in.conflict;
  fact.completed = in.completed;
  fact.moved = in.moved;
  fact.worn_share = in.worn_share;
  fact.without_ticket = in.without_ticket;
  fact.evacuated = text[kReason] == kEvacuated;
  fact.revoked_redemption = !text[kRevokedRedemption].empty();
  fact.revision = static_cast<int>(in.revision);
  fact.reckoning = static_cast<int>(in.reckoning);
  if (!text[kTicketKind].empty()) {
    const auto kind = ticket_kind_from_text(text[kTicketKind]);
    if (!kind) return bad("its ticket is of no known kind");
    fact.ticket_kind = *kind;
  }
  if (fact.kind == Fact::Kind::day_settled) {
    const auto date = BusinessDate::from_text(text[kDate]);
    if (!date || fact.revision < 1) return bad("it does not say which day, and which revision of it, it settles");
    fact.date = *date;
  }
  using enum Fact::Kind;
  const bool of_ticket = fact.kind == sale || fact.kind == refund || fact.kind == change || fact.kind == redemption || fact.kind == settlement;
  const bool of_play = fact.kind == play_started || fact.kind == play_ended;
  if ((of_ticket && fact.tickets.empty()) || (of_play && fact.play.empty())) return bad("it names no ticket or play");
  if ((fact.kind == sale || fact.kind == change) && (fact.film.empty() || fact.price.empty())) return bad("it names no film or price");
  if ((fact.kind == grant && (fact.grant.empty() || fact.redemption.empty())) || (fact.kind == redemption && fact.redemption.empty())) return bad("it names no redemption or grant");
  return fact;
}

}  // namespace promenade::ticketing::circuit
