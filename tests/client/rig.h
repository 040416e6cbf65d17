#pragma once
// A client on a virtual clock with a scripted hall: the test sets what the hall says and where the viewer's head is,
// and lets time pass. Hall time runs 1,000 s before headset time; the stage is turned and shifted against the hall.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/client/client.h"
#include "tracking/venue.h"

namespace promenade::client::test {

inline constexpr double kHallAhead_s = 1000.0;
inline const base::FilmId kFilm{"001100012026"};
inline const protocol::HallPoint kScene0{12.0, 4.0}, kScene1{15.0, 4.0}, kScene2{15.0, 7.0};  // where order() lays its scenes
inline const base::FilmId kSeatedFilm{"001100022026"};

std::string venue_text();
const tracking::Venue& venue();
std::shared_ptr<const FilmShelf> shelf();  // a walking film of three scenes of 4 s, 3 m apart; a seated one of 5 s
protocol::PlayOrder order(double start_s);  // of the walking film, headset seconds; scenes at (12, 4), (15, 4), (15, 7)
// The same with two stops on each way: blocks 0 and 1 end at stops, 2 to 4 at the scenes, 5 and 6 at stops, 7 at the exit.
protocol::PlayOrder order_with_stops(double start_s);

struct Rig {
  explicit Rig(std::uint16_t headset = 7);

  // One step of `step_s`: the hall's frame (when it talks), a pose, the client's step, answers to its clock.
  void step(double step_s = 1.0 / 30.0);
  void run(double seconds, double step_s = 1.0 / 30.0);
  bool run_until(const std::function<bool()>& done, double limit_s, double step_s = 1.0 / 30.0);
  void walk_to(protocol::HallPoint target, double speed_mps = 0.7);

  void connect();                     // link up, welcome, clock
  void calibrate();                   // both marks of M1
  void ready(protocol::Phase phase);  // connected, calibrated, worn, in this phase
  void play(double start_in_s = 0.0); // ready, guided, with an order, without authority
  void authorise(int gate, double valid_s = 3.0);
  protocol::HallState make_frame();   // what the hall would send now; takes the next sequence
  void deliver(const protocol::HallState& state) { client.receive(state, now()); }

  base::HeadsetTime now() const { return base::headset_time(t); }
  base::HallTime hall() const { return base::hall_time(t * (1.0 + 1e-6 * hall_ppm) + kHallAhead_s); }
  protocol::StagePose stage_pose(protocol::HallPoint p, double height) const;
  protocol::StagePose laid(const tracking::MarkPair& pair, bool second) const;  // a controller along the mark's arrow

  Client client;
  double t = 10.0;
  double hall_ppm = 0.0;              // the hall's clock is fast by this against the headset's
  bool hall_talks = true;
  bool clock_answers = true;
  bool send_poses = true;
  protocol::HallPoint head{1.3, 12.0};
  double height_m = 1.65;
  Device device;
  // The hall's side.
  base::EpochId epoch{1};
  std::uint32_t sequence = 0;
  protocol::HallState frame;          // template: phase, play, neighbours, safety, menu
  int gate = -1;
  double authority_s = 3.0;
  bool echo = true;                   // the hall has handled the newest HeadsetState
  std::vector<protocol::Message> sent;
  std::optional<protocol::HeadsetState> up;  // newest
  int ups = 0;

 private:
  int jitter_ = 0;
};

}  // namespace promenade::client::test
