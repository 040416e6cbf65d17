// The rules of the pair one by one, between two members on a line that does what the test says.

#include <catch2/catch_test_macros.hpp>

#include "showcontrol/succession/member.h"

using namespace promenade;
using namespace promenade::succession;
using namespace std::chrono_literals;

namespace {

// Two members, each with a disk that writes at once, and a line between them.
struct Pair {
  Pair() { begin_first(); }
  void begin_first() { first.emplace(Member::Place::first, first_disk.kept, first_disk.position); }
  void begin_second() { second.emplace(Member::Place::second, second_disk.kept, second_disk.position); }

  struct Disk {
    Kept kept;
    Position position;
  };
  void write(std::optional<Member>& member, Disk& disk) {
    while (member && member->to_save()) {
      const Save save = *member->to_save();
      disk.kept = save.kept;
      if (save.begins_records) disk.position = {save.kept.epoch, 0};
      member->saved(save);
    }
  }
  // The follower takes all that the leader has, while the line is there.
  void copy(std::optional<Member>& from, const Disk& has, std::optional<Member>& to, Disk& disk) {
    if (!from || !to || from->role() != Role::leading || to->leader_epoch() != has.position.epoch) return;
    disk.position = has.position;
    to->records_kept(has.position);
  }
  void step(base::Duration dt = 100ms) {
    now += dt;
    for (auto* member : {&first, &second}) {
      if (*member) (*member)->step(now);
    }
    write(first, first_disk);
    write(second, second_disk);
    const auto said = [&](std::optional<Member>& member) { return member && member->speaks() ? std::optional(member->word(now)) : std::nullopt; };
    const auto one = said(first), two = said(second);
    if (second && one && forth) second->hear(*one, now);
    if (first && two && back) first->hear(*two, now);
    write(first, first_disk);
    write(second, second_disk);
    if (forth && records) copy(first, first_disk, second, second_disk);
    if (back && records) copy(second, second_disk, first, first_disk);
  }
  void let(base::Duration time) {
    for (base::Duration passed{0}; passed < time; passed += 100ms) step();
  }
  void record(std::optional<Member>& member, Disk& disk) {  // one more, durable at its leader
    ++disk.position.index;
    member->records_kept(disk.position);
  }
  bool may(const std::optional<Member>& member) const { return member && member->authority_until() > now; }

  MemberTime now{};
  Disk first_disk{{base::EpochId(4), 0, true}, {}}, second_disk;
  std::optional<Member> first, second;
  bool forth = true, back = true, records = true;
};

Pair armed() {
  Pair pair;
  pair.begin_second();
  pair.let(1s);
  REQUIRE(pair.first->armed());
  REQUIRE(pair.second->armed());
  return pair;
}

}  // namespace

TEST_CASE("The first member leads alone until it has armed the second, under an epoch of its own") {
  Pair pair;
  CHECK_FALSE(pair.first->speaks());  // not before its run is durable
  pair.let(5s);
  CHECK(pair.first->role() == Role::leading);
  CHECK(pair.first->epoch().value() == 5);
  CHECK(pair.first->authority_until() == MemberTime::max());
  pair.records = false;
  pair.begin_second();
  pair.let(5s);
  CHECK(pair.second->role() == Role::following);
  CHECK_FALSE(pair.second->armed());
  CHECK(pair.first->alone());
  pair.records = true;
  pair.let(500ms);
  CHECK(pair.second->armed());
  CHECK_FALSE(pair.first->alone());
  CHECK_FALSE(pair.first_disk.kept.alone);
  CHECK(pair.may(pair.first));
  CHECK(pair.first->authority_until() <= pair.now + kPromise - kLeaseMargin);
}

TEST_CASE("A record is shared once it is durable at both") {
  Pair pair = armed();
  pair.records = false;
  pair.record(pair.first, pair.first_disk);
  pair.let(300ms);
  CHECK(pair.first->shared_index() == 0);
  pair.records = true;
  pair.let(300ms);
  CHECK(pair.first->shared_index() == 1);
}

TEST_CASE("When the leader is killed, the follower leads within its promise and a moment, alone and with a higher epoch") {
  Pair pair = armed();
  pair.first.reset();
  const MemberTime killed = pair.now;
  while (pair.second->role() != Role::leading && pair.now - killed < 10s) pair.step(10ms);
  CHECK(pair.now - killed <= kPromise + 50ms);
  CHECK(pair.second->epoch().value() == 6);
  CHECK(pair.may(pair.second));
  CHECK(pair.second_disk.kept == Kept{base::EpochId(6), 1, true});
}

TEST_CASE("A leader that loses its lease may give no authority before the follower may take over, and gives way on hearing of it") {
  for (const int cut : {1, 2, 3}) {
    Pair pair = armed();
    pair.forth = (cut & 1) == 0;
    pair.back = (cut & 2) == 0;
    bool overlap = false;
    for (int i = 0; i < 500; ++i) {
      pair.step(10ms);
      overlap = overlap || (pair.may(pair.first) && pair.may(pair.second));
    }
    CHECK_FALSE(overlap);
    CHECK_FALSE(pair.may(pair.first));
    CHECK(pair.may(pair.second) == ((cut & 1) != 0));  // who still hears the leader does not take over
    pair.forth = pair.back = true;
    pair.let(1s);
    if ((cut & 1) != 0) {
      CHECK(pair.first->role() == Role::following);
      CHECK(pair.first->armed());
      CHECK(pair.second->role() == Role::leading);
    } else {
      CHECK(pair.may(pair.first));
    }
  }
}

TEST_CASE("A leader that begins again asks the follower, and goes on with a higher epoch that the other one knows") {
  Pair pair = armed();
  pair.begin_first();
  pair.let(1s);
  CHECK(pair.first->role() == Role::leading);
  CHECK(pair.first->epoch().value() == 7);
  CHECK(pair.second_disk.kept.epoch.value() == 7);
  CHECK(pair.first->armed());
  CHECK(pair.second->role() == Role::following);
}

TEST_CASE("Who begins and is not alone leads nobody while it hears nobody") {
  Pair pair = armed();
  pair.second.reset();
  pair.begin_first();
  pair.let(60s);
  CHECK(pair.first->role() == Role::waiting);
  pair.begin_second();  // after a failure of power of both: who led goes on
  pair.let(1s);
  CHECK(pair.first->role() == Role::leading);
  CHECK(pair.second->armed());
}

TEST_CASE("Two that are new agree that the first leads; a new first follows a second that has led") {
  Pair pair;
  pair.first_disk = {};
  pair.begin_first();
  pair.let(10s);
  CHECK(pair.first->role() == Role::waiting);
  pair.begin_second();
  pair.let(1s);
  CHECK(pair.first->role() == Role::leading);
  CHECK(pair.first->epoch().value() == 1);
  CHECK(pair.second->armed());
  pair.first.reset();
  pair.let(3s);
  REQUIRE(pair.second->role() == Role::leading);
  pair.first_disk = {{{}, 100, false}, {}};  // its disk was replaced: runs count from the time of day
  pair.begin_first();
  pair.let(1s);
  CHECK(pair.first->role() == Role::following);
  CHECK(pair.first->armed());
  CHECK(pair.may(pair.second));
}

TEST_CASE("A leader that was replaced while it was away follows, and never leads with old records") {
  Pair pair = armed();
  pair.first.reset();
  pair.let(3s);
  REQUIRE(pair.second->role() == Role::leading);
  pair.record(pair.second, pair.second_disk);
  pair.second.reset();
  pair.begin_first();
  pair.let(10s);
  CHECK(pair.first->role() == Role::waiting);
  pair.begin_second();  // it is alone: nobody else was armed since
  pair.let(1s);
  CHECK(pair.second->role() == Role::leading);
  CHECK(pair.second->epoch().value() == 8);
  CHECK(pair.first->role() == Role::following);
  CHECK(pair.first->armed());
}

TEST_CASE("A follower that begins again does not take over before it has been armed anew") {
  Pair pair = armed();
  pair.records = false;
  pair.record(pair.first, pair.first_disk);
  pair.begin_second();
  pair.let(1s);
  CHECK_FALSE(pair.second->armed());
  CHECK(pair.may(pair.first));  // its lease goes on
  pair.first.reset();
  pair.let(10s);
  CHECK(pair.second->role() == Role::waiting);
}

TEST_CASE("A follower that leaves on purpose lets the leader go on alone; it takes over no more") {
  Pair pair = armed();
  pair.second->leave();
  pair.let(500ms);
  CHECK(pair.first->alone());
  CHECK(pair.first_disk.kept.alone);
  CHECK(pair.first->authority_until() == MemberTime::max());
  pair.forth = false;
  pair.let(10s);
  CHECK(pair.second->role() == Role::left);
  pair.forth = true;
  pair.begin_second();
  pair.let(1s);
  CHECK(pair.second->armed());
  CHECK_FALSE(pair.first->alone());
}

TEST_CASE("Old words bind nobody: neither from an earlier run nor out of order") {
  Pair pair = armed();
  const Word old = pair.second->word(pair.now);
  pair.let(500ms);
  pair.forth = pair.back = false;
  pair.let(1s);
  const MemberTime until = pair.first->authority_until();
  pair.first->hear(old, pair.now);
  CHECK(pair.first->authority_until() == until);
  Word leads;
  leads.role = Role::leading;
  leads.epoch = base::EpochId(3);
  leads.run = 9;
  leads.number = 1;
  pair.first->hear(leads, pair.now);
  CHECK(pair.first->role() == Role::leading);  // a lower epoch is not followed
}
