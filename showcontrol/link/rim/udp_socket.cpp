#include "showcontrol/link/rim/udp_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tracking/base/assert.h"

namespace promenade::link {

namespace {

constexpr int kReceiveBuffer = 4 << 20;
constexpr int kRetries = 16;  // of one call, after a neighbour's ICMP error or an oversized datagram

sockaddr_in system_address(Address address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(address.host);
  out.sin_port = htons(address.port);
  return out;
}

std::string system_says(int error) { return std::generic_category().message(error); }

}  // namespace

Moment system_moment() {
  return {std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch()),
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

base::Result<Address> resolve(const std::string& host, std::uint16_t port) {
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_DGRAM;
  if (port == 0 || host.empty() || getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0 || found == nullptr) {
    return base::fail("address-invalid", "\"" + host + ":" + std::to_string(port) + "\" is no address of a hall.",
                      "Give the hall server's name or IPv4 address and its port.");
  }
  const auto* address = reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  const Address made{ntohl(address->sin_addr.s_addr), port};
  freeaddrinfo(found);
  return made;
}

base::Result<std::unique_ptr<UdpSocket>> UdpSocket::open(const std::string& bind, std::uint16_t port) {
  in_addr parsed{};
  if (inet_pton(AF_INET, bind.c_str(), &parsed) != 1) {
    return base::fail("address-invalid", "\"" + bind + "\" is not an IPv4 address.", "Give the address of one of this machine's interfaces, or 0.0.0.0.");
  }
  const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return base::fail("socket-failed", "No UDP socket could be opened: " + system_says(errno) + ".", "Raise the limit of open files.");
  std::unique_ptr<UdpSocket> made(new UdpSocket(descriptor, {}));
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);  // the system may give less
  sockaddr_in address = system_address({ntohl(parsed.s_addr), port});
  socklen_t size = sizeof address;
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    const int error = errno;
    const std::string where = bind + ":" + std::to_string(port);
    if (error == EADDRINUSE) {
      return base::fail("port-in-use", "UDP port " + where + " is in use by another program.", "Stop the other hall program or choose another port.");
    }
    return base::fail("bind-failed", "UDP port " + where + " cannot be opened: " + system_says(error) + ".",
                      "Check that the address belongs to this machine and the port is allowed.");
  }
  PROMENADE_ASSERT(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  made->local_ = {ntohl(address.sin_addr.s_addr), ntohs(address.sin_port)};
  return made;
}

UdpSocket::~UdpSocket() { ::close(descriptor_); }

void UdpSocket::send(Address to, base::ByteView datagram) {
  const sockaddr_in address = system_address(to);
  // A full socket buffer loses it, as a network would.
  static_cast<void>(::sendto(descriptor_, datagram.data(), datagram.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

std::optional<DatagramSocket::Received> UdpSocket::receive(std::span<std::uint8_t> buffer) {
  for (int i = 0; i < kRetries; ++i) {
    sockaddr_in from{};
    socklen_t from_size = sizeof from;
    const ssize_t size = ::recvfrom(descriptor_, buffer.data(), buffer.size(), MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
    if (size < 0 || static_cast<std::size_t>(size) > buffer.size()) continue;
    return Received{{ntohl(from.sin_addr.s_addr), ntohs(from.sin_port)}, static_cast<std::size_t>(size)};
  }
  return std::nullopt;
}

void UdpSocket::wait(base::Duration at_most) {
  if (at_most.count() <= 0) return;
  pollfd watched{descriptor_, POLLIN, 0};
  const timespec limit{static_cast<time_t>(at_most.count() / 1'000'000), static_cast<long>(at_most.count() % 1'000'000 * 1'000)};
  ::ppoll(&watched, 1, &limit, nullptr);
}

}  // namespace promenade::link
