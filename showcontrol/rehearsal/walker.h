#pragma once
// The walker model: how a person in a headset moves and obeys. Its one home; every safety and planning figure
// uses it; each constant below names its row of the model. Pure: time is an argument, every draw comes from the
// seed given, and each purpose has its own stream so that one part's draws never shift another's. Frame: hall
// floor, metres; times in seconds of one clock that the caller chooses. One thread.

#include <cstdint>
#include <optional>
#include <vector>

#include "tracking/base/random.h"
#include "tracking/frame.h"
#include "tracking/level.h"

namespace promenade::rehearsal {

using HallPoint = tracking::Point<tracking::Hall>;
using HallVec = tracking::Vec<tracking::Hall>;

struct WalkerHabits {                  // of a crowd; defaults are the model's rows
  double sigma_m = 0.25;               // wander off the planned point, per axis; 0.14 in a careful venue
  double wander_correlation_s = 4.0;
  double wander_smoothing_s = 1.0;     // critically damped second-order filter
  double wander_beyond_free_m = 0.2;   // never beyond the scene's free area + this
  double speed_mean_mps = 0.70, speed_sd_mps = 0.11, speed_min_mps = 0.3, speed_max_mps = 1.4;
  double pace_cv = 0.15;               // factor from scene to scene
  double start_up_median_s = 1.5, start_up_p95_s = 6.0;  // after a gate opens
  double acceleration_mps2 = 1.0;      // turning and slowing at corners
  double reaction_median_s = 0.48, reaction_p95_s = 1.0; // to a pause or stop
  double slowing_mean_s = 0.58, slowing_sd_s = 0.15;
  double heed_warning = 0.6;           // share who slow to half within 1 s
  double obey_pause = 0.97, obey_stop = 0.99;            // at each command; repeated after 2 s
  double repeat_s = 2.0;
  double stray_per_play = 1.0 / 50.0, run_per_play = 1.0 / 500.0;
  double fall_per_hour = 1.0 / 100.0, lift_visor_per_hour = 1.0 / 20.0, take_off_per_hour = 1.0 / 50.0;
  double child_share = 1.0 / 15.0, child_rate_factor = 10.0;
  // Those of a party see each other and make room. Assumed, as the model has no row.
  double make_room_mps = 0.5;
  // Shown an arrow while standing still, a person steps that way after 2 s. Assumed, as the model has no row.
  // He goes back as slowly, and to his place as slowly when he has been led to it. Only who has strayed or run comes back at
  // the row's 0.8 m/s.
  double step_away_mps = 0.3, step_away_after_s = 2.0, step_away_most_m = 0.8;
};

// What the person perceives. Taken from what his headset shows, never from the hall.
struct Guidance {
  std::vector<HallPoint> path;         // to walk, from about here to the target; empty: stay where you are
  std::uint64_t path_id = 0;           // changes when a new leg begins; start-up delay and pace are drawn then
  double free_radius_m = 0.5;          // wander allowed here
  tracking::Level level = tracking::Level::clear;
  bool stand_still = false;
  bool has_arrow = false;
  double arrow_rad = 0.0;              // hall yaw
  bool give_way = false;               // one of his party, whom he sees, is in front of him: he waits for him to go on
  bool fellow_near = false;            // one of his party is beside him,
  HallVec from_fellow;                 // and too near: unit vector away from him; zero: near enough
  std::vector<HallPoint> fellows;      // those of his party who are near, as he sees them: he does not walk into them
  bool in_play = false;                // strays and runs happen in plays only
};

// Walls are solid: gives the nearest point where a person can stand.
class Room {
 public:
  virtual ~Room() = default;
  virtual HallPoint nearest_free(HallPoint point) const = 0;
  virtual double clearance_m(HallPoint point) const = 0;  // to walls and obstacles; negative beyond them
};

enum class Conduct : std::uint8_t { normal, straying, running, down };

class Walker {
 public:
  // `play_length_s` spreads the chances per play over its time. Those who walk `together` share that stream: one
  // speed, pace and wander for all of them, since they see each other and keep together. Assumed; no row.
  Walker(const WalkerHabits& habits, base::Random random, HallPoint at, double play_length_s, bool child = false,
         std::optional<base::Random> together = std::nullopt);

  // Moves to time `now_s` (not before the last; steps of at most 0.2 s are exact enough, longer are split).
  void step(double now_s, const Guidance& guidance, const Room& room);

  HallPoint position() const { return position_; }
  HallVec velocity() const { return velocity_; }      // over the last step, m/s
  double yaw_rad() const { return yaw_; }
  double head_height_m() const;
  double standing_height_m() const { return height_; }
  bool child() const { return child_; }
  bool worn() const { return worn_; }                 // false: visor lifted or headset taken off
  bool taken_off() const { return taken_off_; }       // and it stays off until helped
  Conduct conduct() const { return conduct_; }
  bool defies() const { return commanded_ && !obeys_; }  // told to stand still, and means to go on
  double speed_mps() const { return speed_; }         // this person's own
  bool at_path_end() const;
  HallPoint planned_point() const { return anchor_; }   // of his path, without his wander and strays
  HallPoint next_point() const { return next_ < path_.size() ? path_[next_] : anchor_; }  // that he walks to

  void put_on();                                      // staff helped: worn again, on his feet
  // Stands at `here` now and means to stand at `at`, with no path to walk: he has just been led there.
  void stand_at(HallPoint at, HallPoint here);

 private:
  void advance(double dt, const Guidance& guidance, const Room& room);
  void react(double dt, const Guidance& guidance);
  void start_reaction(bool stop);
  void misadventures(double dt, const Guidance& guidance);
  void follow(double dt, const Guidance& guidance);
  void wander(double dt);
  HallVec wander_offset(double bound_m) const;
  void deviate(double dt, const Guidance& guidance);
  HallPoint beside_fellows(HallPoint wanted, const Guidance& guidance) const;
  double speed_limit_ahead() const;

  WalkerHabits habits_;
  base::Random wander_random_, pace_random_, reaction_random_, mishap_random_;
  double now_s_ = 0.0;
  bool started_ = false;

  // person
  double speed_ = 0.7, height_ = 1.7;
  bool child_ = false, worn_ = true, taken_off_ = false;
  double play_length_s_ = 600.0;

  // the planned point as this person walks it
  HallPoint anchor_;
  std::vector<HallPoint> path_;
  std::size_t next_ = 0;
  std::uint64_t path_id_ = 0;
  double pace_ = 1.0, start_up_left_s_ = 0.0, along_mps_ = 0.0;

  // wander: Ornstein-Uhlenbeck input, filter state per axis
  struct Axis { double input = 0.0, value = 0.0, rate = 0.0; };
  Axis axes_[2];
  double wander_scale_ = 0.0;
  double bound_m_ = 0.0;                              // of the wander now; follows the free area, so that nobody jumps

  // obedience
  enum class Will : std::uint8_t { free, reacting, slowing, still };
  Will will_ = Will::free;
  bool commanded_ = false, obeys_ = false, heeds_ = false, warned_ = false;
  tracking::Level commanded_level_ = tracking::Level::clear;
  double reaction_left_s_ = 0.0, slow_s_ = 0.58, repeat_left_s_ = 0.0, still_s_ = 0.0;
  double vigour_ = 1.0;                               // share of full motion, 0..1

  // off the path: strays, runs, steps away
  Conduct conduct_ = Conduct::normal;
  HallVec deviation_, deviation_goal_;
  double return_mps_ = 0.8;                           // of the deviation, by what brought it about
  double deviation_mps_ = 0.8, conduct_left_s_ = 0.0, stay_s_ = 0.0, lifted_left_s_ = 0.0;

  HallPoint position_;
  HallVec velocity_;
  double yaw_ = 0.0;
};

}  // namespace promenade::rehearsal
