#pragma once
// By which channels a viewer is told of a level: the one table from level and cause to picture, sound and vibration.
// Every level from warn on reaches the eyes, the ears and the hands, so that who lacks one of the three, or the
// controllers, is told by the others. Pure; seconds; directions clockwise from where the viewer looks, radians.

#include <array>
#include <optional>

#include "runtime/headset/app.h"
#include "runtime/sound/alarm.h"
#include "showcontrol/client/view.h"

namespace promenade::headset {

enum class Buzz : std::uint8_t { none, warn, pause, stop, evacuate };

struct Channels {
  // picture
  bool own_ring = false;     // round the viewer's own feet
  bool sign = false;         // words: what is wrong and what to do
  bool word_stop = false;    // the word stop, before him
  bool hall = false;         // the real hall in the film's place: seen where the headset can, else drawn
  bool guidance = false;     // how to lift off the headset, and the way out
  sound::Alarm tone = sound::Alarm::none;  // the film under it: sound::film_left
  Buzz buzz = Buzz::none;
};
Channels channels_of(tracking::Level level, tracking::Cause cause);

// Whether the real hall is to be seen: at a stop and in an evacuation, and while staff are with a viewer who is shown
// no film anyway: being fitted, or standing still because place or hall are not known.
bool wants_hall(const client::View& view);

inline constexpr double kToldAgain_s = 2.0;  // who has not obeyed is told again; evacuation: every 4 s, three long pulses

// The vibration of a level while it stands: at once when level or cause change for something to be told, then again and
// again until it is over.
class Buzzer {
 public:
  struct Told {
    tracking::Level level = tracking::Level::clear;
    tracking::Cause cause = tracking::Cause::none;
    std::optional<double> danger_rad;  // a warning is felt in the hand on that side
  };
  // What begins in this frame, left and right. `seconds` since the last call.
  std::array<std::optional<Haptic>, 2> step(double seconds, const Told& told);

 private:
  Told last_;
  double at_s_ = 0.0;        // within the pattern
};

}  // namespace promenade::headset
