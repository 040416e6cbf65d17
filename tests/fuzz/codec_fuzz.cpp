// The codec on any bytes: nothing crashes, and what decodes encodes to something that decodes to the same.

#include "showcontrol/protocol/codec.h"
#include "tracking/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promenade::protocol;
  const auto first = decode({data, size});
  if (!first) return 0;
  PROMENADE_ASSERT(check_encodable(*first).has_value());
  const auto bytes = encode(*first);
  const auto second = decode(bytes);
  PROMENADE_ASSERT(second.has_value());
  const auto third = decode(encode(*second));
  PROMENADE_ASSERT(third.has_value());
  // A quaternion whose two largest parts are alike may be written in either of two ways.
  if (type_of(*third) != MessageType::headset_state) PROMENADE_ASSERT(encode(*third) == encode(*second));
  return 0;
}
