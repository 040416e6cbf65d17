#include "ticketing/api/openapi.h"

#include <map>

namespace promenade::ticketing::api {
namespace {

using nlohmann::json;

json path_parameters(std::string_view path) {
  json out = json::array();
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const std::string name(path.substr(open + 1, path.find('}', open) - open - 1));
    const std::string pattern = name == "date" ? "^\\d{4}-\\d{2}-\\d{2}$" : "^\\d{16}$";
    out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}, {"pattern", pattern}}}});
  }
  return out;
}

json query_parameter(std::string_view name) {
  static const std::map<std::string_view, json> kSchemas{
      {"after", {{"type", "integer"}, {"minimum", 0}, {"default", 0}}},
      {"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 5000}, {"default", 500}}},
      {"wait_s", {{"type", "integer"}, {"minimum", 0}, {"maximum", 30}, {"default", 0}}},
      {"date", {{"type", "string"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}$"}}},
      {"revision", {{"type", "integer"}, {"minimum", 1}}},
      {"seq", {{"type", "integer"}, {"minimum", 1}}},
      {"size", {{"type", "integer"}, {"minimum", 1}}},
      {"from", {{"type", "integer"}, {"minimum", 0}}},
      {"to", {{"type", "integer"}, {"minimum", 1}}},
  };
  static const std::map<std::string_view, std::string_view> kTexts{
      {"after", "What comes after it: events with a greater seq, checkpoints of more events, records with a greater number."},
      {"limit", "At most so many."},
      {"wait_s", "On the poll listener only (its port is in /v1/venue): wait so long for an event."},
      {"date", "Business date; today where left out."},
      {"revision", "A revision of a closed day; the last where left out."},
      {"seq", "The event; it must be given."},
      {"size", "Events of the tree; those of the last checkpoint where left out."},
      {"from", "Events of the smaller tree; it must be given."},
      {"to", "Events of the larger tree; those of the last checkpoint where left out."},
  };
  return {{"name", name}, {"in", "query"}, {"required", false}, {"description", kTexts.at(name)}, {"schema", kSchemas.at(name)}};
}

json scope_texts() {
  return {{"sell", "Sell, reserve, refund, look up."}, {"redeem", "Redeem at the door."}, {"play", "Grants, plays and waits: a hall."},
          {"observe", "Hand in what door counters saw."}, {"read", "Read events, proofs and reports: a circuit."}, {"close", "Close and correct days; receipts and approvals of the national system."}};
}

struct Tag {
  std::string_view name, text;
};
// Operations by who asks them first.
constexpr Tag kTags[] = {{"sell", "The counter"}, {"redeem", "The door"}, {"play", "Halls"}, {"observe", "Door counters"},
                         {"close", "Closing and correcting days"}, {"read", "Circuits and whoever checks"}, {"service", "The program itself"}};

std::string_view tag_of(const Operation& operation) { return operation.scopes.empty() ? "service" : to_string(operation.scopes.front()); }

json reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }

json describe(const Operation& operation) {
  json out{{"operationId", operation.id}, {"summary", operation.summary}, {"tags", {tag_of(operation)}}, {"description", "Needs no key."}};
  json parameters = path_parameters(operation.path);
  for (const auto name : operation.query) parameters.push_back(query_parameter(name));
  const bool form = operation.id == "token";  // RFC 6749 asks for a form
  if (!operation.request.empty() && (form || operation.id == "tellWaits" || operation.id == "claimGate")) {
    out["requestBody"] = {{"required", true}, {"content", {{form ? "application/x-www-form-urlencoded" : "application/json", {{"schema", reference(operation.request)}}}}}};
  } else if (!operation.request.empty()) {
    parameters.push_back({{"name", "Idempotency-Key"}, {"in", "header"}, {"required", false}, {"schema", {{"type", "string"}, {"maxLength", 80}}},
                          {"description", "Stands in for idempotency_key where the body leaves it out."}});
    out["requestBody"] = {{"required", true}, {"content", {{"application/json", {{"schema", reference(operation.request)}}}}}};
  }
  if (!parameters.empty()) out["parameters"] = parameters;
  json success{{"description", "Done"}};
  if (!operation.answer.empty()) success["content"]["application/json"]["schema"] = reference(operation.answer);
  if (!operation.media.empty()) success["content"][std::string(operation.media)]["schema"] = {{"type", "string"}};
  out["responses"][std::to_string(operation.status)] = success;
  out["responses"]["default"] = {{"description", "A problem (RFC 9457)"},
                                 {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
  out["security"] = json::array();
  if (operation.scopes.empty()) return out;
  std::string scopes;
  for (const char* scheme : {"key", "certificate"}) out["security"].push_back({{scheme, json::array()}});
  for (const Scope scope : operation.scopes) {
    scopes += (scopes.empty() ? "" : " or ") + std::string(to_string(scope));
    out["security"].push_back({{"client", json::array({to_string(scope)})}});
  }
  out["description"] = "Needs a key, an access token or a certificate with the scope " + scopes + ".";
  return out;
}

}  // namespace

const std::vector<Operation>& operations() {
  using enum Scope;
  constexpr std::string_view kStream = "application/vnd.promenade.events";
  static const std::vector<Operation> all{
      {"sell", "POST", "/v1/sales", "Sell, comp or issue staff and test tickets.", {sell}, "SaleRequest", "SaleAnswer", {}, 201, {}},
      {"reserve", "POST", "/v1/reservations", "Keep places of one screening for a while.", {sell}, "ReservationRequest", "ReservationAnswer", {}, 201, {}},
      {"release", "POST", "/v1/reservations/release", "Keep reserved places no longer.", {sell}, "ReleaseRequest", "ReleaseAnswer", {}, 201, {}},
      {"refund", "POST", "/v1/refunds", "Refund a ticket.", {sell}, "RefundRequest", "RefundAnswer", {}, 201, {}},
      {"change", "POST", "/v1/changes", "Change the film: one atomic refund and reissue.", {sell, redeem}, "ChangeRequest", "ChangeAnswer", {}, 201, {}},
      {"redeem", "POST", "/v1/redemptions", "Redeem a ticket at the door.", {redeem}, "RedemptionRequest", "RedemptionAnswer", {}, 201, {}},
      {"redeemBatch", "POST", "/v1/redemptions/batch", "Redeem up to 100 tickets; each is accepted or refused on its own.", {redeem}, "RedemptionBatch", "BatchAnswer", {}, 200, {}},
      {"grant", "POST", "/v1/grants", "Permit one headset to play one film once.", {play}, "GrantRequest", "GrantAnswer", {}, 201, {}},
      {"recordPlay", "POST", "/v1/plays", "Record that a play started or ended.", {play}, "PlayRequest", "RecordedAnswer", {}, 201, {}},
      {"recordSwap", "POST", "/v1/swaps", "Record that a play went on in another headset.", {play}, "SwapRequest", "RecordedAnswer", {}, 201, {}},
      {"observe", "POST", "/v1/observations", "Record what a door counter saw.", {observe}, "ObservationRequest", "RecordedAnswer", {}, 201, {}},
      {"settle", "POST", "/v1/settlements", "Settle a visit that an evacuation ended: resume, rebook or refund.", {sell, play}, "SettlementRequest", "SettlementAnswer", {}, 201, {}},
      {"settleBatch", "POST", "/v1/settlements/batch", "Settle up to 100 visits; each is accepted or refused on its own.", {sell}, "SettlementBatch", "SettlementBatchAnswer", {}, 200, {}},
      {"closeDay", "POST", "/v1/days/{date}/close", "Close a business date into a final report.", {close}, "DayCloseRequest", "DayAnswer", {}, 201, {}},
      {"correct", "POST", "/v1/corrections", "Make the next revision of a final day.", {close}, "CorrectionRequest", "DayAnswer", {}, 201, {}},
      {"tellWaits", "POST", "/v1/waits", "A hall tells within what time a viewer of each of its films starts who chooses it now: all that it knows, forgotten after good_for_s, a minute at most.", {play}, "WaitsRequest", "WaitsAnswer", {}, 200, {}},
      {"claimGate", "POST", "/v1/gates", "A door's device is one gate of the venue, and no other device is; 0 gives it up.", {redeem}, "GateRequest", "GateAnswer", {}, 200, {}},
      {"counter", "GET", "/v1/counter", "All that a counter needs to sell: films with screenings, places left and waits, prices, what is reserved.", {sell}, {}, "Counter", {}, 200, {}},
      {"venue", "GET", "/v1/venue", "The venue, its ticket key, and where the ledger stands.", {read, sell, redeem, play, observe, close}, {}, "Venue", {}, 200, {}},
      {"films", "GET", "/v1/films", "Films with their next screening and the places left.", {read, sell, redeem, play}, {}, "Films", {}, 200, {}},
      {"screenings", "GET", "/v1/screenings", "All screenings of a business date.", {read, sell}, {}, "Screenings", {}, 200, {"date"}},
      {"evacuations", "GET", "/v1/evacuations", "Everybody whose visit an evacuation ended on a business date.", {read, sell}, {}, "Evacuations", {}, 200, {"date"}},
      {"ticket", "GET", "/v1/tickets/{code}", "What has happened to one ticket.", {read, sell, redeem}, {}, "TicketFacts", {}, 200, {}},
      {"events", "GET", "/v1/events", "The ledger's events in order, as JSON or as the exact stored bytes.", {read}, {}, "Events", kStream, 200, {"after", "limit", "wait_s"}},
      {"checkpoints", "GET", "/v1/checkpoints", "Signed checkpoints of the ledger, by size.", {read}, {}, "Checkpoints", {}, 200, {"after", "limit"}},
      {"lastCheckpoint", "GET", "/v1/checkpoints/latest", "The last signed checkpoint.", {read}, {}, "Checkpoint", {}, 200, {}},
      {"logKeys", "GET", "/v1/log-keys", "The keys that checkpoints are signed with, each endorsed by the one before.", {read}, {}, "LogKeys", {}, 200, {}},
      {"inclusion", "GET", "/v1/proofs/inclusion", "Proof that an event is in the ledger (RFC 6962).", {read}, {}, "InclusionProof", {}, 200, {"seq", "size"}},
      {"consistency", "GET", "/v1/proofs/consistency", "Proof that one checkpoint's events begin another's (RFC 6962).", {read}, {}, "ConsistencyProof", {}, 200, {"from", "to"}},
      {"dayReport", "GET", "/v1/reports/days/{date}", "The day report.", {read}, {}, "DayReport", {}, 200, {"revision"}},
      {"dayReportCsv", "GET", "/v1/reports/days/{date}.csv", "The day report as CSV.", {read}, {}, {}, "text/csv", 200, {"revision"}},
      {"dayManifest", "GET", "/v1/reports/days/{date}/manifest", "What the venue signs about the day report: the BLAKE2b-256 of its JSON and of its CSV as they are served now, the revision, and the last checkpoint.", {read}, {}, "DayManifest", {}, 200, {"revision"}},
      {"reconciliation", "GET", "/v1/reconciliation/{date}", "Sold, redeemed, played and bodies compared.", {read}, {}, "Reconciliation", {}, 200, {}},
      {"nationalDay", "GET", "/v1/national/days/{date}", "How complete a business date is at the national system, by screening, and until when records may be handed in.", {read}, {}, "NationalDay", {}, 200, {}},
      {"nationalRecords", "GET", "/v1/national/days/{date}/records", "The records of a business date for the national system, and which have been received.", {read}, {}, "NationalRecords", {}, 200, {"after", "limit"}},
      {"nationalReceipt", "POST", "/v1/national/receipts", "An adapter's word that the national system has received records.", {close}, "NationalReceipt", "NationalAnswer", {}, 201, {}},
      {"approveLateEntry", "POST", "/v1/national/approvals", "The authority lets records of a date be handed in after its free days, for 48 hours.", {close}, "LateEntryApproval", "LateEntryAnswer", {}, 201, {}},
      {"token", "POST", "/v1/oauth/token", "OAuth2 client credentials: an access token for an hour.", {}, "TokenRequest", "Token", {}, 200, {}},
      {"openapi", "GET", "/v1/openapi.json", "This document.", {}, {}, "Document", {}, 200, {}},
      {"health", "GET", "/healthz", "The process runs.", {}, {}, "Health", {}, 200, {}},
      {"ready", "GET", "/readyz", "The box office answers and its last commit was durable.", {}, {}, "Health", {}, 200, {}},
      {"metrics", "GET", "/metrics", "Prometheus metrics.", {}, {}, {}, "text/plain", 200, {}},
  };
  return all;
}

json openapi_document(std::string_view server_url) {
  json document{
      {"openapi", "3.1.0"},
      {"info", {{"title", "Promenade box office"}, {"version", "1.0.0"},
                {"description", "Money is decimal text, times are UTC, and every write carries an idempotency key: the same key with the "
                                "same request gives the same answer, forever; with another request 422. Errors are RFC 9457 problems."}}},
      {"servers", json::array({{{"url", server_url}}})},
      {"security", json::array({{{"key", json::array()}}})},
      {"components", {{"schemas", schemas()}, {"securitySchemes", {{"key", {{"type", "http"}, {"scheme", "bearer"}, {"description", "An API key of the venue."}}},
                                                                     {"certificate", {{"type", "mutualTLS"}, {"description", "A certificate that the venue knows, on its port for devices, in a key's place."}}},
                                                                     {"client", {{"type", "oauth2"}, {"flows", {{"clientCredentials", {{"tokenUrl", "/v1/oauth/token"}, {"scopes", scope_texts()}}}}}}}}}}}};
  for (const Tag& tag : kTags) document["tags"].push_back({{"name", tag.name}, {"description", tag.text}});
  for (const Operation& operation : operations()) {
    std::string method(operation.method);
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    document["paths"][std::string(operation.path)][method] = describe(operation);
  }
  return document;
}

}  // namespace promenade::ticketing::api
