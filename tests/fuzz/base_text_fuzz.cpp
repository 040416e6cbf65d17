// Hex, base64 and the byte reader of tracking/base on any input: what is accepted encodes back to the same
// text, and a reader never hands out more than it was given.

#include <cctype>
#include <string>

#include "tracking/base/assert.h"
#include "tracking/base/bytes.h"

namespace {

using namespace promenade::base;

void text_round_trips(std::string_view text) {
  if (const auto bytes = from_hex(text)) {
    std::string lower(text);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    PROMENADE_ASSERT(to_hex(*bytes) == lower);
  }
  if (const auto bytes = from_base64url(text)) PROMENADE_ASSERT(to_base64url(*bytes) == text);
}

void bytes_round_trip(ByteView bytes) {
  const Bytes owned(bytes.begin(), bytes.end());
  PROMENADE_ASSERT(from_hex(to_hex(bytes)) == owned);
  PROMENADE_ASSERT(from_base64url(to_base64url(bytes)) == owned);
}

// The input is its own script: each byte says what is read next.
void reads_stay_inside(ByteView bytes) {
  ByteReader reader(bytes);
  while (reader.ok() && reader.remaining() > 0) {
    const std::size_t before = reader.remaining();
    switch (reader.u8() % 6) {
      case 0: reader.u16(); break;
      case 1: reader.u32(); break;
      case 2: reader.i64(); break;
      case 3: reader.f64(); break;
      case 4: PROMENADE_ASSERT(reader.text().size() <= before); break;
      default: PROMENADE_ASSERT(reader.raw(reader.u8()).size() <= before); break;
    }
    PROMENADE_ASSERT(reader.remaining() < before);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  text_round_trips(as_text(bytes));
  bytes_round_trip(bytes);
  reads_stay_inside(bytes);
  return 0;
}
