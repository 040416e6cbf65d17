// A device's end of the secure link on whatever comes from the hall's address: nothing crashes, and what it says fits into a
// datagram. An input is datagrams, each behind its length (2 bytes). The corpus holds what a hall answered to a device of the same
// seed, so that mutations reach the handshake and, behind it, what is open.

#include <memory>

#include "showcontrol/link/device_end.h"
#include "tracking/base/assert.h"

namespace {

using namespace promenade;
using namespace promenade::link;

struct Device {
  SeededRandom random{base::Random(4)};
  base::UtcTime utc = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  std::shared_ptr<const SessionSettings> settings;
  Device() {
    const Authority authority = Authority::make("fuzzed", utc, random);
    auto made = SessionSettings::make(SessionSettings::End::device, *authority.issue(Role::headset, "1", utc, random), random);
    PROMENADE_ASSERT(made.has_value());
    settings = *made;
  }
};

void check(std::vector<base::Bytes>& outgoing) {
  for (const base::Bytes& bytes : outgoing) PROMENADE_ASSERT(bytes.size() <= kOuterMax);
  outgoing.clear();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Device device;
  device.random = SeededRandom(base::Random(6));
  DeviceEnd end(device.settings);
  base::ByteReader reader({data, size});
  Moment now{base::Duration{1'000'000}, device.utc};
  for (int i = 0; i < 32 && reader.remaining() > 2; ++i) {
    end.tick(now);
    check(end.outgoing());
    const std::size_t length = std::min<std::size_t>(reader.u16(), reader.remaining());
    end.receive(reader.raw(length), now);
    if (end.state() == Session::State::open) static_cast<void>(end.send(DatagramKind::enet, base::as_bytes("a pose")));
    check(end.outgoing());
    for (const DeviceEnd::Inner& inner : end.delivered()) PROMENADE_ASSERT(inner.bytes.size() <= kInnerMax);
    end.delivered().clear();
    now.steady += base::Duration{1'000};
  }
  return 0;
}
