#pragma once
// The attendants: fitters and a starter in the kitting area, who share a tablet, and one at the exit with another.
// They scan tickets, fit headsets and touch the marks, lead viewers to where their way begins, take headsets back and
// clean them; on need they walk to viewers, look at them, release, help, swap a dead headset or lead somebody out.
// In an evacuation they find and count everybody, and afterwards say what becomes of each film and bring viewers back.
// They see everybody and keep out of the way of those who are blind; what the hall thinks they know from its cards.
// One thread; rehearsal seconds; hall floor.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "showcontrol/hall/ways_out.h"
#include "showcontrol/rehearsal/house_habits.h"
#include "showcontrol/rehearsal/staff_device.h"
#include "showcontrol/rehearsal/tally.h"
#include "showcontrol/rehearsal/visitor.h"

namespace promenade::rehearsal {

using Visitors = std::vector<std::unique_ptr<Visitor>>;
using Headsets = std::vector<std::unique_ptr<HeadsetDevice>>;

class Crew {
 public:
  Crew(const tracking::Venue& venue, const HouseHabits& habits, const std::string& staff_key, base::Random random,
       const Headsets& headsets, Tally& tally);

  void step(double now_s, Visitors& visitors, std::span<const Person> people, const Room& room);
  void add_people(std::vector<Person>& people) const;

  const std::vector<std::unique_ptr<StaffDevice>>& tablets() const { return tablets_; }
  // Places in the kitting area where nobody stands or is about to.
  std::vector<HallPoint> free_places(const Visitors& visitors) const;
  const std::vector<HallPoint>& places() const { return places_; }  // all of them
  // For people who see, in the kitting area: along its open side, not along the bench.
  std::vector<HallPoint> way_between(HallPoint from, HallPoint to) const;
  std::size_t ready_headsets() const;      // on the shelf, clean, heard by the hall, not yet promised to a visitor
  const protocol::HeadsetCard* card(base::HeadsetId headset) const;  // the newest of all tablets; nullptr: never heard
  bool idle() const;                       // nobody works, nothing is being cleaned
  bool empties_hall() const { return emptying_ != Emptying::no; }  // or brings back those who go on: nobody is let in
  std::vector<std::uint32_t> take_returning() { return std::exchange(returning_, {}); }  // into the lobby, their tickets valid
  std::string standing() const;            // who is where and does what

  static constexpr std::uint32_t kFirstNumber = 1'000'000;  // of attendants among people

 private:
  enum class Role : std::uint8_t { fitter, starter, exit };
  enum class Kind : std::uint8_t { fit, mark, start, take_back, release, help, swap, lead_out, look, cross, fetch, bring_back, attend };
  // How far an evacuation is: everybody is led and counted out; then it is said what becomes of the films; then whoever
  // goes on is brought back to his place.
  enum class Emptying : std::uint8_t { no, out, settling, back };
  struct Task {
    std::uint64_t id = 0;
    Kind kind = Kind::fit;
    std::uint32_t visitor = 0;
    HeadsetDevice* headset = nullptr;
    base::BodyId body;
    HallPoint at;
    int step = 0, tries = 0;
    double until_s = 0.0, begun_s = 0.0, marks_s = 0.0;
    std::optional<protocol::StaffReply> reply;
  };
  struct Attendant {
    std::uint32_t number = 0;
    Role role = Role::fitter;
    StaffDevice* tablet = nullptr;
    HallPoint post, at, goal;
    HallVec velocity;
    Patience patience;
    HallPoint back_from;                 // gives way to somebody there
    double back_until_s = 0.0;
    std::uint32_t hand = 0;
    std::optional<Task> task;
  };

  // ---- crew.cpp
  void plan_tasks(double now_s, Visitors& visitors);
  void consider(Visitor& visitor, const Visitors& visitors, double now_s);
  void give(Kind kind, Visitor* visitor, double now_s, HallPoint at, base::BodyId body = {});
  Attendant* nearest_free(HallPoint at, bool fitters_only);
  Attendant* free_of(Role role);
  bool wants_start(const Visitor& visitor) const;
  std::optional<HallPoint> place_to_cross(base::HeadsetId id) const;
  double way_begins_in_s(const Visitor& visitor) const;  // as his headset tells; negative: late; infinite: no plan yet
  bool first_to_start(const Visitor& visitor, const Visitors& visitors) const;
  HeadsetDevice* ready_headset(bool spare);
  void clean(double now_s);
  void take_alarms(double now_s, const Visitors& visitors);

  void look_for_bodies(double now_s);
  void go_to_alarm(const protocol::StaffAlarm& alarm, const Visitors& visitors, double now_s);

  // ---- crew_evacuation.cpp
  bool evacuate(double now_s, Visitors& visitors);  // true: nothing else is done
  void leave_tasks(Visitors& visitors);
  void lead_everybody_out(double now_s, Visitors& visitors);
  void count_out(double now_s, const Visitors& visitors);
  void say_what_becomes(double now_s, const Visitors& visitors);
  void learn_what_becomes(const Visitors& visitors);
  void settle(const Visitor& visitor, protocol::Settlement settlement, double now_s);
  void bring_back_or_send_home(double now_s, Visitors& visitors);
  protocol::Settlement wish_of(const Visitor& visitor);
  hall::WaysOut& ways_out();

  // ---- crew_tasks.cpp: each works one step of a task; true when it is done
  void work(Attendant& attendant, double now_s, Visitors& visitors, const Room& room);
  bool room_to_put_on(const Attendant& attendant, const Visitor& visitor) const;
  bool fit(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s);
  bool mark(Attendant& attendant, Task& task, Visitor& visitor, double now_s);
  bool start(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s);
  static bool together(const Visitor& a, const Visitor& b);
  bool is_bound_first(const Visitor& visitor, const Visitors& visitors) const;
  static base::HeadsetId hand_of(const Visitor& visitor, const Visitors& visitors);
  HallPoint begin_of_way(const Visitor& visitor, const Visitors& visitors) const;  // where nobody waits on it
  bool before_at_exit(const Visitor& visitor, const Visitors& visitors, double now_s) const;  // somebody untended nearer to the doorway
  bool take_back(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s);
  bool release(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, const Room& room, double now_s);
  HallPoint aside(const Visitor& visitor, const Visitors& visitors, const Room& room) const;  // farther from others
  bool help(Attendant& attendant, Task& task, Visitor& visitor, double now_s);
  bool swap(Attendant& attendant, Task& task, Visitor& visitor, double now_s);
  bool lead_out(Attendant& attendant, Task& task, Visitor& visitor, double now_s);
  bool look(Attendant& attendant, Task& task, const Visitors& visitors, double now_s);
  bool cross(Attendant& attendant, Task& task, double now_s);
  bool fetch(Attendant& attendant, Task& task, Visitor& visitor, double now_s);
  bool bring_back(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, double now_s);
  bool attend(Attendant& attendant, Task& task, Visitor& visitor, const Visitors& visitors, const Room& room, double now_s);
  HallPoint giving_way(Attendant& attendant, HallPoint goal, std::span<const Person> people, double now_s) const;
  HallPoint by_the_passage(const Attendant& attendant, std::span<const Person> people) const;
  bool go_to(Attendant& attendant, HallPoint at, double near_m, std::uint32_t hand = 0);
  void say(Attendant& attendant, protocol::StaffAction action, double now_s);  // its reply comes to the task
  void hand_back(Attendant& attendant, Visitor& visitor, HallPoint door, double now_s);
  void touch(HeadsetDevice& headset, bool second, double now_s);
  void drop(Attendant& attendant, Visitor* visitor);

  const tracking::Venue& venue_;
  HouseHabits habits_;
  base::Random random_;
  const Headsets& headsets_;
  Tally& tally_;
  std::vector<std::unique_ptr<StaffDevice>> tablets_;
  std::vector<Attendant> attendants_;
  std::vector<HallPoint> places_;
  HallVec open_side_;                              // from the bench to where people pass
  HallPoint muster_;
  HallPoint doorway_;                              // of the exit, a step inside
  std::uint64_t next_task_ = 1;
  std::vector<base::HeadsetId> to_cross_;
  std::map<std::uint32_t, double> alarm_due_s_;    // by number: when somebody takes it, or tries once more
  std::set<std::uint32_t> tended_;                 // visitors who have somebody's task
  std::map<std::uint32_t, double> not_before_s_;   // visitors that were tried in vain
  std::map<base::HeadsetId, double> cleaned_at_s_; // negative: asked, not yet answered
  std::set<base::HeadsetId> promised_;
  std::map<std::uint32_t, double> stopped_since_s_, unplaced_since_s_;
  std::map<base::BodyId, double> body_since_s_;
  double next_plan_s_ = 0.0, last_s_ = 0.0;

  Emptying emptying_ = Emptying::no;
  double emptied_since_s_ = 0.0, end_again_s_ = 0.0;
  std::set<base::BodyId> counted_;
  std::map<std::uint32_t, protocol::Settlement> party_wishes_;  // by party: those who came together stay together
  std::map<std::uint32_t, protocol::Settlement> wishes_;        // by visitor; open: his film was over, or had never been his
  std::size_t unanswered_ = 0;
  bool settled_rest_ = false;
  std::vector<std::uint32_t> returning_;
  std::unique_ptr<hall::WaysOut> ways_out_;                     // made when first needed
};

}  // namespace promenade::rehearsal
