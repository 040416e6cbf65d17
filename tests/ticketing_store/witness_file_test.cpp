// witness_file.h: what a witness has taken is there again, and its file shows every change.
#include "ticketing/store/witness_file.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;
using std::chrono::seconds;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

namespace {


Submission submission(BoxOffice& office, std::uint64_t from, base::UtcTime now = noon()) {
  const auto checkpoint = office.checkpoint(now).value().value();
  return {checkpoint, office.state().log_keys().all(), from, from == 0 ? std::vector<base::Hash>{} : office.tree().consistency(from, checkpoint.size)};
}

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a witness's file keeps what was taken, over restarts and a torn line") {
  Folder folder;
  World w;
  const std::string path = folder.file("witness");
  auto office = open_signing_office(folder.file("l.db")).value();
  std::uint64_t size = 0;
  for (int round = 0; round < 3; ++round) {
    auto file = WitnessFile::open(path, kVenue).value();
    CHECK(WitnessFile::open(path, kVenue).error().code == "witness-in-use");
    CHECK((file.last() ? file.last()->size : 0) == size);
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    REQUIRE(file.offer(submission(office, size)).has_value());
    size = file.last()->size;
    if (round == 0) REQUIRE(office.rotate_log_key(log_key(2), noon()).has_value());
    std::ofstream(path, std::ios::app) << R"({"checkpoint":)";
  }
  CHECK(WitnessFile::last_of(path, kVenue).value() == office.last_checkpoint());
  CHECK(WitnessFile::open(path, base::VenueId("other")).error().code == "witness-other-venue");
  CHECK(WitnessFile::open(path, kVenue, log_key(3).public_key()).error().code == "witness-unreadable");
  CHECK(WitnessFile::open(path, kVenue, log_key(1).public_key())->keys().all().size() == 2);
  CHECK(WitnessFile::last_of(folder.file("none"), kVenue).error().code == "witness-unreadable");
}

TEST_CASE("signs of life fill the file by the hour, not by the minute") {
  Folder folder;
  World w;
  const std::string path = folder.file("witness");
  auto office = open_signing_office(folder.file("l.db")).value();
  auto file = WitnessFile::open(path, kVenue).value();
  std::uint64_t from = 0;
  for (int minute = 0; minute <= 180; ++minute) {
    REQUIRE(file.offer(submission(office, from, noon() + seconds(60 * minute))).has_value());
    from = file.last()->size;
  }
  const std::string text = text_of(path);
  CHECK(std::ranges::count(text, '\n') == 1 + 4);  // the header, and 0, 60, 120, 180 minutes
}

TEST_CASE("a witness's file that was altered is refused") {
  Folder folder;
  World w;
  const std::string path = folder.file("witness");
  auto office = open_signing_office(folder.file("l.db")).value();
  {
    auto file = WitnessFile::open(path, kVenue).value();
    REQUIRE(file.offer(submission(office, 0)).has_value());
    REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
    REQUIRE(file.offer(submission(office, file.last()->size)).has_value());
  }
  const std::string whole = text_of(path);
  const auto with = [&](std::string text) {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
    const auto opened = WitnessFile::open(path, kVenue);
    return opened ? std::string() : opened.error().code;
  };
  CHECK(with(whole).empty());
  const auto root = whole.find("\"root\":\"") + 8;
  std::string altered = whole;
  altered[root] = altered[root] == '0' ? '1' : '0';
  CHECK(with(altered) == "witness-unreadable");
  const auto second = whole.find('\n', whole.find('\n') + 1) + 1;
  CHECK(with(whole.substr(second) + whole) == "witness-unreadable");  // no header first
  CHECK(with("no header\n") == "witness-unreadable");
  CHECK(with(whole + whole.substr(whole.find('\n') + 1)) == "witness-unreadable");  // an old checkpoint after a newer one
}

TEST_CASE("a rolled-back and a restored ledger are refused by the file of an outside witness") {
  Folder folder;
  World w;
  auto office = open_signing_office(folder.file("l.db")).value();
  auto file = WitnessFile::open(folder.file("witness"), kVenue).value();
  REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
  REQUIRE(file.offer(submission(office, 0)).has_value());
  REQUIRE(LedgerReader::open(folder.file("l.db"), kVenue)->back_up(folder.file("old.db")).has_value());
  REQUIRE(office.sell(w.sale(kSnowLine), noon()).has_value());
  REQUIRE(file.offer(submission(office, file.last()->size)).has_value());
  auto old = open_signing_office(folder.file("old.db")).value();
  CHECK(file.offer(submission(old, 0)).error().code == "checkpoint-rolled-back");
  // The old copy sells on, past where the witness was: another past now.
  World other({ticketing::test::small_config()}, 9);
  for (int i = 0; i < 2; ++i) {
    auto sale = other.sale(ticketing::test::kTideCaves);
    sale.head.idempotency_key += "-other";
    REQUIRE(old.sell(sale, noon() + seconds(30)).has_value());
  }
  CHECK(file.offer(submission(old, file.last()->size)).error().code == "checkpoint-forked");
  CHECK(file.last() == office.last_checkpoint());
}
