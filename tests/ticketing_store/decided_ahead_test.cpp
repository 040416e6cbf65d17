// A group decided while the one before it is being written: nothing is lost, nothing rests on what was not written.

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/ticketing_store/power_cut_vfs.h"
#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using ticketing::test::kReedLake;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

namespace {

DecidedGroup decided(BoxOffice& office, const std::vector<Request>& requests, base::UtcTime now = noon()) {
  std::vector<base::Result<CheckedRequest>> asked;
  for (const Request& request : requests) asked.push_back(checked(request));
  return office.decide_all(asked, now);
}

}  // namespace

TEST_CASE("a group may be decided while another thread writes the one before it, and both are in the ledger then") {
  Folder folder;
  World w;
  auto office = open_signing_office(folder.file("l.db")).value();
  std::optional<DecidedGroup> before;
  for (int i = 0; i < 40; ++i) {
    base::Result<void> written;
    std::jthread writer([&] {
      if (before) written = office.write(*before);
    });
    const Request sale = i % 2 == 0 ? w.sale(kSnowLine) : w.sale(kReedLake);
    auto next = decided(office, {sale}, noon() + std::chrono::minutes(20 * (i / 2)));
    writer.join();
    REQUIRE(written.has_value());
    before = std::move(next);
  }
  REQUIRE(office.write(*before).has_value());
  CHECK(office.events_after(0, 1000).value().head == before->head);
  CHECK(office.verify()->ok());
}

TEST_CASE("where a group cannot be written, what was decided on it is void, and its places are free again") {
  Folder folder;
  PowerCutDisk disk("ahead");
  World w;
  auto office = open_signing_office(folder.file("l.db"), 1, {disk.name(), Synchronous::full}).value();
  const auto head = office.head();
  // Of this window and the next one all places.
  const std::vector<Request> all{w.sale(kReedLake), w.sale(kReedLake)};
  const Request one = w.sale(kReedLake);
  auto first = decided(office, all);
  REQUIRE(first.answers.back().has_value());
  CHECK(office.head() != head);
  // Sold out by a sale that is not in the ledger yet, and the same sale sent again: both must wait for it.
  const auto second = decided(office, {one}), third = decided(office, {all[0]});
  CHECK(second.answers.front().error().code == "sold-out");
  CHECK(third.answers.front() == first.answers.front());
  CHECK(third.events.empty());
  disk.set_read_only(true);
  const auto written = office.write(first);
  REQUIRE_FALSE(written.has_value());
  office.not_written();
  disk.set_read_only(false);
  for (const auto& answer : std::move(first).told(written)) CHECK(answer.error().code == "ledger-write-failed");
  CHECK(office.head() == head);
  CHECK(office.state().tickets().empty());
  CHECK(office.ask(one, noon()).has_value());
  CHECK(office.ask(all[0], noon()).has_value());
  CHECK(office.ask(all[1], noon()).error().code == "sold-out");
  CHECK(office.verify()->ok());
}

TEST_CASE("in a group that cannot be written a refusal stands only where it came before anything was accepted") {
  Folder folder;
  PowerCutDisk disk("firm");
  World w;
  auto office = open_signing_office(folder.file("l.db"), 1, {disk.name(), Synchronous::full}).value();
  const std::vector<Request> batch{w.sale(base::FilmId("999999999999")), w.sale(kReedLake), w.sale(kReedLake), w.sale(kReedLake)};
  disk.set_read_only(true);
  const auto answers = office.ask_all(batch, noon());
  CHECK(answers[0].error().code == "film-unknown");
  CHECK(answers[1].error().code == "ledger-write-failed");
  CHECK(answers[3].error().code == "ledger-write-failed");  // not "sold-out": nobody has the places
  disk.set_read_only(false);
  CHECK(office.ask(batch[3], noon()).has_value());
}

TEST_CASE("the checkpoint of a close that could not be written is not the office's last one") {
  Folder folder;
  PowerCutDisk disk("close");
  World w;
  auto office = open_signing_office(folder.file("l.db"), 1, {disk.name(), Synchronous::full}).value();
  REQUIRE(office.checkpoint(noon()).has_value());
  const auto last = office.last_checkpoint();
  const Request close = w.close(true);
  disk.set_read_only(true);
  auto group = decided(office, {close});
  REQUIRE(group.checkpoint.has_value());
  CHECK(office.last_checkpoint() == group.checkpoint);
  const auto written = office.write(group);
  REQUIRE_FALSE(written.has_value());
  office.not_written();
  disk.set_read_only(false);
  CHECK(office.last_checkpoint() == last);
  CHECK(office.ask(close, noon()).has_value());
  CHECK(office.last_checkpoint()->size == office.head().seq);
  CHECK(office.verify()->ok());
}
