#include "tests/bench/farm_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "showcontrol/link/rim/udp_socket.h"

namespace promenade::bench {

FarmSocket::FarmSocket(std::uint32_t host) : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) throw std::runtime_error("no UDP socket for each headset: raise the limit of open files (ulimit -n)");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  socklen_t size = sizeof address;
  const bool bound = ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!bound) {
    ::close(descriptor_);
    throw std::runtime_error("a headset's address on the loopback (127.1.0.0/16) cannot be used here");
  }
  local_ = {host, ntohs(address.sin_port)};
}

FarmSocket::~FarmSocket() { ::close(descriptor_); }

link::Moment FarmSocket::now() const { return link::system_moment(); }
base::Duration FarmSocket::steady() const { return link::system_steady(); }

void FarmSocket::send(link::Address to, base::ByteView datagram) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(to.host);
  address.sin_port = htons(to.port);
  static_cast<void>(::sendto(descriptor_, datagram.data(), datagram.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

std::optional<link::DatagramSocket::Received> FarmSocket::receive(std::span<std::uint8_t> buffer) {
  sockaddr_in from{};
  socklen_t size = sizeof from;
  const ssize_t got = ::recvfrom(descriptor_, buffer.data(), buffer.size(), MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &size);
  if (got < 0 || static_cast<std::size_t>(got) > buffer.size()) return std::nullopt;
  return Received{{ntohl(from.sin_addr.s_addr), ntohs(from.sin_port)}, static_cast<std::size_t>(got), link::system_steady()};
}

}  // namespace promenade::bench
