// The bytes between two hall programs: what is said comes out as it went in; what is damaged is refused.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/succession/channel.h"
#include "tracking/base/random.h"

using namespace promenade;
using namespace promenade::succession;

namespace {

Word some_word() {
  Word word;
  word.role = Role::following;
  word.epoch = base::EpochId(0x123456789AULL);
  word.wants = base::EpochId(7);
  word.run = 3;
  word.number = 1ULL << 40;
  word.heard_run = 9;
  word.heard = 12345;
  word.records = {base::EpochId(5), 77};
  word.armed = true;
  return word;
}

Batch some_batch() {
  Batch batch;
  batch.position = {base::EpochId(5), 78};
  batch.records = {{"visit", "12", base::Bytes{1, 2, 3}}, {"course", "9", std::nullopt}, {"hall", "mode", base::Bytes{}}};
  batch.facts = {{"grant-W-1-2", "grant", "{\"a\":1}"}};
  batch.settled = {"start-W-1-1", "end-W-1-1"};
  return batch;
}

std::optional<Said> round_trip(const Said& said) {
  Reader reader;
  std::optional<Said> read;
  for (const base::Bytes& message : to_messages(said)) {
    CHECK_FALSE(read.has_value());
    CHECK(message.size() <= kPieceMax);
    auto taken = reader.take(message);
    REQUIRE(taken.has_value());
    read = std::move(*taken);
  }
  return read;
}

}  // namespace

TEST_CASE("What one hall program says the other one reads as it was") {
  CHECK(round_trip(some_word()) == Said(some_word()));
  CHECK(round_trip(WantCopy{base::EpochId(4)}) == Said(WantCopy{base::EpochId(4)}));
  CHECK(round_trip(some_batch()) == Said(some_batch()));
  CHECK(to_messages(some_word()).front() == base::Bytes{1, 1, 1, 1, 0x9A, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 9, 0, 0, 0, 0, 0,
                                                        0, 0, 0x39, 0x30, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("A copy of many records goes in pieces, and a record may be longer than a piece") {
  Batch batch;
  batch.position = {base::EpochId(1), 2};
  batch.whole = true;
  base::Random random(1);
  for (int i = 0; i < 200; ++i) {
    base::Bytes value(i == 100 ? 100'000 : random.below(3'000));
    for (std::uint8_t& byte : value) byte = static_cast<std::uint8_t>(random());
    batch.records.push_back({"visit", std::to_string(i), std::move(value)});
  }
  CHECK(to_messages(batch).size() > 10);
  CHECK(round_trip(batch) == Said(batch));
}

TEST_CASE("What is cut short, too long, of another version or damaged is refused or still a message, and never read past its end") {
  for (const Said& said : {Said(some_word()), Said(WantCopy{base::EpochId(4)}), Said(some_batch())}) {
    const base::Bytes message = to_messages(said).front();
    for (std::size_t size = 0; size < message.size(); ++size) CHECK_FALSE(Reader().take(base::ByteView(message).first(size)).has_value());
    base::Bytes longer = message;
    longer.push_back(0);
    CHECK_FALSE(Reader().take(longer).has_value());
    base::Bytes other = message;
    other[0] = kChannelVersion + 1;
    CHECK(Reader().take(other).error().code == "channel-version");
    other = message;
    other[1] = 77;
    CHECK(Reader().take(other).error().code == "channel-unreadable");
    base::Random random(2);
    for (int i = 0; i < 2'000; ++i) {
      base::Bytes damaged = message;
      damaged[2 + random.below(damaged.size() - 2)] ^= static_cast<std::uint8_t>(1U << random.below(8));
      static_cast<void>(Reader().take(damaged));
    }
  }
}
