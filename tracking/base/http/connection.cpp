#include "tracking/base/http/connection.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace promenade::base::http {
namespace {

constexpr int kLookMs = 20;  // how often a connection that waits looks whether it still may

bool is_ready(int socket, short events, int wait_ms) {
  pollfd one{socket, events, 0};
  return ::poll(&one, 1, wait_ms) > 0;
}

}  // namespace

Connection::Connection(int socket, std::string address, const ConnectionLimits& limits, std::function<bool()> others_wait, std::shared_ptr<void> place)
    : socket_(socket), address_(std::move(address)), limits_(limits), others_wait_(std::move(others_wait)), place_(std::move(place)) {
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
}

Connection::~Connection() {
  if (ssl_ && !over_ && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
  ssl_.reset();
  ::shutdown(socket_, SHUT_RDWR);
  ::close(socket_);
}

bool Connection::secure(SSL_CTX& context) {
  began_ = Clock::now();
  ssl_.reset(SSL_new(&context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) return false;
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  while (!is_late()) {
    const Step step = step_of_tls(SSL_accept(ssl_.get()));
    if (step == Step::done) return true;
    if (step == Step::failed || !wait([this] { return is_late(); })) break;
  }
  over_ = true;
  return false;
}

bool Connection::wait_for_request() {
  const auto since = Clock::now();
  const auto enough = [&] {
    const auto waited = Clock::now() - since;
    return waited >= (!others_wait_() ? limits_.idle : is_first_ ? limits_.hurried : std::chrono::milliseconds(0));
  };
  awaited_ = POLLIN;
  if (!has_more() && !wait(enough)) return false;
  is_first_ = false;
  began_ = Clock::now();
  answered_.reset();
  taken_ = end_ - next_;
  return true;
}

bool Connection::is_late() const { return Clock::now() - began_ >= (others_wait_() ? limits_.hurried : limits_.request); }

bool Connection::is_answer_late() const { return Clock::now() - *answered_ >= (others_wait_() ? limits_.request : limits_.answer); }

bool Connection::has_more() const { return next_ < end_ || (ssl_ && SSL_pending(ssl_.get()) > 0); }

bool Connection::wait(const std::function<bool()>& enough) {
  while (!is_ready(socket_, awaited_, kLookMs))
    if (enough()) return false;
  return true;
}

Connection::Step Connection::step_of_tls(int result) {
  if (result > 0) return Step::done;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: awaited_ = POLLIN; return Step::wait;
    case SSL_ERROR_WANT_WRITE: awaited_ = POLLOUT; return Step::wait;
    default: return Step::failed;
  }
}

Connection::Step Connection::receive(char* into, std::size_t size, std::size_t& got) {
  if (ssl_) return step_of_tls(SSL_read_ex(ssl_.get(), into, size, &got));
  const ssize_t n = ::recv(socket_, into, size, 0);
  got = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  awaited_ = POLLIN;
  if (n > 0) return Step::done;
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? Step::wait : Step::failed;
}

Connection::Step Connection::send(const char* data, std::size_t size, std::size_t& sent) {
  if (ssl_) return step_of_tls(SSL_write_ex(ssl_.get(), data, size, &sent));
  const ssize_t n = ::send(socket_, data, size, MSG_NOSIGNAL);
  sent = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  awaited_ = POLLOUT;
  if (n > 0) return Step::done;
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? Step::wait : Step::failed;
}

bool Connection::fill() {
  while (!over_ && !is_late() && taken_ < limits_.request_bytes) {
    std::size_t got = 0;
    const Step step = receive(buffer_.data(), buffer_.size(), got);
    if (step == Step::done) {
      next_ = 0;
      end_ = got;
      taken_ += got;
      return true;
    }
    if (step == Step::failed || !wait([this] { return is_late(); })) break;
  }
  over_ = true;
  return false;
}

ssize_t Connection::read(char* into, std::size_t size) {
  if (next_ == end_ && !fill()) return -1;
  const std::size_t count = std::min(size, end_ - next_);
  std::memcpy(into, buffer_.data() + next_, count);
  next_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, std::size_t size) {
  if (!answered_) answered_ = Clock::now();
  std::size_t done = 0;
  while (done < size && !is_answer_late()) {
    std::size_t sent = 0;
    const Step step = send(data + done, size - done, sent);
    if (step == Step::done) done += sent;
    else if (step == Step::failed || !wait([this] { return is_answer_late(); })) break;
  }
  if (done == size) return static_cast<ssize_t>(size);
  over_ = true;
  return -1;
}

bool Connection::is_readable() const { return has_more() || is_ready(socket_, POLLIN, 0); }
bool Connection::is_writable() const { return !over_; }

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = address_;
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace promenade::base::http
