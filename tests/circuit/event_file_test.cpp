#include "ticketing/circuit/event_file.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/circuit/circuit_fixture.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using promenade::ticketing::tests::kVenue;
using promenade::ticketing::tests::TempDir;

namespace {


std::vector<base::Bytes> chain(std::uint64_t count, const std::string& text = "{}") {
  std::vector<base::Bytes> stored;
  ChainHead at;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    Event event;
    event.seq = seq;
    event.kind = "note";
    event.device = "test";
    event.actor = "tester";
    event.body = text;
    event.prev_hash = at.hash;
    stored.push_back(encode_event(event));
    at = {seq, event_hash(stored.back(), kVenue)};
  }
  return stored;
}

std::uint64_t count(const EventFile& file) {
  std::uint64_t events = 0;
  REQUIRE(file.for_each([&](const Event&) -> base::Result<void> { return ++events, base::Result<void>{}; }));
  return events;
}

}  // namespace

TEST_CASE("a store keeps what was appended, goes on from there, and refuses what does not follow") {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  const auto events = chain(10);
  {
    auto file = EventFile::open(path, kVenue).value();
    CHECK(file.head().seq == 0);
    REQUIRE(file.append(std::span(events).first(4)));
    CHECK(file.append(std::span(events).first(4)).error().code == "chain-gap");
    CHECK(file.append(std::span(events).subspan(5)).error().code == "chain-gap");
    const auto others = chain(5, "{\"other\":1}");
    CHECK(file.append(std::span(others).subspan(4)).error().code == "chain-broken");
    CHECK(file.head().seq == 4);
  }
  auto again = EventFile::open(path, kVenue).value();
  CHECK(again.head().seq == 4);
  CHECK(again.last_stored() == events[3]);
  REQUIRE(again.append(std::span(events).subspan(4)));
  CHECK(count(again) == 10);
}

TEST_CASE("a record cut short by a crash is taken away, whole ones stay") {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  const auto events = chain(3);
  static_cast<void>(EventFile::open(path, kVenue).value().append(events));
  const auto whole = std::filesystem::file_size(path);
  for (std::uintmax_t cut = 1; cut < 4 + events[2].size(); cut += 7) {
    std::filesystem::resize_file(path, whole - cut);
    CHECK(EventFile::open_to_read(path)->bytes_taken_away() > 0);
    auto file = EventFile::open(path, kVenue).value();
    CHECK(file.head().seq == 2);
    REQUIRE(file.append(std::span(events).subspan(2)));
    CHECK(std::filesystem::file_size(path) == whole);
  }
}

TEST_CASE("a store has one writer, one venue, and shows every altered byte") {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  {
    auto file = EventFile::open(path, kVenue).value();
    REQUIRE(file.append(chain(3)));
    CHECK(EventFile::open(path, kVenue).error().code == "store-in-use");
  }
  CHECK(EventFile::open(path, base::VenueId("elsewhere")).error().code == "store-other-venue");
  CHECK(EventFile::open_to_read(dir.path() + "/none").error().code == "store-unreadable");
  std::ofstream(dir.path() + "/text") << "hello\n";
  CHECK(EventFile::open(dir.path() + "/text", kVenue).error().code == "store-unreadable");
  const auto size = std::filesystem::file_size(path);
  for (std::uintmax_t at = 60; at < size; at += 11) {
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(static_cast<char>(was ^ 1));
    bytes.flush();
    const auto file = EventFile::open_to_read(path);
    std::uint64_t whole = 0;
    const bool noticed = !file || !file->for_each([&](const Event&) -> base::Result<void> { return ++whole, base::Result<void>{}; }) || whole < 3;
    // The last event's own bytes are held by nothing after them; the venue's overlap check covers those.
    const bool in_last = at >= size - chain(3)[2].size();
    CHECK((noticed || in_last));
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(was);
  }
}
