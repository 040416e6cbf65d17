#pragma once
// Everybody and everything of a rehearsal that is not the hall program and not the box office: visitors with their
// headsets, attendants with their tablets, the clerk, the counter at the doors, and the truth of who came near whom.
// `live` steps it in real time over the network, `day` under a virtual clock in one process. One thread; rehearsal
// seconds (0 when it begins); hall floor, metres. Every draw comes from the seed; the same calls give the same visits.

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "showcontrol/rehearsal/clerk.h"
#include "showcontrol/rehearsal/crew.h"
#include "showcontrol/rehearsal/door_counter.h"
#include "showcontrol/rehearsal/house_habits.h"
#include "showcontrol/rehearsal/ports.h"
#include "showcontrol/rehearsal/tally.h"
#include "showcontrol/rehearsal/visitor.h"
#include "showcontrol/rehearsal/world.h"
#include "tracking/venue.h"

namespace promenade::rehearsal {

struct HouseConfig {
  const tracking::Venue* venue = nullptr;  // outlives the house
  std::shared_ptr<const client::FilmShelf> films;
  HouseHabits habits;
  std::string staff_key;
  std::string sensor = "door-1";           // the door counter's id at the box office
  base::UtcTime utc_at_zero;
  std::uint64_t seed = 1;
  // Beside the simulated ones, which are numbered from 1; with other numbers.
  std::vector<std::unique_ptr<HeadsetDevice>> real_headsets = {};
};

struct Party {                             // people who come together, each with a ticket for the film
  base::FilmId film;
  int adults = 1;
  int children = 0;
  std::vector<base::FilmId> or_else = {};  // what they take when it is sold out, in this order
};

struct Sight {                             // a person, as the picture and the reports need him
  std::uint32_t number = 0;
  HallPoint at;
  bool attendant = false;
  bool blind = false;
  bool on_floor = false;                   // led in, in a film, or led out
  bool in_film = false;                    // between the start and the end of his film
  bool seated = false;                     // his film is for a chair; known from the start on
  base::FilmId film;                       // that he watches or will; none for attendants
};

class House {
 public:
  House(HouseConfig config, BoxOfficePort& box_office);

  void invite(const Party& party, double now_s);   // comes to the counter now
  void stop_admission() { admits_ = false; }       // whoever is still in the lobby gets his money back
  // Moves everybody to `now_s` (not before the last; steps of 0.2 s at most while anybody is there). Endpoints'
  // outgoing messages are due after it.
  void step(double now_s);
  // Devices that talk to the hall; the same for the life of the house.
  const std::vector<Endpoint*>& endpoints() const { return endpoints_; }

  bool everybody_gone() const { return visitors_.empty(); }  // in the lobby or inside
  // Nobody there, every headset on the shelf, nothing unanswered: time may be skipped.
  bool idle() const;
  void observe_now(double now_s);                  // the door counter's interval ends here (before the day's close)

  std::vector<Sight> sights() const;               // people inside
  const Visitors& visitors() const { return visitors_; }     // inside or in the lobby
  const std::vector<VisitTimes>& visits_done() const { return done_; }
  Tally tally() const;
  const World& world() const { return world_; }
  const DoorCounter& door_counter() const { return counter_; }
  const Headsets& headsets() const { return headsets_; }
  std::size_t lobby() const { return lobby_.size(); }        // parties with tickets who wait to be let in
  std::string describe(const Episode& episode) const;        // what both of a contact or near miss are doing now
  std::string standing(double now_s) const;        // who is where, for people who look into a rehearsal that hangs

 private:
  std::string describe(std::uint32_t number) const;
  void buy(const std::vector<std::uint32_t>& party, std::vector<base::FilmId> films, bool comp, double now_s);
  void sold(const std::vector<std::uint32_t>& party, const ticketing::SaleAnswer& sale, double now_s);
  void go_away(const std::vector<std::uint32_t>& party, const std::string& reason, double now_s);  // money back
  Visitor* visitor(std::uint32_t number) const;
  void let_in(double now_s);
  bool room_for(const std::vector<std::uint32_t>& party) const;
  std::vector<HallPoint> places_for(const Visitor& visitor) const;
  void step_headsets(double now_s);
  void look_round();                               // who is where, for those who see
  void watch_doors();
  void bury();                                     // visits that are over
  void count_levels(double dt_s);

  HouseConfig config_;
  base::Random random_, crowd_random_;
  World world_;
  Clerk clerk_;
  DoorCounter counter_;
  Headsets headsets_;
  Visitors visitors_;
  Tally tally_;
  Crew crew_;
  std::vector<Endpoint*> endpoints_;
  std::vector<double> shelf_due_s_;                // by headset
  std::vector<Person> people_;
  std::vector<VisitTimes> done_;
  struct Waiting {
    std::vector<std::uint32_t> party;
    double since_s = 0.0;
    double valid_from_s = 0.0;             // of their tickets: not taken at the door before
  };
  std::deque<Waiting> lobby_;
  std::set<std::uint32_t> outside_;                // visitors who were evacuated
  std::uint32_t next_number_ = 1, next_party_ = 1;
  double now_s_ = 0.0, next_observation_s_ = 0.0;
  bool admits_ = true;
};

}  // namespace promenade::rehearsal
