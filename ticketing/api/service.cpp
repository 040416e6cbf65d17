#include "ticketing/api/service.h"

#include <chrono>

#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;

base::Result<std::string> bearer(const base::http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.header("authorization");
  if (!header || !header->starts_with(kBearer))
    return base::fail("key-missing", "The request has no key.", "Send the header Authorization: Bearer KEY.");
  return std::string(header->substr(kBearer.size()));
}

base::Result<ApiKey> authorise(KeyWatch& keys, const Operation& operation, const base::http::Request& request) {
  if (operation.scopes.empty()) return ApiKey{};
  const auto text = bearer(request);
  if (!text) return std::unexpected(text.error());
  base::Result<ApiKey> key = base::fail("scope-missing", "");
  for (const Scope scope : operation.scopes) {
    key = keys.authorise(*text, scope);
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

}  // namespace

struct Service::Impl {
  ServiceOptions options;
  EventReader reader;
  KeyWatch keys;
  Metrics metrics;
  base::http::Server main, poll;
  Office office;
  bool running = false;

  Impl(ServiceOptions given, Desk& desk, base::VenueId venue, const base::KeyPair& ticket_key, std::function<std::string()> new_key)
      : options(std::move(given)),
        reader(options.ledger_path, std::move(venue)),
        keys(options.keys_path),
        main({.bind_address = options.bind_address, .port = options.port, .workers = options.workers}),
        poll({.bind_address = options.bind_address, .port = options.poll_port, .workers = options.poll_workers, .waiting_connections = options.poll_workers}),
        office{.desk = desk, .reader = reader, .keys = keys, .metrics = metrics, .ticket_key = ticket_key, .new_idempotency_key = std::move(new_key),
               .server_url = [this] { return main.base_url(); }, .poll_port = [this] { return poll.port(); },
               .refused_connections = [this] { return main.refused_connections() + poll.refused_connections(); }} {
    for (const Operation& operation : operations()) {
      add(main, operation, false);
      if (operation.id == "events" || operation.id == "health") add(poll, operation, true);
    }
    add_pages(office, main);
    main.set_error_writer(error_page);
    poll.set_error_writer(error_page);
  }

  void add(base::http::Server& server, const Operation& operation, bool may_wait) {
    server.route(std::string(operation.method), std::string(operation.path), [this, &operation, may_wait](const base::http::Request& request) {
      const auto start = std::chrono::steady_clock::now();
      const auto key = authorise(keys, operation, request);
      Response response = key ? answer_operation(office, operation, request, *key, may_wait) : problem(key.error());
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
  impl_->running = true;
  return {};
}

void Service::stop() {
  if (!impl_->running) return;
  impl_->running = false;
  impl_->office.desk.end_polls();
  impl_->poll.stop();
  impl_->main.stop();
}

std::uint16_t Service::port() const { return impl_->main.port(); }
std::uint16_t Service::poll_port() const { return impl_->poll.port(); }
std::string Service::url() const { return impl_->main.base_url(); }
std::string Service::poll_url() const { return impl_->poll.base_url(); }
Metrics& Service::metrics() { return impl_->metrics; }
const std::vector<base::http::Route>& Service::routes() const { return impl_->main.routes(); }

}  // namespace promenade::ticketing::api
