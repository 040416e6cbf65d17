#pragma once
// What a run of the partition simulation is made of: what flies, what disks keep, what a killed program loses, headsets.
// Private to tests/succession.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "showcontrol/client/link.h"
#include "showcontrol/rehearsal/authority_watch.h"
#include "showcontrol/succession/member.h"

namespace promenade::succession_test {

using base::Duration;
using base::EpochId;
using base::HallTime;
using base::HeadsetTime;
using succession::Kept;
using succession::Member;
using succession::MemberTime;
using succession::Position;
using succession::Role;
using succession::Word;

inline constexpr int kViewers = 4, kPlaces = 6, kGates = 60;
inline constexpr Duration kStep{20'000}, kLength{40'000'000}, kQuietFrom{28'000'000};  // from then on nothing goes wrong any more
inline constexpr Duration kValid{3'000'000}, kMargin{250'000};                         // as hall::HallLimits
inline constexpr Duration kFrameEvery{100'000}, kClockError{10'000};
inline constexpr Duration kWalks{700'000};                                             // at least, from gate to gate
inline constexpr std::size_t kFaultsMost = 12;

struct PlaceRecord {  // of one viewer: the gates he has passed as heard, and those opened for him
  int passed = 0;
  int opened = 0;
};
using Records = std::array<PlaceRecord, kViewers>;

struct Copy { EpochId epoch; std::uint64_t index = 0; Records records; };                   // leader to follower: all of it
struct Report { int viewer = 0; int passed = 0; std::uint64_t sequence = 0; HallTime made; bool knows_time = false; };
using Content = std::variant<Word, Copy, Report, protocol::HallState>;

struct Flying {
  Duration at{};
  std::uint64_t order = 0;
  int from = 0, to = 0;  // 0, 1: programs; 2 and on: headsets
  std::shared_ptr<const Content> content;
  bool operator<(const Flying& other) const { return std::pair(other.at, other.order) < std::pair(at, order); }
};

struct Disk {  // survives
  Kept kept;
  Position position;
  Records records;
};

// What a killed program loses.
struct Process {
  Process(Member::Place place, const Disk& disk, succession::Rules rules) : member(place, disk.kept, disk.position, rules), newest(disk.position) {}
  struct Write {
    Duration done{};
    std::optional<succession::Save> save;
    std::optional<Position> position;  // with records
    Records records;
  };
  Member member;
  std::deque<Write> writes;  // in order
  std::optional<succession::Save> asked;
  Duration next_word{};
  Position newest;  // of what is written or waits to be

  // As leader.
  bool leads = false;
  Records records;
  std::uint64_t index = 0;
  std::map<std::uint64_t, std::pair<int, int>> telling;  // index -> viewer and gate that may be told once it is shared
  std::array<int, kViewers> told{};
  std::array<HallTime, kViewers> authority_until{};
  std::array<std::uint64_t, kViewers> report_sequence{};
  std::array<std::optional<Duration>, kViewers> withheld_until;
  std::uint32_t frame = 0;
  Duration next_frame{}, next_copy{};
  std::uint64_t copied = 0;
};

struct Machine {
  Disk disk;
  std::unique_ptr<Process> process;
  std::optional<Duration> begins_at;  // while dead
  double rate = 1.0;
  Duration offset{};
};

struct Headset {
  explicit Headset(base::HeadsetId id) : link(id) {}
  client::Link link;
  rehearsal::AuthorityWatch watch;
  EpochId obeyed;
  int passed = 0;
  Duration last_passed{};
  Duration next_report{};
  std::uint64_t sequence = 0;
  Duration clock_error{};            // of its map to hall time, within kClockError
  std::optional<Duration> clock_from;  // it knows the time of the hall it obeys from then on
};

}  // namespace promenade::succession_test
