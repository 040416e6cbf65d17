#include "ticketing/api/problem.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "ticketing/web/names.h"

namespace promenade::ticketing::api {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 52> kStatus{{
    {"request-malformed", 400},
    {"query-malformed", 400},
    {"date-malformed", 400},
    {"time-malformed", 400},
    {"money-malformed", 400},
    {"ticket-malformed", 400},
    {"wait-needs-poll-listener", 400},
    {"http-malformed", 400},
    {"key-missing", 401},
    {"key-wrong", 401},
    {"certificate-unknown", 401},
    {"scope-missing", 403},
    {"page-elsewhere", 403},
    {"not-found", 404},
    {"ticket-unknown", 404},
    {"film-unknown", 404},
    {"screening-unknown", 404},
    {"lane-unknown", 404},
    {"hall-unknown", 404},
    {"sensor-unknown", 404},
    {"redemption-unknown", 404},
    {"grant-unknown", 404},
    {"play-unknown", 404},
    {"day-unknown", 404},
    {"revision-unknown", 404},
    {"checkpoint-none", 404},
    {"reservation-unknown", 404},
    {"discount-unknown", 404},
    {"voucher-unknown", 404},
    {"national-not-reported", 404},
    {"record-unknown", 404},
    {"gate-unknown", 404},
    {"method-not-allowed", 405},
    {"body-too-large", 413},
    {"rate-limited", 429},
    {"idempotency-mismatch", 422},
    {"ticket-forged", 422},
    {"internal", 500},
    {"ledger-inconsistent", 500},
    {"ledger-unreadable", 500},
    {"ledger-write-failed", 503},
    {"stopping", 503},
    {"busy", 503},
    {"keys-unreadable", 503},
    {"keys-malformed", 503},
    {"disk-full", 507},
    {"event-malformed", 500},
    {"chain-gap", 500},
    {"chain-broken", 500},
    {"checkpoint-malformed", 500},
    {"http-error", 500},
    {"environment", 500},
}};

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "The request is not right";
    case 401: return "A key is needed";
    case 403: return "The key does not allow this";
    case 404: return "There is no such thing";
    case 405: return "This method is not for this address";
    case 409: return "The ledger refuses this";
    case 413: return "The request is too large";
    case 422: return "The request cannot be accepted";
    case 429: return "Too many requests";
    case 503: return "The box office cannot do this now";
    case 507: return "The disk is full";
    default: return "The box office failed";
  }
}

}  // namespace

int status_of(std::string_view error_code) {
  for (const auto& [code, status] : kStatus)
    if (code == error_code) return status;
  return 409;
}

base::http::Response problem(const base::Error& error, std::string_view field) {
  return problem(status_of(error.code), error, field);
}

base::http::Response too_often(std::int64_t wait_s) {
  base::http::Response refused = problem({"rate-limited", "Too many requests in a short time.", "Ask again in " + std::to_string(wait_s) + " s, with the same idempotency key."});
  refused.headers["Retry-After"] = std::to_string(wait_s);
  return refused;
}

base::http::Response problem(int status, const base::Error& error, std::string_view field) {
  nlohmann::json body{{"type", "urn:promenade:problem:" + error.code},
                      {"title", title_of(status)},
                      {"status", status},
                      {"code", error.code},
                      {"detail", error.message}};
  if (!error.advice.empty()) body["advice"] = error.advice;
  if (const std::string_view zh = web::refusal_zh(error.code); !zh.empty()) body["detail_zh"] = zh;
  if (!field.empty()) body["field"] = field;
  base::http::Response response{.status = status, .content_type = "application/problem+json", .headers = {}, .body = {}};
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (status == 401) response.headers["WWW-Authenticate"] = "Bearer realm=\"promenade-boxoffice\"";
  if (status == 503) response.headers["Retry-After"] = "1";
  return response;
}

}  // namespace promenade::ticketing::api
