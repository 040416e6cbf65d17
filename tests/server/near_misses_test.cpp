// near_misses.h: the hall's near misses on their way to disk.
#include "showcontrol/server/near_misses.h"

#include <thread>

#include "tests/server/rig.h"

using namespace promenade;
using namespace promenade::server;
using promenade::server_test::Folder;
namespace fs = std::filesystem;

namespace {

hall::NearMissKept near_miss() {
  hall::NearMissKept kept;
  kept.kind = tracking::EpisodeKind::contact;
  kept.begin = base::UtcTime(std::chrono::milliseconds(1'780'000'000'000));
  kept.nearest = kept.begin + std::chrono::milliseconds(300);
  kept.end = kept.begin + std::chrono::milliseconds(900);
  kept.nearest_time = base::hall_time(50.0);
  kept.nearest_m = 0.62;
  hall::NearMissSide side;
  side.headset = base::HeadsetId(12);
  side.play_code = "H-2-7";
  side.film = {base::FilmId("001100012026"), base::blake2b(base::as_bytes("cut")), hall::FilmPart::leg, 2, "bridge", 33.5,
               tracking::Point<tracking::Film>{1.5, -2.0}};
  side.level = tracking::Level::pause;
  side.cause = tracking::Cause::body;
  side.warned_s = 1.5;
  side.at = {4.0, 5.0};
  side.track = {{base::hall_time(49.9), {4.1, 5.0}}, {base::hall_time(50.0), {4.0, 5.0}}};
  kept.sides = {side, side};
  kept.sides[1].headset = base::HeadsetId(13);
  kept.sides[1].film = {};
  return kept;
}

}  // namespace

TEST_CASE("A near miss of the hall is a record of the log, its track reckoned from the nearest moment") {
  const auto record = record_of(near_miss());
  CHECK(record.kind == "contact");
  CHECK(record.nearest_ms - record.begin_ms == 300);
  REQUIRE(record.people.size() == 2);
  const auto& first = record.people[0];
  CHECK(first.headset == 12);
  CHECK(first.film == "001100012026");
  CHECK(first.package == base::to_hex(base::blake2b(base::as_bytes("cut"))));
  CHECK(first.part == "leg");
  CHECK(first.scene == 2);
  CHECK(first.level == "pause");
  CHECK(first.cause == "body");
  CHECK(first.film_y_m == -2.0);
  REQUIRE(first.track.size() == 2);
  CHECK(first.track[0] == ticketing::store::TrackSample{-100, 4.1, 5.0});
  CHECK(record.people[1].film.empty());
  CHECK(record.people[1].package.empty());
  CHECK_FALSE(record.people[1].film_x_m);
}

TEST_CASE("What was handed over is on disk when the worker has ended") {
  const Folder folder;
  const std::string path = folder / ticketing::store::kNearMissFile;
  {
    NearMissWorker worker(path);
    for (int i = 0; i < 5; ++i) worker.keep(near_miss());
    worker.keep(hall::ViewerTime{near_miss().begin, {{base::FilmId("001100012026"), {}, hall::FilmPart::scene, 0, "gate", 60.0}}});
  }
  const auto reader = ticketing::store::NearMissReader::open(path);
  REQUIRE(reader);
  CHECK(reader->read(0, std::numeric_limits<std::int64_t>::max())->size() == 5);
  CHECK(reader->time(0, std::numeric_limits<std::int64_t>::max())->at(0).seconds == 60.0);
}

TEST_CASE("Where nothing can be written near misses are lost and counted, and kept again once it can") {
  const Folder folder;
  const fs::path missing = folder / "not-there-yet";
  NearMissWorker worker((missing / ticketing::store::kNearMissFile).string());
  worker.keep(near_miss());
  worker.keep(near_miss());
  while (worker.lost() < 2) std::this_thread::yield();
  CHECK(worker.kept() == 0);
  fs::create_directory(missing);
  worker.keep(near_miss());
  while (worker.kept() < 1) std::this_thread::yield();
  CHECK(worker.lost() == 2);
}
