#include "ticketing/circuit/witness_sink.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace promenade::ticketing::circuit {
namespace {

using base::http::Response;

constexpr std::size_t kMaxVenues = 10'000;

int status_of(std::string_view code) {
  if (code == "key-wrong") return 401;
  if (code == "checkpoint-none") return 404;
  if (code.ends_with("-malformed")) return 400;
  if (code.starts_with("witness-") || code == "disk-full") return 503;
  return 409;
}

Response problem(const base::Error& error) {
  const int status = status_of(error.code);
  const nlohmann::json body{{"type", "urn:promenade:problem:" + error.code}, {"title", status == 409 ? "The witness refuses this" : "The request cannot be answered"}, {"status", status},
                            {"code", error.code}, {"detail", error.message}, {"advice", error.advice}};
  return {.status = status, .content_type = "application/problem+json", .headers = {}, .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

bool is_venue(const std::string& text) {
  return !text.empty() && text.size() <= 80 && text[0] != '.' &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

WitnessSink::WitnessSink(std::string folder, std::string key, base::http::ServerOptions options) : folder_(std::move(folder)), key_(std::move(key)), server_(std::move(options)) {
  for (const char* method : {"GET", "POST"}) server_.route(method, "/v1/witness/{venue}", [this](const base::http::Request& request) { return answer(request); });
  server_.route("GET", "/healthz", [](const base::http::Request&) { return Response{.content_type = "application/json", .headers = {}, .body = "{\"status\":\"ok\"}\n"}; });
}

WitnessSink::~WitnessSink() { stop(); }
base::Result<void> WitnessSink::start() { return server_.start(); }
void WitnessSink::stop() { server_.stop(); }

base::Result<store::WitnessFile*> WitnessSink::file_of(const std::string& venue, bool may_begin) {
  if (!is_venue(venue)) return base::fail("venue-malformed", "That is not the id of a venue.", "Use the id in boxoffice.toml.");
  const auto known = files_.find(venue);
  if (known != files_.end()) return &known->second;
  const std::string path = folder_ + "/" + venue + ".witness";
  std::error_code missing;
  if (!may_begin && !std::filesystem::exists(path, missing)) return base::fail("checkpoint-none", "This witness has seen nothing of the venue " + venue + ".", "Send its first checkpoint.");
  if (files_.size() >= kMaxVenues) return base::fail("witness-full", "This witness holds all the venues that it can.", "Start another.");
  auto file = store::WitnessFile::open(path, base::VenueId(venue));
  if (!file) return std::unexpected(file.error());
  return &files_.emplace(venue, std::move(*file)).first->second;
}

Response WitnessSink::answer(const base::http::Request& request) {
  if (!key_.empty() && request.header("authorization").value_or("") != "Bearer " + key_) return problem({"key-wrong", "The key is missing or not this witness's.", "Send Authorization: Bearer KEY."});
  const std::lock_guard lock(mutex_);
  const std::string& venue = request.path_params.at("venue");
  const bool offers = request.method == "POST";
  std::optional<Submission> submission;
  if (offers) {
    const auto body = nlohmann::json::parse(request.body, nullptr, false);
    auto read = submission_from_json(body);
    if (!read) return problem(read.error());
    // Before a file is begun, so that a request that holds nothing leaves nothing.
    Witness fresh{base::VenueId(venue)};
    if (auto done = fresh.offer(*read); !done) return problem(done.error());
    submission = std::move(*read);
  }
  const auto file = file_of(venue, offers);
  if (!file) return problem(file.error());
  if (submission) {
    if (auto done = (*file)->offer(*submission); !done) return problem(done.error());
  }
  if (!(*file)->last()) return problem({"checkpoint-none", "This witness has seen nothing of the venue " + venue + ".", "Send its first checkpoint."});
  return {.status = 200, .content_type = "application/json", .headers = {{"Cache-Control", "no-store"}}, .body = to_json(*(*file)->last()).dump() + "\n"};
}

}  // namespace promenade::ticketing::circuit
