#pragma once
// Things that stay before the viewer without sticking to the head, and values that fade. Pure; seconds, metres, Stage.

#include "runtime/headset/geometry.h"

namespace promenade::headset {

struct FollowRule {
  float distance_m = 2.0f;
  float drop_m = 0.0f;        // below the eyes
  float loose_rad = 0.35f;    // the head may turn so far before it follows
  float pace = 3.0f;          // of catching up, 1/s
  float leash_m = 0.0f;       // the head may move so far before it follows; 0: it moves with the head
};

class Follower {
 public:
  void step(double seconds, glm::vec3 head, float yaw_rad, const FollowRule& rule);
  void forget() { placed_ = false; }
  bool placed() const { return placed_; }
  Plane plane(glm::vec2 size_m) const { return {center_, turned(yaw_), size_m}; }

 private:
  bool placed_ = false, catching_up_ = false;
  float yaw_ = 0.0f;
  glm::vec3 head_{0.0f}, center_{0.0f};
};

// Moves `value` towards `goal` by at most `pace` a second.
float approach(float value, float goal, double seconds, float pace);

// The cut between the calm room and a film: to black, change, from black. The viewer's own safety pictures stay.
class Curtain {
 public:
  void step(double seconds, bool film_wanted);
  bool film() const { return film_; }         // what is behind it
  float fade() const { return fade_; }        // 0 open, 1 black

 private:
  bool film_ = false;
  float fade_ = 1.0f;                         // the program opens from black
};

}  // namespace promenade::headset
