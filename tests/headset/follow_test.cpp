#include "runtime/headset/follow.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace promenade::headset;

namespace {
constexpr double kStep_s = 1.0 / 72.0;
const glm::vec3 kHead{1.0f, 1.6f, -2.0f};
constexpr FollowRule kLoose{.distance_m = 2.0f, .drop_m = 0.5f, .loose_rad = 0.4f, .pace = 4.0f, .leash_m = 0.0f};
}  // namespace

TEST_CASE("text stays where it is while the head turns a little, and comes after it when it turns far") {
  Follower follower;
  follower.step(kStep_s, kHead, 0.0f, kLoose);
  const glm::vec3 first = follower.plane({1.0f, 1.0f}).center;
  CHECK(glm::length(first - (kHead + glm::vec3(0.0f, -0.5f, -2.0f))) < 1e-4f);
  for (int i = 0; i < 72; ++i) follower.step(kStep_s, kHead, 0.3f, kLoose);
  CHECK(glm::length(follower.plane({1.0f, 1.0f}).center - first) < 1e-4f);
  for (int i = 0; i < 144; ++i) follower.step(kStep_s, kHead, 1.2f, kLoose);
  const glm::vec3 after = follower.plane({1.0f, 1.0f}).center;
  CHECK(glm::length(after - (kHead + ahead_of(1.2f) * 2.0f - glm::vec3(0.0f, 0.5f, 0.0f))) < 0.1f);
}

TEST_CASE("it turns the short way round") {
  Follower follower;
  follower.step(kStep_s, kHead, 3.0f, kLoose);
  follower.step(kStep_s, kHead, -3.0f, kLoose);  // 0.28 rad further, not 6
  const glm::vec3 at = follower.plane({1.0f, 1.0f}).center;
  CHECK(glm::length(at - (kHead + ahead_of(3.0f) * 2.0f - glm::vec3(0.0f, 0.5f, 0.0f))) < 1e-3f);
}

TEST_CASE("a panel on a leash stays in the room until the viewer has walked away") {
  FollowRule rule = kLoose;
  rule.leash_m = 0.8f;
  Follower follower;
  follower.step(kStep_s, kHead, 0.0f, rule);
  const glm::vec3 first = follower.plane({1.0f, 1.0f}).center;
  follower.step(kStep_s, kHead + glm::vec3(0.5f, 0.0f, 0.0f), 0.0f, rule);
  CHECK(follower.plane({1.0f, 1.0f}).center == first);
  for (int i = 0; i < 200; ++i) follower.step(kStep_s, kHead + glm::vec3(1.5f, 0.0f, 0.0f), 0.0f, rule);
  CHECK(glm::length(follower.plane({1.0f, 1.0f}).center - first) > 1.3f);
}

TEST_CASE("the curtain closes before what is behind it changes, and opens again") {
  Curtain curtain;
  for (int i = 0; i < 72; ++i) curtain.step(kStep_s, false);
  CHECK(curtain.fade() == 0.0f);
  bool changed_in_the_open = false;
  for (int i = 0; i < 144; ++i) {
    const bool before = curtain.film();
    curtain.step(kStep_s, true);
    if (curtain.film() != before) changed_in_the_open = curtain.fade() < 1.0f;
  }
  CHECK(curtain.film());
  CHECK_FALSE(changed_in_the_open);
  CHECK(curtain.fade() == 0.0f);
}

TEST_CASE("values come near at their pace and no further") {
  CHECK(approach(0.0f, 1.0f, 0.1, 2.0f) == Catch::Approx(0.2f));
  CHECK(approach(0.95f, 1.0f, 0.1, 2.0f) == 1.0f);
  CHECK(approach(1.0f, 0.0f, 0.1, 2.0f) == Catch::Approx(0.8f));
}
