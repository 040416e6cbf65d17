#pragma once
// How a sound is kept where the film's clock has it, although the sound device runs on a clock of its own: by rate, which nobody
// hears (at most 0.05 %, a twentieth of the smallest difference in pitch that people notice), and by a jump only where it is
// off by more than 80 ms and stays so. Pure; one for each sound that plays; seconds.

namespace promenade::sound {

class Pace {
 public:
  static constexpr double kRateMost = 500e-6;
  static constexpr double kSeekAbove_s = 0.080;
  static constexpr double kSeekAfter_s = 0.1;   // so long it must have been off: one late reading moves nothing
  static constexpr double kSeekRest_s = 2.0;    // and none so soon after another, whose effect is not measured yet

  struct Order {
    double rate = 1.0;        // to be played at
    bool seek = false;        // be put where it should be
  };
  // `off_s`: where it should be heard less where it is heard; `since_s`: since the last step.
  Order step(double off_s, double since_s);
  // It begins, or goes on after a pause, where it should be. What is known of the device's clock stays.
  void begin();

 private:
  double off_s_ = 0.0;        // smoothed
  double steady_ = 0.0;       // the part of the rate that the device's clock needs
  double beyond_s_ = 0.0;     // for so long off by too much
  double rest_s_ = 0.0;
};

}  // namespace promenade::sound
