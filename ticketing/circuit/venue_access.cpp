#include "ticketing/circuit/venue_access.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/pull.h"

namespace promenade::ticketing::circuit {
namespace {

constexpr std::int64_t kMostLife_s = 86'400;

// A minute before it ends, or half of its life where that is less.
std::chrono::seconds kept_for(std::int64_t life_s) {
  const std::int64_t life = std::clamp<std::int64_t>(life_s, 0, kMostLife_s);
  return std::chrono::seconds(life - std::min<std::int64_t>(60, life / 2));
}

}  // namespace

base::Result<std::string> VenueTokens::token(const VenueRecord& venue, base::http::Client& client, const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    const auto at = held_.find(venue.id);
    if (at != held_.end() && at->second.id == venue.access.client_id && at->second.secret == venue.api_key && at->second.url == venue.url && clock_() < at->second.until) return at->second.token;
  }
  const auto begun = clock_();
  const std::string form = "grant_type=client_credentials&scope=read&client_id=" + base::http::url_encode(venue.access.client_id) + "&client_secret=" + base::http::url_encode(venue.api_key);
  const auto response = client.post(path + "/v1/oauth/token", form, "application/x-www-form-urlencoded");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(venue_error(*response));
  const auto body = nlohmann::json::parse(response->body, nullptr, false);
  const bool whole = body.is_object() && body.contains("access_token") && body["access_token"].is_string() && body.contains("expires_in") && body["expires_in"].is_number_integer();
  if (!whole) return base::fail("http-error", "The venue " + venue.venue.value() + " gave no access token.", "Check that a box office runs at this address.");
  std::string token = body["access_token"];
  if (std::ranges::any_of(token, [](char c) { return c <= ' ' || c >= 0x7F; })) return base::fail("http-error", "The access token of " + venue.venue.value() + " is none.", "Ask the venue.");
  const std::lock_guard lock(mutex_);
  held_[venue.id] = {venue.access.client_id, venue.api_key, venue.url, token, begun + kept_for(body["expires_in"].get<std::int64_t>())};
  return token;
}

void VenueTokens::forget(const VenueRecord& venue) {
  const std::lock_guard lock(mutex_);
  held_.erase(venue.id);
}

base::http::ClientTls tls_of(const VenueAccess& access) { return {access.certificate_file, access.key_file, access.ca_file}; }

bool has_token(const VenueRecord& venue) { return !venue.access.client_id.empty(); }

base::Result<void> check_access(const std::string& api_key, const VenueAccess& access) {
  if (access.certificate_file.empty() != access.key_file.empty()) return base::fail("usage", "A certificate needs its key, and a key its certificate.", "Give --certificate and --certificate-key.");
  if (!access.client_id.empty() && api_key.empty()) return base::fail("usage", "The client " + access.client_id + " has no secret.", "Give --key-file FILE: the client's secret is the venue's key of that name.");
  if (api_key.empty() && access.certificate_file.empty()) return base::fail("usage", "A venue needs an API key with the scope read, or a certificate.", "Give --key-file FILE, or --certificate and --certificate-key.");
  return {};
}

}  // namespace promenade::ticketing::circuit
