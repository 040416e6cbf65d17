#include "ticketing/core/event.h"

#include "ticketing/core/json_fields.h"
#include "tracking/base/assert.h"

namespace promenade::ticketing {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kDomain = "promenade-event-1";
constexpr std::string_view kFormat = "promenade-ledger-1";
constexpr std::size_t kMaxHeaderLine = 1024;

std::unexpected<base::Error> malformed(std::uint64_t seq, const std::string& what) {
  return base::fail("event-malformed", "Event " + std::to_string(seq) + ": " + what + ".", "The ledger bytes were altered or cut.");
}

bool in_range(std::int64_t ms) { return ms >= -62'135'596'800'000 && ms < 253'402'300'800'000; }  // years 1 to 9999

}  // namespace

base::Bytes encode_event(const Event& event) {
  base::Bytes out;
  out.reserve(160 + event.body.size());
  base::ByteWriter w(out);
  w.u8(kVersion);
  w.u64(event.seq);
  w.i64(event.ts.time_since_epoch().count());
  w.i64(event.device_ts.time_since_epoch().count());
  w.u32(static_cast<std::uint32_t>(event.business_date.day().time_since_epoch().count()));
  w.text(event.kind);
  w.text(event.device);
  w.text(event.actor);
  w.text(event.idempotency_key);
  w.raw(event.prev_hash);
  w.u32(static_cast<std::uint32_t>(event.body.size()));
  w.raw(base::as_bytes(event.body));
  PROMENADE_ASSERT(out.size() <= kMaxEventBytes);
  return out;
}

base::Hash event_hash(base::ByteView stored, const base::VenueId& venue) {
  base::Bytes front(kDomain.begin(), kDomain.end());
  base::ByteWriter w(front);
  w.u8(0);
  w.text(venue.value());
  return base::Hasher().add(front).add(stored).finish();
}

base::Result<Event> decode_event(base::ByteView stored, const base::VenueId& venue) {
  if (stored.size() > kMaxEventBytes) return malformed(0, "it is longer than an event may be");
  base::ByteReader r(stored);
  if (r.u8() != kVersion) return malformed(0, "its version is not 1");
  Event event;
  event.seq = r.u64();
  const std::int64_t ts = r.i64(), device_ts = r.i64();
  const auto days = static_cast<std::int32_t>(r.u32());
  event.kind = r.text();
  event.device = r.text();
  event.actor = r.text();
  event.idempotency_key = r.text();
  const auto prev = r.raw(event.prev_hash.size());
  const std::uint32_t size = r.u32();
  if (!r.ok()) return malformed(event.seq, "it is cut short");
  if (size != r.remaining()) return malformed(event.seq, "its length does not fit its body");
  event.body = std::string(base::as_text(r.raw(size)));
  std::copy(prev.begin(), prev.end(), event.prev_hash.begin());
  if (event.seq == 0 || !in_range(ts) || !in_range(device_ts) || days < -719'162 || days > 2'932'896) {
    return malformed(event.seq, "a number or time is out of range");
  }
  event.ts = base::UtcTime(std::chrono::milliseconds(ts));
  event.device_ts = base::UtcTime(std::chrono::milliseconds(device_ts));
  event.business_date = BusinessDate(std::chrono::sys_days(std::chrono::days(days)));
  for (const auto* text : {&event.kind, &event.device, &event.actor, &event.idempotency_key, &event.body}) {
    if (!is_utf8(*text)) return malformed(event.seq, "a text is not UTF-8");
  }
  if (event.kind.empty()) return malformed(event.seq, "it has no kind");
  event.hash = event_hash(stored, venue);
  return event;
}

base::Result<Event> ChainChecker::next(base::ByteView stored) {
  auto event = decode_event(stored, venue_);
  if (!event) return event;
  if (event->seq != head_.seq + 1) {
    return base::fail("chain-gap", "Event " + std::to_string(event->seq) + " follows event " + std::to_string(head_.seq) + ".",
                      "Events were removed, added or reordered.");
  }
  if (event->prev_hash != head_.hash) {
    return base::fail("chain-broken", "Event " + std::to_string(event->seq) + " does not carry the hash of the event before it.",
                      "Event " + std::to_string(head_.seq) + " or this one was altered after it was booked.");
  }
  head_ = {event->seq, event->hash};
  return event;
}

std::string encode_export_header(const ExportHeader& header) {
  const nlohmann::json line = {{"format", kFormat}, {"venue", header.venue.value()}, {"first", header.first}, {"last", header.last},
                               {"head_hash", base::to_hex(header.head_hash)}};
  return canonical_text(line) + "\n";
}

void append_export_event(base::Bytes& out, base::ByteView stored) {
  base::ByteWriter w(out);
  w.u32(static_cast<std::uint32_t>(stored.size()));
  w.raw(stored);
}

base::Result<ExportReader> ExportReader::open(base::ByteView stream, ChainHead from) {
  const auto bad = [](const std::string& message) {
    return base::fail("export-malformed", message, "Ask for the export again.");
  };
  const std::string_view text = base::as_text(stream);
  const std::size_t end = text.substr(0, kMaxHeaderLine).find('\n');
  if (end == std::string_view::npos) return bad("The export has no header line.");
  const nlohmann::json line = nlohmann::json::parse(text.substr(0, end), nullptr, false);
  if (line.is_discarded()) return bad("The export's header line is not JSON.");
  FieldReader in(line, "export header", "export-malformed");
  ExportHeader header;
  if (in.text("format", 1, 40) != kFormat) in.reject("The export is not of the format promenade-ledger-1.");
  header.venue = base::VenueId(in.text("venue", 1, 80));
  header.first = in.sequence("first");
  header.last = in.sequence("last");
  header.head_hash = in.hash("head_hash");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  if (header.first != from.seq + 1) {
    return base::fail("export-start", "The export starts at event " + std::to_string(header.first) + ", not at " +
                                          std::to_string(from.seq + 1) + ".", "Ask for the events after the last one that is known.");
  }
  return ExportReader(std::move(header), from, stream.subspan(end + 1));
}

base::Result<std::optional<ExportReader::Item>> ExportReader::next() {
  if (in_.remaining() == 0) {
    if (auto done = whole(); !done) return std::unexpected(done.error());
    return std::nullopt;
  }
  const std::uint32_t size = in_.u32();
  const auto stored = in_.raw(size);
  if (!in_.ok()) {
    return base::fail("export-cut-short", "The export ends in the middle of the event after " + std::to_string(chain_.head().seq) + ".",
                      "Ask for the rest.");
  }
  auto event = chain_.next(stored);
  if (!event) return std::unexpected(event.error());
  return Item{std::move(*event), stored};
}

base::Result<void> ExportReader::whole() const {
  if (chain_.head().seq != header_.last) {
    return base::fail("export-cut-short", "The export promises events up to " + std::to_string(header_.last) + " and holds them up to " +
                                              std::to_string(chain_.head().seq) + ".", "Ask for the rest.");
  }
  if (chain_.head().hash != header_.head_hash) {
    return base::fail("export-head", "The last event of the export is not the one that its header promises.",
                      "The export or the ledger was altered.");
  }
  return {};
}

base::Result<ExportContent> read_export(base::ByteView stream, ChainHead from) {
  auto reader = ExportReader::open(stream, from);
  if (!reader) return std::unexpected(reader.error());
  ExportContent content{reader->header(), {}, {}};
  while (true) {
    auto item = reader->next();
    if (!item) return std::unexpected(item.error());
    if (!*item) return content;
    content.stored.emplace_back((*item)->stored.begin(), (*item)->stored.end());
    content.events.push_back(std::move((*item)->event));
  }
}

}  // namespace promenade::ticketing
