#pragma once
// The worlds of the six walking sample films, made by code. Frame: the film's, as glTF. Takes seconds (light is baked);
// any thread; the same name gives the same world.

#include <string>
#include <string_view>
#include <vector>

#include "content-tools/samples/glb.h"
#include "tracking/base/result.h"

namespace promenade::samples::worlds {

std::vector<std::string> world_names();
// Of a world's route, in its order; empty where there is no such world.
std::vector<std::string> scene_names(std::string_view world);
// Error: "film-has-no-world".
base::Result<World> make_world(std::string_view name);

// One function per film; light not yet baked.
World clockmakers_yard();
World lantern_street();
World night_train();
World orchard_of_birds();
World snow_line();
World tide_caves();

}  // namespace promenade::samples::worlds
