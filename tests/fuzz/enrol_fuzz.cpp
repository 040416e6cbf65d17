// Enrolment on any bytes: as an invitation's text, and as a datagram to a hall and to a device that wait. Nothing crashes,
// nobody gets a certificate without proof, and what reads as an invitation is written as the same.

#include "showcontrol/link/enrolment.h"
#include "tracking/base/assert.h"

namespace {

using namespace promenade;
using namespace promenade::link;

const base::UtcTime kUtc = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

struct World {  // the corpus was made with the same seeds
  SeededRandom random{base::Random(4)};
  Authority authority = Authority::make("fuzzed", kUtc, random);
  Moment now{base::Duration{1'000'000}, kUtc};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (const auto invitation = read_invitation(base::as_text({data, size}))) {
    const auto again = read_invitation(to_text(*invitation));
    PROMENADE_ASSERT(again.has_value() && again->token == invitation->token && again->root == invitation->root);
  }
  world.random = SeededRandom(base::Random(5));
  Token token;
  world.random.fill(token);
  EnrolDevice device(std::nullopt, world.random);  // its session is the corpus's
  device.confirm();
  token[0] ^= 1;  // not the corpus's: no proof in it is right
  EnrolHall hall(world.authority.root(), token, world.now, world.random, [](std::string_view) -> base::Result<std::string> {
    PROMENADE_ASSERT(false && "nobody has proved anything");
    return {};
  });
  base::ByteReader reader({data, size});
  for (int i = 0; i < 8 && reader.remaining() > 2; ++i) {
    const std::size_t length = std::min<std::size_t>(reader.u16(), reader.remaining());
    const auto reply = hall.receive({1, 2}, reader.raw(length), world.now);
    PROMENADE_ASSERT(!reply || reply->bytes.size() <= kOuterMax);
  }
  static_cast<void>(hall.code());
  device.receive({data, size}, world.now);
  PROMENADE_ASSERT(!device.done().has_value());
  return 0;
}
