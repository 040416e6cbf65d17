#pragma once
// How a circuit shows a venue who it is: an API key; or, by OAuth2 client credentials (RFC 6749, section 4.4), an access token
// that is kept until shortly before it ends; and a certificate where it has one, with a key or in its place. Thread-safe.

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "ticketing/circuit/venue_record.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::circuit {

class VenueTokens {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit VenueTokens(Clock clock = std::chrono::steady_clock::now) : clock_(std::move(clock)) {}

  // The token of VENUE, asked of CLIENT below PATH where none is held. Errors: those of the client and of the venue.
  base::Result<std::string> token(const VenueRecord& venue, base::http::Client& client, const std::string& path);
  void forget(const VenueRecord& venue);  // it was refused

 private:
  struct Held {
    std::string id, secret, url;  // that it was given for
    std::string token;
    std::chrono::steady_clock::time_point until;
  };
  Clock clock_;
  std::mutex mutex_;
  std::map<std::int32_t, Held> held_;  // by venue
};

// A client of VENUE at SERVER that shows its certificate, where it has one, and no key yet.
base::http::ClientTls tls_of(const VenueAccess& access);
bool has_token(const VenueRecord& venue);  // works with access tokens
// Error "usage" where an access is not complete: neither key nor certificate, a certificate without its key, a client without a secret.
base::Result<void> check_access(const std::string& api_key, const VenueAccess& access);

}  // namespace promenade::ticketing::circuit
