#include "ticketing/core/requests.h"

#include <algorithm>

#include "ticketing/core/codes.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/national.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

constexpr std::string_view kSettlements[] = {"open", "resume", "rebook", "refund"};
constexpr std::size_t kMaxRequestText = 64 * 1024;
constexpr std::size_t kMaxReason = 200;

json start(const RequestHead& head, std::string_view kind) {
  return {{"kind", kind}, {"idempotency_key", head.idempotency_key}, {"device", head.device},
          {"device_ts", to_text(head.device_ts)}, {"actor", head.actor}};
}

RequestHead read_head(FieldReader& in) {
  RequestHead head;
  in.any("kind");
  head.idempotency_key = in.word("idempotency_key");
  head.device = in.word("device");
  head.device_ts = in.time("device_ts");
  head.actor = in.text("actor", 1, 80);
  return head;
}

base::HeadsetId headset(FieldReader& in, const char* name, std::int64_t low = 1) {
  return base::HeadsetId(static_cast<std::uint16_t>(in.number(name, low, 65535)));
}

base::FilmId film(FieldReader& in) {
  base::FilmId id(in.text("film", 1, 12));
  if (!is_film_code(id.value())) in.reject("\"film\" is not a film code of 12 digits.");
  return id;
}

base::TicketId ticket(FieldReader& in, const char* name, bool needed) {
  base::TicketId id(in.text(name, needed ? 1 : 0, kTicketCodeSize));
  if (!id.is_none() && !is_ticket_code(id.value())) in.reject(std::string("\"") + name + "\" is not a ticket code of 16 digits.");
  return id;
}

base::ScreeningId screening(FieldReader& in) {
  base::ScreeningId id(in.optional_text("screening", kScreeningCodeSize));
  if (!id.is_none() && !is_screening_code(id.value())) in.reject("\"screening\" is not a screening code of 16 digits.");
  return id;
}

PlayCode play(FieldReader& in) {
  PlayCode code(in.text("play", 1, 80));
  if (in.ok() && !is_play_code(code.value())) in.reject("\"play\" is not a play id of the form HALL-<epoch>-<n>.");
  return code;
}

json body_of(const SaleRequest& r) {
  json out = start(r.head, r.kKind);
  out.update({{"film", r.film.value()}, {"count", r.count}, {"channel", r.channel}, {"ticket_kind", to_text(r.ticket_kind)}});
  if (!r.screening.is_none()) out["screening"] = r.screening.value();
  if (r.price) out["price"] = *r.price;
  if (!r.reason.empty()) out["reason"] = r.reason;
  if (!r.reservation.is_none()) out["reservation"] = r.reservation.value();
  if (!r.discount.empty()) out["discount"] = r.discount;
  if (!r.voucher.empty()) out.update({{"voucher", r.voucher}, {"voucher_codes", r.voucher_codes}});
  return out;
}

json body_of(const ReservationRequest& r) {
  json out = start(r.head, r.kKind);
  out.update({{"film", r.film.value()}, {"count", r.count}});
  if (!r.screening.is_none()) out["screening"] = r.screening.value();
  if (!r.name.empty()) out["name"] = r.name;
  return out;
}

json body_of(const ReservationRelease& r) {
  json out = start(r.head, r.kKind);
  out["reservation"] = r.reservation.value();
  return out;
}

json body_of(const RefundRequest& r) {
  json out = start(r.head, r.kKind);
  out["ticket"] = r.ticket.value();
  if (!r.reason.empty()) out["reason"] = r.reason;
  if (!r.supervisor.empty()) out["supervisor"] = r.supervisor;
  return out;
}

json body_of(const ChangeRequest& r) {
  json out = start(r.head, r.kKind);
  out.update({{"ticket", r.ticket.value()}, {"film", r.film.value()}});
  if (!r.screening.is_none()) out["screening"] = r.screening.value();
  if (r.price) out["price"] = *r.price;
  return out;
}

json body_of(const RedemptionRequest& r) {
  json out = start(r.head, r.kKind);
  out.update({{"token", r.token}, {"hall", r.hall.value()}, {"offline", r.offline}});
  if (!r.headset.is_none()) out["headset"] = r.headset.value();
  if (r.door) out["door"] = true;
  if (r.gate != 0) out["gate"] = r.gate;
  return out;
}

json body_of(const GrantRequest& r) {
  json out = start(r.head, r.kKind);
  out.update({{"redemption", r.redemption.value()}, {"headset", r.headset.value()}, {"film", r.film.value()},
              {"package_hash", base::to_hex(r.package_hash)}, {"play", r.play.value()}, {"offline", r.offline}});
  return out;
}

json body_of(const PlayStarted& r) {
  json out = start(r.head, r.kKind);
  out.update({{"play", r.play.value()}, {"grant", r.grant.value()}, {"film", r.film.value()},
              {"package_hash", base::to_hex(r.package_hash)}, {"headset", r.headset.value()}, {"start", to_text(r.start)}});
  if (!r.scene.empty()) out["scene"] = r.scene;
  return out;
}

json body_of(const PlayEnded& r) {
  json out = start(r.head, r.kKind);
  out.update({{"play", r.play.value()}, {"completed", r.completed}, {"reason", r.reason}, {"end", to_text(r.end)},
              {"worn_share", r.worn_share}, {"moved", r.moved}, {"interruptions", r.interruptions}, {"swaps", r.swaps}});
  if (!r.evacuation.empty()) out["evacuation"] = r.evacuation;
  if (!r.scene.empty()) out["scene"] = r.scene;
  if (r.came_in_again > 0) out["came_in_again"] = r.came_in_again;
  return out;
}

json body_of(const HeadsetSwap& r) {
  json out = start(r.head, r.kKind);
  out.update({{"play", r.play.value()}, {"from", r.from.value()}, {"to", r.to.value()}});
  return out;
}

json body_of(const Observation& r) {
  json out = start(r.head, r.kKind);
  out.update({{"sensor", r.sensor}, {"hall", r.hall.value()}, {"from", to_text(r.from)}, {"to", to_text(r.to)}, {"known", r.known}});
  if (r.known) {
    out.update({{"entered", r.entered}, {"left", r.left}});
  } else {
    out["reason"] = r.reason;
  }
  return out;
}

json body_of(const DayClose& r) {
  json out = start(r.head, r.kKind);
  out.update({{"date", r.date.text()}, {"force", r.force}});
  return out;
}

json body_of(const Correction& r) {
  json out = start(r.head, r.kKind);
  out.update({{"date", r.date.text()}, {"reason", r.reason}, {"supervisor", r.supervisor}});
  if (!r.refund.is_none()) out["refund"] = r.refund.value();
  return out;
}

json body_of(const SettleEvacuation& r) {
  json out = start(r.head, r.kKind);
  out.update({{"evacuation", r.evacuation}, {"ticket", r.ticket.value()}, {"settlement", to_text(r.settlement)}});
  if (!r.play.is_none()) out["play"] = r.play.value();
  if (!r.screening.is_none()) out["screening"] = r.screening.value();
  if (!r.supervisor.empty()) out["supervisor"] = r.supervisor;
  return out;
}

json body_of(const NationalReceipt& r) {
  json out = start(r.head, r.kKind);
  out.update({{"date", r.date.text()}, {"records", r.records}, {"sent", to_text(r.sent)}});
  if (!r.reference.empty()) out["reference"] = r.reference;
  return out;
}

json body_of(const LateEntryApproval& r) {
  json out = start(r.head, r.kKind);
  out.update({{"date", r.date.text()}, {"reference", r.reference}, {"granted", to_text(r.granted)}, {"supervisor", r.supervisor}});
  return out;
}

int count(FieldReader& in) {
  return in.has("count") ? static_cast<int>(in.number("count", 1, kMaxTicketsPerSale)) : (in.optional_text("count", 0), 1);
}

std::string optional_word(FieldReader& in, const char* name) { return in.has(name) ? in.word(name) : in.optional_text(name, 0); }

bool is_voucher_code(const std::string& code) {
  const auto fine = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return code.size() >= 8 && code.size() <= 64 && std::ranges::all_of(code, fine);
}

void read_concession(FieldReader& in, SaleRequest& r) {
  r.discount = optional_word(in, "discount");
  r.voucher = optional_word(in, "voucher");
  if (!in.has("voucher_codes")) {
    in.optional_text("voucher_codes", 0);
    if (in.ok() && !r.voucher.empty()) in.reject("\"voucher_codes\" are missing.");
    return;
  }
  const json& codes = in.any("voucher_codes");
  if (!codes.is_array() || codes.size() != static_cast<std::size_t>(r.count)) return in.reject("\"voucher_codes\" is not a list of one code for each ticket.");
  for (const auto& code : codes) {
    if (!code.is_string() || !is_voucher_code(code.get<std::string>())) return in.reject("\"voucher_codes\" holds what is not 8 to 64 letters and digits.");
    r.voucher_codes.push_back(code.get<std::string>());
  }
  if (r.voucher.empty()) in.reject("\"voucher\" is missing: of which kind are the codes?");
}

void read(FieldReader& in, SaleRequest& r) {
  r.film = film(in);
  r.screening = screening(in);
  r.count = count(in);
  if (in.has("channel")) r.channel = in.text("channel", 1, kChannelCodeSize);
  else in.optional_text("channel", 0);
  if (!is_channel_code(r.channel)) in.reject("\"channel\" is not a channel code of 8 digits.");
  const std::string kind = in.optional_text("ticket_kind", 10);
  if (!kind.empty()) {
    const auto read_kind = ticket_kind_from_text(kind);
    if (read_kind) r.ticket_kind = *read_kind;
    else in.reject(read_kind.error().message);
  }
  if (in.has("price")) r.price = in.text("price", 1, 40);
  else in.optional_text("price", 0);
  r.reason = in.optional_text("reason", kMaxReason);
  r.reservation = ReservationId(optional_word(in, "reservation"));
  read_concession(in, r);
  if (!in.ok() || (r.discount.empty() && r.voucher.empty())) return;
  if (r.ticket_kind != TicketKind::paid) in.reject("\"discount\" and \"voucher\" are of paid tickets only.");
  else if (!r.discount.empty() && !r.voucher.empty()) in.reject("\"discount\" and \"voucher\" do not go together: one of the two for a ticket.");
}

void read(FieldReader& in, ReservationRequest& r) {
  r.film = film(in);
  r.screening = screening(in);
  r.count = count(in);
  r.name = in.optional_text("name", 80);
}

void read(FieldReader& in, ReservationRelease& r) { r.reservation = ReservationId(in.word("reservation")); }

void read(FieldReader& in, RefundRequest& r) {
  r.ticket = ticket(in, "ticket", true);
  r.reason = in.optional_text("reason", kMaxReason);
  r.supervisor = in.optional_text("supervisor", 80);
}

void read(FieldReader& in, ChangeRequest& r) {
  r.ticket = ticket(in, "ticket", true);
  r.film = film(in);
  r.screening = screening(in);
  if (in.has("price")) r.price = in.text("price", 1, 40);
  else in.optional_text("price", 0);
}

void read(FieldReader& in, RedemptionRequest& r) {
  r.token = in.text("token", 1, kMaxTicketText);
  r.hall = base::HallId(in.word("hall"));
  if (in.has("headset")) r.headset = headset(in, "headset");
  else in.optional_text("headset", 0);
  r.offline = in.optional_flag("offline");
  r.door = in.optional_flag("door");
  r.gate = in.has("gate") ? static_cast<int>(in.number("gate", 1, kMaxGates)) : (in.optional_text("gate", 0), 0);
}

void read(FieldReader& in, GrantRequest& r) {
  r.redemption = RedemptionId(in.word("redemption"));
  r.headset = headset(in, "headset");
  r.film = film(in);
  r.package_hash = in.hash("package_hash");
  r.play = play(in);
  r.offline = in.optional_flag("offline");
}

void read(FieldReader& in, PlayStarted& r) {
  r.play = play(in);
  r.grant = GrantId(in.word("grant"));
  r.film = film(in);
  r.package_hash = in.hash("package_hash");
  r.headset = headset(in, "headset");
  r.start = in.time("start");
  r.scene = in.optional_text("scene", 80);
}

void read(FieldReader& in, PlayEnded& r) {
  r.play = play(in);
  r.completed = in.flag("completed");
  r.reason = in.text("reason", 1, 80);
  r.end = in.time("end");
  r.worn_share = in.share("worn_share");
  r.moved = in.flag("moved");
  r.interruptions = static_cast<int>(in.number("interruptions", 0, 100'000));
  r.swaps = static_cast<int>(in.number("swaps", 0, 1000));
  if (in.has("evacuation")) r.evacuation = in.word("evacuation");
  else in.optional_text("evacuation", 0);
  r.scene = in.optional_text("scene", 80);
  if (in.has("came_in_again")) r.came_in_again = static_cast<int>(in.number("came_in_again", 0, 1000));
  if (in.ok() && !r.evacuation.empty() && r.reason != kEvacuated) in.reject("\"evacuation\" is named, but \"reason\" is not \"evacuated\".");
}

void read(FieldReader& in, HeadsetSwap& r) {
  r.play = play(in);
  r.from = headset(in, "from");
  r.to = headset(in, "to");
}

void read(FieldReader& in, Observation& r) {
  r.sensor = in.word("sensor");
  r.hall = base::HallId(in.word("hall"));
  r.from = in.time("from");
  r.to = in.time("to");
  r.known = in.flag("known");
  if (r.known) {
    r.entered = static_cast<int>(in.number("entered", 0, 1'000'000));
    r.left = static_cast<int>(in.number("left", 0, 1'000'000));
  } else {
    r.reason = in.text("reason", 1, kMaxReason);
  }
  if (in.ok() && r.to <= r.from) in.reject("\"to\" of the observation is not after \"from\".");
}

void read(FieldReader& in, DayClose& r) {
  r.date = in.date("date");
  r.force = in.optional_flag("force");
}

void read(FieldReader& in, Correction& r) {
  r.date = in.date("date");
  r.reason = in.text("reason", 1, kMaxReason);
  r.supervisor = in.text("supervisor", 1, 80);
  r.refund = ticket(in, "refund", false);
}

void read(FieldReader& in, SettleEvacuation& r) {
  r.evacuation = in.word("evacuation");
  r.ticket = ticket(in, "ticket", true);
  if (in.has("play")) r.play = play(in);
  else in.optional_text("play", 0);
  const auto settlement = settlement_from_text(in.text("settlement", 1, 10));
  if (settlement) r.settlement = *settlement;
  else in.reject(settlement.error().message);
  r.screening = screening(in);
  r.supervisor = in.optional_text("supervisor", 80);
  if (in.ok() && !r.screening.is_none() && r.settlement != Settlement::rebook) in.reject("\"screening\" is of a rebooking only.");
}

void read(FieldReader& in, NationalReceipt& r) {
  r.date = in.date("date");
  const json& numbers = in.any("records");
  r.sent = in.time("sent");
  r.reference = in.optional_text("reference", 80);
  if (!in.ok()) return;
  if (!numbers.is_array() || numbers.empty() || numbers.size() > kNationalBatch) return in.reject("\"records\" is not a list of 1 to 50 numbers.");
  for (const auto& one : numbers) {
    const bool number = one.is_number_integer() && one >= 1 && one <= 10'000'000;
    if (!number || (!r.records.empty() && one <= r.records.back())) return in.reject("\"records\" holds what is no number of a record, or does not rise.");
    r.records.push_back(one.get<int>());
  }
}

void read(FieldReader& in, LateEntryApproval& r) {
  r.date = in.date("date");
  r.reference = in.text("reference", 1, 80);
  r.granted = in.time("granted");
  r.supervisor = in.text("supervisor", 1, 80);
}

template <class T>
base::Result<Request> read_as(const json& body) {
  FieldReader in(body, std::string(T::kKind) + " request");
  T request;
  request.head = read_head(in);
  read(in, request);
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return Request(std::move(request));
}

template <class... Kinds>
base::Result<Request> read_kind(const json& body, std::string_view kind, std::variant<Kinds...>*) {
  base::Result<Request> result = base::fail("request-malformed", "There is no request \"" + std::string(kind.substr(0, 40)) + "\".",
                                            "Use sale, reservation, reservation_release, refund, change, redemption, grant, play_started, play_ended, headset_swap, observation, day_close, correction, evacuation_settlement, national_receipt or late_entry_approval.");
  static_cast<void>(((kind == Kinds::kKind && (result = read_as<Kinds>(body), true)) || ...));
  return result;
}

}  // namespace

std::string_view to_text(Settlement settlement) { return kSettlements[static_cast<std::size_t>(settlement)]; }

base::Result<Settlement> settlement_from_text(std::string_view text) {
  const auto at = std::ranges::find(kSettlements, text);
  if (at == std::end(kSettlements)) {
    return base::fail("request-malformed", "\"settlement\" is none of open, resume, rebook and refund.", "Correct the field.");
  }
  return static_cast<Settlement>(at - std::begin(kSettlements));
}

const RequestHead& head_of(const Request& request) {
  return std::visit([](const auto& r) -> const RequestHead& { return r.head; }, request);
}

std::string_view kind_of(const Request& request) {
  return std::visit([](const auto& r) -> std::string_view { return r.kKind; }, request);
}

json to_json(const Request& request) {
  return std::visit([](const auto& r) { return body_of(r); }, request);
}

base::Result<Request> request_from_json(const json& body, std::string_view kind) {
  if (!body.is_object()) return base::fail("request-malformed", "The request is not a JSON object.", "Send one object.");
  const auto said = body.find("kind");
  const bool says = said != body.end();
  if (says && !said->is_string()) return base::fail("request-malformed", "\"kind\" of the request is not text.", "Correct the field.");
  const std::string own = says ? said->get<std::string>() : std::string(kind);
  if (own.empty()) return base::fail("request-malformed", "The request has no \"kind\".", "Add the field \"kind\".");
  if (!kind.empty() && own != kind) {
    return base::fail("request-malformed", "\"kind\" says another request than \"" + std::string(kind) + "\".", "Send it to its own address.");
  }
  if (says) return read_kind(body, own, static_cast<Request*>(nullptr));
  json with_kind = body;
  with_kind["kind"] = own;
  return read_kind(with_kind, own, static_cast<Request*>(nullptr));
}

base::Result<Request> request_from_text(std::string_view body, std::string_view kind) {
  if (body.size() > kMaxRequestText) return base::fail("request-malformed", "The request is longer than 64 KiB.", "Send one request at a time.");
  const json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return base::fail("request-malformed", "The request is not JSON.", "Send one JSON object in UTF-8.");
  return request_from_json(parsed, kind);
}

base::Hash digest_of(const Request& request) {
  return base::blake2b(base::as_bytes(canonical_text(to_json(request))));
}

}  // namespace promenade::ticketing
