#pragma once
// One accepted connection as cpp-httplib reads and writes it, within our times and sizes: a request has one deadline from its
// first byte to its last, and so has an answer. Owned by one thread at a time. Internal to tracking/base/http.

#include <httplib.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tracking/base/http/tls_context.h"

namespace promenade::base::http {

struct ConnectionLimits {
  std::chrono::milliseconds request{10'000};  // all of a request; the TLS handshake likewise
  std::chrono::milliseconds hurried{1'000};   // the same while others wait
  std::chrono::milliseconds answer{60'000};   // all of an answer; while others wait no longer than a request
  std::chrono::milliseconds idle{5'000};      // until a request begins; while others wait it is not waited for
  std::size_t request_bytes = 0;              // a request that is larger is read no further
};

class Connection final : public httplib::Stream {
 public:
  // OTHERS_WAIT: somebody has no worker because of those who have one. PLACE is held while the connection is open.
  Connection(int socket, std::string address, const ConnectionLimits& limits, std::function<bool()> others_wait, std::shared_ptr<void> place);
  ~Connection() override;  // closes it
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool secure(SSL_CTX& context);  // by TLS; false: the handshake failed or took too long
  bool wait_for_request();        // false: none has begun, and the connection is not worth a worker any more
  bool is_over() const { return over_; }  // closed, too slow or too large: what comes next is no request
  const SSL* ssl() const { return ssl_.get(); }
  const std::string& address() const { return address_; }

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* into, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Step { done, wait, failed };
  bool is_late() const;         // with the request
  bool is_answer_late() const;
  bool has_more() const;        // that is read already
  bool fill();
  Step receive(char* into, std::size_t size, std::size_t& got);
  Step send(const char* data, std::size_t size, std::size_t& sent);
  Step step_of_tls(int result);
  bool wait(const std::function<bool()>& enough);  // until the socket is ready; false: ENOUGH said so first

  const int socket_;
  const std::string address_;
  const ConnectionLimits& limits_;
  const std::function<bool()> others_wait_;
  const std::shared_ptr<void> place_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::array<char, 4096> buffer_;
  std::size_t next_ = 0, end_ = 0;  // in the buffer
  std::size_t taken_ = 0;           // bytes of this request
  Clock::time_point began_ = Clock::now();
  std::optional<Clock::time_point> answered_;
  short awaited_ = 0;               // by poll
  bool is_first_ = true;
  bool over_ = false;
};

}  // namespace promenade::base::http
