#pragma once
// What two hall programs say to each other, as bytes: words (member.h), records and facts on their way from leader to
// follower, and the asking for them. Little-endian, every count and length bounded, any version but ours refused. Pure.
//
// A word fits one datagram and goes unreliably: the next one says it again. A batch goes reliably and in order, in as many
// pieces as it needs; a whole copy is one batch. Field by field in docs/decisions/0028-standby.md.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "showcontrol/succession/member.h"
#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::succession {

inline constexpr std::uint8_t kChannelVersion = 1;
inline constexpr std::size_t kPieceMax = 16'000;         // bytes of a message on the link, as its reliable channel takes them
inline constexpr std::size_t kBatchMax = 64U << 20;      // bytes of one batch; a day's records of a full hall are some 2 MB

struct RecordChange {  // absolute: the whole value of its key; nothing: it goes
  std::string kind, key;
  std::optional<base::Bytes> value;
  friend bool operator==(const RecordChange&, const RecordChange&) = default;
};
struct Fact {          // for the box office, until it is settled
  std::string key, kind, body;
  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Batch {
  Position position;                  // reached once all of it is durable
  bool whole = false;                 // in place of all that the follower has; else in addition, the next one in order
  std::vector<RecordChange> records;
  std::vector<Fact> facts;
  std::vector<std::string> settled;   // keys of facts that the box office has
  friend bool operator==(const Batch&, const Batch&) = default;
};
struct WantCopy {      // from a follower: a whole copy, and then what follows it
  EpochId epoch;
  friend bool operator==(const WantCopy&, const WantCopy&) = default;
};
using Said = std::variant<Word, WantCopy, Batch>;

// One message of the link for a word or a wish, one or more for a batch, in order.
std::vector<base::Bytes> to_messages(const Said& said);

// Puts the messages of one connection together again; one for each connection, in order.
// Codes: "channel-unreadable" (not of this program), "channel-version" (of another version of it), "channel-too-long".
class Reader {
 public:
  // Nothing: more pieces are to come.
  base::Result<std::optional<Said>> take(base::ByteView message);

 private:
  base::Bytes pieces_;
};

}  // namespace promenade::succession
