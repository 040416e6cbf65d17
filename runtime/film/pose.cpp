#include "runtime/film/pose.h"

#include <algorithm>
#include <cmath>
#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>

namespace promenade::film {
namespace {

// Where in its keys a channel is: between key `low` and the next, `share` of the way.
struct Between {
  std::size_t low = 0;
  float share = 0.0f;
  float span_s = 0.0f;  // from key to key; 0 at and beyond the ends
};

Between locate(const Channel& channel, float time_s) {
  const auto& times = channel.times_s;
  if (time_s <= times.front()) return {};
  if (time_s >= times.back()) return {times.size() - 1, 0.0f, 0.0f};
  const auto above = static_cast<std::size_t>(std::ranges::upper_bound(times, time_s) - times.begin());
  const float span_s = times[above] - times[above - 1];
  return {above - 1, (time_s - times[above - 1]) / span_s, span_s};
}

// One component at the place; cubic Hermite as in glTF 2.0, appendix C.
float sample(const Channel& channel, const Between& at, std::size_t components, std::size_t c) {
  const auto& v = channel.values;
  if (channel.interpolation == Interpolation::cubic) {
    const auto key = [&](std::size_t k, std::size_t part) { return v[(3 * k + part) * components + c]; };
    if (at.span_s == 0.0f) return key(at.low, 1);
    const float t = at.share, t2 = t * t, t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * key(at.low, 1) + at.span_s * (t3 - 2 * t2 + t) * key(at.low, 2) +
           (-2 * t3 + 3 * t2) * key(at.low + 1, 1) + at.span_s * (t3 - t2) * key(at.low + 1, 0);
  }
  const float low = v[at.low * components + c];
  if (channel.interpolation == Interpolation::step || at.span_s == 0.0f) return low;
  return low + (v[(at.low + 1) * components + c] - low) * at.share;
}

glm::quat turn(const Channel& channel, const Between& at) {
  const auto key = [&](std::size_t k) {
    const float* v = &channel.values[4 * k];
    return glm::quat(v[3], v[0], v[1], v[2]);
  };
  if (channel.interpolation == Interpolation::linear && at.span_s > 0.0f) return glm::slerp(key(at.low), key(at.low + 1), at.share);
  return {sample(channel, at, 4, 3), sample(channel, at, 4, 0), sample(channel, at, 4, 1), sample(channel, at, 4, 2)};
}

void apply(const Model& model, const Channel& channel, float time_s, Pose& pose) {
  const Between at = locate(channel, time_s);
  Pose::Local& local = pose.local[channel.node];
  const auto vec3 = [&] { return glm::vec3(sample(channel, at, 3, 0), sample(channel, at, 3, 1), sample(channel, at, 3, 2)); };
  switch (channel.path) {
    case ChannelPath::translation: local.translation = vec3(); break;
    case ChannelPath::scale: local.scale = vec3(); break;
    case ChannelPath::rotation: {
      const glm::quat q = turn(channel, at);
      const float length = glm::length(q);
      if (length > 1e-6f) local.rotation = q / length;
      break;
    }
    case ChannelPath::weights: {
      const std::size_t count = model.meshes[model.nodes[channel.node].mesh].weights.size();
      pose.weights[channel.node].resize(count);
      for (std::size_t i = 0; i < count; ++i) pose.weights[channel.node][i] = sample(channel, at, count, i);
      break;
    }
    case ChannelPath::visible: local.visible = sample(channel, at, 1, 0) > 0.5f; break;
  }
}

}  // namespace

void evaluate(const Model& model, std::span<const Clip> clips, std::uint32_t scene, Pose& pose) {
  const std::size_t count = model.nodes.size();
  pose.model_from_node.resize(count);
  pose.visible.resize(count);
  pose.weights.resize(count);
  pose.local.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Node& node = model.nodes[i];
    pose.local[i] = {node.translation, node.rotation, node.scale, node.visible};
    pose.weights[i].clear();
  }
  for (const Clip& clip : clips) {
    if (clip.animation >= model.animations.size()) continue;
    const Animation& animation = model.animations[clip.animation];
    const double length_s = animation.length_s;
    double time_s = std::isfinite(clip.time_s) ? std::max(clip.time_s, 0.0) : 0.0;
    time_s = clip.repeats && length_s > 0.0 ? std::fmod(time_s, length_s) : std::min(time_s, length_s);
    for (const Channel& channel : animation.channels) apply(model, channel, static_cast<float>(time_s), pose);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Node& node = model.nodes[i];
    const Pose::Local& local = pose.local[i];
    glm::mat4 m = glm::translate(glm::mat4(1.0f), local.translation) * glm::mat4_cast(local.rotation);
    m = glm::scale(m, local.scale);
    const bool in_scene = scene == kNone || (scene >= node.first_scene && scene <= node.last_scene);
    const bool shown = node.parent == kNone || pose.visible[node.parent] != 0;
    pose.model_from_node[i] = node.parent == kNone ? m : pose.model_from_node[node.parent] * m;
    pose.visible[i] = shown && local.visible && in_scene ? 1 : 0;
  }
}

std::vector<Clip> clips_at(const Model& model, std::string_view scene_name, double story_s, double play_s) {
  std::vector<Clip> clips;
  for (std::uint32_t i = 0; i < model.animations.size(); ++i) {
    const std::string& name = model.animations[i].name;
    if (name == "always" || name.starts_with("always:")) clips.push_back({i, play_s, true});
  }
  for (std::uint32_t i = 0; i < model.animations.size(); ++i) {
    if (!scene_name.empty() && model.animations[i].name == scene_name) clips.push_back({i, story_s, false});
  }
  return clips;
}

}  // namespace promenade::film
