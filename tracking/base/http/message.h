#pragma once
// HTTP requests and responses as plain values, the same for server and client. Pure; owned by one thread at a
// time. Header names compare without regard to case; everything else is exact. Bodies are bytes in a string.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace promenade::base::http {

struct CaseInsensitiveLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

using Headers = std::map<std::string, std::string, CaseInsensitiveLess>;

struct Request {
  std::string method;                        // upper case
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded query parameters, and the fields of a posted form
  Headers headers;
  std::string body;
  std::map<std::string, std::string> path_params;  // what the route's {names} matched
  std::string remote_address;                      // of the peer, without port; server only
  std::string peer_certificate = {};               // its fingerprint (tls.h), proven; server with TLS only

  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::string_view> param(std::string_view name) const;  // from the query
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  Headers headers;
  std::string body;

  std::optional<std::string_view> header(std::string_view name) const;
};

// What a request says by Authorization: Basic (RFC 7617); nothing where it says nothing readable there.
struct BasicCredentials {
  std::string user, password;
};
std::optional<BasicCredentials> basic_credentials(const Request& request);

// A page that needs no script and nothing from elsewhere, is framed by nobody, kept by no cache, and sends its forms home.
Response page_response(int status, std::string html);

// Percent-encodes everything but RFC 3986 unreserved characters, for one path segment or query value.
std::string url_encode(std::string_view text);

}  // namespace promenade::base::http
