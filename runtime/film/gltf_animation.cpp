#include <algorithm>
#include <charconv>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

struct Target {
  std::uint32_t node = kNone;
  ChannelPath path = ChannelPath::translation;
  unsigned components = 3;
};

// The node of "/nodes/N/extensions/KHR_node_visibility/visible"; -1 for another pointer.
int visibility_node(const tinygltf::AnimationChannel& channel) {
  const auto it = channel.target_extensions.find("KHR_animation_pointer");
  const tinygltf::Value* value = it == channel.target_extensions.end() ? nullptr : member(it->second, "pointer");
  if (!value || !value->IsString()) return -1;
  const std::string& pointer = value->Get<std::string>();
  constexpr std::string_view kBegin = "/nodes/", kEnd = "/extensions/KHR_node_visibility/visible";
  if (!pointer.starts_with(kBegin) || !pointer.ends_with(kEnd) || pointer.size() <= kBegin.size() + kEnd.size()) return -1;
  int node = -1;
  const char* last = pointer.data() + pointer.size() - kEnd.size();
  const auto [end, error] = std::from_chars(pointer.data() + kBegin.size(), last, node);
  return error == std::errc() && end == last ? node : -1;
}

class AnimationReader {
 public:
  AnimationReader(Source& source, const std::vector<std::uint32_t>& node_at, Model& model)
      : source_(source), node_at_(node_at), model_(model) {}

  void read(const tinygltf::Animation& from, std::size_t number) {
    Animation out;
    out.name = from.name.empty() ? base::formatted("animation {}", number) : from.name;
    for (const tinygltf::AnimationChannel& channel : from.channels) {
      if (!source_.ok()) return;
      const auto target = target_of(channel, out.name);
      if (!target || !source_.index(channel.sampler, from.samplers.size(), "animation sampler")) continue;
      read_channel(from.samplers[static_cast<std::size_t>(channel.sampler)], *target, out);
    }
    if (source_.ok()) model_.animations.push_back(std::move(out));
  }

 private:
  std::optional<Target> target_of(const tinygltf::AnimationChannel& channel, const std::string& name) {
    Target target;
    int node = channel.target_node;
    if (channel.target_path == "rotation") {
      target = {kNone, ChannelPath::rotation, 4};
    } else if (channel.target_path == "scale") {
      target = {kNone, ChannelPath::scale, 3};
    } else if (channel.target_path == "weights") {
      target = {kNone, ChannelPath::weights, 0};
    } else if (channel.target_path == "pointer") {
      target = {kNone, ChannelPath::visible, 1};
      node = visibility_node(channel);
      if (node < 0) {
        source_.warn("part-left-out", name, "It moves something that this program does not move.",
                     "Only a node's place, turn, size, morphs and visibility can be animated.");
      }
    } else if (channel.target_path != "translation") {
      return std::nullopt;
    }
    if (node < 0 || !source_.index(node, node_at_.size(), "node")) return std::nullopt;
    target.node = node_at_[static_cast<std::size_t>(node)];
    if (target.node == kNone) return std::nullopt;  // not in the scene
    if (target.path == ChannelPath::weights) {
      const std::uint32_t mesh = model_.nodes[target.node].mesh;
      target.components = mesh == kNone ? 0 : static_cast<unsigned>(model_.meshes[mesh].weights.size());
      if (target.components == 0) return std::nullopt;
    }
    return target;
  }

  void read_channel(const tinygltf::AnimationSampler& sampler, const Target& target, Animation& out) {
    Channel channel;
    channel.node = target.node;
    channel.path = target.path;
    channel.interpolation = sampler.interpolation == "STEP"          ? Interpolation::step
                            : sampler.interpolation == "CUBICSPLINE" ? Interpolation::cubic
                                                                     : Interpolation::linear;
    if (target.path == ChannelPath::visible) channel.interpolation = Interpolation::step;
    channel.times_s = source_.floats(sampler.input, 1, "animation times");
    const unsigned element = target.path == ChannelPath::weights ? 1 : target.components;
    channel.values = source_.floats(sampler.output, element, "animation values");
    if (!source_.ok()) return;
    const std::size_t keys = channel.times_s.size();
    const std::size_t each = std::size_t{target.components} * (channel.interpolation == Interpolation::cubic ? 3 : 1);
    if (keys == 0 || channel.values.size() != keys * each) {
      return source_.malformed(base::formatted("animation \"{}\" has {} values for {} keys", out.name, channel.values.size(), keys));
    }
    const bool rising = channel.times_s.front() >= 0.0f &&
                        std::ranges::adjacent_find(channel.times_s, std::greater_equal<>()) == channel.times_s.end();
    if (!rising) return source_.malformed(base::formatted("the times of animation \"{}\" do not rise", out.name));
    out.length_s = std::max(out.length_s, channel.times_s.back());
    out.channels.push_back(std::move(channel));
  }

  Source& source_;
  const std::vector<std::uint32_t>& node_at_;
  Model& model_;
};

}  // namespace

void read_animations(Source& source, const std::vector<std::uint32_t>& node_at, Model& model) {
  AnimationReader reader(source, node_at, model);
  for (std::size_t i = 0; source.ok() && i < source.document().animations.size(); ++i) reader.read(source.document().animations[i], i);
}

}  // namespace promenade::film
