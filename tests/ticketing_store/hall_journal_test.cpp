// hall_journal.h
#include "ticketing/store/hall_journal.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

#include "tests/ticketing_store/power_cut_vfs.h"
#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;

namespace {

Record record(const std::string& key, const std::string& body) {
  return {"viewer", key, base::Bytes(body.begin(), body.end()), false};
}

}  // namespace

TEST_CASE("epochs only grow, over restarts too") {
  Folder folder;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    auto journal = HallJournal::open(folder.file("hall.db"));
    REQUIRE(journal.has_value());
    CHECK(journal->take_next_epoch() == base::EpochId(2 * i - 1));
    CHECK(journal->take_next_epoch() == base::EpochId(2 * i));
  }
}

TEST_CASE("the whole state by key comes back, the newest of each") {
  Folder folder;
  {
    auto journal = HallJournal::open(folder.file("hall.db"));
    const std::vector<Record> first{record("2", "b"), record("1", "a"), {"play", "9", {}, false}};
    REQUIRE(journal->append(first).has_value());
    Record gone = record("2", "");
    gone.erase = true;
    const std::vector<Record> second{record("1", "c"), gone};
    REQUIRE(journal->append(second).has_value());
  }
  auto journal = HallJournal::open(folder.file("hall.db"));
  const std::vector<Record> expected{{"play", "9", {}, false}, record("1", "c")};
  CHECK(journal->restore() == expected);
}

TEST_CASE("the outbox keeps order, delivers each deed once, and sets refused ones aside") {
  Folder folder;
  auto journal = HallJournal::open(folder.file("hall.db"));
  for (const char* key : {"a", "b", "a", "c"}) REQUIRE(journal->enqueue(key, "grant", std::string("{") + key + "}").has_value());
  auto pending = *journal->pending(10);
  REQUIRE(pending.size() == 3);
  CHECK(pending[0].idempotency_key == "a");
  CHECK(pending[2].body == "{c}");
  CHECK(journal->pending(1)->size() == 1);
  REQUIRE(journal->acknowledge(pending[0].seq).has_value());
  REQUIRE(journal->dead_letter(pending[1].seq, "ticket-forged").has_value());
  CHECK(*journal->pending_count() == 1);
  REQUIRE(journal->enqueue("a", "grant", "{a}").has_value());  // done before; not again
  pending = *journal->pending(10);
  REQUIRE(pending.size() == 1);
  CHECK(pending[0].idempotency_key == "c");
  REQUIRE(journal->dead_letters()->size() == 1);
  CHECK(journal->dead_letters()->front().reason == "ticket-forged");
}

TEST_CASE("a journal in use or of another kind is refused") {
  Folder folder;
  auto journal = HallJournal::open(folder.file("hall.db"));
  CHECK(HallJournal::open(folder.file("hall.db")).error().code == "journal-in-use");
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  CHECK(HallJournal::open(folder.file("text.db")).error().code == "journal-unreadable");
  CHECK(HallJournal::open(folder.file("no/such.db")).error().code == "journal-unreadable");
}

TEST_CASE("a journal cut to nothing is not begun anew") {
  Folder folder;
  const std::string path = folder.file("hall.db");
  REQUIRE(HallJournal::open(path)->take_next_epoch().has_value());
  std::filesystem::resize_file(path, 0);
  CHECK(HallJournal::open(path).error().code == "journal-unreadable");
}

TEST_CASE("a full disk is reported and leaves the journal as it was") {
  Folder folder;
  PowerCutDisk disk("hall-full");
  auto journal = HallJournal::open(folder.file("hall.db"), {disk.name(), Synchronous::full});
  REQUIRE(journal.has_value());
  REQUIRE(journal->enqueue("a", "grant", "{}").has_value());
  disk.set_capacity(disk.size());
  const std::string large(100'000, 'x');
  const std::vector<Record> records{record("1", large)};
  CHECK(journal->append(records).error().code == "disk-full");
  CHECK(journal->restore()->empty());
  CHECK(journal->pending(9)->size() == 1);
  disk.set_capacity(UINT64_MAX);
  CHECK(journal->append(records).has_value());
  CHECK(journal->restore()->size() == 1);
}
