#include "runtime/sound/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace promenade::sound {
namespace {

constexpr double kBack_s = 0.05;     // the play's clock may tremble by this much
constexpr double kForward_s = 1.0;   // a longer step is a jump

}  // namespace

Timeline::Timeline(std::vector<Line> lines, std::vector<double> dwell_s)
    : lines_(std::move(lines)), dwell_s_(std::move(dwell_s)), voices_(lines_.size()), began_(lines_.size()) {}

bool Timeline::jumped(const film::Moment& moment, double play_s) const {
  if (!last_ || play_s < last_play_s_ - kBack_s || play_s > last_play_s_ + kForward_s) return true;
  const bool same = moment.scene == last_->scene && moment.on_leg == last_->on_leg;
  const bool earlier = moment.scene < last_->scene || (moment.scene == last_->scene && last_->on_leg && !moment.on_leg);
  return earlier || (same && (moment.time_s < last_->time_s - kBack_s || moment.time_s > last_->time_s + kForward_s));
}

void Timeline::step(std::size_t i, const film::Moment& moment, double play_s) {
  const Line& line = lines_[i];
  Voice& voice = voices_[i];
  bool ends = false;
  if (line.what.whole_film) {
    if (!began_[i] && play_s >= line.what.at.time_s) began_[i] = line.what.at.time_s;
  } else {
    const bool here = moment.scene == line.what.at.scene;
    const double dwell = moment.scene < dwell_s_.size() ? dwell_s_[moment.scene] : std::numeric_limits<double>::infinity();
    const double time_s = moment.on_leg ? dwell + moment.time_s : moment.time_s;
    // A sound of the leg waits for the gate, however long the scene is held.
    const bool due = here && time_s >= line.what.at.time_s && (moment.on_leg || line.what.at.time_s < dwell);
    if (!began_[i] && due) began_[i] = play_s - (time_s - line.what.at.time_s);
    ends = line.what.loop && !here;
  }
  const double position_s = began_[i] ? play_s - *began_[i] : -1.0;
  const bool on = !ends && position_s >= 0.0 && line.length_s > 0.0 && (line.what.loop || position_s < line.length_s);
  if (on && !voice.on) voice.start = ++starts_;
  voice.on = on;
  voice.position_s = !on ? 0.0 : line.what.loop ? std::fmod(position_s, line.length_s) : position_s;
}

const std::vector<Timeline::Voice>& Timeline::at(const film::Moment& moment, double play_s) {
  if (jumped(moment, play_s)) {
    std::ranges::fill(began_, std::nullopt);
    for (Voice& voice : voices_) voice.on = false;
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) step(i, moment, play_s);
  last_ = moment;
  last_play_s_ = play_s;
  return voices_;
}

}  // namespace promenade::sound
