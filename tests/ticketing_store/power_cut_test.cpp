// Durability: what was acknowledged survives a power cut at any moment, and a full disk loses nothing.
#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_store/fault_runs.h"
#include "tests/ticketing_store/power_cut_vfs.h"
#include "tests/ticketing_store/store_fixtures.h"
#include "ticketing/store/hall_journal.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

TEST_CASE("invariant 5: 500 power cuts lose nothing that was acknowledged") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    INFO("seed " << seed);
    CHECK(cut_power_once(seed, Synchronous::full) == "");
  }
}

TEST_CASE("the same cuts do lose sales without full synchronisation: the test can fail") {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) lost += cut_power_once(seed, Synchronous::normal).empty() ? 0 : 1;
  INFO(lost << " of 100");
  CHECK(lost > 20);
}

TEST_CASE("20 programs killed at some point leave all that they had acknowledged") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    CHECK(kill_once(seed) == "");
  }
}

TEST_CASE("power cuts leave a hall's journal with everything acknowledged") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Folder folder;
    PowerCutDisk disk("journal-cut");
    const FileOptions options{disk.name(), Synchronous::full};
    base::Random random(seed);
    int acknowledged = 0;
    base::EpochId epoch;
    {
      auto journal = HallJournal::open(folder.file("hall.db"), options);
      REQUIRE(journal.has_value());
      disk.cut_after(random.below(120));
      for (int i = 0; i < 200 && !disk.is_cut(); ++i) {
        const std::vector<Record> records{{"viewer", std::to_string(i), base::Bytes(200, 7), false}};
        const std::vector<OutboxItem> items{{0, "key-" + std::to_string(i), "grant", "{}"}};
        if (journal->append(records, items)) acknowledged = i + 1;
        if (i % 10 == 0) epoch = journal->take_next_epoch().value_or(epoch);
      }
    }
    disk.restore_power(seed);
    auto journal = HallJournal::open(folder.file("hall.db"), options);
    INFO("seed " << seed);
    REQUIRE(journal.has_value());
    CHECK(journal->restore()->size() >= static_cast<std::size_t>(acknowledged));
    CHECK(*journal->pending_count() == journal->restore()->size());
    CHECK(*journal->take_next_epoch() > epoch);
  }
}

TEST_CASE("on a full disk a sale fails with its reason, nothing is half done, and selling goes on when there is room") {
  Folder folder;
  PowerCutDisk disk("full");
  auto office = open_office(folder.file("l.db"), {disk.name(), Synchronous::full});
  REQUIRE(office.has_value());
  World w;
  REQUIRE(office->sell(w.sale(kSnowLine), noon()).has_value());
  const auto head = office->head();
  disk.set_capacity(disk.size());
  const SaleRequest refused = w.sale(kSnowLine);
  for (int i = 0; i < 3; ++i) {
    const auto answer = office->sell(refused, noon());
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == "disk-full");
    CHECK(office->head() == head);
    CHECK(office->state().tickets().size() == 1);
  }
  disk.set_capacity(UINT64_MAX);
  CHECK(office->sell(refused, noon()).has_value());
  CHECK(office->verify()->rebuilt_identical);
}

TEST_CASE("an I/O error at any operation is told, books nothing by half, and selling goes on after it") {
  // As many operations as opening and a few sales take; the first of them make the file.
  for (std::uint64_t at = 1; at <= 160; ++at) {
    for (const std::uint64_t count : {1, 3}) {
      INFO("operation " << at << ", " << count << " of them");
      Folder folder;
      PowerCutDisk disk("errors");
      const FileOptions options{disk.name(), Synchronous::full};
      World w;
      { REQUIRE(open_signing_office(folder.file("l.db"), 1, options).has_value()); }
      disk.fail_at(at, count);
      std::vector<std::pair<Request, Answer>> acknowledged;
      for (int tries = 0; tries < 6; ++tries) {
        auto office = open_signing_office(folder.file("l.db"), 1, options);
        if (!office) {
          CHECK(office.error().code.starts_with("ledger-"));
          continue;
        }
        for (int i = 0; i < 12; ++i) {
          const Request request = w.sale(kSnowLine);
          const auto now = noon() + std::chrono::minutes(5 * (12 * tries + i));
          const auto answer = office->ask(request, now);
          if (answer) acknowledged.emplace_back(request, *answer);
          else CHECK(answer.error().code == "ledger-write-failed");
          if (i % 5 == 4) (void)office->checkpoint(now);
        }
        CHECK(office->verify()->ok());
        if (acknowledged.size() >= 24) break;
      }
      CHECK(acknowledged.size() >= 24);
      auto office = open_signing_office(folder.file("l.db"), 1, options);
      REQUIRE(office.has_value());
      for (const auto& [request, answer] : acknowledged) CHECK(office->ask(request, noon()) == base::Result<Answer>(answer));
    }
  }
}

TEST_CASE("a disk that turns read-only is told, and the ledger is there again when it is not") {
  Folder folder;
  PowerCutDisk disk("read-only");
  const FileOptions options{disk.name(), Synchronous::full};
  World w;
  ChainHead head;
  {
    auto office = open_signing_office(folder.file("l.db"), 1, options).value();
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    head = office.head();
    disk.set_read_only(true);
    const auto refused = office.sell(w.sale(kSnowLine), noon());
    CHECK(refused.error().code == "ledger-write-failed");
    CHECK(office.checkpoint(noon()).error().code == "ledger-write-failed");
    CHECK(office.head() == head);
  }
  const auto closed = open_signing_office(folder.file("l.db"), 1, options);
  REQUIRE_FALSE(closed.has_value());
  CHECK(closed.error().code.starts_with("ledger-"));
  disk.set_read_only(false);
  auto office = open_signing_office(folder.file("l.db"), 1, options).value();
  CHECK(office.head() == head);
  CHECK(office.sell(w.sale(kSnowLine), noon()).has_value());
}
