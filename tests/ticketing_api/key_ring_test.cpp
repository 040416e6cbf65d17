#include "ticketing/api/key_ring.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/ticketing_api/office_fixture.h"
#include "ticketing/api/key_watch.h"

using namespace promenade;
using namespace promenade::ticketing::api;
using promenade::ticketing::tests::TempDir;

namespace {
const base::Bytes kRandom(24, 7), kOtherRandom(24, 8);
}

TEST_CASE("a key is found by its text, which the file does not hold") {
  KeyRing ring;
  const auto key = ring.add("hall-a", {Scope::redeem, Scope::play}, kRandom).value();
  CHECK(key.starts_with("pk_"));
  REQUIRE(ring.find(key) != nullptr);
  CHECK(ring.find(key)->name == "hall-a");
  CHECK(ring.find("pk_wrong") == nullptr);
  CHECK_FALSE(ring.to_json().contains(key));
  const auto again = KeyRing::from_json(ring.to_json(), "keys").value();
  CHECK(again.find(key)->scopes == std::set<Scope>{Scope::redeem, Scope::play});
}

TEST_CASE("names, scopes and files that are not right are refused") {
  KeyRing ring;
  REQUIRE(ring.add("a", {Scope::read}, kRandom));
  CHECK(ring.add("a", {Scope::read}, kOtherRandom).error().code == "key-name-taken");
  CHECK(ring.add("b c", {Scope::read}, kOtherRandom).error().code == "key-name-bad");
  CHECK(ring.add("b", {}, kOtherRandom).error().code == "scope-unknown");
  CHECK(ring.revoke("nobody").error().code == "key-unknown");
  CHECK(parse_scope("everything").error().code == "scope-unknown");
  for (const char* text : {"", "[]", "{}", R"({"keys":[{"name":1}]})", R"({"keys":[{"name":"a","hash":"b","scopes":["all"]}]})"})
    CHECK_FALSE(KeyRing::from_json(text, "keys").has_value());
}

TEST_CASE("a changed key file counts at once, a broken one lets nobody in") {
  const TempDir dir;
  const std::string path = dir.path() + "/api-keys";
  KeyRing ring;
  const auto key = ring.add("clerk", {Scope::sell}, kRandom).value();
  REQUIRE(save_key_ring(ring, path));
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::others_read) == std::filesystem::perms::none);
  KeyWatch watch(path);
  CHECK(watch.authorise(key, Scope::sell)->name == "clerk");
  CHECK(watch.authorise(key, Scope::close).error().code == "scope-missing");
  REQUIRE(ring.revoke("clerk"));
  REQUIRE(save_key_ring(ring, path));
  CHECK(watch.authorise(key, Scope::sell).error().code == "key-wrong");
  std::ofstream(path) << "not json";
  CHECK(watch.authorise(key, Scope::sell).error().code == "keys-malformed");
}
