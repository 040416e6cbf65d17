// What counts in the body of an event, read as it streams by: making a whole document of each costs more than everything else
// that a circuit does with an event.

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/admissions.h"
#include "ticketing/core/event_body.h"

namespace promenade::ticketing::circuit {
namespace {

enum Field : std::size_t {
  kTicket, kOldTicket, kFilm, kScreening, kCurrency, kPrice, kTicketKind, kRedemption, kGrant, kPlay, kSettlement, kReportHash, kDate,
  kRevokedRedemption, kReason, kRequestRedemption, kRequestGrant, kRequestPlay, kFields
};

struct Wanted {
  std::string_view section, name;
  Field field;
};
constexpr Wanted kWanted[] = {
    {"answer", "ticket", kTicket}, {"answer", "old_ticket", kOldTicket}, {"answer", "film", kFilm}, {"answer", "screening", kScreening}, {"answer", "currency", kCurrency},
    {"answer", "price", kPrice}, {"answer", "ticket_kind", kTicketKind}, {"answer", "redemption", kRedemption}, {"answer", "grant", kGrant}, {"answer", "play", kPlay},
    {"answer", "settlement", kSettlement}, {"answer", "report_hash", kReportHash}, {"answer", "date", kDate}, {"answer", "revoked_redemption", kRevokedRedemption},
    {"request", "reason", kReason}, {"request", "redemption", kRequestRedemption}, {"request", "grant", kRequestGrant}, {"request", "play", kRequestPlay}};

// Takes what SAX says of {"answer":{..},"request":{..},..}; deeper objects only for the codes of tickets.
class BodyReader {
 public:
  std::array<std::string, kFields> text;
  std::vector<std::string> tickets;
  bool conflict = false, completed = false, moved = false, without_ticket = false;
  std::int64_t revision = 0;
  double worn_share = 0.0;

  bool null() { return true; }
  bool boolean(bool value) {
    if (depth_ != 2) return true;
    if (section_ == kAnswer && key_ == "conflict") conflict = value;
    if (section_ == kRequest && key_ == "completed") completed = value;
    if (section_ == kRequest && key_ == "moved") moved = value;
    return true;
  }
  bool number_integer(std::int64_t value) { return number_float(static_cast<double>(value), {}); }
  bool number_unsigned(std::uint64_t value) {
    if (depth_ == 2 && section_ == kAnswer && key_ == "revision") revision = static_cast<std::int64_t>(value);
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(double value, const std::string&) {
    if (depth_ == 2 && section_ == kRequest && key_ == "worn_share") worn_share = value;
    return true;
  }
  bool string(std::string& value) {
    if (section_ == kAnswer && depth_ == 3 && key_ == "discrepancies") without_ticket = without_ticket || value == "play-without-grant" || value == "double-redemption";
    // {"tickets":[{"code":..}]} of a sale lies one deeper than {"ticket":{"code":..}} of a change.
    if (section_ == kAnswer && inner_ == "code" && ((depth_ == 4 && key_ == "tickets") || (depth_ == 3 && key_ == "ticket"))) tickets.push_back(std::move(value));
    if (depth_ != 2) return true;
    for (const Wanted& one : kWanted) {
      if (one.name != key_ || (one.section == "answer") != (section_ == kAnswer) || section_ == kOther) continue;
      text[one.field] = std::move(value);
      break;
    }
    return true;
  }
  bool binary(nlohmann::json::binary_t&) { return true; }
  bool start_object(std::size_t) { return ++depth_, true; }
  bool end_object() { return --depth_, true; }
  bool start_array(std::size_t) { return ++depth_, true; }
  bool end_array() { return --depth_, true; }
  bool key(std::string& value) {
    if (depth_ == 1) section_ = value == "answer" ? kAnswer : value == "request" ? kRequest : kOther;
    else if (depth_ == 2) key_.swap(value);
    else inner_.swap(value);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) { return false; }

 private:
  enum Section { kOther, kAnswer, kRequest };
  int depth_ = 0;
  Section section_ = kOther;
  std::string key_, inner_;
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
  BodyReader in;
  if (!nlohmann::json::sax_parse(event.body, &in)) return bad("its body is not JSON");
  auto& text = in.text;
  const auto has_zero = [](const std::string& value) { return value.find('\0') != std::string::npos; };
  if (std::ranges::any_of(text, has_zero) || std::ranges::any_of(in.tickets, has_zero)) return bad("a text in it holds a zero byte");
  fact.tickets = std::move(in.tickets);
  if (fact.tickets.empty() && !text[kTicket].empty()) fact.tickets.push_back(std::move(text[kTicket]));
  fact.old_ticket = std::move(text[kOldTicket]);
  fact.film = std::move(text[kFilm]);
  fact.screening = std::move(text[kScreening]);
  fact.currency = std::move(text[kCurrency]);
  fact.price = std::move(text[kPrice]);
  fact.redemption = std::move(text[fact.kind == Fact::Kind::grant ? kRequestRedemption : kRedemption]);
  fact.grant = std::move(text[fact.kind == Fact::Kind::grant ? kGrant : kRequestGrant]);
  fact.play = std::move(text[fact.kind == Fact::Kind::settlement ? kPlay : kRequestPlay]);
  fact.settlement = std::move(text[kSettlement]);
  fact.report_hash = std::move(text[kReportHash]);
  fact.conflict = in.conflict;
  fact.completed = in.completed;
  fact.moved = in.moved;
  fact.worn_share = in.worn_share;
  fact.without_ticket = in.without_ticket;
  fact.evacuated = text[kReason] == kEvacuated;
  fact.revoked_redemption = !text[kRevokedRedemption].empty();
  fact.revision = static_cast<int>(in.revision);
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
