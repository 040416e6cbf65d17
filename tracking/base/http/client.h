#pragma once
// An HTTP/1.1 client of one server, with keep-alive, TCP_NODELAY and bounded times and answers. Blocking; one
// thread at a time uses it, only cancel() may come from another. Any HTTP status is a value; failing to get
// one is an error: "http-unreachable" (nothing was sent), "http-interrupted" (it is unknown whether the server
// acted: retry with the same idempotency key), "http-answer-too-large", "http-bad-url".

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tracking/base/http/message.h"
#include "tracking/base/http/tls.h"
#include "tracking/base/result.h"

namespace promenade::base::http {

struct ClientOptions {
  std::string base_url;  // "http://HOST:PORT" or "https://HOST", without a path
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds read_timeout{10'000};
  std::size_t max_answer_bytes = 64U << 20;
  Headers headers;  // sent with every request
  ClientTls tls = {};  // of "https://"
};

class Client {
 public:
  static Result<Client> open(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // `target` is path and query, already encoded.
  Result<Response> get(const std::string& target, const Headers& headers = {});
  Result<Response> post(const std::string& target, std::string body, std::string_view content_type,
                        const Headers& headers = {});
  Result<Response> send(std::string_view method, const std::string& target, std::string body,
                        std::string_view content_type, const Headers& headers);
  void cancel();  // ends a request that is under way; thread-safe
  const std::string& base_url() const;

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::base::http
