#include "showcontrol/link/datagram.h"

#include <algorithm>

#include "showcontrol/link/random_source.h"
#include "tracking/base/crypto.h"
#include "tracking/base/formatted.h"

namespace promenade::link {

std::string to_string(Address address) {
  return base::formatted("{}.{}.{}.{}:{}", address.host >> 24, (address.host >> 16) & 255, (address.host >> 8) & 255, address.host & 255, address.port);
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) { std::ranges::copy(base::random_bytes(bytes.size()), bytes.begin()); }

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
}

}  // namespace promenade::link
