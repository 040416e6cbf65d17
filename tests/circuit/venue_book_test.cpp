// Which venues a circuit has, and where it asks them: added, moved, removed, brought back.
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/circuit/circuit_fixture.h"
#include "ticketing/circuit/venue_list.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;
using namespace promenade::ticketing::tests;

namespace {

constexpr const char* kNowhere = "http://127.0.0.1:1";

}  // namespace

TEST_CASE("a venue that has moved gets its new address and key, and goes on from what it has sent") {
  CircuitFixture f;
  const auto whole = f.add(1);
  f.venues.put(served(CircuitFixture::until(whole, 100)));
  REQUIRE(f.collect());
  REQUIRE(f.store->change_venue(f.id(1), {.url = kNowhere, .api_key = "k2", .pinned = {}}));
  CHECK(f.record(1).api_key == "k2");
  CHECK(f.record(1).cursor.seq == 100);
  CHECK(f.collect()->failures == 1);
  REQUIRE(f.store->change_venue(f.id(1), {.url = f.venues.url(f.id(1)), .api_key = {}, .pinned = {}}));
  CHECK(f.record(1).api_key == "k2");
  f.venues.put(served(whole));
  REQUIRE(f.collect());
  check_whole(f, {whole});
  CHECK(f.store->change_venue(f.id(9), {.url = kNowhere, .api_key = {}, .pinned = {}}).error().code == "venue-unknown");
}

TEST_CASE("a venue that was removed comes back by being added, never by a release or a list") {
  CircuitFixture f;
  const auto whole = f.add(1);
  REQUIRE(f.collect());
  const NewVenue again{f.id(1), f.venues.url(f.id(1)), "k2", std::nullopt};
  const auto refused = f.store->add_venue(again, f.now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "venue-known");
  CHECK(refused.error().advice.contains("venue-change"));
  REQUIRE(f.store->remove_venue(f.id(1), f.now));
  CHECK(f.store->release(f.id(1), "eva", "by mistake", f.now).error().code == "venue-not-quarantined");
  REQUIRE(take_listed(*f.store, nlohmann::json::array({{{"venue", "venue-1"}, {"url", f.venues.url(f.id(1))}, {"key", "k3"}}}), f.now));
  CHECK(f.record(1).state == VenueState::left);
  REQUIRE(f.store->add_venue(again, f.now));
  CHECK(f.record(1).state == VenueState::active);
  CHECK(f.record(1).api_key == "k2");
  REQUIRE(f.collect());
  check_whole(f, {whole});
}

TEST_CASE("removing and adding a venue is no way out of its quarantine") {
  CircuitFixture f;
  f.add(1);
  REQUIRE(f.store->quarantine(f.record(1).id, {"checkpoint-forked", "another past", "{}"}, f.now));
  REQUIRE(f.store->remove_venue(f.id(1), f.now));
  REQUIRE(f.store->add_venue({f.id(1), f.venues.url(f.id(1)), "key", std::nullopt}, f.now));
  CHECK(f.record(1).state == VenueState::quarantined);
  CHECK(f.record(1).state_code == "checkpoint-forked");
  REQUIRE(f.store->release(f.id(1), "eva", "settled", f.now));
  CHECK(f.record(1).state == VenueState::active);
}

TEST_CASE("a list of venues adds who is missing and moves who has moved") {
  CircuitFixture f;
  const auto whole = f.add(1);
  REQUIRE(f.store->change_venue(f.id(1), {.url = kNowhere, .api_key = {}, .pinned = {}}));
  const nlohmann::json list = {{{"venue", "venue-1"}, {"url", f.venues.url(f.id(1))}, {"key", "k2"}}, {{"venue", "venue-2"}, {"url", kNowhere}, {"key", "k"}}};
  REQUIRE(take_listed(*f.store, list, f.now));
  REQUIRE(take_listed(*f.store, list, f.now));
  CHECK(f.record(1).url == f.venues.url(f.id(1)));
  CHECK(f.record(1).api_key == "k2");
  CHECK(f.record(2).url == kNowhere);
  REQUIRE(f.collect());
  CHECK(f.stored(1) == whole.stored);
}
