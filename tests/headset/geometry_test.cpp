#include "runtime/headset/geometry.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include <glm/ext/matrix_relational.hpp>
#include <glm/gtc/quaternion.hpp>
#include <glm/matrix.hpp>

using namespace promenade;
using namespace promenade::headset;

namespace {
using FilmPoint = tracking::Point<tracking::Film>;
const StageFromHall kStageFromHall{0.7, {2.0, -1.0}, 0.0, false};

protocol::PlayOrder laid(bool mirrored, double scale) {
  protocol::PlayOrder order;
  order.placement = {1.1, {5.0, 3.0}, 0.0, mirrored};
  order.scale = scale;
  return order;
}

bool near(glm::vec3 a, glm::vec3 b) { return glm::length(a - b) < 1e-4f; }
}  // namespace

TEST_CASE("a film's world lies where the plan lays its points, mirrored and scaled alike") {
  for (const bool mirrored : {false, true}) {
    for (const double scale : {1.0, 0.85}) {
      const protocol::PlayOrder order = laid(mirrored, scale);
      const glm::mat4 matrix = stage_from_film(kStageFromHall, order);
      const FilmPoint film{1.5, -2.5};
      const protocol::HallPoint hall = order.placement * FilmPoint{film.x * scale, film.y * scale};
      const glm::vec3 by_matrix(matrix * glm::vec4(static_cast<float>(film.x), 0.0f, static_cast<float>(-film.y), 1.0f));
      CHECK(near(by_matrix, in_stage(kStageFromHall, hall)));
      CHECK((glm::determinant(matrix) < 0.0f) == mirrored);
      CHECK(glm::length(glm::vec3(matrix[1])) == Catch::Approx(scale));
    }
  }
}

TEST_CASE("a direction of the hall keeps its sense in the stage") {
  const double yaw = 0.4;
  const protocol::HallPoint here{3.0, 4.0}, there{3.0 - std::sin(yaw), 4.0 + std::cos(yaw)};
  const glm::vec3 along = in_stage(kStageFromHall, there) - in_stage(kStageFromHall, here);
  CHECK(near(along, ahead_of(static_cast<float>(yaw_in_stage(kStageFromHall, yaw)))));
}

TEST_CASE("a ray meets the panel at the pixel that it points at") {
  const Plane plane{{0.0f, 1.5f, -2.0f}, glm::quat(1.0f, 0.0f, 0.0f, 0.0f), {1.6f, 1.0f}};
  const glm::vec2 size{1280.0f, 800.0f};
  const glm::vec3 from{0.1f, 1.2f, 0.0f};
  const auto middle = meet(plane, size, from, plane.center - from);
  REQUIRE(middle);
  CHECK(middle->pixel.x == Catch::Approx(640.0f).margin(0.1));
  CHECK(middle->pixel.y == Catch::Approx(400.0f).margin(0.1));
  CHECK(middle->distance_m == Catch::Approx(glm::length(plane.center - from)));
  const auto corner = meet(plane, size, from, plane.center + glm::vec3(-0.79f, 0.49f, 0.0f) - from);
  REQUIRE(corner);
  CHECK(corner->pixel.x == Catch::Approx(8.0f).margin(0.5));
  CHECK(corner->pixel.y == Catch::Approx(8.0f).margin(0.5));
  CHECK_FALSE(meet(plane, size, from, {0.0f, 0.0f, 1.0f}));                   // away from it
  CHECK_FALSE(meet(plane, size, {0.0f, 1.5f, -3.0f}, {0.0f, 0.0f, 1.0f}));    // from behind
  CHECK_FALSE(meet(plane, size, from, {1.0f, 0.0f, -1.0f}));                  // beside it
}

TEST_CASE("what is turned to a yaw faces who looks along it") {
  for (const float yaw : {0.0f, 1.0f, -2.5f}) {
    const glm::vec3 normal = turned(yaw) * glm::vec3(0.0f, 0.0f, 1.0f);
    CHECK(near(normal, -ahead_of(yaw)));
    CHECK(yaw_of(turned(yaw)) == Catch::Approx(yaw).margin(1e-5));
  }
}

TEST_CASE("the ray's strip runs along the ray and shows its side to the eye") {
  const glm::vec3 from{0.2f, 1.1f, -0.3f}, direction{0.1f, 0.2f, -1.0f}, eye{0.0f, 1.6f, 0.0f};
  const Plane strip = ray_strip(from, direction, 1.4f, 0.01f, eye);
  const glm::vec3 up = strip.orientation * glm::vec3(0.0f, 1.0f, 0.0f), facing = strip.orientation * glm::vec3(0.0f, 0.0f, 1.0f);
  CHECK(near(up, glm::normalize(direction)));
  CHECK(near(strip.center - up * 0.7f, from));
  CHECK(glm::dot(facing, eye - strip.center) > 0.0f);
}
