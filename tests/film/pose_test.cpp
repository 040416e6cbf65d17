#include "runtime/film/pose.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <glm/gtc/quaternion.hpp>

using namespace promenade::film;
using Catch::Approx;

namespace {

// A root with a child that is moved; the child has one morph target.
Model model() {
  Model m;
  m.materials.resize(1);
  m.meshes.resize(1);
  m.meshes[0].weights = {0.25f};
  m.nodes.resize(2);
  m.nodes[0].translation = {0, 0, 10};
  m.nodes[1].parent = 0;
  m.nodes[1].mesh = 0;
  return m;
}

Channel channel(ChannelPath path, Interpolation interpolation, std::vector<float> times, std::vector<float> values) {
  return {1, path, interpolation, std::move(times), std::move(values)};
}

Pose at(const Model& m, double time_s, bool repeats = false, std::uint32_t scene = kNone) {
  Pose pose;
  const Clip clips[] = {{0, time_s, repeats}};
  evaluate(m, clips, scene, pose);
  return pose;
}

}  // namespace

TEST_CASE("a model at rest is where its nodes say") {
  Model m = model();
  Pose pose;
  evaluate(m, {}, kNone, pose);
  CHECK(pose.model_from_node[1][3].z == 10.0f);
  CHECK(pose.visible == std::vector<std::uint8_t>{1, 1});
  CHECK(pose.weights[1].empty());
}

TEST_CASE("keys are joined by lines, steps and curves, and hold beyond their ends") {
  Model m = model();
  m.animations.push_back({"a", 2.0f, {channel(ChannelPath::translation, Interpolation::linear, {1, 2}, {0, 0, 0, 4, 0, 0})}});
  CHECK(at(m, 0.0).model_from_node[1][3].x == 0.0f);
  CHECK(at(m, 1.5).model_from_node[1][3].x == Approx(2.0f));
  CHECK(at(m, 9.0).model_from_node[1][3].x == 4.0f);
  CHECK(at(m, 3.5, true).model_from_node[1][3].x == Approx(2.0f));
  m.animations[0].channels[0].interpolation = Interpolation::step;
  CHECK(at(m, 1.9).model_from_node[1][3].x == 0.0f);
  // A straight line as a curve: tangents of 4 a second.
  m.animations[0].channels[0] = channel(ChannelPath::translation, Interpolation::cubic, {1, 2},
                                        {0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0, 4, 0, 0, 0, 0, 0});
  CHECK(at(m, 1.25).model_from_node[1][3].x == Approx(1.0f));
  CHECK(at(m, 2.0).model_from_node[1][3].x == Approx(4.0f));
}

TEST_CASE("turns go the short way and stay unit") {
  Model m = model();
  const glm::quat half = glm::angleAxis(1.0f, glm::vec3(0, 1, 0));
  m.animations.push_back({"a", 1.0f, {channel(ChannelPath::rotation, Interpolation::linear, {0, 1},
                                              {0, 0, 0, 1, -half.x, -half.y, -half.z, -half.w})}});
  const glm::vec3 x = glm::vec3(at(m, 0.5).model_from_node[1][0]);
  CHECK(x.x == Approx(std::cos(0.5f)));
  CHECK(x.z == Approx(-std::sin(0.5f)));
}

TEST_CASE("morphs and visibility are animated, and hide what hangs below") {
  Model m = model();
  m.animations.push_back({"a", 1.0f, {channel(ChannelPath::weights, Interpolation::linear, {0, 1}, {0, 1}),
                                      {0, ChannelPath::visible, Interpolation::step, {0, 0.5f}, {1, 0}}}});
  CHECK(at(m, 0.25).weights[1] == std::vector<float>{0.25f});
  CHECK(at(m, 0.25).visible[1] == 1);
  CHECK(at(m, 0.75).visible[1] == 0);
}

TEST_CASE("nodes are seen in their scenes only") {
  Model m = model();
  m.nodes[0].first_scene = 1;
  m.nodes[0].last_scene = 2;
  Pose pose;
  for (const auto& [scene, seen] : {std::pair(0u, 0), std::pair(1u, 1), std::pair(2u, 1), std::pair(3u, 0), std::pair(kNone, 1)}) {
    evaluate(m, {}, scene, pose);
    CHECK(int{pose.visible[1]} == seen);
  }
}

TEST_CASE("a pose is used again without what was before") {
  Model m = model();
  m.animations.push_back({"a", 1.0f, {channel(ChannelPath::weights, Interpolation::linear, {0, 1}, {1, 1})}});
  Pose pose = at(m, 0.5);
  evaluate(m, {}, kNone, pose);
  CHECK(pose.weights[1].empty());
}

TEST_CASE("clips are chosen by their names") {
  Model m = model();
  for (const char* name : {"bridge", "always", "well", "always:river", "alwaysnot"}) m.animations.push_back({name, 1.0f, {}});
  const auto clips = clips_at(m, "bridge", 3.0, 70.0);
  REQUIRE(clips.size() == 3);
  CHECK((clips[0].animation == 1 && clips[0].repeats && clips[0].time_s == 70.0));
  CHECK((clips[1].animation == 3 && clips[1].repeats));
  CHECK((clips[2].animation == 0 && !clips[2].repeats && clips[2].time_s == 3.0));
}
