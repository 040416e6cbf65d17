#pragma once
// Real headset clients on real connections, and a staff device: each headset takes a pose 90 times a second at its own
// moments, steps its client, sends what the client wants sent, and notes when frames arrive. One thread; steady clock.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "showcontrol/client/client.h"
#include "showcontrol/protocol/transport.h"
#include "tests/bench/ages.h"
#include "tests/bench/alert_hall.h"

namespace promenade::bench {

using Steady = std::chrono::steady_clock;
inline constexpr double kPoseHz = 90.0;

// One headset and its wearer, who stands where `at` is set.
class CrowdHeadset {
 public:
  CrowdHeadset(const AlertHall& hall, std::size_t index, Steady::time_point zero);
  void poll();                               // takes what has arrived
  bool due(Steady::time_point now) const { return now >= next_pose_; }
  Steady::time_point next_pose() const { return next_pose_; }
  // Takes the pose of this moment and sends what follows from it; true when it did. `moved`: just before, with the
  // pose's own time: where is he?
  bool step(const std::function<void(Steady::time_point)>& moved);
  void panic() { client_.panic(time(Steady::now())); }

  bool linked() const { return connected_; }
  bool ready() const;                        // under way, with his place known to the hall
  tracking::Level told() const { return told_; }               // by the newest frame
  bool evacuating() const { return evacuating_; }
  tracking::Level own() const { return client_.view().level; }  // what the viewer is shown
  // Arrival of the first frame that told at least this level since `watch`; of his own picture likewise.
  void watch(tracking::Level level);
  std::optional<Steady::time_point> told_at() const { return told_at_; }
  std::optional<Steady::time_point> shown_at() const { return shown_at_; }
  base::HeadsetId id() const { return id_; }
  // From now on the ages of neighbours' poses, as he knows them at each of his own, go to `ages`; nullptr: nowhere.
  void measure(Ages* ages) { ages_ = ages; }

  tracking::HallPoint at;

 private:
  base::HeadsetTime time(Steady::time_point at_time) const;
  void send();
  void calibrate();

  const AlertHall& hall_;
  base::HeadsetId id_;
  Steady::time_point zero_, next_pose_;
  client::Client client_;
  std::optional<protocol::Connection> connection_;
  std::vector<protocol::LinkEvent> events_;
  base::Bytes bytes_;
  bool connected_ = false, touched_ = false, placed_ = false;
  int swing_ = 1;
  std::uint32_t sequence_ = 0;
  tracking::Level told_ = tracking::Level::clear;
  bool evacuating_ = false;
  Ages* ages_ = nullptr;
  base::HallTime frame_time_;                  // of the newest frame,
  std::vector<base::Duration> pose_ages_;      // and how old its neighbours' poses were then
  tracking::Level watched_ = tracking::Level::stop;
  std::optional<Steady::time_point> told_at_, shown_at_;
};

class CrowdStaff {
 public:
  explicit CrowdStaff(const AlertHall& hall);
  Steady::time_point command(protocol::StaffAction action);  // when it was put on the wire
  void poll();
  bool ready() const { return welcome_; }
  bool answered() const { return open_.empty(); }
  std::size_t refused() const { return refused_; }            // since the last call of forget_refused
  void forget_refused() { refused_ = 0; }

 private:
  std::optional<protocol::Connection> connection_;
  std::vector<protocol::LinkEvent> events_;
  bool greeted_ = false, welcome_ = false;
  std::uint32_t request_ = 0;
  std::set<std::uint32_t> open_;
  std::size_t refused_ = 0;
};

class Crowd {
 public:
  explicit Crowd(const AlertHall& hall);
  // Turns until `done`, calling `moved` for every headset at each of its poses, and `turn` once a turn. False: not within
  // the limit.
  bool run(double limit_s, const std::function<bool()>& done, const std::function<void(std::size_t, Steady::time_point)>& moved = {},
           const std::function<void()>& turn = {});
  // Lets every viewer go who is told a stop or more, until nobody is. Throws when it cannot.
  void release_all();

  std::vector<std::unique_ptr<CrowdHeadset>> headsets;
  CrowdStaff staff;
  double lateness_p99_ms() const;  // of poses behind their moments: how far this machine falls short of 90 Hz

 private:
  const AlertHall& hall_;
  std::vector<double> late_ms_;
};


}  // namespace promenade::bench
