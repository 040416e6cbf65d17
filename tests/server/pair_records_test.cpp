// What the journals of two hall programs hold for each other: nothing is lost between them, nothing of one's own is carried over.

#include "showcontrol/server/pair_records.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/server/rig.h"

using namespace promenade;
using namespace promenade::server;
using server_test::Folder;
using succession::Batch;
using succession::Kept;
using succession::Member;
using ticketing::store::HallJournal;
using ticketing::store::Record;

namespace {

const base::UtcTime kNow{std::chrono::milliseconds(1'780'000'000'500)};

base::Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

std::vector<Record> without_pair(const HallJournal& journal) {
  auto records = *journal.restore();
  std::erase_if(records, [](const Record& record) { return record.kind == kPairKind; });
  return records;
}

}  // namespace

TEST_CASE("What a member must not forget is there after a restart, and its epoch counts for a hall alone as well") {
  Folder folder;
  {
    auto journal = HallJournal::open(folder / "a.sqlite").value();
    CHECK(read_pair_memory(journal, Member::Place::first, kNow)->kept == Kept{{}, 1'780'000'000, false});  // new: it may have replaced one that knew more
    REQUIRE(journal.take_next_epoch()->value() == 1);
    CHECK(read_pair_memory(journal, Member::Place::first, kNow)->kept == Kept{base::EpochId(1), 1'780'000'000, true});
    CHECK(read_pair_memory(journal, Member::Place::second, kNow)->kept == Kept{base::EpochId(1), 1'780'000'000, false});
    REQUIRE(write(journal, {{base::EpochId(3), 2, false}, true}).has_value());
    REQUIRE(write(journal, Batch{{base::EpochId(3), 7}, false, {}, {}, {}}, false).has_value());
  }
  auto journal = HallJournal::open(folder / "a.sqlite").value();
  const auto memory = read_pair_memory(journal, Member::Place::first, kNow).value();
  CHECK(memory.kept == Kept{base::EpochId(3), 2, false});
  CHECK(memory.position == succession::Position{base::EpochId(3), 7});
  CHECK(journal.take_next_epoch()->value() == 4);
  const Record damaged{std::string(kPairKind), "member", bytes("3 2"), false};
  REQUIRE(journal.append(std::span(&damaged, 1)).has_value());
  CHECK(read_pair_memory(journal, Member::Place::first, kNow).error().code == "journal-unreadable");
}

TEST_CASE("A whole copy and what follows make the follower's journal the leader's, but for what is of one program alone") {
  Folder folder;
  auto leader = HallJournal::open(folder / "leader.sqlite").value(), follower = HallJournal::open(folder / "follower.sqlite").value();
  const std::vector<Record> of_leader{{"visit", "1", bytes("a"), false}, {"visit", "2", bytes("b"), false}, {"run", "3", bytes("77"), false}};
  REQUIRE(leader.append(of_leader).has_value());
  for (const char* key : {"grant-1", "start-1", "end-1"}) REQUIRE(leader.enqueue(key, "grant", "{}").has_value());
  REQUIRE(leader.acknowledge(leader.pending(1)->front().seq).has_value());
  const std::vector<Record> of_follower{{"visit", "9", bytes("old"), false}, {"run", "2", bytes("55"), false}};
  REQUIRE(follower.append(of_follower).has_value());
  REQUIRE(follower.enqueue("old-1", "grant", "{}").has_value());
  REQUIRE(write(follower, {{base::EpochId(2), 5, false}, false}).has_value());

  Batch copy = whole_copy(leader).value();
  copy.position = {base::EpochId(3), 4};
  REQUIRE(write(follower, copy, true).has_value());
  CHECK(without_pair(follower) == std::vector<Record>{{"run", "2", bytes("55"), false}, of_leader[0], of_leader[1]});
  CHECK(follower.pending(10)->size() == 2);
  CHECK(follower.pending(10)->front().idempotency_key == "start-1");
  CHECK(read_pair_memory(follower, Member::Place::second, kNow)->kept == Kept{base::EpochId(2), 5, false});
  CHECK(read_pair_memory(follower, Member::Place::second, kNow)->position == copy.position);

  Batch next;
  next.position = {base::EpochId(3), 5};
  next.records = {{"visit", "1", std::nullopt}, {"visit", "2", bytes("c")}, {"run", "3", std::nullopt}, {"run", "2", std::nullopt}};
  next.facts = {{"grant-2", "grant", "{}"}, {"end-1", "grant", "{}"}};
  next.settled = {"start-1", "never-heard-of"};
  REQUIRE(write(follower, next, true).has_value());
  CHECK(without_pair(follower) == std::vector<Record>{{"run", "2", bytes("55"), false}, {"visit", "2", bytes("c"), false}});
  const auto pending = *follower.pending(10);
  REQUIRE(pending.size() == 2);
  CHECK(pending[0].idempotency_key == "end-1");
  CHECK(pending[1].idempotency_key == "grant-2");
}
