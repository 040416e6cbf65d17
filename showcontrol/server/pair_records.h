#pragma once
// What the journal holds for two hall programs that stand in for each other: what a member of the pair must not forget,
// how far its records reach, and records on their way from one journal to the other. Rim: the journal's owner calls.

#include <array>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "showcontrol/hall/events.h"
#include "showcontrol/succession/channel.h"
#include "ticketing/store/hall_journal.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::server {

inline constexpr std::string_view kPairKind = "pair", kRunKind = "run";
inline constexpr std::array<std::string_view, 2> kOwnKinds{kRunKind, kPairKind};  // of this program: never carried over

struct PairMemory {
  succession::Kept kept;
  succession::Position position;
};
// Of a journal that was never of a pair: its epoch, and the first of the two is alone if it has led so far. An empty one
// tells nothing: it may be a new disk in the place of one that knew more.
// Code "journal-unreadable", and those of the journal.
base::Result<PairMemory> read_pair_memory(const ticketing::store::HallJournal& journal, succession::Member::Place place, base::UtcTime now);

ticketing::store::Record position_record(const succession::Position& position);
base::Result<void> write(ticketing::store::HallJournal& journal, const succession::Save& save);
// And its position. What is of one program alone stays out of what comes `from_other`.
base::Result<void> write(ticketing::store::HallJournal& journal, const succession::Batch& batch, bool from_other);
// All that a follower needs of this journal. Its position is the caller's.
base::Result<succession::Batch> whole_copy(const ticketing::store::HallJournal& journal);

// From the store's thread to the pair's, in the order of writing: what is durable here.
struct PairWrote { succession::Batch batch; std::optional<hall::Event> then; };  // told once it may be told as durable
struct PairCopied { succession::Batch batch; };
struct PairSaved { succession::Save save; };
using PairNews = std::variant<PairWrote, PairCopied, PairSaved>;
using PairInbox = base::BoundedQueue<PairNews>;

}  // namespace promenade::server
