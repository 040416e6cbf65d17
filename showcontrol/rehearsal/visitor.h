#pragma once
// One person's visit: buys, is let in, is fitted, chooses, waits, walks in, watches, is held, is led out, rates, hands
// the headset back. Blind from putting it on to taking it off: he then knows what client::View shows and nothing else.
// What staff do to him are the calls under "staff". One thread; rehearsal seconds; hall floor.

#include <cstdint>
#include <optional>
#include <string>

#include "showcontrol/rehearsal/headset.h"
#include "showcontrol/rehearsal/steering.h"
#include "showcontrol/rehearsal/walker.h"
#include "showcontrol/rehearsal/world.h"

namespace promenade::rehearsal {

enum class Stage : std::uint8_t {
  lobby,      // outside, with or without a ticket
  entering,   // through the door to his place in the kitting area
  fitting,    // at his place, in an attendant's hands
  waiting,    // wears it: menu, and wait for the start
  show,       // on the floor: way in, film, way out
  at_exit,    // hands the headset back
  leaving,    // sighted, to the door
  gone,
};

struct VisitorPlan {                       // who he is and what he wants
  std::uint32_t number = 0;                // of people in the rehearsal, from 1
  std::uint32_t party = 0;                 // 0: alone
  bool child = false;
  bool pair = false;                       // holds hands within his party
  base::FilmId film;                       // of his ticket
  std::optional<base::FilmId> rather;      // what he chooses in the menu instead, if it is offered
  std::string language = "zh";
  double think_s = 5.0;                    // in the menu
  double visit_length_s = 600.0;           // nominal, spreads the chances of strays
};

struct VisitTimes {                        // rehearsal seconds; negative: not yet
  double arrived_s = -1.0, entered_s = -1.0, bound_s = -1.0, fitted_s = -1.0, chosen_s = -1.0, started_s = -1.0,
         ended_s = -1.0, left_s = -1.0;
  double told_wait_s = -1.0;               // at the moment of choosing
};

class Visitor {
 public:
  Visitor(const VisitorPlan& plan, const WalkerHabits& habits, base::Random random, HallPoint outside);

  void step(double now_s, std::span<const Person> people, const Room& room);

  // ---- staff
  void set_ticket(std::string token, base::TicketId code) { token_ = std::move(token); ticket_ = std::move(code); }
  void let_in(HallPoint place, double now_s);                  // come in, stand here
  void bound(SimulatedHeadset& headset, double now_s);         // this one is yours: in an attendant's hands from now
  void put_on(double now_s);                                   // worn and comfortable: blind from now on
  void take_off(double now_s);                                 // staff or he himself: sees again
  void swap(SimulatedHeadset& headset);                        // another one, worn at once
  void lead(HallPoint to, std::uint32_t attendant, double speed_mps);  // by the hand
  void let_go();
  void send_home(HallPoint door, double now_s);                // to this door and out
  void start_over(HallPoint place);                            // his start was given up or he was never let on: stays

  // ---- what anybody can see
  const VisitorPlan& plan() const { return plan_; }
  Stage stage() const { return stage_; }
  HallPoint position() const;
  HallVec velocity() const;
  bool blind() const { return wears_; }
  bool inside() const { return stage_ != Stage::lobby && stage_ != Stage::gone; }
  bool at_place() const;                                       // has arrived where he was sent
  bool led() const { return led_by_ != 0; }
  std::uint32_t led_by() const { return led_by_; }
  const Walker& walker() const { return walker_; }
  SimulatedHeadset* headset() const { return headset_; }
  HallPoint place() const { return place_; }
  const std::string& token() const { return token_; }
  const base::TicketId& ticket() const { return ticket_; }
  const VisitTimes& times() const { return times_; }
  const base::FilmId& watched() const { return watched_; }     // none: nothing has started
  bool in_film() const;                                        // between the start and the end of his film
  bool completed() const { return completed_; }
  HeadPlace head(double now_s) const;

 private:
  Guidance guidance();
  void follow_view(double now_s);

  VisitorPlan plan_;
  Walker walker_;
  base::Random random_;
  Stage stage_ = Stage::lobby;
  std::string token_;
  base::TicketId ticket_;
  SimulatedHeadset* headset_ = nullptr;
  bool wears_ = false;
  HallPoint at_, place_;                    // while sighted or led
  HallVec velocity_;
  double now_s_ = 0.0;
  bool stepped_ = false;
  std::uint32_t led_by_ = 0;
  double lead_mps_ = 0.7;
  std::optional<double> decides_at_s_, rates_at_s_;
  bool asked_rather_ = false, rated_ = false, completed_ = false;
  base::FilmId watched_;
  VisitTimes times_;
  std::uint64_t path_id_ = 1;
  std::vector<HallPoint> path_;
  std::vector<HallPoint> shown_path_;
};

}  // namespace promenade::rehearsal
