#pragma once
// The safety of a hall in small, for measures: what hall and headsets know of viewers whose true places are given, over
// a link that loses and delays, and what both of them make of it by the shipped evaluation and filter. 30 Hz steps; the
// hall's turn comes when the slowest bundle of a step is there, and it tells everybody at once. Pure and seeded; one
// thread; hall floor in metres, times in seconds of hall time. Slots are numbered from 0; bodies by slot + 1.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "showcontrol/client/guard.h"
#include "showcontrol/rehearsal/tracking_error.h"
#include "tracking/base/random.h"
#include "tracking/calibration.h"
#include "tracking/level_filter.h"
#include "tracking/pose_history.h"
#include "tracking/safety.h"

namespace promenade::bench::safety {

using tracking::HallPoint;
using tracking::HallVec;

inline constexpr double kStep_s = 1.0 / 30.0;

struct LinkHabits {  // row "link" of the walker model
  double loss = 0.01;
  double delay_min_s = 0.002, delay_max_s = 0.020;
  double outage_every_s = 3600.0, outage_min_s = 0.5, outage_max_s = 3.0;
  double killed_every_s = 360'000.0;
  double back_after_s = 3.5;  // a killed hall: its links are given up after 3 s and made anew; assumed, no row
};

// Where the plan has a viewer, as one side reckons it from a head's place.
class Plans {
 public:
  virtual ~Plans() = default;
  struct Told {
    std::optional<tracking::PlanAhead> ahead;
    std::array<HallPoint, protocol::kPlannedPoints> later{};  // at +3, +6, +10 s; with `ahead` only
    double stray_m = 0.0;
    double off_plan_m = 0.0;
  };
  virtual Told by_hall(std::size_t slot, HallPoint head, HallVec velocity, bool stands) const = 0;
  virtual Told by_headset(std::size_t slot, HallPoint head, HallVec velocity) const = 0;
  // Where his film leads him, for the arrow of one who has strayed.
  virtual std::optional<HallPoint> target(std::size_t slot) const = 0;
  // How near the neighbour's told plan comes to the viewer's own within 10 s.
  virtual double gap_m(std::size_t slot, HallPoint head, const protocol::Neighbour& other, double silence_s) const = 0;
};

struct Truth {  // of one viewer at one step
  HallPoint at;
  double height_m = 1.6;
  double standing_m = 1.6;
  bool worn = true;
};

struct Shown {  // to one viewer now: the worse of the hall's order and of what his headset finds
  tracking::Concern concern;
  std::optional<double> arrow_rad;  // away from danger, hall yaw
  int open_gate = -1;               // of his authority
};

class SafetyWatch {
 public:
  SafetyWatch(std::size_t slots, const tracking::Venue& venue, const rehearsal::TrackingHabits& tracking, const LinkHabits& link, base::Random random);

  // A viewer with a calibrated headset; `group` 0: alone; `partner` holds his hand.
  void add(std::size_t slot, std::uint64_t person, double now_s, const Truth& truth, std::uint32_t group, std::optional<std::size_t> partner);
  void remove(std::size_t slot);
  bool present(std::size_t slot) const { return people_[slot].present; }

  // 1: headsets take their poses, evaluate by what they know, and send.
  void headsets(double now_s, const Plans& plans, std::span<const Truth> truths);
  // 2: the hall takes in what has arrived, evaluates everybody and tells; `gates`: the last open one of each.
  void hall(double now_s, const Plans& plans, std::span<const int> gates);

  const Shown& shown(std::size_t slot) const { return people_[slot].shown; }
  const tracking::Concern& ordered(std::size_t slot) const { return people_[slot].ordered; }
  HallPoint measured(std::size_t slot) const { return people_[slot].measured; }  // by the headset, as last believed
  HallPoint known(std::size_t slot) const { return people_[slot].body.position; }  // to the hall
  bool heard_lately(std::size_t slot, double now_s) const;
  bool lost_place(std::size_t slot, double now_s) const;  // tracking lost or frozen for longer than a warning waits
  // For how long hall or headset have not known of each other, or of where he is.
  double unknown_s(std::size_t slot, double now_s) const;
  bool dead(std::size_t slot) const { return people_[slot].reading.dead; }
  bool hall_down(double now_s) const { return now_s < hall_back_s_; }
  HallVec tracking_error(std::size_t slot) const { return people_[slot].reading.error; }

  // Staff have him in their hands: nothing that is shown counts until he is released.
  void take_in_hand(std::size_t slot) { people_[slot].in_hand = true; }
  void release(std::size_t slot);
  // For sampled encounters: this headset loses tracking from now on.
  void lose_tracking(std::size_t slot, double until_s) { people_[slot].blind_until_s = until_s; }

 private:
  struct Person {
    Person() : tracking({}, base::Random(0)) {}
    bool present = false, in_hand = false;
    std::uint32_t group = 0;
    std::optional<std::size_t> partner;
    rehearsal::TrackingError tracking;
    rehearsal::TrackingReading reading;
    double blind_until_s = -1.0;
    base::Random link{0};
    double outage_until_s = -1.0;
    // headset
    tracking::PoseHistory history;
    tracking::PostureWatch posture;
    tracking::DriftScore drift;
    HallPoint measured;
    tracking::Pose<tracking::Hall> pose;
    HallVec velocity;
    double believed_s = 0.0, added_s = 0.0;
    int jumps = 0;
    bool worn = true;
    std::int64_t received = -1, late = -1;    // frames
    tracking::LevelFilter own_filter;
    tracking::Concern own;
    double calm_since_s = 0.0;
    Shown shown;
    // hall
    bool sent = false;                        // a bundle of this step arrives
    double heard_s = -1.0, unworn_since_s = -1.0, hall_lost_s = 0.0;
    bool hall_worn = true;
    tracking::Level told_level = tracking::Level::clear;
    tracking::Body body;
    Plans::Told plan;
    bool placed = false;
    tracking::LevelFilter filter;
    tracking::Concern ordered;
  };
  struct Cell {  // of a frame, about one slot
    protocol::Neighbour neighbour;            // body none: nobody
    tracking::Concern ordered;
    int gate = -1;
    std::uint32_t group = 0;
    std::int32_t partner = -1;
  };
  static constexpr std::int64_t kFrames = 128;  // more than any silence lasts that a headset lives through
  struct ToldBodies {
    std::int64_t frame = -1;
    double now_s = -1.0;
    std::vector<tracking::Body> bodies;
  };

  void sense(Person& person, double now_s, const Truth& truth);
  void receive(Person& person, double now_s);
  void judge(Person& person, std::size_t slot, double now_s, const Plans& plans);
  void compose(Person& person, std::size_t slot, double now_s, double silence_s, const Plans& plans);
  std::optional<double> arrow(const Person& person, std::size_t slot, const Plans& plans) const;
  const std::vector<tracking::Body>& told(std::int64_t frame, double now_s);
  Cell& cell(std::int64_t frame, std::size_t slot) { return cells_[static_cast<std::size_t>(frame % kFrames) * people_.size() + slot]; }
  const Cell& cell(std::int64_t frame, std::size_t slot) const { return cells_[static_cast<std::size_t>(frame % kFrames) * people_.size() + slot]; }
  double frame_s(std::int64_t frame) const { return frame_times_s_[static_cast<std::size_t>(frame % kFrames)]; }
  void take(Person& person, std::size_t slot, double now_s, const Plans& plans);
  void order(Person& person, std::size_t slot, double now_s);
  void tell(const Person& person, double now_s, Cell& one) const;
  tracking::Condition condition_of(const Person& person, double now_s, double lost_s, double stray_m) const;
  double lost_s(const Person& person, double now_s) const;

  const tracking::Venue& venue_;
  rehearsal::TrackingHabits tracking_habits_;
  LinkHabits link_;
  base::Random random_, hall_random_;
  std::vector<Person> people_;
  std::vector<Cell> cells_;                   // kFrames rows of a cell for each slot
  std::array<double, kFrames> frame_times_s_{};
  std::vector<tracking::Neighbour> near_;
  std::int64_t newest_ = -1;
  double hall_back_s_ = -1.0;
  std::array<ToldBodies, 3> told_cache_;
  std::size_t told_next_ = 0;
};

}  // namespace promenade::bench::safety
