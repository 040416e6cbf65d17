#include "ticketing/circuit/circuit_server.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/dashboard.h"
#include "ticketing/circuit/venue_list.h"
#include "ticketing/web/circuit_pages.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::circuit {
namespace {

using base::http::Request;
using base::http::Response;
using nlohmann::json;

constexpr int kEventsAPage = 200;

int page_status(std::string_view code) {
  if (code == "venue-unknown") return 404;
  if (code == "date-malformed" || code == "query-malformed") return 400;
  return 503;
}

Response json_response(const json& body) {
  return {.status = 200, .content_type = "application/json", .headers = {{"Cache-Control", "no-store"}}, .body = body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

Response api_problem(const base::Error& error) {
  const int status = page_status(error.code);
  return {.status = status, .content_type = "application/problem+json", .headers = {{"Cache-Control", "no-store"}},
          .body = json{{"type", "urn:promenade:problem:" + error.code}, {"title", status == 503 ? "The circuit's database does not answer" : "The request cannot be answered"}, {"status", status},
                       {"code", error.code}, {"detail", error.message}, {"advice", error.advice}}.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

web::Language language_of(const Request& request) { return web::choose_language(request.param("lang").value_or(""), request.header("accept-language").value_or("")); }

base::Result<BusinessDate> date_of(const Request& request) { return BusinessDate::from_text(request.path_params.at("date")); }

base::Result<std::int64_t> number_of(const Request& request, std::string_view name, std::int64_t otherwise) {
  const auto text = request.param(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < 0) return base::fail("query-malformed", "\"" + std::string(name) + "\" is not a whole number.", "Correct it or leave it out.");
  return value;
}

// In a time that does not tell how much of it was right.
bool same(std::string_view a, std::string_view b) { return base::blake2b(base::as_bytes(a)) == base::blake2b(base::as_bytes(b)); }

}  // namespace

CircuitServer::CircuitServer(CircuitServerOptions options, Clock clock) : options_(std::move(options)), clock_(std::move(clock)), server_(options_.http) {
  route("/", &CircuitServer::home, true);
  route("/days/{date}", &CircuitServer::day_page, true);
  route("/venues/{venue}/{date}", &CircuitServer::venue_page, true);
  route("/venues/{venue}/{date}/events", &CircuitServer::events_page, true);
  route("/v1/circuit/days/{date}", &CircuitServer::day_json, false);
  route("/v1/circuit/days/{date}.csv", &CircuitServer::day_csv, false);
  route("/v1/circuit/venues", &CircuitServer::venues_json, false);
  route("/v1/circuit/venues/{venue}/days/{date}", &CircuitServer::venue_json, false);
  route("/metrics", &CircuitServer::metrics, false);
  server_.route("GET", "/healthz", [](const Request&) { return Response{.content_type = "application/json", .headers = {}, .body = "{\"status\":\"ok\"}\n"}; });
}

CircuitServer::~CircuitServer() { stop(); }
base::Result<void> CircuitServer::start() { return server_.start(); }
void CircuitServer::stop() { server_.stop(); }

bool CircuitServer::allowed(const Request& request) const {
  if (options_.key.empty()) return true;
  const auto header = request.header("authorization").value_or("");
  constexpr std::string_view kBearer = "Bearer ";
  if (header.starts_with(kBearer)) return same(header.substr(kBearer.size()), options_.key);
  const auto basic = base::http::basic_credentials(request);
  return basic && same(basic->password, options_.key);
}

void CircuitServer::route(const std::string& path, Answer answer, bool page) {
  server_.route("GET", path, [this, answer, page](const Request& request) {
    if (!allowed(request)) {
      return Response{.status = 401, .content_type = "text/plain; charset=utf-8", .headers = {{"WWW-Authenticate", "Basic realm=\"Promenade circuit\", charset=\"UTF-8\""}, {"Cache-Control", "no-store"}},
                      .body = "This circuit asks for its key.\n"};
    }
    return with_store(request, answer, page);
  });
}

Response CircuitServer::with_store(const Request& request, Answer answer, bool page) {
  std::optional<CircuitStore> store;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      store = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  base::Result<Response> response;
  if (!store) {
    auto opened = CircuitStore::open_to_read(options_.database);
    if (opened) store = std::move(*opened);
    else response = std::unexpected(opened.error());
  }
  if (store) {
    response = (this->*answer)(*store, request);
    const std::lock_guard lock(mutex_);
    if (store->connection().is_open()) idle_.push_back(std::move(*store));
  }
  if (response) return std::move(*response);
  return page ? base::http::page_response(page_status(response.error().code), web::circuit_message_page(response.error(), language_of(request))) : api_problem(response.error());
}

base::Result<Response> CircuitServer::home(CircuitStore& store, const Request& request) {
  const auto date = last_day(store, clock_());
  if (!date) return std::unexpected(date.error());
  return Response{.status = 303, .headers = {{"Location", "/days/" + date->text() + "?lang=" + std::string(web::language_code(language_of(request)))}, {"Cache-Control", "no-store"}}, .body = {}};
}

base::Result<Response> CircuitServer::day_page(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto page = number_of(request, "page", 1);
  if (!page) return std::unexpected(page.error());
  auto day = day_view(store, *date, clock_());
  if (!day) return std::unexpected(day.error());
  web::CircuitDayPage shown{std::move(*day), static_cast<int>(std::min<std::int64_t>(*page, 1'000'000)), {}};
  for (std::size_t i = 0; i < web::kDayStates; ++i)  // only a state that there is
    if (request.param("state") == web::state_code(static_cast<web::DayState>(i))) shown.state = *request.param("state");
  return base::http::page_response(200, web::circuit_day_page(shown, language_of(request)));
}

base::Result<Response> CircuitServer::venue_page(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto day = venue_view(store, base::VenueId(request.path_params.at("venue")), *date, clock_());
  if (!day) return std::unexpected(day.error());
  return base::http::page_response(200, web::circuit_venue_page(*day, language_of(request)));
}

base::Result<Response> CircuitServer::events_page(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto after = number_of(request, "after", 0);
  if (!after) return std::unexpected(after.error());
  const std::string& venue = request.path_params.at("venue");
  auto events = event_view(store, base::VenueId(venue), *date, static_cast<std::uint64_t>(*after), kEventsAPage + 1);
  if (!events) return std::unexpected(events.error());
  const bool more = events->size() > kEventsAPage;
  if (more) events->pop_back();
  return base::http::page_response(200, web::circuit_events_page(venue, *date, *events, more, language_of(request)));
}

base::Result<Response> CircuitServer::day_json(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto day = day_view(store, *date, clock_());
  if (!day) return std::unexpected(day.error());
  return json_response(web::to_json(*day));
}

base::Result<Response> CircuitServer::day_csv(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto day = day_view(store, *date, clock_());
  if (!day) return std::unexpected(day.error());
  return Response{.status = 200, .content_type = "text/csv; charset=utf-8", .headers = {{"Content-Disposition", "attachment; filename=\"circuit-" + date->text() + ".csv\""}, {"Cache-Control", "no-store"}},
                  .body = web::circuit_csv(*day)};
}

base::Result<Response> CircuitServer::venue_json(CircuitStore& store, const Request& request) {
  const auto date = date_of(request);
  if (!date) return std::unexpected(date.error());
  const auto day = venue_view(store, base::VenueId(request.path_params.at("venue")), *date, clock_());
  if (!day) return std::unexpected(day.error());
  return json_response(web::to_json(*day));
}

base::Result<Response> CircuitServer::venues_json(CircuitStore& store, const Request&) {
  const auto venues = list_venues(store);
  if (!venues) return std::unexpected(venues.error());
  return json_response(to_json(*venues));
}

base::Result<Response> CircuitServer::metrics(CircuitStore& store, const Request&) {
  const auto rows = store.connection().query("SELECT count(*) FILTER (WHERE v.state = 'active'), count(*) FILTER (WHERE v.state = 'quarantined'), count(*) FILTER (WHERE c.failures > 0), sum(v.cursor_seq)::bigint "
                                             "FROM venues v LEFT JOIN contacts c ON c.venue = v.id");
  if (!rows) return std::unexpected(rows.error());
  std::string out;
  const auto gauge = [&](std::string_view name, std::string_view what, const char* type, std::int64_t value) {
    out += base::formatted("# HELP promenade_circuit_{0} {1}\n# TYPE promenade_circuit_{0} {2}\npromenade_circuit_{0} {3}\n", name, what, type, value);
  };
  gauge("venues", "Venues that are pulled.", "gauge", rows->number(0, 0));
  gauge("venues_quarantined", "Venues of which nothing is taken.", "gauge", rows->number(0, 1));
  gauge("venues_failing", "Venues whose last pull failed.", "gauge", rows->number(0, 2));
  gauge("events", "Verified events of all venues.", "gauge", rows->number(0, 3));
  if (collector_ != nullptr) {
    const auto figures = collector_->figures();
    gauge("taken_events_total", "Events taken since the start.", "counter", figures.events);
    gauge("transactions_total", "Transactions written since the start.", "counter", figures.transactions);
    gauge("pull_failures_total", "Pulls that failed since the start.", "counter", figures.failures);
    gauge("refusals_total", "Venues put into quarantine since the start.", "counter", figures.refusals);
  }
  return Response{.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .headers = {}, .body = std::move(out)};
}

}  // namespace promenade::ticketing::circuit
