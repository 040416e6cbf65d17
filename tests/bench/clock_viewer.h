#pragma once
// A viewer in a seat, with the shipped client in his headset: he is calibrated, has an order to start at a hall time, and watches
// one film. The hall is a script that says the same in every frame; what is looked at is where his film and its sound are, by
// true time. Pure; one thread; seconds of true time.

#include <memory>

#include "runtime/sound/pace.h"
#include "showcontrol/client/client.h"
#include "tests/bench/clock_exchange.h"

namespace promenade::bench {

class ClockViewer {
 public:
  // `sound_ppm`: of his sound device's clock against the headset's.
  ClockViewer(Wifi wifi, WrongClock clock, double sound_ppm, double start_s, base::Random random);
  void step(double now_s);  // a frame of his headset

  bool watches() const;
  // Of the newest frame: the film's position less the true time since the start, and its sound's less the same. watches() only.
  double film_error_s() const { return film_error_s_; }
  double sound_error_s() const { return sound_s_ - (now_s_ - start_s_); }
  // The most that film time has gone beside the headset's own in a frame, as a share: a seek would be far over 0.001.
  double film_rate_worst() const { return film_rate_worst_; }
  int sound_seeks() const { return sound_seeks_; }

 private:
  void hear_hall(double now_s);
  void calibrate(double now_s);
  void play_sound(double since_s);

  ClockExchange exchange_;
  double sound_ppm_, start_s_;
  client::Client client_;
  double now_s_ = 0.0, next_frame_s_ = 0.0, next_marks_s_ = 1800.0, film_error_s_ = 0.0, film_s_ = 0.0, film_rate_worst_ = 0.0;
  std::uint32_t sequence_ = 0;
  int touched_ = 0, swing_ = 1, sound_seeks_ = 0;
  bool calibrated_ = false, sounding_ = false;
  double sound_s_ = 0.0, told_sound_s_ = 0.0, since_told_s_ = 0.0, sound_rate_ = 1.0;
  sound::Pace pace_;
};

}  // namespace promenade::bench
