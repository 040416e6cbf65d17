#pragma once
// Which of a film's sounds are heard at a moment, and how far each has got. Pure; one thread.
// A sound begins when the story reaches it and then goes by the play's own seconds, so a hold neither repeats nor
// rewinds it; a jump of the play (a resume) puts each where it would be.

#include <cstdint>
#include <optional>
#include <vector>

#include "content-tools/package/manifest.h"
#include "runtime/film/film.h"

namespace promenade::sound {

class Timeline {
 public:
  struct Line {                      // of one sound
    package::Sound what;
    double length_s = 0.0;
  };
  // `dwell_s`: of the scenes; empty for seated films.
  Timeline(std::vector<Line> lines, std::vector<double> dwell_s);

  struct Voice {
    bool on = false;
    double position_s = 0.0;         // in the sound; within its length
    std::uint32_t start = 0;         // another number each time it begins anew
  };
  // One per sound. Times as in sound::Heard.
  const std::vector<Voice>& at(const film::Moment& moment, double play_s);

 private:
  bool jumped(const film::Moment& moment, double play_s) const;
  void step(std::size_t i, const film::Moment& moment, double play_s);

  std::vector<Line> lines_;
  std::vector<double> dwell_s_;
  std::vector<Voice> voices_;
  std::vector<std::optional<double>> began_;  // play second of each sound's first sample
  std::optional<film::Moment> last_;
  double last_play_s_ = 0.0;
  std::uint32_t starts_ = 0;
};

}  // namespace promenade::sound
