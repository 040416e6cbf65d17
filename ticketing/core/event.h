#pragma once
// One event of the ledger, its stored bytes, the hash chain over them, and the export stream.
// Pure. The stored bytes are canonical: encode(decode(bytes)) == bytes, and anything else is refused.
//
// Stored bytes, little-endian: u8 version = 1, u64 seq, i64 ts_utc_ms, i64 device_ts_ms, i32 business_date (days
// since 1970-01-01), text kind, device, actor, idempotency_key (each u16 length and UTF-8), 32 bytes prev_hash,
// u32 body length, body (canonical JSON). hash = BLAKE2b-256("promenade-event-1", 0, text venue, stored bytes);
// the first event's prev_hash is zeros.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ticketing/core/business_date.h"
#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"

namespace promenade::ticketing {

struct Event {
  std::uint64_t seq = 0;  // 1..N without holes
  base::UtcTime ts;       // when the box office booked it
  base::UtcTime device_ts;
  BusinessDate business_date;  // the day it is booked to
  std::string kind, device, actor;
  std::string idempotency_key;  // empty for events that no request asked for
  std::string body;             // canonical JSON
  base::Hash prev_hash{};
  base::Hash hash{};  // not among the stored bytes
  friend bool operator==(const Event&, const Event&) = default;
};

inline constexpr std::size_t kMaxEventBytes = 1 << 20;

base::Bytes encode_event(const Event& event);  // without hash
// Error "event-malformed". The hash is computed, prev_hash is as stored; the chain is not checked.
base::Result<Event> decode_event(base::ByteView stored, const base::VenueId& venue);
base::Hash event_hash(base::ByteView stored, const base::VenueId& venue);

// Where a chain stands: the last event's number and hash; 0 and zeros before the first.
struct ChainHead {
  std::uint64_t seq = 0;
  base::Hash hash{};
  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

// Feeds events in order; each failure names the event and the check: "chain-gap", "chain-broken" (prev_hash is
// not the hash before it), "event-malformed". After a failure the head stays at the last good event.
class ChainChecker {
 public:
  explicit ChainChecker(base::VenueId venue, ChainHead from = {}) : venue_(std::move(venue)), head_(from) {}
  base::Result<Event> next(base::ByteView stored);
  const ChainHead& head() const { return head_; }

 private:
  base::VenueId venue_;
  ChainHead head_;
};

// The export stream: one JSON line {"first":..,"format":"promenade-ledger-1","head_hash":"..","last":..,
// "venue":".."} with the head of the last event it holds, then for each event u32 length and the stored bytes.
struct ExportHeader {
  base::VenueId venue;
  std::uint64_t first = 1, last = 0;  // last < first: no events
  base::Hash head_hash{};             // of event `last`; of event first - 1 where there are none
  friend bool operator==(const ExportHeader&, const ExportHeader&) = default;
};
std::string encode_export_header(const ExportHeader& header);  // with its newline
void append_export_event(base::Bytes& out, base::ByteView stored);

// Reads an export stream event by event and checks the chain from FROM on, which must be at first - 1. Errors as of
// ChainChecker, and "export-malformed", "export-cut-short", "export-head" (the last event is not the one the header
// promises; told after the last one), "export-start". After an error nothing of the stream is to be believed. STREAM outlives it.
class ExportReader {
 public:
  struct Item {
    Event event;
    base::ByteView stored;  // in the stream
  };
  static base::Result<ExportReader> open(base::ByteView stream, ChainHead from = {});
  const ExportHeader& header() const { return header_; }
  base::Result<std::optional<Item>> next();  // nothing: that was all, and it was whole
  const ChainHead& head() const { return chain_.head(); }

 private:
  ExportReader(ExportHeader header, ChainHead from, base::ByteView events) : header_(std::move(header)), chain_(header_.venue, from), in_(events) {}
  base::Result<void> whole() const;

  ExportHeader header_;
  ChainChecker chain_;
  base::ByteReader in_;
};

// The same in one: a whole stream.
struct ExportContent {
  ExportHeader header;
  std::vector<base::Bytes> stored;
  std::vector<Event> events;
};
base::Result<ExportContent> read_export(base::ByteView stream, ChainHead from = {});

}  // namespace promenade::ticketing
