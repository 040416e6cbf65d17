#include "content-tools/samples/worlds/worlds.h"

#include <algorithm>
#include <array>

#include "content-tools/samples/worlds/bake.h"
#include "tracking/base/formatted.h"

namespace promenade::samples::worlds {
namespace {

struct Entry {
  std::string_view name;
  World (*make)();
  std::vector<std::string> scenes;
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries{
      {"clockmakers-yard", clockmakers_yard,
       {"yard_door", "sparrow_clock", "school_clock", "rain_clock", "wedding_clock", "empty_case", "evening_clock"}},
      {"lantern-street", lantern_street,
       {"street_gate", "paper_shop", "noodle_stall", "bridge_end", "mask_seller", "well_steps", "street_gate_again"}},
      {"night-train", night_train,
       {"last_carriage", "sleeper", "dining_car", "mail_van", "engine", "platform_lamp", "platform_end"}},
      {"orchard-of-birds", orchard_of_birds,
       {"orchard_wall", "wren_tree", "crane_tree", "owl_stump", "windfall", "kingfisher_branch", "old_graft", "ladder"}},
      {"snow-line", snow_line, {"last_grass", "cairn", "snow_line", "blue_ice", "white_out", "hut_light"}},
      {"tide-caves", tide_caves,
       {"cave_mouth", "kelp_curtain", "anemone_wall", "drowned_bell", "glow_pool", "whispering_bend", "shell_heart"}}};
  return kEntries;
}

}  // namespace

std::vector<std::string> world_names() {
  std::vector<std::string> names;
  for (const Entry& e : entries()) names.emplace_back(e.name);
  return names;
}

std::vector<std::string> scene_names(std::string_view world) {
  const auto found = std::ranges::find(entries(), world, &Entry::name);
  return found == entries().end() ? std::vector<std::string>{} : found->scenes;
}

base::Result<World> make_world(std::string_view name) {
  const auto found = std::ranges::find(entries(), name, &Entry::name);
  if (found == entries().end()) {
    return base::fail("film-has-no-world", base::formatted("There is no world for \"{}\".", name), "Name one of the six walking samples.");
  }
  World world = found->make();
  bake(world);
  return world;
}

}  // namespace promenade::samples::worlds
