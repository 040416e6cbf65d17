#pragma once
// Recorded walks of people in a headset and how they are dropped into a hall: the reading and the drawing that the
// procedure of ../shared/data/walks/README.md lays down. Metres, seconds, 30 samples a second; plain values, one thread,
// draws only from the Random that is given. Reading errors say which file and what to do.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tracking/base/random.h"
#include "tracking/base/result.h"
#include "tracking/geometry.h"

namespace promenade::bench {

using tracking::HallPoint;
using tracking::HallVec;

inline constexpr double kReplayRate_hz = 30.0;
constexpr std::size_t samples_in(double seconds) { return static_cast<std::size_t>(seconds * kReplayRate_hz + 0.5); }

struct Walk {
  std::string task;               // folder of the task, e.g. waypoints-collection
  int user = 0;
  int way = 0;                    // which walk of this user in this task
  std::vector<HallPoint> at;      // at 30 Hz from the walk's beginning
  std::vector<HallVec> velocity;  // at each of them, as a pose history of the hall reckons it: the mean of the last 0.2 s
};

// Linear between the samples, from the first one's time to the last one's. `interval_s` holds as many as there are points:
// the time from the point before (the first one's is left aside).
std::vector<HallPoint> resampled(const std::vector<HallPoint>& points, const std::vector<double>& interval_s);
// The walk as a headset would have sent it, with its velocities.
Walk walk_of(std::vector<HallPoint> at);

// Every TASK/userN/K below the folder, in order of task, user, way. Errors: walks-missing, walks-unreadable.
base::Result<std::vector<Walk>> read_walks(const std::filesystem::path& folder);

struct Floor {  // a rectangle whose rim nobody's head comes nearer than the margin
  double width_m = 28.0;
  double depth_m = 15.0;
  double margin_m = 0.5;
};

// A part of a walk, turned and shifted. The walk outlives it.
class Window {
 public:
  Window(const Walk& walk, std::size_t first, std::size_t size, double turn_rad);
  std::size_t size() const { return size_; }
  std::size_t first() const { return first_; }
  const Walk& walk() const { return *walk_; }
  HallVec turned(HallVec v) const { return {cosine_ * v.x - sine_ * v.y, sine_ * v.x + cosine_ * v.y}; }
  HallPoint placed(HallPoint p) const {
    const HallVec v = turned(p - HallPoint{});
    return HallPoint{} + (v + shift_);
  }
  HallPoint at(std::size_t i) const { return placed(walk_->at[first_ + i]); }
  HallVec velocity(std::size_t i) const { return turned(walk_->velocity[first_ + i]); }
  // Shifts it to a random place where all of it keeps the margin; false when it is too long or too wide.
  bool place(const Floor& floor, base::Random& random);

 private:
  const Walk* walk_;
  std::size_t first_;
  std::size_t size_;
  double cosine_;
  double sine_;
  HallVec shift_;
};

// Draws windows of `seconds` at random from walks chosen at random until one fits. Walks that are too short are never
// drawn. The walks outlive it. Asserts that one walk is long enough; gives up after a million tries with an exception.
class WindowSource {
 public:
  WindowSource(const std::vector<Walk>& walks, double seconds, const Floor& floor);
  Window draw(base::Random& random) const;

 private:
  std::vector<const Walk*> walks_;
  std::size_t size_;
  Floor floor_;
};

}  // namespace promenade::bench
