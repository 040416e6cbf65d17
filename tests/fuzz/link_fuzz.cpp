// The hall's end of the secure link on any datagrams: nothing crashes, nothing is delivered and nobody is let in. An input
// is datagrams, each behind its length (2 bytes). The corpus holds what an honest device said to a hall of the same seed, so
// that its cookies are good and mutations reach the handshake.

#include <memory>

#include "showcontrol/link/hall_end.h"
#include "tracking/base/assert.h"

namespace {

using namespace promenade;
using namespace promenade::link;

struct Hall {
  SeededRandom random{base::Random(4)};
  base::UtcTime utc = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  Authority authority = Authority::make("fuzzed", utc, random);
  std::shared_ptr<const SessionSettings> settings;
  Hall() {
    auto made = SessionSettings::make(SessionSettings::End::hall, *authority.issue(Role::hall, "hall", utc, random), random);
    PROMENADE_ASSERT(made.has_value());
    settings = *made;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Hall hall;
  hall.random = SeededRandom(base::Random(5));
  static_cast<void>(read_revocation_list(base::as_text({data, size}), hall.authority.root()));
  HallEnd end(hall.settings, {});
  hall.random = SeededRandom(base::Random(7));  // the same cookies as in the corpus, but never the same handshake
  base::ByteReader reader({data, size});
  Moment now{base::Duration{1'000'000}, hall.utc};
  for (int i = 0; i < 16 && reader.remaining() > 2; ++i) {
    const std::size_t length = std::min<std::size_t>(reader.u16(), reader.remaining());
    const base::ByteView datagram = reader.raw(length);
    static_cast<void>(protected_records(datagram));
    end.receive({0x0a000101, 40000}, datagram, now);
    now.steady += base::Duration{1'000};
    end.tick(now);
    while (auto work = end.take_work(now)) {
      work->run();
      end.give_back(std::move(*work), now);
    }
    for (const Outgoing& one : end.outgoing()) PROMENADE_ASSERT(one.bytes.size() <= kOuterMax);
    end.outgoing().clear();
  }
  PROMENADE_ASSERT(end.connections() == 0 && end.delivered().empty());
  return 0;
}
