#pragma once
// A model at one moment: where each node is, which are seen, how far morphs go. Pure; evaluated once a frame.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/film/model.h"

namespace promenade::film {

struct Clip {          // one animation at one time
  std::uint32_t animation = 0;
  double time_s = 0.0;
  bool repeats = false;  // else rests at its end
};

struct Pose {
  std::vector<glm::mat4> model_from_node;         // one per node
  std::vector<std::uint8_t> visible;              // one per node; ancestors' visibility and scenes included
  std::vector<std::vector<float>> weights;        // one per node; empty: the mesh's own

  struct Local {                                  // kept for the next evaluation: each node in its parent's frame
    glm::vec3 translation{0.0f};
    glm::quat rotation{1.0f, 0.0f, 0.0f, 0.0f};
    glm::vec3 scale{1.0f};
    bool visible = true;
  };
  std::vector<Local> local;
};

// Applies clips in order (later ones win where they move the same node) to the model at rest, in scene `scene`.
// kNone: all scenes at once. `pose` is reused so that nothing is allocated from the second frame on.
void evaluate(const Model& model, std::span<const Clip> clips, std::uint32_t scene, Pose& pose);

// Which clips run `story_s` after scene `scene_name` began and `play_s` after the play began.
std::vector<Clip> clips_at(const Model& model, std::string_view scene_name, double story_s, double play_s);

}  // namespace promenade::film
