#include "showcontrol/link/rim/udp_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::link {

namespace {

constexpr int kReceiveBuffer = 4 << 20;
constexpr int kRetries = 16;  // of one call, after a neighbour's ICMP error or an oversized datagram
constexpr std::size_t kBatch = 8, kSlot = 2048;  // datagrams taken at once, and bytes of each: more than any of the link

sockaddr_in system_address(Address address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(address.host);
  out.sin_port = htons(address.port);
  return out;
}

struct Clocks {  // read together
  base::Duration steady = system_steady();
  timespec wall = [] {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now;
  }();
};

// The kernel stamps by the wall clock, so what is taken from the stamp is how long ago that was. Without a stamp, or where the
// wall clock has been set meanwhile, it is now.
base::Duration arrival(msghdr& message, const Clocks& now) {
  constexpr base::Duration kWaitedMost{1'000'000};
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    const base::Duration ago{(now.wall.tv_sec - stamp.tv_sec) * 1'000'000 + (now.wall.tv_nsec - stamp.tv_nsec) / 1'000};
    if (ago > base::Duration{0} && ago < kWaitedMost) return now.steady - ago;
  }
  return now.steady;
}

std::string system_says(int error) { return std::generic_category().message(error); }

}  // namespace

// Each look at the socket costs as much as all else that is done with a small datagram, so one look takes several, and one that took
// fewer than it had room for stands for the look that would find nothing.
struct UdpSocket::Batch {
  struct Place {
    sockaddr_in from{};
    iovec into{};
    alignas(cmsghdr) std::array<std::uint8_t, 128> beside;
    std::array<std::uint8_t, kSlot> bytes;
  };
  std::array<Place, kBatch> places;
  std::array<mmsghdr, kBatch> headers{};
  Clocks clocks;      // when they were taken
  std::size_t next = 0, count = 0;
  bool last = false;  // nothing was left when these were taken

  // False: nothing is there. Otherwise `count` may be 0 as well, after a neighbour's error.
  bool take(int descriptor) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      Place& place = places[i];
      place.into = {place.bytes.data(), place.bytes.size()};
      msghdr& message = headers[i].msg_hdr;
      message.msg_name = &place.from;
      message.msg_namelen = sizeof place.from;
      message.msg_iov = &place.into;
      message.msg_iovlen = 1;
      message.msg_control = place.beside.data();
      message.msg_controllen = place.beside.size();
    }
    next = count = 0;
    const int taken = ::recvmmsg(descriptor, headers.data(), kBatch, MSG_TRUNC, nullptr);
    if (taken < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    clocks = Clocks();
    count = static_cast<std::size_t>(taken);
    last = count < kBatch;
    return true;
  }
};

UdpSocket::UdpSocket(int descriptor, Address local) : descriptor_(descriptor), local_(local), batch_(std::make_unique<Batch>()) {}

base::Duration system_steady() { return std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch()); }
Moment system_moment() { return {system_steady(), std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())}; }

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
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
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
  Batch& batch = *batch_;
  for (int i = 0; i < kRetries; ++i) {
    if (batch.next == batch.count) {
      if (std::exchange(batch.last, false) || !batch.take(descriptor_)) return std::nullopt;
      continue;
    }
    const std::size_t taken = batch.next++;
    const std::size_t size = batch.headers[taken].msg_len;
    const Batch::Place& place = batch.places[taken];
    if (size > buffer.size() || size > place.bytes.size()) continue;
    std::copy_n(place.bytes.begin(), size, buffer.begin());
    return Received{{ntohl(place.from.sin_addr.s_addr), ntohs(place.from.sin_port)}, size, arrival(batch.headers[taken].msg_hdr, batch.clocks)};
  }
  return std::nullopt;
}

void UdpSocket::wait(base::Duration at_most) {
  if (at_most.count() <= 0 || batch_->next < batch_->count) return;
  batch_->last = false;
  pollfd watched{descriptor_, POLLIN, 0};
  const timespec limit{static_cast<time_t>(at_most.count() / 1'000'000), static_cast<long>(at_most.count() % 1'000'000 * 1'000)};
  ::ppoll(&watched, 1, &limit, nullptr);
}

}  // namespace promenade::link
