#include "tracking/base/http/message.h"

#include <utility>
#include <algorithm>

#include "tracking/base/bytes.h"

namespace promenade::base::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

template <class Map>
std::optional<std::string_view> find(const Map& map, std::string_view name) {
  const auto at = map.find(typename Map::key_type(name));
  if (at == map.end()) return std::nullopt;
  return at->second;
}

}  // namespace

bool CaseInsensitiveLess::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, [](char x, char y) { return lower(x) < lower(y); });
}

std::optional<std::string_view> Request::header(std::string_view name) const { return find(headers, name); }
std::optional<std::string_view> Request::param(std::string_view name) const { return find(query, name); }
std::optional<std::string_view> Response::header(std::string_view name) const { return find(headers, name); }

std::optional<BasicCredentials> basic_credentials(const Request& request) {
  constexpr std::string_view kBasic = "Basic ";
  const auto header = request.header("authorization");
  if (!header || !header->starts_with(kBasic)) return std::nullopt;
  std::string text(header->substr(kBasic.size()));
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  const std::string_view pair = as_text(*bytes);
  const auto cut = pair.find(':');
  if (cut == std::string_view::npos) return std::nullopt;
  return BasicCredentials{std::string(pair.substr(0, cut)), std::string(pair.substr(cut + 1))};
}

Response page_response(int status, std::string html) {
  return {.status = status, .content_type = "text/html; charset=utf-8",
          .headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
                      {"Referrer-Policy", "same-origin"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(html)};
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace promenade::base::http
