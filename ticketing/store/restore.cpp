#include "ticketing/store/restore.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace promenade::ticketing::store {
namespace {

constexpr const char* kEnds[] = {"", "-wal", "-shm"};

void remove_ledger(const std::string& path) {
  std::error_code ignored;
  for (const char* end : kEnds) std::filesystem::remove(path + end, ignored);
  std::filesystem::remove(path + ".lock", ignored);
}

std::unexpected<base::Error> broken(const std::string& path, const std::string& why) {
  return base::fail("copy-broken", "The copy " + path + " is not whole: " + why, "Take an older copy.");
}

// Takes in what CONTENT has beyond the ledger; gives how many events.
base::Result<std::uint64_t> take_in(Ledger& ledger, Replay& at, const ExportContent& content) {
  if (content.header.venue != at.state.venue() || content.header.first != 1) {
    return base::fail("export-other-past", "The events are not those of this venue from its first on.", "Ask the circuit for the whole export of this venue.");
  }
  std::uint64_t taken = 0;
  for (std::size_t i = 0; i < content.events.size(); ++i) {
    const Event& event = content.events[i];
    if (event.seq == at.head.seq && event.hash != at.head.hash) {
      return base::fail("export-other-past", "Event " + std::to_string(event.seq) + " of the export is another than in the copy.", "Somebody altered one of them: keep both as evidence.");
    }
    if (event.seq <= at.head.seq) continue;
    if (auto applied = at.state.apply(event); !applied) return std::unexpected(applied.error());
    const auto rows = at.state.take_changed_rows();
    if (auto done = ledger.append(std::span(&event, 1), rows); !done) return std::unexpected(done.error());
    at.tree.append(content.stored[i]);
    at.head = {event.seq, event.hash};
    ++taken;
  }
  return taken;
}

base::Result<void> check_loss(const RestoreOptions& options, const Replay& restored) {
  if (options.accept_loss) return {};
  const auto loses = [](const std::string& what) {
    return base::fail("restore-loses", what, "Take a newer copy, or give the circuit's events with --events. Only where nobody has them: --accept-loss, and tell circuit and witness first.");
  };
  if (options.witnessed) {
    if (auto done = check_checkpoint(*options.witnessed, restored); !done) return loses("The outside witness refuses what would be restored: " + done.error().message);
  }
  std::error_code missing;
  if (!std::filesystem::exists(options.ledger, missing)) return {};
  const auto there = Ledger::open(options.ledger, options.venue);
  if (!there) return {};  // cannot be read at all, which is why it is replaced
  Replay old(options.venue);
  (void)replay(*there, old);
  if (old.head.seq > restored.head.seq) {
    return loses("The ledger that is there has " + std::to_string(old.head.seq) + " whole events, the restored one would have " + std::to_string(restored.head.seq) + ".");
  }
  if (old.head.seq > 0 && old.tree.root() != restored.tree.root(old.head.seq)) return loses("The ledger that is there has another past than the restored one.");
  return {};
}

base::Result<Restored> build(const RestoreOptions& options, const std::string& draft) {
  {
    const auto copy = LedgerReader::open(options.copy, options.venue);
    if (!copy) return std::unexpected(copy.error());
    if (auto done = copy->back_up(draft); !done) return std::unexpected(done.error());
  }
  auto ledger = Ledger::open(draft, options.venue);
  if (!ledger) return std::unexpected(ledger.error());
  const Verification verified = verify_ledger(*ledger, options.venue);
  if (!verified.ok()) return broken(options.copy, verified.detail);
  Replay events(options.venue);
  if (const auto bad = replay(*ledger, events)) return broken(options.copy, bad->error.text());
  events.state.take_changed_rows();
  Restored result{events.head.seq, 0, {}, {}};
  if (options.events != nullptr) {
    const auto taken = take_in(*ledger, events, *options.events);
    if (!taken) return std::unexpected(taken.error());
    result.of_events = *taken;
  }
  result.head = events.head;
  if (auto done = check_loss(options, events); !done) return std::unexpected(done.error());
  return result;
}

base::Result<std::string> put_in_place(const std::string& draft, const std::string& ledger) {
  std::error_code error;
  std::string kept;
  if (std::filesystem::exists(ledger, error)) {
    for (int number = 1; kept.empty() || std::filesystem::exists(kept, error); ++number) kept = ledger + ".replaced-" + std::to_string(number);
    for (const char* end : kEnds)
      if (std::filesystem::exists(ledger + end, error)) std::filesystem::rename(ledger + end, kept + end, error);
  }
  std::filesystem::rename(draft, ledger, error);
  if (error) return base::fail("environment", "Cannot put " + draft + " in the place of " + ledger + ": " + error.message() + ".", "Move it there by hand; it is whole.");
  return kept;
}

}  // namespace

base::Result<Restored> restore_ledger(const RestoreOptions& options) {
  std::error_code missing;
  if (std::filesystem::exists(options.ledger, missing)) {
    const auto there = Ledger::open(options.ledger, options.venue);
    if (!there && there.error().code == "ledger-in-use") return std::unexpected(there.error());
  }
  const std::string draft = options.ledger + ".restored";
  remove_ledger(draft);
  auto restored = build(options, draft);
  if (restored) {
    auto kept = put_in_place(draft, options.ledger);
    if (!kept) return std::unexpected(kept.error());
    restored->kept_as = *kept;
    std::filesystem::remove(draft + ".lock", missing);
  } else {
    remove_ledger(draft);
  }
  return restored;
}

}  // namespace promenade::ticketing::store
