#include "showcontrol/rehearsal/http_box_office.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

std::string target_of(const ticketing::Request& request) {
  if (std::holds_alternative<ticketing::SaleRequest>(request)) return "/v1/sales";
  if (std::holds_alternative<ticketing::RefundRequest>(request)) return "/v1/refunds";
  PROMENADE_ASSERT(std::holds_alternative<ticketing::Observation>(request));  // people ask for nothing else
  return "/v1/observations";
}

base::Error away(std::string why) {
  return {"box-office-away", base::formatted("The box office did not answer: {}", why), "Ask again with the same idempotency key."};
}

}  // namespace

base::Result<std::unique_ptr<HttpBoxOffice>> HttpBoxOffice::open(const std::string& url, const std::string& key) {
  auto client = base::http::Client::open({.base_url = url, .headers = {{"Authorization", "Bearer " + key}}});
  if (!client) return std::unexpected(client.error());
  return std::unique_ptr<HttpBoxOffice>(new HttpBoxOffice(std::move(*client)));
}

HttpBoxOffice::HttpBoxOffice(base::http::Client client)
    : client_(std::move(client)), worker_([this](std::stop_token stop) { work(stop); }) {}

HttpBoxOffice::~HttpBoxOffice() {
  worker_.request_stop();
  client_.cancel();
}

void HttpBoxOffice::ask(const ticketing::Request& request, Done done) {
  if (unanswered_ >= kWaiting || !questions_.push({request, done})) {
    done(std::unexpected(away("too many requests wait for it.")));
    return;
  }
  ++unanswered_;
}

void HttpBoxOffice::deliver() {
  while (auto reply = replies_.try_pop()) {
    --unanswered_;
    reply->done(reply->answer);
  }
}

void HttpBoxOffice::work(std::stop_token stop) {
  while (auto question = questions_.pop(stop)) {
    Reply reply{std::move(question->done), post(question->request)};
    const bool kept = replies_.push(std::move(reply));
    PROMENADE_ASSERT(kept);  // never more replies than questions that were let in
  }
}

base::Result<ticketing::Answer> HttpBoxOffice::post(const ticketing::Request& request) {
  const auto response = client_.post(target_of(request), ticketing::to_json(request).dump(), "application/json");
  if (!response) return std::unexpected(away(response.error().message));
  if (response->status >= 200 && response->status < 300) return ticketing::answer_from_text(response->body);
  if (response->status >= 500 || response->status == 429) return std::unexpected(away(base::formatted("HTTP {}.", response->status)));
  const nlohmann::json problem = nlohmann::json::parse(response->body, nullptr, false);  // RFC 9457
  if (!problem.is_object()) return base::fail("http-error", base::formatted("The box office answered with HTTP {}.", response->status));
  return base::fail(problem.value("code", base::formatted("http-{}", response->status)), problem.value("detail", std::string()),
                    problem.value("advice", std::string()));
}

}  // namespace promenade::rehearsal
