#include "tracking/base/http/client.h"

#include <httplib.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace promenade::base::http {

struct Client::Impl {
  ClientOptions options;
  std::unique_ptr<httplib::Client> http;
};

namespace {

std::unexpected<Error> transport_failure(httplib::Error error, const std::string& url, bool too_large) {
  if (too_large)
    return fail("http-answer-too-large", "The answer of " + url + " is larger than allowed.", "Ask for less at once.");
  const std::string why = httplib::to_string(error);
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification:
      return fail("http-unreachable", "No server answers at " + url + " (" + why + ").",
                  "Check that it runs and that the address is right.");
    default:
      return fail("http-interrupted", "The connection to " + url + " broke before its answer (" + why + ").",
                  "Send the request again with the same idempotency key.");
  }
}

}  // namespace

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Client> Client::open(ClientOptions options) {
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  const bool has_scheme = options.base_url.starts_with("http://") || options.base_url.starts_with("https://");
  const std::string rest = has_scheme ? options.base_url.substr(options.base_url.find("//") + 2) : "";
  const auto bad_url = [&] {
    return fail("http-bad-url", "'" + options.base_url + "' is not the address of a server.",
                "Give http://HOST:PORT or https://HOST:PORT.");
  };
  if (rest.empty() || rest.find_first_of("/?# ") != std::string::npos) return bad_url();
  auto impl = std::make_unique<Impl>();
  try {
    impl->http = std::make_unique<httplib::Client>(options.base_url, options.tls.certificate_file, options.tls.key_file);
  } catch (const std::exception&) {
    return bad_url();
  }
  if (!impl->http->is_valid()) {
    if (!options.tls.certificate_file.empty())
      return fail("tls-unusable", options.tls.certificate_file + " and " + options.tls.key_file + " are not a certificate and its key.", "Give PEM files that this user may read.");
    return bad_url();
  }
  if (!options.tls.ca_file.empty()) impl->http->set_ca_cert_path(options.tls.ca_file);
  impl->http->set_tcp_nodelay(true);
  impl->http->set_keep_alive(true);
  impl->http->set_connection_timeout(options.connect_timeout);
  impl->http->set_read_timeout(options.read_timeout);
  impl->http->set_write_timeout(options.read_timeout);
  impl->http->set_url_encode(false);
  impl->options = std::move(options);
  return Client(std::move(impl));
}

Result<Response> Client::get(const std::string& target, const Headers& headers) {
  return send("GET", target, {}, {}, headers);
}

Result<Response> Client::post(const std::string& target, std::string body, std::string_view content_type,
                              const Headers& headers) {
  return send("POST", target, std::move(body), content_type, headers);
}

Result<Response> Client::send(std::string_view method, const std::string& target, std::string body,
                              std::string_view content_type, const Headers& headers) {
  httplib::Request request;
  request.method = std::string(method);
  request.path = target;
  for (const auto& [name, value] : impl_->options.headers) request.headers.emplace(name, value);
  for (const auto& [name, value] : headers) {
    request.headers.erase(name);
    request.headers.emplace(name, value);
  }
  if (!content_type.empty()) request.set_header("Content-Type", std::string(content_type));
  request.body = std::move(body);
  std::string received;
  bool too_large = false;
  const std::size_t limit = impl_->options.max_answer_bytes;
  request.response_handler = [&](const httplib::Response& head) {
    received.reserve(std::min<std::uint64_t>(head.get_header_value_u64("Content-Length"), limit));  // room that is not used takes no memory
    return true;
  };
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    too_large = received.size() + size > limit;
    if (!too_large) received.append(data, size);
    return !too_large;
  };
  const httplib::Result result = impl_->http->send(request);
  if (!result) return transport_failure(result.error(), impl_->options.base_url, too_large);
  Response response;
  response.status = result->status;
  for (const auto& [name, value] : result->headers) response.headers.emplace(name, value);
  response.content_type = result->get_header_value("Content-Type");
  response.body = std::move(received);
  return response;
}

void Client::cancel() { impl_->http->stop(); }
const std::string& Client::base_url() const { return impl_->options.base_url; }

}  // namespace promenade::base::http
