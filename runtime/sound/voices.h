#pragma once
// The OpenAL sources of one film: each sound's buffer and source, moved to where the timeline says. Frame thread only,
// with the context current.

#include <memory>
#include <vector>

#include "runtime/sound/engine.h"
#include "runtime/sound/openal.h"
#include "runtime/sound/pace.h"
#include "runtime/sound/timeline.h"

namespace promenade::sound {

class Voices {
 public:
  Voices(std::shared_ptr<const FilmSounds> sounds, bool mirrored);
  ~Voices();
  Voices(const Voices&) = delete;
  Voices& operator=(const Voices&) = delete;

  // Fills one more buffer; a large one takes some milliseconds.
  void load_next();
  // `film_gain`: 0 pauses everything where it is.
  void update(const Heard& heard, float film_gain, double since_s);
  // Turns everything down further; true when nothing is heard any more.
  bool fade_away(double since_s);

 private:
  struct Voice {
    ALuint source = 0, buffer = 0;
    std::uint32_t start = 0;         // of the timeline's voice that it plays
    float gain = 1.0f;               // as the film's author set it
    float fade = 0.0f;               // 0..1
    bool sounding = false;           // begun, and not stopped by us
    bool paused = false;
    Pace pace;
  };
  void place(const Voice& voice, const package::Sound& what, const Heard& heard) const;
  void follow(Voice& voice, const FilmSounds::Item& item, const Timeline::Voice& wanted, bool fresh, double since_s) const;

  std::shared_ptr<const FilmSounds> sounds_;  // shared with whoever decoded them
  bool mirrored_;
  Timeline timeline_;
  std::vector<Voice> voices_;
  std::size_t loaded_ = 0;
};

}  // namespace promenade::sound
