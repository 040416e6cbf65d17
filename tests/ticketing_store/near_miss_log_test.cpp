// near_miss_log.h
#include "ticketing/store/near_miss_log.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/ticketing_store/power_cut_vfs.h"
#include "tests/ticketing_store/store_fixtures.h"

using namespace promenade;
using namespace promenade::ticketing::store;
using namespace promenade::ticketing::store::test;

namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();

NearMissPerson person(const std::string& film, int scene, double x_m) {
  NearMissPerson one;
  one.kind = "viewer";
  one.headset = 7;
  one.play = "H1-3-9";
  one.film = film;
  one.package = "0a0b";
  one.part = "scene";
  one.scene = scene;
  one.scene_name = "灯塔 lantern";
  one.scene_s = 12.5;
  one.level = "pause";
  one.cause = "body";
  one.warned_s = 1.25;
  one.x_m = x_m;
  one.y_m = 4.0;
  one.film_x_m = -1.5;
  one.film_y_m = 2.25;
  one.track = {{-100, 1.234, -5.678}, {0, x_m, 4.0}};
  return one;
}

NearMissRecord near_miss(std::int64_t begin_ms, double gap_m = 0.85) {
  NearMissPerson seated = person("001100022026", -1, 3.0);
  seated.film_x_m = seated.film_y_m = std::nullopt;
  seated.tracked = false;
  return {0, "near_miss", begin_ms, begin_ms + 400, begin_ms + 900, gap_m, {person("001100012026", 2, 2.0), seated}};
}

}  // namespace

TEST_CASE("a near miss comes back as it was kept, also to a reader while the hall writes") {
  Folder folder;
  auto log = NearMissLog::open(folder.file("near.sqlite"));
  REQUIRE(log.has_value());
  NearMissRecord record = near_miss(1'000'000);
  REQUIRE(log->keep(record).has_value());
  auto reader = NearMissReader::open(folder.file("near.sqlite"));
  REQUIRE(reader.has_value());
  record.number = 1;
  CHECK(*reader->read(0, kAlways) == std::vector{record});
  REQUIRE(log->keep(near_miss(2'000'000)).has_value());
  CHECK(reader->read(0, kAlways)->size() == 2);
  CHECK(reader->read(1'000'001, kAlways)->size() == 1);
  CHECK(reader->read(0, 1'000'000)->empty());
}

TEST_CASE("viewer time is summed by part of the film, and told for a period") {
  Folder folder;
  auto log = NearMissLog::open(folder.file("near.sqlite"));
  const std::vector<ViewerTimeRow> minute{{"1", "a", "scene", 0, "first", 60.0}, {"1", "a", "leg", 0, "first", 5.0}};
  REQUIRE(log->add_time(60'000, minute).has_value());
  REQUIRE(log->add_time(120'000, minute).has_value());
  REQUIRE(log->add_time(3'700'000, minute).has_value());
  auto reader = NearMissReader::open(folder.file("near.sqlite"));
  const std::vector<ViewerTimeRow> first{{"1", "a", "leg", 0, "first", 10.0}, {"1", "a", "scene", 0, "first", 120.0}};
  CHECK(*reader->time(0, 1'800'000) == first);
  const auto all = *reader->time(0, kAlways);
  REQUIRE(all.size() == 2);
  CHECK(all[1].seconds == 180.0);
}

TEST_CASE("what is older than it may be goes, and beyond the number of records the oldest") {
  Folder folder;
  auto log = NearMissLog::open(folder.file("near.sqlite"), {10, 3});
  for (std::int64_t day = 1; day <= 12; ++day) REQUIRE(log->keep(near_miss(day * kDay_ms)).has_value());
  REQUIRE(log->add_time(kDay_ms, std::vector<ViewerTimeRow>{{"1", "a", "scene", 0, "", 60.0}}).has_value());
  REQUIRE(log->prune(12 * kDay_ms).has_value());
  auto reader = NearMissReader::open(folder.file("near.sqlite"));
  auto kept = *reader->read(0, kAlways);
  REQUIRE(kept.size() == 3);
  CHECK(kept.front().begin_ms == 10 * kDay_ms);
  CHECK(kept.front().people.size() == 2);
  CHECK(reader->time(0, kAlways)->empty());
  REQUIRE(log->prune(21 * kDay_ms).has_value());
  kept = *reader->read(0, kAlways);
  REQUIRE(kept.size() == 2);
  CHECK(kept.front().begin_ms == 11 * kDay_ms);
}

TEST_CASE("a power cut at any moment leaves whole near misses, and every one that was acknowledged") {
  for (std::uint64_t after = 1; after < 60; after += 3) {
    PowerCutDisk disk("near-miss-cut-" + std::to_string(after));
    Folder folder;
    const std::string path = folder.file("near.sqlite");
    std::int64_t acknowledged = 0;
    {
      auto log = NearMissLog::open(path, {}, {disk.name()});
      REQUIRE(log.has_value());
      disk.cut_after(after);
      for (std::int64_t i = 1; i <= 8; ++i) {
        if (!log->keep(near_miss(i * 1000))) break;
        acknowledged = i;
      }
    }
    disk.restore_power(after);
    auto log = NearMissLog::open(path, {}, {disk.name()});
    REQUIRE(log.has_value());
    REQUIRE(log->keep(near_miss(9000)).has_value());
    INFO("cut after " << after << ", acknowledged " << acknowledged);
    REQUIRE(log->prune(9000).has_value());
    CHECK(acknowledged < 8);
  }
}

TEST_CASE("other files are refused, those of a later version are read and not written") {
  Folder folder;
  const std::string path = folder.file("near.sqlite");
  {
    auto log = NearMissLog::open(path);
    REQUIRE(log->keep(near_miss(1000)).has_value());
    CHECK(NearMissLog::open(path).error().code == "near-misses-in-use");
  }
  REQUIRE(meddle(path, "ALTER TABLE person ADD COLUMN shoe_size REAL; PRAGMA user_version=2") == 0);
  CHECK(NearMissLog::open(path).error().code == "near-misses-unreadable");
  CHECK(NearMissReader::open(path)->read(0, kAlways)->size() == 1);
  const std::string other = folder.file("other.sqlite");
  REQUIRE(meddle(other, "CREATE TABLE t(a)") == 0);
  CHECK(NearMissLog::open(other).error().code == "near-misses-unreadable");
  CHECK(NearMissReader::open(other).error().code == "near-misses-unreadable");
  CHECK(NearMissReader::open(folder.file("none.sqlite")).error().code == "near-misses-unreadable");
}
