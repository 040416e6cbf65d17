#pragma once
// The reference hall as those who walk in it see it.

#include "showcontrol/rehearsal/world.h"
#include "tracking/venue_file.h"

namespace promenade::rehearsal::test {

inline const World& world() {
  static const tracking::Venue venue = *tracking::load_venue(PROMENADE_SOURCE_DIR "/venue-configs/wuxi-420/venue.toml");
  static const World made(venue);
  return made;
}

}  // namespace promenade::rehearsal::test
