#pragma once
// What a viewer hears: the film's sounds where they are in the room, and the alarms, which are made here and heard
// over everything. OpenAL Soft with HRTF. One thread (the frame thread); an update takes well under a millisecond.
// Frame: Stage, metres, y up. Times come with each update; no clock is read.
//
// Without a sound device the engine goes on in silence and says so in `message()`: nothing of the film depends on it.

#include <glm/ext/matrix_float4x4.hpp>
#include <glm/ext/quaternion_float.hpp>
#include <glm/ext/vector_float3.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content-tools/package/manifest.h"
#include "runtime/film/audio.h"
#include "runtime/film/film.h"
#include "runtime/sound/alarm.h"

namespace promenade::sound {

// A film's sounds, decoded; made off the frame thread.
struct FilmSounds {
  struct Item {
    package::Sound what;
    film::Samples samples;
  };
  std::vector<Item> items;
  std::vector<double> dwell_s;     // of the scenes; empty for seated films
  base::Findings findings;         // sounds that cannot be heard, and why
};
std::shared_ptr<const FilmSounds> load_sounds(film::OpenFilm& film);

struct Heard {                      // this frame
  double now_s = 0.0;               // headset time; not going back
  glm::vec3 head{0.0f};
  glm::quat head_orientation{1.0f, 0.0f, 0.0f, 0.0f};
  glm::mat4 stage_from_film{1.0f};  // of the film's world: floor point (x, y) is (x, 0, -y)
  film::Moment moment;              // of the story, as film::Moment
  double play_s = 0.0;              // since the play began, holds included; stands still while paused
  bool playing = false;             // false: faded out and held where it is
  float gain = 1.0f;                // of the film: the viewer's volume
  float dim = 0.0f;                 // 0..1: the film is turned down
  Alarm alarm = Alarm::none;
  std::optional<glm::vec3> alarm_from;  // where in Stage what it warns of lies: heard from there; none: from everywhere
};

enum class Output : std::uint8_t {
  device,    // the system's default device; silence where there is none
  loopback,  // none: `render` gives what would be heard
};

class Engine {
 public:
  // Never fails for want of a device. Error: "sound-broken" (OpenAL Soft itself cannot be used).
  static base::Result<std::unique_ptr<Engine>> open(Output output = Output::device);
  ~Engine();

  const std::string& device() const;   // its name; empty: none
  const std::string& message() const;  // empty, or why nothing is heard and what to do
  bool audible() const;
  bool hrtf() const;

  // The film to play from now on; nullptr: none. `mirrored`: its world is laid mirrored. What was heard fades out.
  // Shared, since it is decoded on another thread and may be wanted again.
  void set_film(std::shared_ptr<const FilmSounds> sounds, bool mirrored = false);
  void update(const Heard& heard);

  // Loopback only: the next samples at 48 kHz, interleaved left and right.
  void render(std::span<float> stereo);

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace promenade::sound
