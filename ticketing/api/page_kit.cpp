#include "ticketing/api/page_kit.h"

#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using web::Language;

std::string presented_key(const base::http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.header("authorization");
  return header && header->starts_with(kBearer) ? std::string(header->substr(kBearer.size())) : cookie_key(request);
}

std::string own_path(const base::http::Request& request) {
  std::string path = request.path;
  if (const auto lang = request.param("lang")) path += "?lang=" + base::http::url_encode(*lang);
  return path;
}

}  // namespace

std::string cookie_key(const base::http::Request& request) {
  const std::string_view cookies = request.header("cookie").value_or("");
  const std::string wanted = std::string(kKeyCookie) + "=";
  for (std::size_t at = 0; at < cookies.size();) {
    const auto end = std::min(cookies.find(';', at), cookies.size());
    std::string_view one = cookies.substr(at, end - at);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(wanted)) return std::string(one.substr(wanted.size()));
    at = end + 1;
  }
  return {};
}

bool from_elsewhere(const base::http::Request& request) {
  const auto origin = request.header("origin");
  if (!origin || origin == "null") return false;
  const auto host = request.header("host").value_or("");
  const auto scheme = origin->find("://");
  return scheme == std::string_view::npos || origin->substr(scheme + 3) != host;
}

Language language_of(const base::http::Request& request) {
  return web::choose_language(request.param("lang").value_or(""), request.header("accept-language").value_or(""));
}

Response html(int status, std::string body) { return base::http::page_response(status, std::move(body)); }

Response redirect(const std::string& where) {
  return {.status = 303, .headers = {{"Location", where}, {"Cache-Control", "no-store"}}, .body = {}};
}

base::Result<Venue> look_at_venue(Office& office) {
  Venue venue;
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime now) {
    venue = {box.config(), box.state().calendar().date_of(now), now, box.state().calendar()};
  });
  if (!done) return std::unexpected(done.error());
  return venue;
}

std::optional<Response> page_refusal(Office& office, const base::http::Request& request, const base::Result<ApiKey>& key) {
  const auto wait_s = office.page_too_soon(key ? key->name : std::string(), request.remote_address);
  return wait_s ? std::optional(too_often(*wait_s)) : std::nullopt;
}

base::Result<ApiKey> page_key(Office& office, const base::http::Request& request) { return office.keys.holder(presented_key(request)); }

Response guarded(Office& office, const base::http::Request& request, Scope scope, const std::function<Response(const ApiKey&)>& show) {
  if (request.method == "POST" && from_elsewhere(request))
    return problem({"scope-missing", "This form was sent from another site.", "Open the page at this server and send it from there."});
  if (auto refused = page_refusal(office, request, page_key(office, request))) return std::move(*refused);
  const auto key = office.keys.authorise(presented_key(request), scope);
  if (key) return show(*key);
  if (key.error().code == "key-wrong") return redirect("/sign-in?next=" + base::http::url_encode(own_path(request)));
  const auto venue = look_at_venue(office);
  return venue ? html(status_of(key.error().code), web::message_page(venue->frame(), key.error(), language_of(request))) : problem(venue.error());
}

}  // namespace promenade::ticketing::api
