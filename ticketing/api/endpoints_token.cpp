// OAuth2 client credentials: RFC 6749, sections 2.3.1, 4.4 and 5.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/problem.h"
#include "tracking/base/crypto.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

struct Client {
  std::string id, secret;
};

// From the header Authorization: Basic, or else from the form.
std::optional<Client> client_of(const base::http::Request& request) {
  if (request.header("authorization").value_or("").starts_with("Basic ")) {
    const auto given = base::http::basic_credentials(request);
    return given ? std::optional(Client{given->user, given->password}) : std::nullopt;  // names and keys have nothing to escape
  }
  const auto id = request.param("client_id"), secret = request.param("client_secret");
  if (!id || !secret) return std::nullopt;
  return Client{std::string(*id), std::string(*secret)};
}

// A problem with the members that RFC 6749 asks for besides.
Response refusal(std::string_view error, const base::Error& why) {
  Response response = problem(why);
  json body = json::parse(response.body);
  body["error"] = error;
  body["error_description"] = why.message;
  response.body = body.dump() + "\n";
  response.content_type = "application/json";
  response.headers["Cache-Control"] = "no-store";
  if (response.status == 401) response.headers["WWW-Authenticate"] = "Basic realm=\"promenade-boxoffice\"";
  return response;
}

base::Result<std::set<Scope>> scopes_of(std::string_view text) {
  std::set<Scope> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) {
      const auto scope = parse_scope(text.substr(at, end - at));
      if (!scope) return std::unexpected(scope.error());
      out.insert(*scope);
    }
    at = end + 1;
  }
  return out;
}

}  // namespace

Response answer_token(Office& office, const base::http::Request& request) {
  if (request.param("grant_type") != "client_credentials")
    return refusal("unsupported_grant_type", {"request-malformed", "\"grant_type\" is not client_credentials.", "Send a form with grant_type=client_credentials."});
  const auto client = client_of(request);
  if (!client) return refusal("invalid_client", {"key-missing", "The request names no client.", "Send client_id and client_secret, as a form or by Authorization: Basic."});
  const auto wanted = scopes_of(request.param("scope").value_or(""));
  if (!wanted) return refusal("invalid_scope", {"request-malformed", wanted.error().message, wanted.error().advice});
  const auto token = office.keys.give_token(client->id, client->secret, *wanted);
  if (!token) return refusal(token.error().code == "scope-missing" ? "invalid_scope" : "invalid_client", token.error());
  std::string scopes;
  for (const Scope scope : token->scopes) scopes += (scopes.empty() ? "" : " ") + std::string(to_string(scope));
  Response response = json_response(200, {{"access_token", token->text}, {"token_type", "Bearer"}, {"expires_in", TokenBook::kLife.count()}, {"scope", scopes}});
  response.headers["Cache-Control"] = "no-store";
  return response;
}

}  // namespace promenade::ticketing::api
