#pragma once
// Messages to bytes and back: little-endian, bit-packed, every field with a range (tables in docs/protocol.md).
// Pure. A packet is one message: type (1 byte), body length (2 bytes), body. A body may be longer than what this
// version knows: the rest is skipped, so later versions may add fields at the end.
//
// Encoding clamps measurements (positions, speeds, ages; sizes that guard people are rounded up) and asserts what
// only a programmer can get wrong (ids, counts, text lengths, film codes): `check_encodable` tells beforehand, for
// values that come from files or people. Decoding refuses everything out of range and never allocates more than
// the bounds of messages.h.

#include <cstddef>
#include <cstdint>
#include <string>

#include "showcontrol/protocol/messages.h"
#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::protocol {

enum class MessageType : std::uint8_t {
  hello = 1, headset_state = 2, clock_request = 3, choose_film = 4, rate_film = 5,
  welcome = 16, hall_state = 17, clock_reply = 18, refusal = 19,
  staff_hello = 32, staff_welcome = 33, staff_command = 34, staff_reply = 35, tag_report = 36,
  hall_summary = 37, headset_card = 38, body_card = 39, film_card = 40, staff_alarm = 41, play_forecast = 42,
};
MessageType type_of(const Message& message);

base::Bytes encode(const Message& message);
void encode_into(const Message& message, base::Bytes& out);       // appends
void encode_into(const HeadsetState& message, base::Bytes& out);  // appends; without a copy into a Message

// What had to be left out of a HallState to keep it within `limit` bytes, in the order in which it goes: menu
// entries from the end, planned points of neighbours from the end, then neighbours from the end (the list is
// nearest in time first). Lists beyond kMenuMax and kNeighboursMax lose their ends first. Everything else,
// safety above all, is always sent. At most 1,000 bytes are ever needed, so a limit of kDatagramMax trims nothing
// within those bounds.
struct Trimmed {
  std::size_t menu = 0;
  std::size_t planned = 0;
  std::size_t neighbours = 0;
  friend bool operator==(const Trimmed&, const Trimmed&) = default;
};
Trimmed encode_into(const HallState& message, base::Bytes& out, std::size_t limit = kDatagramMax);  // appends

// Codes: "message-short", "message-length", "message-type" (unknown), "message-field" (out of range; names it).
base::Result<Message> decode(base::ByteView packet);

// Code "message-field", naming the first field that cannot be encoded.
base::Result<void> check_encodable(const Message& message);
bool is_wire_film(const FilmId& film);  // exactly twelve decimal digits

// What the other end will have: placement to 1 cm and 0.1 degree, scale to 0.001. The hall rounds before it plans.
tracking::Placement wire_placement(const tracking::Placement& placement);
double wire_scale(double scale);

// Markdown table of a message's fields in wire order: name, bits, unit, range. For docs/protocol.md.
std::string field_table(MessageType type);

}  // namespace promenade::protocol
