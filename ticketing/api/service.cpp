#include "ticketing/api/service.h"

#include <chrono>
#include <mutex>

#include "ticketing/api/page_kit.h"
#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;

// The header's key, or that of the cookie where one of our own pages asks: another site's page can neither set the header
// Promenade-Page without being asked first, nor does the browser send it the cookie.
base::Result<std::string> presented(const base::http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.header("authorization");
  if (!header && request.header("promenade-page")) {
    if (from_elsewhere(request)) return base::fail("page-elsewhere", "This request was sent from another site.", "Open the page at this server.");
    if (std::string key = cookie_key(request); !key.empty()) return key;
  }
  if (!header || !header->starts_with(kBearer))
    return base::fail("key-missing", "The request has no key.", "Send the header Authorization: Bearer KEY.");
  return std::string(header->substr(kBearer.size()));
}

enum class Face { counter, poll, devices };  // which listener

base::Result<ApiKey> authorise(KeyWatch& keys, const Operation& operation, const base::http::Request& request, Face face) {
  if (operation.scopes.empty()) return ApiKey{};
  const bool by_certificate = face == Face::devices;
  const auto text = by_certificate ? base::Result<std::string>(request.peer_certificate) : presented(request);
  if (!text) return std::unexpected(text.error());
  base::Result<ApiKey> key = base::fail("scope-missing", "");
  for (const Scope scope : operation.scopes) {
    key = by_certificate ? keys.authorise_certificate(*text, scope) : keys.authorise(*text, scope);
    if (key || key.error().code != "scope-missing") return key;
  }
  return key;
}

Response error_page(const base::http::Request&, int status, const std::string& detail) {
  switch (status) {
    case 404: return problem({"not-found", detail, "The addresses are in /v1/openapi.json."});
    case 405: return problem({"method-not-allowed", detail, "The Allow header names the methods."});
    case 413: return problem({"body-too-large", detail, "Send less at once."});
    case 500: return problem({"internal", detail, "Send the request again with the same idempotency key; tell the technician if it stays."});
    default: return problem(status, {"http-malformed", detail, "Send well-formed HTTP/1.1."});
  }
}

// What is the same as the asker has it already is not sent again (RFC 9110, section 13).
void make_conditional(const Operation& operation, const base::http::Request& request, Response& response) {
  if (request.method != "GET" || response.status != 200 || operation.scopes.empty() || response.header("cache-control") == "no-store") return;
  const base::Hash hash = base::blake2b(base::as_bytes(response.body));
  const std::string tag = "\"" + base::to_hex(base::ByteView(hash).first(16)) + "\"";
  response.headers["ETag"] = tag;
  response.headers["Cache-Control"] = "no-cache";
  response.headers["Vary"] = "Accept, Authorization, Cookie";
  const auto held = request.header("if-none-match");
  if (!held || (*held != "*" && !held->contains(tag))) return;
  response.status = 304;
  response.body.clear();
}

}  // namespace

struct Service::Impl {
  ServiceOptions options;
  std::mutex rates_mutex;
  RateLimiter rates, page_rates, stranger_rates;
  EventReader reader;
  KeyWatch keys;
  Metrics metrics;
  GateBoard gates;
  base::http::Server main, poll;
  std::unique_ptr<base::http::Server> devices;  // null: none
  Office office;
  bool running = false;

  Impl(ServiceOptions given, Desk& desk, base::VenueId venue, const base::KeyPair& ticket_key, std::function<std::string()> new_key)
      : options(std::move(given)),
        rates(options.rate),
        page_rates(options.page_rate),
        stranger_rates(options.stranger_rate),
        reader(options.ledger_path, std::move(venue)),
        keys(options.keys_path),
        gates(options.gates_path),
        main({.bind_address = options.bind_address, .port = options.port, .workers = options.workers, .tls = options.tls}),
        poll({.bind_address = options.bind_address, .port = options.poll_port, .workers = options.poll_workers, .waiting_connections = options.poll_workers, .tls = options.tls}),
        office{.desk = desk, .reader = reader, .keys = keys, .metrics = metrics, .gates = gates, .ticket_key = ticket_key, .new_idempotency_key = std::move(new_key),
               .server_url = [this] { return main.base_url(); }, .poll_port = [this] { return poll.port(); },
               .refused_connections = [this] { return main.refused_connections() + poll.refused_connections() + (devices ? devices->refused_connections() : 0); },
               .page_too_soon = [this](const std::string& name, const std::string& address) { return name.empty() ? too_soon(stranger_rates, address) : too_soon(page_rates, name); }} {
    if (options.devices) {
      devices = std::make_unique<base::http::Server>(base::http::ServerOptions{.bind_address = options.devices->bind_address, .port = options.devices->port,
                                                                               .workers = options.devices->workers, .tls = options.devices->tls});
      devices->set_error_writer(error_page);
    }
    for (const Operation& operation : operations()) {
      add(main, operation, Face::counter);
      if (operation.id == "events" || operation.id == "health") add(poll, operation, Face::poll);
      if (devices) add(*devices, operation, Face::devices);
    }
    add_pages(office, main);
    main.set_error_writer(error_page);
    poll.set_error_writer(error_page);
  }

  std::optional<std::int64_t> too_soon(RateLimiter& limiter, const std::string& name) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
    std::lock_guard lock(rates_mutex);
    return limiter.take(name, now.count());
  }

  Response answer(const Operation& operation, const base::http::Request& request, const base::Result<ApiKey>& key, bool may_wait) {
    const bool known = key && !key->name.empty();
    if (const auto wait_s = known ? too_soon(rates, key->name) : too_soon(stranger_rates, request.remote_address)) {
      return too_often(*wait_s);
    }
    if (!key) return problem(key.error());
    Response response = answer_operation(office, operation, request, *key, may_wait);
    make_conditional(operation, request, response);
    return response;
  }

  void add(base::http::Server& server, const Operation& operation, Face face) {
    server.route(std::string(operation.method), std::string(operation.path), [this, &operation, face](const base::http::Request& request) {
      const auto start = std::chrono::steady_clock::now();
      const auto key = authorise(keys, operation, request, face);
      Response response = answer(operation, request, key, face == Face::poll);
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
      metrics.count(std::string(operation.method), std::string(operation.path), response.status, took);
      return response;
    });
  }
};

Service::Service(ServiceOptions options, Desk& desk, base::VenueId venue, const base::KeyPair& ticket_key, std::function<std::string()> new_key)
    : impl_(std::make_unique<Impl>(std::move(options), desk, std::move(venue), ticket_key, std::move(new_key))) {}

Service::~Service() { stop(); }

base::Result<void> Service::start() {
  if (const auto started = impl_->poll.start(); !started) return started;
  if (const auto started = impl_->main.start(); !started) {
    impl_->poll.stop();
    return started;
  }
  if (impl_->devices) {
    if (const auto started = impl_->devices->start(); !started) {
      impl_->main.stop();
      impl_->poll.stop();
      return started;
    }
  }
  impl_->running = true;
  return {};
}

void Service::stop() {
  if (!impl_->running) return;
  impl_->running = false;
  impl_->office.desk.end_polls();
  impl_->poll.stop();
  if (impl_->devices) impl_->devices->stop();
  impl_->main.stop();
}

std::uint16_t Service::port() const { return impl_->main.port(); }
std::uint16_t Service::poll_port() const { return impl_->poll.port(); }
std::string Service::url() const { return impl_->main.base_url(); }
std::string Service::poll_url() const { return impl_->poll.base_url(); }
std::string Service::device_url() const { return impl_->devices ? impl_->devices->base_url() : std::string(); }
Metrics& Service::metrics() { return impl_->metrics; }
const std::vector<base::http::Route>& Service::routes() const { return impl_->main.routes(); }

}  // namespace promenade::ticketing::api
