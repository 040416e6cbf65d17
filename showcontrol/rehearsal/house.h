#pragma once
// Everybody and everything of a rehearsal that is not the hall program and not the box office: visitors with their
// headsets, attendants with their devices, the clerk, the counter at the doors, and the truth of who came near whom.
// `live` steps it in real time over the network, `day` under a virtual clock in one process. One thread; rehearsal
// seconds (0 when it begins); hall floor, metres. Every draw comes from the seed; the same calls give the same visits.

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "showcontrol/rehearsal/clerk.h"
#include "showcontrol/rehearsal/door_counter.h"
#include "showcontrol/rehearsal/headset.h"
#include "showcontrol/rehearsal/staff_device.h"
#include "showcontrol/rehearsal/visitor.h"
#include "showcontrol/rehearsal/world.h"
#include "tracking/venue.h"

namespace promenade::rehearsal {

struct HouseHabits {
  WalkerHabits walker;
  HeadsetHabits headset;
  int headsets = 24;                       // numbered from 1
  int spare_headsets = 2;                  // of them, kept back for swaps
  int fitters = 2;                         // attendants in the kitting area
  bool exit_post = true;                   // and one who takes headsets back at the exit
  double fit_s = 25.0, fit_sd_s = 6.0;     // from the scan to the second mark
  double take_back_s = 4.0;
  double clean_s = 90.0;                   // from handing back to ready on the shelf
  double look_s = 3.0;                     // a look at a viewer before he is released
  double attendant_mps = 1.2;
  double refund_share = 0.01;              // of tickets, given back in the lobby before they are used
  double comp_share = 0.02;
  double no_show_share = 0.01;
  double rather_share = 0.08;              // choose another film in the menu, where it is offered
  double observe_every_s = 300.0;          // of the door counter, to the box office
  double give_up_s = 1800.0;               // in the lobby: asks for his money back
};

struct HouseConfig {
  const tracking::Venue* venue = nullptr;  // outlives the house
  std::shared_ptr<const client::FilmShelf> films;
  HouseHabits habits;
  std::string staff_key;
  std::string sensor = "door-1";           // the door counter's id at the box office
  base::UtcTime utc_at_zero;
  std::uint64_t seed = 1;
};

struct Party {                             // people who come together
  base::FilmId film;
  int adults = 1;
  int children = 0;
};

// A person as the picture and the reports need him.
struct Sight {
  std::uint32_t number = 0;
  HallPoint at;
  bool attendant = false;
  bool blind = false;
  bool in_film = false;                    // between the start and the end of his film
  bool on_floor = false;                   // led in, in a film, or led out
  base::FilmId film;                       // that he watches or will; none for attendants
};

struct Tally {                             // what truly happened
  std::uint32_t parties = 0, visitors = 0, sold = 0, comps = 0, refunded = 0, no_shows = 0, turned_away = 0;
  std::uint32_t bound = 0, started = 0, completed = 0, left = 0;
  std::uint32_t bodies = 0;                // truly came in as viewers
  std::uint32_t swaps = 0, releases = 0, led_out = 0, deaths = 0, ticket_refusals = 0;
  std::uint64_t gates_passed = 0, gates_passed_without_authority = 0;
  double level_s[5] = {};                  // viewer-seconds in a film at each level that his headset showed
};

class House {
 public:
  House(HouseConfig config, BoxOfficePort& box_office);
  ~House();

  void invite(const Party& party, double now_s);   // comes to the counter now
  void stop_admission() { admits_ = false; }       // whoever is still in the lobby gets his money back
  // Moves everybody to `now_s` (not before the last; steps of 0.2 s at most). Endpoints' outgoing messages are due
  // after it.
  void step(double now_s);
  // Devices that talk to the hall; the same for the life of the house.
  const std::vector<Endpoint*>& endpoints() const { return endpoints_; }

  // Nobody inside, nobody in the lobby, every headset on the shelf, nothing unanswered: time may be skipped.
  bool idle() const;
  bool everybody_gone() const;                     // no visitor in the lobby or inside
  void observe_now(double now_s);                  // the door counter's interval ends here (before the day's close)

  std::vector<Sight> sights() const;               // people inside
  const std::vector<std::unique_ptr<Visitor>>& visitors() const { return visitors_; }   // inside or in the lobby
  const std::vector<VisitTimes>& visits_done() const { return done_; }
  const Tally& tally() const { return tally_; }
  const World& world() const { return world_; }
  const DoorCounter& door_counter() const { return counter_; }
  std::size_t free_headsets() const;               // ready for visitors, spares not counted
  std::string standing(double now_s) const;        // who is where, for people who look into a rehearsal that hangs

 private:
  friend class Crew;
  class CrewHolder;

  void buy(std::vector<Visitor*> party, const Party& wants, double now_s);
  void let_in(double now_s);
  void tend_counter(double now_s);
  void bury(double now_s);                         // visits that are over
  void count_levels(double dt_s);

  HouseConfig config_;
  base::Random random_;
  World world_;
  Clerk clerk_;
  DoorCounter counter_;
  BoxOfficePort& port_;
  std::vector<std::unique_ptr<SimulatedHeadset>> headsets_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
  std::unique_ptr<CrewHolder> crew_;
  std::vector<Endpoint*> endpoints_;
  std::vector<Person> people_;
  std::vector<VisitTimes> done_;
  std::deque<std::vector<std::uint32_t>> lobby_;   // parties with tickets, by visitor number
  std::uint32_t next_number_ = 1, next_party_ = 1;
  double now_s_ = 0.0, next_observation_s_ = 0.0;
  bool started_ = false, admits_ = true;
  Tally tally_;
};

}  // namespace promenade::rehearsal
