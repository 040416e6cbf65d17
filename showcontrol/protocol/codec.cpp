#include "showcontrol/protocol/codec.h"

#include <array>
#include <charconv>
#include <utility>

#include "showcontrol/protocol/staff_fields.h"
#include "tracking/base/assert.h"

namespace promenade::protocol {

namespace {

constexpr std::size_t kHeaderSize = 3;

constexpr std::array kTypes{
    MessageType::hello, MessageType::headset_state, MessageType::clock_request, MessageType::choose_film, MessageType::rate_film,
    MessageType::welcome, MessageType::hall_state, MessageType::clock_reply, MessageType::refusal,
    MessageType::staff_hello, MessageType::staff_welcome, MessageType::staff_command, MessageType::staff_reply,
    MessageType::tag_report, MessageType::hall_summary, MessageType::headset_card, MessageType::body_card, MessageType::film_card, MessageType::staff_alarm,
    MessageType::play_forecast};
constexpr std::array kNames{"Hello", "HeadsetState", "ClockRequest", "ChooseFilm", "RateFilm", "Welcome", "HallState",
                            "ClockReply", "Refusal", "StaffHello", "StaffWelcome", "StaffCommand", "StaffReply",
                            "TagReport", "HallSummary", "HeadsetCard", "BodyCard", "FilmCard", "StaffAlarm", "PlayForecast"};
static_assert(kTypes.size() == std::variant_size_v<Message> && kNames.size() == kTypes.size());

template <class T, std::size_t I = 0>
constexpr std::size_t index_of() {
  if constexpr (std::is_same_v<T, std::variant_alternative_t<I, Message>>) return I;
  else return index_of<T, I + 1>();
}
template <class T>
constexpr std::size_t kLimitOf = std::is_same_v<T, HeadsetState> || std::is_same_v<T, HallState> ? kDatagramMax : kReliableMax;

struct Written {
  std::size_t size = 0;  // header included
  const char* fault = nullptr;
};

template <class T>
Written write(std::uint8_t* storage, std::size_t capacity, const T& message, Take take = {}) {
  WriteIo io(storage + kHeaderSize, capacity - kHeaderSize);
  io.take = take;
  fields(io, message);
  const std::size_t body = io.bits().finish();
  storage[0] = static_cast<std::uint8_t>(kTypes[index_of<T>()]);
  storage[1] = static_cast<std::uint8_t>(body);
  storage[2] = static_cast<std::uint8_t>(body >> 8);
  return {kHeaderSize + body, io.fault() != nullptr ? io.fault() : (io.bits().full() ? "size" : nullptr)};
}

template <class T>
void append(const T& message, base::Bytes& out) {
  std::uint8_t storage[kLimitOf<T>];
  const Written written = write(storage, sizeof storage, message);
  PROMENADE_ASSERT(written.fault == nullptr);
  out.insert(out.end(), storage, storage + written.size);
}

// How many things of `bits` each go, of `count`, to save `over` bits.
std::size_t drop(std::size_t count, std::size_t bits, std::size_t& over) {
  const std::size_t dropped = std::min(count, (over + bits - 1) / bits);
  over -= std::min(over, dropped * bits);
  return dropped;
}

template <class T>
base::Result<Message> read(base::ByteView body, std::size_t index) {
  base::Result<Message> message{std::in_place, std::in_place_type<T>};  // read where it is returned: some are large
  ReadIo io(body);
  fields(io, *std::get_if<T>(&*message));
  if (io.fault() != nullptr) {
    return base::fail("message-field", std::string(kNames[index]) + "." + io.fault() + " is missing or out of range.");
  }
  return message;
}

using ReadFunction = base::Result<Message> (*)(base::ByteView, std::size_t);
template <std::size_t... I>
constexpr std::array<ReadFunction, sizeof...(I)> readers(std::index_sequence<I...>) {
  return {&read<std::variant_alternative_t<I, Message>>...};
}

template <std::size_t I = 0>
std::string table_of(std::size_t index) {
  if constexpr (I < std::variant_size_v<Message>) {
    if (index != I) return table_of<I + 1>(index);
    std::variant_alternative_t<I, Message> message{};
    TableIo io;
    fields(io, message);
    return "| field | bits | unit | range |\n|---|---|---|---|\n" + io.table();
  } else {
    return {};
  }
}

}  // namespace

std::optional<std::uint64_t> film_number(const FilmId& film) {
  const std::string& text = film.value();
  if (text.empty()) return kNoFilm;
  if (text.size() != 12) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

FilmId film_from_number(std::uint64_t number) {
  if (number == kNoFilm) return FilmId{};
  std::string text(12, '0');
  for (std::size_t i = 12; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
  return FilmId{text};
}

MessageType type_of(const Message& message) { return kTypes[message.index()]; }
std::string_view name_of(const Message& message) { return kNames[message.index()]; }

Delivery delivery_of(const Message& message) {
  switch (type_of(message)) {
    case MessageType::headset_state:
    case MessageType::hall_state:
    case MessageType::tag_report:
    case MessageType::hall_summary:
    case MessageType::headset_card:
    case MessageType::body_card:
    case MessageType::play_forecast: return Delivery::unreliable;
    case MessageType::clock_request:
    case MessageType::clock_reply: return Delivery::beside;
    default: return Delivery::reliable;
  }
}

namespace {
template <class E, std::size_t N>
std::string_view name_in(const std::array<const char*, N>& names, E value) {
  const auto index = static_cast<std::size_t>(value);
  PROMENADE_ASSERT(index < N);
  return names[index];
}
}  // namespace

std::string_view to_string(Phase phase) {
  constexpr std::array names{"idle",   "arrived", "redeemed", "fitted",     "calibrated", "choosing", "waiting", "guided",
                             "playing", "held",   "finished", "guided_out", "returned",   "cleaning", "swapped", "out_of_order"};
  return name_in(names, phase);
}
std::string_view to_string(TrackingQuality quality) { return name_in(std::array{"good", "inferred", "lost"}, quality); }
std::string_view to_string(Relation relation) { return name_in(std::array{"stranger", "group", "pair", "staff", "unknown_body", "lost", "lost_of_group", "placed_staff"}, relation); }
std::string_view to_string(Settlement settlement) { return name_in(std::array{"open", "resume", "rebook", "refund"}, settlement); }
std::string_view to_string(ContactState state) { return name_in(std::array{"none", "ready", "alarm", "fault"}, state); }
std::string_view to_string(Latecomer latecomer) { return name_in(std::array{"none", "waits", "led"}, latecomer); }
std::string_view to_string(WaitsFor waits_for) {
  return name_in(std::array{"none", "scene", "play", "body", "companion", "ready", "start", "plan"}, waits_for);
}
std::string_view to_string(DoorName door) { return name_in(std::array{"entrance", "exit"}, door); }
std::string_view to_string(PlayRun run) { return name_in(std::array{"running", "paused", "ended"}, run); }
std::string_view to_string(BlockStage stage) { return name_in(std::array{"before", "walking", "in_scene", "done"}, stage); }
std::string_view to_string(Trouble trouble) {
  return name_in(std::array{"film_damaged", "film_incomplete", "film_newer", "film_missing", "no_sound", "no_picture", "no_runtime", "no_headset"}, trouble);
}

Trimmed encode_into(const HallState& message, base::Bytes& out, std::size_t limit) {
  Trimmed trimmed;
  trimmed.menu = message.menu.size() - std::min(message.menu.size(), kMenuMax);
  trimmed.neighbours = message.neighbours.size() - std::min(message.neighbours.size(), kNeighboursMax);
  std::uint8_t storage[kDatagramMax];
  Take take;
  Written written = write(storage, sizeof storage, message, take);
  PROMENADE_ASSERT(written.fault == nullptr);
  if (written.size > limit) {
    std::size_t over = (written.size - limit) * 8;
    std::size_t with_plan = 0;
    const std::size_t listed = message.neighbours.size() - trimmed.neighbours;
    for (std::size_t i = 0; i < listed; ++i) with_plan += message.neighbours[i].planned.empty() ? 0 : 1;
    const std::size_t menu = message.menu.size() - trimmed.menu;
    const std::size_t menu_dropped = drop(menu, kMenuEntryBits, over);
    const std::size_t planned_dropped = drop(with_plan, kPlannedBits, over);
    const std::size_t neighbours_dropped = drop(listed, kNeighbourBits, over);
    take = {menu - menu_dropped, listed - neighbours_dropped, with_plan - planned_dropped};
    trimmed.menu += menu_dropped;
    trimmed.planned = planned_dropped;
    trimmed.neighbours += neighbours_dropped;
    written = write(storage, sizeof storage, message, take);
  }
  out.insert(out.end(), storage, storage + written.size);
  return trimmed;
}

void encode_into(const HeadsetState& message, base::Bytes& out) { append(message, out); }

void encode_into(const Message& message, base::Bytes& out) {
  std::visit(
      [&](const auto& m) {
        if constexpr (std::is_same_v<std::decay_t<decltype(m)>, HallState>) static_cast<void>(encode_into(m, out, kDatagramMax));
        else append(m, out);
      },
      message);
}

base::Bytes encode(const Message& message) {
  base::Bytes out;
  encode_into(message, out);
  return out;
}

base::Result<Message> decode(base::ByteView packet) {
  static constexpr auto kReaders = readers(std::make_index_sequence<std::variant_size_v<Message>>{});
  if (packet.size() < kHeaderSize) return base::fail("message-short", "The packet is shorter than a message header.");
  const std::size_t body = packet[1] | static_cast<std::size_t>(packet[2]) << 8;
  if (packet.size() != kHeaderSize + body) {
    return base::fail("message-length", "The packet's length is not what its header says.");
  }
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (packet[0] == static_cast<std::uint8_t>(kTypes[i])) return kReaders[i](packet.subspan(kHeaderSize), i);
  }
  return base::fail("message-type", "Message type " + std::to_string(packet[0]) + " is not known to this version.");
}

base::Result<void> check_encodable(const Message& message) {
  std::uint8_t storage[kReliableMax];
  const Written written = std::visit([&](const auto& m) { return write(storage, sizeof storage, m); }, message);
  if (written.fault == nullptr) return {};
  return base::fail("message-field", std::string(name_of(message)) + "." + written.fault + " cannot be sent: it is out of range.");
}

bool is_wire_film(const FilmId& film) {
  const auto number = film_number(film);
  return number && *number != kNoFilm;
}

tracking::Placement wire_placement(const tracking::Placement& placement) {
  std::uint8_t storage[16];
  const auto fields_of = [](auto& io, auto& p) {
    io.angle("yaw", p.yaw);
    io.measure("x", p.shift.x, kShiftScale);
    io.measure("y", p.shift.y, kShiftScale);
    io.measure("rise", p.rise, kRiseScale);
  };
  WriteIo writer(storage, sizeof storage);
  fields_of(writer, placement);
  PROMENADE_ASSERT(writer.fault() == nullptr);
  ReadIo reader({storage, writer.bits().finish()});
  tracking::Placement rounded = placement;
  fields_of(reader, rounded);
  return rounded;
}

double wire_scale(double scale) { return kFilmScale.value(kFilmScale.raw(scale)); }

std::string field_table(MessageType type) {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (kTypes[i] == type) return table_of(i);
  }
  return {};
}

namespace {
std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 12);
  PROMENADE_ASSERT(error == std::errc{});
  return {text.data(), end};
}
}  // namespace

void TableIo::row(const std::string& name, const std::string& bits, const std::string& unit, const std::string& range) {
  table_ += "| " + prefix_ + name + " | " + bits + " | " + unit + " | " + range + " |\n";
}

void TableIo::measure(const char* name, double&, const Scale& scale, bool up) {
  row(name, std::to_string(scale.bits), number_text(1.0 / scale.per_unit) + " " + scale.unit,
      number_text(scale.value(0)) + ".." + number_text(scale.value(scale.most())) + (up ? ", clamped, rounded up" : ", clamped"));
}

void TableIo::point(const char* name, HallPoint& value) {
  measure((std::string(name) + ".x").c_str(), value.x, kPositionScale);
  measure((std::string(name) + ".y").c_str(), value.y, kPositionScale);
}

void TableIo::duration(const char* name, unsigned bits, Duration&, Duration step, bool up) {
  const std::int64_t most = step.count() * ((std::int64_t{1} << bits) - 1);
  row(name, std::to_string(bits), number_text(base::to_seconds(step)) + " s",
      "0.." + number_text(base::to_seconds(Duration{most})) + " s, clamped" + (up ? ", rounded up" : ""));
}

}  // namespace promenade::protocol
