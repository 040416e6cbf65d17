#include <charconv>
#include <nlohmann/json.hpp>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/facts.h"
#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

constexpr std::string_view kStream = "application/vnd.promenade.events";
constexpr std::uint64_t kMaxWait = 30, kMaxEvents = 5000;

Response looked_up(Office& office, const std::function<json(const store::BoxOffice&, base::UtcTime)>& view) {
  json body;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) { body = view(box, now); });
  return done ? json_response(200, body) : problem(done.error());
}

Response one_ticket(Office& office, const base::http::Request& request) {
  const std::string code = request.path_params.at("code");
  std::optional<json> facts;
  TicketRecord ticket;
  std::vector<std::uint64_t> numbers;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime) {
    facts = ticket_json(box.state(), base::TicketId(code));
    if (!facts) return;
    ticket = box.state().tickets().at(base::TicketId(code));
    numbers = box.state().events_of(ticket.code);
  });
  if (!done) return problem(done.error());
  if (!facts) return problem({"ticket-unknown", "This venue has sold no ticket with that code.", "Check the 16 digits."});
  const TicketTimes times = ticket_times(office.reader.events(numbers), ticket);
  if (times.sold) (*facts)["sold_at"] = to_text(*times.sold);
  if (times.given_back) (*facts)["given_back_at"] = to_text(*times.given_back);
  return json_response(200, *facts);
}

Response of_date(Office& office, const base::http::Request& request, json (*view)(const LedgerState&, BusinessDate, base::UtcTime)) {
  std::optional<BusinessDate> date;
  if (const auto text = request.param("date")) {
    const auto parsed = BusinessDate::from_text(*text);
    if (!parsed) return problem(parsed.error(), "date");
    date = *parsed;
  }
  return looked_up(office, [&](const store::BoxOffice& box, base::UtcTime now) {
    return view(box.state(), date ? *date : box.state().calendar().date_of(now), now);
  });
}

base::Result<FoundReport> requested_report(Office& office, const base::http::Request& request) {
  const auto date = BusinessDate::from_text(request.path_params.at("date"));
  if (!date) return std::unexpected(date.error());
  const auto revision = query_number(request, "revision", 1, 1'000'000, 0);
  if (!revision) return std::unexpected(revision.error());
  return find_report(office, *date, *revision);
}

Response day_report(Office& office, const base::http::Request& request, bool csv) {
  const auto found = requested_report(office, request);
  if (!found) return problem(found.error(), found.error().code == "date-malformed" ? "date" : "");
  if (!csv) return {.status = 200, .content_type = "application/json", .headers = {}, .body = report_json_text(found->report)};
  return {.status = 200, .content_type = "text/csv; charset=utf-8",
          .headers = {{"Content-Disposition", "attachment; filename=\"boxoffice-" + found->report.date.text() + ".csv\""}}, .body = found->csv()};
}

Response day_manifest(Office& office, const base::http::Request& request) {
  const auto found = requested_report(office, request);
  if (!found) return problem(found.error(), found.error().code == "date-malformed" ? "date" : "");
  const DayReport& report = found->report;
  const DayManifest manifest{.venue = report.venue, .date = report.date, .final = report.final, .revision = report.revision, .data_through = report.data_through,
                             .json = base::blake2b(base::as_bytes(report_json_text(report))), .csv = base::blake2b(base::as_bytes(found->csv())), .checkpoint = {}, .key = {}, .signature = {}};
  std::optional<DayManifest> made;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime) { made = box.signed_manifest(manifest); });
  if (!done) return problem(done.error());
  return made ? json_response(200, to_json(*made)) : problem({"log-key-missing", "This box office has no log key, so it signs nothing.", "Give it its log key back and start it again."});
}

// How complete a day is at the national system, or the records that it would be told.
Response national(Office& office, const base::http::Request& request, bool records) {
  const auto date = BusinessDate::from_text(request.path_params.at("date"));
  if (!date) return problem(date.error(), "date");
  const auto after = query_number(request, "after", 0, 10'000'000, 0);
  const auto limit = query_number(request, "limit", 1, kMaxEvents, 500);
  for (const auto* number : {&after, &limit})
    if (!*number) return query_problem(number->error());
  std::optional<json> body;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    const auto day = national_day(box.state(), *date, now);
    if (day) body = records ? national_records_json(box.state(), *date, static_cast<int>(*after), *limit) : to_json(*day);
  });
  if (!done) return problem(done.error());
  if (!body) return problem({"national-not-reported", "This venue does not report to the national system.", "Set national_reporting = true in boxoffice.toml, where it does."});
  return json_response(200, *body);
}

Response ready(Office& office) {
  const auto figures = office.desk.figures();
  if (!figures.last_failure.empty())
    return problem({figures.last_failure, "The last commit failed, so the box office takes no sales.", "Free disk space; it goes on by itself."});
  const auto done = office.desk.look([](const store::BoxOffice&, base::UtcTime) {});
  return done ? json_response(200, {{"status", "ready"}}) : problem(done.error());
}

}  // namespace

base::Result<std::uint64_t> query_number(const base::http::Request& request, std::string_view name, std::uint64_t low,
                                         std::uint64_t high, std::uint64_t default_value) {
  const auto text = request.param(name);
  if (!text) return default_value;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < low || value > high)
    return base::fail("query-malformed", "\"" + std::string(name) + "\" is not a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ".",
                      "Correct it or leave it out.");
  return value;
}

Response query_problem(const base::Error& error) { return problem(error, error.message.substr(1, error.message.find('"', 1) - 1)); }

base::Result<FoundReport> find_report(Office& office, BusinessDate date, std::uint64_t revision) {
  std::optional<DayReport> report;
  std::optional<NationalDay> national;
  DayVerdict verdict;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    national = national_day(box.state(), date, now);
    verdict = judge_day(box.state(), date);
    if (revision == 0) report = box.report(date);
    else report = box.state().report(date, static_cast<int>(revision));
  });
  if (!done) return std::unexpected(done.error());
  if (!report) return base::fail("revision-unknown", "The report of " + date.text() + " has no revision " + std::to_string(revision) + ".", "Ask without a revision for the last one.");
  return FoundReport{std::move(*report), std::move(national), std::move(verdict)};
}

Response answer_events(Office& office, const base::http::Request& request, bool may_wait) {
  const auto after = query_number(request, "after", 0, INT64_MAX, 0);
  const auto limit = query_number(request, "limit", 1, kMaxEvents, 500);
  const auto wait_s = query_number(request, "wait_s", 0, kMaxWait, 0);
  for (const auto* number : {&after, &limit, &wait_s})
    if (!*number) return query_problem(number->error());
  if (*wait_s > 0 && !may_wait)
    return problem({"wait-needs-poll-listener", "\"wait_s\" is taken on port " + std::to_string(office.poll_port()) + " only.",
                    "Send waiting pulls to that port, so that they never hold up the counter."}, "wait_s");
  if (*wait_s > 0) office.desk.wait_beyond(*after, std::chrono::seconds(*wait_s));
  const auto page = office.reader.read(*after, *limit);
  if (!page) return problem(page.error());
  if (*after > page->head.seq)
    return problem({"cursor-beyond-head", "The ledger ends at event " + std::to_string(page->head.seq) + ", before the cursor " + std::to_string(*after) + ".",
                    "A ledger never shrinks: if you hold event " + std::to_string(*after) + " of this venue, report it as rolled back."}, "after");
  Response response;
  const std::string accept(request.header("accept").value_or(""));
  if (accept.contains(kStream)) {
    ExportHeader header{.venue = office.reader.venue(), .first = *after + 1, .last = *after + page->stored.size(), .head_hash = {}};
    // Of no events the head is that of the cursor itself, which is then the ledger's.
    header.head_hash = page->events.empty() ? page->head.hash : page->events.back().hash;
    base::Bytes stream;
    for (const auto& stored : page->stored) append_export_event(stream, stored);
    response.content_type = kStream;
    response.body = encode_export_header(header) + std::string(base::as_text(stream));
  } else {
    response = json_response(200, events_json(*page, office.reader.venue(), *after));
  }
  response.headers["Promenade-Head-Seq"] = std::to_string(page->head.seq);
  response.headers["Promenade-Head-Hash"] = base::to_hex(page->head.hash);
  response.headers["Cache-Control"] = "no-store";
  return response;
}

Response answer_operation(Office& office, const Operation& operation, const base::http::Request& request, const ApiKey& key, bool may_wait) {
  const std::string_view id = operation.id;
  if (id == "redeemBatch") return answer_batch(office, RedemptionRequest::kKind, request, key);
  if (id == "settleBatch") return answer_batch(office, SettleEvacuation::kKind, request, key);
  if (id == "token") return answer_token(office, request);
  if (id == "tellWaits") return answer_waits(office, request);
  if (id == "claimGate") return answer_gate(office, request);
  if (id == "counter") return answer_counter(office);
  if (operation.method == "POST") return answer_write(office, operation, request, key);
  if (id == "events") return answer_events(office, request, may_wait);
  for (const std::string_view proof : {"checkpoints", "lastCheckpoint", "logKeys", "inclusion", "consistency"})
    if (id == proof) return answer_proof(office, id, request);
  if (id == "ticket") return one_ticket(office, request);
  if (id == "screenings") return of_date(office, request, screenings_json);
  if (id == "evacuations") return of_date(office, request, [](const LedgerState& state, BusinessDate date, base::UtcTime) { return evacuations_json(state, date); });
  if (id == "dayReport") return day_report(office, request, false);
  if (id == "dayReportCsv") return day_report(office, request, true);
  if (id == "dayManifest") return day_manifest(office, request);
  if (id == "nationalDay") return national(office, request, false);
  if (id == "nationalRecords") return national(office, request, true);
  if (id == "films") return looked_up(office, [](const store::BoxOffice& box, base::UtcTime now) { return films_json(box.state(), now); });
  if (id == "venue")
    return looked_up(office, [&](const store::BoxOffice& box, base::UtcTime now) {
      json body = venue_json(box.state(), box.ticket_key(), now);
      body["poll_port"] = office.poll_port();
      return body;
    });
  if (id == "reconciliation") {
    const auto found = requested_report(office, request);
    if (!found) return problem(found.error(), found.error().code == "date-malformed" ? "date" : "");
    return json_response(200, reconciliation_json(found->report, found->verdict));
  }
  if (id == "openapi") return json_response(200, openapi_document(office.server_url()));
  if (id == "health") return json_response(200, {{"status", "ok"}});
  if (id == "ready") return ready(office);
  if (id == "metrics")
    return {.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .headers = {}, .body = office.metrics.text(office.desk.figures(), office.refused_connections())};
  return problem({"not-found", "There is nothing here.", {}});
}

}  // namespace promenade::ticketing::api
