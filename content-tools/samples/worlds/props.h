#pragma once
// What stands, hangs, grows and flies in the sample worlds: parts that several of them share, and the ways they move.
// Frame: glTF's, metres, y up; things stand on their origin and face +z. Deterministic.

#include <string>
#include <vector>

#include "content-tools/samples/glb.h"

namespace promenade::samples::worlds {

// Movement without end, in animations "always:SECONDS" shared by all that has the period. First and last keys are
// the same. `phase` 0..1.
void sway(World& world, NodeId node, const vec3& axis, float degrees, float period_s, float phase = 0.0f);
void bob(World& world, NodeId node, const vec3& by, float period_s, float phase = 0.0f);
void breathe(World& world, NodeId node, const vec3& by, float period_s, float phase = 0.0f);  // of the scale
void spin(World& world, NodeId node, const vec3& axis, float period_s, float start_degrees = 0.0f);
// The node's mesh repeats after `by`, so that coming back to the start is not seen; its name must begin "stream".
void stream(World& world, NodeId node, const vec3& by, float period_s);
// Through closed waypoints (the first is come back to), facing where it goes if `faces`.
void roam(World& world, NodeId node, std::vector<vec3> waypoints, float period_s, bool faces, float phase = 0.0f);

// Movement once, in the animation of scene `scene`: slow at both ends. Turns are relative to the node's rest.
struct Turn {
  float time_s = 0.0f, degrees = 0.0f;
};
struct Stop {
  float time_s = 0.0f;
  vec3 value{0.0f};
};
void turn_once(World& world, const std::string& scene, NodeId node, const vec3& axis, std::vector<Turn> turns);
void move_once(World& world, const std::string& scene, NodeId node, std::vector<Stop> stops);   // translations
void scale_once(World& world, const std::string& scene, NodeId node, std::vector<Stop> stops);
// Seen (scale 1) or not (next to nothing), without a way between.
void blink_once(World& world, const std::string& scene, NodeId node, std::vector<std::pair<float, bool>> states);

struct Look {  // of a person
  vec3 robe{0.2f, 0.25f, 0.35f}, trim{0.6f, 0.5f, 0.3f}, skin{0.72f, 0.5f, 0.36f}, hair{0.03f, 0.025f, 0.02f};
  float height_m = 1.62f;
  bool seated = false, bun = false, straw_hat = false, cap = false, closed_eyes = false, skirt = true;
};
struct Figure {
  NodeId root = 0, torso = 0, head = 0;
  NodeId left_arm = 0, left_fore = 0, right_arm = 0, right_fore = 0;  // arms hang at rest; turn about x to lift forward
};
// Breathes and sways a little of itself.
Figure add_figure(World& world, NodeId parent, MaterialId matte, const vec3& where, float turn_y, const Look& look, float phase);

struct BirdLook {
  vec3 back{0.3f, 0.2f, 0.12f}, belly{0.8f, 0.75f, 0.65f}, head{0.3f, 0.2f, 0.12f}, beak{0.15f, 0.12f, 0.08f}, tail{0.2f, 0.14f, 0.09f};
  float length_m = 0.16f, beak_m = 0.02f, tail_up = 20.0f, tail_m = 0.06f, neck_m = 0.0f, leg_m = 0.03f;
};
struct Bird {
  NodeId root = 0, body = 0, head = 0, left_wing = 0, right_wing = 0;
};
Bird add_bird(World& world, NodeId parent, MaterialId matte, const vec3& where, float turn_y, const BirdLook& look, bool spread = false);
void flap(World& world, const Bird& bird, float period_s, float degrees);

// A paper lantern about its middle: the shade in `glow`, caps, cord and tassel in `matte`; hangs from its node, `drop` below.
NodeId add_lantern(World& world, NodeId parent, MaterialId glow, MaterialId matte, const vec3& hook, float drop, float radius, float height,
                   const vec3& shade);
// A glow that faces the viewer, `radius` round `where`.
NodeId add_halo(World& world, NodeId parent, MaterialId halo, const vec3& where, float radius, const vec3& color);

Mesh tiled_roof(float width, float run, float rise, float tile = 0.24f);   // from the eave at the origin up and back (-z)
Mesh bars(float width, float height, int across, int down, float thick);   // lattice in x, y, about z = 0; stands on the origin
Mesh urn(float radius, float height);
Mesh rope(const vec3& from, const vec3& to, float sag, float radius, int steps = 10);

struct Tree {
  Mesh bark;
  std::vector<vec3> tips;                                                  // where leaves want to be
};
Tree grow_tree(std::uint32_t seed, float height, float spread, int depth, float thick);
// Cards about the tips, with normals that make each crown round.
Mesh foliage(std::uint32_t seed, const std::vector<vec3>& tips, int per_tip, float size, float scatter);
Mesh grass_tufts(std::uint32_t seed, int count, float size, const std::vector<vec3>& places);
// Flakes or petals in a box that repeats upwards after `high`, twice as high, for stream().
Mesh falling(std::uint32_t seed, int count, const vec3& size, float flake, bool round);

}  // namespace promenade::samples::worlds
