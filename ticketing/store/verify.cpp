#include "ticketing/store/verify.h"

#include <algorithm>

namespace promenade::ticketing::store {
namespace {

constexpr std::size_t kCheckpointsAtOnce = 1000;

std::string event_name(std::uint64_t seq) { return "Event " + std::to_string(seq); }

// Event SEQ does not carry the hash of the one before. Whichever the event after SEQ still fits is the one that is right.
BadEvent broken_link(const Ledger& ledger, const Event& event) {
  const auto after = ledger.read(event.seq, 1);
  const bool itself = after && !after->events.empty() && after->events.front().prev_hash != event.hash;
  const std::uint64_t bad = itself ? event.seq : event.seq - 1;
  return {bad, {"chain-broken", event_name(event.seq) + " does not carry the hash of the event before it: event " + std::to_string(bad) + " was replaced, its hash with it.",
                "Restore the ledger from a copy; keep the damaged file."}};
}

}  // namespace

std::optional<BadEvent> replay(const Ledger& ledger, Replay& out) {
  std::optional<BadEvent> bad;
  const auto stop = [&](std::uint64_t seq, base::Error error) -> base::Result<void> {
    bad = BadEvent{seq, std::move(error)};
    return std::unexpected(bad->error);
  };
  const auto done = ledger.for_each([&](const StoredRow& row) -> base::Result<void> {
    const std::uint64_t seq = out.head.seq + 1;
    if (row.seq != seq) {
      return stop(seq, {"chain-gap", event_name(row.seq) + " follows event " + std::to_string(out.head.seq) + ".",
                        "Events were removed, added or reordered: restore the ledger from a copy; keep the damaged file."});
    }
    const auto event = decode_event(row.stored, out.state.venue());
    if (!event || event->seq != seq || !std::ranges::equal(event->hash, row.hash)) {
      const std::string what = !event ? event.error().message : event_name(seq) + " has other bytes than those its hash was kept for.";
      return stop(seq, {event ? "event-altered" : "event-malformed", what, "It was altered after it was booked: restore the ledger from a copy; keep the damaged file."});
    }
    if (event->prev_hash != out.head.hash) {
      bad = broken_link(ledger, *event);
      return std::unexpected(bad->error);
    }
    if (auto applied = out.state.apply(*event); !applied) return stop(seq, applied.error());
    out.tree.append(row.stored);
    out.head = {seq, event->hash};
    return {};
  });
  if (!done && !bad) bad = BadEvent{out.head.seq + 1, done.error()};  // the file cannot be read from here on
  return bad;
}

base::Result<void> check_checkpoint(const Checkpoint& checkpoint, const Replay& events) {
  const std::string name = "The checkpoint of " + std::to_string(checkpoint.size) + " events of " + to_text(checkpoint.at);
  if (checkpoint.size > events.head.seq) {
    return base::fail("ledger-cut", name + " was signed, and the ledger ends at event " + std::to_string(events.head.seq) + ": its end was cut off, or it is an old copy.",
                      "Restore the newest copy; the events after it are with the circuit (docs/runbook.md).");
  }
  if (checkpoint.root != events.tree.root(checkpoint.size)) {
    return base::fail("checkpoint-differs", name + " is not of this ledger's events: they were written anew.", "Restore the ledger from a copy; keep this file.");
  }
  return events.state.log_keys().check(checkpoint);
}

std::optional<BadEvent> check_checkpoints(const Ledger& ledger, const Replay& events, std::uint64_t& held) {
  std::uint64_t good = 0;  // events up to here are those of a signed checkpoint
  for (;;) {
    const auto page = ledger.checkpoints(good, kCheckpointsAtOnce);
    if (!page) return BadEvent{good + 1, page.error()};
    for (const Checkpoint& checkpoint : *page) {
      if (auto done = check_checkpoint(checkpoint, events); !done) {
        const bool cut = done.error().code == "ledger-cut";
        if (!cut && checkpoint.size > good) done.error().message += " The first of them is one of " + std::to_string(good + 1) + " to " + std::to_string(checkpoint.size) + ".";
        return BadEvent{cut ? events.head.seq + 1 : good + 1, done.error()};
      }
      good = checkpoint.size;
      ++held;
    }
    if (page->size() < kCheckpointsAtOnce) return std::nullopt;
  }
}

Verification verify_ledger(const Ledger& ledger, const base::VenueId& venue, const std::optional<Checkpoint>& witnessed) {
  Verification result;
  Replay events(venue);
  const auto fail = [&](std::uint64_t seq, const base::Error& error) {
    if (!result.code.empty()) return;
    result.first_bad = seq;
    result.code = error.code;
    result.detail = error.text();
  };
  const auto bad = replay(ledger, events);
  result.events = events.head.seq;
  result.head = events.head;
  if (bad) {
    result.events = std::min(result.events, bad->seq - 1);
    fail(bad->seq, bad->error);
    result.chain_ok = bad->error.code == "ledger-inconsistent";
    return result;
  }
  result.chain_ok = true;
  auto wrong = check_checkpoints(ledger, events, result.checkpoints);
  if (!wrong && witnessed) {
    if (const auto done = check_checkpoint(*witnessed, events); !done) {
      wrong = BadEvent{done.error().code == "ledger-cut" ? events.head.seq + 1 : 1, done.error()};
      wrong->error.message += " It is the outside witness's.";
    }
  }
  if (wrong) {
    fail(wrong->seq, wrong->error);
    result.chain_ok = false;
  }
  const auto tables = ledger.dump_projection();
  if (!tables) {
    fail(0, tables.error());
    return result;
  }
  result.rebuilt_identical = *tables == dump_rows(events.state.all_rows());
  if (!result.rebuilt_identical) fail(0, {"projection-differs", "The projection tables are not what the events amount to.", "`promenade boxoffice verify --rebuild` makes them anew."});
  return result;
}

base::Result<Verification> verify_ledger_file(const std::string& path, const base::VenueId& venue, const std::optional<Checkpoint>& witnessed) {
  auto ledger = Ledger::open(path, venue);
  if (!ledger) return std::unexpected(ledger.error());
  return verify_ledger(*ledger, venue, witnessed);
}

base::Result<void> rebuild_ledger_file(const std::string& path, const base::VenueId& venue) {
  auto ledger = Ledger::open(path, venue);
  if (!ledger) return std::unexpected(ledger.error());
  Replay fresh(venue);
  if (const auto bad = replay(*ledger, fresh)) return std::unexpected(bad->error);
  return ledger->rebuild_projection(fresh.state.all_rows());
}

}  // namespace promenade::ticketing::store
