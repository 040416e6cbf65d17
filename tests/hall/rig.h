#pragma once
// A small hall for tests: a venue of its own, short films, a box office that says yes, and viewers who do what a
// headset and its wearer would do, one step of virtual time after the other.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "showcontrol/server/inline_hall.h"

namespace promenade::hall_test {

using base::HallTime;
using base::HeadsetId;
using hall::PeerId;
using protocol::Phase;
using tracking::HallPoint;

inline const base::FilmId kWalk{"001100012026"};
inline const base::FilmId kWalkToo{"001100022026"};
inline const base::FilmId kSeated{"001100032026"};

tracking::Venue sample_venue();
std::shared_ptr<const std::vector<hall::Film>> short_films();
hall::HallConfig sample_config();

class Rig;

// A headset with its viewer. Follows what he is told unless told otherwise by the test.
class FakeViewer {
 public:
  FakeViewer(Rig& rig, HeadsetId headset, HallPoint waits_at);
  void step(double dt_s);
  void see(const protocol::Message& message);
  void connect();
  void disconnect();
  void choose(const base::FilmId& film);
  protocol::HeadsetState bundle();   // as it would be sent now; numbers it
  void forget_place() { calibration_ = {}; }
  void touch_marks() { ++calibration_.revision; }
  // He is there from now on, as nobody walks: for his headset, by marks touched there.
  void put(HallPoint there) {
    at = there;
    touch_marks();
  }

  HeadsetId headset;
  PeerId peer;
  bool connected = false;
  std::optional<HallTime> connects_at;  // after an outage; comes back by itself then
  bool sends = true;                 // false: silent
  bool calibrates = true;
  tracking::CalibrationState drift = tracking::CalibrationState::good;  // as his headset scores it
  double error_m = 0.03;
  bool obeys_authority = true;
  std::optional<base::FilmId> wants; // chosen once in the menu
  HallPoint at;
  double yaw = 0.0;
  double height_m = 1.6;
  bool worn = true;
  bool panic = false;
  tracking::Concern own;             // what the headset finds by itself
  std::vector<protocol::HeadsetTrouble> troubles;
  bool battery_known = true;
  bool walks = true;
  double speed_mps = 0.65;
  tracking::Vec<tracking::Hall> beside;  // where in each place he stands, off its middle
  std::vector<std::uint8_t> picks;   // at each choice of his film that he meets; where there are no more he does not choose
  protocol::Progress progress;
  protocol::HallState told;          // newest
  std::optional<protocol::Refusal> refused;
  std::size_t states = 0;
  std::size_t gates_passed = 0;
  std::size_t gates_without_authority = 0;
  std::set<std::uint8_t> stops_held_at;  // blocks of ways at whose stop he had to wait
  // The block of his first scene, and the first block of his way out; he must have a play.
  std::size_t first_scene() const { return told.play->way_in_stops.size(); }
  std::size_t way_out() const;
  bool in_scene(std::size_t k) const { return told.play && progress.block == first_scene() + k && progress.stage == protocol::BlockStage::in_scene; }

 private:
  void walk(double dt_s);
  package::Route route() const;      // the scenes that he sees, as told by now
  std::vector<HallPoint> path_of(std::size_t block, const package::Route& route) const;
  bool move_to(HallPoint target, double dt_s);
  Rig& rig_;
  std::uint32_t sequence_ = 0;
  protocol::CalibrationState calibration_;
  bool asked_ = false;
  std::size_t waypoint_ = 0;
  double jitter_ = 0.0;
};

class Rig {
 public:
  explicit Rig(hall::HallConfig config = sample_config());
  ~Rig();

  void step(double dt_s = 0.1);
  // Steps until the condition holds; false when it does not within `limit_s` of virtual time.
  template <class Condition>
  bool until(Condition condition, double limit_s = 600.0) {
    for (double left = limit_s; left > 0.0; left -= 0.1) {
      if (condition()) return true;
      step();
    }
    return condition();
  }
  FakeViewer& viewer(std::uint16_t number);       // connects a new headset
  void connect_staff();                           // a console that comes now; the earlier one is heard no more
  protocol::StaffReply staff(protocol::StaffAction action);
  // Binds a ticket for the film and fits; the viewer then goes on by himself.
  FakeViewer& admit(std::uint16_t number, const base::FilmId& film, std::uint16_t party = 0, bool child = false);
  FakeViewer& admit(std::uint16_t number, const base::FilmId& film, protocol::BindTicket who);  // its headset and ticket are given here
  hall::VisitView visit(const FakeViewer& viewer) const;   // fails the test when there is none
  bool has_visit(const FakeViewer& viewer) const;
  protocol::HeadsetCard card(HeadsetId headset) const;  // the newest that staff have; fails the test when there is none
  std::vector<std::string> fact_kinds() const;
  std::string dump() const;  // where everybody stands, for messages of failed tests
  // Nothing is heard or told meanwhile; viewers walk on as far as they may. Their headsets come back one by one.
  void crash_and_restart(double down_s = 2.0, double apart_s = 0.0);
  const hall::Hall& core() const { return hall_->core(); }
  server::InlineHall& rim() { return *hall_; }

  HallTime now;
  hall::HallConfig config;
  server::HallMemory memory;
  std::deque<FakeViewer> viewers;
  std::vector<hall::Note> notes;
  std::map<std::string, base::Error> refuse_ticket;
  bool box_office_up = true;
  PeerId staff_peer;
  PeerId next_peer{1};
  std::vector<protocol::Message> staff_inbox;
  bool takes_back = false;  // an attendant at the exit takes every headset back at once
  std::size_t most_violations = 0;

  server::BoxOfficeLine line();
  void drain();

 private:
  std::unique_ptr<server::InlineHall> hall_;
  std::uint32_t request_ = 0;
  int ticket_ = 0;
};

// Admits a viewer and steps until his film plays; fails the test when it does not.
FakeViewer& playing(Rig& rig, std::uint16_t number, const base::FilmId& film, std::uint16_t party = 0, bool child = false);
void let(Rig& rig, double seconds);  // time pass
// Both in their films at one moment, each standing where his film begins for him.
struct TwoPlaying {
  FakeViewer& walks;  // headset 1
  FakeViewer& sits;   // headset 2
};
TwoPlaying two_playing(Rig& rig);

std::ptrdiff_t alarms(const Rig& rig, std::string_view code);  // raised so far

}  // namespace promenade::hall_test
