#include "tracking/base/http/server.h"

#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <type_traits>
#include <vector>

#include "tracking/base/assert.h"
#include "tracking/base/http/connection_pool.h"
#include "tracking/base/http/tls_context.h"

namespace promenade::base::http {
namespace {

// The library's listen backlog of 5 drops bursts of connections, which then wait a second for their retry.
constexpr int kBacklog = 512;
constexpr std::size_t kRequestsPerConnection = 100'000;
constexpr std::size_t kMostHead = 256U << 10;  // of a request; a body that is somewhat too large is read to its end, for a clear answer

// A server of the library, plain or with TLS: it accepts, parses and writes; who has a worker when is the pool's.
struct Listener {
  virtual ~Listener() = default;
  virtual httplib::Server& http() = 0;
  virtual bool deepen_backlog() = 0;
  virtual void serve(Connection& connection) = 0;
  ConnectionPool* pool = nullptr;
};

template <class Base>
class ListenerOf final : public Base, public Listener {
 public:
  using Base::Base;
  httplib::Server& http() override { return *this; }
  bool deepen_backlog() override { return ::listen(this->svr_sock_, kBacklog) == 0; }

  void serve(Connection& connection) override {
    if constexpr (std::is_same_v<Base, httplib::SSLServer>)
      if (!connection.secure(*this->ssl_context())) return;
    bool understood = false;  // else what follows on this connection is no request either
    const auto set_up_request = [&](httplib::Request& request) {
      understood = true;
      request.ssl = connection.ssl();
      request.headers.erase("Content-Encoding");  // nothing is unpacked: a small body could become a huge one
    };
    bool closing = false;
    for (std::size_t left = kRequestsPerConnection; left > 0 && !closing && connection.wait_for_request(); --left) {
      understood = false;
      if (!this->process_request(connection, connection.address(), 0, {}, 0, left == 1, closing, set_up_request) || !understood || connection.is_over()) return;
    }
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    pool->take(socket);
    return true;
  }
};

// What the library runs for an accepted connection only hands it to the pool, which is quick.
class HandOver final : public httplib::TaskQueue {
 public:
  explicit HandOver(ConnectionPool& pool) : pool_(pool) {}
  bool enqueue(std::function<void()> job) override {
    job();
    return true;
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  ConnectionPool& pool_;
};

Request to_request(const httplib::Request& in) {
  Request out;
  out.method = in.method;
  out.path = in.path;
  for (const auto& [name, value] : in.params) out.query.emplace(name, value);
  for (const auto& [name, value] : in.headers) out.headers.emplace(name, value);
  out.body = in.body;
  out.remote_address = in.remote_addr;
  out.peer_certificate = peer_fingerprint(in.ssl);
  return out;
}

void write(Response in, httplib::Response& out) {
  out.status = in.status;
  for (const auto& [name, value] : in.headers) out.set_header(name, value);
  out.set_content(std::move(in.body), in.content_type);
}

Result<void> bind_failure(const ServerOptions& options, int error) {
  const std::string where = options.bind_address + ":" + std::to_string(options.port);
  switch (error) {
    case EADDRINUSE:
      return fail("port-in-use", "Port " + std::to_string(options.port) + " on " + options.bind_address + " is in use by another program.",
                  "Stop that program or choose another port.");
    case EADDRNOTAVAIL:
      return fail("address-unavailable", "This computer has no address " + options.bind_address + ".",
                  "Bind to one of its own addresses, 127.0.0.1 or 0.0.0.0.");
    case EACCES:
      return fail("port-forbidden", "This user may not listen on " + where + ".", "Choose a port above 1023.");
    default:
      return fail("listen-failed",
                  "Cannot listen on " + where + ": " + (error == 0 ? "the address is not valid" : std::strerror(error)) + ".",
                  "Check the address and the port.");
  }
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  Router router;
  std::function<Response(const Request&, int, const std::string&)> error_writer =
      [](const Request&, int status, const std::string& detail) {
        return Response{.status = status, .headers = {}, .body = detail + "\n"};
      };
  std::unique_ptr<Listener> listening;
  Result<void> tls_ready;
  std::unique_ptr<ConnectionPool> pool;  // from start on
  std::thread accepting;
  int port = 0;

  void answer(const httplib::Request& in, httplib::Response& out) {
    Request request = to_request(in);
    Router::Match match = router.match(request.method, request.path);
    if (match.route == nullptr) {
      const bool other_method = !match.allowed_methods.empty();
      Response response = error_writer(request, other_method ? 405 : 404,
                                       other_method ? "This address does not take " + request.method + "."
                                                    : "There is nothing at " + request.path + ".");
      std::string allow;
      for (const auto& method : match.allowed_methods) allow += (allow.empty() ? "" : ", ") + method;
      if (other_method) response.headers["Allow"] = allow;
      write(std::move(response), out);
      return;
    }
    request.path_params = std::move(match.path_params);
    write(match.route->handler(request), out);
  }

  void make_listener() {
    if (!options.tls) {
      listening = std::make_unique<ListenerOf<httplib::Server>>();
      return;
    }
    listening = std::make_unique<ListenerOf<httplib::SSLServer>>([this](SSL_CTX& context) {
      tls_ready = set_up(context, *options.tls);
      return tls_ready.has_value();
    });
  }

  PoolLimits limits() const {
    const ConnectionLimits each{.request = options.request_timeout, .hurried = std::min(options.hurried_timeout, options.request_timeout), .answer = options.answer_timeout,
                                .idle = options.idle_timeout, .request_bytes = 2 * options.max_body_bytes + kMostHead};
    return {.workers = options.workers, .waiting = options.waiting_connections, .per_address = options.connections_per_address, .connection = each};
  }

  void configure() {
    httplib::Server& listener = listening->http();
    const auto handler = [this](const httplib::Request& in, httplib::Response& out) { answer(in, out); };
    const std::string any = ".*";
    listener.Get(any, handler).Post(any, handler).Put(any, handler).Patch(any, handler).Delete(any, handler);
    listener.set_tcp_nodelay(true);
    // The library's default adds SO_REUSEPORT, with which a second program would share the port unnoticed.
    listener.set_socket_options([](int socket) {
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    listener.set_payload_max_length(options.max_body_bytes);
    listener.set_keep_alive_timeout(std::chrono::ceil<std::chrono::seconds>(options.idle_timeout).count());
    listener.set_keep_alive_max_count(kRequestsPerConnection);
    listener.new_task_queue = [this] { return new HandOver(*pool); };  // the library deletes it
    listener.set_exception_handler([this](const httplib::Request& in, httplib::Response& out, std::exception_ptr) {
      write(error_writer(to_request(in), 500, "The request could not be handled."), out);
    });
    listener.set_error_handler([this](const httplib::Request& in, httplib::Response& out) {
      if (!out.body.empty() || out.status < 400) return httplib::Server::HandlerResponse::Unhandled;
      const std::string detail = out.status == 413 ? "The body is larger than " + std::to_string(options.max_body_bytes) + " bytes."
                                                   : "The request is not well-formed HTTP.";
      write(error_writer(to_request(in), out.status, detail), out);
      return httplib::Server::HandlerResponse::Handled;
    });
  }
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>()) {
  PROMENADE_ASSERT(options.workers > 0 && options.waiting_connections > 0);
  impl_->options = std::move(options);
  impl_->make_listener();
}

Server::~Server() { stop(); }

void Server::route(std::string method, std::string pattern, Handler handler) {
  PROMENADE_ASSERT(!impl_->accepting.joinable());
  impl_->router.add(std::move(method), std::move(pattern), std::move(handler));
}

void Server::set_error_writer(std::function<Response(const Request&, int, const std::string&)> writer) {
  PROMENADE_ASSERT(!impl_->accepting.joinable());
  impl_->error_writer = std::move(writer);
}

const std::vector<Route>& Server::routes() const { return impl_->router.routes(); }

Result<void> Server::start() {
  PROMENADE_ASSERT(!impl_->accepting.joinable());
  if (!impl_->tls_ready) return impl_->tls_ready;
  impl_->configure();
  const ServerOptions& options = impl_->options;
  httplib::Server& listener = impl_->listening->http();
  errno = 0;
  if (options.port == 0) {
    impl_->port = listener.bind_to_any_port(options.bind_address);
    if (impl_->port <= 0) return bind_failure(options, errno);
  } else {
    if (!listener.bind_to_port(options.bind_address, options.port)) return bind_failure(options, errno);
    impl_->port = options.port;
  }
  if (!impl_->listening->deepen_backlog()) return bind_failure(options, errno);
  impl_->pool = std::make_unique<ConnectionPool>(impl_->limits(), [&served = *impl_->listening](Connection& connection) { served.serve(connection); });
  impl_->listening->pool = impl_->pool.get();
  impl_->accepting = std::thread([&listener] { listener.listen_after_bind(); });
  listener.wait_until_ready();
  return {};
}

void Server::stop() {
  if (!impl_->accepting.joinable()) return;
  impl_->listening->http().stop();
  impl_->accepting.join();
}

std::uint16_t Server::port() const { return static_cast<std::uint16_t>(impl_->port); }

std::string Server::base_url() const {
  const bool is_v6 = impl_->options.bind_address.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + impl_->options.bind_address + "]" : impl_->options.bind_address;
  return (impl_->options.tls ? "https://" : "http://") + host + ":" + std::to_string(impl_->port);
}

std::uint64_t Server::refused_connections() const { return impl_->pool ? impl_->pool->refused() : 0; }

}  // namespace promenade::base::http
