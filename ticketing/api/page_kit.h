#pragma once
// What the clerk's pages share: the language of a request, whole HTML answers with their security headers, the key
// check by cookie, and the venue's facts. Thread-safe; a form from another site is refused.

#include <functional>
#include <optional>
#include <string>

#include "ticketing/api/endpoints.h"
#include "ticketing/web/counter_pages.h"

namespace promenade::ticketing::api {

inline constexpr std::string_view kKeyCookie = "promenade_key";

std::string cookie_key(const base::http::Request& request);  // empty: none
bool from_elsewhere(const base::http::Request& request);  // a form that another site's page sends carries its origin
web::Language language_of(const base::http::Request& request);
base::http::Response html(int status, std::string body);
base::http::Response redirect(const std::string& where);

// What every page needs of the box office, taken in one look.
struct Venue {
  Config config;
  BusinessDate today;
  base::UtcTime now;
  std::optional<BusinessCalendar> calendar;
  web::CounterFrame frame() const { return {config.name_zh, config.name_en, today.text()}; }
};

base::Result<Venue> look_at_venue(Office& office);

// What is answered to who asks for pages too often; nothing where he does not. KEY: who asks, where that is known.
std::optional<base::http::Response> page_refusal(Office& office, const base::http::Request& request, const base::Result<ApiKey>& key);
base::Result<ApiKey> page_key(Office& office, const base::http::Request& request);  // the holder of the request's key

// Runs SHOW for a key with SCOPE; else leads to sign-in, or says that the key does not allow it.
base::http::Response guarded(Office& office, const base::http::Request& request, Scope scope,
                             const std::function<base::http::Response(const ApiKey&)>& show);

// After an evacuation: /evacuations and what its forms lead to.
void add_evacuation_pages(Office& office, base::http::Server& server);

}  // namespace promenade::ticketing::api
