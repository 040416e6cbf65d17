#include <nlohmann/json.hpp>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

constexpr std::size_t kMaxBatch = 100;

// The kind that requests.h knows an operation by; empty: the body's own kind decides.
std::string_view request_kind(std::string_view operation) {
  if (operation == "sell") return SaleRequest::kKind;
  if (operation == "reserve") return ReservationRequest::kKind;
  if (operation == "release") return ReservationRelease::kKind;
  if (operation == "refund") return RefundRequest::kKind;
  if (operation == "change") return ChangeRequest::kKind;
  if (operation == "redeem") return RedemptionRequest::kKind;
  if (operation == "grant") return GrantRequest::kKind;
  if (operation == "recordSwap") return HeadsetSwap::kKind;
  if (operation == "observe") return Observation::kKind;
  if (operation == "closeDay") return DayClose::kKind;
  if (operation == "settle") return SettleEvacuation::kKind;
  if (operation == "correct") return Correction::kKind;
  if (operation == "nationalReceipt") return NationalReceipt::kKind;
  if (operation == "approveLateEntry") return LateEntryApproval::kKind;
  return {};
}

// The field that a reader's message names: what stands first in quotes.
std::string field_of(const base::Error& error) {
  if (error.code != "request-malformed" && error.code != "query-malformed") return {};
  const auto open = error.message.find('"');
  const auto close = open == std::string::npos ? open : error.message.find('"', open + 1);
  return close == std::string::npos ? std::string{} : error.message.substr(open + 1, close - open - 1);
}

base::Result<json> parse_object(std::string_view text) {
  json body = json::parse(text, nullptr, false);
  if (!body.is_object()) return base::fail("request-malformed", "The body is not one JSON object.", "Send one JSON object in UTF-8.");
  return body;
}

// What a body may leave out because the request around it says it.
base::Result<void> complete(json& body, const base::http::Request& request, const ApiKey& key, bool take_header) {
  if (!body.contains("device")) body["device"] = key.name;
  if (!body.contains("actor")) body["actor"] = key.name;
  const auto header = request.header("idempotency-key");
  if (!take_header || !header) return {};
  if (!body.contains("idempotency_key")) body["idempotency_key"] = std::string(*header);
  else if (body["idempotency_key"] != std::string(*header))
    return base::fail("request-malformed", "\"idempotency_key\" of the body is not that of the Idempotency-Key header.", "Send one of them, or both the same.");
  return {};
}

base::Result<void> take_date_of_path(json& body, const base::http::Request& request) {
  const auto date = request.path_params.find("date");
  if (date == request.path_params.end()) return {};
  if (!body.contains("date")) body["date"] = date->second;
  else if (body["date"] != date->second)
    return base::fail("request-malformed", "\"date\" of the body is not the date of the address.", "Leave it out of the body.");
  return {};
}

base::Result<Request> read_request(const Operation& operation, const base::http::Request& request, const ApiKey& key) {
  auto body = parse_object(request.body);
  if (!body) return std::unexpected(body.error());
  if (auto done = complete(*body, request, key, true); !done) return std::unexpected(done.error());
  if (auto done = take_date_of_path(*body, request); !done) return std::unexpected(done.error());
  auto parsed = request_from_json(*body, request_kind(operation.id));
  if (parsed && operation.id == "recordPlay" && !std::holds_alternative<PlayStarted>(*parsed) && !std::holds_alternative<PlayEnded>(*parsed))
    return base::fail("request-malformed", "\"kind\" is neither play_started nor play_ended.", "Send other requests to their own addresses.");
  return parsed;
}

// The gate that a request of a door speaks for, and the device that is it; 0: none. What a door tells late has happened, and is
// booked whoever it is.
struct DoorGate {
  bool lets_in = false;  // somebody now, at a door
  int number = 0;
  std::string device;
};

DoorGate gate_of_door(const Request& request) {
  const auto* redemption = std::get_if<RedemptionRequest>(&request);
  if (redemption == nullptr || !redemption->door || redemption->offline) return {};
  return {true, redemption->gate, redemption->head.device};
}

// A door that is no gate lets in tickets of any: where there is one gate, that one may be cut off and let them in as well. Of
// several gates the ledger refuses it.
int only_gate(Office& office) {
  int gates = 0;
  static_cast<void>(office.desk.look([&](const store::BoxOffice& box, base::UtcTime) { gates = box.config().gates; }));
  return gates == 1 ? 1 : 0;
}

base::Result<void> check_gate(Office& office, const DoorGate& gate) {
  const int number = gate.number != 0 || !gate.lets_in ? gate.number : only_gate(office);
  const auto holder = number == 0 ? std::nullopt : office.gates.holder(number);
  if (!holder || holder->device == gate.device) return {};
  return base::fail("gate-taken", "Gate " + std::to_string(number) + " is the device " + holder->device + ", and this is " + gate.device + ".",
                    "Set this device to a gate of its own, or take the gate over on the door's page.");
}

// Who has let in as a gate that is nobody's is that gate from now on.
void note_gate(Office& office, const DoorGate& gate) {
  if (gate.number == 0 || office.gates.holder(gate.number)) return;
  base::UtcTime at;
  if (office.desk.look([&](const store::BoxOffice&, base::UtcTime now) { at = now; })) static_cast<void>(office.gates.claim(gate.number, gate.device, at, false));
}

}  // namespace

Response json_response(int status, const json& body) {
  return {.status = status, .content_type = "application/json", .headers = {}, .body = body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

Response answer_write(Office& office, const Operation& operation, const base::http::Request& request, const ApiKey& key) {
  auto parsed = read_request(operation, request, key);
  if (!parsed) return problem(parsed.error(), field_of(parsed.error()));
  const DoorGate gate = gate_of_door(*parsed);
  if (auto fine = check_gate(office, gate); !fine) return problem(fine.error(), "gate");
  const auto answer = office.desk.ask(std::move(*parsed));
  if (!answer) return problem(answer.error(), field_of(answer.error()));
  note_gate(office, gate);
  return json_response(operation.status, to_json(*answer));
}

Response answer_batch(Office& office, std::string_view kind, const base::http::Request& request, const ApiKey& key) {
  const auto body = parse_object(request.body);
  if (!body) return problem(body.error());
  const auto list = body->find("requests");
  if (list == body->end() || !list->is_array() || list->empty() || list->size() > kMaxBatch || body->size() != 1)
    return problem({"request-malformed", "\"requests\" is not a list of 1 to 100 requests.", "Send {\"requests\": [...]} and nothing else."}, "requests");
  std::vector<Request> requests;
  std::vector<json> results(list->size());
  std::vector<std::size_t> places;
  std::vector<DoorGate> gates;
  const auto refuse = [&](std::size_t at, const base::Error& error) {
    const Response answer = problem(error, field_of(error));
    results[at] = {{"status", answer.status}, {"problem", json::parse(answer.body)}};
  };
  for (std::size_t i = 0; i < list->size(); ++i) {
    json one = (*list)[i];
    if (one.is_object()) static_cast<void>(complete(one, request, key, false));
    auto parsed = request_from_json(one, kind);
    const DoorGate gate = parsed ? gate_of_door(*parsed) : DoorGate{};
    if (auto fine = check_gate(office, gate); !fine) parsed = std::unexpected(fine.error());
    if (!parsed) {
      refuse(i, parsed.error());
      continue;
    }
    places.push_back(i);
    gates.push_back(gate);
    requests.push_back(std::move(*parsed));
  }
  const auto answers = office.desk.ask_all(std::move(requests));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      refuse(places[i], answers[i].error());
      continue;
    }
    results[places[i]] = {{"status", 201}, {"answer", to_json(*answers[i])}};
    note_gate(office, gates[i]);
  }
  return json_response(200, {{"results", results}});
}

}  // namespace promenade::ticketing::api
